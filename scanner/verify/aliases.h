/* SPDX-License-Identifier: ISC */
/*
 * aliases - what records call makers, models and kinds, and what gantry calls
 * them; from a data file, data/aliases.yaml.
 */
#ifndef ALIASES_H
#define ALIASES_H

#include "fingerprints/fingerprint.h"
#include "scanner/yamlfile.h"

struct aliases; /* opaque */

/* Returns NULL and one line with file and line. */
struct aliases *aliases_read(
    const char *path, char error[static YAMLFILE_ERROR]);

void aliases_free(struct aliases *); /* NULL ok */

/* Returns the maker's one name, or NULL for one not in the table. */
const char *aliases_maker(const struct aliases *, const char *text);

/* Are two makers' texts names of one? */
bool aliases_same_maker(
    const struct aliases *, const char *one, const char *other);

/* Returns the kind as fingerprints have it, or NULL. */
const char *aliases_kind(const struct aliases *, const char *text);

/* Returns the model's one name, or NULL; *fingerprint (may be NULL) becomes
 * what it must look like, or NULL. */
const char *aliases_model(
    const struct aliases *, const char *text, const char **fingerprint);

#endif
