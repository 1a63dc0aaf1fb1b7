/* SPDX-License-Identifier: ISC */
/* compare_parts - what the files of compare share. */
#ifndef COMPARE_PARTS_H
#define COMPARE_PARTS_H

#include "scanner/verify/compare.h"

/* One line being compared. */
struct comparing {
	const struct found *found;
	struct pool *pool;
	struct line_result *line;
	/* Whose AE title was called there, where two lines name one address. */
	const struct record *caller;
};

/* Notes how a field fared. */
void compare_field(const struct comparing *, enum field field,
    enum field_state state, const char *found, const char *why);

/* compare_fields.c: every field of a line that has an asset. */
void compare_fields(const struct comparing *);

/* The best verdict that is at least probable, or NULL. */
const struct verdict *compare_best(const struct asset *);

/* conflicts.c; false: out of memory. */
bool conflicts_find(const struct records *, struct comparison *out);

#endif
