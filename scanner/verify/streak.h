/* SPDX-License-Identifier: ISC */
/* streak - how often in a row a line of a record fared as it did; kept in the
 * inventory. */
#ifndef STREAK_H
#define STREAK_H

#include <stdbool.h>

#include "scanner/inventory/store.h"
#include "scanner/verify/compare.h"

/*
 * Notes how every line fared in that run, which the inventory db knows by its
 * id, and fills in in_a_row.  A run that was broken off is not noted.  Returns
 * false and one line.
 */
bool streaks_note(const char *db, const struct run *run, struct comparison *c,
    char error[static STORE_ERROR]);

#endif
