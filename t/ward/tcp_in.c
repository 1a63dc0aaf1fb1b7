/* SPDX-License-Identifier: ISC */
/*
 * TCP, the receiving half (RFC 793, chapter 3.9, without simultaneous opens).
 *
 * Segments are taken in order; what comes early is dropped and asked for
 * again by a duplicate ACK.  Services are called from here, so a connection
 * may be closed after any of those calls; it is freed at the very end.
 */
#include "bytes.h"
#include "frail.h"
#include "tcp_conn.h"

#include <stdlib.h>

enum { TCP_RESERVED = 0x0f, TCP_MAIN_FLAGS = 0x3f };

/* Flag combinations that only fingerprinting tools and attacks send. */
static bool
is_odd(const struct segment *s, const uint8_t *t)
{
	uint8_t f = s->flags & TCP_MAIN_FLAGS;

	if (s->src == 0 || s->dst == 0 || (t[12] & TCP_RESERVED) != 0)
		return true;
	if ((f & TCP_URG) == 0 && be16(t + 18) != 0)
		return true;
	if (f & TCP_SYN)
		return (f & ~(TCP_SYN | TCP_ACK)) != 0;
	if (f & TCP_RST)
		return (f & TCP_FIN) != 0;
	return (f & TCP_ACK) == 0;
}

static bool
segment_parse(struct segment *s, const struct packet *p)
{
	const uint8_t *t = p->body;
	size_t head_len = p->body_len < TCP_LEN ? 0 : (size_t)(t[12] >> 4) * 4;

	if (head_len < TCP_LEN || head_len > p->body_len)
		return false;
	if (!p->sums_pending &&
	    ip_sum(t, p->body_len,
		ip_pseudo_sum(p->src, p->dst, PROTO_TCP, p->body_len)) != 0)
		return false;
	s->packet = p;
	s->src = be16(t);
	s->dst = be16(t + 2);
	s->seq = be32(t + 4);
	s->ack = be32(t + 8);
	s->flags = t[13];
	s->window = be16(t + 14);
	s->data = t + head_len;
	s->len = p->body_len - head_len;
	return tcp_options_parse(t + TCP_LEN, head_len - TCP_LEN, &s->offer);
}

static void
port_listens(const struct segment *s, const struct port *port)
{
	struct host *h = s->packet->host;
	struct conn *c;

	if (!frail_admits(h, port, s->dst) || (s->flags & TCP_ACK)) {
		tcp_reset(s);
		return;
	}
	if ((s->flags & TCP_SYN) == 0 || (s->flags & TCP_RST))
		return;
	if ((s->flags & TCP_FIN) && !h->persona->conf->stack.answers_synfin)
		return;
	if (port->service->stray != STRAY_NOT) {
		tcp_stray(s, port->service->stray);
		return;
	}
	c = conn_new(s, port);
	if (c != NULL)
		conn_syn_ack(c);
}

static void
segment_to_port(const struct segment *s)
{
	const struct port *port =
	    persona_port(s->packet->host->persona, true, s->dst);

	if (port->state == PORT_OPEN)
		port_listens(s, port);
	else if (port->state == PORT_CLOSED)
		tcp_reset(s);
	else if (port->state == PORT_UNREACHABLE)
		icmp_unreachable(s->packet, UNREACH_ADMIN);
}

void
tcp_input(const struct packet *p)
{
	struct segment s = { .packet = p };
	struct conn *c;

	if (!segment_parse(&s, p)) {
		frail_malformed(p->host);
		return;
	}
	if (is_odd(&s, p->body))
		frail_malformed(p->host);
	c = conn_find(p, &s);
	if (c != NULL && c->state == TCP_TIME_WAIT && (s.flags & TCP_SYN)) {
		conn_end(c, END_HERE);
		conn_reap(c);
		c = NULL;
	}
	if (c == NULL) {
		segment_to_port(&s);
		return;
	}
	conn_segment(c, &s);
	conn_flush(c);
	conn_reap(c);
}

static void
conn_established(struct conn *c)
{
	const struct service *service = c->port->service;

	conn_half_open_over(c, true);
	c->snd_una = c->snd_nxt = c->snd_max = c->iss + 1;
	c->tries = 0;
	timer_stop(&c->timer);
	c->state = TCP_ESTABLISHED;
	if (service->state_size > 0)
		c->state_mem = calloc(1, service->state_size);
	if (service->state_size > 0 && c->state_mem == NULL) {
		c->is_told = true;
		conn_reset(c);
		conn_end(c, END_HERE);
		return;
	}
	frail_connected(c->host, c->port, c->number);
	if (service->open != NULL)
		service->open(c);
}

/* Returns true when the segment goes on to an established connection. */
static bool
half_open_segment(struct conn *c, const struct segment *s)
{
	if (s->flags & TCP_RST) {
		if (s->seq == c->rcv_nxt)
			conn_end(c, END_PEER_RST);
		return false;
	}
	if (s->flags & TCP_SYN) {
		if (s->seq == c->irs)
			conn_syn_ack(c);
		return false;
	}
	if ((s->flags & TCP_ACK) == 0)
		return false;
	if (s->ack != c->iss + 1) {
		tcp_reset(s);
		return false;
	}
	conn_established(c);
	return c->state == TCP_ESTABLISHED;
}

static void
peer_reset(struct conn *c, const struct segment *s)
{
	uint32_t ahead = s->seq - c->rcv_nxt;
	uint16_t window = c->host->persona->conf->stack.window;

	if (ahead != 0 && ahead >= window)
		return;
	if (c->state != TCP_TIME_WAIT && c->state != TCP_LAST_ACK)
		c->host->harm.resets_by_peer++;
	conn_end(c, END_PEER_RST);
}

/* Our FIN has arrived. */
static void
fin_acknowledged(struct conn *c)
{
	if (c->state == TCP_FIN_WAIT_1)
		c->state = TCP_FIN_WAIT_2;
	else if (c->state == TCP_CLOSING)
		c->state = TCP_TIME_WAIT;
	else if (c->state == TCP_LAST_ACK)
		conn_end(c, END_HERE);
}

static void
take_ack(struct conn *c, const struct segment *s)
{
	uint32_t fresh = s->ack - c->snd_una;
	size_t data = fresh < c->tx_len ? fresh : c->tx_len;

	if (fresh > c->snd_max - c->snd_una) {
		/* Either very old or about what was never sent. */
		c->ack_due |= (int32_t)fresh > 0;
		return;
	}
	c->snd_wnd = (uint32_t)s->window << c->snd_scale;
	if (fresh == 0)
		return;
	if (data > 0)
		memmove(c->tx, c->tx + data, c->tx_len - data);
	c->tx_len -= data;
	c->snd_una = s->ack;
	if ((int32_t)(c->snd_nxt - c->snd_una) < 0)
		c->snd_nxt = c->snd_una;
	c->tries = 0;
	c->is_timing = false;
	if (fresh > data) {
		c->fin_queued = false;
		fin_acknowledged(c);
	}
	if (c->tx_len == 0 && !c->is_told && c->port->service->drained)
		c->port->service->drained(c);
}

static void
take_data(struct conn *c, const uint8_t *data, size_t len)
{
	c->rcv_nxt += (uint32_t)len;
	c->rx_bytes += len;
	c->ack_due = true;
	harm_bytes(&c->host->harm, c->number, len);
	if (!c->is_told && c->port->service->data != NULL)
		c->port->service->data(c, data, len);
}

static void
take_fin(struct conn *c)
{
	c->rcv_nxt++;
	c->ack_due = true;
	switch (c->state) {
	case TCP_ESTABLISHED:
		c->state = TCP_CLOSE_WAIT;
		if (c->port->service->eof != NULL)
			c->port->service->eof(c);
		conn_tell_gone(c, END_PEER_FIN);
		conn_close(c);
		break;
	case TCP_FIN_WAIT_1:
		c->state = TCP_CLOSING;
		break;
	case TCP_FIN_WAIT_2:
		c->state = TCP_TIME_WAIT;
		break;
	default:
		break;
	}
}

/* The window is shut for good: nothing is taken, but it did arrive. */
static void
tarpit_segment(struct conn *c, const struct segment *s)
{
	uint32_t end = s->seq + (uint32_t)s->len - c->rcv_nxt;

	if ((int32_t)end > 0 && end > c->rx_bytes) {
		harm_bytes(&c->host->harm, c->number, end - c->rx_bytes);
		c->rx_bytes = end;
	}
	if (s->flags & TCP_RST)
		peer_reset(c, s);
	else if (s->len > 0 || (s->flags & TCP_FIN) || s->seq != c->rcv_nxt)
		conn_ack(c);
}

/* Nothing comes after the peer's FIN, nor through a shut window. */
static bool
can_receive(const struct conn *c)
{
	if (c->port->service->window_shut)
		return false;
	return c->state == TCP_ESTABLISHED || c->state == TCP_FIN_WAIT_1 ||
	    c->state == TCP_FIN_WAIT_2;
}

/* What the segment adds behind rcv_nxt; old parts are cut off. */
static void
take_text(struct conn *c, const struct segment *s)
{
	uint32_t old = c->rcv_nxt - s->seq;
	bool has_fin = (s->flags & TCP_FIN) != 0;

	if (old > s->len + has_fin) {
		c->ack_due = true; /* too early, or older than all of it */
		return;
	}
	if (old > 0)
		c->ack_due = true;
	if (old < s->len && can_receive(c))
		take_data(c, s->data + old, s->len - old);
	if (old < s->len && c->port->service->window_shut) {
		c->ack_due = true;
		has_fin = false; /* it stands behind what was not taken */
	}
	if (has_fin && old <= s->len && c->state != TCP_CLOSED)
		take_fin(c);
}

void
conn_segment(struct conn *c, const struct segment *s)
{
	if (c->state == TCP_SYN_RCVD && !half_open_segment(c, s))
		return;
	if (c->port->service->tarpit) {
		tarpit_segment(c, s);
		return;
	}
	if (s->flags & TCP_RST) {
		peer_reset(c, s);
		return;
	}
	if ((s->flags & TCP_SYN) || (s->flags & TCP_ACK) == 0) {
		c->ack_due = true;
		return;
	}
	if (s->offer.has_ts)
		c->offer.ts = s->offer.ts;
	take_ack(c, s);
	if (c->state != TCP_CLOSED)
		take_text(c, s);
}
