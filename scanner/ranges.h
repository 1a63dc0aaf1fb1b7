/* SPDX-License-Identifier: ISC */
/*
 * ranges - sets of IPv4 addresses kept as ranges, and questions to them.
 */
#ifndef RANGES_H
#define RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/scope.h"

/* All zero is the empty set; the owner calls ranges_free(). */
struct ranges {
	struct scope_range *r;
	size_t n, room;
};

/*
 * Adds first..last, both included.  Returns false, nothing changed, when
 * memory is out or SCOPE_RANGES_MAX is reached.  The set must be normalised
 * before any question.
 */
bool ranges_add(struct ranges *, uint32_t first, uint32_t last);

/* Adds what text names: an address, "A/len", "A-B" or "A.B.C.x-y".  Returns
 * false and the reason. */
bool ranges_add_text(
    struct ranges *, const char *text, char error[static SCOPE_ERROR]);

/* Adds what the file's lines name; what stood before a bad line stays added.
 * Returns false and one line with file and line number. */
bool ranges_add_file(
    struct ranges *, const char *path, char error[static SCOPE_ERROR]);

/* Sorts, and joins ranges that overlap or touch. */
void ranges_normalise(struct ranges *);

/*
 * Writes the addresses of a that are not in b into *out, which must be empty.
 * Both must be normalised, and so is the result.  Returns false as
 * ranges_add() does; what *out then holds must still be freed.
 */
bool ranges_subtract(
    const struct ranges *a, const struct ranges *b, struct ranges *out);

/* Returns whether the normalised set holds address; O(log n). */
bool ranges_has(const struct ranges *, uint32_t address);

/* Leaves *r the empty set. */
void ranges_free(struct ranges *r);

#endif
