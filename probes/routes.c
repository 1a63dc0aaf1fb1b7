/* SPDX-License-Identifier: ISC */
/*
 * routes - routes that hosts and routers broadcast by RIP, UDP 520 (RFC 1058,
 * RFC 2453).
 *
 *	command(1) version(1) zero(2), then entries of 20 bytes: family(2) ...
 *
 * SunOS' in.routed and IRIX' routed send version 1: a request for all routes
 * at start, answers every 30 s where they think they are routers.
 *
 * Limits:    which routes is not told: they are the network's, not the host's.
 *            Heard only, never sent.
 */
#include "scanner/probe.h"

enum {
	PORT = 520,
	REQUEST = 1,
	RESPONSE = 2,
	ENTRY_LEN = 20,
	FAMILY_IP = 2,
	FAMILY_NONE = 0,
	FAMILY_SECRET = 0xffff /* authentication of version 2 */
};

/* Every entry's family has to be one. */
static bool
are_entries(struct rd r)
{
	if (r.left < ENTRY_LEN)
		return false;
	while (r.left >= ENTRY_LEN) {
		uint16_t family = rd_u16(&r);

		if (family != FAMILY_IP && family != FAMILY_NONE &&
		    family != FAMILY_SECRET)
			return false;
		rd_skip(&r, ENTRY_LEN - 2);
	}
	return true;
}

static enum reply
routes_hear(const struct heard *heard, struct facts *facts)
{
	static const struct about about = { ABOUT_UDP, PORT };
	struct rd r = heard->payload;
	uint8_t command = rd_u8(&r), version = rd_u8(&r);

	if (heard->destination_port != PORT || rd_u16(&r) != 0 ||
	    (command != REQUEST && command != RESPONSE) || version < 1 ||
	    version > 2 || !rd_ok(&r) || !are_entries(r))
		return REPLY_OTHER;
	facts_about(facts, about);
	facts_printf(facts, FACT_RIP_ANNOUNCES, heard->payload.at, 4,
	    "version %u, %s", (unsigned)version,
	    command == REQUEST ? "asks for routes" : "tells routes");
	facts_printf(facts, FACT_PORT_SPEAKS, heard->payload.at, 4, "rip");
	return REPLY_OK;
}

static const uint16_t udp_ports[] = { PORT, 0 };

const struct probe probe_routes = {
	.name = "routes",
	.summary = "RIP routes that are broadcast, heard and never sent",
	.via = VIA_LISTEN,
	.impact = IMPACT_PASSIVE,
	.udp_ports = udp_ports,
	.hear = routes_hear,
};
