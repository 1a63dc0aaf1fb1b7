/* SPDX-License-Identifier: ISC */
/* ntp: a client's question, a server's answer, and nothing else. */
#include "t/converse.h"

static const struct ask ask = { .cookie = 0x01020304,
	.port = 123,
	.via_udp = true,
	.calling_ae = "GANTRY" };
static struct converse c;

/* clang-format off */
static const uint8_t question[48] = { 0x23, [40] = 1, 2, 3, 4,
	0xfe, 0xfd, 0xfc, 0xfb };
static const uint8_t answer[48] = {
	0x24, 2, 6, 0xec, 0, 0, 1, 2, 0, 0, 3, 4,
	10, 1, 2, 3,
	0xe0, 1, 2, 3, 4, 5, 6, 7,
	1, 2, 3, 4, 0xfe, 0xfd, 0xfc, 0xfb,
	0xe0, 1, 2, 3, 4, 5, 6, 7,
	0xe0, 1, 2, 3, 4, 5, 6, 8,
};
/* clang-format on */

START_TEST(version_4_first_then_3_then_no_more)
{
	uint8_t older[sizeof(question)];

	memcpy(older, question, sizeof(older));
	older[0] = 0x1b;
	ck_assert_int_eq(converse_open(&c, &probe_ntp, &ask), STEP_WAIT);
	converse_said(&c, question, sizeof(question));
	ck_assert_int_eq(converse_turn(&c, TURN_QUIET), STEP_WAIT);
	converse_said(&c, older, sizeof(older));
	ck_assert_int_eq(converse_turn(&c, TURN_QUIET), STEP_DONE);
	converse_expect(&c, "");
}
END_TEST

START_TEST(an_answer_is_read)
{
	converse_open(&c, &probe_ntp, &ask);
	ck_assert_int_eq(converse_hear(&c, answer, 48), STEP_DONE);
	converse_expect(&c,
	    "udp/123 port.speaks=ntp\n"
	    "udp/123 ntp.version=4\n"
	    "udp/123 ntp.stratum=2\n"
	    "udp/123 ntp.reference=10.1.2.3\n");
}
END_TEST

START_TEST(a_clock_has_a_code)
{
	uint8_t m[48];

	memcpy(m, answer, sizeof(m));
	m[0] = 0x1c; /* version 3 */
	m[1] = 1;
	memcpy(m + 12, "GPS", 4);
	converse_open(&c, &probe_ntp, &ask);
	ck_assert_int_eq(converse_hear(&c, m, 48), STEP_DONE);
	converse_expect(&c,
	    "udp/123 port.speaks=ntp\n"
	    "udp/123 ntp.version=3\n"
	    "udp/123 ntp.stratum=1\n"
	    "udp/123 ntp.reference=GPS\n");
	m[1] = 0;
	memset(m + 12, 0, 4);
	converse_open(&c, &probe_ntp, &ask);
	converse_hear(&c, m, 48);
	converse_expect(&c,
	    "udp/123 port.speaks=ntp\n"
	    "udp/123 ntp.version=3\n"
	    "udp/123 ntp.stratum=0\n");
}
END_TEST

START_TEST(strays_are_not_ours)
{
	uint8_t m[48];

	memcpy(m, answer, sizeof(m));
	m[24] ^= 1;
	converse_open(&c, &probe_ntp, &ask);
	ck_assert_int_eq(converse_hear(&c, m, 48), STEP_WAIT);
	ck_assert_int_eq(converse_hear(&c, question, 48), STEP_WAIT);
	ck_assert_int_eq(converse_hear(&c, answer, 31), STEP_WAIT);
	ck_assert_int_eq(converse_hear(&c, "", 0), STEP_WAIT);
	converse_expect(&c, "");
	ck_assert_int_eq(converse_hear(&c, answer, 47), STEP_DONE);
	converse_expect(&c,
	    "udp/123 port.speaks=ntp\n"
	    "udp/123 ntp.broken=answer of 47 bytes\n");
}
END_TEST

START_TEST(overheard_questions)
{
	struct rd client = { .at = at_the_edge(question, 48), .left = 48 };
	struct overheard out = { .ask = ask };

	out.ask.cookie = 0;
	ck_assert(probe_ntp.overhear(client, &out));
	ck_assert_uint_eq(out.ask.cookie, ask.cookie);
	client.left = 47;
	ck_assert(!probe_ntp.overhear(client, &out));
}
END_TEST

START_TEST(battered)
{
	converse_batter(&probe_ntp, &ask, answer, sizeof(answer));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { version_4_first_then_3_then_no_more,
		an_answer_is_read, a_clock_has_a_code, strays_are_not_ours,
		overheard_questions, battered, NULL };

	return unit_run("ntp", tests);
}
