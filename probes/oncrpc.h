/* SPDX-License-Identifier: ISC */
/*
 * oncrpc - ONC RPC messages, written and read, over UDP or a TCP stream.
 *
 * A message on a stream comes in fragments with a mark before each; the
 * reading cursor walks over the marks, so nothing is copied and nobody else
 * knows of them.  Source: RFC 5531 (sections 9 and 11), RFC 4506.
 */
#ifndef ONCRPC_H
#define ONCRPC_H

#include "scanner/probe.h"

struct rpc_call {
	uint32_t xid, program, version, procedure;
};

/*
 * Writes a call without credentials, with args_len bytes of arguments (a
 * multiple of four) behind it; on a stream with its record mark.
 */
void rpc_call_write(struct wr *w, bool via_udp, const struct rpc_call *call,
    const void *args, size_t args_len);

/* Reads the header of a call from its first byte (over TCP: of its mark).
 * False: it is none, or not there as far as its procedure. */
bool rpc_call_read(struct rd client, bool via_udp, struct rpc_call *call);

/* A message being read. */
struct rpc_in {
	struct rd stream; /* not yet read; the next mark may come first */
	size_t fragment;  /* bytes left of the fragment at hand */
	bool is_last;     /* no fragment follows it */
	bool is_short;    /* the stream ended inside the message */
	bool is_over;     /* more was read than the message holds */
};

/* Starts at the first byte of a message (over TCP: of its first mark). */
void rpc_in_begin(struct rpc_in *in, struct rd stream, bool via_udp);

/* Returns the next word, or 0 once the message or the stream has ended. */
uint32_t rpc_in_u32(struct rpc_in *in);

/* Reads a string into buf, which it ends; one that does not fit, or has a NUL,
 * is an error like any other. */
void rpc_in_string(struct rpc_in *in, char *buf, size_t size);

/* Returns whether everything asked for was there. */
bool rpc_in_ok(const struct rpc_in *in);

enum rpc_arrival {
	RPC_FOREIGN = 1, /* not a reply to this xid, and never will be */
	RPC_UNDECIDED,   /* too few bytes to tell */
	RPC_PARTIAL,     /* a reply to this xid, not all of it yet */
	RPC_WHOLE
};

/*
 * What lies at the beginning of stream.  *len is how long the message is,
 * marks included; set for RPC_WHOLE only.
 */
enum rpc_arrival rpc_arrived(
    struct rd stream, bool via_udp, uint32_t xid, size_t *len);

enum rpc_status {
	RPC_BROKEN = 0, /* contradicts the standard, or cut */
	RPC_SUCCESS,
	RPC_PROG_UNAVAIL,
	RPC_PROG_MISMATCH, /* low and high are what it has */
	RPC_PROC_UNAVAIL,
	RPC_GARBAGE_ARGS,
	RPC_SYSTEM_ERR,
	RPC_DENIED_VERSION, /* another RPC; low and high are what it speaks */
	RPC_DENIED_AUTH     /* why is the standard's auth_stat */
};

struct rpc_reply {
	enum rpc_status status;
	uint32_t low, high;
	uint32_t why;
};

/*
 * Reads the reply's header, the xid first; in then stands at the results.
 */
void rpc_reply_read(struct rpc_in *in, struct rpc_reply *reply);

enum { RPC_REPLY_TEXT = 80 };

/* Returns buf, saying why a call was refused. */
const char *rpc_reply_text(
    const struct rpc_reply *reply, char buf[static RPC_REPLY_TEXT]);

#endif
