/* SPDX-License-Identifier: ISC */
/* progress_line: what it says, and that it never breaks a terminal's line. */
#include <string.h>

#include "scanner/progress_line.h"
#include "t/unit.h"

static const struct progress busy = { .percent = 50,
	.hosts = 14,
	.busy = 5,
	.consoles = 2,
	.dicom = 4,
	.halted = 1,
	.rate = 61.7,
	.eta_s = 75 };

START_TEST(says_it_all_where_there_is_room)
{
	char line[PROGRESS_LINE];

	ck_assert_str_eq(progress_line(&busy, true, 200, line),
	    "[############............]  50 %, 1 min 15 s to go, 14 hosts, "
	    "2 consoles, 4 DICOM, 1 HALTED, 62 packets/s, 5 busy");
	ck_assert_str_eq(progress_line(&busy, false, 0, line),
	    " 50 %, 1 min 15 s to go, 14 hosts, 2 consoles, 4 DICOM, "
	    "1 HALTED, 62 packets/s, 5 busy");
}
END_TEST

START_TEST(says_what_is_known)
{
	struct progress p = { .hosts = 1 };
	char line[PROGRESS_LINE];

	ck_assert_str_eq(progress_line(&p, false, 0, line),
	    "  0 %, 1 host, nothing found yet, 0 packets/s, 0 busy");
	p.consoles = 1;
	p.eta_s = 3700;
	ck_assert_ptr_nonnull(
	    strstr(progress_line(&p, false, 0, line), "1 console,"));
	ck_assert_ptr_nonnull(strstr(line, "1 h 1 min to go"));
	p.consoles = 0;
	p.dicom = 3;
	p.eta_s = 9;
	ck_assert_ptr_nonnull(
	    strstr(progress_line(&p, false, 0, line), "3 DICOM, "));
	ck_assert_ptr_nonnull(strstr(line, ", 9 s to go"));
}
END_TEST

START_TEST(reckons_by_pace_and_by_what_it_listens)
{
	struct progress p = { 0 };

	progress_reckon(&p, 0.01, 3, 0); /* too early to say */
	ck_assert_uint_eq(p.percent, 1);
	ck_assert_uint_eq(p.eta_s, 0);
	progress_reckon(&p, 0.5, 30.5, 0);
	ck_assert_uint_eq(p.percent, 50);
	ck_assert_uint_eq(p.eta_s, 31);
	progress_reckon(&p, 0.5, 32.5, 130); /* listening takes longer */
	ck_assert_uint_eq(p.percent, 25);
	ck_assert_uint_eq(p.eta_s, 98);
	progress_reckon(&p, 0.25, 64.5, 130); /* asking does */
	ck_assert_uint_eq(p.percent, 25);
	ck_assert_uint_eq(p.eta_s, 194);
	progress_reckon(&p, 1, 65, 130); /* only listening is left */
	ck_assert_uint_eq(p.percent, 50);
	ck_assert_uint_eq(p.eta_s, 66);
	progress_reckon(&p, 1, 131, 130);
	ck_assert_uint_eq(p.percent, 100);
	ck_assert_uint_eq(p.eta_s, 0);
	progress_reckon(&p, 0, 0, 0);
	ck_assert_uint_eq(p.percent, 0);
	ck_assert_uint_eq(p.eta_s, 0);
}
END_TEST

/* The last column stays free: some terminals wrap when it is written. */
START_TEST(fits_every_width)
{
	char line[PROGRESS_LINE];
	struct progress wild = { .percent = 4000000000,
		.hosts = (size_t)-1,
		.busy = (size_t)-1,
		.consoles = (size_t)-1,
		.dicom = (size_t)-1,
		.halted = (size_t)-1,
		.rate = 1e30,
		.eta_s = 4000000000 };

	for (unsigned columns = 20; columns < 400; columns++) {
		size_t len = strlen(progress_line(&busy, true, columns, line));

		ck_assert_msg(len < columns, "%u: %s", columns, line);
		ck_assert_ptr_nonnull(strstr(line, "50 %"));
		ck_assert_uint_lt(
		    strlen(progress_line(&wild, true, columns, line)), columns);
	}
	ck_assert_uint_lt(strlen(progress_line(&busy, true, 0, line)), 80);
	ck_assert_uint_lt(strlen(progress_line(&busy, true, 1, line)), 20);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { says_it_all_where_there_is_room,
		says_what_is_known, reckons_by_pace_and_by_what_it_listens,
		fits_every_width, NULL };

	return unit_run("progress_line", tests);
}
