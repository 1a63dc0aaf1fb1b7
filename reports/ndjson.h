/* SPDX-License-Identifier: ISC */
/*
 * ndjson - facts as JSON, one object per line: for a whole ledger at the end
 * of a run, or for each fact as it comes in.
 */
#ifndef NDJSON_H
#define NDJSON_H

#include <stdbool.h>
#include <stdio.h>

#include "scanner/fact.h"
#include "scanner/run.h"

struct ledger;

/* Writes one fact as one line.  Returns false when writing failed (errno). */
bool ndjson_write_fact(FILE *, const struct run *run, const struct fact *fact);

enum { NDJSON_ERROR = 320 };

/*
 * Reads the facts of a file back into a ledger, those that keep(arg) says,
 * as it leaves them.  A
 * last line without its end is dropped and *torn told so; any other line that
 * is not a fact ends the reading: false, and one line with its number.
 */
bool ndjson_read_facts(const char *path, struct ledger *ledger,
    bool (*keep)(const void *arg, struct fact *fact), const void *arg,
    bool *torn, char error[static NDJSON_ERROR]);

/* The same from where a stream stands; name is for the error. */
bool ndjson_read_stream(FILE *in, const char *name, struct ledger *ledger,
    bool (*keep)(const void *arg, struct fact *fact), const void *arg,
    bool *torn, char error[static NDJSON_ERROR]);

/* The site the next line of a stream names; false where there is none.  Cut to
 * RUN_SITE. */
bool ndjson_site(FILE *in, char site[static RUN_SITE]);

/*
 * Reads one line, NUL-terminated, into *out; value (FACT_VALUE_MAX) holds its
 * value.  Returns what is wrong with it, or NULL.
 */
const char *ndjson_read_fact(
    const char *line, struct fact *out, char value[static FACT_VALUE_MAX]);

#endif
