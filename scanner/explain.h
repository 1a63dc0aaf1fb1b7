/* SPDX-License-Identifier: ISC */
/*
 * explain - `gantry fingerprints explain`: the sum of one host and one
 * fingerprint, clue by clue, and what would have confirmed it.
 */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include "fingerprints/fingerprint.h"

/*
 * file is a report.json or a facts.ndjson; host may be NULL where the file has
 * one host only.  Returns an exit code: 0, or 2 after one line on standard
 * error.
 */
int explain_run(const struct fingerprints *, const char *file, const char *host,
    const char *id);

#endif
