/* SPDX-License-Identifier: ISC */
/*
 * guest_seats - hosts and our kernel's neighbour table: how many on the link are
 * visited at a time, and what the kernel asks them by itself.
 *
 * A conversation takes the kernel an entry of its neighbour table, which it
 * keeps for some seconds after and has 1,024 of (gc_thresh3, for all
 * namespaces together).  Where none is left a connect fails in silence, and
 * that would be taken for the host's.  Hosts behind a router share that
 * router's entry and need no seat.  Others fill the table too, sweeps of other
 * segments among them; so where it ran over during a silence, that is not held
 * against the host.
 */
#include "scanner/guest_state.h"
#include "scanner/loop.h"
#include "scanner/neighbour.h"

enum { SEATS = 256 };

bool
guest_take_seat(struct guest *g)
{
	struct audit *a = g->audit;

	if (g->has_seat || g->segment->route.gateway != 0 || a->stopping)
		return true;
	if (a->seated < SEATS) {
		g->has_seat = true;
		a->seated++;
		return true;
	}
	if (g->is_queued)
		return false;
	g->is_queued = true;
	if (a->queue_first == NULL)
		a->queue_first = g;
	else
		a->queue_last->behind = g;
	a->queue_last = g;
	return false;
}

/* Is the way there by ARP?  Then our kernel asks whom it does not know. */
static bool
is_by_arp(const struct route *r)
{
	return r->is_ethernet && !r->is_loopback;
}

void
guest_tell_unresolved(struct guest *g)
{
	const struct route *r = &g->segment->route;

	if (is_by_arp(r) && r->gateway == 0 && !visit_is_talking(g->visit))
		visit_unresolved(g->visit,
		    !neighbour_is_known(
			g->audit->neighbours, g->address, r->interface_name));
}

void
guest_confirm(const struct guest *g)
{
	const struct route *r = &g->segment->route;

	if (is_by_arp(r))
		neighbour_confirm(g->audit->neighbours,
		    r->gateway != 0 ? r->gateway : g->address, r->interface);
}

bool
guest_was_unsent(struct guest *g)
{
	struct audit *a = g->audit;
	uint64_t full;

	if (g->segment->route.gateway != 0)
		return false;
	full = route_neighbours_full();
	if (full > a->neighbours_full) {
		a->neighbours_full = full;
		a->neighbours_full_ns = loop_now();
	}
	return a->neighbours_full_ns >= g->talk_ns;
}

void
guest_leave_seat(struct guest *g)
{
	struct audit *a = g->audit;

	if (!g->has_seat)
		return;
	g->has_seat = false;
	a->seated--;
	while (a->queue_first != NULL && !a->stopping) {
		struct guest *next = a->queue_first;

		a->queue_first = next->behind;
		next->behind = NULL;
		next->is_queued = false;
		if (next->over)
			continue;
		next->has_seat = true;
		a->seated++;
		loop_timer_at(next->timer, loop_now());
		return;
	}
}
