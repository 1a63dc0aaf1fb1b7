/* SPDX-License-Identifier: ISC */
/*
 * html_past - what is not as it was last time, and how the last runs went.
 *
 * Where nothing is known of the past nothing is written, not even a heading.
 */
#include <stdio.h>
#include <string.h>

#include "reports/html_parts.h"
#include "reports/svg.h"
#include "scanner/text.h"

enum {
	CHANGES_SHOWN = 100,
	POINTS_SHOWN = 30,
	WIDTH = 360,
	HEIGHT = 190,
	LEFT = 8,
	RIGHT = 262,
	TOP = 26,
	FLOOR = 158,
	WORDS = 1024
};

static void
put_change(struct markup *h, const struct report *report,
    const struct report_change *c)
{
	const struct assets *assets = report->assets;
	char ip[NET_IPV4_TEXT], link[HTML_LINK];
	const struct asset *found = NULL;

	for (size_t i = 0; c->address != 0 && i < assets->len; i++)
		if (assets->items[i].address == c->address)
			found = &assets->items[i];
	markup_open(h, "dt", NULL);
	if (found != NULL) {
		markup_open(h, "a", "mono");
		markup_attr(h, "href", "%s", html_link(report, found, link));
	}
	markup_string(
	    h, c->address != 0 ? ipv4_text(c->address, ip) : "the run");
	if (found != NULL)
		markup_close(h);
	markup_close(h);
	markup_leaf(h, "dd", NULL, "%s", c->text);
	markup_raw(h, "\n");
}

void
html_changes(struct markup *h, const struct report *report)
{
	const struct report_past *past = report->past;
	char time[TEXT_TIME], title[64];

	if (past == NULL || past->changes_len == 0)
		return;
	text_time(past->last_ns, time);
	snprintf(title, sizeof(title), "Changed since %.10s %.5s UTC", time,
	    time + 11);
	html_section(h, "changes", NULL, title);
	markup_open(h, "dl", "person-list changes");
	for (size_t i = 0; i < past->changes_len && i < CHANGES_SHOWN; i++)
		put_change(h, report, &past->changes[i]);
	markup_close(h);
	if (past->changes_len > CHANGES_SHOWN)
		markup_leaf(h, "p", "quiet", "And %zu more.",
		    past->changes_len - CHANGES_SHOWN);
	markup_close(h);
	markup_raw(h, "\n");
}

/* --- the trend ----------------------------------------------------------- */

static size_t
assets_of(const struct report_point *p)
{
	return p->assets;
}

static size_t
recognised_of(const struct report_point *p)
{
	return p->recognised;
}

static size_t
alerted_of(const struct report_point *p)
{
	return p->alerted;
}

static const struct {
	const char *name, *class;
	size_t (*of)(const struct report_point *);
} lines[] = {
	{ "assets", "trend-assets", assets_of },
	{ "recognised", "trend-recognised", recognised_of },
	{ "need a person", "trend-alerted", alerted_of },
};
enum { LINES = 3 };

static void
put_line(struct markup *h, const struct report_point *points, size_t n,
    size_t most, size_t which)
{
	char path[POINTS_SHOWN * 24] = "";
	size_t used = 0;
	double y = FLOOR;

	for (size_t i = 0; i < n; i++) {
		double x = n > 1 ? LEFT +
			(double)(RIGHT - LEFT) * (double)i / (double)(n - 1)
				 : RIGHT;

		y = FLOOR -
		    (double)(FLOOR - TOP) *
			(double)lines[which].of(&points[i]) /
			(double)(most > 0 ? most : 1);
		used += (size_t)snprintf(path + used, sizeof(path) - used,
		    "%s%.1f %.1f", i > 0 ? "L" : "M", x, y);
	}
	markup_open(h, "path", lines[which].class);
	markup_attr(h, "d", "%s", path);
	markup_close(h);
	svg_text(h, NULL, RIGHT + 5, y + 4, "start", lines[which].name);
}

/* "assets 5, 6, 8; recognised 4, 5, 2; ..." */
static void
put_words(const struct report_point *points, size_t n, char out[static WORDS])
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t l = 0; l < LINES; l++)
		for (size_t i = 0; i < n && used < WORDS; i++)
			used += (size_t)snprintf(out + used, WORDS - used,
			    "%s%s%s%zu", i == 0 && l > 0 ? "; " : "",
			    i == 0 ? lines[l].name : ",", " ",
			    lines[l].of(&points[i]));
}

void
html_trend(struct markup *h, const struct report *report)
{
	const struct report_past *past = report->past;
	const struct report_point *points;
	size_t n, most = 0;
	char words[WORDS];

	if (past == NULL || past->points_len < 2)
		return;
	n = past->points_len < POINTS_SHOWN ? past->points_len : POINTS_SHOWN;
	points = &past->points[past->points_len - n];
	for (size_t i = 0; i < n; i++)
		if (points[i].assets > most)
			most = points[i].assets;
	put_words(points, n, words);
	markup_open(h, "figure", NULL);
	markup_open(h, "figcaption", NULL);
	markup_leaf(h, "b", NULL, "The last %zu runs", n);
	markup_text(h, " ");
	markup_leaf(h, "span", NULL, "%s", words);
	markup_close(h);
	svg_open(h, NULL, WIDTH, HEIGHT, words);
	svg_line(h, "axis", LEFT, FLOOR, RIGHT, FLOOR);
	for (size_t l = 0; l < LINES; l++)
		put_line(h, points, n, most, l);
	markup_close(h);
	markup_close(h);
	markup_raw(h, "\n");
}
