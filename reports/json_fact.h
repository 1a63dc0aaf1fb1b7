/* SPDX-License-Identifier: ISC */
/* json_fact - the members of a fact, in the report and in facts.ndjson. */
#ifndef JSON_FACT_H
#define JSON_FACT_H

#include "reports/emit.h"
#include "scanner/fact.h"

/* Says about, key, value, probe, time and evidence; the object they are in is
 * the caller's. */
void json_fact_members(struct emit *, const struct fact *fact);

#endif
