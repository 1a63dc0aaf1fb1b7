/* SPDX-License-Identifier: ISC */
/*
 * ceiling - what may be sent into each segment, beside the rate of all: one
 * clock of departures for each stretch of the scope that is reached the same
 * way, so that a slow line behind one router is not filled because the others
 * are quick.  Time is a parameter.
 */
#ifndef CEILING_H
#define CEILING_H

#include <stdint.h>

struct ceiling;
struct segment;
struct segments;

/*
 * Packets per second into each; 0 (or less): no ceiling.  Stretches of one
 * route share theirs.  In any second at most CEILING_AHEAD more leave than
 * that: so many may be early, for what comes in a random order cannot be
 * spaced evenly without waiting for each.  The segments are borrowed.
 * Returns NULL when memory is out.
 */
enum { CEILING_AHEAD = 4 };
struct ceiling *ceiling_new(const struct segments *, double per_second);
void ceiling_free(struct ceiling *); /* NULL ok */

/* Returns when the next packet may leave into the segment: now or later. */
int64_t ceiling_when(
    const struct ceiling *, const struct segment *, int64_t now_ns);

/* A packet leaves into it at now_ns. */
void ceiling_sent(struct ceiling *, const struct segment *, int64_t now_ns);

#endif
