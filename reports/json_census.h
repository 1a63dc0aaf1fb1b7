/* SPDX-License-Identifier: ISC */
/* json_census - who fills the segments, for report.json; private to json.c. */
#ifndef JSON_CENSUS_H
#define JSON_CENSUS_H

#include <jansson.h>

#include "reports/report.h"

/* Returns a new object, also where nobody was counted; NULL when memory is
 * out. */
json_t *json_census(const struct report *report);

#endif
