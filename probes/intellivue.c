/* SPDX-License-Identifier: ISC */
/*
 * intellivue - Philips IntelliVue monitors that call, UDP 24005.
 *
 * A monitor broadcasts a Connect Indication to that port.
 *
 * Source:    a public dissector that cites Philips' data export guide
 * Limits:    the payload is not read; port and broadcast are all there is, and
 *            the fact says so.  Never sent: these monitors are at patients.
 */
#include "scanner/probe.h"

enum { PORT = 24005 };

static enum reply
intellivue_hear(const struct heard *heard, struct facts *facts)
{
	if (heard->destination_port != PORT || !heard->link_broadcast ||
	    heard->payload_len == 0)
		return REPLY_OTHER;
	facts_about(facts, (struct about){ ABOUT_UDP, PORT });
	facts_printf(facts, FACT_MONITOR_BROADCAST, NULL, 0,
	    "udp/24005, as IntelliVue's connect indication");
	return REPLY_OK;
}

static const uint16_t udp_ports[] = { PORT, 0 };

const struct probe probe_intellivue = {
	.name = "intellivue",
	.summary = "Philips patient monitors that call, heard and never sent",
	.via = VIA_LISTEN,
	.impact = IMPACT_PASSIVE,
	.udp_ports = udp_ports,
	.hear = intellivue_hear,
};
