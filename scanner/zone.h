/* SPDX-License-Identifier: ISC */
/*
 * zone - the time people read on their clocks, in a time zone of any name.
 *
 * Functions of their arguments and of the zone database alone.  glibc keeps one
 * zone at a time in the process, so they are for a single thread; whatever zone
 * the process had is put back.
 */
#ifndef ZONE_H
#define ZONE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* Is there such a zone?  NULL is the system's own. */
bool zone_exists(const char *name);

struct zone {
	char *was; /* TZ before, or NULL */
	bool is_own;
};

/* From here to zone_leave() localtime_r() and mktime() are of that zone (NULL:
 * the system's).  Returns false when memory is out. */
bool zone_enter(struct zone *, const char *name);
void zone_leave(struct zone *);

#endif
