/* SPDX-License-Identifier: ISC */
/*
 * ssdp - UPnP's announcements and answers, UDP 1900: their SERVER line.
 *
 * Source:    UPnP Device Architecture 1.0, section 1
 * Limits:    searches (M-SEARCH) tell nothing of the searcher but that it is
 *            there.  Heard only, never sent.
 */
#include <string.h>

#include "scanner/probe.h"

enum { PORT = 1900, LINES_MAX = 32 };

static bool
begins(struct rd r, const char *words)
{
	const uint8_t *at = rd_bytes(&r, strlen(words));

	return at != NULL && memcmp(at, words, strlen(words)) == 0;
}

/* Takes the next line off, without its end. */
static struct rd
line_take(struct rd *r)
{
	struct rd line = { .at = r->at };

	while (line.left < r->left && line.at[line.left] != '\n')
		line.left++;
	rd_skip(r, line.left + (line.left < r->left));
	return line;
}

static bool
is_field(struct rd *line, const char *name)
{
	size_t len = strlen(name);

	if (line->left < len)
		return false;
	for (size_t i = 0; i < len; i++) {
		uint8_t c = line->at[i];

		if (c >= 'a' && c <= 'z')
			c = (uint8_t)(c - 'a' + 'A');
		if (c != (uint8_t)name[i])
			return false;
	}
	rd_skip(line, len);
	while (line->left > 0 && *line->at == ' ')
		rd_skip(line, 1);
	return true;
}

static enum reply
ssdp_hear(const struct heard *heard, struct facts *facts)
{
	static const struct about about = { ABOUT_UDP, PORT };
	struct rd r = heard->payload;
	bool is_notice =
	    heard->destination_port == PORT && begins(r, "NOTIFY * HTTP/1.1");
	bool is_answer =
	    heard->source_port == PORT && begins(r, "HTTP/1.1 200 OK");

	if (!is_notice && !is_answer)
		return REPLY_OTHER;
	facts_about(facts, about);
	facts_printf(facts, FACT_PORT_SPEAKS, r.at, 6, "ssdp");
	for (int i = 0; i < LINES_MAX && r.left > 0; i++) {
		struct rd line = line_take(&r);

		if (is_field(&line, "SERVER:"))
			facts_text(facts, FACT_SSDP_SERVER, line.at, line.left);
	}
	return REPLY_OK;
}

static const uint16_t udp_ports[] = { PORT, 0 };

const struct probe probe_ssdp = {
	.name = "ssdp",
	.summary = "UPnP announcements, heard and never sent",
	.via = VIA_LISTEN,
	.impact = IMPACT_PASSIVE,
	.udp_ports = udp_ports,
	.hear = ssdp_hear,
};
