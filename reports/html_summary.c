/* SPDX-License-Identifier: ISC */
/*
 * html_summary - the first screen: what was looked at and how, how complete
 * that is, what was found, what needs a person.
 */
#include <inttypes.h>
#include <string.h>

#include "reports/html_parts.h"
#include "reports/svg.h"
#include "reports/view.h"
#include "scanner/text.h"

enum { ALERTED_SHOWN = 200, LABEL = 256 };

static void
put_fact(struct markup *h, const char *what, const char *value)
{
	markup_leaf(h, "dt", NULL, "%s", what);
	markup_leaf(h, "dd", NULL, "%s", value);
}

static void
put_words(
    struct markup *h, const char *what, const char *const *words, size_t n)
{
	char safe[VIEW_SAFE];

	markup_leaf(h, "dt", NULL, "%s", what);
	markup_open(h, "dd", NULL);
	for (size_t i = 0; i < n; i++)
		markup_text(
		    h, "%s%s", i > 0 ? ", " : "", view_safe(words[i], safe));
	if (n == 0)
		markup_string(h, "nothing");
	markup_close(h);
}

/* "2026-11-25 22:27:18" of a time. */
static void
put_time(struct markup *h, int64_t ns)
{
	char time[TEXT_TIME];

	text_time(ns, time);
	markup_text(h, "%.10s %.8s", time, time + 11);
}

static void
put_window(struct markup *h, const struct run *run)
{
	char length[VIEW_NUMBER];

	markup_leaf(h, "dt", NULL, "When");
	markup_open(h, "dd", NULL);
	put_time(h, run->started_ns);
	markup_string(h, " to ");
	put_time(h, run->finished_ns);
	markup_text(h, " UTC (%s)",
	    view_duration(
		(double)(run->finished_ns - run->started_ns) / 1e9, length));
	markup_close(h);
}

static void
put_run(struct markup *h, const struct run *run)
{
	char safe[VIEW_SAFE], listened[VIEW_NUMBER];

	markup_open(h, "dl", "facts-of-run");
	if (run->site[0] != '\0')
		put_fact(h, "Site", view_safe(run->site, safe));
	put_words(h, "Looked at", run->scope, run->scope_len);
	/* A replay, or a report over what is known, had no scope to cut. */
	if (run->addresses > 0 || run->excluded_len > 0)
		put_words(h, "Left out", run->excluded, run->excluded_len);
	if (run->owner != NULL)
		put_fact(h, "Scope of", view_safe(run->owner, safe));
	put_window(h, run);
	put_fact(h, "Outcome", run_outcome_text(run->outcome));
	put_fact(h, "Listened", view_duration(run->listened_s, listened));
	if (run->care != NULL) {
		markup_leaf(h, "dt", NULL, "Care");
		markup_open(h, "dd", NULL);
		markup_string(h, run->care);
		if (run->host_packets_cap > 0)
			markup_text(h, ", at most %u packets a second and host",
			    run->host_packets_cap);
		markup_close(h);
	}
	markup_leaf(h, "dt", NULL, "Judged by");
	markup_leaf(h, "dd", NULL, "gantry %s, %zu fingerprints", run->version,
	    run->fingerprints);
	markup_close(h);
	markup_raw(h, "\n");
}

struct part {
	const char *class, *name;
	size_t n;
};

/* One bar, shared among the verdicts; the tiles below say the numbers. */
static void
put_stripe(struct markup *h, const struct part *parts, size_t len)
{
	char label[LABEL] = "";
	size_t total = 0, used = 0;
	double at = 0;

	for (size_t i = 0; i < len; i++) {
		total += parts[i].n;
		used += (size_t)snprintf(label + used, sizeof(label) - used,
		    "%s%zu %s", i > 0 ? ", " : "", parts[i].n, parts[i].name);
	}
	if (total == 0)
		return;
	markup_open(h, "svg", "stripe");
	markup_attr(h, "role", "img");
	markup_attr(h, "aria-label", "All assets: %s", label);
	for (size_t i = 0; i < len; i++) {
		double share = 100.0 * (double)parts[i].n / (double)total;

		if (parts[i].n == 0)
			continue;
		markup_open(h, "rect", parts[i].class);
		markup_attr(h, "x", "%.2f%%", at);
		markup_attr(h, "y", "0");
		markup_attr(h, "width", "%.2f%%", share);
		markup_attr(h, "height", "27");
		markup_close(h);
		at += share;
	}
	markup_close(h);
}

static void
put_tile(struct markup *h, const char *class, const char *what, size_t n)
{
	markup_open(h, "div", class);
	markup_leaf(h, "dt", NULL, "%s", what);
	markup_leaf(h, "dd", NULL, "%zu", n);
	markup_close(h);
}

static void
put_completeness(
    struct markup *h, const struct report *report, const struct view_counts *n)
{
	const struct run *run = report->run;
	size_t known = report->assets->len;

	markup_open(h, "p", "completeness");
	if (run->addresses > 0)
		markup_text(
		    h, "%" PRIu64 " addresses in scope: ", run->addresses);
	markup_text(h,
	    "%zu answered, %zu only heard, %zu silent, %zu left alone on "
	    "purpose, %zu halted",
	    n->standings[ASSET_ANSWERED], n->standings[ASSET_HEARD],
	    n->standings[ASSET_SILENT], n->standings[ASSET_EXCLUDED],
	    run_halted_hosts(run));
	if (run->addresses > known)
		markup_text(h, "; of %" PRIu64 " there was no sign of life",
		    run->addresses - known);
	markup_string(h, ".");
	markup_close(h);
}

static void
put_found(struct markup *h, const struct report *report)
{
	struct view_counts n;

	view_count(report->assets, &n);
	const struct part parts[] = {
		{ "part-confirmed", "confirmed", n.grades[GRADE_CONFIRMED] },
		{ "part-probable", "probable", n.grades[GRADE_PROBABLE] },
		{ "part-possible", "possible", n.grades[GRADE_POSSIBLE] },
		{ "part-none", "not recognised", n.grades[GRADE_NONE] },
		{ "part-silent", "silent", n.standings[ASSET_SILENT] },
		{ "part-excluded", "left alone", n.standings[ASSET_EXCLUDED] },
	};

	markup_open(h, "section", NULL);
	markup_attr(h, "aria-labelledby", "found");
	markup_open(h, "h2", NULL);
	markup_attr(h, "id", "found");
	markup_text(h, "%zu asset%s found", report->assets->len,
	    report->assets->len == 1 ? "" : "s");
	markup_close(h);
	put_stripe(h, parts, sizeof(parts) / sizeof(parts[0]));
	markup_open(h, "dl", "tiles grades");
	put_tile(h, "confirmed", "confirmed", n.grades[GRADE_CONFIRMED]);
	put_tile(h, "probable", "probable", n.grades[GRADE_PROBABLE]);
	put_tile(h, "possible", "possible", n.grades[GRADE_POSSIBLE]);
	put_tile(h, "none", "not recognised", n.grades[GRADE_NONE]);
	markup_close(h);
	put_completeness(h, report, &n);
	markup_close(h);
	markup_raw(h, "\n");
}

static void
put_asset_alerts(
    struct markup *h, const struct report *report, const struct asset *a)
{
	char link[HTML_LINK], ip[NET_IPV4_TEXT];

	markup_open(h, "dt", NULL);
	markup_open(h, "a", "mono");
	markup_attr(h, "href", "%s", html_link(report, a, link));
	markup_string(h, ipv4_text(a->address, ip));
	markup_close(h);
	markup_close(h);
	for (size_t i = 0; i < a->alerts_len; i++)
		markup_leaf(h, "dd", NULL, "%s", a->alerts[i]);
	markup_raw(h, "\n");
}

/* Writes the alerts of the halted assets, or of all others; at most most. */
static size_t
put_alerts(struct markup *h, const struct report *report,
    const struct asset *const *order, bool halted, size_t most)
{
	size_t shown = 0;

	for (size_t i = 0; i < report->assets->len && shown < most; i++) {
		if (order[i]->alerts_len == 0 ||
		    view_is_halted(order[i]) != halted)
			continue;
		put_asset_alerts(h, report, order[i]);
		shown++;
	}
	return shown;
}

static void
put_person(struct markup *h, const struct report *report,
    const struct asset *const *order)
{
	char lines[VIEW_LINES][VIEW_LINE];
	size_t len = view_run_alerts(report, lines), shown;
	struct view_counts n;

	view_count(report->assets, &n);
	html_section(h, "person", "person", "Needs a person");
	if (len + n.alerted == 0)
		markup_leaf(h, "p", NULL, "Nothing.");
	else
		markup_open(h, "dl", "person-list");
	for (size_t i = 0; i < len; i++) {
		markup_leaf(h, "dt", NULL, "the run");
		markup_leaf(h, "dd", NULL, "%s", lines[i]);
	}
	shown = put_alerts(h, report, order, true, ALERTED_SHOWN);
	shown += put_alerts(h, report, order, false, ALERTED_SHOWN - shown);
	if (len + n.alerted > 0)
		markup_close(h);
	if (shown < n.alerted)
		markup_leaf(h, "p", "quiet",
		    "And %zu more assets: the table of assets marks them.",
		    n.alerted - shown);
	markup_close(h);
	markup_raw(h, "\n");
}

void
html_summary(struct markup *h, const struct report *report,
    const struct asset *const *order)
{
	markup_open(h, "div", "first");
	put_found(h, report);
	put_run(h, report->run);
	markup_close(h);
	html_changes(h, report);
	put_person(h, report, order);
}
