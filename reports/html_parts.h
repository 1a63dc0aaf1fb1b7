/* SPDX-License-Identifier: ISC */
/*
 * html_parts - what html.c and html_segments.c put together; private to the
 * HTML report.
 */
#ifndef HTML_PARTS_H
#define HTML_PARTS_H

#include "reports/html_table.h"
#include "reports/markup.h"
#include "reports/report.h"

/* Beyond so many assets the table is built by script from data in the page,
 * and tables and evidence lie in a file per segment beside it. */
enum { HTML_ROWS_MAX = 2000 };

/* html_style.c: the head's policy and lines about the page; style sheet and
 * script, each an element. */
void html_policy(struct markup *, bool has_script);
void html_style(struct markup *);
void html_script(struct markup *);

/* The id of an asset's section, such as "h10-20-0-4". */
enum { HTML_ID = 20 };
const char *html_id(const struct asset *asset, char buf[static HTML_ID]);

/* Where the segment of an address lies: "segments/10.20.0.0-24.html". */
enum { HTML_SEGMENT = 40 };
const char *html_segment_file(uint32_t address, char buf[static HTML_SEGMENT]);

/* The link's target of an asset: "#h10-20-0-4", in the segment's file where
 * there is one. */
enum { HTML_LINK = HTML_SEGMENT + HTML_ID };
const char *html_link(const struct report *report, const struct asset *asset,
    char buf[static HTML_LINK]);

/* Is the table too long for the page? */
bool html_is_big(const struct report *report);

/* Begins a section with a heading of that id; markup_close() ends it. */
void html_section(
    struct markup *, const char *id, const char *class, const char *title);

/* What a run looked at, cut to a headline. */
void html_subject(struct markup *, const struct run *run);

/* The first screen: the run, what was found, what needs a person. */
void html_summary(struct markup *, const struct report *report,
    const struct asset *const *order);

/* What changed since last time, and the trend of the last runs; nothing where
 * nothing is known. */
void html_changes(struct markup *, const struct report *report);
void html_trend(struct markup *, const struct report *report);

/* The pictures, and the address maps; each has its words beside it. */
void html_pictures(struct markup *, const struct report *report);
void html_maps(struct markup *, const struct report *report);
void html_beacons(struct markup *, const struct report *report);

/* The table of all assets, or where it is too long the data for the script. */
void html_assets(struct markup *, const struct report *report,
    const struct asset *const *order);

/* The head, body and end of the table of assets, for a page of its own. */
void html_rows(struct markup *, const struct report *report,
    const struct asset *const *order, size_t n);

/* Writes the files of the segments into a directory, and removes those of an
 * earlier run.  Returns false with errno. */
bool html_segments(const struct report *report, const char *directory);

/* A grade or standing as a badge; the word carries the meaning. */
void html_badge(struct markup *, const struct asset *asset);

/* One fact as a line: about, key, value, and the bytes behind it. */
void html_fact(struct markup *, const struct fact *fact);

/* A fact's evidence: where, as hex and as text. */
void html_evidence(struct markup *, const struct fact *fact);

/* The verdict: its sum clue by clue, what speaks against, what is not known. */
void html_verdict(struct markup *, const struct asset *asset);

/* What the run did, and how to read the report: a section each. */
void html_run(struct markup *, const struct report *report);
void html_legend(struct markup *, const struct report *report);

/* Who fills the segments; nothing where nobody was counted. */
void html_census(struct markup *, const struct report *report);

/* Everything about one asset. */
void html_asset(struct markup *, const struct asset *asset);

#endif
