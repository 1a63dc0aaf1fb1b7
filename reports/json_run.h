/* SPDX-License-Identifier: ISC */
/*
 * json_run - run.json: an audit that was broken off, to go on from.
 *
 * Ours alone, and of one version: nothing but gantry audit --resume reads it.
 * What is read is checked for type and range throughout, since a file lying
 * about may have been edited.
 */
#ifndef JSON_RUN_H
#define JSON_RUN_H

#include <stdbool.h>

#include "scanner/resume.h"

/* Writes it aside and renames it, for its owner alone: the key in it is that
 * of the run's cookies.  Returns false and errno. */
bool json_run_save(const struct resume *resume, const char *path);

/*
 * Returns what stands in the file, hosts sorted, or NULL and one line in
 * error.  *missing (may be NULL) tells whether there simply is no such file.
 */
struct resume *json_run_load(
    const char *path, bool *missing, char error[static RESUME_ERROR]);

#endif
