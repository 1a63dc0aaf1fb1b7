/* SPDX-License-Identifier: ISC */
/* dispatch_heard - what hosts say and show without being asked. */
#include "scanner/dispatch_parts.h"
#include "scanner/probe.h"
#include "scanner/ttl.h"

enum { PORTS_OF_SYSTEM = 1024 };

/* Does the run speak of what this host says unasked? */
static bool
is_of_interest(
    const struct dispatch *d, const struct probe *probe, uint32_t address)
{
	return !dispatch_is_live(d) || probe->heard_anywhere ||
	    d->hooks->in_scope(d->hooks->arg, address);
}

/* Gives what was heard to the probes; the first whose it is takes it. */
static void
hear_probes(struct dispatch *d, const struct packet *p,
    const struct heard *heard, struct mac mac)
{
	for (size_t i = 0; probes[i] != NULL; i++) {
		const struct probe *probe = probes[i];
		uint32_t address = p->source;

		if (probe->via != VIA_LISTEN ||
		    probe->hears_tcp != heard->is_tcp)
			continue;
		dispatch_begin(d, p, heard->is_tcp ? ABOUT_TCP : ABOUT_UDP,
		    heard->destination_port);
		if (probe->hear(heard, d->facts) == REPLY_OTHER)
			continue;
		if (facts_whose(d->facts) != 0)
			address = facts_whose(d->facts);
		if (address == 0 || !is_of_interest(d, probe, address))
			return;
		dispatch_alive(d, "heard");
		if (probe->is_private_behind)
			d->cut = facts_reach(d->facts);
		dispatch_keep(d, p, address, mac, probe->name);
		return;
	}
}

/* A service's port, or the host where the port tells nothing. */
static struct about
shape_about(const struct packet *p)
{
	uint16_t port = p->udp.destination_port;

	if (port < PORTS_OF_SYSTEM || port == p->udp.source_port)
		return (struct about){ .kind = ABOUT_UDP, .port = port };
	return (struct about){ .kind = ABOUT_HOST };
}

/* How a host builds datagrams; of broadcasts, whose TTL the system chose. */
static void
hear_shape(struct dispatch *d, const struct packet *p, struct mac mac)
{
	if (dispatch_is_live(d) &&
	    !d->hooks->in_scope(d->hooks->arg, p->source))
		return;
	dispatch_begin(d, p, ABOUT_HOST, 0);
	facts_number(d->facts, FACT_UDP_TTL, p->ttl, NULL, 0);
	facts_number(d->facts, FACT_UDP_IP_ID, p->ip_id, NULL, 0);
	facts_about(d->facts, shape_about(p));
	facts_flag(
	    d->facts, FACT_UDP_CHECKSUM_OFF, p->udp.checksum_off, NULL, 0);
	dispatch_alive(d, "heard");
	dispatch_keep(d, p, p->source, mac, "udp");
}

void
dispatch_hear_datagram(struct dispatch *d, const struct packet *p)
{
	struct heard heard = {
		.source = p->source,
		.destination = p->destination,
		.source_port = p->udp.source_port,
		.destination_port = p->udp.destination_port,
		.ttl = p->ttl,
		.df = p->df,
		.ip_id = p->ip_id,
		.checksum_off = p->udp.checksum_off,
		.payload_len = p->udp.payload_len,
		.payload = p->payload,
	};
	struct mac mac = { { 0 } };

	if (p->has_link) {
		const struct mac all = { { 255, 255, 255, 255, 255, 255 } };

		heard.link_broadcast = mac_equal(p->destination_mac, all);
	}
	/* A link broadcast crossed no router: its MAC is the sender's own. */
	if (heard.link_broadcast ||
	    (dispatch_is_live(d) && dispatch_on_link(d, p)))
		mac = p->source_mac;
	hear_probes(d, p, &heard, mac);
	if (heard.link_broadcast && p->source != 0)
		hear_shape(d, p, mac);
}

void
dispatch_hear_segment(struct dispatch *d, const struct packet *p)
{
	const struct heard heard = {
		.is_tcp = true,
		.source = p->source,
		.destination = p->destination,
		.source_port = p->tcp.source_port,
		.destination_port = p->tcp.destination_port,
		.ttl = p->ttl,
		.df = p->df,
		.ip_id = p->ip_id,
		.payload_len = (uint16_t)p->payload.left,
		.payload = p->payload,
	};

	if (p->payload.left > 0 &&
	    !(dispatch_is_live(d) &&
		d->hooks->is_own(d->hooks->arg, p->source)))
		hear_probes(d, p, &heard, (struct mac){ { 0 } });
}

void
dispatch_hear_syn(struct dispatch *d, const struct packet *p)
{
	const struct dispatch_hooks *h = d->hooks;
	char text[DECODE_OPTIONS_TEXT], ttl[TTL_TEXT];

	if (dispatch_is_live(d) &&
	    (h->is_own(h->arg, p->source) || !h->in_scope(h->arg, p->source)))
		return;
	dispatch_begin(d, p, ABOUT_HOST, 0);
	facts_number(d->facts, FACT_SYN_TTL, p->ttl, NULL, 0);
	facts_printf(d->facts, FACT_SYN_TTL_INITIAL, NULL, 0, "%s",
	    ttl_initial_text(p->ttl, dispatch_on_link(d, p), ttl));
	facts_flag(d->facts, FACT_SYN_DF, p->df, NULL, 0);
	facts_number(d->facts, FACT_SYN_WINDOW, p->tcp.window, NULL, 0);
	facts_printf(d->facts, FACT_SYN_OPTIONS, p->tcp.options.at,
	    p->tcp.options.left, "%s",
	    decode_tcp_options(p->tcp.options, text));
	dispatch_alive(d, "heard");
	dispatch_keep(d, p, p->source, (struct mac){ { 0 } }, "syn");
}
