/* SPDX-License-Identifier: ISC */
/* columns - which column of a record means what, by its header. */
#ifndef COLUMNS_H
#define COLUMNS_H

#include "scanner/verify/record.h"

/*
 * Fills columns[] from the headers; map (or NULL) is --columns and goes before
 * what the headers' own names tell.  Returns false and one line without the
 * file's name: the map names no field or no header, or nothing says where a
 * device is.
 */
bool columns_find(const char *const *headers, size_t n, const char *map,
    int columns[static FIELDS], char error[static RECORD_ERROR]);

#endif
