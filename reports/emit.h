/* SPDX-License-Identifier: ISC */
/*
 * emit - JSON written as it is said, without a tree in between: for what a
 * report has thousands of.  The one door to yajl.
 *
 * key is the name within an object and NULL within an array or for the value
 * itself.  The first failure sticks; emit_flush() tells.
 */
#ifndef EMIT_H
#define EMIT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct emit;

/* Returns NULL when memory is out.  out is borrowed. */
struct emit *emit_new(FILE *out);
void emit_free(struct emit *); /* NULL ok; flushes nothing */

void emit_object(struct emit *, const char *key);
void emit_object_end(struct emit *);
void emit_array(struct emit *, const char *key);
void emit_array_end(struct emit *);

/* null for NULL. */
void emit_text(struct emit *, const char *key, const char *value);

/* null for "" too. */
void emit_word(struct emit *, const char *key, const char *value);

void emit_number(struct emit *, const char *key, int64_t value);

/* With six digits. */
void emit_real(struct emit *, const char *key, double value);
void emit_flag(struct emit *, const char *key, bool value);
void emit_null(struct emit *, const char *key);

/* The value is whole: it goes to the file, and another may follow.  Returns
 * false with errno when this or anything before it failed. */
bool emit_flush(struct emit *);

#endif
