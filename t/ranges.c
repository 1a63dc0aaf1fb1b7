/* SPDX-License-Identifier: ISC */
/* ranges - sets as ranges against the same sets as bits. */
#include <stdlib.h>
#include <string.h>

#include "scanner/ranges.h"
#include "t/unit.h"

/* A set of 0..255 as bits, to compare the ranges with. */
static void
random_set(struct ranges *set, bool has[static 256])
{
	memset(has, 0, 256 * sizeof(has[0]));
	for (int i = rand() % 12; i > 0; i--) {
		unsigned a = (unsigned)rand() % 256;
		unsigned b = a + (unsigned)rand() % 24;

		b = b > 255 ? 255 : b;
		ck_assert(ranges_add(set, 0xffffff00 | a, 0xffffff00 | b));
		for (; a <= b; a++)
			has[a] = true;
	}
	ranges_normalise(set);
}

START_TEST(sets_agree_with_bits)
{
	srand(20261123);
	for (int round = 0; round < 4000; round++) {
		struct ranges a = { 0 }, b = { 0 }, left = { 0 };
		bool in_a[256], in_b[256];

		random_set(&a, in_a);
		random_set(&b, in_b);
		ck_assert(ranges_subtract(&a, &b, &left));
		for (unsigned i = 0; i < 256; i++) {
			ck_assert(ranges_has(&a, 0xffffff00 | i) == in_a[i]);
			ck_assert(ranges_has(&left, 0xffffff00 | i) ==
			    (in_a[i] && !in_b[i]));
		}
		for (size_t i = 1; i < left.n; i++)
			ck_assert(left.r[i].first > left.r[i - 1].last + 1 ||
			    in_b[(left.r[i - 1].last + 1) & 255]);
		ranges_free(&a);
		ranges_free(&b);
		ranges_free(&left);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { sets_agree_with_bits, NULL };

	return unit_run("ranges", tests);
}
