/* SPDX-License-Identifier: ISC */
/* expression - hostile pairs of pattern and value end soon; errors are told. */
#include <string.h>
#include <time.h>

#include "fingerprints/expression.h"
#include "t/unit.h"

START_TEST(expressions_are_bounded)
{
	char error[200] = "";
	char value[1024];
	struct expression *e = expression_new("^(a+)+$", error, sizeof(error));
	clock_t start = clock();

	ck_assert_ptr_nonnull(e);
	memset(value, 'a', sizeof(value));
	value[sizeof(value) - 2] = '!';
	value[sizeof(value) - 1] = '\0';
	for (int i = 0; i < 100; i++)
		ck_assert(!expression_matches(e, value));
	ck_assert_msg(clock() - start < 5 * CLOCKS_PER_SEC, "too slow");
	ck_assert(expression_matches(e, "aaa"));
	ck_assert(!expression_matches(e, "aaa\n"));
	ck_assert(!expression_matches(e, ""));
	expression_free(e);
	expression_free(NULL);
	ck_assert_ptr_null(expression_new("a(b", error, sizeof(error)));
	ck_assert_ptr_nonnull(strstr(error, "\"a(b\""));
	ck_assert_ptr_nonnull(strstr(error, "at 3"));
	e = expression_new("b", error, sizeof(error));
	ck_assert(expression_matches(e, "abc"));
	expression_free(e);
}
END_TEST

START_TEST(named_groups_fill_in)
{
	char error[200], out[16];
	struct expression *e = expression_new(
	    "^DV(?<a>[0-9]+)(?<b>\\.[0-9])?", error, sizeof(error));

	ck_assert_ptr_nonnull(e);
	ck_assert(expression_expand(e, "DV28.0", "v{a}{b}!", out, 16));
	ck_assert_str_eq(out, "v28.0!");
	ck_assert(expression_expand(e, "DV28", "v{a}{b}{c}", out, 16));
	ck_assert_str_eq(out, "v28");
	ck_assert(expression_expand(e, "DV28", "{a} {", out, 16));
	ck_assert_str_eq(out, "28 {");
	/* what does not fit is cut, and told */
	ck_assert(!expression_expand(e, "DV123456", "{a}", out, 4));
	ck_assert_str_eq(out, "123");
	ck_assert(!expression_expand(e, "RX28", "v", out, 16));
	expression_free(e);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { expressions_are_bounded,
		named_groups_fill_in, NULL };

	return unit_run("expression", tests);
}
