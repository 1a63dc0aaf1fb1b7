/* SPDX-License-Identifier: ISC */
/* nbstat: one question, a name table read whole or not at all. */
#include "t/converse.h"

static const struct ask ask = { .cookie = 0xaabb1234,
	.port = 137,
	.via_udp = true,
	.calling_ae = "GANTRY" };
static struct converse c;

/* clang-format off */
#define ANY_NAME \
	0x20, 'C', 'K', 'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', \
	'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', 'A', \
	'A', 'A', 'A', 'A', 'A', 0
#define NAME(a, b, c, suffix, flags) \
	a, b, c, ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', \
	suffix, flags, 0
static const uint8_t question[] = {
	0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, ANY_NAME, 0, 0x21, 0, 1,
};
static const uint8_t answer[] = {
	0x12, 0x34, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0, ANY_NAME, 0, 0x21, 0, 1,
	0, 0, 0, 0, 0, 0x9b,
	6,
	NAME('M', 'R', '1', 0x20, 0x04),
	NAME('M', 'R', '1', 0x00, 0x04),
	NAME('R', 'A', 'D', 0x00, 0x84),
	NAME('M', 'R', '1', 0x03, 0x04),
	NAME('S', 'V', 'C', 0x03, 0x04),
	NAME('R', 'A', 'D', 0x1e, 0x84),
	0x00, 0x02, 0xb3, 0x01, 0x02, 0x03,
	0, 0, 0, 0,
};
/* clang-format on */

START_TEST(one_question_and_its_answer)
{
	ck_assert_int_eq(converse_open(&c, &probe_nbstat, &ask), STEP_WAIT);
	converse_said(&c, question, sizeof(question));
	ck_assert_int_eq(converse_hear(&c, answer, sizeof(answer)), STEP_DONE);
	converse_expect(&c,
	    "udp/137 port.speaks=netbios\n"
	    "udp/137 netbios.name=MR1\n"
	    "udp/137 netbios.workgroup=RAD\n"
	    "udp/137 netbios.user=SVC\n"
	    "udp/137 netbios.mac=00:02:b3:01:02:03\n");
}
END_TEST

/* Samba has no adapter of its own; an old node names the question by a
 * pointer. */
START_TEST(no_mac_and_a_pointer)
{
	uint8_t m[sizeof(answer)];
	size_t head = 12, name = 34, rest = sizeof(answer) - head - name;

	memcpy(m, answer, head);
	m[head] = 0xc0;
	m[head + 1] = 12;
	memcpy(m + head + 2, answer + head + name, rest);
	memset(m + head + 2 + rest - 10, 0, 6);
	converse_open(&c, &probe_nbstat, &ask);
	ck_assert_int_eq(converse_hear(&c, m, head + 2 + rest), STEP_DONE);
	converse_expect(&c,
	    "udp/137 port.speaks=netbios\n"
	    "udp/137 netbios.name=MR1\n"
	    "udp/137 netbios.workgroup=RAD\n"
	    "udp/137 netbios.user=SVC\n");
}
END_TEST

START_TEST(silence_is_asked_once_more)
{
	converse_open(&c, &probe_nbstat, &ask);
	ck_assert_int_eq(converse_turn(&c, TURN_QUIET), STEP_WAIT);
	converse_said(&c, question, sizeof(question));
	ck_assert_int_eq(converse_turn(&c, TURN_QUIET), STEP_DONE);
	ck_assert_uint_eq(c.said_len, 0);
	converse_expect(&c, "");
}
END_TEST

START_TEST(strays_and_half_tables)
{
	uint8_t m[sizeof(answer)];

	memcpy(m, answer, sizeof(m));
	m[1] ^= 1;
	converse_open(&c, &probe_nbstat, &ask);
	ck_assert_int_eq(converse_hear(&c, m, sizeof(m)), STEP_WAIT);
	ck_assert_int_eq(
	    converse_hear(&c, question, sizeof(question)), STEP_WAIT);
	ck_assert_int_eq(converse_hear(&c, "", 0), STEP_WAIT);
	converse_expect(&c, "");
	ck_assert_int_eq(converse_hear(&c, answer, 80), STEP_DONE);
	converse_expect(&c,
	    "udp/137 port.speaks=netbios\n"
	    "udp/137 netbios.broken=name table cut at 80 bytes\n");
}
END_TEST

START_TEST(overheard_questions)
{
	struct rd client = { .at = at_the_edge(question, sizeof(question)),
		.left = sizeof(question) };
	struct overheard out = { .ask = ask };

	out.ask.cookie = 0;
	ck_assert(probe_nbstat.overhear(client, &out));
	ck_assert_uint_eq(out.ask.cookie, 0x1234);
	client.left--;
	ck_assert(!probe_nbstat.overhear(client, &out));
	client.left = 0;
	ck_assert(!probe_nbstat.overhear(client, &out));
}
END_TEST

START_TEST(battered)
{
	converse_batter(&probe_nbstat, &ask, answer, sizeof(answer));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { one_question_and_its_answer,
		no_mac_and_a_pointer, silence_is_asked_once_more,
		strays_and_half_tables, overheard_questions, battered, NULL };

	return unit_run("nbstat", tests);
}
