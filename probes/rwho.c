/* SPDX-License-Identifier: ISC */
/*
 * rwho - the status BSD hosts broadcast of themselves, UDP 513.
 *
 *	version(1)=1 type(1)=1 pad(2) sent(4) received(4) host(32)
 *	loads(3*4) booted(4), then a record of 24 bytes for each user
 *
 * SunOS, IRIX, HP-UX and other descendants of 4.2BSD run in.rwhod or rwhod.
 *
 * Source:    the layout of 4.3BSD's protocols/rwhod.h as public manuals and
 *            dissectors describe it
 * Limits:    who is logged in is not read.  Heard only, never sent.
 */
#include "scanner/probe.h"
#include "scanner/text.h"

enum { PORT = 513, HOST_LEN = 32, VERSION = 1, STATUS = 1 };

static size_t
name_len(const uint8_t *s)
{
	size_t len = 0;

	while (len < HOST_LEN && s[len] > ' ' && s[len] < 0x7f)
		len++;
	return len;
}

static void
booted_note(struct facts *facts, uint32_t booted, const uint8_t *at)
{
	char text[TEXT_TIME];

	if (booted != 0)
		facts_printf(facts, FACT_RWHO_BOOTED, at, 4, "%s",
		    text_time((int64_t)booted * 1000000000, text));
}

static enum reply
rwho_hear(const struct heard *heard, struct facts *facts)
{
	static const struct about about = { ABOUT_UDP, PORT };
	struct rd r = heard->payload;
	const uint8_t *host, *at;
	size_t len;

	if (heard->destination_port != PORT || heard->source_port != PORT ||
	    rd_u8(&r) != VERSION || rd_u8(&r) != STATUS)
		return REPLY_OTHER;
	rd_skip(&r, 2 + 4 + 4);
	host = rd_bytes(&r, HOST_LEN);
	rd_skip(&r, 3 * 4);
	at = r.at;
	if (host == NULL)
		return REPLY_OTHER;
	len = name_len(host);
	if (len == 0)
		return REPLY_OTHER;
	facts_about(facts, about);
	facts_text(facts, FACT_RWHO_HOST, host, len);
	facts_printf(facts, FACT_PORT_SPEAKS, heard->payload.at, 2, "rwho");
	booted_note(facts, rd_u32(&r), at);
	return REPLY_OK;
}

static const uint16_t udp_ports[] = { PORT, 0 };

const struct probe probe_rwho = {
	.name = "rwho",
	.summary = "host names BSD hosts broadcast, heard and never sent",
	.via = VIA_LISTEN,
	.impact = IMPACT_PASSIVE,
	.udp_ports = udp_ports,
	.hear = rwho_hear,
};
