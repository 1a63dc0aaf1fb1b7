/* SPDX-License-Identifier: ISC */
/* log: one line per call, whole, and only at the levels asked for. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "scanner/log.h"
#include "t/unit.h"

/* Says one line of each kind at a level; returns what reached stderr. */
static const char *
said(enum log_level level, const char *text)
{
	static char got[8192];
	int saved = dup(STDERR_FILENO), ends[2];
	ssize_t n;

	ck_assert_int_eq(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	log_set(level);
	log_error("cli", "%s", text);
	log_warn("scope", "%s", text);
	log_info("audit", "%s", text);
	errno = EPIPE;
	log_note("send", "%s", text);
	ck_assert_int_eq(errno, EPIPE);
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(ends[1]);
	n = read(ends[0], got, sizeof(got) - 1);
	ck_assert_int_gt(n, 0);
	got[n] = '\0';
	close(ends[0]);
	ck_assert_int_eq(log_get(), level);
	return got;
}

START_TEST(levels_choose_lines)
{
	ck_assert_str_eq(said(LOG_QUIET, "x y"), "cli: x y\n");
	ck_assert_str_eq(said(LOG_NORMAL, "x y"),
	    "cli: x y\nscope: warning: x y\naudit: x y\n");
	ck_assert_str_eq(said(LOG_VERBOSE, "x y"),
	    "cli: x y\nscope: warning: x y\naudit: x y\nsend: x y\n");
}
END_TEST

START_TEST(a_line_stays_one_line)
{
	ck_assert_str_eq(said(LOG_QUIET, "a\nb\x1b[1m\x7f"), "cli: a?b?[1m?\n");
}
END_TEST

START_TEST(a_long_line_is_cut)
{
	static char text[5000];
	const char *got;

	memset(text, 'x', sizeof(text) - 1);
	got = said(LOG_QUIET, text);
	ck_assert_uint_le(strlen(got), 1024);
	ck_assert_uint_gt(strlen(got), 1000);
	ck_assert_str_eq(got + strlen(got) - 3, "xx\n");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { levels_choose_lines,
		a_line_stays_one_line, a_long_line_is_cut, NULL };

	return unit_run("log", tests);
}
