/* SPDX-License-Identifier: ISC */
/*
 * expression - a regular expression that a hostile value cannot make run long.
 *
 * Perl syntax over the printable ASCII of a fact's value.  Found anywhere in it
 * unless anchored; "$" is the very end.  Several threads may search with one
 * expression at once.
 */
#ifndef EXPRESSION_H
#define EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>

struct expression;

/*
 * Returns the compiled expression, or NULL with one line in error that says
 * what is wrong and at which character.
 */
struct expression *expression_new(
    const char *pattern, char *error, size_t error_size);

void expression_free(struct expression *); /* NULL ok */

/*
 * Returns whether it is found in value.  A search that runs into a limit
 * (limits.h) has found nothing.
 */
bool expression_matches(const struct expression *, const char *value);

/*
 * Writes text into out, {name} in it replaced by what (?<name>...) found in
 * value, by nothing where it found nothing.  Returns whether all of it fitted.
 */
bool expression_expand(const struct expression *, const char *value,
    const char *text, char *out, size_t size);

#endif
