/* SPDX-License-Identifier: ISC */
/* html_parts - what html.c puts together; private to the HTML report. */
#ifndef HTML_PARTS_H
#define HTML_PARTS_H

#include "reports/html_write.h"
#include "reports/report.h"

/* The style sheet, in pieces up to NULL, and its SHA-256 as a content security
 * policy names it. */
extern const char *const html_style[];
extern const char html_style_hash[];

/* The id of an asset's section, such as "h10-20-0-4". */
enum { HTML_ID = 20 };
const char *html_id(const struct asset *asset, char buf[static HTML_ID]);

/* A grade or standing as a badge; the word carries the meaning. */
void html_badge(struct html *, const struct asset *asset);

/* One fact as a line: about, key, value, and the bytes behind it. */
void html_fact(struct html *, const struct fact *fact);

/* A fact's evidence: where, as hex and as text. */
void html_evidence(struct html *, const struct fact *fact);

/* The verdict: its sum clue by clue, what speaks against, what is not known. */
void html_verdict(struct html *, const struct asset *asset);

/* What the run did, and how to read the report: a section each. */
void html_run(struct html *, const struct report *report);
void html_legend(struct html *);

/* Who fills the segments; nothing where nobody was counted. */
void html_census(struct html *, const struct report *report);

/* Everything about one asset. */
void html_asset(struct html *, const struct asset *asset);

#endif
