/* SPDX-License-Identifier: ISC */
/*
 * verify - a comparison of a record with the network, for every format.
 *
 * All formats are clients of struct verify_view, so that they cannot disagree.
 */
#ifndef REPORTS_VERIFY_H
#define REPORTS_VERIFY_H

#include <stdbool.h>
#include <stdio.h>

#include "scanner/verify/compare.h"

/* Everything a format may show; all borrowed. */
struct verify_view {
	const struct run *run;
	const struct records *records;
	const struct comparison *comparison;
	const struct fingerprints *fingerprints;
	bool is_host;     /* one host: its sum is shown, clue by clue */
	bool shows_all;   /* lines that match too */
	unsigned columns; /* of the terminal; 0: not a terminal */
	bool colour;
};

/* Each returns false when writing failed (errno). */
bool verify_terminal(const struct verify_view *, FILE *);
bool verify_json(const struct verify_view *, FILE *);

/* The record's own columns, as they came, and gantry's behind them. */
bool verify_csv(const struct verify_view *, FILE *);

/*
 * The word for the whole: mismatch where a line differs, the network has what
 * the record lacks, or the record contradicts itself; cannot say where a line
 * is absent or open; else match.
 */
enum verify_state verify_outcome(const struct verify_view *);

#endif
