/* SPDX-License-Identifier: ISC */
/* rpc - ONC RPC messages and record streams, for the services built on it. */
#ifndef WARD_RPC_H
#define WARD_RPC_H

#include "bytes.h"
#include "service.h"

enum { RPC_MESSAGE_MAX = 4096, RPC_PORTMAPPER = 100000 };

/* What an accepted call comes to. */
enum rpc_status {
	RPC_SUCCESS = 0,
	RPC_PROG_UNAVAIL = 1,
	RPC_PROG_MISMATCH = 2,
	RPC_PROC_UNAVAIL = 3,
	RPC_GARBAGE_ARGS = 4,
	RPC_NO_ANSWER = 255 /* nothing is sent at all */
};

/* A call; args are borrowed. */
struct rpc_call {
	struct host *host;
	uint16_t port;
	bool is_tcp;
	uint32_t program;
	uint32_t version;
	uint32_t proc;
	uint32_t low; /* set with RPC_PROG_MISMATCH */
	uint32_t high;
	struct view args;
};

/* Carries out a call and writes its results behind what is in the pen. */
typedef enum rpc_status rpc_fn(struct rpc_call *, struct pen *);

/* What a TCP connection remembers; the state of the services. */
struct rpc_stream {
	uint8_t mark[4];
	uint32_t mark_len;
	uint32_t fragment_left;
	bool is_last;
	uint32_t len;
	uint8_t message[RPC_MESSAGE_MAX];
};

/* For a service's data, gone and datagram.  Foreign bytes are counted. */
void rpc_stream_data(struct conn *, const uint8_t *, size_t, rpc_fn *);
void rpc_stream_gone(struct conn *, enum ending);
void rpc_datagram(const struct datagram *, rpc_fn *);

/*
 * Reads an XDR string of at most max bytes and returns it, with its length in
 * *len, or NULL.
 */
const uint8_t *rpc_string(struct view *, size_t max, size_t *len);

/* svc_yp.c: the procedures of ypserv and ypbind beyond NULL. */
enum rpc_status yp_serv(struct rpc_call *, struct pen *);
enum rpc_status yp_bind(struct rpc_call *, struct pen *);

/* rpcbind.c: versions 3 and 4 of the portmapper's program. */
enum rpc_status rpcbind_call(struct rpc_call *, struct pen *);

#endif
