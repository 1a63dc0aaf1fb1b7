/* SPDX-License-Identifier: ISC */
/* advantagenet: the note's beacon, and what is none. */
#include <stdlib.h>
#include <string.h>

#include "scanner/probe.h"
#include "scanner/ttl.h"
#include "t/unit.h"

/* The payload as the origin note has it: 26 bytes seen of 46. */
static const uint8_t beacon[46] = { 0, 0, 0, 0x7e, 0, 0, 5, 0xe8, 'N', 'M', 'R',
	'1', 0, 0, 'I', 'C', '0' };
enum { SEEN = 26, FIELDS = 18 };

static struct facts *facts;

static enum reply
hear(const void *payload, size_t len, struct heard h)
{
	const uint8_t *edge = at_the_edge(payload, len);
	enum reply reply;

	if (facts == NULL)
		facts = facts_new();
	ck_assert_ptr_nonnull(facts);
	h.payload = (struct rd){ .at = edge, .left = len };
	facts_begin(
	    facts, (struct about){ ABOUT_UDP, h.destination_port }, edge, len);
	reply = probe_advantagenet.hear(&h, facts);
	if (reply == REPLY_OTHER)
		ck_assert_uint_eq(facts_count(facts), 0);
	unit_edge_free();
	return reply;
}

static const struct heard note = { .source = 0x80e7d504,
	.destination = 0x80e7d400,
	.source_port = 4277,
	.destination_port = 1600,
	.ttl = 60,
	.ip_id = 24814,
	.checksum_off = true,
	.link_broadcast = true,
	.payload_len = 46 };

static void
expect(enum fact_key key, const char *value)
{
	ck_assert_ptr_nonnull(facts_get(facts, key));
	ck_assert_str_eq(facts_get(facts, key), value);
}

START_TEST(the_note_s_beacon)
{
	ck_assert_int_eq(hear(beacon, SEEN, note), REPLY_OK);
	ck_assert_uint_eq(facts_count(facts), 11);
	for (size_t i = 0; i < 11; i++) {
		ck_assert_int_eq(facts_at(facts, i)->about.kind, ABOUT_UDP);
		ck_assert_uint_eq(facts_at(facts, i)->about.port, 1600);
	}
	expect(FACT_ADVANTAGENET_SUITE, "NMR1");
	expect(FACT_ADVANTAGENET_STATION, "IC0");
	expect(FACT_ADVANTAGENET_ROLE, "independent-console");
	expect(FACT_ADVANTAGENET_WORDS, "0000007e000005e8");
	expect(FACT_ADVANTAGENET_CALLED, "128.231.212.0");
	expect(FACT_ADVANTAGENET_DESTINATION, "host-zeros");
	expect(FACT_ADVANTAGENET_BEACON, "sport=4277 ipid=24814 len=46");
	expect(FACT_UDP_CHECKSUM_OFF, "yes");
	expect(FACT_IP_TTL, "60");
	expect(FACT_IP_TTL_INITIAL, "60,64");
	expect(FACT_PORT_SPEAKS, "advantagenet");
	/* Evidence points at the suite's own bytes. */
	ck_assert_uint_eq(facts_at(facts, 0)->evidence.offset, 8);
	ck_assert_mem_eq(facts_at(facts, 0)->evidence.raw, "NMR1", 4);
}
END_TEST

START_TEST(every_length)
{
	struct heard h = note;

	for (size_t len = 0; len <= sizeof(beacon); len++) {
		h.payload_len = 46; /* cut by a snap length */
		ck_assert_int_eq(
		    hear(beacon, len, h), len < FIELDS ? REPLY_BAD : REPLY_OK);
		h.payload_len = (uint16_t)len; /* sent so short */
		ck_assert_int_eq(hear(beacon, len, h),
		    len < FIELDS ? REPLY_OTHER : REPLY_OK);
	}
	h.payload_len = 46;
	ck_assert_int_eq(hear(beacon, 17, h), REPLY_BAD);
	ck_assert_uint_eq(facts_count(facts), 1);
	expect(FACT_ADVANTAGENET_BROKEN, "17 of 46 bytes seen");
}
END_TEST

START_TEST(what_is_none)
{
	struct heard h = note;
	uint8_t other[46];

	h.destination_port = 1601;
	ck_assert_int_eq(hear(beacon, 46, h), REPLY_OTHER);
	memcpy(other, beacon, 46);
	other[8] = 'n'; /* a suite is in capitals */
	ck_assert_int_eq(hear(other, 46, note), REPLY_OTHER);
	ck_assert_int_eq(hear(other, 12, note), REPLY_OTHER);
	memcpy(other, beacon, 46);
	other[15] = 0x07; /* a station is printable */
	ck_assert_int_eq(hear(other, 46, note), REPLY_OTHER);
	memcpy(other, beacon, 46);
	other[14] = 0; /* and not empty */
	ck_assert_int_eq(hear(other, 46, note), REPLY_OTHER);
	memset(other, 'A', sizeof(other));
	ck_assert_int_eq(hear(other, 46, note), REPLY_OK);
}
END_TEST

START_TEST(the_tail_and_the_words_are_anything)
{
	uint8_t other[46];

	for (size_t i = 0; i < sizeof(other); i++) {
		if (i >= 8 && i < FIELDS && i != 12 && i != 13)
			continue;
		memcpy(other, beacon, sizeof(other));
		other[i] ^= 0xff;
		ck_assert_int_eq(hear(other, sizeof(other), note), REPLY_OK);
	}
}
END_TEST

START_TEST(roles)
{
	static const struct {
		const char *station, *role;
	} rows[] = {
		{ "OC0", "operator-console" },
		{ "OC", "operator-console" },
		{ "IC9", "independent-console" },
		{ "OW1", "workstation" },
		{ "AW1", "workstation" },
		{ "OCX", "unknown" },
		{ "OC01", "unknown" },
		{ "O", "unknown" },
		{ "MR", "unknown" },
	};
	uint8_t other[46];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memcpy(other, beacon, sizeof(other));
		memset(other + 14, 0, 4);
		memcpy(other + 14, rows[i].station, strlen(rows[i].station));
		ck_assert_int_eq(hear(other, sizeof(other), note), REPLY_OK);
		expect(FACT_ADVANTAGENET_STATION, rows[i].station);
		expect(FACT_ADVANTAGENET_ROLE, rows[i].role);
	}
}
END_TEST

START_TEST(destinations)
{
	static const struct {
		uint32_t to;
		const char *kind;
	} rows[] = {
		{ 0x80e7d400, "host-zeros" },
		{ 0x80e7d4ff, "host-ones" },
		{ 0xffffffff, "limited" },
		{ 0x80e7d405, "unicast" },
	};
	struct heard h = note;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		h.destination = rows[i].to;
		h.checksum_off = false;
		ck_assert_int_eq(hear(beacon, 46, h), REPLY_OK);
		expect(FACT_ADVANTAGENET_DESTINATION, rows[i].kind);
		expect(FACT_UDP_CHECKSUM_OFF, "no");
	}
}
END_TEST

START_TEST(initial_ttls)
{
	static const struct {
		uint8_t ttl;
		const char *far, *near;
	} rows[] = {
		{ 1, "30,32", "1" },
		{ 30, "30,32", "30" },
		{ 31, "32", "31" },
		{ 32, "32", "32" },
		{ 33, "60,64", "33" },
		{ 60, "60,64", "60" },
		{ 61, "64", "61" },
		{ 64, "64", "64" },
		{ 65, "128", "65" },
		{ 128, "128", "128" },
		{ 129, "255", "129" },
		{ 255, "255", "255" },
	};
	char buf[TTL_TEXT];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_str_eq(
		    ttl_initial_text(rows[i].ttl, false, buf), rows[i].far);
		ck_assert_str_eq(
		    ttl_initial_text(rows[i].ttl, true, buf), rows[i].near);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { the_note_s_beacon, every_length,
		what_is_none, the_tail_and_the_words_are_anything, roles,
		destinations, initial_ttls, NULL };

	return unit_run("advantagenet", tests);
}
