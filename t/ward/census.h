/* SPDX-License-Identifier: ISC */
/* census - every personality there is, variants included, for the score. */
#ifndef WARD_CENSUS_H
#define WARD_CENSUS_H

#include <stdbool.h>

struct err;

/*
 * Writes one JSON array to standard output: each personality's name, oui,
 * truth, and whether it is a decoy or stands behind the router.  Each is read
 * in full, so that one that would not load is told of here.
 */
bool census_write(const char *dir, struct err *);

#endif
