/* SPDX-License-Identifier: ISC */
/* netbiosall: the question for everybody, and whose answers count. */
#include <string.h>

#include "t/datagram.h"

static const struct ask ask = {
	.cookie = 0x11223344, .port = 137, .via_udp = true
};

/* clang-format off */
#define ANY_NAME \
	0x20, 'C', 'K', 'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', \
	'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', \
	'A', 'A', 'A', 'A', 'A', 0
static const uint8_t call[] = { 0x33, 0x44, 0, 0x10, 0, 1, 0, 0, 0, 0, 0, 0,
	ANY_NAME, 0, 0x20, 0, 1 };
static const uint8_t answer[] = { 0x33, 0x44, 0x85, 0, 0, 0, 0, 1, 0, 0, 0, 0,
	ANY_NAME, 0, 0x20, 0, 1, 0, 3, 0xf4, 0x80, 0, 6, 0, 0, 10, 1, 2, 3 };
/* clang-format on */

static struct facts *facts;

static enum reply
parse(const uint8_t *bytes, size_t len)
{
	return datagram_parse(&probe_netbiosall, &ask, bytes, len, &facts);
}

START_TEST(the_question_is_a_broadcast)
{
	datagram_asks(&probe_netbiosall, &ask, call, sizeof(call));
}
END_TEST

START_TEST(an_answer_tells_of_a_node)
{
	ck_assert_int_eq(parse(answer, sizeof(answer)), REPLY_OK);
	ck_assert_str_eq(facts_get(facts, FACT_PORT_SPEAKS), "netbios");
}
END_TEST

START_TEST(others_are_left_alone)
{
	uint8_t bytes[sizeof(answer)];

	memcpy(bytes, answer, sizeof(bytes));
	bytes[1] ^= 1;
	ck_assert_int_eq(parse(bytes, sizeof(bytes)), REPLY_OTHER);
	ck_assert_int_eq(parse(call, sizeof(call)), REPLY_OTHER);
	ck_assert_int_eq(parse(bytes, 0), REPLY_OTHER);
	ck_assert_uint_eq(facts_count(facts), 0);
}
END_TEST

START_TEST(cut_and_spoilt)
{
	uint8_t bytes[sizeof(answer)];

	for (size_t cut = 0; cut < sizeof(answer) - 6; cut++) {
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
	const TTest *const tests[] = { the_question_is_a_broadcast,
		an_answer_tells_of_a_node, others_are_left_alone,
		cut_and_spoilt, NULL };

	return unit_run("netbiosall", tests);
}
