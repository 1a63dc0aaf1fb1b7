/* SPDX-License-Identifier: ISC */
/*
 * record - what somebody wrote down about his devices: the lines of a CMDB's
 * or NetBox's export, read into fields.
 *
 * Columns are found by their headers, in several spellings and languages, or
 * named by --columns.  The line's own cells are kept as they are (as UTF-8),
 * for the table that goes back.
 */
#ifndef RECORD_H
#define RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/net.h"

enum field {
	FIELD_SITE = 0,
	FIELD_ADDRESS,
	FIELD_MAC,
	FIELD_NAME,     /* a label people gave it */
	FIELD_HOSTNAME, /* what it calls itself */
	FIELD_MANUFACTURER,
	FIELD_MODEL,
	FIELD_KIND,     /* or role; a fingerprint's id is taken as such */
	FIELD_EXPECTED, /* fingerprint id */
	FIELD_SERIAL,
	FIELD_AE_TITLE,
	FIELD_PORT,
	FIELDS
};

/* Returns "site", "address", ...: the names that --columns and JSON use. */
const char *field_text(enum field field);

/* Returns the field called s, FIELDS for none. */
enum field field_find(const char *s);

/* One line. */
struct record {
	unsigned line;            /* of the file, from 1 */
	const char **cells;       /* as many as there are headers */
	const char *text[FIELDS]; /* trimmed; "" where nothing is said */
	uint32_t address;         /* 0: none, or not readable */
	struct mac mac;           /* all zero: none, or not readable */
	uint16_t port;            /* 0: none, or not readable */
	const char *trouble;      /* what is wrong with the line, or NULL */
};

struct pool;

struct records {
	const char *path;
	char separator;
	bool has_bom, was_latin1;
	const char **headers;
	size_t headers_len;
	int columns[FIELDS]; /* -1: there is none */
	struct record *items;
	size_t len;
	struct pool *pool;
};

enum { RECORD_ERROR = 320 };

/*
 * Reads a file.  columns (or NULL) is --columns: "field=Header,...".  Returns
 * NULL and one line naming file, line and what; free with records_free().
 */
struct records *records_read(
    const char *path, const char *columns, char error[static RECORD_ERROR]);

/* One line of the two things a person says: a host and what it should be.
 * Returns NULL when memory is out. */
struct records *records_of_host(uint32_t address, const char *expected);

void records_free(struct records *); /* NULL ok */

/* Fills in what follows from the texts: address, MAC, port, trouble. */
void record_read_values(struct record *record, struct pool *pool);

/*
 * A copy of s in lower case without anything but letters and digits, cut to
 * fit: how headers, makers and models are compared.
 */
enum { RECORD_PLAIN = 96 };
const char *record_plain(const char *s, char buf[static RECORD_PLAIN]);

#endif
