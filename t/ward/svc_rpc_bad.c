/* SPDX-License-Identifier: ISC */
/*
 * rpc-giant, rpc-crumbs - replies to an RPC call that never end: one record
 * of 2^31-1 bytes, or fragments of one byte each of which none is the last.
 */
#include "bytes.h"
#include "services.h"
#include "tcp.h"

enum { CHUNK = 4000, HEAD = 12, MARK = 4, REPLY = 1, NOT_LAST = 0x7fffffff };

static void
giant_more(struct conn *c)
{
	static const uint8_t zeros[CHUNK];

	(void)conn_send(c, zeros, sizeof(zeros));
}

static void
giant_data(struct conn *c, const uint8_t *bytes, size_t len)
{
	uint8_t head[HEAD];

	if (len < MARK + 4)
		return;
	set32(head, NOT_LAST);
	set32(head + 4, be32(bytes + MARK)); /* the call's own number */
	set32(head + 8, REPLY);
	(void)conn_send(c, head, sizeof(head));
}

/* The reply's bytes, each a fragment of its own. */
static void
crumbs_say(struct conn *c, const uint8_t *bytes, size_t len)
{
	uint8_t out[CHUNK];
	size_t n = 0;

	for (size_t i = 0; i < len && n + MARK + 1 <= sizeof(out); i++) {
		set32(out + n, 1);
		out[n + MARK] = bytes[i];
		n += MARK + 1;
	}
	(void)conn_send(c, out, n);
}

static void
crumbs_more(struct conn *c)
{
	static const uint8_t zeros[CHUNK / (MARK + 1)];

	crumbs_say(c, zeros, sizeof(zeros));
}

static void
crumbs_data(struct conn *c, const uint8_t *bytes, size_t len)
{
	uint8_t head[8];

	if (len < MARK + 4)
		return;
	set32(head, be32(bytes + MARK));
	set32(head + 4, REPLY);
	crumbs_say(c, head, sizeof(head));
}

const struct service service_rpc_giant = {
	.name = "rpc-giant",
	.speaks = true,
	.data = giant_data,
	.drained = giant_more,
};

const struct service service_rpc_crumbs = {
	.name = "rpc-crumbs",
	.speaks = true,
	.data = crumbs_data,
	.drained = crumbs_more,
};
