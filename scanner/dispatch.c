/* SPDX-License-Identifier: ISC */
/* dispatch - frames to facts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/census.h"
#include "scanner/dispatch_parts.h"
#include "scanner/exchange.h"
#include "scanner/probe.h"
#include "scanner/send.h"
#include "scanner/ttl.h"

enum {
	ICMP_ECHO_REPLY = 0,
	ICMP_UNREACHABLE = 3,
	IP_PROTOCOL_TCP = 6,
	ETHERTYPE_ARP = 0x0806
};

struct dispatch *
dispatch_new(struct ledger *ledger, struct evidence_file *evidence,
    const struct dispatch_hooks *hooks)
{
	struct dispatch *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return NULL;
	d->ledger = ledger;
	d->hooks = hooks;
	d->facts = facts_new();
	d->census = census_new();
	d->exchange = exchange_new(ledger, evidence, hooks);
	if (d->facts == NULL || d->exchange == NULL || d->census == NULL) {
		dispatch_free(d);
		return NULL;
	}
	return d;
}

void
dispatch_free(struct dispatch *d)
{
	if (d == NULL)
		return;
	exchange_free(d->exchange);
	census_free(d->census);
	facts_free(d->facts);
	free(d);
}

void
dispatch_exclude(struct dispatch *d,
    bool (*excludes)(void *arg, uint32_t address), void *arg)
{
	d->excludes = excludes;
	d->excludes_arg = arg;
	exchange_exclude(d->exchange, excludes, arg);
}

struct census *
dispatch_census(const struct dispatch *d)
{
	return d->census;
}

struct dispatch_counts
dispatch_counts(const struct dispatch *d)
{
	return d->counts;
}

/* Says in the frame's comment what was read from it. */
static void
comment_add(struct dispatch *d, const char *key, const char *value)
{
	size_t used = strlen(d->comment);
	int n = snprintf(d->comment + used, COMMENT_MAX - used, "%s%s=%s",
	    used > 0 ? ", " : "", key, value);

	if (n < 0 || used + (size_t)n >= COMMENT_MAX)
		d->comment[used] = '\0';
}

static uint32_t
number_of(const struct dispatch *d, const struct packet *p)
{
	if (d->kept != 0)
		return d->kept;
	return d->cut > 0 ? exchange_number_alone(d->exchange, p)
			  : exchange_number(d->exchange, p);
}

void
dispatch_keep(struct dispatch *d, const struct packet *p, uint32_t address,
    struct mac mac, const char *probe)
{
	struct origin origin = {
		.address = address,
		.mac = mac,
		.probe = probe,
		.time_ns = p->frame->time_ns,
		.evidence_number = number_of(d, p),
	};

	if ((d->excludes != NULL && d->excludes(d->excludes_arg, address)) ||
	    ledger_take(d->ledger, d->facts, &origin) == 0)
		return;
	d->kept = origin.evidence_number;
	for (size_t i = 0; i < facts_count(d->facts); i++)
		comment_add(d, fact_key_text(facts_at(d->facts, i)->key),
		    facts_at(d->facts, i)->value);
}

/* Counts the frame; the first of its kind from a station is evidence. */
static void
take_census(struct dispatch *d, const struct packet *p)
{
	struct census_use *use = census_take(d->census, p);
	char text[CENSUS_TEXT];

	if (use == NULL)
		return;
	if (d->kept == 0 && d->census_kept < CENSUS_FRAMES_MAX &&
	    p->ethertype != ETHERTYPE_ARP) {
		d->census_kept++;
		d->kept = number_of(d, p);
	}
	if (d->kept != 0)
		comment_add(d, fact_key_text(FACT_LINK_PROTOCOL),
		    census_protocol_text(use->protocol, text));
	use->evidence.number = d->kept;
}

static void
write_evidence(struct dispatch *d, const struct packet *p)
{
	if (d->kept != 0 && d->cut > 0)
		exchange_keep_cut(d->exchange, p, d->cut, d->comment);
	else if (d->kept != 0)
		exchange_keep(d->exchange, p, d->comment);
}

bool
dispatch_on_link(const struct dispatch *d, const struct packet *p)
{
	const struct fact *const *facts;
	size_t n;

	if (dispatch_is_live(d))
		return d->hooks->on_link(d->hooks->arg, p->source);
	if (!p->has_link)
		return false;
	facts = ledger_host(d->ledger, p->source, &n);
	for (size_t i = 0; i < n; i++)
		if (mac_is_known(facts[i]->mac))
			return mac_equal(facts[i]->mac, p->source_mac);
	return false;
}

void
dispatch_begin(struct dispatch *d, const struct packet *p, enum about_kind kind,
    uint16_t port)
{
	facts_begin(d->facts, (struct about){ .kind = kind, .port = port },
	    p->frame->bytes, p->frame->len);
}

void
dispatch_alive(struct dispatch *d, const char *how)
{
	facts_about(d->facts, (struct about){ .kind = ABOUT_HOST });
	facts_printf(d->facts, FACT_HOST_ALIVE, NULL, 0, "%s", how);
}

static void
hear_arp(struct dispatch *d, const struct packet *p)
{
	uint32_t sender = p->arp.sender;
	const struct dispatch_hooks *h = d->hooks;

	if (sender == 0 || !mac_is_known(p->arp.sender_mac))
		return;
	if (!dispatch_is_live(d)) {
		dispatch_begin(d, p, ABOUT_HOST, 0);
		dispatch_alive(d, "heard");
		dispatch_keep(d, p, sender, p->arp.sender_mac, "arp");
		return;
	}
	if (h->is_own(h->arg, sender))
		return;
	if (p->arp.operation == 2)
		h->gateway(h->arg, sender, p->arp.sender_mac);
	if (!h->in_scope(h->arg, sender))
		return;
	dispatch_begin(d, p, ABOUT_HOST, 0);
	dispatch_alive(d, p->arp.operation == 2 ? "arp" : "heard");
	dispatch_keep(d, p, sender, p->arp.sender_mac, "arp");
	if (p->arp.operation == 2 && h->is_own(h->arg, p->arp.target))
		h->alive(h->arg, sender, p->arp.sender_mac, ALIVE_ARP, p);
}

static void
hear_echo_reply(struct dispatch *d, const struct packet *p)
{
	const struct dispatch_hooks *h = d->hooks;
	struct ask ask = { 0 };

	if (dispatch_is_live(d)) {
		if (!h->in_scope(h->arg, p->source))
			return;
		ask.cookie = h->cookie(h->arg, p->source, 0, SEND_ICMP_ECHO);
		if (p->icmp.id != ask.cookie >> 16 ||
		    p->icmp.seq != (ask.cookie & 0xffff))
			return;
	}
	dispatch_begin(d, p, ABOUT_HOST, 0);
	facts_number(d->facts, FACT_ICMP_ECHO_TTL, p->ttl, NULL, 0);
	dispatch_alive(d, dispatch_is_live(d) ? "icmp" : "heard");
	dispatch_keep(d, p, p->source, (struct mac){ { 0 } }, "icmp");
	if (dispatch_is_live(d))
		h->alive(
		    h->arg, p->source, (struct mac){ { 0 } }, ALIVE_ECHO, p);
}

/*
 * The stack's shape, from the SYN-ACK any connect provokes.  Options and
 * window answer what the SYN offered: a bare shot offers too little to tell.
 */
static void
stack_facts(struct dispatch *d, const struct packet *p, bool is_shot)
{
	char text[DECODE_OPTIONS_TEXT], ttl[TTL_TEXT];

	facts_number(d->facts, FACT_IP_TTL, p->ttl, NULL, 0);
	facts_printf(d->facts, FACT_IP_TTL_INITIAL, NULL, 0, "%s",
	    ttl_initial_text(p->ttl, dispatch_on_link(d, p), ttl));
	facts_flag(d->facts, FACT_IP_DF, p->df, NULL, 0);
	facts_number(d->facts, FACT_IP_ID, p->ip_id, NULL, 0);
	facts_number(d->facts, FACT_TCP_ISN, p->tcp.seq, NULL, 0);
	if (is_shot)
		return;
	facts_number(d->facts, FACT_TCP_WINDOW, p->tcp.window, NULL, 0);
	facts_printf(d->facts, FACT_TCP_OPTIONS, p->tcp.options.at,
	    p->tcp.options.left, "%s",
	    decode_tcp_options(p->tcp.options, text));
}

/* Does an answer carry the cookie of our SYN to (address, port)? */
static bool
is_our_shot(const struct dispatch *d, uint32_t address, uint16_t port,
    uint16_t local_port, uint32_t seq)
{
	const struct dispatch_hooks *h = d->hooks;

	return local_port == DISPATCH_SYN_PORT &&
	    h->in_scope(h->arg, address) &&
	    seq == h->cookie(h->arg, address, port, SEND_TCP_SYN);
}

static void
hear_syn_ack(struct dispatch *d, const struct packet *p)
{
	const struct dispatch_hooks *h = d->hooks;
	uint16_t port = p->tcp.source_port, local = p->tcp.destination_port;
	bool is_shot = local == DISPATCH_SYN_PORT;

	if (dispatch_is_live(d) && is_shot &&
	    (!is_our_shot(d, p->source, port, local, p->tcp.ack - 1) ||
		!h->shot(h->arg, p->source, port, PORT_OPEN)))
		return;
	if (dispatch_is_live(d) && !is_shot &&
	    (!h->in_scope(h->arg, p->source) ||
		!h->is_our_connect(h->arg, p->source, port, local)))
		return;
	dispatch_begin(d, p, ABOUT_TCP, port);
	facts_printf(d->facts, FACT_PORT_STATE, NULL, 0, "open");
	stack_facts(d, p, is_shot);
	dispatch_alive(d, dispatch_is_live(d) ? "tcp" : "heard");
	dispatch_keep(d, p, p->source, (struct mac){ { 0 } }, "connect");
}

/* A RST to a SYN shot: closed, and a sign of life. */
static void
hear_rst(struct dispatch *d, const struct packet *p)
{
	const struct dispatch_hooks *h = d->hooks;
	uint16_t port = p->tcp.source_port;

	if (!dispatch_is_live(d) ||
	    !is_our_shot(
		d, p->source, port, p->tcp.destination_port, p->tcp.ack - 1) ||
	    !h->shot(h->arg, p->source, port, PORT_CLOSED))
		return;
	dispatch_begin(d, p, ABOUT_HOST, 0);
	dispatch_alive(d, "tcp");
	dispatch_keep(d, p, p->source, (struct mac){ { 0 } }, "connect");
}

/* Somebody on the way says that our SYN got no further. */
static void
hear_unreachable(struct dispatch *d, const struct packet *p)
{
	const struct dispatch_hooks *h = d->hooks;
	uint32_t to = p->icmp.quoted_destination;
	uint16_t port = p->icmp.quoted_destination_port;

	if (dispatch_is_live(d) && p->icmp.quoted_protocol == IP_PROTOCOL_TCP &&
	    is_our_shot(
		d, to, port, p->icmp.quoted_source_port, p->icmp.quoted_seq))
		h->shot(h->arg, to, port, PORT_FILTERED);
}

/* An answer to what we asked all of a segment. */
static bool
hear_gathered(struct dispatch *d, const struct packet *p)
{
	const struct dispatch_hooks *h = d->hooks;
	struct ask ask = { .port = p->udp.source_port, .via_udp = true };

	if (!dispatch_is_live(d) || h->is_gathering == NULL ||
	    !h->in_scope(h->arg, p->source))
		return false;
	for (size_t i = 0; probes[i] != NULL; i++) {
		const struct probe *probe = probes[i];

		if (probe->via != VIA_BROADCAST ||
		    probe->udp_ports[0] != ask.port ||
		    !h->is_gathering(
			h->arg, probe, p->udp.destination_port, &ask.cookie))
			continue;
		dispatch_begin(d, p, ABOUT_UDP, ask.port);
		if (probe->parse(p->payload, &ask, d->facts) == REPLY_OTHER)
			continue;
		facts_printf(d->facts, FACT_PORT_STATE, NULL, 0, "open");
		dispatch_alive(d, "udp");
		dispatch_keep(d, p, p->source,
		    dispatch_on_link(d, p) ? p->source_mac
					   : (struct mac){ { 0 } },
		    probe->name);
		return true;
	}
	return false;
}

static void
hear_udp(struct dispatch *d, const struct packet *p)
{
	const struct dispatch_hooks *h = d->hooks;

	if (dispatch_is_live(d) && h->is_own(h->arg, p->source))
		return;
	if (!hear_gathered(d, p))
		dispatch_hear_datagram(d, p);
}

void
dispatch_flush(struct dispatch *d)
{
	exchange_flush(d->exchange);
}

struct exchange *
dispatch_exchange(const struct dispatch *d)
{
	return d->exchange;
}

static void
hear(struct dispatch *d, const struct packet *p)
{
	switch (p->kind) {
	case PACKET_ARP:
		hear_arp(d, p);
		break;
	case PACKET_ICMP:
		if (p->icmp.type == ICMP_ECHO_REPLY)
			hear_echo_reply(d, p);
		else if (p->icmp.type == ICMP_UNREACHABLE)
			hear_unreachable(d, p);
		break;
	case PACKET_UDP:
		hear_udp(d, p);
		break;
	case PACKET_TCP:
		if ((p->tcp.flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK))
			hear_syn_ack(d, p);
		else if (p->tcp.flags & TCP_SYN)
			dispatch_hear_syn(d, p);
		else if (p->tcp.flags & TCP_RST)
			hear_rst(d, p);
		else
			dispatch_hear_segment(d, p);
		break;
	case PACKET_BROKEN:
		d->counts.broken++;
		break;
	case PACKET_OTHER:
	case PACKET_IP_OTHER:
		break;
	}
}

void
dispatch_frame(struct dispatch *d, const struct frame *frame)
{
	struct packet p;

	d->counts.frames++;
	d->kept = 0;
	d->cut = 0;
	d->comment[0] = '\0';
	decode_frame(frame, &p);
	exchange_take(d->exchange, &p);
	hear(d, &p);
	take_census(d, &p);
	write_evidence(d, &p);
}
