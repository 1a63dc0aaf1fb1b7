/* SPDX-License-Identifier: ISC */
/*
 * table - a file of separated values as rows of UTF-8 cells: the one door to
 * libcsv.
 *
 * Read: comma, semicolon, tab or bar, found out from the first line (or told
 * by a line "sep=;"); quotes; CR LF, LF or CR; UTF-8 with or without its mark;
 * anything else is taken for Latin-1 as Windows writes it (cp1252).  UTF-16
 * and bytes of zero are refused.
 */
#ifndef TABLE_H
#define TABLE_H

#include <stdbool.h>
#include <stddef.h>

enum { TABLE_ERROR = 256 };

struct table {
	char separator;
	bool has_bom, was_latin1;
};

/*
 * Hands each row that is not empty to row(), with the number of the line it
 * begins on; cells are borrowed for the call, and NUL-terminated.  row()
 * returns false to end it there (it has written error).  Returns false and one
 * line without the file's name.
 */
bool table_read(const char *path, struct table *out,
    bool (*row)(void *arg, unsigned line, const char *const *cells, size_t n,
	char error[static TABLE_ERROR]),
    void *arg, char error[static TABLE_ERROR]);

#endif
