/* SPDX-License-Identifier: ISC */
/*
 * arp - who has this address?  The cheapest sign of life on the same link.
 *
 * Source: RFC 826.
 * Limits: description only.  The request is one fixed frame, written where
 * frames are written, and its reply carries no payload: the dispatcher takes
 * the MAC from the decoded header.
 */
#include "scanner/probe.h"

const struct probe probe_arp = {
	.name = "arp",
	.summary = "who has this address, on the same link",
	.via = VIA_ARP,
	.impact = IMPACT_QUERY,
	.wait_ms = 1000,
	.packets_max = 1,
};
