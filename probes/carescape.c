/* SPDX-License-Identifier: ISC */
/*
 * carescape - GE CARESCAPE and Unity monitoring networks, heard.
 *
 * Port 2000 carries the network's time: 64 bytes, of which 7 to 10 (counted
 * from 1) are the sender's own address and 25 to 37 its "unit|bed".  Port 7000
 * carries a discovery broadcast whose layout is not known here.
 *
 * Source:    public documents of adapters for these networks; port 7000's
 *            use from the same, its layout not
 * Limits:    a datagram to 2000 counts only where it names its own sender's
 *            address; one to 7000 is told by its port and by being broadcast
 *            alone, and is called no more than that.  The bed is a place, not
 *            a patient; nothing else is read.  Never sent: these monitors are
 *            at patients.
 */
#include "scanner/probe.h"

enum {
	PORT_TIME = 2000,
	PORT_RWHAT = 7000,
	TIME_LEN = 64,
	TO_ADDRESS = 6,
	ADDRESS_TO_UNIT = 14,
	UNIT_LEN = 13
};

static enum reply
time_hear(const struct heard *heard, struct facts *facts)
{
	static const struct about about = { ABOUT_UDP, PORT_TIME };
	struct rd r = heard->payload;
	const uint8_t *unit;
	size_t len = 0;

	rd_skip(&r, TO_ADDRESS);
	if (heard->payload_len != TIME_LEN || rd_u32(&r) != heard->source)
		return REPLY_OTHER;
	rd_skip(&r, ADDRESS_TO_UNIT);
	unit = rd_bytes(&r, UNIT_LEN);
	if (unit == NULL)
		return REPLY_OTHER;
	while (len < UNIT_LEN && unit[len] != 0)
		len++;
	facts_about(facts, about);
	facts_text(facts, FACT_CARESCAPE_UNIT, unit, len);
	facts_printf(facts, FACT_PORT_SPEAKS, heard->payload.at + TO_ADDRESS, 4,
	    "carescape-time");
	return REPLY_OK;
}

static enum reply
carescape_hear(const struct heard *heard, struct facts *facts)
{
	if (heard->destination_port == PORT_TIME)
		return time_hear(heard, facts);
	if (heard->destination_port != PORT_RWHAT || !heard->link_broadcast ||
	    heard->source_port != PORT_RWHAT)
		return REPLY_OTHER;
	facts_about(facts, (struct about){ ABOUT_UDP, PORT_RWHAT });
	facts_printf(facts, FACT_MONITOR_BROADCAST, NULL, 0,
	    "udp/7000, as CARESCAPE's discovery");
	return REPLY_OK;
}

static const uint16_t udp_ports[] = { PORT_TIME, PORT_RWHAT, 0 };

const struct probe probe_carescape = {
	.name = "carescape",
	.summary = "GE patient monitoring networks, heard and never sent",
	.via = VIA_LISTEN,
	.impact = IMPACT_PASSIVE,
	.udp_ports = udp_ports,
	.hear = carescape_hear,
};
