/* SPDX-License-Identifier: ISC */
/*
 * portmapper - program 100000 version 2 (RFC 1833): NULL, GETPORT and DUMP
 * from the personality's list.  SET, UNSET and CALLIT are nothing a guest has
 * any business with; they are counted and come to nothing.
 *
 * A personality that lists program 100000 itself says by that which versions
 * it has beyond (rpcbind's 3 and 4).
 */
#include "net.h"
#include "rpc.h"
#include "services.h"
#include "ward.h"

enum {
	VERSION = 2,
	PROC_NULL = 0,
	PROC_SET = 1,
	PROC_UNSET = 2,
	PROC_GETPORT = 3,
	PROC_DUMP = 4,
	PROC_CALLIT = 5,
	OVER_TCP_PROTO = 6,
	OVER_UDP_PROTO = 17,
	PORT = 111,
};

static void
entry_write(struct pen *out, uint32_t program, uint32_t version, uint32_t proto,
    uint32_t port)
{
	if (port == 0)
		return;
	pen_u32(out, 1); /* one more follows */
	pen_u32(out, program);
	pen_u32(out, version);
	pen_u32(out, proto);
	pen_u32(out, port);
}

static const struct conf_rpc *
own_entry(const struct conf_persona *p)
{
	for (uint32_t i = 0; i < p->rpc_count; i++)
		if (p->rpc[i].program == RPC_PORTMAPPER)
			return &p->rpc[i];
	return NULL;
}

static void
dump_write(const struct conf_persona *p, struct pen *out)
{
	if (own_entry(p) == NULL) {
		entry_write(out, RPC_PORTMAPPER, VERSION, OVER_TCP_PROTO, PORT);
		entry_write(out, RPC_PORTMAPPER, VERSION, OVER_UDP_PROTO, PORT);
	}
	for (uint32_t i = 0; i < p->rpc_count; i++) {
		const struct conf_rpc *r = &p->rpc[i];

		for (uint32_t v = 0; v < r->versions_count; v++) {
			if (r->unregistered)
				continue;
			entry_write(out, r->program, r->versions[v],
			    OVER_UDP_PROTO, r->udp);
			entry_write(out, r->program, r->versions[v],
			    OVER_TCP_PROTO, r->tcp);
		}
	}
	pen_u32(out, 0);
}

/* Any version of the program will do, as with the real one. */
static uint32_t
port_find(const struct conf_persona *p, uint32_t program, uint32_t proto)
{
	if (program == RPC_PORTMAPPER)
		return PORT;
	for (uint32_t i = 0; i < p->rpc_count; i++) {
		const struct conf_rpc *r = &p->rpc[i];
		uint16_t port = proto == OVER_TCP_PROTO ? r->tcp
		    : proto == OVER_UDP_PROTO           ? r->udp
							: 0;

		if (r->program == program && !r->unregistered && port != 0)
			return port;
	}
	return 0;
}

static enum rpc_status
getport(struct rpc_call *c, struct pen *out)
{
	uint32_t program = view_u32(&c->args), proto;

	(void)view_u32(&c->args); /* version */
	proto = view_u32(&c->args);
	(void)view_u32(&c->args); /* port: no meaning here */
	if (c->args.over)
		return RPC_GARBAGE_ARGS;
	pen_u32(out, port_find(c->host->persona->conf, program, proto));
	return RPC_SUCCESS;
}

static enum rpc_status
procedure_call(struct rpc_call *c, struct pen *out)
{
	switch (c->proc) {
	case PROC_NULL:
		return RPC_SUCCESS;
	case PROC_SET:
	case PROC_UNSET:
		c->host->harm.forbidden_calls++;
		pen_u32(out, 0);
		return RPC_SUCCESS;
	case PROC_GETPORT:
		return getport(c, out);
	case PROC_DUMP:
		dump_write(c->host->persona->conf, out);
		return RPC_SUCCESS;
	case PROC_CALLIT:
		c->host->harm.forbidden_calls++;
		return c->is_tcp ? RPC_PROC_UNAVAIL : RPC_NO_ANSWER;
	default:
		return RPC_PROC_UNAVAIL;
	}
}

static enum rpc_status
portmapper_call(struct rpc_call *c, struct pen *out)
{
	const struct conf_rpc *own = own_entry(c->host->persona->conf);

	if (c->program != RPC_PORTMAPPER)
		return RPC_PROG_UNAVAIL;
	if (c->version == VERSION)
		return procedure_call(c, out);
	c->low = c->high = VERSION;
	for (uint32_t i = 0; own != NULL && i < own->versions_count; i++) {
		uint32_t v = own->versions[i];

		if (v == c->version && v > VERSION)
			return rpcbind_call(c, out);
		if (v > c->high)
			c->high = v;
	}
	return RPC_PROG_MISMATCH;
}

static void
portmapper_data(struct conn *c, const uint8_t *bytes, size_t len)
{
	rpc_stream_data(c, bytes, len, portmapper_call);
}

static void
portmapper_udp(const struct datagram *d)
{
	rpc_datagram(d, portmapper_call);
}

const struct service service_portmapper = {
	.name = "portmapper",
	.speaks = true,
	.state_size = sizeof(struct rpc_stream),
	.data = portmapper_data,
	.gone = rpc_stream_gone,
	.datagram = portmapper_udp,
};
