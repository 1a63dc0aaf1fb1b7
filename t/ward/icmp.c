/* SPDX-License-Identifier: ISC */
/*
 * ICMP (RFC 792): echo, and the two errors a host or its router sends.  An
 * error quotes the IP header and the 8 bytes behind it, as old stacks do.
 */
#include "bytes.h"
#include "frail.h"
#include "loop.h"
#include "net.h"

enum {
	ECHO_REPLY = 0,
	UNREACHABLE = 3,
	ECHO_REQUEST = 8,
	EXPIRED = 11,
	QUOTED = 8,
	IP_HEAD_MAX = 60,
};

static void
icmp_send(struct host *h, const struct packet *to, uint8_t *frame, size_t len,
    bool df)
{
	uint8_t *icmp = frame + HEAD_LEN;
	struct ip_out o = { .dst = to->src, .mac = to->mac };

	o.proto = PROTO_ICMP;
	o.ttl = h->persona->conf->stack.icmp_ttl;
	o.df = df;
	set16(icmp + 2, 0);
	set16(icmp + 2, ip_sum(icmp, len, 0));
	ip_send(h, &o, frame, len);
}

static void
echo_answer(const struct packet *p)
{
	enum conf_echo_df df = p->host->persona->conf->stack.echo_df;
	uint8_t frame[HEAD_LEN + BODY_MAX];

	if (p->body_len > BODY_MAX)
		return;
	memcpy(frame + HEAD_LEN, p->body, p->body_len);
	frame[HEAD_LEN] = ECHO_REPLY;
	icmp_send(p->host, p, frame, p->body_len,
	    df == ECHO_DF_SAME ? p->df : df == ECHO_DF_YES);
}

void
icmp_input(const struct packet *p)
{
	if (p->body_len < ICMP_LEN || ip_sum(p->body, p->body_len, 0) != 0) {
		frail_malformed(p->host);
		return;
	}
	if (p->body[0] != ECHO_REQUEST)
		return;
	if (p->body[1] != 0) /* an echo request has no codes */
		frail_malformed(p->host);
	if (p->host->persona->conf->icmp_echo)
		echo_answer(p);
}

static void
error_send(
    struct host *from, const struct packet *p, uint8_t type, uint8_t code)
{
	uint8_t frame[HEAD_LEN + ICMP_LEN + IP_HEAD_MAX + QUOTED] = { 0 };
	uint8_t *icmp = frame + HEAD_LEN;
	size_t ip_len = (size_t)(p->body - p->ip);
	size_t quoted = p->body_len < QUOTED ? p->body_len : QUOTED;

	icmp[0] = type;
	icmp[1] = code;
	memcpy(icmp + ICMP_LEN, p->ip, ip_len + quoted);
	icmp_send(from, p, frame, ICMP_LEN + ip_len + quoted, false);
}

/* Not more than the stack's limit in any one second of the clock. */
static bool
error_allowed(struct host *h)
{
	uint16_t limit = h->persona->conf->stack.unreach_per_s;
	uint64_t second = loop_real_ns(h->ward->loop) / 1000000000u;

	if (limit == 0)
		return true;
	if (h->unreach_second != second) {
		h->unreach_second = second;
		h->unreach_sent = 0;
	}
	return h->unreach_sent++ < limit;
}

void
icmp_unreachable(const struct packet *p, uint8_t code)
{
	if (error_allowed(p->host))
		error_send(p->host, p, UNREACHABLE, code);
}

void
icmp_expired(const struct packet *p, struct host *router)
{
	if (error_allowed(router))
		error_send(router, p, EXPIRED, 0);
}
