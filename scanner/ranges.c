/* SPDX-License-Identifier: ISC */
/*
 * ranges - sets of IPv4 addresses as sorted, disjoint ranges.
 *
 * An operator's list is a few lines that may stand for sixteen million
 * addresses; ranges keep it as short as it was written.  Bounds are inclusive,
 * so that 255.255.255.255 needs no wider type, and every step past a bound is
 * guarded against wrapping.
 */
#include <stdlib.h>

#include "scanner/limits.h"
#include "scanner/ranges.h"

bool
ranges_add(struct ranges *set, uint32_t first, uint32_t last)
{
	if (set->n == SCOPE_RANGES_MAX)
		return false;
	if (set->n == set->room) {
		size_t room = set->room == 0 ? 16 : set->room * 2;
		struct scope_range *r;

		r = realloc(set->r, room * sizeof(*r));
		if (r == NULL)
			return false;
		set->r = r;
		set->room = room;
	}
	set->r[set->n].first = first;
	set->r[set->n].last = last;
	set->n++;
	return true;
}

static int
range_order(const void *a, const void *b)
{
	const struct scope_range *x = a, *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return (x->last > y->last) - (x->last < y->last);
}

void
ranges_normalise(struct ranges *set)
{
	size_t n = 0;

	if (set->n == 0)
		return;
	qsort(set->r, set->n, sizeof(set->r[0]), range_order);
	for (size_t i = 1; i < set->n; i++) {
		struct scope_range *have = &set->r[n];
		const struct scope_range *next = &set->r[i];

		if (have->last == UINT32_MAX || next->first <= have->last + 1) {
			if (next->last > have->last)
				have->last = next->last;
		} else {
			set->r[++n] = *next;
		}
	}
	set->n = n + 1;
}

/* What is left of one range; *at is the first of b that can still matter. */
static bool
subtract_one(struct scope_range range, const struct ranges *b, size_t *at,
    struct ranges *out)
{
	uint32_t first = range.first;

	while (*at < b->n && b->r[*at].last < first)
		(*at)++;
	for (size_t i = *at; i < b->n && b->r[i].first <= range.last; i++) {
		if (b->r[i].first > first &&
		    !ranges_add(out, first, b->r[i].first - 1))
			return false;
		if (b->r[i].last >= range.last)
			return true;
		first = b->r[i].last + 1;
	}
	return ranges_add(out, first, range.last);
}

bool
ranges_subtract(
    const struct ranges *a, const struct ranges *b, struct ranges *out)
{
	size_t at = 0;

	for (size_t i = 0; i < a->n; i++)
		if (!subtract_one(a->r[i], b, &at, out))
			return false;
	return true;
}

bool
ranges_has(const struct ranges *set, uint32_t address)
{
	size_t low = 0, high = set->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (address < set->r[middle].first)
			high = middle;
		else if (address > set->r[middle].last)
			low = middle + 1;
		else
			return true;
	}
	return false;
}

void
ranges_free(struct ranges *set)
{
	free(set->r);
	set->r = NULL;
	set->n = set->room = 0;
}
