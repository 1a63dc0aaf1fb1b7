/* SPDX-License-Identifier: ISC */
/* rtt: samples in, waits out, on a fake clock. */
#include "scanner/rtt.h"
#include "t/unit.h"

static const int64_t ms = 1000000;

START_TEST(waits_long_before_it_knows)
{
	struct rtt r = { 0 };

	ck_assert_int_eq(rtt_wait(&r, 10 * ms, 1000 * ms), 1000 * ms);
	rtt_heard(&r, 1, 80, 5 * ms); /* never sampled */
	ck_assert_int_eq(rtt_wait(&r, 10 * ms, 1000 * ms), 1000 * ms);
}
END_TEST

START_TEST(follows_the_network)
{
	struct rtt r = { 0 };

	for (int64_t i = 1; i <= 100; i++) {
		rtt_sent(&r, 7, 80, i * 100 * ms);
		rtt_heard(&r, 7, 80, i * 100 * ms + 20 * ms);
	}
	ck_assert_int_ge(rtt_wait(&r, ms, 1000 * ms), 20 * ms);
	ck_assert_int_le(rtt_wait(&r, ms, 1000 * ms), 25 * ms);
	ck_assert_int_eq(rtt_wait(&r, 300 * ms, 1000 * ms), 300 * ms);
	ck_assert_int_eq(rtt_wait(&r, ms, 15 * ms), 15 * ms);
}
END_TEST

START_TEST(an_answer_counts_once)
{
	struct rtt r = { 0 };
	int64_t wait;

	rtt_sent(&r, 7, 80, ms);
	rtt_heard(&r, 7, 80, 2 * ms);
	wait = rtt_wait(&r, 1, 1000 * ms);
	rtt_heard(&r, 7, 80, 900 * ms);
	ck_assert_int_eq(rtt_wait(&r, 1, 1000 * ms), wait);
}
END_TEST

START_TEST(what_is_under_way_is_kept)
{
	struct rtt r = { 0 };

	for (uint16_t port = 1; port < 60000; port++)
		rtt_sent(&r, 7, port, ms);
	for (uint16_t port = 1; port < 60000; port++)
		rtt_heard(&r, 7, port, 31 * ms);
	ck_assert_int_eq(r.mean_ns, 30 * ms);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { waits_long_before_it_knows,
		follows_the_network, an_answer_counts_once,
		what_is_under_way_is_kept, NULL };

	return unit_run("rtt", tests);
}
