/* SPDX-License-Identifier: ISC */
/*
 * html - the report for people: one file, nothing fetched.
 *
 * The first screen says what was looked at, how complete that is, what was
 * found and what needs a person; then pictures, one line per asset, and every
 * asset with the sum behind its verdict and the bytes behind each fact.  The
 * page is whole without its script, which only sorts and filters.  A content
 * security policy of its own forbids the page everything but its style sheet
 * and that script, so that even a mistake in escaping could not run or fetch
 * anything.
 *
 * Limits: beyond HTML_ROWS_MAX assets the table is built by the script, and
 * the evidence lies in a file per /24 beside the page (html_segments.c).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "reports/html_parts.h"
#include "reports/view.h"
#include "scanner/text.h"

enum { SCOPE_SHOWN = 4 };

void
html_subject(struct markup *h, const struct run *run)
{
	char safe[VIEW_SAFE];

	for (size_t i = 0; i < run->scope_len && i < SCOPE_SHOWN; i++)
		markup_text(h, "%s%s", i > 0 ? ", " : "",
		    view_safe(run->scope[i], safe));
	if (run->scope_len > SCOPE_SHOWN)
		markup_text(h, " and %zu more", run->scope_len - SCOPE_SHOWN);
}

bool
html_is_big(const struct report *report)
{
	return report->assets->len > HTML_ROWS_MAX;
}

const char *
html_link(const struct report *report, const struct asset *a,
    char buf[static HTML_LINK])
{
	char file[HTML_SEGMENT] = "", id[HTML_ID];

	if (html_is_big(report))
		html_segment_file(a->address, file);
	snprintf(buf, HTML_LINK, "%s#%s", file, html_id(a, id));
	return buf;
}

void
html_section(
    struct markup *h, const char *id, const char *class, const char *title)
{
	markup_open(h, "section", class);
	markup_attr(h, "aria-labelledby", "%s", id);
	markup_open(h, "h2", NULL);
	markup_attr(h, "id", "%s", id);
	markup_string(h, title);
	markup_close(h);
}

static void
put_head(struct markup *h, const struct run *run)
{
	markup_open(h, "head", NULL);
	html_policy(h, true);
	markup_open(h, "title", NULL);
	markup_text(h, "gantry %s: ", run->command);
	html_subject(h, run);
	markup_close(h);
	markup_raw(h, "\n");
	html_style(h);
	markup_close(h);
	markup_raw(h, "\n");
}

static void
put_nav(struct markup *h, bool is_big)
{
	static const struct {
		const char *id, *name;
		bool in_big;
	} places[] = { { "person", "Needs a person", true },
		{ "pictures", "Pictures", true }, { "maps", "Addresses", true },
		{ "assets", "Assets", true }, { "detail", "Evidence", false },
		{ "run", "The run", true },
		{ "legend", "How to read it", true } };

	markup_open(h, "nav", NULL);
	markup_attr(h, "aria-label", "Contents");
	markup_open(h, "ul", NULL);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (is_big && !places[i].in_big)
			continue;
		markup_open(h, "li", NULL);
		markup_open(h, "a", NULL);
		markup_attr(h, "href", "#%s", places[i].id);
		markup_string(h, places[i].name);
		markup_close(h);
		markup_close(h);
	}
	markup_close(h);
	markup_close(h);
}

static void
put_header(struct markup *h, const struct report *report)
{
	const struct run *run = report->run;

	markup_open(h, "a", "skip");
	markup_attr(h, "href", "#assets");
	markup_string(h, "Skip to the assets");
	markup_close(h);
	markup_open(h, "header", NULL);
	markup_leaf(h, "p", "kind", "gantry %s", run->command);
	markup_open(h, "h1", NULL);
	html_subject(h, run);
	if (run->scope_len == 0)
		markup_string(h, "What was found");
	markup_close(h);
	put_nav(h, html_is_big(report));
	markup_close(h);
	markup_raw(h, "\n");
}

static void
put_details(struct markup *h, const struct report *report,
    const struct asset *const *order)
{
	if (html_is_big(report))
		return;
	html_section(h, "detail", "detail", "Each in detail");
	if (report->assets->len == 0)
		markup_leaf(h, "p", NULL, "Nothing was found.");
	for (size_t i = 0; i < report->assets->len; i++)
		html_asset(h, order[i]);
	markup_close(h);
	markup_raw(h, "\n");
}

static void
put_body(struct markup *h, const struct report *report,
    const struct asset *const *order)
{
	markup_open(h, "body", NULL);
	put_header(h, report);
	markup_open(h, "main", NULL);
	html_summary(h, report, order);
	html_pictures(h, report);
	html_maps(h, report);
	html_beacons(h, report);
	html_assets(h, report, order);
	put_details(h, report, order);
	html_census(h, report);
	html_run(h, report);
	html_legend(h, report);
	markup_close(h);
	html_script(h);
	markup_close(h);
}

static bool
html_write(const struct report *report, FILE *out)
{
	const struct asset **order = view_order(report->assets);
	struct markup *h =
	    order != NULL ? markup_begin(out, "<!DOCTYPE html>\n") : NULL;
	bool ok;

	if (h == NULL) {
		free(order);
		errno = ENOMEM;
		return false;
	}
	markup_open(h, "html", "no-script");
	markup_attr(h, "lang", "en");
	put_head(h, report->run);
	put_body(h, report, order);
	markup_close(h);
	markup_raw(h, "\n");
	ok = markup_end(h);
	free(order);
	return ok;
}

const struct report_format report_html = {
	.name = "html",
	.file = "report.html",
	.summary =
	    "the report for people: one file, nothing fetched, prints well",
	.write = html_write,
	.beside = html_segments,
};
