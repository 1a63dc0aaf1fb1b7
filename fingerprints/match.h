/* SPDX-License-Identifier: ISC */
/*
 * match - fingerprints weighed over one asset's facts: verdicts.
 *
 * prior + the best clue of each group, in decibans, is the log-odds; its
 * logistic is the probability.  Of a group's clues that hold the one with the
 * largest weight counts, for or against (of two as large the one against);
 * where none holds, the heaviest absence does.  Every clue is kept with how it
 * fared, so a report can show the sum.  Pure: no clock, no file, no network.
 */
#ifndef MATCH_H
#define MATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "fingerprints/fingerprint.h"

/* Sums up what lets match_all() pass a fingerprint over at a glance; one that
 * is not prepared is matched the same, slower.  load.c does it. */
void match_prepare(struct fingerprint *);

/* Returns "none", "possible", "probable" or "confirmed". */
const char *grade_text(enum grade grade);

enum clue_fate {
	CLUE_NOT_LOOKED_AT = 0, /* weighs nothing */
	CLUE_ABSENT,            /* looked for, not there */
	CLUE_HOLDS
};

struct clue_result {
	const struct clue *clue;
	enum clue_fate fate;
	int weight;   /* decibans it would add: weight, absent or 0 */
	bool counted; /* false: a better clue of its group counts instead */
	/* those that made it hold, or show that it was looked for, in order */
	const struct fact **facts;
	size_t facts_len;
};

struct verdict {
	const struct fingerprint *fingerprint; /* NULL: nothing matched */
	enum grade grade;
	double probability;
	int sum;                   /* decibans, prior included */
	unsigned groups;           /* distinct groups that count in favour */
	struct clue_result *clues; /* fingerprint->clues_len of them */
	size_t clues_len;
};

/*
 * Weighs one fingerprint over n facts.  Fills *out; free with
 * verdict_clear().  Returns false when memory is out.
 */
bool match_one(const struct fingerprint *, const struct fact *const *facts,
    size_t n, struct verdict *out);

void verdict_clear(struct verdict *);

/*
 * Weighs all (NULL: none).  Writes the verdicts of at least possible grade
 * into out, at most max of them: by grade; then what the device is before what
 * it is built with (kind "toolkit") and runs on ("host"); then likeliest first, more groups, id.  A special
 * case that is at least probable, and of no lower grade, comes before whatever
 * it implies.  Returns how many; fewer when memory is out.  Each must be given
 * to verdict_clear().
 */
size_t match_all(const struct fingerprints *, const struct fact *const *facts,
    size_t n, struct verdict *out, size_t max);

#endif
