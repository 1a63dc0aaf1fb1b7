/* SPDX-License-Identifier: ISC */
/* json_census - who fills the segments, for report.json; private to json.c. */
#ifndef JSON_CENSUS_H
#define JSON_CENSUS_H

#include "reports/emit.h"
#include "reports/report.h"

/* Writes an object, also where nobody was counted. */
void json_census(struct emit *, const struct report *report);

#endif
