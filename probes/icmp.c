/* SPDX-License-Identifier: ISC */
/*
 * icmp - one echo request, for hosts behind a router and for the TTL.
 *
 * Source: RFC 792, echo and echo reply.
 * Sizes:  request and reply 16 bytes.
 * Limits: a reply yields no fact of its own.  That the host is there and the
 * TTL it answered with stand in the IP header, which the dispatcher reads.
 */
#include "scanner/probe.h"

enum { ECHO_REPLY = 0, ECHO_REQUEST = 8 };

/* The cookie is identifier and sequence number, and twice the data. */
static bool
icmp_build(struct wr *w, const struct ask *ask)
{
	wr_u8(w, ECHO_REQUEST);
	wr_u8(w, 0);  /* code */
	wr_u16(w, 0); /* checksum: the sender's */
	wr_u32(w, ask->cookie);
	wr_u32(w, ask->cookie);
	wr_u32(w, ask->cookie);
	return wr_ok(w);
}

static enum reply
icmp_parse(struct rd r, const struct ask *ask, struct facts *facts)
{
	uint8_t type = rd_u8(&r);
	bool is_ours;

	(void)facts;
	rd_skip(&r, 3); /* code, checksum */
	is_ours = rd_u32(&r) == ask->cookie && type == ECHO_REPLY;
	if (!rd_ok(&r) || !is_ours)
		return REPLY_OTHER;
	/* One at a time: both must be read, whatever the first one says. */
	is_ours = rd_u32(&r) == ask->cookie;
	is_ours = rd_u32(&r) == ask->cookie && is_ours;
	return rd_ok(&r) && is_ours ? REPLY_OK : REPLY_BAD;
}

const struct probe probe_icmp = {
	.name = "icmp",
	.summary = "one ICMP echo request",
	.via = VIA_ICMP,
	.impact = IMPACT_QUERY,
	.wait_ms = 1000,
	.packets_max = 1,
	.build = icmp_build,
	.parse = icmp_parse,
};
