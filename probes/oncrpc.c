/* SPDX-License-Identifier: ISC */
/*
 * oncrpc - the reading cursor over record marks, call and reply headers.
 *
 * Source: RFC 5531.  Limits: no credentials are ever sent, and what a server
 * sends as verifier is skipped unread.
 */
#include <inttypes.h>
#include <stdio.h>

#include "probes/oncrpc.h"

enum {
	MESSAGE_CALL = 0,
	MESSAGE_REPLY = 1,
	REPLY_ACCEPTED = 0,
	REPLY_DENIED = 1,
	DENIED_RPC_MISMATCH = 0,
	DENIED_AUTH_ERROR = 1,
	ONC_RPC_VERSION = 2,
	CALL_LEN = 40,
	VERIFIER_MAX = 400
};
static const uint32_t last_fragment = 0x80000000U;

void
rpc_call_write(struct wr *w, bool via_udp, const struct rpc_call *call,
    const void *args, size_t args_len)
{
	if (!via_udp)
		wr_u32(w, last_fragment | (uint32_t)(CALL_LEN + args_len));
	wr_u32(w, call->xid);
	wr_u32(w, MESSAGE_CALL);
	wr_u32(w, ONC_RPC_VERSION);
	wr_u32(w, call->program);
	wr_u32(w, call->version);
	wr_u32(w, call->procedure);
	for (int i = 0; i < 4; i++)
		wr_u32(w, 0); /* credentials and verifier: none, empty */
	wr_bytes(w, args, args_len);
}

void
rpc_in_begin(struct rpc_in *in, struct rd stream, bool via_udp)
{
	*in = (struct rpc_in){ .stream = stream };
	if (via_udp) {
		in->fragment = stream.left;
		in->is_last = true;
	}
}

bool
rpc_in_ok(const struct rpc_in *in)
{
	return !in->is_short && !in->is_over;
}

/* Goes on to the next fragment with bytes in it.  False: there is none. */
static bool
fragment_next(struct rpc_in *in)
{
	while (in->fragment == 0) {
		uint32_t mark;

		if (in->is_last) {
			in->is_over = true;
			return false;
		}
		mark = rd_u32(&in->stream);
		if (!rd_ok(&in->stream)) {
			in->is_short = true;
			return false;
		}
		in->is_last = (mark & last_fragment) != 0;
		in->fragment = mark & ~last_fragment;
	}
	return true;
}

uint32_t
rpc_in_u32(struct rpc_in *in)
{
	uint32_t v = 0;

	for (int i = 0; i < 4; i++) {
		if (!rpc_in_ok(in) || !fragment_next(in))
			return 0;
		in->fragment--;
		v = v << 8 | rd_u8(&in->stream);
		if (!rd_ok(&in->stream)) {
			in->is_short = true;
			return 0;
		}
	}
	return v;
}

void
rpc_in_string(struct rpc_in *in, char *buf, size_t size)
{
	uint32_t len = rpc_in_u32(in), word = 0;

	buf[0] = '\0';
	if (len >= size) {
		in->is_over = true;
		return;
	}
	for (uint32_t i = 0; i < (len + 3) / 4 * 4; i++) {
		if (i % 4 == 0)
			word = rpc_in_u32(in);
		if (i < len)
			buf[i] = (char)(word >> (24 - 8 * (i % 4)));
		if (i < len && buf[i] == '\0')
			in->is_over = true;
	}
	buf[rpc_in_ok(in) ? len : 0] = '\0';
}

bool
rpc_call_read(struct rd client, bool via_udp, struct rpc_call *call)
{
	struct rpc_in in;
	uint32_t type, version;

	rpc_in_begin(&in, client, via_udp);
	call->xid = rpc_in_u32(&in);
	type = rpc_in_u32(&in);
	version = rpc_in_u32(&in);
	call->program = rpc_in_u32(&in);
	call->version = rpc_in_u32(&in);
	call->procedure = rpc_in_u32(&in);
	return rpc_in_ok(&in) && type == MESSAGE_CALL &&
	    version == ONC_RPC_VERSION;
}

/* Walks to the end of the message.  False when the stream ends before it. */
static bool
message_skip(struct rpc_in *in)
{
	for (;;) {
		rd_skip(&in->stream, in->fragment);
		if (!rd_ok(&in->stream))
			return false;
		in->fragment = 0;
		if (in->is_last)
			return true;
		if (!fragment_next(in))
			return in->is_over; /* only empty fragments followed */
	}
}

enum rpc_arrival
rpc_arrived(struct rd stream, bool via_udp, uint32_t xid, size_t *len)
{
	struct rpc_in in;
	struct rd mark = stream;
	uint32_t theirs, type;

	/* Text read as a record mark is a length nobody would send. */
	if (!via_udp && (rd_u32(&mark) & ~last_fragment) > TALK_STREAM_MAX)
		return RPC_FOREIGN;
	rpc_in_begin(&in, stream, via_udp);
	theirs = rpc_in_u32(&in);
	type = rpc_in_u32(&in);
	if (in.is_over)
		return RPC_FOREIGN;
	if (in.is_short)
		return RPC_UNDECIDED;
	if (theirs != xid || type != MESSAGE_REPLY)
		return RPC_FOREIGN;
	if (!message_skip(&in))
		return RPC_PARTIAL;
	*len = stream.left - in.stream.left;
	return RPC_WHOLE;
}

static void
verifier_skip(struct rpc_in *in)
{
	uint32_t len;

	(void)rpc_in_u32(in); /* flavour */
	len = rpc_in_u32(in);
	if (len > VERIFIER_MAX)
		in->is_over = true;
	for (uint32_t i = 0; i < len && rpc_in_ok(in); i += 4)
		(void)rpc_in_u32(in);
}

static void
range_read(struct rpc_in *in, struct rpc_reply *reply)
{
	reply->low = rpc_in_u32(in);
	reply->high = rpc_in_u32(in);
	if (reply->low > reply->high)
		reply->status = RPC_BROKEN;
}

static void
accepted_read(struct rpc_in *in, struct rpc_reply *reply)
{
	/* in the order of accept_stat's numbers */
	static const enum rpc_status statuses[] = { RPC_SUCCESS,
		RPC_PROG_UNAVAIL, RPC_PROG_MISMATCH, RPC_PROC_UNAVAIL,
		RPC_GARBAGE_ARGS, RPC_SYSTEM_ERR };
	uint32_t stat;

	verifier_skip(in);
	stat = rpc_in_u32(in);
	if (stat >= sizeof(statuses) / sizeof(statuses[0]))
		return;
	reply->status = statuses[stat];
	if (reply->status == RPC_PROG_MISMATCH)
		range_read(in, reply);
}

static void
denied_read(struct rpc_in *in, struct rpc_reply *reply)
{
	uint32_t why = rpc_in_u32(in);

	if (why == DENIED_RPC_MISMATCH) {
		reply->status = RPC_DENIED_VERSION;
		range_read(in, reply);
	} else if (why == DENIED_AUTH_ERROR) {
		reply->status = RPC_DENIED_AUTH;
		reply->why = rpc_in_u32(in);
	}
}

void
rpc_reply_read(struct rpc_in *in, struct rpc_reply *reply)
{
	uint32_t stat;

	*reply = (struct rpc_reply){ .status = RPC_BROKEN };
	(void)rpc_in_u32(in); /* xid */
	(void)rpc_in_u32(in); /* message type */
	stat = rpc_in_u32(in);
	if (stat == REPLY_ACCEPTED)
		accepted_read(in, reply);
	else if (stat == REPLY_DENIED)
		denied_read(in, reply);
	if (!rpc_in_ok(in))
		reply->status = RPC_BROKEN;
}

const char *
rpc_reply_text(const struct rpc_reply *reply, char buf[static RPC_REPLY_TEXT])
{
	static const char *const plain[] = {
		[RPC_BROKEN] = "no valid reply",
		[RPC_SUCCESS] = "not refused",
		[RPC_PROG_UNAVAIL] = "no such program",
		[RPC_PROC_UNAVAIL] = "no such procedure",
		[RPC_GARBAGE_ARGS] = "arguments not understood",
		[RPC_SYSTEM_ERR] = "system error",
	};

	if (reply->status == RPC_DENIED_AUTH)
		snprintf(buf, RPC_REPLY_TEXT,
		    "denied: authentication status %" PRIu32, reply->why);
	else if (reply->status == RPC_DENIED_VERSION)
		snprintf(buf, RPC_REPLY_TEXT,
		    "denied: speaks RPC %" PRIu32 "-%" PRIu32, reply->low,
		    reply->high);
	else if (reply->status == RPC_PROG_MISMATCH)
		snprintf(buf, RPC_REPLY_TEXT,
		    "other versions: %" PRIu32 "-%" PRIu32, reply->low,
		    reply->high);
	else
		snprintf(buf, RPC_REPLY_TEXT, "%s", plain[reply->status]);
	return buf;
}
