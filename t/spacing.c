/* SPDX-License-Identifier: ISC */
/* spacing: each host's gap, on a fake clock, whoever is left out. */
#include "scanner/spacing.h"
#include "t/unit.h"

static const int64_t ms = 1000000, second = 1000000000;
enum { HOSTS = 50, PASSES = 60, RATE = 10 };

/* Draws whether a shot is due: all of them, few, or one host's alone. */
static bool
is_due(unsigned kind, uint64_t pass, uint64_t host)
{
	uint64_t x = (pass * HOSTS + host + 1) * UINT64_C(0x9e3779b97f4a7c15);

	if (kind == 0)
		return true;
	if (kind == 1)
		return x >> 60 == 0;
	return kind == 2 ? host == 7 : host == (pass * 31) % HOSTS;
}

/* Sends what is due within a millisecond, as the tick does. */
static void
run(unsigned kind, int64_t stall_every)
{
	int64_t last[HOSTS][RATE] = { { 0 } }, now = 5 * second, due;
	unsigned n[HOSTS] = { 0 };
	struct spacing s;

	spacing_init(&s, RATE, HOSTS);
	for (uint64_t pass = 0; pass < PASSES; pass++)
		for (uint64_t host = 0; host < HOSTS; host++) {
			if (!is_due(kind, pass, host))
				continue;
			due = spacing_when(&s, now, pass, host);
			if (due > now + ms)
				now = due;
			if (stall_every > 0 &&
			    (pass * HOSTS + host) % (uint64_t)stall_every == 0)
				now += 3 * second;
			/* The one RATE shots ago is out of the second. */
			if (n[host] >= RATE)
				ck_assert_int_ge(
				    now - last[host][n[host] % RATE], second);
			last[host][n[host]++ % RATE] = now;
		}
}

START_TEST(no_host_gets_more_than_its_rate)
{
	for (unsigned kind = 0; kind < 4; kind++) {
		run(kind, 0);
		run(kind, 777);
	}
}
END_TEST

START_TEST(a_full_pass_takes_one_gap)
{
	int64_t now = second, first = 0, due = 0;
	struct spacing s;

	spacing_init(&s, RATE, HOSTS);
	for (uint64_t pass = 0; pass < PASSES; pass++)
		for (uint64_t host = 0; host < HOSTS; host++) {
			due = spacing_when(&s, now, pass, host);
			first = first == 0 ? due : first;
			now = due > now ? due : now;
		}
	ck_assert_int_le(due - first, PASSES * second * 101 / 100 / RATE);
	ck_assert_int_ge(due - first, (PASSES - 1) * second / RATE);
}
END_TEST

START_TEST(without_a_rate_all_is_due)
{
	struct spacing s;

	spacing_init(&s, 0, 0);
	ck_assert_int_eq(spacing_when(&s, 77, 3, 9), 77);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { no_host_gets_more_than_its_rate,
		a_full_pass_takes_one_gap, without_a_rate_all_is_due, NULL };

	return unit_run("spacing", tests);
}
