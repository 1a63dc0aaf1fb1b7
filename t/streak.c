/* SPDX-License-Identifier: ISC */
/* streak - what is told of a line of a record, and what is not. */
#include <string.h>

#include "scanner/verify/streak.h"
#include "t/unit.h"

static struct store_check check;

static enum streak_news
fares(enum verify_state state, const char *differing)
{
	return streak_decide(&check, state, differing);
}

START_TEST(told_once_and_cleared_once)
{
	check = (struct store_check){ 0 };
	ck_assert_int_eq(fares(VERIFY_MATCH, ""), STREAK_QUIET);
	ck_assert_int_eq(fares(VERIFY_MISMATCH, "mac"), STREAK_DIFFERS);
	ck_assert_int_eq(fares(VERIFY_MISMATCH, "mac"), STREAK_QUIET);
	ck_assert_int_eq(fares(VERIFY_MATCH, ""), STREAK_AGREES);
	ck_assert_int_eq(fares(VERIFY_MATCH, ""), STREAK_QUIET);
	ck_assert_int_eq(fares(VERIFY_MISMATCH, "mac"), STREAK_DIFFERS);
}
END_TEST

/* Nor does an answer that was lost repeat what was told. */
START_TEST(silence_decides_nothing)
{
	check = (struct store_check){ 0 };
	ck_assert_int_eq(fares(VERIFY_ABSENT, ""), STREAK_QUIET);
	ck_assert_int_eq(fares(VERIFY_MATCH, ""), STREAK_QUIET);
	ck_assert_int_eq(fares(VERIFY_ABSENT, ""), STREAK_QUIET);
	ck_assert_int_eq(fares(VERIFY_MISMATCH, "mac,model"), STREAK_DIFFERS);
	ck_assert_int_eq(fares(VERIFY_CANNOT_SAY, ""), STREAK_QUIET);
	ck_assert_int_eq(fares(VERIFY_MISMATCH, "mac"), STREAK_QUIET);
	ck_assert_int_eq(fares(VERIFY_MISMATCH, "mac,model"), STREAK_QUIET);
	ck_assert_int_eq(fares(VERIFY_ABSENT, ""), STREAK_QUIET);
	ck_assert_int_eq(fares(VERIFY_MATCH, ""), STREAK_AGREES);
}
END_TEST

START_TEST(another_field_is_another_difference)
{
	check = (struct store_check){ 0 };
	ck_assert_int_eq(fares(VERIFY_MATCH, ""), STREAK_QUIET);
	ck_assert_int_eq(fares(VERIFY_MISMATCH, "mac"), STREAK_DIFFERS);
	ck_assert_int_eq(fares(VERIFY_MISMATCH, "mac,model"), STREAK_DIFFERS);
	ck_assert_int_eq(fares(VERIFY_MISMATCH, "model"), STREAK_QUIET);
	ck_assert_str_eq(check.differs, "mac,model");
	/* A field whose name another begins with is not that field. */
	ck_assert_int_eq(fares(VERIFY_MISMATCH, "mod"), STREAK_DIFFERS);
}
END_TEST

START_TEST(what_never_matched_is_in_the_report_alone)
{
	check = (struct store_check){ 0 };
	ck_assert_int_eq(fares(VERIFY_MISMATCH, "mac"), STREAK_QUIET);
	ck_assert_int_eq(fares(VERIFY_MISMATCH, "mac"), STREAK_QUIET);
	ck_assert_int_eq(fares(VERIFY_MATCH, ""), STREAK_QUIET);
	ck_assert_int_eq(fares(VERIFY_MISMATCH, "mac"), STREAK_DIFFERS);
	/* As an older gantry left it: nobody knows what differed. */
	check = (struct store_check){ .decided = "mismatch" };
	ck_assert_int_eq(fares(VERIFY_MISMATCH, "mac"), STREAK_QUIET);
	ck_assert_int_eq(fares(VERIFY_MISMATCH, "mac,model"), STREAK_DIFFERS);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { told_once_and_cleared_once,
		silence_decides_nothing, another_field_is_another_difference,
		what_never_matched_is_in_the_report_alone, NULL };

	return unit_run("streak", tests);
}
