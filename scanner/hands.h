/* SPDX-License-Identifier: ISC */
/*
 * hands - a long list worked through by as many threads as there are
 * processors: for what comes after a run, when nothing is being sent or heard.
 */
#ifndef HANDS_H
#define HANDS_H

#include <stdbool.h>
#include <stddef.h>

enum { HANDS_MAX = 4 };

/* Returns how many are worth their while for a list of n: 1 to HANDS_MAX. */
unsigned hands_for(size_t n);

/*
 * Calls work for parts of 0..n-1 that together are all of it, at the same time
 * where there are hands for it; all have returned when it returns.  What work
 * reads beside its own part must not be written to meanwhile.  Returns whether
 * all returned true.
 */
bool hands_share(
    size_t n, bool (*work)(void *arg, size_t from, size_t to), void *arg);

#endif
