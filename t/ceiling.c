/* SPDX-License-Identifier: ISC */
/* ceiling: two ways out, one of them slow, on a fake clock. */
#include "scanner/ceiling.h"
#include "scanner/segment.h"
#include "t/unit.h"

static const int64_t second = 1000000000;
enum { RATE = 100, SENT_MAX = 4000 };

/* Two stretches behind one gateway, one on the link. */
static struct segment items[] = {
	{ .first = 1, .last = 9, .route = { .interface = 2, .gateway = 7 } },
	{ .first = 10, .last = 19, .route = { .interface = 2 } },
	{ .first = 20, .last = 29, .route = { .interface = 2, .gateway = 7 } },
};
static const struct segments all = { .items = items, .len = 3 };

/* The most of these within any second. */
static size_t
peak(const int64_t *times, size_t n)
{
	size_t most = 0;

	for (size_t i = 0, from = 0; i < n; i++) {
		while (times[i] - times[from] >= second)
			from++;
		if (i - from + 1 > most)
			most = i - from + 1;
	}
	return most;
}

/* Shots in an order that has long runs of one segment. */
START_TEST(no_second_holds_more)
{
	struct ceiling *c = ceiling_new(&all, RATE);
	static int64_t times[2][SENT_MAX];
	size_t n[2] = { 0 };
	int64_t now = 5 * second, began = now;
	unsigned seed = 1;

	for (int i = 0; i < 2000; i++) {
		const struct segment *s;

		seed = seed * 1103515245 + 12345;
		s = &items[(seed >> 16) % 3];
		now = ceiling_when(c, s, now);
		ceiling_sent(c, s, now);
		times[s == &items[1]][n[s == &items[1]]++] = now;
		if (i == 1000)
			now += 3 * second; /* a stall makes no burst */
	}
	ck_assert_uint_eq(n[0] + n[1], 2000);
	ck_assert_uint_le(peak(times[0], n[0]), RATE + CEILING_AHEAD + 1);
	ck_assert_uint_le(peak(times[1], n[1]), RATE + CEILING_AHEAD + 1);
	/* The two stretches behind the gateway are one segment, and decide how
	 * long it takes: hardly longer than they need alone. */
	ck_assert_uint_gt(n[0], n[1]);
	ck_assert_int_le(
	    now - began - 3 * second, (int64_t)n[0] * second / RATE * 11 / 10);
	ceiling_free(c);
}
END_TEST

START_TEST(none_is_none)
{
	struct ceiling *c = ceiling_new(&all, 0);

	for (int i = 0; i < 1000; i++) {
		ck_assert_int_eq(ceiling_when(c, &items[0], 42), 42);
		ceiling_sent(c, &items[0], 42);
	}
	ceiling_free(c);
	ceiling_free(NULL);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { no_second_holds_more, none_is_none,
		NULL };

	return unit_run("ceiling", tests);
}
