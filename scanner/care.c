/* SPDX-License-Identifier: ISC */
/* care - the levels. */
#include <string.h>

#include "scanner/care.h"

/* nanoseconds of a millisecond */
#define ms INT64_C(1000000)

const struct care care_levels[] = {
	{
	    .name = "gentle",
	    .summary = "harmless to every console we know of; the default",
	    .rate = 2000,
	    .asks = 1000,
	    .initiations = 5,
	    .packets = 11,
	    .talks_per_port = 3,
	    .budget = 4000,
	    .service_gap_ns = 1000000000,
	    .connect_wait_ns = 950000000,
	    .wait_ns = 5000 * ms,
	    .patience_ns = 15000 * ms,
	    .brief_ns = 1000 * ms,
	    .talking_ns = 180000 * ms,
	    .guesses = 40,
	    .wait_floor_ns = 150000000,
	    .wait_ceiling_ns = 1000000000,
	},
	{
	    .name = "standard",
	    .summary = "for networks of ordinary servers and workstations",
	    .rate = 20000,
	    .initiations = 20,
	    .packets = 60,
	    .talks_per_port = 5,
	    .budget = 200000,
	    .service_gap_ns = 200000000,
	    .connect_wait_ns = 950000000,
	    .wait_ns = 3000 * ms,
	    .patience_ns = 6000 * ms,
	    .brief_ns = 500 * ms,
	    .talking_ns = 60000 * ms,
	    .guesses = 60,
	    .raw_syn = true,
	    .shots_per_host = 100,
	    .wait_floor_ns = 20000000,
	    .wait_ceiling_ns = 1000000000,
	},
	{
	    .name = "lab",
	    .summary = "for a lab where nothing matters but time",
	    .rate = 0,
	    .initiations = 64,
	    .packets = 64,
	    .talks_per_port = 10,
	    .budget = UINT32_MAX,
	    .service_gap_ns = 0,
	    .connect_wait_ns = 500000000,
	    .wait_ns = 1000 * ms,
	    .patience_ns = 3000 * ms,
	    .brief_ns = 300 * ms,
	    .talking_ns = 20000 * ms,
	    .guesses = 100,
	    .raw_syn = true,
	    .past_the_queue = true,
	    .wait_floor_ns = 10000000,
	    .wait_ceiling_ns = 500000000,
	},
	{ .name = NULL },
};

const struct care *
care_find(const char *name)
{
	for (const struct care *c = care_levels; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}
