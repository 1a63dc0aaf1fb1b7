/* SPDX-License-Identifier: ISC */
/*
 * past - what the inventory knows from before a run, for its report: the trend
 * of the runs that looked at the same, and when each device was last found.
 */
#ifndef PAST_H
#define PAST_H

#include "reports/report.h"
#include "scanner/inventory/store.h"

struct past;

enum { PAST_RUNS = 30 };

/*
 * Of a site, after the run of that number was folded in: the latest PAST_RUNS
 * runs up to it that looked at the same segment and scope, and every device
 * the site has.  Returns NULL when memory is out or the store would not.
 */
struct past *past_read(struct store *, const char *site, int64_t number);
void past_free(struct past *); /* NULL ok */

/* Fills in the points and verified(); borrowed from the past. */
void past_tell(const struct past *, struct report_past *out);

#endif
