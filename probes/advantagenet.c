/* SPDX-License-Identifier: ISC */
/*
 * advantagenet - the beacon by which GE imaging stations call each other.
 *
 * A Genesis-generation console sends one datagram to UDP port 1600 of its
 * network's old-style broadcast address every two minutes:
 *
 *	 0      4      8      12     14     18
 *	 +------+------+------+------+------+------ - - -
 *	 | word | word | suite| uniq | stat.| tail
 *	 +------+------+------+------+------+------ - - -
 *
 * All big-endian; suite and station are ASCII, the station padded with NUL.
 * The names follow the Genesis suite header (suite id, make-unique flag).
 *
 * Source: observation (SANS, "Port 1600 Scan", about 2000); no public
 * description is known.  Limits: what the two words and the tail mean is not
 * known, so the words are recorded as they are and nothing is asked of the
 * tail, nor of the make-unique flag.  Heard only, never sent.
 */
#include "scanner/probe.h"
#include "scanner/ttl.h"

enum {
	BEACON_PORT = 1600,
	WORDS_LEN = 8,
	SUITE_LEN = 4,
	UNIQUE_LEN = 2,
	STATION_LEN = 4,
	FIELDS_LEN = WORDS_LEN + SUITE_LEN + UNIQUE_LEN + STATION_LEN
};

struct beacon {
	const uint8_t *words, *suite, *station;
	size_t station_len;
};

static bool
is_upper_or_digit(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool
is_suite(const uint8_t *s)
{
	for (size_t i = 0; i < SUITE_LEN; i++)
		if (!is_upper_or_digit(s[i]) && s[i] != '_')
			return false;
	return true;
}

/* Returns the length of a NUL-padded name, or 0 when it is none. */
static size_t
station_len(const uint8_t *s)
{
	size_t len = 0;

	while (len < STATION_LEN && s[len] > ' ' && s[len] < 0x7f)
		len++;
	for (size_t i = len; i < STATION_LEN; i++)
		if (s[i] != 0)
			return 0;
	return len;
}

static const char *
role_text(const uint8_t *s, size_t len)
{
	static const struct {
		char letters[3];
		const char *role;
	} roles[] = {
		{ "OC", "operator-console" },
		{ "IC", "independent-console" },
		{ "OW", "workstation" },
		{ "AW", "workstation" },
	};

	if (len < 2 || len > 3 || (len == 3 && (s[2] < '0' || s[2] > '9')))
		return "unknown";
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (memcmp(s, roles[i].letters, 2) == 0)
			return roles[i].role;
	return "unknown";
}

/* No netmask is known here: the last octet has to tell. */
static const char *
destination_text(uint32_t address)
{
	if (address == UINT32_MAX)
		return "limited";
	if ((address & 0xff) == 0)
		return "host-zeros";
	return (address & 0xff) == 0xff ? "host-ones" : "unicast";
}

static enum reply
beacon_read(struct rd r, struct beacon *b)
{
	b->words = rd_bytes(&r, WORDS_LEN);
	b->suite = rd_bytes(&r, SUITE_LEN);
	if (b->suite != NULL && !is_suite(b->suite))
		return REPLY_OTHER;
	rd_skip(&r, UNIQUE_LEN);
	b->station = rd_bytes(&r, STATION_LEN);
	if (!rd_ok(&r))
		return REPLY_BAD;
	b->station_len = station_len(b->station);
	return b->station_len > 0 ? REPLY_OK : REPLY_OTHER;
}

static void
beacon_note(const struct beacon *b, struct facts *facts)
{
	facts_text(facts, FACT_ADVANTAGENET_SUITE, b->suite, SUITE_LEN);
	facts_text(
	    facts, FACT_ADVANTAGENET_STATION, b->station, b->station_len);
	facts_printf(facts, FACT_ADVANTAGENET_ROLE, b->station, b->station_len,
	    "%s", role_text(b->station, b->station_len));
	facts_hex(facts, FACT_ADVANTAGENET_WORDS, b->words, WORDS_LEN);
	facts_printf(
	    facts, FACT_PORT_SPEAKS, b->words, FIELDS_LEN, "advantagenet");
}

/* What the headers say; h->payload is what the evidence can point at. */
static void
headers_note(const struct heard *h, struct facts *facts)
{
	char ttl[TTL_TEXT];
	const uint8_t *at = h->payload.at;
	uint32_t to = h->destination;

	facts_printf(facts, FACT_ADVANTAGENET_CALLED, NULL, 0, "%u.%u.%u.%u",
	    (unsigned)(to >> 24), (unsigned)(to >> 16 & 0xff),
	    (unsigned)(to >> 8 & 0xff), (unsigned)(to & 0xff));
	facts_printf(facts, FACT_ADVANTAGENET_DESTINATION, NULL, 0, "%s",
	    destination_text(h->destination));
	facts_printf(facts, FACT_ADVANTAGENET_BEACON, at, h->payload.left,
	    "sport=%u ipid=%u len=%u", (unsigned)h->source_port,
	    (unsigned)h->ip_id, (unsigned)h->payload_len);
	facts_flag(facts, FACT_UDP_CHECKSUM_OFF, h->checksum_off, NULL, 0);
	facts_number(facts, FACT_IP_TTL, h->ttl, NULL, 0);
	/* A broadcast may have come through a router: never taken as on-link */
	facts_printf(facts, FACT_IP_TTL_INITIAL, NULL, 0, "%s",
	    ttl_initial_text(h->ttl, false, ttl));
}

static enum reply
advantagenet_hear(const struct heard *heard, struct facts *facts)
{
	static const struct about about = { ABOUT_UDP, BEACON_PORT };
	struct beacon b;
	enum reply reply;

	if (heard->destination_port != BEACON_PORT ||
	    heard->payload_len < FIELDS_LEN)
		return REPLY_OTHER;
	reply = beacon_read(heard->payload, &b);
	if (reply == REPLY_OTHER)
		return reply;
	facts_about(facts, about);
	if (reply == REPLY_BAD) {
		facts_printf(facts, FACT_ADVANTAGENET_BROKEN, heard->payload.at,
		    heard->payload.left, "%zu of %u bytes seen",
		    heard->payload.left, (unsigned)heard->payload_len);
		return reply;
	}
	beacon_note(&b, facts);
	headers_note(heard, facts);
	return REPLY_OK;
}

static const uint16_t udp_ports[] = { BEACON_PORT, 0 };

const struct probe probe_advantagenet = {
	.name = "advantagenet",
	.summary = "GE AdvantageNet beacons, heard and never sent",
	.via = VIA_LISTEN,
	.impact = IMPACT_PASSIVE,
	.udp_ports = udp_ports,
	.hear = advantagenet_hear,
	.heard_anywhere = true,
};
