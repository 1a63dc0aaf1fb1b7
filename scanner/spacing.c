/* SPDX-License-Identifier: ISC */
/* spacing - moments of passes and places. */
#include "scanner/spacing.h"

/* Nanoseconds of a second and what a shot may be early or late by, so that no
 * second holds one too many. */
static const double second_ns = 1.0035e9;

void
spacing_init(struct spacing *s, double per_second, uint64_t places)
{
	*s = (struct spacing){ .places = places > 0 ? places : 1 };
	if (per_second > 0)
		s->gap_ns = (int64_t)(second_ns / per_second);
}

int64_t
spacing_when(struct spacing *s, int64_t now_ns, uint64_t pass, uint64_t place)
{
	double share = (double)place / (double)s->places;
	int64_t when;

	if (s->gap_ns == 0)
		return now_ns;
	if (!s->has_begun)
		s->base_ns = now_ns;
	else if (pass != s->pass)
		s->base_ns += s->gap_ns;
	s->has_begun = true;
	s->pass = pass;
	when = s->base_ns + (int64_t)(share * (double)s->gap_ns);
	if (when < now_ns - SPACING_SLACK_NS) {
		s->base_ns += now_ns - when;
		when = now_ns;
	}
	return when;
}
