/* SPDX-License-Identifier: ISC */
/*
 * emit - JSON by yajl's generator.
 *
 * jansson, which reads all our JSON and writes what is small, builds a tree
 * first; for 65,536 assets that took longer than finding them.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_gen.h>

#include "reports/emit.h"

struct emit {
	FILE *out;
	yajl_gen gen;
	bool failed;
};

struct emit *
emit_new(FILE *out)
{
	struct emit *e = calloc(1, sizeof(*e));

	if (e == NULL)
		return NULL;
	e->out = out;
	e->gen = yajl_gen_alloc(NULL);
	if (e->gen == NULL) {
		free(e);
		return NULL;
	}
	return e;
}

void
emit_free(struct emit *e)
{
	if (e == NULL)
		return;
	yajl_gen_free(e->gen);
	free(e);
}

static void
note(struct emit *e, yajl_gen_status status)
{
	e->failed |= status != yajl_gen_status_ok;
}

static void
text(struct emit *e, const char *value)
{
	note(e,
	    yajl_gen_string(
		e->gen, (const unsigned char *)value, strlen(value)));
}

static void
name(struct emit *e, const char *key)
{
	if (key != NULL)
		text(e, key);
}

void
emit_object(struct emit *e, const char *key)
{
	name(e, key);
	note(e, yajl_gen_map_open(e->gen));
}

void
emit_object_end(struct emit *e)
{
	note(e, yajl_gen_map_close(e->gen));
}

void
emit_array(struct emit *e, const char *key)
{
	name(e, key);
	note(e, yajl_gen_array_open(e->gen));
}

void
emit_array_end(struct emit *e)
{
	note(e, yajl_gen_array_close(e->gen));
}

void
emit_text(struct emit *e, const char *key, const char *value)
{
	if (value == NULL) {
		emit_null(e, key);
		return;
	}
	name(e, key);
	text(e, value);
}

void
emit_word(struct emit *e, const char *key, const char *value)
{
	emit_text(e, key, value != NULL && value[0] != '\0' ? value : NULL);
}

void
emit_number(struct emit *e, const char *key, int64_t value)
{
	char digits[24], *at = digits + sizeof(digits);
	uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	/* yajl's own goes through printf, which takes longer than the rest. */
	do {
		*--at = (char)('0' + left % 10);
		left /= 10;
	} while (left > 0);
	if (value < 0)
		*--at = '-';
	name(e, key);
	note(e,
	    yajl_gen_number(
		e->gen, at, (size_t)(digits + sizeof(digits) - at)));
}

void
emit_real(struct emit *e, const char *key, double value)
{
	char digits[32];
	int len = snprintf(digits, sizeof(digits), "%.6g", value);

	if (!isfinite(value)) { /* JSON has no word for it */
		e->failed = true;
		return;
	}
	/* A whole number stays a real one. */
	if (strpbrk(digits, ".e") == NULL)
		len = snprintf(digits, sizeof(digits), "%.1f", value);
	name(e, key);
	note(e, yajl_gen_number(e->gen, digits, (size_t)len));
}

void
emit_flag(struct emit *e, const char *key, bool value)
{
	name(e, key);
	note(e, yajl_gen_bool(e->gen, value));
}

void
emit_null(struct emit *e, const char *key)
{
	name(e, key);
	note(e, yajl_gen_null(e->gen));
}

bool
emit_flush(struct emit *e)
{
	const unsigned char *bytes;
	size_t len;

	note(e, yajl_gen_get_buf(e->gen, &bytes, &len));
	if (e->failed) {
		errno = ENOMEM;
		return false;
	}
	e->failed = fwrite(bytes, 1, len, e->out) != len;
	yajl_gen_clear(e->gen);
	yajl_gen_reset(e->gen, NULL);
	return !e->failed;
}
