/* SPDX-License-Identifier: ISC */
/*
 * TCP, the sending half: segments within the peer's window and segment size,
 * repeated a few times when nobody acknowledges them.  No congestion control:
 * the network is a cable inside one machine.
 */
#include "bytes.h"
#include "tcp_conn.h"

/* First wait in ward seconds; never less than so many real ones. */
static const double retry_s = 1.0;
static const double retry_floor_s = 0.25;
static const double syn_ack_retry_s = 3.0;
static const double fin_wait_s = 60.0;
static const double time_wait_real_s = 2.0;

/* What goes into the window field. */
static uint16_t
window_field(const struct conn *c, uint8_t flags)
{
	const struct conf_stack *s = &c->host->persona->conf->stack;

	if (flags & TCP_SYN)
		return s->window;
	if (c->port->service->tarpit || c->port->service->window_shut)
		return 0;
	return (uint16_t)(s->window >> c->rcv_scale);
}

static void
head_write(uint8_t *t, uint16_t src, uint16_t dst, uint32_t seq, uint32_t ack)
{
	memset(t, 0, TCP_LEN);
	set16(t, src);
	set16(t + 2, dst);
	set32(t + 4, seq);
	set32(t + 8, ack);
}

/* Fills in length and checksum, and off it goes. */
static void
segment_finish(struct host *h, uint32_t dst, const uint8_t *mac, uint8_t *frame,
    size_t head_len, size_t len)
{
	const struct conf_stack *s = &h->persona->conf->stack;
	uint8_t *t = frame + HEAD_LEN;
	struct ip_out o = { .dst = dst, .mac = mac, .proto = PROTO_TCP };

	o.ttl = s->tcp_ttl;
	o.df = s->df;
	t[12] = (uint8_t)(head_len / 4 << 4);
	set16(t + 16,
	    ip_sum(t, len, ip_pseudo_sum(h->addr, dst, PROTO_TCP, len)));
	ip_send(h, &o, frame, len);
}

static void
segment_send(struct conn *c, uint8_t flags, uint32_t seq, const uint8_t *data,
    size_t len)
{
	uint8_t frame[HEAD_LEN + BODY_MAX];
	uint8_t *t = frame + HEAD_LEN;
	size_t head_len = TCP_LEN;

	head_write(t, c->number, c->peer_port, seq, c->rcv_nxt);
	t[13] = flags;
	set16(t + 14, window_field(c, flags));
	head_len += flags & TCP_SYN ? tcp_options_syn(c, t + TCP_LEN)
				    : tcp_options_plain(c, t + TCP_LEN);
	if (len > 0)
		memcpy(t + head_len, data, len);
	c->ack_due = false;
	segment_finish(
	    c->host, c->peer, c->peer_mac, frame, head_len, head_len + len);
}

void
tcp_reset(const struct segment *s)
{
	const struct packet *p = s->packet;
	uint8_t frame[HEAD_LEN + TCP_LEN];
	uint8_t *t = frame + HEAD_LEN;
	uint32_t past = s->seq + (uint32_t)s->len;

	if (s->flags & TCP_RST)
		return;
	past += (s->flags & TCP_SYN) != 0;
	past += (s->flags & TCP_FIN) != 0;
	if (s->flags & TCP_ACK)
		head_write(t, s->dst, s->src, s->ack, 0);
	else
		head_write(t, s->dst, s->src, 0, past);
	t[13] = s->flags & TCP_ACK ? TCP_RST : TCP_RST | TCP_ACK;
	segment_finish(p->host, p->src, p->mac, frame, TCP_LEN, TCP_LEN);
}

void
tcp_stray(const struct segment *s, enum stray what)
{
	const struct packet *p = s->packet;
	struct host from = *p->host;
	uint8_t frame[HEAD_LEN + TCP_LEN];
	uint8_t *t = frame + HEAD_LEN;
	uint16_t port = s->dst;

	if (what == STRAY_PORT)
		port++;
	else
		from.addr++;
	head_write(t, port, s->src, rng_u32(&from.ward->rng), s->seq + 1);
	t[13] = TCP_SYN | TCP_ACK;
	set16(t + 14, from.persona->conf->stack.window);
	segment_finish(&from, p->src, p->mac, frame, TCP_LEN, TCP_LEN);
}

void
conn_reset(struct conn *c)
{
	segment_send(c, TCP_RST | TCP_ACK, c->snd_nxt, NULL, 0);
}

void
conn_ack(struct conn *c)
{
	segment_send(c, TCP_ACK, c->snd_nxt, NULL, 0);
}

/* Repeated less and less often, for as long as the entry may live. */
void
conn_syn_ack(struct conn *c)
{
	double wait_s = syn_ack_retry_s * (double)(1u << c->tries);
	double left_s = conn_half_open_left_s(c);

	segment_send(c, TCP_SYN | TCP_ACK, c->iss, NULL, 0);
	timer_ward(&c->timer, wait_s < left_s ? wait_s : left_s);
}

/* How much of what waits may go into the next segment. */
static size_t
segment_size(const struct conn *c, size_t offset, bool is_probe)
{
	size_t window = c->snd_wnd > offset ? c->snd_wnd - offset : 0;
	size_t n = c->tx_len - offset;
	size_t most = c->mss - (c->uses_ts ? 12u : 0u);

	if (c->split > 0 && c->split < most)
		most = c->split;
	if (window == 0 && is_probe)
		window = 1;
	if (n > window)
		n = window;
	return n > most ? most : n;
}

/* Sends what may be sent; a probe ignores a window that is shut. */
static void
data_push(struct conn *c, bool is_probe)
{
	for (;;) {
		size_t offset = c->snd_nxt - c->snd_una, n;
		uint8_t flags = TCP_ACK;
		bool is_last;

		if (offset > c->tx_len)
			return; /* the FIN is out too */
		n = segment_size(c, offset, is_probe);
		is_last = offset + n == c->tx_len;
		if (n == 0 && !(is_last && c->fin_queued))
			return;
		if (is_last && c->fin_queued)
			flags |= TCP_FIN;
		if (is_last && n > 0)
			flags |= TCP_PSH;
		segment_send(
		    c, flags, c->snd_nxt, n > 0 ? c->tx + offset : NULL, n);
		c->snd_nxt += (uint32_t)n + ((flags & TCP_FIN) != 0);
		if ((int32_t)(c->snd_nxt - c->snd_max) > 0)
			c->snd_max = c->snd_nxt;
		is_probe = false;
	}
}

static void
retry_arm(struct conn *c)
{
	double factor = (double)(1u << c->tries);

	c->is_timing = true;
	timer_ward_least(&c->timer, retry_s * factor, retry_floor_s * factor);
}

/* With nothing on its way, only the end of a connection is waited for. */
static void
idle_arm(struct conn *c)
{
	c->is_timing = false;
	if (c->state == TCP_FIN_WAIT_2)
		timer_ward(&c->timer, fin_wait_s);
	else if (c->state == TCP_TIME_WAIT)
		timer_real(&c->timer, time_wait_real_s);
	else
		timer_stop(&c->timer);
}

void
conn_flush(struct conn *c)
{
	if (c->state <= TCP_SYN_RCVD)
		return;
	data_push(c, false);
	if (c->ack_due)
		conn_ack(c);
	if (c->snd_una == c->snd_max && c->tx_len == 0)
		idle_arm(c);
	else if (!c->is_timing)
		retry_arm(c);
}

void
conn_retry(struct conn *c)
{
	c->snd_nxt = c->snd_una;
	data_push(c, true);
	retry_arm(c);
}
