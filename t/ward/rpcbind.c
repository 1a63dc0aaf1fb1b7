/* SPDX-License-Identifier: ISC */
/*
 * rpcbind - versions 3 and 4 of program 100000 (RFC 1833, chapter 2), for the
 * personalities that claim them: NULL, GETADDR and DUMP.  Addresses are
 * strings there: "10.16.12.20.0.111" is port 111.
 */
#include <stdio.h>

#include "net.h"
#include "rpc.h"
#include "ward.h"

enum {
	PROC_NULL = 0,
	PROC_SET = 1,
	PROC_UNSET = 2,
	PROC_GETADDR = 3,
	PROC_DUMP = 4,
	PROC_BCAST = 5,
	PROC_INDIRECT = 10,
	TEXT_MAX = 64,
	ANY_HOST = 0,
};

static void
text_write(struct pen *out, const char *s)
{
	size_t len = strlen(s);

	pen_u32(out, (uint32_t)len);
	pen_bytes(out, s, len);
	pen_fill(out, 0, (4 - len % 4) % 4);
}

/* A port of 0 is written as the empty string: not there. */
static void
address_write(struct pen *out, uint32_t addr, uint16_t port)
{
	unsigned high = port >> 8, low = port & 255;
	char text[TEXT_MAX];

	snprintf(text, sizeof(text), "%u.%u.%u.%u.%u.%u", addr >> 24,
	    addr >> 16 & 255, addr >> 8 & 255, addr & 255, high, low);
	text_write(out, port ? text : "");
}

static void
entry_write(struct pen *out, const struct conf_rpc *r, uint32_t version,
    const char *netid, uint16_t port)
{
	if (port == 0)
		return;
	pen_u32(out, 1); /* one more follows */
	pen_u32(out, r->program);
	pen_u32(out, version);
	text_write(out, netid);
	address_write(out, ANY_HOST, port);
	text_write(out, "superuser");
}

static enum rpc_status
dump(const struct conf_persona *p, struct pen *out)
{
	for (uint32_t i = 0; i < p->rpc_count; i++) {
		const struct conf_rpc *r = &p->rpc[i];

		for (uint32_t v = 0; v < r->versions_count; v++) {
			if (r->unregistered)
				continue;
			entry_write(out, r, r->versions[v], "udp", r->udp);
			entry_write(out, r, r->versions[v], "tcp", r->tcp);
		}
	}
	pen_u32(out, 0);
	return RPC_SUCCESS;
}

static enum rpc_status
getaddr(struct rpc_call *c, struct pen *out)
{
	const struct conf_persona *p = c->host->persona->conf;
	uint32_t program = view_u32(&c->args);
	const uint8_t *netid;
	size_t len = 0;
	uint16_t port = 0;

	(void)view_u32(&c->args); /* version */
	netid = rpc_string(&c->args, TEXT_MAX, &len);
	if (netid == NULL)
		return RPC_GARBAGE_ARGS;
	for (uint32_t i = 0; i < p->rpc_count && port == 0; i++) {
		const struct conf_rpc *r = &p->rpc[i];

		if (r->program != program || r->unregistered || len != 3)
			continue;
		if (memcmp(netid, "tcp", 3) == 0)
			port = r->tcp;
		else if (memcmp(netid, "udp", 3) == 0)
			port = r->udp;
	}
	address_write(out, c->host->addr, port);
	return RPC_SUCCESS;
}

enum rpc_status
rpcbind_call(struct rpc_call *c, struct pen *out)
{
	switch (c->proc) {
	case PROC_NULL:
		return RPC_SUCCESS;
	case PROC_GETADDR:
		return getaddr(c, out);
	case PROC_DUMP:
		return dump(c->host->persona->conf, out);
	case PROC_SET:
	case PROC_UNSET:
		c->host->harm.forbidden_calls++;
		pen_u32(out, 0);
		return RPC_SUCCESS;
	case PROC_BCAST:
	case PROC_INDIRECT:
		c->host->harm.forbidden_calls++;
		return RPC_PROC_UNAVAIL;
	default:
		return RPC_PROC_UNAVAIL;
	}
}
