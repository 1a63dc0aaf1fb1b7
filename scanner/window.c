/* SPDX-License-Identifier: ISC */
/* window - wall clocks, weekdays and days off. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/window.h"
#include "scanner/zone.h"

enum {
	DAY_MINUTES = 24 * 60,
	EVERY_DAY = 0x7f,
	OPENS_WITHIN = 400, /* days looked ahead */
	CLOSES_WITHIN = 10
};

static const char *const weekdays[] = { "Mon", "Tue", "Wed", "Thu", "Fri",
	"Sat", "Sun" };

/* --- reading -------------------------------------------------------------- */

static bool
fail(char why[static WINDOW_ERROR], const char *what, const char *s)
{
	snprintf(why, WINDOW_ERROR, "\"%.60s\": %s", s, what);
	return false;
}

/* "HH:MM" up to 24:00.  Returns what follows, or NULL. */
static const char *
read_minutes(const char *s, unsigned *out)
{
	unsigned hours, minutes;
	int n = 0;

	if (sscanf(s, "%2u:%2u%n", &hours, &minutes, &n) != 2 || n != 5 ||
	    s[0] == ' ' || minutes > 59 || hours * 60 + minutes > DAY_MINUTES)
		return NULL;
	*out = hours * 60 + minutes;
	return s + n;
}

/* Returns the day's number, 7 for none. */
static unsigned
read_weekday(const char *s)
{
	unsigned d = 0;

	while (d < 7 && strncmp(s, weekdays[d], 3) != 0)
		d++;
	return d;
}

/* "Mon-Sat", "Sat,Sun", "Sat-Mon". */
static bool
read_days(const char *s, uint8_t *out)
{
	*out = 0;
	for (;;) {
		unsigned first = read_weekday(s), last = first;

		if (first == 7)
			return false;
		s += 3;
		if (*s == '-') {
			last = read_weekday(s + 1);
			if (last == 7)
				return false;
			s += 4;
		}
		for (unsigned d = first;; d = (d + 1) % 7) {
			*out |= (uint8_t)(1U << d);
			if (d == last)
				break;
		}
		if (*s == '\0')
			return true;
		if (*s++ != ',')
			return false;
	}
}

bool
window_parse(const char *s, struct window *out, char why[static WINDOW_ERROR])
{
	static const char form[] =
	    "is not a window such as \"22:00-05:00 Mon-Sat\"";
	struct window w = { .days = EVERY_DAY };
	const char *at = read_minutes(s, &w.from);

	if (at == NULL || *at != '-' || w.from == DAY_MINUTES)
		return fail(why, form, s);
	at = read_minutes(at + 1, &w.to);
	if (at == NULL || (*at != '\0' && *at != ' '))
		return fail(why, form, s);
	if (w.from == w.to)
		return fail(why, "begins when it ends", s);
	if (*at == ' ' && !read_days(at + 1, &w.days))
		return fail(why, form, s);
	*out = w;
	return true;
}

static bool
read_day(const char *s, int *out)
{
	int year, month, day, n = 0;
	struct tm tm = { 0 };

	if (sscanf(s, "%4d-%2d-%2d%n", &year, &month, &day, &n) != 3 ||
	    n != 10 || month < 1 || month > 12 || day < 1 || day > 31 ||
	    year < 1970)
		return false;
	tm.tm_year = year - 1900;
	tm.tm_mon = month - 1;
	tm.tm_mday = day;
	/* timegm() turns 31 February into a day in March */
	if (timegm(&tm) == -1 || tm.tm_mday != day)
		return false;
	*out = year * 10000 + month * 100 + day;
	return true;
}

bool
blackout_parse(
    const char *s, struct blackout *out, char why[static WINDOW_ERROR])
{
	static const char form[] =
	    "is not a day as YYYY-MM-DD, nor two with .. between";
	size_t len = strlen(s);
	struct blackout b;

	if ((len != 10 && len != 22) || !read_day(s, &b.first))
		return fail(why, form, s);
	b.last = b.first;
	if (len == 22 &&
	    (strncmp(s + 10, "..", 2) != 0 || !read_day(s + 12, &b.last)))
		return fail(why, form, s);
	if (b.last < b.first)
		return fail(why, "ends before it begins", s);
	*out = b;
	return true;
}

/* --- wall clocks; the zone is entered ------------------------------------- */

/* The moment of a wall clock's minute on a day offset from today's. */
static int64_t
moment(const struct tm *today, int days, unsigned minutes)
{
	struct tm tm = { .tm_year = today->tm_year,
		.tm_mon = today->tm_mon,
		.tm_mday = today->tm_mday + days + (int)(minutes / DAY_MINUTES),
		.tm_hour = (int)(minutes % DAY_MINUTES / 60),
		.tm_min = (int)(minutes % 60),
		.tm_isdst = -1 };

	return mktime(&tm);
}

static bool
local_day(int64_t when, struct tm *out)
{
	time_t t = (time_t)when;

	return localtime_r(&t, out) != NULL;
}

static unsigned
weekday_of(const struct tm *today, int days)
{
	struct tm tm = { .tm_year = today->tm_year,
		.tm_mon = today->tm_mon,
		.tm_mday = today->tm_mday + days,
		.tm_hour = 12,
		.tm_isdst = -1 };

	mktime(&tm);
	return (unsigned)(tm.tm_wday + 6) % 7;
}

static unsigned
end_of(const struct window *w)
{
	return w->to <= w->from ? w->to + DAY_MINUTES : w->to;
}

static bool
is_blackout(const struct calendar *c, const struct tm *day)
{
	int number = (day->tm_year + 1900) * 10000 + (day->tm_mon + 1) * 100 +
	    day->tm_mday;

	for (size_t i = 0; i < c->blackouts_len; i++)
		if (number >= c->blackouts[i].first &&
		    number <= c->blackouts[i].last)
			return true;
	return false;
}

static bool
is_open(const struct calendar *c, int64_t when)
{
	struct tm today;

	if (!local_day(when, &today) || is_blackout(c, &today))
		return false;
	for (size_t i = 0; i < c->windows_len; i++)
		for (int d = -1; d <= 0; d++) {
			const struct window *w = &c->windows[i];

			if ((w->days >> weekday_of(&today, d) & 1) != 0 &&
			    when >= moment(&today, d, w->from) &&
			    when < moment(&today, d, end_of(w)))
				return true;
		}
	return c->windows_len == 0;
}

/* The earliest of the day's boundaries from `least` on at which the calendar
 * is open (or closed). */
static int64_t
find_in_day(const struct calendar *c, const struct tm *today, int day,
    int64_t least, bool open)
{
	int64_t best = WINDOW_NEVER, t = moment(today, day, 0);

	if (t >= least && is_open(c, t) == open)
		best = t;
	for (size_t i = 0; i < c->windows_len; i++) {
		const struct window *w = &c->windows[i];

		t = moment(today, day, open ? w->from : end_of(w));
		if (t >= least && t < best && is_open(c, t) == open)
			best = t;
	}
	return best;
}

static int64_t
find(const struct calendar *c, int64_t now, bool open, int within)
{
	int64_t least = open ? now : now + 1, best = WINDOW_NEVER, t;
	struct tm today;
	/* A window of yesterday may end today; none of tomorrow's boundaries
	 * comes before one of today's but by that. */
	int found = within;

	if (!local_day(now, &today))
		return WINDOW_NEVER;
	for (int d = -1; d <= found; d++) {
		t = find_in_day(c, &today, d, least, open);
		if (t < best) {
			best = t;
			found = d + 1 < within ? d + 1 : within;
		}
	}
	return best;
}

/* --- the questions ----------------------------------------------------------- */

bool
calendar_is_open(const struct calendar *c, int64_t now)
{
	struct zone zone;
	bool open;

	if (!zone_enter(&zone, c->zone))
		return false;
	open = is_open(c, now);
	zone_leave(&zone);
	return open;
}

int64_t
calendar_opens(const struct calendar *c, int64_t now)
{
	int64_t t = now;
	struct zone zone;

	if (!zone_enter(&zone, c->zone))
		return WINDOW_NEVER;
	if (!is_open(c, now))
		t = find(c, now, true, OPENS_WITHIN);
	zone_leave(&zone);
	return t;
}

int64_t
calendar_closes(const struct calendar *c, int64_t now)
{
	struct zone zone;
	int64_t t;

	if (!zone_enter(&zone, c->zone))
		return WINDOW_NEVER;
	t = find(c, now, false, CLOSES_WITHIN);
	zone_leave(&zone);
	return t;
}

const char *
calendar_time(
    const struct calendar *c, int64_t when, char buf[static WINDOW_TIME])
{
	struct zone zone;
	struct tm tm;

	snprintf(buf, WINDOW_TIME, "never");
	if (when == WINDOW_NEVER || !zone_enter(&zone, c->zone))
		return buf;
	if (local_day(when, &tm))
		strftime(buf, WINDOW_TIME, "%a %Y-%m-%d %H:%M %Z", &tm);
	zone_leave(&zone);
	return buf;
}
