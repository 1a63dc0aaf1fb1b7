/* SPDX-License-Identifier: ISC */
/*
 * view - what the formats for people have in common: order, counts and words.
 *
 * So that terminal and HTML cannot disagree.  Pure.
 */
#ifndef VIEW_H
#define VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reports/report.h"

/*
 * Returns the assets as a reader wants them: recognised ones first, best grade
 * first, then those that answered, were heard, were excluded, kept silent;
 * then by address.  assets->len of them; the caller frees.  NULL when memory
 * is out.
 */
const struct asset **view_order(const struct assets *assets);

struct view_counts {
	size_t grades[GRADE_CONFIRMED + 1]; /* of those that spoke */
	size_t standings[ASSET_EXCLUDED + 1];
	size_t alerted; /* assets with something for a person */
};
void view_count(const struct assets *assets, struct view_counts *out);

/*
 * What a person should know of the run as a whole, one line each: that it was
 * broken off, halted, or lost something.  Returns how many lines; those of
 * halts come last, and only as many as fit.
 */
enum { VIEW_LINES = 16, VIEW_LINE = 288 };
size_t view_run_alerts(
    const struct report *report, char lines[static VIEW_LINES][VIEW_LINE]);

/*
 * Returns buf, holding s with everything unprintable escaped: for words of the
 * operator, such as a file's name, which nobody checked.  "" for NULL.
 */
enum { VIEW_SAFE = 256 };
const char *view_safe(const char *s, char buf[static VIEW_SAFE]);

/* A probability capped so that nothing is ever called certain. */
double view_probability(double p);

enum { VIEW_NUMBER = 32, VIEW_EVIDENCE = 48 };

/* "99.2 %", "> 99.9 %". */
const char *view_percent(double p, char buf[static VIEW_NUMBER]);

/* "+12", "-8", "0". */
const char *view_weight(int weight, char buf[static VIEW_NUMBER]);

/* "2 min 5 s". */
const char *view_duration(double seconds, char buf[static VIEW_NUMBER]);

/* "frame 12, byte 8", "talk 3, byte 0" or "derived". */
const char *view_evidence(
    const struct evidence *evidence, char buf[static VIEW_EVIDENCE]);

/* The best verdict's name, else what can be said: "not recognised", "silent",
 * "left alone". */
const char *view_device(const struct asset *asset);

/* "confirmed" ... where it spoke and was weighed, else its standing. */
const char *view_grade(const struct asset *asset);

/* Was looking at it broken off?  Such come first where a person is needed. */
bool view_is_halted(const struct asset *asset);

/* Returns how many of its ports are open. */
size_t view_open_ports(const struct asset *asset);

/* Returns when it last gave a sign of life, ns since the epoch; 0: never. */
int64_t view_last_seen(const struct asset *asset);

/* What it cost the host to be looked at, by gantry's own account. */
struct view_load {
	unsigned sent; /* packets */
	unsigned peak; /* the most of them within any second */
};

/* Returns false where none was sent to it, or nobody counted. */
bool view_load(const struct asset *asset, struct view_load *out);

/* The fingerprint's kind ("console"), "" where there is no verdict. */
const char *view_kind(const struct asset *asset);

/* Returns buf: "tcp/104 dicom, tcp/1024 ?" of the open ports; "" where none is.
 * What does not fit ends in ", ...". */
enum { VIEW_SERVICES = 512 };
const char *view_services(
    const struct asset *asset, char buf[static VIEW_SERVICES]);

/* Which side of a verdict a clue is shown on. */
enum view_side {
	VIEW_FOR = 0, /* holds, in favour */
	VIEW_AGAINST, /* holds against, or was looked for and is not there */
	VIEW_UNKNOWN  /* not looked at */
};
enum view_side view_side(const struct clue_result *clue);

/* What to do to settle a clue nobody looked at. */
const char *view_settles(const struct clue *clue);

/* "rpc.reserved_listeners at least 3, about tcp/600-1023". */
enum { VIEW_CONDITION = 320 };
const char *view_condition(
    const struct condition *condition, char buf[static VIEW_CONDITION]);

#endif
