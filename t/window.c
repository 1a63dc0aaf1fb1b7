/* SPDX-License-Identifier: ISC */
/* window: nights, weekdays, days off, and the two nights a year that are not
 * as long as the others. */
#include <string.h>

#include "scanner/window.h"
#include "scanner/zone.h"
#include "t/unit.h"

static struct window windows[4];
static struct blackout blackouts[4];
static struct calendar calendar;

static void
plan(const char *zone, const char *const *texts, const char *const *days)
{
	char why[WINDOW_ERROR];

	calendar = (struct calendar){
		.zone = zone, .windows = windows, .blackouts = blackouts
	};
	for (; texts != NULL && *texts != NULL; texts++)
		ck_assert_msg(
		    window_parse(*texts, &windows[calendar.windows_len++], why),
		    "%s", why);
	for (; days != NULL && *days != NULL; days++)
		ck_assert_msg(blackout_parse(*days,
				  &blackouts[calendar.blackouts_len++], why),
		    "%s", why);
}

#define WINDOWS(...)              \
	(const char *const[])     \
	{                         \
		__VA_ARGS__, NULL \
	}

/* "2026-11-25 22:00:00" in UTC. */
static int64_t
utc(const char *s)
{
	struct tm tm = { 0 };

	ck_assert_ptr_nonnull(strptime(s, "%Y-%m-%d %H:%M:%S", &tm));
	return timegm(&tm);
}

static bool
open_at(const char *s)
{
	return calendar_is_open(&calendar, utc(s));
}

START_TEST(a_night_from_monday_to_saturday)
{
	plan("UTC", WINDOWS("22:00-05:00 Mon-Sat"), NULL);
	/* 25 November 2026 is a Wednesday */
	ck_assert(!open_at("2026-11-25 21:59:59"));
	ck_assert(open_at("2026-11-25 22:00:00"));
	ck_assert(open_at("2026-11-26 04:59:59"));
	ck_assert(!open_at("2026-11-26 05:00:00"));
	/* Saturday's night goes on into Sunday; Sunday has none */
	ck_assert(open_at("2026-11-29 04:00:00"));
	ck_assert(!open_at("2026-11-29 23:00:00"));
	ck_assert(!open_at("2026-11-30 04:00:00"));
	ck_assert_int_eq(calendar_opens(&calendar, utc("2026-11-29 05:00:00")),
	    utc("2026-11-30 22:00:00"));
	ck_assert_int_eq(calendar_opens(&calendar, utc("2026-11-25 23:00:00")),
	    utc("2026-11-25 23:00:00"));
	ck_assert_int_eq(calendar_closes(&calendar, utc("2026-11-25 23:00:00")),
	    utc("2026-11-26 05:00:00"));
}
END_TEST

START_TEST(no_window_is_always_and_two_that_touch_are_one)
{
	plan("UTC", NULL, NULL);
	ck_assert(open_at("2026-11-25 12:00:00"));
	ck_assert_int_eq(calendar_closes(&calendar, utc("2026-11-25 12:00:00")),
	    WINDOW_NEVER);
	plan("UTC", WINDOWS("20:00-24:00", "00:00-06:00"), NULL);
	ck_assert_int_eq(calendar_closes(&calendar, utc("2026-11-25 21:00:00")),
	    utc("2026-11-26 06:00:00"));
	plan("UTC", WINDOWS("00:00-24:00 Sat,Sun"), NULL);
	ck_assert_int_eq(calendar_opens(&calendar, utc("2026-11-25 21:00:00")),
	    utc("2026-11-28 00:00:00"));
	ck_assert_int_eq(calendar_closes(&calendar, utc("2026-11-28 00:00:00")),
	    utc("2026-11-30 00:00:00"));
}
END_TEST

START_TEST(days_off)
{
	plan("UTC", WINDOWS("22:00-05:00"),
	    WINDOWS("2026-12-24..2026-12-26", "2027-01-01"));
	/* the night before ends at midnight */
	ck_assert(open_at("2026-12-23 23:59:59"));
	ck_assert(!open_at("2026-12-24 00:00:00"));
	ck_assert_int_eq(calendar_closes(&calendar, utc("2026-12-23 23:00:00")),
	    utc("2026-12-24 00:00:00"));
	/* the night of the 26th begins, and is open, at midnight */
	ck_assert(!open_at("2026-12-26 23:59:59"));
	ck_assert(open_at("2026-12-27 00:00:00"));
	ck_assert_int_eq(calendar_opens(&calendar, utc("2026-12-24 00:00:00")),
	    utc("2026-12-27 00:00:00"));
}
END_TEST

START_TEST(clocks_put_forward)
{
	/* Berlin, 29 March 2026: 02:00 CET is 03:00 CEST, 01:00 UTC */
	plan("Europe/Berlin", WINDOWS("22:00-05:00"), NULL);
	ck_assert(!open_at("2026-03-28 20:59:59"));
	ck_assert(open_at("2026-03-28 21:00:00")); /* 22:00 CET */
	ck_assert(open_at("2026-03-29 02:59:59")); /* 04:59 CEST */
	ck_assert(!open_at("2026-03-29 03:00:00"));
	/* a window that lies in the hour that is not: an hour later */
	plan("Europe/Berlin", WINDOWS("02:15-02:45"), NULL);
	ck_assert_int_eq(calendar_opens(&calendar, utc("2026-03-29 00:30:00")),
	    utc("2026-03-29 01:15:00")); /* 03:15 CEST */
	ck_assert(open_at("2026-03-29 01:30:00"));
	ck_assert(!open_at("2026-03-29 01:45:00"));
}
END_TEST

START_TEST(clocks_put_back)
{
	/* Berlin, 25 October 2026: 03:00 CEST is 02:00 CET, 01:00 UTC */
	plan("Europe/Berlin", WINDOWS("22:00-05:00"), NULL);
	ck_assert(open_at("2026-10-24 20:00:00")); /* 22:00 CEST */
	ck_assert(open_at("2026-10-25 03:59:59")); /* 04:59 CET */
	ck_assert(!open_at("2026-10-25 04:00:00"));
	ck_assert_int_eq(calendar_closes(&calendar, utc("2026-10-24 20:00:00")),
	    utc("2026-10-25 04:00:00"));
}
END_TEST

START_TEST(other_zones_do_not_stay)
{
	char text[WINDOW_TIME];

	ck_assert(zone_exists("Europe/Berlin"));
	ck_assert(!zone_exists("Europe/Nowhere"));
	ck_assert(!zone_exists("../../etc/passwd"));
	setenv("TZ", "America/New_York", 1);
	plan("Asia/Kathmandu", WINDOWS("00:00-01:00"), NULL);
	ck_assert(open_at("2026-11-25 18:30:00")); /* 00:15, five hours 45 */
	ck_assert_str_eq(getenv("TZ"), "America/New_York");
	ck_assert_str_eq(
	    calendar_time(&calendar, utc("2026-11-25 18:30:00"), text),
	    "Thu 2026-11-26 00:15 +0545");
	unsetenv("TZ");
	calendar_is_open(&calendar, 0);
	ck_assert_ptr_null(getenv("TZ"));
}
END_TEST

START_TEST(wrong_words)
{
	static const char *const wrong[] = { "", "22:00", "22-05",
		"22:00-05:00 Mon-Foo", "22:00-05:00  Mon", "22:60-05:00",
		"24:00-05:00", "25:00-05:00", "22:00-22:00", "22:00-05:00,Mon",
		"22:00-05:00 Mon,", "2:00-05:00", NULL };
	static const char *const days[] = { "", "2026-02-30", "24.12.2026",
		"2026-12-24..", "2026-12-24..2026-12-23", "2026-12-24-26",
		NULL };
	char why[WINDOW_ERROR];
	struct window w;
	struct blackout b;

	for (size_t i = 0; wrong[i] != NULL; i++)
		ck_assert_msg(!window_parse(wrong[i], &w, why), "%s", wrong[i]);
	for (size_t i = 0; days[i] != NULL; i++)
		ck_assert_msg(!blackout_parse(days[i], &b, why), "%s", days[i]);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { a_night_from_monday_to_saturday,
		no_window_is_always_and_two_that_touch_are_one, days_off,
		clocks_put_forward, clocks_put_back, other_zones_do_not_stay,
		wrong_words, NULL };

	return unit_run("window", tests);
}
