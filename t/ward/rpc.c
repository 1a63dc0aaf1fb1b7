/* SPDX-License-Identifier: ISC */
/*
 * ONC RPC version 2 (RFC 1831): messages, and record marking on streams.
 *
 * Bytes that are no RPC call are foreign: they are counted, and the stream is
 * closed, as the svc_tcp transport does with a broken record.
 */
#include "rpc.h"

#include "net.h"
#include "tcp.h"
#include "ward.h"

enum {
	CALL = 0,
	REPLY = 1,
	MSG_ACCEPTED = 0,
	MSG_DENIED = 1,
	RPC_MISMATCH = 0,
	RPC_VERSION = 2,
	CALL_MIN = 24, /* up to and with the procedure */
	AUTH_MAX = 400,
	LAST_FRAGMENT = 0x80,
	REPLY_MAX = 4096,
};

const uint8_t *
rpc_string(struct view *v, size_t max, size_t *len)
{
	size_t n = view_u32(v);
	const uint8_t *s;

	if (v->over || n > max)
		return NULL;
	s = view_take(v, n);
	(void)view_take(v, (4 - n % 4) % 4);
	*len = n;
	return v->over ? NULL : s;
}

static void
reply_denied(struct pen *out)
{
	pen_u32(out, MSG_DENIED);
	pen_u32(out, RPC_MISMATCH);
	pen_u32(out, RPC_VERSION);
	pen_u32(out, RPC_VERSION);
}

/* Credentials are read over; nobody here asks who calls. */
static bool
auth_skip(struct view *v)
{
	size_t n;

	for (unsigned i = 0; i < 2; i++) {
		(void)view_u32(v);
		if (rpc_string(v, AUTH_MAX, &n) == NULL)
			return false;
	}
	return true;
}

static enum rpc_status
call_answer(struct rpc_call *c, rpc_fn *fn, struct pen *out)
{
	size_t at, results;
	enum rpc_status status;

	pen_u32(out, MSG_ACCEPTED);
	pen_u32(out, 0); /* no verifier: */
	pen_u32(out, 0); /* of no length */
	pen_u32(out, RPC_SUCCESS);
	at = results = out->used;
	status = fn(c, out);
	if (out->over)
		return RPC_NO_ANSWER;
	if (status != RPC_SUCCESS)
		out->used = results;
	out->buf[at - 1] = (uint8_t)status;
	if (status == RPC_PROG_MISMATCH) {
		pen_u32(out, c->low);
		pen_u32(out, c->high);
	}
	return status;
}

/* Returns false for what is no call; an empty pen means no answer. */
static bool
message_answer(struct rpc_call *c, const uint8_t *bytes, size_t len, rpc_fn *fn,
    struct pen *out)
{
	struct view v = { .p = bytes, .left = len };
	size_t before = out->used;
	uint32_t xid = view_u32(&v), version;

	if (len < CALL_MIN || view_u32(&v) != CALL)
		return false;
	version = view_u32(&v);
	c->program = view_u32(&v);
	c->version = view_u32(&v);
	c->proc = view_u32(&v);
	pen_u32(out, xid);
	pen_u32(out, REPLY);
	if (version != RPC_VERSION) {
		reply_denied(out);
		return true;
	}
	if (!auth_skip(&v))
		return false;
	c->args = v;
	if (call_answer(c, fn, out) == RPC_NO_ANSWER)
		out->used = before;
	return true;
}

void
rpc_datagram(const struct datagram *d, rpc_fn *fn)
{
	uint8_t reply[REPLY_MAX];
	struct pen out = { .buf = reply, .room = sizeof(reply) };
	struct rpc_call c = { .host = d->host, .port = d->local_port };

	if (!message_answer(&c, d->bytes, d->len, fn, &out))
		d->host->harm.foreign_bytes += d->len;
	else if (out.used > 0)
		udp_reply(d, reply, out.used);
}

/* A whole message is there. */
static bool
record_answer(struct conn *conn, struct rpc_stream *s, rpc_fn *fn)
{
	uint8_t reply[4 + REPLY_MAX];
	struct pen out = { .buf = reply, .room = sizeof(reply), .used = 4 };
	struct rpc_call c = { .host = conn_host(conn), .is_tcp = true };

	c.port = conn_number(conn);
	if (!message_answer(&c, s->message, s->len, fn, &out))
		return false;
	s->len = 0;
	if (out.used > 4) {
		set32(reply, (uint32_t)(out.used - 4));
		reply[0] |= LAST_FRAGMENT;
		conn_send(conn, reply, out.used);
	}
	return true;
}

/* Returns false when the mark cannot be one. */
static bool
mark_byte(struct rpc_stream *s, uint8_t byte)
{
	s->mark[s->mark_len++] = byte;
	if (s->mark_len < sizeof(s->mark))
		return true;
	s->is_last = (s->mark[0] & LAST_FRAGMENT) != 0;
	s->fragment_left = be32(s->mark) & 0x7fffffff;
	return s->fragment_left > 0 &&
	    s->fragment_left <= RPC_MESSAGE_MAX - s->len;
}

/* Takes as much as belongs to the fragment; false when it is not RPC. */
static bool
fragment_bytes(
    struct conn *conn, struct rpc_stream *s, struct view *v, rpc_fn *fn)
{
	size_t n = v->left < s->fragment_left ? v->left : s->fragment_left;

	memcpy(s->message + s->len, view_take(v, n), n);
	s->len += (uint32_t)n;
	s->fragment_left -= (uint32_t)n;
	if (s->fragment_left > 0)
		return true;
	s->mark_len = 0;
	return !s->is_last || record_answer(conn, s, fn);
}

void
rpc_stream_data(struct conn *conn, const uint8_t *bytes, size_t len, rpc_fn *fn)
{
	struct rpc_stream *s = conn_state(conn);
	struct view v = { .p = bytes, .left = len };
	bool is_rpc = true;

	while (is_rpc && v.left > 0) {
		if (s->mark_len < sizeof(s->mark))
			is_rpc = mark_byte(s, view_u8(&v));
		else
			is_rpc = fragment_bytes(conn, s, &v, fn);
	}
	if (is_rpc)
		return;
	conn_host(conn)->harm.foreign_bytes += s->mark_len + s->len + v.left;
	s->mark_len = s->len = 0;
	conn_close(conn);
}

void
rpc_stream_gone(struct conn *conn, enum ending how)
{
	const struct rpc_stream *s = conn_state(conn);

	/* Half a message was never one. */
	if (how != END_HERE)
		conn_host(conn)->harm.foreign_bytes += s->mark_len + s->len;
}
