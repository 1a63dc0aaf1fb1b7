/* SPDX-License-Identifier: ISC */
/*
 * html - the report for people: one file, no script, nothing fetched.
 *
 * The first screen says what was looked at, how complete that is, what was
 * found and what needs a person; then one line per asset; then every asset
 * with the sum behind its verdict and the bytes behind each fact.  A content
 * security policy of its own forbids the page everything but its style sheet,
 * so that even a mistake in escaping could not run or fetch anything.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "reports/html_parts.h"
#include "reports/view.h"
#include "scanner/text.h"

enum { SCOPE_SHOWN = 4 };

static void
put_meta(struct html *h, const char *name, const char *content)
{
	html_open(h, "meta", NULL);
	html_attr(h, "name", "%s", name);
	html_attr(h, "content", "%s", content);
	html_close_void(h);
	html_raw(h, "\n");
}

/* What the run looked at, cut to a headline. */
static void
put_subject(struct html *h, const struct run *run)
{
	char safe[VIEW_SAFE];

	for (size_t i = 0; i < run->scope_len && i < SCOPE_SHOWN; i++)
		html_text(h, "%s%s", i > 0 ? ", " : "",
		    view_safe(run->scope[i], safe));
	if (run->scope_len > SCOPE_SHOWN)
		html_text(h, " and %zu more", run->scope_len - SCOPE_SHOWN);
}

static void
put_head(struct html *h, const struct run *run)
{
	html_open(h, "head", NULL);
	html_open(h, "meta", NULL);
	html_attr(h, "charset", "utf-8");
	html_close_void(h);
	html_raw(h, "\n");
	html_open(h, "meta", NULL);
	html_attr(h, "http-equiv", "Content-Security-Policy");
	html_attr(h, "content",
	    "default-src 'none'; style-src '%s'; base-uri 'none'; "
	    "form-action 'none'",
	    html_style_hash);
	html_close_void(h);
	html_raw(h, "\n");
	put_meta(h, "viewport", "width=device-width, initial-scale=1");
	put_meta(h, "color-scheme", "light dark");
	put_meta(h, "referrer", "no-referrer");
	html_open(h, "title", NULL);
	html_text(h, "gantry %s: ", run->command);
	put_subject(h, run);
	html_close(h);
	html_raw(h, "\n");
	html_open(h, "style", NULL);
	for (size_t i = 0; html_style[i] != NULL; i++)
		html_raw(h, html_style[i]);
	html_close(h);
	html_close(h);
	html_raw(h, "\n");
}

static void
put_header(struct html *h, const struct run *run)
{
	char started[TEXT_TIME], length[VIEW_NUMBER], safe[VIEW_SAFE];

	html_open(h, "header", NULL);
	html_leaf(h, "p", "kind", "gantry %s", run->command);
	html_open(h, "h1", NULL);
	put_subject(h, run);
	html_close(h);
	html_open(h, "p", "quiet");
	html_text(h, "%s, %s", text_time(run->started_ns, started),
	    view_duration(
		(double)(run->finished_ns - run->started_ns) / 1e9, length));
	if (run->site[0] != '\0')
		html_text(h, ", site %s", view_safe(run->site, safe));
	if (run->owner != NULL)
		html_text(h, ", scope of %s", view_safe(run->owner, safe));
	html_close(h);
	html_close(h);
	html_raw(h, "\n");
}

static void
put_tile(struct html *h, const char *class, const char *what, size_t n)
{
	html_open(h, "div", class);
	html_leaf(h, "dt", NULL, "%s", what);
	html_leaf(h, "dd", NULL, "%zu", n);
	html_close(h);
}

static void
put_found(struct html *h, const struct report *report)
{
	const struct run *run = report->run;
	struct view_counts n;

	view_count(report->assets, &n);
	html_open(h, "section", NULL);
	html_attr(h, "aria-label", "Summary");
	html_open(h, "dl", "tiles grades");
	put_tile(h, "confirmed", "confirmed", n.grades[GRADE_CONFIRMED]);
	put_tile(h, "probable", "probable", n.grades[GRADE_PROBABLE]);
	put_tile(h, "possible", "possible", n.grades[GRADE_POSSIBLE]);
	put_tile(h, "none", "not recognised", n.grades[GRADE_NONE]);
	html_close(h);
	html_open(h, "p", "completeness");
	if (run->addresses > 0)
		html_text(
		    h, "%" PRIu64 " addresses in scope: ", run->addresses);
	html_text(h,
	    "%zu answered, %zu only heard, %zu silent, %zu left alone on "
	    "purpose, %zu halted.",
	    n.standings[ASSET_ANSWERED], n.standings[ASSET_HEARD],
	    n.standings[ASSET_SILENT], n.standings[ASSET_EXCLUDED],
	    run_halted_hosts(run));
	html_close(h);
	html_close(h);
	html_raw(h, "\n");
}

static void
put_link(struct html *h, const struct asset *a)
{
	char id[HTML_ID], ip[NET_IPV4_TEXT];

	html_open(h, "a", "mono");
	html_attr(h, "href", "#%s", html_id(a, id));
	html_text(h, "%s", ipv4_text(a->address, ip));
	html_close(h);
}

/* Writes the alerts of the halted assets, or of all others. */
static void
put_alerts(
    struct html *h, const struct asset *const *order, size_t n, bool halted)
{
	for (size_t i = 0; i < n; i++) {
		if (order[i]->alerts_len == 0 ||
		    view_is_halted(order[i]) != halted)
			continue;
		html_open(h, "dt", NULL);
		put_link(h, order[i]);
		html_close(h);
		for (size_t j = 0; j < order[i]->alerts_len; j++)
			html_leaf(h, "dd", NULL, "%s", order[i]->alerts[j]);
		html_raw(h, "\n");
	}
}

static void
put_person(struct html *h, const struct report *report,
    const struct asset *const *order)
{
	char lines[VIEW_LINES][VIEW_LINE];
	size_t len = view_run_alerts(report, lines), alerted = 0;

	for (size_t i = 0; i < report->assets->len; i++)
		alerted += order[i]->alerts_len > 0;
	html_open(h, "section", "person");
	html_attr(h, "aria-labelledby", "person");
	html_open(h, "h2", NULL);
	html_attr(h, "id", "person");
	html_text(h, "Needs a person");
	html_close(h);
	if (len + alerted == 0)
		html_leaf(h, "p", NULL, "Nothing.");
	else
		html_open(h, "dl", "alerts");
	for (size_t i = 0; i < len; i++) {
		html_leaf(h, "dt", NULL, "the run");
		html_leaf(h, "dd", NULL, "%s", lines[i]);
	}
	put_alerts(h, order, report->assets->len, true);
	put_alerts(h, order, report->assets->len, false);
	if (len + alerted > 0)
		html_close(h);
	html_close(h);
	html_raw(h, "\n");
}

static void
put_row(struct html *h, const struct asset *a)
{
	char percent[VIEW_NUMBER];

	html_open(h, "tr", a->verdicts_len > 0 ? NULL : "quiet");
	html_cell_open(h, "Address", NULL);
	put_link(h, a);
	html_close(h);
	html_cell_open(h, "Verdict", NULL);
	html_badge(h, a);
	html_close(h);
	html_cell(h, "Probability", "number", "%s",
	    a->verdicts_len > 0
		? view_percent(a->verdicts[0].probability, percent)
		: "");
	html_cell(h, "Device", NULL, "%s", view_device(a));
	html_cell_open(h, "Names", "mono");
	for (size_t i = 0; i < a->names_len; i++)
		html_text(h, "%s%s", i > 0 ? ", " : "", a->names[i]);
	html_close(h);
	html_cell_open(h, "Open ports", "number");
	if (a->standing == ASSET_ANSWERED)
		html_text(h, "%zu", view_open_ports(a));
	html_close(h);
	html_cell(h, "MAC vendor", "value", "%s", a->vendor);
	html_close(h);
	html_raw(h, "\n");
}

static void
put_assets(struct html *h, const struct report *report,
    const struct asset *const *order)
{
	static const char *const heads[] = { "Address", "Verdict",
		"Probability", "Device", "Names", "Open ports", "MAC vendor",
		NULL };

	html_open(h, "section", NULL);
	html_attr(h, "aria-labelledby", "assets");
	html_open(h, "h2", NULL);
	html_attr(h, "id", "assets");
	html_text(h, "Assets");
	html_close(h);
	html_table_open(h, "stack assets",
	    "One line per device, best recognised first", heads);
	for (size_t i = 0; i < report->assets->len; i++)
		put_row(h, order[i]);
	html_table_close(h);
	html_close(h);
	html_open(h, "section", "detail");
	html_attr(h, "aria-labelledby", "detail");
	html_open(h, "h2", NULL);
	html_attr(h, "id", "detail");
	html_text(h, "Each in detail");
	html_close(h);
	for (size_t i = 0; i < report->assets->len; i++)
		html_asset(h, order[i]);
	html_close(h);
	html_raw(h, "\n");
}

static bool
html_write(const struct report *report, FILE *out)
{
	const struct asset **order = view_order(report->assets);
	struct html *h = order != NULL ? html_begin(out) : NULL;
	bool ok;

	if (h == NULL) {
		free(order);
		errno = ENOMEM;
		return false;
	}
	html_open(h, "html", NULL);
	html_attr(h, "lang", "en");
	put_head(h, report->run);
	html_open(h, "body", NULL);
	put_header(h, report->run);
	html_open(h, "main", NULL);
	put_found(h, report);
	put_person(h, report, order);
	put_assets(h, report, order);
	html_census(h, report);
	html_run(h, report);
	html_legend(h);
	html_close(h);
	html_close(h);
	html_close(h);
	ok = html_end(h);
	free(order);
	return ok;
}

const struct report_format report_html = {
	.name = "html",
	.file = "report.html",
	.summary = "the report for people: one file, no script, prints well",
	.write = html_write,
};
