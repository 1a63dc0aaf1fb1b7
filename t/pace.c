/* SPDX-License-Identifier: ISC */
/* pace - both bounds on a clock of the test's own. */
#include <stdlib.h>
#include <string.h>

#include "scanner/pace.h"
#include "t/unit.h"

static const int64_t second = 1000000000, ms = 1000000;
static const int64_t host_second = PACE_SECOND_NS;

START_TEST(the_rate_is_smooth_to_the_ms)
{
	static const unsigned rates[] = { 1, 3, 7, 50, 333, 1000 };

	for (size_t k = 0; k < sizeof(rates) / sizeof(rates[0]); k++) {
		int64_t start = 5 * second, now = start;
		struct pace pace;

		pace_init(&pace, rates[k]);
		for (unsigned i = 0; i < 3 * rates[k]; i++) {
			int64_t ideal =
			    start + second * (int64_t)i / (int64_t)rates[k];

			now = pace_when(&pace, now);
			ck_assert_int_lt(llabs(now - ideal), ms);
			pace_sent(&pace, now, 1);
		}
	}
}
END_TEST

START_TEST(a_stall_makes_no_burst)
{
	struct pace pace;
	int64_t now = second;

	pace_init(&pace, 100);
	pace_sent(&pace, now, 1);
	now += 60 * second; /* the machine slept */
	ck_assert_int_eq(pace_when(&pace, now), now);
	pace_sent(&pace, now, 1);
	for (int i = 0; i < 50; i++) {
		int64_t next = pace_when(&pace, now);

		ck_assert_int_eq(next - now, 10 * ms);
		now = next;
		pace_sent(&pace, now, 1);
	}
}
END_TEST

START_TEST(a_batch_is_paid_for)
{
	struct pace pace;

	pace_init(&pace, 1000);
	pace_sent(&pace, second, 64);
	ck_assert_int_eq(pace_when(&pace, second), second + 64 * ms);
	ck_assert_int_eq(pace_when(&pace, second + 70 * ms), second + 70 * ms);
}
END_TEST

START_TEST(odd_rates)
{
	struct pace pace;

	pace_init(&pace, 0);
	pace_sent(&pace, second, 1000000);
	ck_assert_int_eq(pace_when(&pace, second), second);
	pace_init(&pace, -5);
	ck_assert_int_eq(pace.gap_ns, 0);
	pace_init(&pace, 1e-30);
	ck_assert_int_eq(pace.gap_ns, 86400 * second);
	pace_init(&pace, 1e30);
	ck_assert_int_eq(pace.gap_ns, 0);
	pace_init(&pace, 0.5);
	ck_assert_int_eq(pace.gap_ns, 2 * second);
}
END_TEST

/* A naive record of what was sent, to hold the bounds against. */
struct record {
	int64_t at[20000];
	unsigned n;
};

static void
note(struct record *r, int64_t now, unsigned n)
{
	if (r->n + n >= 20000) /* asserting each would take long */
		ck_abort_msg("the record is too short");
	for (; n > 0; n--)
		r->at[r->n++] = now;
}

/* Returns the most that any sliding second holds, its end not included. */
static unsigned
most_in_a_second(const struct record *r)
{
	unsigned most = 0, first = 0;

	for (unsigned i = 0; i < r->n; i++) {
		while (r->at[i] - r->at[first] >= second)
			first++;
		if (i - first + 1 > most)
			most = i - first + 1;
	}
	return most;
}

/*
 * Initiations with up to `most` packets that follow a little later, asked for
 * at once or, for the idle, at random times: neither bound is ever passed, and
 * who is never idle comes as near to one as the reserve for `most` lets it.
 */
static void
random_schedule(
    unsigned initiations_max, unsigned packets_max, unsigned most, bool idle)
{
	static struct record initiations, packets;
	struct host_pace host;
	int64_t now = 1 + rand();

	initiations.n = packets.n = 0;
	host_pace_init(&host, initiations_max, packets_max);
	for (int i = 0; i < 1500; i++) {
		unsigned follow = (unsigned)rand() % (most + 1);

		now = host_pace_when(&host, now, 1, 1 + follow);
		host_pace_initiated(&host, now, 1);
		note(&initiations, now, 1);
		note(&packets, now, 1);
		for (; follow > 0; follow--) {
			now += rand() % (idle ? 20 * ms : ms / 2);
			host_pace_packets(&host, now, 1);
			note(&packets, now, 1);
		}
		if (idle && rand() % 3 == 0)
			now += rand() % (700 * ms);
	}
	ck_assert_uint_le(most_in_a_second(&initiations), initiations_max);
	ck_assert_uint_le(most_in_a_second(&packets), packets_max);
	/* a host's second is a little longer than one */
	ck_assert(idle ||
	    most_in_a_second(&initiations) + 1 + initiations_max / 32 >=
		initiations_max ||
	    most_in_a_second(&packets) + most + 1 + packets_max / 32 >=
		packets_max);
}

START_TEST(no_second_holds_more_than_the_limits)
{
	srand(20261123);
	for (int i = 0; i < 60; i++) {
		bool idle = i % 2;

		random_schedule(5, 12, 3, idle);
		random_schedule(5, 64, 3, idle);
		random_schedule(1, 4, 3, idle);
		random_schedule(64, 64, 0, idle);
		random_schedule(1 + (unsigned)rand() % 64,
		    4 + (unsigned)rand() % 61, 3, idle);
	}
}
END_TEST

/* Not a moment later than the bound asks for. */
START_TEST(waits_no_longer_than_it_must)
{
	struct host_pace host;

	host_pace_init(&host, 2, 4);
	ck_assert_int_eq(host_pace_when(&host, 5, 1, 1), 5);
	host_pace_initiated(&host, 10, 1);
	host_pace_initiated(&host, 20, 1);
	ck_assert_int_eq(host_pace_when(&host, 30, 1, 1), host_second + 10);
	host_pace_packets(&host, 40, 1);
	ck_assert_int_eq(
	    host_pace_when(&host, host_second + 25, 1, 1), host_second + 25);
	ck_assert_int_eq(
	    host_pace_when(&host, host_second + 25, 1, 4), host_second + 40);
	host_pace_packets(&host, 50, 2);
	/* now 20, 40, 50, 50 fill the window of packets */
	ck_assert_int_eq(host_pace_when(&host, 60, 1, 1), host_second + 20);
	ck_assert_int_eq(host_pace_when(&host, 60, 1, 2), host_second + 40);
	ck_assert_int_eq(host_pace_when(&host, 60, 1, 99), host_second + 50);
}
END_TEST

/* The gap, and both bounds, count from when it left. */
START_TEST(what_leaves_late_counts_from_then)
{
	struct host_pace host, talk;

	host_pace_init(&host, 2, 4);
	host_pace_initiated(&host, 10, 1);
	host_pace_left(&host, 300 * ms);
	ck_assert_int_eq(
	    host_pace_when(&host, 300 * ms, 1, 1), 300 * ms + host_second / 2);
	host_pace_initiated(&host, 820 * ms, 1);
	ck_assert_int_eq(
	    host_pace_when(&host, 830 * ms, 1, 1), 820 * ms + host_second / 2);
	ck_assert_int_eq(
	    host_pace_when(&host, 830 * ms, 1, 4), 820 * ms + host_second);
	/* an initiation is none of the talk's */
	host_pace_init(&talk, 1, 4);
	host_pace_follow(&talk, &host);
	host_pace_left(&talk, 900 * ms);
	ck_assert_int_eq(host_pace_when(&talk, 900 * ms, 1, 2), 900 * ms);
	ck_assert_int_eq(
	    host_pace_when(&talk, 900 * ms, 1, 3), 300 * ms + host_second);
	ck_assert_int_eq(
	    host_pace_when(&talk, 900 * ms, 1, 4), 900 * ms + host_second);
}
END_TEST

/* Two at once, as our kernel's ARP and the SYN it is for. */
START_TEST(some_begin_together)
{
	struct host_pace host, talk;

	host_pace_init(&host, 3, 6);
	ck_assert_int_eq(host_pace_when(&host, 5, 2, 2), 5);
	host_pace_initiated(&host, 10, 2);
	/* a gap for each; then one is free, and two when both have aged */
	ck_assert_int_eq(
	    host_pace_when(&host, 20, 1, 1), 10 + host_second / 3 * 2);
	ck_assert_int_eq(host_pace_when(&host, 20, 2, 2), host_second + 10);
	ck_assert_int_eq(host_pace_when(&host, 20, 9, 9), host_second + 10);
	/* both left late, to this clock and to a talk's */
	host_pace_init(&talk, 1, 6);
	host_pace_follow(&talk, &host);
	host_pace_left(&host, 100 * ms);
	ck_assert_int_eq(
	    host_pace_when(&host, 100 * ms, 2, 2), 100 * ms + host_second);
	host_pace_left(&talk, 200 * ms);
	ck_assert_int_eq(host_pace_when(&talk, 200 * ms, 1, 4), 200 * ms);
	ck_assert_int_eq(
	    host_pace_when(&talk, 200 * ms, 1, 5), 200 * ms + host_second);
	/* more than its second holds: the gap is as long as it must be */
	host_pace_init(&host, 1, 6);
	host_pace_initiated(&host, 10, 2);
	ck_assert_int_eq(host_pace_when(&host, 20, 1, 1), 10 + 2 * host_second);
}
END_TEST

/* What another clock counted holds here too; the initiations do not. */
START_TEST(packets_can_be_taken_over)
{
	struct host_pace host, talk;

	host_pace_init(&host, 2, 4);
	host_pace_init(&talk, 1, 64);
	host_pace_initiated(&host, 10, 1);
	host_pace_follow(&talk, &host);
	host_pace_packets(&talk, 20, 3);
	ck_assert_int_eq(host_pace_when(&talk, 30, 1, 1), host_second + 10);
	ck_assert_int_eq(host_pace_when(&talk, 30, 1, 2), host_second + 20);
	host_pace_follow(&host, &talk);
	ck_assert_int_eq(host_pace_when(&host, 30, 1, 2), host_second + 20);
	host_pace_free(&host);
	ck_assert_int_eq(host_pace_when(&host, 30, 1, 4), 30);
}
END_TEST

START_TEST(limits_are_kept_sane)
{
	struct host_pace host;

	host_pace_init(&host, 0, 1000);
	ck_assert_uint_eq(host.initiations_max, 1);
	ck_assert_uint_eq(host.packets_max, PACE_WINDOW_MAX);
	host_pace_initiated(&host, 0, 1); /* a clock may start at 0 */
	ck_assert_int_gt(host_pace_when(&host, 0, 1, 1), 0);
	host_pace_packets(&host, 7, 100000);
	ck_assert_int_eq(host_pace_when(&host, 8, 1, 1), host_second + 7);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { the_rate_is_smooth_to_the_ms,
		a_stall_makes_no_burst, a_batch_is_paid_for, odd_rates,
		no_second_holds_more_than_the_limits,
		waits_no_longer_than_it_must, what_leaves_late_counts_from_then,
		some_begin_together, packets_can_be_taken_over,
		limits_are_kept_sane, NULL };

	return unit_run("pace", tests);
}
