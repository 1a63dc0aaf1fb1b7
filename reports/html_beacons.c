/* SPDX-License-Identifier: ISC */
/*
 * html_beacons - when each console called, over the time it was listened to.
 * The table's words tell the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/html_parts.h"
#include "reports/view.h"
#include "scanner/text.h"

enum { CONSOLES_MAX = 64, BEACONS_MAX = 400 };

/* What is shown of time. */
struct window {
	int64_t first, last;
};

static size_t
count_beacons(const struct asset *a)
{
	size_t n = 0;

	for (size_t i = 0; i < a->facts_len; i++)
		n += a->facts[i]->key == FACT_ADVANTAGENET_BEACON;
	return n;
}

static const char *
value_of(const struct asset *a, enum fact_key key)
{
	for (size_t i = 0; i < a->facts_len; i++)
		if (a->facts[i]->key == key)
			return a->facts[i]->value;
	return "";
}

/* The run's time, or that of the beacons where a capture is older. */
static struct window
find_window(const struct report *report)
{
	struct window w = { report->run->started_ns, report->run->finished_ns };

	for (size_t i = 0; i < ledger_count(report->ledger); i++) {
		const struct fact *f = ledger_at(report->ledger, i);

		if (f->key != FACT_ADVANTAGENET_BEACON)
			continue;
		if (f->time_ns < w.first)
			w.first = f->time_ns;
		if (f->time_ns > w.last)
			w.last = f->time_ns;
	}
	return w;
}

static double
place(const struct window *w, int64_t at)
{
	if (w->last <= w->first)
		return 50;
	return 1 + 98 * (double)(at - w->first) / (double)(w->last - w->first);
}

static void
put_timeline(struct markup *h, const struct window *w, const struct asset *a)
{
	size_t shown = 0;

	markup_open(h, "svg", "beat");
	markup_attr(h, "aria-hidden", "true");
	markup_open(h, "line", "line");
	markup_attr(h, "x1", "0");
	markup_attr(h, "x2", "100%%");
	markup_attr(h, "y1", "12");
	markup_attr(h, "y2", "12");
	markup_close(h);
	for (size_t i = 0; i < a->facts_len && shown < BEACONS_MAX; i++) {
		if (a->facts[i]->key != FACT_ADVANTAGENET_BEACON)
			continue;
		markup_open(h, "circle", NULL);
		markup_attr(h, "cx", "%.2f%%", place(w, a->facts[i]->time_ns));
		markup_attr(h, "cy", "12");
		markup_attr(h, "r", "5");
		markup_close(h);
		shown++;
	}
	markup_close(h);
}

static void
put_console(struct markup *h, const struct report *report,
    const struct window *w, const struct asset *a)
{
	const char *period = value_of(a, FACT_ADVANTAGENET_PERIOD);
	char link[HTML_LINK], ip[NET_IPV4_TEXT], name[2 * VIEW_NUMBER];

	snprintf(name, sizeof(name), "%.20s/%.20s",
	    value_of(a, FACT_ADVANTAGENET_SUITE),
	    value_of(a, FACT_ADVANTAGENET_STATION));
	markup_open(h, "tr", NULL);
	html_cell_open(h, "Address", NULL);
	markup_open(h, "a", "mono");
	markup_attr(h, "href", "%s", html_link(report, a, link));
	markup_string(h, ipv4_text(a->address, ip));
	markup_close(h);
	markup_close(h);
	html_cell(h, "Station", "mono", name);
	html_cell_open(h, "Heard", "number");
	markup_text(h, "%zu", count_beacons(a));
	markup_close(h);
	html_cell_open(h, "Period", "number");
	if (strtod(period, NULL) > 0)
		markup_text(h, "%.2f s", strtod(period, NULL));
	else
		markup_string(h, "not known");
	markup_close(h);
	html_cell_open(h, "When", NULL);
	put_timeline(h, w, a);
	markup_close(h);
	markup_close(h);
	markup_raw(h, "\n");
}

void
html_beacons(struct markup *h, const struct report *report)
{
	static const char *const heads[] = { "Address", "Station", "Heard",
		"Period", "When", NULL };
	struct window w = find_window(report);
	char from[TEXT_TIME], to[TEXT_TIME], words[160];
	size_t consoles = 0;

	for (size_t i = 0; i < report->assets->len; i++)
		consoles += count_beacons(&report->assets->items[i]) > 0;
	if (consoles == 0)
		return;
	snprintf(words, sizeof(words),
	    "Each call heard, from %.19s to %.19s UTC",
	    text_time(w.first, from), text_time(w.last, to));
	html_section(h, "beacons", NULL, "Consoles that called");
	html_table_open(h, "stack beacons", words, heads);
	consoles = 0;
	for (size_t i = 0; i < report->assets->len; i++) {
		const struct asset *a = &report->assets->items[i];

		if (count_beacons(a) > 0 && consoles++ < CONSOLES_MAX)
			put_console(h, report, &w, a);
	}
	html_table_close(h);
	if (consoles > CONSOLES_MAX)
		markup_leaf(
		    h, "p", "quiet", "And %zu more.", consoles - CONSOLES_MAX);
	markup_close(h);
	markup_raw(h, "\n");
}
