/* SPDX-License-Identifier: ISC */
/*
 * dhcp - what DHCP clients tell of themselves when they ask, UDP 67.
 *
 * A request (RFC 2131) names the client's host name (option 12) and vendor
 * class (option 60, RFC 2132): "MSFT 5.0", "udhcp 1.2", "SUNW.Ultra-1".  A
 * client has no address yet; the one it asks for (option 50) or says it has
 * (ciaddr) is whose facts these are.  One that names none is in the census
 * alone.
 *
 * Limits:    options in the file and server fields (option 52) are not read.
 *            Heard only, never sent.
 */
#include "scanner/probe.h"

enum {
	PORT = 67,
	REQUEST = 1,
	TO_CIADDR = 11,
	CIADDR_TO_OPTIONS = 4 + 4 + 4 + 16 + 64 + 128,
	COOKIE = 0x63825363,
	OPTION_PAD = 0,
	OPTION_HOST_NAME = 12,
	OPTION_ADDRESS = 50,
	OPTION_VENDOR_CLASS = 60,
	OPTION_END = 255,
	OPTIONS_MAX = 64
};

struct request {
	uint32_t address;
	struct rd host, class;
};

static void
option_take(struct request *q, uint8_t code, struct rd value)
{
	if (code == OPTION_HOST_NAME)
		q->host = value;
	else if (code == OPTION_VENDOR_CLASS)
		q->class = value;
	else if (code == OPTION_ADDRESS && value.left == 4)
		q->address = rd_u32(&value);
}

static bool
request_read(struct rd r, struct request *q)
{
	if (rd_u8(&r) != REQUEST)
		return false;
	rd_skip(&r, TO_CIADDR);
	q->address = rd_u32(&r);
	rd_skip(&r, CIADDR_TO_OPTIONS);
	if (rd_u32(&r) != COOKIE)
		return false;
	for (int i = 0; i < OPTIONS_MAX && r.left > 0; i++) {
		uint8_t code = rd_u8(&r);
		size_t len;
		struct rd value;

		if (code == OPTION_PAD)
			continue;
		if (code == OPTION_END)
			break;
		len = rd_u8(&r);
		value = (struct rd){ .at = rd_bytes(&r, len), .left = len };
		if (value.at == NULL)
			break;
		option_take(q, code, value);
	}
	return true;
}

static enum reply
dhcp_hear(const struct heard *heard, struct facts *facts)
{
	struct request q = { 0 };

	if (heard->destination_port != PORT ||
	    !request_read(heard->payload, &q) ||
	    (q.host.left == 0 && q.class.left == 0))
		return REPLY_OTHER;
	facts_about(facts, (struct about){ .kind = ABOUT_HOST });
	facts_text(facts, FACT_DHCP_HOST_NAME, q.host.at, q.host.left);
	facts_text(facts, FACT_DHCP_VENDOR_CLASS, q.class.at, q.class.left);
	if (facts_count(facts) == 0)
		return REPLY_OTHER;
	facts_of(facts, q.address != 0 ? q.address : heard->source);
	return REPLY_OK;
}

static const uint16_t udp_ports[] = { PORT, 0 };

const struct probe probe_dhcp = {
	.name = "dhcp",
	.summary = "what DHCP clients say of themselves, heard and never sent",
	.via = VIA_LISTEN,
	.impact = IMPACT_PASSIVE,
	.udp_ports = udp_ports,
	.hear = dhcp_hear,
};
