/* SPDX-License-Identifier: ISC */
/* past: which runs make the trend, and when each device was last found. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/inventory/past.h"
#include "t/unit.h"

static char directory[32], error[STORE_ERROR];

static struct store *
open_new(void)
{
	char path[64];
	struct store *s;

	snprintf(directory, sizeof(directory), "/tmp/past-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/inventory.db", directory);
	s = store_open(path, STORE_CREATE, error);
	ck_assert_msg(s != NULL, "%s", error);
	return s;
}

static void
close_all(struct store *s)
{
	char command[64];

	store_close(s);
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	ck_assert_int_eq(system(command), 0);
}

/* A run that met so many; SIZE_MAX: nobody counted.  Returns its number. */
static int64_t
a_run(
    struct store *s, const char *segment, enum run_outcome outcome, size_t met)
{
	static unsigned n;
	struct run run = { .command = "sweep",
		.version = "1",
		.care = "lab",
		.site = "north",
		.outcome = outcome };
	int64_t number;

	snprintf(run.id, sizeof(run.id), "20261101T220000Z-%04u", ++n);
	run.started_ns = 1000 * (int64_t)n;
	run.finished_ns = run.started_ns + 500;
	ck_assert(store_run_begin(s, &run, segment, &number));
	ck_assert(store_run_end(s, number, &run, true));
	if (met != SIZE_MAX)
		ck_assert(store_run_found(s, number, met, met / 2, 1));
	return number;
}

/* Of another segment, cut short, from before it was counted: no points. */
START_TEST(the_trend_is_of_whole_runs_of_the_same)
{
	struct store *s = open_new();
	struct report_past told = { 0 };
	struct past *past;
	int64_t mine;

	a_run(s, "ward", RUN_DONE, SIZE_MAX);
	a_run(s, "ward", RUN_DONE, 8);
	a_run(s, "office", RUN_DONE, 70);
	a_run(s, "ward", RUN_INTERRUPTED, 3);
	mine = a_run(s, "ward", RUN_DONE, 9);
	a_run(s, "ward", RUN_DONE, 10); /* comes later */
	past = past_read(s, "north", mine);
	ck_assert_ptr_nonnull(past);
	past_tell(past, &told);
	ck_assert_uint_eq(told.points_len, 2);
	ck_assert_uint_eq(told.points[0].assets, 8);
	ck_assert_uint_eq(told.points[1].assets, 9);
	ck_assert_uint_eq(told.points[1].recognised, 4);
	ck_assert_uint_eq(told.points[1].alerted, 1);
	ck_assert_int_lt(told.points[0].time_ns, told.points[1].time_ns);
	past_free(past);
	close_all(s);
}
END_TEST

START_TEST(the_trend_has_an_end)
{
	struct store *s = open_new();
	struct report_past told = { 0 };
	struct past *past;
	int64_t last = 0;

	for (size_t i = 0; i < PAST_RUNS + 5; i++)
		last = a_run(s, "ward", RUN_DONE, i);
	past = past_read(s, "north", last);
	past_tell(past, &told);
	ck_assert_uint_eq(told.points_len, PAST_RUNS);
	ck_assert_uint_eq(told.points[0].assets, 5);
	ck_assert_uint_eq(told.points[PAST_RUNS - 1].assets, PAST_RUNS + 4);
	past_free(past);
	close_all(s);
}
END_TEST

static void
an_asset(struct store *s, uint32_t address, int64_t last_ns, int64_t merged)
{
	struct store_asset a = { .site = "north",
		.address = address,
		.last_ns = last_ns,
		.merged_into = merged };

	ck_assert(store_asset_put(s, &a));
}

START_TEST(devices_were_last_found)
{
	struct store *s = open_new();
	struct report_past told = { 0 };
	struct past *past;
	int64_t last = a_run(s, "ward", RUN_DONE, 2);

	an_asset(s, 0x0a000003, 700, 0);
	an_asset(s, 0x0a000001, 300, 0);
	an_asset(s, 0x0a000003, 900, 0); /* took its address over */
	an_asset(s, 0x0a000002, 950, 1); /* is another, a person said */
	an_asset(s, 0, 960, 0);          /* has no address any more */
	past = past_read(s, "north", last);
	past_tell(past, &told);
	ck_assert_int_eq(told.verified(told.verified_arg, 0x0a000001), 300);
	ck_assert_int_eq(told.verified(told.verified_arg, 0x0a000002), 0);
	ck_assert_int_eq(told.verified(told.verified_arg, 0x0a000003), 900);
	ck_assert_int_eq(told.verified(told.verified_arg, 0x0a000004), 0);
	ck_assert_int_eq(told.verified(told.verified_arg, 0), 0);
	past_free(past);
	close_all(s);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { the_trend_is_of_whole_runs_of_the_same,
		the_trend_has_an_end, devices_were_last_found, NULL };

	return unit_run("past", tests);
}
