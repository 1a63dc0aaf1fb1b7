/* SPDX-License-Identifier: ISC */
/* census: protocols, names and shares; frames of every length. */
#include <stdlib.h>
#include <string.h>

#include "scanner/capture.h"
#include "scanner/census.h"
#include "t/unit.h"

enum { SEGMENT_FRAMES = 48, FRAME_ROOM = 512 };
static const char segment[] = "t/data/segment.pcap";

/* Decodes a copy that lies at a page's edge. */
static void
decode(struct frame *frame, const uint8_t *bytes, size_t len, size_t wire_len,
    struct packet *p)
{
	*frame = (struct frame){ .time_ns = 1,
		.number = 1,
		.link_type = 1,
		.bytes = at_the_edge(bytes, len),
		.len = (uint32_t)len,
		.wire_len = (uint32_t)wire_len };
	decode_frame(frame, p);
}

/* A frame of a type or a length, with a beginning. */
static const char *
text_of(uint16_t type, const char *body, size_t len, char *buf)
{
	uint8_t bytes[FRAME_ROOM] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0,
		0, 0, 0, 1, (uint8_t)(type >> 8), (uint8_t)type };
	struct frame frame;
	struct packet p;

	memcpy(bytes + 14, body, len);
	decode(&frame, bytes, 60, 60, &p);
	census_protocol_text(census_protocol_of(&p), buf);
	unit_edge_free();
	return buf;
}

START_TEST(names_of_protocols)
{
	static const struct {
		uint16_t type;
		const char *body;
		size_t len;
		const char *text;
	} cases[] = {
		{ 0x6003, "", 0, "DECnet 60-03" },
		{ 0x6004, "", 0, "LAT 60-04" },
		{ 0x6001, "", 0, "MOP dump/load 60-01" },
		{ 0x6002, "", 0, "MOP remote console 60-02" },
		{ 0x0600, "", 0, "XNS 06-00" },
		{ 0x8137, "", 0, "IPX 81-37" },
		{ 0x809b, "", 0, "AppleTalk 80-9B" },
		{ 0x80f3, "", 0, "AppleTalk ARP 80-F3" },
		{ 0x8035, "", 0, "RARP 80-35" },
		{ 0x1002, "", 0, "trailers 10-02" },
		{ 0x1234, "", 0, "type 12-34" },
		{ 40, "\xff\xff\x00\x28", 4, "IPX raw 802.3" },
		{ 40, "\xe0\xe0\x03", 3, "IPX LLC E0" },
		{ 40, "\xf0\xf0\x03", 3, "NetBEUI LLC F0" },
		{ 40, "\xf1\xf0\x03", 3, "NetBEUI LLC F0" },
		{ 40, "\x42\x42\x03", 3, "spanning tree LLC 42" },
		{ 40, "\x04\x05\x03", 3, "SNA path control LLC 04" },
		{ 40, "\xfe\xfe\x03", 3, "OSI LLC FE" },
		{ 40, "\x9a\x9a\x03", 3, "LLC 9A" },
		{ 40, "\xaa\xaa\x03\x00\x00\x00\x81\x37", 8, "IPX SNAP 81-37" },
		{ 40, "\xaa\xaa\x03\x08\x00\x07\x80\x9b", 8,
		    "AppleTalk SNAP 80-9B" },
		{ 40, "\xaa\xaa\x03\x00\x00\x0c\x20\x00", 8, "CDP SNAP 20-00" },
		{ 40, "\xaa\xaa\x03\x00\xe0\x2b\x00\xbb", 8,
		    "SNAP 00E02B 00-BB" },
		{ 7, "\xaa\xaa\x03\x00\xe0\x2b\x00\xbb", 8,
		    "802.3, cut short" },
		{ 1, "\xe0", 1, "802.3, cut short" },
	};
	char buf[CENSUS_TEXT];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ck_assert_str_eq(
		    text_of(cases[i].type, cases[i].body, cases[i].len, buf),
		    cases[i].text);
}
END_TEST

/* --- the segment of t/data ---------------------------------------------- */

struct load {
	struct census *census;
	struct ledger *ledger;
	size_t frames, names;
};

static void
take(void *arg, const struct frame *frame)
{
	struct load *load = arg;
	struct census_use *use;
	struct packet p;

	load->frames++;
	decode_frame(frame, &p);
	use = census_take(load->census, &p);
	if (use != NULL)
		use->evidence.number = frame->number;
}

static void
read_segment(capture_fn *fn, void *arg)
{
	char error[CAPTURE_ERROR] = "";
	struct capture *c = capture_open_file(segment, error);

	ck_assert_msg(c != NULL, "%s", error);
	ck_assert_int_eq(capture_read(c, 0, fn, arg, error), SEGMENT_FRAMES);
	capture_free(c);
}

static struct load
load_segment(void)
{
	struct load load = { .census = census_new(), .ledger = ledger_new() };

	ck_assert_ptr_nonnull(load.census);
	read_segment(take, &load);
	return load;
}

static const struct census_station *
find(const struct census *c, const char *mac)
{
	struct mac wanted;

	ck_assert(mac_parse(mac, &wanted));
	for (size_t i = 0; i < census_stations(c); i++)
		if (mac_equal(census_station_at(c, i)->mac, wanted))
			return census_station_at(c, i);
	return NULL;
}

START_TEST(counts_a_segment)
{
	struct load load = load_segment();
	const struct census_station *vax;
	const struct census_segment *s;
	double sum = 0;

	census_finish(load.census, NULL, NULL, NULL);
	ck_assert_uint_eq(census_segments(load.census), 1);
	s = census_segment_at(load.census, 0);
	ck_assert_uint_eq(s->count.frames, SEGMENT_FRAMES - 4);
	ck_assert_uint_eq(s->stations, census_stations(load.census));
	ck_assert_uint_eq(s->strangers.frames, 0);
	vax = census_station_at(load.census, 0); /* the loudest */
	ck_assert_ptr_eq(vax, find(load.census, "aa:00:04:00:0c:04"));
	ck_assert_uint_eq(vax->count.group_frames, 13);
	ck_assert_uint_eq(vax->uses_len, 2);
	ck_assert_uint_eq(vax->uses[0].count.frames, 12);
	ck_assert_uint_eq(vax->uses[0].evidence.number, 5);
	ck_assert_str_eq(vax->name, "LAT node MRVAX (Radiology archive)");
	for (size_t i = 0; i < census_stations(load.census); i++)
		sum += census_share(
		    load.census, census_station_at(load.census, i));
	ck_assert(sum > 0.999 && sum < 1.001);
	census_free(load.census);
	ledger_free(load.ledger);
}
END_TEST

static bool
is_the_sun(void *arg, uint32_t address)
{
	(void)arg;
	return address == 0x0a140104;
}

START_TEST(tells_facts)
{
	struct load load = load_segment();
	size_t n, protocols = 0, shares = 0;
	const struct fact *const *f;

	census_finish(load.census, NULL, NULL, NULL);
	census_tell(load.census, load.ledger, NULL, NULL);
	f = ledger_host(load.ledger, 0x0a140104, &n);
	for (size_t i = 0; i < n; i++) {
		protocols += f[i]->key == FACT_LINK_PROTOCOL &&
		    f[i]->evidence.kind == EVIDENCE_FRAME;
		shares += f[i]->key == FACT_LINK_SHARE &&
		    strcmp(f[i]->value, "9.1 %") == 0;
	}
	ck_assert_uint_eq(protocols, 2);
	ck_assert_uint_eq(shares, 1);
	/* ARP alone tells nothing but the share. */
	f = ledger_host(load.ledger, 0x0a14010d, &n);
	ck_assert_uint_eq(n, 1);
	census_free(load.census);
	ledger_free(load.ledger);
}
END_TEST

START_TEST(the_excluded)
{
	struct load load = load_segment();
	const struct census_station *sun;
	size_t n;

	census_finish(load.census, NULL, is_the_sun, NULL);
	census_tell(load.census, load.ledger, NULL, NULL);
	sun = find(load.census, "08:00:20:0a:12:04");
	ck_assert(sun->is_excluded);
	ck_assert_uint_eq(sun->addresses_len, 0);
	ck_assert_uint_eq(sun->count.frames, 4);
	ledger_host(load.ledger, 0x0a140104, &n);
	ck_assert_uint_eq(n, 0);
	census_free(load.census);
	ledger_free(load.ledger);
}
END_TEST

/* Every frame, cut at every length, and as if it had been sent so short. */
static void
cut(void *arg, const struct frame *frame)
{
	struct load *load = arg;
	char name[CENSUS_NAME];

	for (uint32_t len = 0; len <= frame->len; len++) {
		for (int sent = 0; sent < 2; sent++) {
			struct frame f;
			struct packet p;

			decode(&f, frame->bytes, len,
			    sent ? len : frame->wire_len, &p);
			(void)census_take(load->census, &p);
			load->names +=
			    census_name(&p, census_protocol_of(&p), name);
			unit_edge_free();
		}
	}
}

START_TEST(every_truncation)
{
	struct load load = { .census = census_new() };

	read_segment(cut, &load);
	ck_assert_uint_gt(load.names, 0);
	census_free(load.census);
}
END_TEST

START_TEST(more_stations_than_places)
{
	struct census *c = census_new();
	uint8_t bytes[60] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2 };
	const struct census_segment *s;

	bytes[12] = 0x60;
	bytes[13] = 0x04;
	for (unsigned i = 0; i < CENSUS_STATIONS_MAX + 100; i++) {
		struct frame frame = { .number = i + 1,
			.link_type = 1,
			.bytes = bytes,
			.len = sizeof(bytes),
			.wire_len = sizeof(bytes) };
		struct packet p;

		bytes[10] = (uint8_t)(i >> 8);
		bytes[11] = (uint8_t)i;
		decode_frame(&frame, &p);
		(void)census_take(c, &p);
	}
	ck_assert_uint_eq(census_stations(c), CENSUS_STATIONS_MAX);
	s = census_segment_at(c, 0);
	ck_assert_uint_eq(s->count.frames, CENSUS_STATIONS_MAX + 100);
	ck_assert_uint_eq(s->strangers.frames, 100);
	census_finish(c, NULL, NULL, NULL);
	census_free(c);
}
END_TEST

/* A station may send anything: its protocols have a ceiling. */
START_TEST(more_protocols_than_places)
{
	struct census *c = census_new();
	uint8_t bytes[60] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2 };
	const struct census_station *s;

	for (unsigned i = 0; i < 100; i++) {
		struct frame frame = { .number = i + 1,
			.link_type = 1,
			.bytes = bytes,
			.len = sizeof(bytes),
			.wire_len = sizeof(bytes) };
		struct packet p;

		bytes[12] = 0x70;
		bytes[13] = (uint8_t)i;
		decode_frame(&frame, &p);
		(void)census_take(c, &p);
	}
	s = census_station_at(c, 0);
	ck_assert_uint_eq(s->count.frames, 100);
	ck_assert_uint_eq(s->uses_len, CENSUS_USES_MAX);
	ck_assert_uint_eq(s->rest.frames, 100 - CENSUS_USES_MAX);
	census_free(c);
}
END_TEST

START_TEST(addresses_of_decnet)
{
	char buf[CENSUS_DECNET];
	const struct mac node = { { 0xaa, 0, 4, 0, 0x0c, 0x04 } };
	const struct mac last = { { 0xaa, 0, 4, 0, 0xff, 0xff } };
	const struct mac none = { { 0xaa, 0, 4, 0, 0, 0 } };
	const struct mac other = { { 0xaa, 0, 3, 0, 0x0c, 0x04 } };

	ck_assert_str_eq(census_decnet(node, buf), "1.12");
	ck_assert_str_eq(census_decnet(last, buf), "63.1023");
	ck_assert_ptr_null(census_decnet(none, buf));
	ck_assert_ptr_null(census_decnet(other, buf));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { names_of_protocols, counts_a_segment,
		tells_facts, the_excluded, every_truncation,
		more_stations_than_places, more_protocols_than_places,
		addresses_of_decnet, NULL };

	return unit_run("census", tests);
}
