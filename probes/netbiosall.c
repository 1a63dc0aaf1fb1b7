/* SPDX-License-Identifier: ISC */
/*
 * netbiosall - ask all of a segment at once for NetBIOS nodes.
 *
 * A question for the name "*" to the segment's broadcast address, as a machine
 * asks that looks for others; every node answers with its address.
 *
 * Source: RFC 1002, 4.2.12 and 4.2.13.  Sizes: question 50 bytes, answer 62.
 */
#include "probes/netbios.h"

static bool
netbiosall_build(struct wr *w, const struct ask *ask)
{
	netbios_ask(w, (uint16_t)ask->cookie, NETBIOS_NB, true);
	return wr_ok(w);
}

static enum reply
netbiosall_parse(struct rd r, const struct ask *ask, struct facts *facts)
{
	struct rd all = r;
	enum reply reply =
	    netbios_answer(&r, (uint16_t)ask->cookie, NETBIOS_NB);

	if (reply == REPLY_OK)
		facts_printf(
		    facts, FACT_PORT_SPEAKS, all.at, all.left, "netbios");
	if (reply == REPLY_BAD)
		facts_printf(facts, FACT_NETBIOS_BROKEN, all.at, all.left,
		    "answer cut at %zu bytes", all.left);
	return reply;
}

static const uint16_t udp_ports[] = { 137, 0 };

const struct probe probe_netbiosall = {
	.name = "netbiosall",
	.summary = "all NetBIOS nodes of a segment, with --broadcast only",
	.via = VIA_BROADCAST,
	.impact = IMPACT_QUERY,
	.udp_ports = udp_ports,
	.packets_max = 1,
	.build = netbiosall_build,
	.parse = netbiosall_parse,
};
