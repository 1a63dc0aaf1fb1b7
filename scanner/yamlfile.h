/* SPDX-License-Identifier: ISC */
/*
 * yamlfile - a YAML file of ours read by a schema, with one line for whatever
 * is wrong with it that names file, line and what.
 */
#ifndef YAMLFILE_H
#define YAMLFILE_H

#include <stdbool.h>
#include <stddef.h>

struct cyaml_schema_value;

enum { YAMLFILE_ERROR = 320 };

struct yamlfile {
	const char *path;
	char *text; /* the file, NUL-terminated */
	size_t len;
	void *data; /* as the schema has it; NULL for an empty file */
	const struct cyaml_schema_value *schema;
	char *error; /* YAMLFILE_ERROR bytes */
	char why[160];
	unsigned line;
};

/*
 * Reads path by schema (a mapping by pointer).  Fills *out, whose error is
 * borrowed as long as it lives; free with yamlfile_clear().  Returns false and
 * one line; then nothing need be freed.
 */
bool yamlfile_read(const char *path, const struct cyaml_schema_value *schema,
    struct yamlfile *out, char error[static YAMLFILE_ERROR]);

void yamlfile_clear(struct yamlfile *);

/* The number of the first line at or below `from` (0: any) that holds the
 * word as a whole, or 0. */
unsigned yamlfile_line_of(
    const struct yamlfile *file, const char *word, unsigned from);

/* Writes "path:line: why" (line 0: without) into the error; returns false. */
bool yamlfile_refuse(const struct yamlfile *file, unsigned line,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
