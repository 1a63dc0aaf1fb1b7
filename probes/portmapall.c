/* SPDX-License-Identifier: ISC */
/*
 * portmapall - ask all of a segment at once who has a portmapper.
 *
 * One call of its NULL procedure, which does nothing, to the segment's
 * broadcast address; every host with a portmapper answers for itself.  No
 * other procedure is called so: CALLIT would have each of them call others.
 *
 * Source: RFC 1833, section 3; RFC 5531.  Sizes: call 40 bytes, reply 24.
 */
#include "probes/oncrpc.h"
#include "scanner/rpcnames.h"

enum { PORTMAP_PORT = 111, PORTMAP_VERSION = 2, PROC_NULL = 0 };

static bool
portmapall_build(struct wr *w, const struct ask *ask)
{
	const struct rpc_call call = { ask->cookie, RPC_PORTMAPPER,
		PORTMAP_VERSION, PROC_NULL };

	rpc_call_write(w, true, &call, NULL, 0);
	return wr_ok(w);
}

static enum reply
portmapall_parse(struct rd r, const struct ask *ask, struct facts *facts)
{
	const struct rpc_versions v = { PORTMAP_VERSION, PORTMAP_VERSION };
	char text[RPC_PROGRAM_TEXT];
	struct rpc_reply reply;
	struct rpc_in in;
	size_t len;

	if (rpc_arrived(r, true, ask->cookie, &len) != RPC_WHOLE)
		return REPLY_OTHER;
	rpc_in_begin(&in, r, true);
	rpc_reply_read(&in, &reply);
	if (reply.status == RPC_BROKEN) {
		facts_printf(
		    facts, FACT_RPC_BROKEN, r.at, r.left, "reply that is none");
		return REPLY_BAD;
	}
	facts_flag(facts, FACT_RPC_SPEAKS, true, r.at, r.left);
	facts_printf(facts, FACT_PORT_SPEAKS, r.at, r.left, "rpc");
	if (reply.status == RPC_SUCCESS)
		facts_printf(facts, FACT_RPC_ANSWERED, r.at, r.left, "%s",
		    rpc_program_text(text, RPC_PORTMAPPER, &v, 1));
	return REPLY_OK;
}

static const uint16_t udp_ports[] = { PORTMAP_PORT, 0 };

const struct probe probe_portmapall = {
	.name = "portmapall",
	.summary = "all portmappers of a segment, with --broadcast only",
	.via = VIA_BROADCAST,
	.impact = IMPACT_QUERY,
	.udp_ports = udp_ports,
	.packets_max = 1,
	.build = portmapall_build,
	.parse = portmapall_parse,
};
