/* SPDX-License-Identifier: ISC */
/*
 * conf_merge - a personality's text, put together from its base, its family
 * and its variant.
 *
 * "family" is family.yaml; "family.variant" what that file has under
 * "variants", laid on top.  A file's "base" is another personality, which
 * lies below.
 */
#ifndef WARD_CONF_MERGE_H
#define WARD_CONF_MERGE_H

#include <stdbool.h>
#include <stddef.h>

struct err;

/* Returns the text, to be freed, or NULL with err filled in. */
char *conf_merge(const char *dir, const char *name, size_t *len, struct err *);

/* Calls each with every variant of a family until it returns false.  Returns
 * false then, or with err filled in when the file cannot be read. */
bool conf_variants(const char *dir, const char *family,
    bool (*each)(void *arg, const char *variant), void *arg, struct err *);

#endif
