/* SPDX-License-Identifier: ISC */
/*
 * html_rows - the table of assets: rows in the page, or where they are too
 * many for it lines of data the script builds the rows from.
 *
 * The data are text in an element that is not shown: fields parted by tabs,
 * which no value holds, and escaped like all text.
 */
#include <stdio.h>
#include <string.h>

#include "reports/html_parts.h"
#include "reports/view.h"
#include "scanner/text.h"

enum { CELL = 512, COLUMNS_MAX = 11 };

/* What a row says, in the order of the heads. */
struct row {
	char device[CELL], names[CELL], mac[CELL], seen[TEXT_TIME];
	char ip[NET_IPV4_TEXT], percent[VIEW_NUMBER], open[VIEW_NUMBER];
};

static void
join_names(const struct asset *a, char out[static CELL])
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < a->names_len && used < CELL; i++)
		used += (size_t)snprintf(out + used, CELL - used, "%s%s",
		    i > 0 ? ", " : "", a->names[i]);
}

static bool
has_verified(const struct report *report)
{
	return report->past != NULL && report->past->verified != NULL;
}

/* When a run last found it, which for a silent one was not this run; without
 * an inventory, when it was last seen. */
static int64_t
last_time(const struct report *report, const struct asset *a)
{
	const struct report_past *past = report->past;

	return has_verified(report)
	    ? past->verified(past->verified_arg, a->address)
	    : view_last_seen(a);
}

static void
fill_row(const struct report *report, const struct asset *a, struct row *r)
{
	int64_t last = last_time(report, a);
	char time[TEXT_TIME];

	memset(r, 0, sizeof(*r));
	ipv4_text(a->address, r->ip);
	if (a->verdicts_len > 0)
		view_percent(a->verdicts[0].probability, r->percent);
	snprintf(r->device, CELL, "%s", view_device(a));
	join_names(a, r->names);
	if (mac_is_known(a->mac))
		mac_text(a->mac, r->mac);
	if (a->standing == ASSET_ANSWERED)
		snprintf(r->open, sizeof(r->open), "%zu", view_open_ports(a));
	if (last == 0)
		return;
	text_time(last, time);
	snprintf(r->seen, sizeof(r->seen), "%.10s %.8s", time, time + 11);
}

static bool
has_site(const struct report *report)
{
	return report->run->site[0] != '\0';
}

static bool
has_expected(const struct report *report)
{
	return report->past != NULL && report->past->expected != NULL;
}

static const char *
last_head(const struct report *report)
{
	return has_verified(report) ? "Last verified" : "Last seen";
}

static const char *
expected(const struct report *report, const struct asset *a)
{
	return report->past->expected(report->past->expected_arg, a->address);
}

static void
put_row(struct markup *h, const struct report *report, const struct asset *a)
{
	char link[HTML_LINK], site[VIEW_SAFE];
	struct row r;

	fill_row(report, a, &r);
	markup_open(h, "tr", a->verdicts_len > 0 ? NULL : "quiet");
	markup_attr(h, "data-grade", "%s", view_grade(a));
	if (a->alerts_len > 0)
		markup_attr(h, "data-person", "%zu", a->alerts_len);
	html_cell_open(h, "Address", NULL);
	markup_open(h, "a", "mono");
	markup_attr(h, "href", "%s", html_link(report, a, link));
	markup_string(h, r.ip);
	markup_close(h);
	markup_close(h);
	html_cell_open(h, "Verdict", NULL);
	html_badge(h, a);
	markup_close(h);
	html_cell(h, "Probability", "number", r.percent);
	html_cell_open(h, "Device", NULL);
	markup_string(h, r.device);
	if (view_kind(a)[0] != '\0') {
		markup_text(h, " ");
		markup_leaf(h, "span", "kind-of", "%s", view_kind(a));
	}
	markup_close(h);
	html_cell(h, "Names", "mono names", r.names);
	html_cell_open(h, "MAC and maker", "mac");
	if (r.mac[0] != '\0')
		markup_leaf(h, "span", "mono", "%s", r.mac);
	if (a->vendor[0] != '\0') {
		markup_text(h, " ");
		markup_leaf(h, "span", "maker", "%s", a->vendor);
	}
	markup_close(h);
	html_cell(h, "Open", "number", r.open);
	html_cell(h, last_head(report), "seen", r.seen);
	if (has_expected(report))
		html_cell(h, "Expected", NULL, expected(report, a));
	if (has_site(report))
		html_cell(h, "Site", NULL, view_safe(report->run->site, site));
	markup_close(h);
	markup_raw(h, "\n");
}

/* The same for the script: link, grade, 1 where a person is needed, cells. */
static void
put_line(struct markup *h, const struct report *report, const struct asset *a)
{
	char link[HTML_LINK], site[VIEW_SAFE];
	struct row r;

	fill_row(report, a, &r);
	markup_text(h, "%s\t%s\t%d\t%s\t%s\t%s\t%s%s%s\t%s\t%s%s%s\t%s\t%s",
	    html_link(report, a, link), view_grade(a), a->alerts_len > 0, r.ip,
	    view_grade(a), r.percent, r.device,
	    view_kind(a)[0] != '\0' ? ", " : "", view_kind(a), r.names, r.mac,
	    r.mac[0] != '\0' ? " " : "", a->vendor, r.open, r.seen);
	if (has_expected(report))
		markup_text(h, "\t%s", expected(report, a));
	if (has_site(report))
		markup_text(h, "\t%s", view_safe(report->run->site, site));
	markup_raw(h, "\n");
}

static void
open_table(struct markup *h, const struct report *report, const char *caption)
{
	static const char *const heads[] = { "Address", "Verdict",
		"Probability", "Device", "Names", "MAC and maker", "Open" };
	const char *some[COLUMNS_MAX];
	size_t n = sizeof(heads) / sizeof(heads[0]);

	memcpy(some, heads, sizeof(heads));
	some[n++] = last_head(report);
	if (has_expected(report))
		some[n++] = "Expected";
	if (has_site(report))
		some[n++] = "Site";
	some[n] = NULL;
	html_table_open(h, "stack assets", caption, some);
}

void
html_rows(struct markup *h, const struct report *report,
    const struct asset *const *order, size_t n)
{
	open_table(h, report, "One line per device, best recognised first");
	for (size_t i = 0; i < n; i++)
		put_row(h, report, order[i]);
	html_table_close(h);
}

static void
put_button(struct markup *h, const char *id, const char *name)
{
	markup_open(h, "button", NULL);
	markup_attr(h, "type", "button");
	markup_attr(h, "id", "%s", id);
	markup_string(h, name);
	markup_close(h);
}

static void
put_chips(struct markup *h)
{
	static const char *const chips[] = { "confirmed", "probable",
		"possible", "none", "silent", "excluded", "needs a person" };

	markup_open(h, "fieldset", "chips");
	markup_attr(h, "id", "chips");
	markup_leaf(h, "legend", NULL, "Show only");
	for (size_t i = 0; i < sizeof(chips) / sizeof(chips[0]); i++) {
		markup_open(h, "button", NULL);
		markup_attr(h, "type", "button");
		markup_attr(h, "value", "%s", chips[i]);
		markup_attr(h, "aria-pressed", "false");
		markup_string(h, chips[i]);
		markup_close(h);
	}
	markup_close(h);
}

/* What only the script can do; hidden until it is there. */
static void
put_tools(struct markup *h)
{
	markup_open(h, "div", "tools");
	markup_attr(h, "id", "tools");
	markup_attr(h, "hidden", "hidden");
	markup_open(h, "div", NULL);
	markup_open(h, "label", NULL);
	markup_attr(h, "for", "filter");
	markup_string(h, "Filter: words a line must hold");
	markup_close(h);
	markup_open(h, "input", NULL);
	markup_attr(h, "id", "filter");
	markup_attr(h, "type", "search");
	markup_attr(h, "autocomplete", "off");
	markup_attr(h, "spellcheck", "false");
	markup_close_void(h);
	markup_close(h);
	put_chips(h);
	markup_open(h, "div", NULL);
	put_button(h, "clear", "Show all");
	markup_text(h, " ");
	put_button(h, "csv", "Save this view as CSV");
	markup_close(h);
	markup_close(h);
	markup_raw(h, "\n");
	markup_open(h, "p", "shown");
	markup_attr(h, "id", "shown");
	markup_attr(h, "role", "status");
	markup_close(h);
}

static void
put_pager(struct markup *h)
{
	static const char *const steps[] = { "-1", "1" };
	static const char *const names[] = { "Earlier", "Further" };

	markup_open(h, "div", "pager");
	markup_attr(h, "id", "pager");
	markup_attr(h, "hidden", "hidden");
	for (size_t i = 0; i < 2; i++) {
		markup_open(h, "button", NULL);
		markup_attr(h, "type", "button");
		markup_attr(h, "data-step", "%s", steps[i]);
		markup_string(h, names[i]);
		markup_close(h);
	}
	markup_close(h);
	markup_raw(h, "\n");
}

static void
put_data(struct markup *h, const struct report *report,
    const struct asset *const *order)
{
	markup_leaf(h, "p", NULL,
	    "There are %zu assets. With scripts on they stand here; without, "
	    "each network's own page, linked under Addresses, lists them with "
	    "their evidence.",
	    report->assets->len);
	open_table(h, report, "One line per device, best recognised first");
	html_table_close(h);
	markup_open(h, "pre", NULL);
	markup_attr(h, "id", "rows");
	markup_attr(h, "hidden", "hidden");
	for (size_t i = 0; i < report->assets->len; i++)
		put_line(h, report, order[i]);
	markup_close(h);
}

void
html_assets(struct markup *h, const struct report *report,
    const struct asset *const *order)
{
	html_section(h, "assets", NULL, "Assets");
	put_tools(h);
	if (html_is_big(report))
		put_data(h, report, order);
	else
		html_rows(h, report, order, report->assets->len);
	put_pager(h);
	markup_close(h);
	markup_raw(h, "\n");
}
