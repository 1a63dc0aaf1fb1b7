/* SPDX-License-Identifier: ISC */
/*
 * rpc - whatever RPC programs the personality puts on a port.
 *
 * Every program knows NULL.  The rest is PROC_UNAVAIL, but for the programs
 * of NIS.  Programs marked null_only are those that a call could hurt.
 */
#include "net.h"
#include "rpc.h"
#include "services.h"
#include "ward.h"

static bool
is_version(const struct conf_rpc *r, uint32_t version)
{
	for (uint32_t i = 0; i < r->versions_count; i++)
		if (r->versions[i] == version)
			return true;
	return false;
}

static void
range_widen(struct rpc_call *c, const struct conf_rpc *r)
{
	for (uint32_t i = 0; i < r->versions_count; i++) {
		if (r->versions[i] < c->low)
			c->low = r->versions[i];
		if (r->versions[i] > c->high)
			c->high = r->versions[i];
	}
}

static enum rpc_status
program_call(const struct conf_rpc *r, struct rpc_call *c, struct pen *out)
{
	if (c->proc == 0)
		return RPC_SUCCESS;
	if (r->null_only)
		c->host->harm.forbidden_calls++;
	if (r->kind == RPC_YPSERV)
		return yp_serv(c, out);
	if (r->kind == RPC_YPBIND)
		return yp_bind(c, out);
	return RPC_PROC_UNAVAIL;
}

static enum rpc_status
rpc_call(struct rpc_call *c, struct pen *out)
{
	const struct conf_persona *p = c->host->persona->conf;
	bool has_program = false;

	c->low = UINT32_MAX;
	c->high = 0;
	for (uint32_t i = 0; i < p->rpc_count; i++) {
		const struct conf_rpc *r = &p->rpc[i];

		if (r->program != c->program ||
		    (c->is_tcp ? r->tcp : r->udp) != c->port)
			continue;
		if (is_version(r, c->version))
			return program_call(r, c, out);
		has_program = true;
		range_widen(c, r);
	}
	return has_program ? RPC_PROG_MISMATCH : RPC_PROG_UNAVAIL;
}

static void
rpc_data(struct conn *c, const uint8_t *bytes, size_t len)
{
	rpc_stream_data(c, bytes, len, rpc_call);
}

static void
rpc_udp(const struct datagram *d)
{
	rpc_datagram(d, rpc_call);
}

const struct service service_rpc = {
	.name = "rpc",
	.speaks = true,
	.state_size = sizeof(struct rpc_stream),
	.data = rpc_data,
	.gone = rpc_stream_gone,
	.datagram = rpc_udp,
};
