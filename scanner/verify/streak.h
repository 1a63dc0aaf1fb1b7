/* SPDX-License-Identifier: ISC */
/* streak - how often in a row a line of a record fared as it did, kept in the
 * inventory; and whose device stopped matching, which is an event. */
#ifndef STREAK_H
#define STREAK_H

#include <stdbool.h>

#include "scanner/inventory/store.h"
#include "scanner/verify/compare.h"

enum streak_news { STREAK_QUIET = 0, STREAK_DIFFERS, STREAK_AGREES };

/*
 * What is to be told of a line that fared so, with the fields that differ
 * ("mac,model"): that it differs, once for each field until it matches again,
 * and then that it agrees.  A line's first match or mismatch is told to nobody,
 * and silence decides nothing.  Changes decided, differs and is_told.
 */
enum streak_news streak_decide(
    struct store_check *check, enum verify_state state, const char *differing);

/*
 * Notes how every line fared in that run, which the inventory db knows by its
 * id, fills in in_a_row, and adds the run's events.  A run that was broken off
 * is not noted.  Returns false and one line.
 */
bool streaks_note(const char *db, const struct run *run, struct comparison *c,
    char error[static STORE_ERROR]);

#endif
