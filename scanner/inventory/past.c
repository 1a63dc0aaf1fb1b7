/* SPDX-License-Identifier: ISC */
/* past - earlier runs and known devices, as a report takes them. */
#include <stdlib.h>
#include <string.h>

#include "scanner/inventory/past.h"

struct found_at {
	uint32_t address;
	int64_t time_ns;
};

struct past {
	int64_t number; /* of the run */
	struct store_run run;
	struct report_point points[PAST_RUNS]; /* latest first while read */
	size_t points_len;
	struct found_at *found; /* by address, ascending */
	size_t found_len, found_room;
	bool has_failed; /* memory is out */
};

/* Did both look at the same? */
static bool
is_alike(const struct store_run *a, const struct store_run *b)
{
	return strcmp(a->segment, b->segment) == 0 &&
	    strcmp(a->scope, b->scope) == 0;
}

/* Runs come latest first. */
static bool
take_run(void *arg, const struct store_run *run)
{
	struct past *p = arg;

	if (run->number > p->number)
		return true;
	if (run->number == p->number)
		p->run = *run;
	if (p->run.number == 0 || !run->is_folded || run->met < 0 ||
	    run->outcome != RUN_DONE || !is_alike(run, &p->run))
		return true;
	p->points[p->points_len++] =
	    (struct report_point){ .time_ns = run->finished_ns,
		    .assets = (size_t)run->met,
		    .recognised = (size_t)run->recognised,
		    .alerted = (size_t)run->alerted };
	return p->points_len < PAST_RUNS;
}

static bool
take_asset(void *arg, const struct store_asset *asset)
{
	struct past *p = arg;

	if (asset->address == 0 || asset->merged_into != 0)
		return true;
	if (p->found_len == p->found_room) {
		size_t room = p->found_room ? 2 * p->found_room : 256;
		struct found_at *more = realloc(p->found, room * sizeof(*more));

		if (more == NULL) {
			p->has_failed = true;
			return false;
		}
		p->found = more;
		p->found_room = room;
	}
	p->found[p->found_len++] =
	    (struct found_at){ asset->address, asset->last_ns };
	return true;
}

/* Where two had one address, the later one comes first. */
static int
by_address(const void *a, const void *b)
{
	const struct found_at *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	return (x->time_ns < y->time_ns) - (x->time_ns > y->time_ns);
}

struct past *
past_read(struct store *store, const char *site, int64_t number)
{
	struct past *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->number = number;
	if (!store_runs(store, site, take_run, p) ||
	    !store_assets(store, site, take_asset, p) || p->has_failed) {
		past_free(p);
		return NULL;
	}
	if (p->found_len > 0)
		qsort(p->found, p->found_len, sizeof(*p->found), by_address);
	for (size_t i = 0; i < p->points_len / 2; i++) {
		struct report_point *other = &p->points[p->points_len - 1 - i];
		struct report_point kept = p->points[i];

		p->points[i] = *other;
		*other = kept;
	}
	return p;
}

void
past_free(struct past *p)
{
	if (p == NULL)
		return;
	free(p->found);
	free(p);
}

static int64_t
verified(const void *arg, uint32_t address)
{
	const struct past *p = arg;
	size_t low = 0, high = p->found_len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (p->found[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == p->found_len || p->found[low].address != address)
		return 0;
	return p->found[low].time_ns;
}

void
past_tell(const struct past *p, struct report_past *out)
{
	out->points = p->points;
	out->points_len = p->points_len;
	out->verified = verified;
	out->verified_arg = p;
}
