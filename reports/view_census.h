/* SPDX-License-Identifier: ISC */
/* view_census - what every format says of who fills the segments.  Pure. */
#ifndef VIEW_CENSUS_H
#define VIEW_CENSUS_H

#include "reports/view.h"
#include "scanner/census.h"

/* Returns whether there is anything to show. */
bool view_has_census(const struct report *report);

/* What a station most likely is: the verdict on its address where there is
 * one, else what its protocols tell, else "". */
const char *view_station_likely(
    const struct report *report, const struct census_station *station);

/* "10.0.0.7 DECnet 1.12", or "" where it has no address of any kind. */
enum { VIEW_STATION = 160 };
const char *view_station_addresses(
    const struct census_station *station, char buf[static VIEW_STATION]);

/* "eth1", "eth1, VLAN 12", "segment". */
enum { VIEW_SEGMENT = 40 };
const char *view_segment(
    const struct census_segment *segment, char buf[static VIEW_SEGMENT]);

/* Seconds between a segment's first and last frame, at least one. */
double view_segment_seconds(const struct census_segment *segment);

/* "LAT 60-04, DECnet 60-03 and 3 more": the most frequent first, as many as
 * fit. */
enum { VIEW_PROTOCOLS = 200 };
const char *view_protocols(const struct census_station *station, size_t most,
    char buf[static VIEW_PROTOCOLS]);

#endif
