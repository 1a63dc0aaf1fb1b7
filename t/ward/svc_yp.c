/* SPDX-License-Identifier: ISC */
/*
 * NIS: what ypserv (program 100004) and ypbind (100007) do beyond NULL.
 *
 * Asking whether a domain is served, for a domain somebody was told of, is
 * all a guest may do.  Every other procedure reads or changes the maps, or
 * leaves a line in the server's log; they are counted and get an error.
 */
#include "bytes.h"
#include "net.h"
#include "rpc.h"
#include "ward.h"

enum {
	YP_DOMAIN = 1,
	YP_DOMAIN_NONACK = 2,
	YP_FIRST_MAP_PROC = 3,
	YP_LAST_PROC = 11,
	YP_DOMAIN_MAX = 64,
	YP_NODOM = -2,
	BIND_DOMAIN = 1,
	BIND_SETDOM = 2,
	BIND_SUCCESS = 1,
	BIND_FAILURE = 2,
	BIND_NO_SERVER = 2,
};

/* Returns false when the arguments hold no domain name at all. */
static bool
domain_read(struct rpc_call *c, bool *is_served)
{
	const char *own = c->host->persona->conf->nis_domain;
	const uint8_t *name;
	size_t len;

	name = rpc_string(&c->args, YP_DOMAIN_MAX, &len);
	if (name == NULL)
		return false;
	*is_served =
	    own != NULL && strlen(own) == len && memcmp(own, name, len) == 0;
	return true;
}

enum rpc_status
yp_serv(struct rpc_call *c, struct pen *out)
{
	bool is_served;

	if (c->proc >= YP_FIRST_MAP_PROC && c->proc <= YP_LAST_PROC) {
		c->host->harm.forbidden_calls++;
		pen_u32(out, (uint32_t)YP_NODOM);
		return RPC_SUCCESS;
	}
	if (c->proc != YP_DOMAIN && c->proc != YP_DOMAIN_NONACK)
		return RPC_PROC_UNAVAIL;
	if (!domain_read(c, &is_served))
		return RPC_GARBAGE_ARGS;
	if (c->proc == YP_DOMAIN_NONACK && !is_served) {
		/* Meant for broadcasts: the real one complains in its log. */
		c->host->harm.forbidden_calls++;
		return RPC_GARBAGE_ARGS;
	}
	pen_u32(out, is_served);
	return RPC_SUCCESS;
}

/* This host's own server is the one it is bound to. */
static void
binding_write(const struct rpc_call *c, struct pen *out)
{
	const struct conf_persona *p = c->host->persona->conf;
	uint16_t port = 0;

	for (uint32_t i = 0; i < p->rpc_count; i++)
		if (p->rpc[i].kind == RPC_YPSERV)
			port = p->rpc[i].udp;
	pen_u32(out, BIND_SUCCESS);
	pen_u32(out, c->host->addr);
	pen_u16(out, port);
	pen_u16(out, 0); /* to the next word */
}

enum rpc_status
yp_bind(struct rpc_call *c, struct pen *out)
{
	bool is_served;

	if (c->proc == BIND_SETDOM) {
		c->host->harm.forbidden_calls++;
		return RPC_SUCCESS;
	}
	if (c->proc != BIND_DOMAIN)
		return RPC_PROC_UNAVAIL;
	if (!domain_read(c, &is_served))
		return RPC_GARBAGE_ARGS;
	if (is_served) {
		binding_write(c, out);
	} else {
		pen_u32(out, BIND_FAILURE);
		pen_u32(out, BIND_NO_SERVER);
	}
	return RPC_SUCCESS;
}
