/* SPDX-License-Identifier: ISC */
/* segment_parts - what the files of segment_run share. */
#ifndef SEGMENT_PARTS_H
#define SEGMENT_PARTS_H

#include <limits.h>

#include "scanner/config.h"
#include "scanner/limits.h"
#include "scanner/options.h"
#include "scanner/run.h"
#include "scanner/verify/aliases.h"

struct report;

struct segment_sweep {
	const struct config *config;
	const struct config_place *place;
	const struct options *given;
	struct options options; /* of the run */
	const char *excluded[2 * CONFIG_LIST_MAX];
	char directory[PATH_MAX], last[PATH_MAX], lock[PATH_MAX];
	char asked[PATH_MAX];
	/* Of the expected record, where there is one. */
	struct aliases *aliases;
	struct records *records; /* its lines that lie in the segment */
	struct expects *expects;
	char run_id[RUN_ID];
	bool was_closed; /* the window closed on it */
};

/* "a/b" into out; false where it does not fit. */
bool segment_join(char out[static PATH_MAX], const char *a, const char *b);

/* One line: what could not be done to path, and errno's reason.  False. */
bool segment_complain(
    const struct segment_sweep *, const char *what, const char *path);

/* segment_record.c: the expected record, read before anything is sent.  Returns
 * false after one line. */
bool segment_record_read(struct segment_sweep *);

/* verify.json and verify.csv, and a few words.  Returns false
 * after one line. */
bool segment_record(struct segment_sweep *, const struct report *report);

#endif
