/* SPDX-License-Identifier: ISC */
/*
 * table - the one door to libcsv.
 *
 * Source:    RFC 4180; the Encoding Standard's table of windows-1252.
 * Limits:    TABLE_FILE_MAX bytes, TABLE_COLUMNS_MAX columns.  A quote inside a
 *            cell that is not quoted is taken as it stands.
 */
#include <csv.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/limits.h"
#include "scanner/verify/table.h"

struct reading {
	struct table *table;
	bool (*row)(void *arg, unsigned line, const char *const *cells,
	    size_t n, char error[static TABLE_ERROR]);
	void *arg;
	char *error;
	char *cells[TABLE_COLUMNS_MAX];
	size_t n;
	unsigned line, began; /* of the file; where this row began */
	bool failed;
};

static bool
fail(char error[static TABLE_ERROR], const char *what)
{
	snprintf(error, TABLE_ERROR, "%s", what);
	return false;
}

/* --- bytes to UTF-8 ------------------------------------------------------- */

/* Returns how many bytes the well-formed character at s has, 0 for none. */
static size_t
utf8_len(const unsigned char *s, size_t left)
{
	size_t n = s[0] < 0x80 ? 1
	    : s[0] < 0xc2      ? 0
	    : s[0] < 0xe0      ? 2
	    : s[0] < 0xf0      ? 3
	    : s[0] < 0xf5      ? 4
			       : 0;

	if (n > left)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

static bool
is_utf8(const char *s, size_t len)
{
	for (size_t at = 0; at < len;) {
		size_t n = utf8_len((const unsigned char *)s + at, len - at);

		if (n == 0)
			return false;
		at += n;
	}
	return true;
}

static char *
put_utf8(char *out, unsigned c)
{
	if (c < 0x80) {
		*out++ = (char)c;
	} else if (c < 0x800) {
		*out++ = (char)(0xc0 | c >> 6);
		*out++ = (char)(0x80 | (c & 0x3f));
	} else {
		*out++ = (char)(0xe0 | c >> 12);
		*out++ = (char)(0x80 | (c >> 6 & 0x3f));
		*out++ = (char)(0x80 | (c & 0x3f));
	}
	return out;
}

/* What Windows puts where Latin-1 has control characters. */
static const uint16_t cp1252[32] = { 0x20ac, 0x81, 0x201a, 0x0192, 0x201e,
	0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d,
	0x017d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013,
	0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d, 0x017e, 0x0178 };

static char *
from_latin1(const char *s, size_t *len)
{
	char *text = malloc(*len * 3 + 1), *end = text;

	if (text == NULL)
		return NULL;
	for (size_t i = 0; i < *len; i++) {
		unsigned c = (unsigned char)s[i];

		end =
		    put_utf8(end, c >= 0x80 && c < 0xa0 ? cp1252[c - 0x80] : c);
	}
	*len = (size_t)(end - text);
	return text;
}

/* --- the file ---------------------------------------------------------------- */

static char *
read_bytes(const char *path, size_t *len, char error[static TABLE_ERROR])
{
	FILE *f = fopen(path, "re");
	char *bytes = NULL;
	size_t size = 1 << 16, n;

	*len = 0;
	if (f == NULL) {
		fail(error, strerror(errno));
		return NULL;
	}
	do {
		char *grown = realloc(bytes, size);

		if (grown == NULL) {
			fail(error, "out of memory");
			goto fail;
		}
		bytes = grown;
		n = fread(bytes + *len, 1, size - *len, f);
		*len += n;
		size *= 2;
	} while (n > 0 && *len <= TABLE_FILE_MAX);
	if (ferror(f) || *len > TABLE_FILE_MAX) {
		fail(error, ferror(f) ? strerror(errno) : "is too large");
		goto fail;
	}
	fclose(f);
	return bytes;
fail:
	free(bytes);
	fclose(f);
	return NULL;
}

/* Returns the text without its mark, as UTF-8; the caller's to free(). */
static char *
read_text(const char *path, struct table *table, size_t *len,
    char error[static TABLE_ERROR])
{
	char *bytes = read_bytes(path, len, error), *text;
	const char *from = bytes;

	if (bytes == NULL)
		return NULL;
	if (*len >= 2 &&
	    (memcmp(bytes, "\xff\xfe", 2) == 0 ||
		memcmp(bytes, "\xfe\xff", 2) == 0)) {
		fail(error, "is UTF-16: save it as CSV UTF-8");
		free(bytes);
		return NULL;
	}
	if (memchr(bytes, '\0', *len) != NULL) {
		fail(error, "is not text");
		free(bytes);
		return NULL;
	}
	if (*len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
		table->has_bom = true;
		from += 3;
		*len -= 3;
	}
	table->was_latin1 = !is_utf8(from, *len);
	if (table->was_latin1) {
		text = from_latin1(from, len);
	} else {
		text = malloc(*len + 1);
		if (text != NULL)
			memcpy(text, from, *len);
	}
	free(bytes);
	if (text == NULL)
		fail(error, "out of memory");
	return text;
}

/* --- which separator ---------------------------------------------------------- */

/* The one the first line has most of, outside quotes. */
static char
find_separator(const char *s, size_t len)
{
	static const char candidates[] = ",;\t|";
	size_t counts[sizeof(candidates)] = { 0 }, best = 0;
	bool quoted = false;

	for (size_t i = 0; i < len; i++) {
		const char *c = strchr(candidates, s[i]);

		if (!quoted && (s[i] == '\n' || s[i] == '\r'))
			break;
		quoted ^= s[i] == '"';
		if (!quoted && c != NULL)
			counts[c - candidates]++;
	}
	for (size_t i = 1; candidates[i] != '\0'; i++)
		if (counts[i] > counts[best])
			best = i;
	return candidates[best];
}

/* A first line "sep=;", as one spreadsheet writes it.  Returns its length. */
static size_t
told_separator(const char *s, size_t len, struct table *table)
{
	size_t n = 5;

	if (len < 6 || memcmp(s, "sep=", 4) != 0 ||
	    (s[5] != '\n' && s[5] != '\r'))
		return 0;
	table->separator = s[4];
	while (n < len && (s[n] == '\r' || s[n] == '\n'))
		n++;
	return n;
}

/* --- rows --------------------------------------------------------------------- */

static void
on_cell(void *bytes, size_t len, void *arg)
{
	struct reading *r = arg;
	char *cell;

	if (r->failed)
		return;
	if (r->n == TABLE_COLUMNS_MAX) {
		snprintf(r->error, TABLE_ERROR, "%u: more than %d columns",
		    r->began, TABLE_COLUMNS_MAX);
		r->failed = true;
		return;
	}
	cell = malloc(len + 1);
	if (cell == NULL) {
		fail(r->error, "out of memory");
		r->failed = true;
		return;
	}
	if (len > 0)
		memcpy(cell, bytes, len);
	cell[len] = '\0';
	r->cells[r->n++] = cell;
}

static bool
is_blank(const struct reading *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->cells[i][0] != '\0')
			return false;
	return true;
}

static void
on_row(int end, void *arg)
{
	struct reading *r = arg;

	(void)end;
	if (!r->failed && !is_blank(r) &&
	    !r->row(r->arg, r->began, (const char *const *)r->cells, r->n,
		r->error))
		r->failed = true;
	for (size_t i = 0; i < r->n; i++)
		free(r->cells[i]);
	r->n = 0;
	r->began = r->line + 1;
}

/* One line of the file at a time, so that each row knows where it began. */
static void
feed(struct reading *r, struct csv_parser *parser, const char *s, size_t len)
{
	for (size_t at = 0; at < len && !r->failed;) {
		size_t n = 0;

		while (at + n < len && s[at + n] != '\n' && s[at + n] != '\r')
			n++;
		if (at + n < len && s[at + n] == '\r' && at + n + 1 < len &&
		    s[at + n + 1] == '\n')
			n++;
		if (at + n < len)
			n++;
		if (csv_parse(parser, s + at, n, on_cell, on_row, r) != n) {
			snprintf(r->error, TABLE_ERROR, "%u: %s", r->line,
			    csv_strerror(csv_error(parser)));
			r->failed = true;
		}
		/* An empty line is no row, unless it lies within quotes. */
		if (r->began == r->line && strchr("\r\n", s[at]) != NULL)
			r->began++;
		at += n;
		r->line++;
	}
	/* Strict only now: a stray quote in a cell is no reason to refuse. */
	csv_set_opts(parser, CSV_STRICT | CSV_STRICT_FINI);
	if (!r->failed && csv_fini(parser, on_cell, on_row, r) != 0) {
		snprintf(r->error, TABLE_ERROR,
		    "%u: a quote is opened and never closed", r->began);
		r->failed = true;
	}
}

bool
table_read(const char *path, struct table *out,
    bool (*row)(void *arg, unsigned line, const char *const *cells, size_t n,
	char error[static TABLE_ERROR]),
    void *arg, char error[static TABLE_ERROR])
{
	struct reading r = { .table = out,
		.row = row,
		.arg = arg,
		.error = error,
		.line = 1,
		.began = 1 };
	struct csv_parser parser;
	size_t len, skip;
	char *text;

	*out = (struct table){ 0 };
	text = read_text(path, out, &len, error);
	if (text == NULL)
		return false;
	if (csv_init(&parser, 0) != 0) {
		free(text);
		return fail(error, "out of memory");
	}
	skip = told_separator(text, len, out);
	if (skip == 0)
		out->separator = find_separator(text, len);
	else
		r.line = r.began = 2;
	csv_set_delim(&parser, (unsigned char)out->separator);
	feed(&r, &parser, text + skip, len - skip);
	for (size_t i = 0; i < r.n; i++)
		free(r.cells[i]);
	csv_free(&parser);
	free(text);
	return !r.failed;
}
