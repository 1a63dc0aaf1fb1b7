/* SPDX-License-Identifier: ISC */
/*
 * output - where a run's results go: the directory with the reports, the
 * facts as they come, the evidence; and what is told on the terminal.
 */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <stdbool.h>

#include "fingerprints/fingerprint.h"
#include "scanner/evidence.h"
#include "scanner/ledger.h"
#include "scanner/run.h"

struct options;
struct output;

/* Could the directory of -o be made or written into?  Touches nothing; false
 * after one line on standard error. */
bool output_possible(const struct options *options);

/*
 * Makes the directory of -o (if asked for), begins facts.ndjson and
 * evidence.pcapng in it, and attaches the ledger.  With --resume both go on
 * and the ledger holds the facts so far.  Returns NULL after one line on
 * standard error.
 */
struct output *output_new(
    const struct options *options, const struct run *run, struct ledger *);
void output_free(struct output *); /* NULL ok */

/* The evidence file, or NULL where none was asked for. */
struct evidence_file *output_evidence(struct output *);

struct report;

/* Who shows the run instead of the terminal's summary and --json, and who knows
 * what was before it. */
struct output_show {
	bool (*show)(void *arg, const struct report *report); /* NULL: nobody */
	void *arg;
	/* Fills report->past before anything is written.  False: something
	 * went wrong and was said; the report is written all the same. */
	bool (*remember)(void *arg, struct report *report); /* NULL: nobody */
	void *remember_arg;
};

/*
 * Derives, matches and writes every report.  Returns false after one line on
 * standard error when anything could not be written.  `other` may be NULL.
 */
bool output_write(struct output *, const struct options *options,
    const struct run *run, struct ledger *ledger,
    const struct fingerprints *fingerprints, const struct output_show *other);

/* Loads the fingerprints of --fingerprints, or those installed with (or
 * lying beside) the program.  Complains on standard error; NULL when none.
 * *whole (may be NULL) tells whether every file loaded. */
struct fingerprints *output_fingerprints(
    const struct options *options, bool *whole);

/* A file of the program's own data, such as "oui.txt", into buf; false when
 * it is not there. */
bool output_data_path(const char *name, char *buf, unsigned long size);

/* Fills id, version, start and site of a run. */
void output_run_begin(
    struct run *run, const char *command, const struct options *options);

#endif
