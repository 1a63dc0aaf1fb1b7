/* SPDX-License-Identifier: ISC */
/* portmapall: the NULL call for everybody, and whose answers count. */
#include <string.h>

#include "t/datagram.h"

static const struct ask ask = {
	.cookie = 0x11223344, .port = 111, .via_udp = true
};

/* clang-format off */
#define WORD(n) 0, 0, (n) >> 8, (n) & 0xff
static const uint8_t call[] = { 0x11, 0x22, 0x33, 0x44, WORD(0), WORD(2), 0, 1,
	0x86, 0xa0, WORD(2), WORD(0), WORD(0), WORD(0), WORD(0), WORD(0) };
static const uint8_t answer[] = { 0x11, 0x22, 0x33, 0x44, WORD(1), WORD(0),
	WORD(0), WORD(0), WORD(0) };
/* clang-format on */

static struct facts *facts;

static enum reply
parse(const uint8_t *bytes, size_t len)
{
	return datagram_parse(&probe_portmapall, &ask, bytes, len, &facts);
}

START_TEST(the_call_is_null_of_version_2)
{
	datagram_asks(&probe_portmapall, &ask, call, sizeof(call));
}
END_TEST

START_TEST(an_answer_tells_of_a_portmapper)
{
	ck_assert_int_eq(parse(answer, sizeof(answer)), REPLY_OK);
	ck_assert_str_eq(facts_get(facts, FACT_PORT_SPEAKS), "rpc");
	ck_assert_str_eq(
	    facts_get(facts, FACT_RPC_ANSWERED), "100000 portmapper v2");
}
END_TEST

START_TEST(others_are_left_alone)
{
	uint8_t bytes[sizeof(answer)];

	memcpy(bytes, answer, sizeof(bytes));
	bytes[3] ^= 1;
	ck_assert_int_eq(parse(bytes, sizeof(bytes)), REPLY_OTHER);
	ck_assert_int_eq(parse(call, sizeof(call)), REPLY_OTHER);
	ck_assert_int_eq(parse(bytes, 0), REPLY_OTHER);
	ck_assert_uint_eq(facts_count(facts), 0);
}
END_TEST

START_TEST(cut_and_spoilt)
{
	uint8_t bytes[sizeof(answer)];

	for (size_t cut = 0; cut < sizeof(answer); cut++) {
		enum reply reply = parse(answer, cut);

		ck_assert_int_ne(reply, REPLY_OK);
		ck_assert_int_eq(reply == REPLY_OTHER, facts_count(facts) == 0);
	}
	for (size_t i = 0; i < sizeof(answer); i++) {
		memcpy(bytes, answer, sizeof(bytes));
		bytes[i] ^= 0x81;
		parse(bytes, sizeof(bytes));
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { the_call_is_null_of_version_2,
		an_answer_tells_of_a_portmapper, others_are_left_alone,
		cut_and_spoilt, NULL };

	return unit_run("portmapall", tests);
}
