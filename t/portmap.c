/* SPDX-License-Identifier: ISC */
/* portmap: the DUMP call, and maps whole, cut, odd and in pieces. */
#include "t/converse.h"

static struct converse c;
static const struct ask tcp = { .cookie = 0x11223344, .port = 111 };
static const struct ask udp = {
	.cookie = 0x11223344, .port = 111, .via_udp = true
};

/* clang-format off */
#define XID 0x11, 0x22, 0x33, 0x44
#define WORD(n) 0, 0, (n) >> 8, (n) & 0xff
#define ENTRY(program, version, protocol, port) \
	WORD(1), 0, 1, 0x86, 0xa0 + (program), WORD(version), \
	WORD(protocol), WORD(port)

static const uint8_t call[] = {
	0x80, 0, 0, 40, XID, WORD(0), WORD(2), 0, 1, 0x86, 0xa0, WORD(2),
	WORD(4), WORD(0), WORD(0), WORD(0), WORD(0) };

static const uint8_t map[] = {
	XID, WORD(1), WORD(0), WORD(0), WORD(0), WORD(0),
	ENTRY(0, 2, 6, 111),
	ENTRY(0, 2, 17, 111),
	ENTRY(4, 2, 17, 654),
	ENTRY(4, 1, 17, 654),
	ENTRY(4, 2, 6, 655),
	ENTRY(5, 1, 6, 733),
	ENTRY(4, 1, 6, 655),
	ENTRY(5, 3, 6, 733),
	ENTRY(7, 2, 99, 700),	/* neither TCP nor UDP */
	WORD(0) };

static const uint8_t denied[] = {
	XID, WORD(1), WORD(1), WORD(1), WORD(5) };
/* clang-format on */

/* A map that names version 4 of the portmapper itself, and what that lists. */
/* clang-format off */
static const uint8_t newer_map[] = {
	XID, WORD(1), WORD(0), WORD(0), WORD(0), WORD(0),
	ENTRY(0, 4, 17, 111),
	ENTRY(0, 2, 17, 111),
	ENTRY(4, 2, 17, 654),
	WORD(0) };

static const uint8_t newer_call[] = {
	0x11, 0x22, 0x33, 0x45, WORD(0), WORD(2), 0, 1, 0x86, 0xa0, WORD(4),
	WORD(4), WORD(0), WORD(0), WORD(0), WORD(0) };

/* clang-format on */

#define MAP_LEARNT(transport)                                  \
	transport "/111 rpc.speaks=yes\n" transport            \
		  "/111 port.speaks=rpc\n" transport           \
		  "/111 rpc.portmapper=" transport "\n"        \
		  "tcp/111 rpc.program=100000 portmapper v2\n" \
		  "udp/111 rpc.program=100000 portmapper v2\n" \
		  "udp/654 rpc.program=100004 ypserv v1-2\n"   \
		  "tcp/655 rpc.program=100004 ypserv v1-2\n"   \
		  "tcp/733 rpc.program=100005 mountd v1,3\n"

enum { MARK = 0x80 };

/* Writes the map as records of fragment bytes each.  Returns the length. */
static size_t
fragments(uint8_t *out, size_t fragment)
{
	size_t used = 0;

	for (size_t at = 0; at < sizeof(map); at += fragment) {
		size_t len = sizeof(map) - at;
		bool is_last = len <= fragment;

		if (!is_last)
			len = fragment;
		out[used] = is_last ? MARK : 0;
		out[used + 1] = 0;
		out[used + 2] = (uint8_t)(len >> 8);
		out[used + 3] = (uint8_t)len;
		memcpy(out + used + 4, map + at, len);
		used += 4 + len;
	}
	return used;
}

/* One entry of a list with universal addresses. */
static void
list_entry(struct wr *w, uint32_t program, uint32_t version, const char *netid,
    const char *address)
{
	const char *const texts[] = { netid, address, "superuser" };

	wr_u32(w, 1);
	wr_u32(w, program);
	wr_u32(w, version);
	for (size_t i = 0; i < 3; i++) {
		size_t len = strlen(texts[i]);

		wr_u32(w, (uint32_t)len);
		wr_bytes(w, texts[i], len);
		wr_bytes(w, "\0\0\0", (4 - len % 4) % 4);
	}
}

/* What rpcbind lists, to the second call: returns its length. */
static size_t
list_make(uint8_t *room, size_t size)
{
	struct wr w = { .at = room, .left = size };
	static const uint8_t head[] = { 0x11, 0x22, 0x33, 0x45, WORD(1),
		WORD(0), WORD(0), WORD(0), WORD(0) };

	wr_bytes(&w, head, sizeof(head));
	list_entry(&w, 100000, 4, "udp6", "::.0.111");
	list_entry(&w, 100000, 4, "local", "/run/rpcbind.sock");
	list_entry(&w, 100004, 2, "udp", "0.0.0.0.2.142");
	list_entry(&w, 100004, 1, "tcp6", "::.2.180");
	list_entry(&w, 100004, 2, "tcp6", "::.2.180");
	list_entry(&w, 100005, 3, "tcp", "nonsense");
	list_entry(&w, 100005, 3, "tcp", "0.0.0.0.2.256");
	wr_u32(&w, 0);
	ck_assert(wr_ok(&w));
	return w.used;
}

#define NEWER_LEARNT                                   \
	"udp/111 rpc.speaks=yes\n"                     \
	"udp/111 port.speaks=rpc\n"                    \
	"udp/111 rpc.portmapper=udp\n"                 \
	"udp/111 rpc.program=100000 portmapper v2,4\n" \
	"udp/654 rpc.program=100004 ypserv v2\n"

/* The list adds what the map could not name, and nothing twice. */
START_TEST(a_newer_version_is_asked_as_well)
{
	uint8_t list[1024];
	size_t len = list_make(list, sizeof(list));

	converse_open(&c, &probe_portmap, &udp);
	ck_assert_int_eq(
	    converse_hear(&c, newer_map, sizeof(newer_map)), STEP_WAIT);
	converse_said(&c, newer_call, sizeof(newer_call));
	ck_assert_int_eq(
	    converse_hear(&c, newer_map, sizeof(newer_map)), STEP_WAIT);
	ck_assert_uint_eq(c.said_len, 0);
	ck_assert_int_eq(converse_hear(&c, list, len), STEP_DONE);
	converse_expect(&c,
	    NEWER_LEARNT "udp/111 rpc.portmapper=udp, version 4\n"
			 "tcp/692 rpc.program=100004 ypserv v1-2\n");
	/* Silence to it takes nothing away, and nothing is asked again. */
	converse_open(&c, &probe_portmap, &udp);
	converse_hear(&c, newer_map, sizeof(newer_map));
	ck_assert_int_eq(converse_turn(&c, TURN_QUIET), STEP_DONE);
	ck_assert_uint_eq(c.said_len, 0);
	converse_expect(&c, NEWER_LEARNT);
}
END_TEST

/* The same over TCP, where the second reply comes behind the first. */
START_TEST(a_newer_version_over_tcp)
{
	uint8_t list[1028] = { MARK }, first[sizeof(newer_map) + 4] = { MARK };
	size_t len = list_make(list + 4, sizeof(list) - 4);

	list[2] = (uint8_t)(len >> 8);
	list[3] = (uint8_t)len;
	first[3] = sizeof(newer_map);
	memcpy(first + 4, newer_map, sizeof(newer_map));
	converse_open(&c, &probe_portmap, &tcp);
	ck_assert_int_eq(converse_hear(&c, first, sizeof(first)), STEP_WAIT);
	ck_assert_uint_eq(c.said_len, sizeof(newer_call) + 4);
	ck_assert_int_eq(converse_dribble(&c, list, len + 4), STEP_DONE);
	ck_assert_ptr_nonnull(facts_get(c.facts, FACT_RPC_PORTMAPPER));
	ck_assert_uint_eq(facts_count(c.facts), 7);
	for (size_t cut = 0; cut < len + 4; cut++) {
		converse_open(&c, &probe_portmap, &tcp);
		converse_hear(&c, first, sizeof(first));
		converse_hear(&c, list, cut);
		if (c.step == STEP_WAIT)
			converse_turn(&c, TURN_EOF);
		ck_assert_int_ne(c.step, STEP_WAIT);
	}
}
END_TEST

/* Version 2 is refused, and what there is told. */
START_TEST(version_2_may_be_gone)
{
	static const uint8_t mismatch[] = { XID, WORD(1), WORD(0), WORD(0),
		WORD(0), WORD(2), WORD(3), WORD(4) };
	static const uint8_t none[] = { XID, WORD(1), WORD(0), WORD(0), WORD(0),
		WORD(2), WORD(7), WORD(9) };
	uint8_t list[1024];
	size_t len = list_make(list, sizeof(list));

	converse_open(&c, &probe_portmap, &udp);
	ck_assert_int_eq(
	    converse_hear(&c, mismatch, sizeof(mismatch)), STEP_WAIT);
	converse_said(&c, newer_call, sizeof(newer_call));
	ck_assert_int_eq(converse_hear(&c, list, len), STEP_DONE);
	converse_expect(&c,
	    "udp/111 rpc.speaks=yes\n"
	    "udp/111 port.speaks=rpc\n"
	    "udp/111 rpc.refused=other versions: 3-4\n"
	    "udp/111 rpc.portmapper=udp, version 4\n"
	    "udp/111 rpc.program=100000 portmapper v4\n"
	    "udp/654 rpc.program=100004 ypserv v2\n"
	    "tcp/692 rpc.program=100004 ypserv v1-2\n");
	converse_open(&c, &probe_portmap, &udp);
	ck_assert_int_eq(converse_hear(&c, none, sizeof(none)), STEP_DONE);
	converse_batter(&probe_portmap, &udp, mismatch, sizeof(mismatch));
}
END_TEST

START_TEST(a_list_battered)
{
	uint8_t list[1024];
	size_t len = list_make(list, sizeof(list));
	const struct rpc_guess four = { 100000, 4 };
	struct ask overheard = udp;

	overheard.cookie++;
	overheard.is_overheard = true;
	overheard.guesses = &four;
	overheard.guesses_len = 1;
	converse_open(&c, &probe_portmap, &overheard);
	ck_assert_int_eq(converse_hear(&c, list, len), STEP_DONE);
	converse_expect(&c,
	    "udp/111 rpc.speaks=yes\n"
	    "udp/111 port.speaks=rpc\n"
	    "udp/111 rpc.portmapper=udp, version 4\n"
	    "udp/111 rpc.program=100000 portmapper v4\n"
	    "udp/654 rpc.program=100004 ypserv v2\n"
	    "tcp/692 rpc.program=100004 ypserv v1-2\n");
	converse_batter(&probe_portmap, &overheard, list, len);
}
END_TEST

START_TEST(call_is_the_standard_s)
{
	ck_assert_int_eq(converse_open(&c, &probe_portmap, &tcp), STEP_WAIT);
	converse_said(&c, call, sizeof(call));
	ck_assert_int_eq(converse_open(&c, &probe_portmap, &udp), STEP_WAIT);
	converse_said(&c, call + 4, sizeof(call) - 4);
}
END_TEST

START_TEST(map_over_udp)
{
	converse_open(&c, &probe_portmap, &udp);
	ck_assert_int_eq(converse_hear(&c, map, sizeof(map)), STEP_DONE);
	ck_assert_uint_eq(c.said_len, 0);
	converse_expect(&c, MAP_LEARNT("udp"));
}
END_TEST

START_TEST(map_over_tcp_in_any_fragments)
{
	static uint8_t stream[6 * sizeof(map)];

	for (size_t fragment = 1; fragment <= sizeof(map); fragment++) {
		size_t len = fragments(stream, fragment);

		converse_open(&c, &probe_portmap, &tcp);
		ck_assert_int_eq(converse_hear(&c, stream, len), STEP_DONE);
		converse_expect(&c, MAP_LEARNT("tcp"));
		converse_open(&c, &probe_portmap, &tcp);
		ck_assert_int_eq(converse_hear(&c, stream, len - 1), STEP_WAIT);
		ck_assert_int_eq(
		    converse_hear(&c, stream + len - 1, 1), STEP_DONE);
		converse_expect(&c, MAP_LEARNT("tcp"));
	}
}
END_TEST

START_TEST(map_a_byte_at_a_time)
{
	static uint8_t stream[6 * sizeof(map)];
	size_t len = fragments(stream, 100);

	converse_open(&c, &probe_portmap, &tcp);
	ck_assert_int_eq(converse_dribble(&c, stream, len), STEP_DONE);
	ck_assert_uint_eq(c.heard, len);
	converse_expect(&c, MAP_LEARNT("tcp"));
}
END_TEST

START_TEST(a_stray_datagram_is_passed_over)
{
	uint8_t stray[sizeof(map)];

	memcpy(stray, map, sizeof(map));
	stray[3] ^= 1;
	converse_open(&c, &probe_portmap, &udp);
	ck_assert_int_eq(converse_hear(&c, stray, sizeof(stray)), STEP_WAIT);
	converse_expect(&c, "");
	ck_assert_int_eq(converse_hear(&c, map, sizeof(map)), STEP_DONE);
	converse_expect(&c, MAP_LEARNT("udp"));
	/* On a stream nothing strays. */
	converse_open(&c, &probe_portmap, &tcp);
	memcpy(stray, "\x80\0\0\x20", 4);
	ck_assert_int_eq(converse_hear(&c, stray, sizeof(stray)), STEP_ABORT);
	converse_expect(&c, "");
}
END_TEST

START_TEST(udp_is_asked_twice)
{
	converse_open(&c, &probe_portmap, &udp);
	ck_assert_int_eq(converse_turn(&c, TURN_QUIET), STEP_WAIT);
	converse_said(&c, call + 4, sizeof(call) - 4);
	ck_assert_int_eq(converse_turn(&c, TURN_QUIET), STEP_DONE);
	ck_assert_uint_eq(c.said_len, 0);
	converse_expect(&c, "");
	converse_open(&c, &probe_portmap, &tcp);
	ck_assert_int_eq(converse_turn(&c, TURN_QUIET), STEP_DONE);
	ck_assert_uint_eq(c.said_len, 0);
}
END_TEST

START_TEST(a_cut_map_keeps_no_entry)
{
	for (size_t cut = 24; cut < sizeof(map); cut++) {
		converse_open(&c, &probe_portmap, &udp);
		ck_assert_int_eq(converse_hear(&c, map, cut), STEP_ABORT);
		ck_assert_str_eq(
		    facts_get(c.facts, FACT_RPC_PORTMAPPER), "udp");
		ck_assert_ptr_nonnull(facts_get(c.facts, FACT_RPC_BROKEN));
		ck_assert_ptr_null(facts_get(c.facts, FACT_RPC_PROGRAM));
	}
}
END_TEST

START_TEST(denial_and_empty_map)
{
	uint8_t empty[28];

	converse_open(&c, &probe_portmap, &udp);
	ck_assert_int_eq(converse_hear(&c, denied, sizeof(denied)), STEP_DONE);
	converse_expect(&c,
	    "udp/111 rpc.speaks=yes\n"
	    "udp/111 port.speaks=rpc\n"
	    "udp/111 rpc.refused=denied: authentication status 5\n");
	memcpy(empty, map, 24);
	memset(empty + 24, 0, 4);
	converse_open(&c, &probe_portmap, &udp);
	ck_assert_int_eq(converse_hear(&c, empty, sizeof(empty)), STEP_DONE);
	ck_assert_str_eq(facts_get(c.facts, FACT_RPC_PORTMAPPER), "udp");
	ck_assert_ptr_null(facts_get(c.facts, FACT_RPC_BROKEN));
}
END_TEST

START_TEST(a_map_without_end_is_bounded)
{
	static uint8_t endless[24 + 20 * 2000];

	memcpy(endless, map, 24);
	for (unsigned i = 0; i < 2000; i++) {
		uint8_t *e = endless + 24 + 20 * (size_t)i;

		memcpy(e, map + 24, 20);
		e[18] = (uint8_t)(i >> 8);
		e[19] = (uint8_t)i;
	}
	converse_open(&c, &probe_portmap, &udp);
	converse_hear(&c, endless, sizeof(endless));
	ck_assert_str_eq(facts_get(c.facts, FACT_RPC_BROKEN),
	    "map too long after 512 entries");
	/* As many as are read, and one listener each. */
	converse_open(&c, &probe_portmap, &udp);
	memset(endless + 24 + 20 * 512, 0, 4);
	converse_hear(&c, endless, 24 + 20 * 512 + 4);
	ck_assert_ptr_null(facts_get(c.facts, FACT_RPC_BROKEN));
	ck_assert_uint_eq(facts_count(c.facts), 3 + VISIT_RPC_MAX);
}
END_TEST

START_TEST(battered)
{
	static uint8_t stream[6 * sizeof(map)];
	size_t len = fragments(stream, 50);

	converse_batter(&probe_portmap, &tcp, stream, len);
	converse_batter(&probe_portmap, &udp, map, sizeof(map));
	converse_batter(&probe_portmap, &udp, denied, sizeof(denied));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { call_is_the_standard_s, map_over_udp,
		map_over_tcp_in_any_fragments, map_a_byte_at_a_time,
		a_stray_datagram_is_passed_over, udp_is_asked_twice,
		a_cut_map_keeps_no_entry, denial_and_empty_map,
		a_map_without_end_is_bounded, battered,
		a_newer_version_is_asked_as_well, a_newer_version_over_tcp,
		version_2_may_be_gone, a_list_battered, NULL };

	return unit_run("portmap", tests);
}
