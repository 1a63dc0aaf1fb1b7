/* SPDX-License-Identifier: ISC */
/*
 * window - when a segment may be looked at: "22:00-05:00 Mon-Sat" by the wall
 * clock of a time zone, and days on which it may not.
 *
 * Pure: the time is an argument, in seconds since the epoch.  A window belongs
 * to the day it begins on and may end on the next.  Where clocks are put
 * forward a time that does not exist is the one an hour later; where they are
 * put back a time that comes twice is taken once, for a window's beginning and
 * for its end alike.  A blackout day is closed from midnight to midnight,
 * whatever window reaches into it.
 */
#ifndef WINDOW_H
#define WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WINDOW_ERROR = 128, WINDOW_TIME = 32 };

struct window {
	unsigned from, to; /* minutes of the day; to <= from: of the next day */
	uint8_t days;      /* bit 0 is Monday */
};

/* Calendar days, as year * 10000 + month * 100 + day; last included. */
struct blackout {
	int first, last;
};

struct calendar {
	const char *zone; /* NULL: the system's */
	const struct window *windows;
	size_t windows_len; /* 0: always */
	const struct blackout *blackouts;
	size_t blackouts_len;
};

#define WINDOW_NEVER INT64_MAX

/* "22:00-05:00", "22:00-05:00 Mon-Sat", "00:00-24:00 Sat,Sun".  Returns false
 * and why. */
bool window_parse(
    const char *s, struct window *out, char why[static WINDOW_ERROR]);

/* "2026-12-24" or "2026-12-24..2027-01-06".  Returns false and why. */
bool blackout_parse(
    const char *s, struct blackout *out, char why[static WINDOW_ERROR]);

bool calendar_is_open(const struct calendar *, int64_t now);

/* The first moment from now on at which it is open; WINDOW_NEVER where there
 * is none within a year. */
int64_t calendar_opens(const struct calendar *, int64_t now);

/* The first moment after now at which it is closed; WINDOW_NEVER where there
 * is none within ten days. */
int64_t calendar_closes(const struct calendar *, int64_t now);

/* Returns buf: "Thu 2026-11-26 22:00 CET". */
const char *calendar_time(
    const struct calendar *, int64_t when, char buf[static WINDOW_TIME]);

#endif
