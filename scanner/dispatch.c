/* SPDX-License-Identifier: ISC */
/* dispatch - frames to facts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/dispatch.h"
#include "scanner/exchange.h"
#include "scanner/probe.h"
#include "scanner/send.h"
#include "scanner/ttl.h"

enum {
	COMMENT_MAX = 600,
	ICMP_ECHO_REPLY = 0,
	ICMP_UNREACHABLE = 3,
	IP_PROTOCOL_TCP = 6
};

struct dispatch {
	struct ledger *ledger;
	struct exchange *exchange;
	const struct dispatch_hooks *hooks;
	struct facts *facts;
	struct dispatch_counts counts;
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
	d->exchange = exchange_new(ledger, evidence, hooks);
	if (d->facts == NULL || d->exchange == NULL) {
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
	facts_free(d->facts);
	free(d);
}

struct dispatch_counts
dispatch_counts(const struct dispatch *d)
{
	return d->counts;
}

static void
comment_of(const struct facts *facts, char out[static COMMENT_MAX])
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < facts_count(facts); i++) {
		const struct fact *f = facts_at(facts, i);
		int n = snprintf(out + used, COMMENT_MAX - used, "%s%s=%s",
		    i ? ", " : "", fact_key_text(f->key), f->value);

		if (n < 0 || used + (size_t)n >= COMMENT_MAX)
			return;
		used += (size_t)n;
	}
}

/* Gives the batch to the ledger; the frame goes to the evidence file when
 * anything in it was new. */
static void
keep(struct dispatch *d, const struct packet *p, uint32_t address,
    struct mac mac, const char *probe)
{
	char comment[COMMENT_MAX];
	struct origin origin = {
		.address = address,
		.mac = mac,
		.probe = probe,
		.time_ns = p->frame->time_ns,
		.evidence_number = exchange_number(d->exchange, p),
	};

	if (ledger_take(d->ledger, d->facts, &origin) == 0)
		return;
	comment_of(d->facts, comment);
	exchange_keep(d->exchange, p, comment);
}

static bool
is_live(const struct dispatch *d)
{
	return d->hooks != NULL;
}

/* Does a host send from our link?  In a replay its frames say so where they
 * come from the MAC its ARP packets gave. */
static bool
on_link(const struct dispatch *d, const struct packet *p)
{
	const struct fact *const *facts;
	size_t n;

	if (is_live(d))
		return d->hooks->on_link(d->hooks->arg, p->source);
	if (!p->has_link)
		return false;
	facts = ledger_host(d->ledger, p->source, &n);
	for (size_t i = 0; i < n; i++)
		if (mac_is_known(facts[i]->mac))
			return mac_equal(facts[i]->mac, p->source_mac);
	return false;
}

static void
begin(struct dispatch *d, const struct packet *p, enum about_kind kind,
    uint16_t port)
{
	facts_begin(d->facts, (struct about){ .kind = kind, .port = port },
	    p->frame->bytes, p->frame->len);
}

static void
alive_fact(struct dispatch *d, const char *how)
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
	if (!is_live(d)) {
		begin(d, p, ABOUT_HOST, 0);
		alive_fact(d, "heard");
		keep(d, p, sender, p->arp.sender_mac, "arp");
		return;
	}
	if (h->is_own(h->arg, sender))
		return;
	if (p->arp.operation == 2)
		h->gateway(h->arg, sender, p->arp.sender_mac);
	if (!h->in_scope(h->arg, sender))
		return;
	begin(d, p, ABOUT_HOST, 0);
	alive_fact(d, p->arp.operation == 2 ? "arp" : "heard");
	keep(d, p, sender, p->arp.sender_mac, "arp");
	if (p->arp.operation == 2 && h->is_own(h->arg, p->arp.target))
		h->alive(h->arg, sender, p->arp.sender_mac, ALIVE_ARP, p);
}

static void
hear_echo_reply(struct dispatch *d, const struct packet *p)
{
	const struct dispatch_hooks *h = d->hooks;
	struct ask ask = { 0 };

	if (is_live(d)) {
		if (!h->in_scope(h->arg, p->source))
			return;
		ask.cookie = h->cookie(h->arg, p->source, 0, SEND_ICMP_ECHO);
		if (p->icmp.id != ask.cookie >> 16 ||
		    p->icmp.seq != (ask.cookie & 0xffff))
			return;
	}
	begin(d, p, ABOUT_HOST, 0);
	facts_number(d->facts, FACT_ICMP_ECHO_TTL, p->ttl, NULL, 0);
	alive_fact(d, is_live(d) ? "icmp" : "heard");
	keep(d, p, p->source, (struct mac){ { 0 } }, "icmp");
	if (is_live(d))
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
	    ttl_initial_text(p->ttl, on_link(d, p), ttl));
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

	if (is_live(d) && is_shot &&
	    (!is_our_shot(d, p->source, port, local, p->tcp.ack - 1) ||
		!h->shot(h->arg, p->source, port, PORT_OPEN)))
		return;
	if (is_live(d) && !is_shot &&
	    (!h->in_scope(h->arg, p->source) ||
		!h->is_our_connect(h->arg, p->source, port, local)))
		return;
	begin(d, p, ABOUT_TCP, port);
	facts_printf(d->facts, FACT_PORT_STATE, NULL, 0, "open");
	stack_facts(d, p, is_shot);
	alive_fact(d, is_live(d) ? "tcp" : "heard");
	keep(d, p, p->source, (struct mac){ { 0 } }, "connect");
}

/* A RST to a SYN shot: closed, and a sign of life. */
static void
hear_rst(struct dispatch *d, const struct packet *p)
{
	const struct dispatch_hooks *h = d->hooks;
	uint16_t port = p->tcp.source_port;

	if (!is_live(d) ||
	    !is_our_shot(
		d, p->source, port, p->tcp.destination_port, p->tcp.ack - 1) ||
	    !h->shot(h->arg, p->source, port, PORT_CLOSED))
		return;
	begin(d, p, ABOUT_HOST, 0);
	alive_fact(d, "tcp");
	keep(d, p, p->source, (struct mac){ { 0 } }, "connect");
}

/* Somebody on the way says that our SYN got no further. */
static void
hear_unreachable(struct dispatch *d, const struct packet *p)
{
	const struct dispatch_hooks *h = d->hooks;
	uint32_t to = p->icmp.quoted_destination;
	uint16_t port = p->icmp.quoted_destination_port;

	if (is_live(d) && p->icmp.quoted_protocol == IP_PROTOCOL_TCP &&
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

	if (!is_live(d) || h->is_gathering == NULL ||
	    !h->in_scope(h->arg, p->source))
		return false;
	for (size_t i = 0; probes[i] != NULL; i++) {
		const struct probe *probe = probes[i];

		if (probe->via != VIA_BROADCAST ||
		    probe->udp_ports[0] != ask.port ||
		    !h->is_gathering(
			h->arg, probe, p->udp.destination_port, &ask.cookie))
			continue;
		begin(d, p, ABOUT_UDP, ask.port);
		if (probe->parse(p->payload, &ask, d->facts) == REPLY_OTHER)
			continue;
		facts_printf(d->facts, FACT_PORT_STATE, NULL, 0, "open");
		alive_fact(d, "udp");
		keep(d, p, p->source,
		    on_link(d, p) ? p->source_mac : (struct mac){ { 0 } },
		    probe->name);
		return true;
	}
	return false;
}

static void
hear_udp(struct dispatch *d, const struct packet *p)
{
	const struct dispatch_hooks *h = d->hooks;
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

	if (is_live(d) && h->is_own(h->arg, p->source))
		return;
	if (hear_gathered(d, p))
		return;
	if (p->has_link) {
		const struct mac all = { { 255, 255, 255, 255, 255, 255 } };

		heard.link_broadcast = mac_equal(p->destination_mac, all);
	}
	/* A link broadcast crossed no router: its MAC is the sender's own. */
	if (heard.link_broadcast || (is_live(d) && on_link(d, p)))
		mac = p->source_mac;
	for (size_t i = 0; probes[i] != NULL; i++) {
		enum reply reply;

		if (probes[i]->via != VIA_LISTEN)
			continue;
		begin(d, p, ABOUT_UDP, p->udp.destination_port);
		reply = probes[i]->hear(&heard, d->facts);
		if (reply == REPLY_OTHER)
			continue;
		alive_fact(d, "heard");
		keep(d, p, p->source, mac, probes[i]->name);
		return;
	}
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

void
dispatch_frame(struct dispatch *d, const struct frame *frame)
{
	struct packet p;

	d->counts.frames++;
	decode_frame(frame, &p);
	exchange_take(d->exchange, &p);
	switch (p.kind) {
	case PACKET_ARP:
		hear_arp(d, &p);
		break;
	case PACKET_ICMP:
		if (p.icmp.type == ICMP_ECHO_REPLY)
			hear_echo_reply(d, &p);
		else if (p.icmp.type == ICMP_UNREACHABLE)
			hear_unreachable(d, &p);
		break;
	case PACKET_UDP:
		hear_udp(d, &p);
		break;
	case PACKET_TCP:
		if ((p.tcp.flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK))
			hear_syn_ack(d, &p);
		else if (p.tcp.flags & TCP_RST)
			hear_rst(d, &p);
		break;
	case PACKET_BROKEN:
		d->counts.broken++;
		break;
	case PACKET_OTHER:
	case PACKET_IP_OTHER:
		break;
	}
}
