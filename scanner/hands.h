/* SPDX-License-Identifier: ISC */
/*
 * hands - the one door to threads: for what comes after a run, when nothing is
 * being sent or heard and there is a long list to work through.
 */
#ifndef HANDS_H
#define HANDS_H

#include <stddef.h>

enum { HANDS_MAX = 4 };

/* Returns how many are worth their while for a list of n: by the processors, 1
 * to HANDS_MAX. */
unsigned hands_for(size_t n);

/*
 * Calls work(arg, hand) for each hand from 0 on, at the same time where there
 * can be threads; 0 is the caller's own.  All have returned when it returns.
 * What several of them read must not be written to meanwhile.
 */
void hands_run(
    unsigned hands, void (*work)(void *arg, unsigned hand), void *arg);

#endif
