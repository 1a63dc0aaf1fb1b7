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

int
main(void)
{
	const TTest *const tests[] = { expressions_are_bounded, NULL };

	return unit_run("expression", tests);
}
