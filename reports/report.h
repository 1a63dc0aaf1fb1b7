/* SPDX-License-Identifier: ISC */
/*
 * report - one view of a finished (or interrupted) run for every format.
 *
 * A format is a const struct with one function that writes the whole view to
 * a stream; it is named once, in reports/list.h.  report_save() writes aside
 * and renames: results are whole or absent.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "scanner/asset.h"
#include "scanner/run.h"

/* One thing that is not as it was last time. */
struct report_change {
	uint32_t address; /* 0: of the run as a whole */
	const char *text; /* printable, a line */
};

/* What an earlier run counted, for the trend. */
struct report_point {
	int64_t time_ns; /* its end */
	size_t assets, recognised, alerted;
};

/* What is known from before this run.  Where it is NULL, or a list in it is
 * empty, nothing is shown of it. */
struct report_past {
	const struct report_change *changes;
	size_t changes_len;
	int64_t last_ns; /* when the run was that changes are told against */
	const struct report_point
	    *points; /* oldest first, this run's the last */
	size_t points_len;
	/* Returns what the records expect at an address, printable, or "";
	 * NULL: there are no records. */
	const char *(*expected)(const void *arg, uint32_t address);
	const void *expected_arg;
	/* Returns when a run last found the device at an address, in
	 * nanoseconds since the epoch, 0: never; NULL: nobody keeps that. */
	int64_t (*verified)(const void *arg, uint32_t address);
	const void *verified_arg;
};

/* Everything a format may show; all borrowed. */
struct report {
	const struct run *run;
	const struct assets *assets;
	const struct ledger *ledger;
	const struct fingerprints *fingerprints;
	const struct report_past *past; /* NULL: nothing is known */
	unsigned columns;               /* of the terminal; 0: not a terminal */
	bool colour;                    /* the terminal format may use colour */
};

struct report_format {
	const char *name;    /* "json"; equals the file name */
	const char *file;    /* "report.json"; NULL: only on standard output */
	const char *summary; /* one line for help and man page */
	/* Returns false when writing failed (errno). */
	bool (*write)(const struct report *, FILE *);
	/* Writes what must lie beside its file into the same directory, and
	 * removes what an earlier report left there; NULL: nothing does.
	 * Returns false with errno. */
	bool (*beside)(const struct report *, const char *directory);
};

/* Every format of reports/list.h, in that order; ends with NULL. */
extern const struct report_format *const report_formats[];

const struct report_format *report_format_find(const char *name);

/*
 * Writes one format to path: aside, flushed, renamed over it.  Returns false
 * with errno; then no file of that name was touched.
 */
bool report_save(
    const struct report_format *, const struct report *, const char *path);

/*
 * The same for any file: write() is called with arg, mode is cut by the umask.
 * Returns false with errno; then no file of that name was touched.
 */
bool report_save_aside(const char *path, unsigned mode,
    bool (*write)(const void *arg, FILE *out), const void *arg);

/* The same without waiting for the disk: for many files, of which the one that
 * names them is saved last. */
bool report_save_quickly(const char *path, unsigned mode,
    bool (*write)(const void *arg, FILE *out), const void *arg);

/* What was written to a long file so far may go to the disk while the rest is
 * made, so that the end waits for less.  Keeps errno. */
void report_hasten(FILE *out);

#define REPORT(name) extern const struct report_format report_##name;
#include "reports/list.h"
#undef REPORT

#endif
