/* SPDX-License-Identifier: ISC */
/* arena, byaddress: many things that end together, and finding one of them. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/arena.h"
#include "scanner/byaddress.h"
#include "t/unit.h"

enum { MANY = 20000 };

START_TEST(what_is_taken_is_whole_and_apart)
{
	static char *all[MANY];
	static size_t sizes[MANY];
	struct arena a = { 0 };

	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < MANY; i++) {
			sizes[i] = i % 1000 == 999 ? 100000 : i * 7 % 300;
			all[i] = arena_take(&a, sizes[i]);
			ck_assert_ptr_nonnull(all[i]);
			ck_assert_uint_eq(
			    (uintptr_t)all[i] % _Alignof(max_align_t), 0);
			memset(all[i], (int)(i % 251), sizes[i]);
		}
		for (size_t i = 0; i < MANY; i++)
			for (size_t k = 0; k < sizes[i]; k++)
				ck_assert_uint_eq(
				    (unsigned char)all[i][k], i % 251);
		arena_end(&a);
		ck_assert_ptr_null(a.chunks);
	}
	ck_assert_ptr_null(arena_take(&a, SIZE_MAX));
	ck_assert_ptr_null(arena_take(&a, SIZE_MAX - 8));
	arena_end(&a);
}
END_TEST

START_TEST(zeroed_is_zero)
{
	static const char zeros[300];
	struct arena a = { 0 };

	for (size_t i = 0; i < 300; i++) {
		char *at = arena_zeroed(&a, i);

		ck_assert_int_eq(memcmp(at, zeros, i), 0);
		memset(at, 0xff, i);
	}
	arena_end(&a);
}
END_TEST

START_TEST(an_address_finds_its_own)
{
	static int things[MANY];
	struct byaddress b = { 0 };

	ck_assert_ptr_null(byaddress_find(&b, 0));
	/* Neighbours, networks, and both ends. */
	for (uint32_t i = 0; i < MANY; i++)
		ck_assert(byaddress_add(
		    &b, i < MANY / 2 ? i : UINT32_MAX - i * 65536, &things[i]));
	ck_assert_uint_eq(b.len, MANY);
	ck_assert_uint_ge(b.size, 2 * b.len);
	for (uint32_t i = 0; i < MANY; i++)
		ck_assert_ptr_eq(byaddress_find(&b,
				     i < MANY / 2 ? i : UINT32_MAX - i * 65536),
		    &things[i]);
	ck_assert_ptr_null(byaddress_find(&b, MANY));
	byaddress_end(&b);
	ck_assert_ptr_null(byaddress_find(&b, 1));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { what_is_taken_is_whole_and_apart,
		zeroed_is_zero, an_address_finds_its_own, NULL };

	return unit_run("arena", tests);
}
