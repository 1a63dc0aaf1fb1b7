/* SPDX-License-Identifier: ISC */
/*
 * segment - asks the kernel how each part of the scope is reached.
 *
 * An on-link answer holds for the interface's whole network; a gateway's is
 * asked again every 256 addresses, and equal neighbours are merged, so that a
 * /8 costs 65,536 questions and not 16 million.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/segment.h"

static bool
is_same_way(const struct segment *a, const struct segment *b)
{
	return a->last + 1 == b->first && a->assume_up == b->assume_up &&
	    a->route.interface == b->route.interface &&
	    a->route.gateway == b->route.gateway &&
	    a->route.source == b->route.source &&
	    a->host_zeros == b->host_zeros;
}

static bool
segment_add(struct segments *all, const struct segment *s)
{
	struct segment *grown;

	if (all->len > 0 && is_same_way(&all->items[all->len - 1], s)) {
		all->items[all->len - 1].last = s->last;
		return true;
	}
	grown = realloc(all->items, (all->len + 1) * sizeof(*grown));
	if (grown == NULL)
		return false;
	all->items = grown;
	all->items[all->len++] = *s;
	return true;
}

/* The segment that begins at `first`, ending at `last` at the latest. */
static bool
segment_ask(struct segment *s, uint32_t first, uint32_t last,
    const char *interface, uint32_t source, char error[static ROUTE_ERROR])
{
	uint32_t net_first, net_last;

	*s = (struct segment){ .first = first, .last = first };
	if (!route_get(first, &s->route, error))
		return false;
	if (interface != NULL) {
		uint32_t gateway = s->route.gateway;
		struct route forced;

		if (!route_interface(interface, &forced, error))
			return false;
		if (forced.interface != s->route.interface)
			gateway = 0;
		s->route = forced;
		s->route.gateway = gateway;
	}
	if (source != 0)
		s->route.source = source;
	s->assume_up = s->route.is_loopback || !s->route.is_ethernet ||
	    s->route.source == first;
	if (s->route.source == first && first >> 24 != 127)
		return true; /* ourselves: one address alone, through lo */
	if (s->route.gateway == 0 &&
	    route_network(s->route.interface, first, &net_first, &net_last)) {
		if (net_last - net_first >= 3) {
			s->host_zeros = net_first;
			s->host_ones = net_last;
		}
		s->last = net_last < last ? net_last : last;
		/* Our own address is in there: it gets a segment of its own. */
		if (s->route.source > first && s->route.source <= s->last)
			s->last = s->route.source - 1;
		return true;
	}
	s->last = first | 0xff;
	if (s->last > last)
		s->last = last;
	return true;
}

bool
segments_make(struct segments *out, const struct scope *scope,
    const char *interface, uint32_t source, char error[static ROUTE_ERROR])
{
	size_t n;
	const struct scope_range *r = scope_ranges(scope, &n);

	*out = (struct segments){ 0 };
	for (size_t i = 0; i < n; i++) {
		uint64_t at = r[i].first;

		while (at <= r[i].last) {
			struct segment s;

			if (!segment_ask(&s, (uint32_t)at, r[i].last, interface,
				source, error)) {
				if (interface != NULL)
					return false;
				out->unroutable++;
				at++;
				continue;
			}
			if (!segment_add(out, &s)) {
				snprintf(error, ROUTE_ERROR, "out of memory");
				return false;
			}
			at = (uint64_t)s.last + 1;
		}
	}
	if (out->len == 0 && n == 0)
		snprintf(error, ROUTE_ERROR, "the scope is empty");
	return out->len > 0;
}

bool
segment_is_broadcast(const struct segment *s, uint32_t address)
{
	if (s->route.gateway == 0)
		return s->host_zeros != s->host_ones &&
		    (address == s->host_zeros || address == s->host_ones);
	return s->first != s->last &&
	    ((address & 0xff) == 0 || (address & 0xff) == 0xff);
}

void
segments_clear(struct segments *all)
{
	free(all->items);
	*all = (struct segments){ 0 };
}

const struct segment *
segments_find(const struct segments *all, uint32_t address)
{
	size_t low = 0, high = all->len;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (all->items[mid].last < address)
			low = mid + 1;
		else
			high = mid;
	}
	if (low < all->len && all->items[low].first <= address)
		return &all->items[low];
	return NULL;
}

bool
segments_have_gateway(const struct segments *s, uint32_t address)
{
	for (size_t i = 0; i < s->len; i++)
		if (s->items[i].route.gateway == address)
			return true;
	return false;
}

uint64_t
segments_keep_crafted(const struct segments *all, const struct scope *scope,
    uint32_t *list, uint64_t len)
{
	uint64_t kept = 0;

	for (uint64_t i = 0; i < len; i++) {
		const struct segment *s =
		    segments_find(all, scope_address_at(scope, list[i]));

		if (s != NULL && !s->assume_up)
			list[kept++] = list[i];
	}
	return kept;
}
