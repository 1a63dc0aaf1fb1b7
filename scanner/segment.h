/* SPDX-License-Identifier: ISC */
/*
 * segment - the scope cut into stretches that are reached the same way: which
 * interface, on-link or through which gateway.
 *
 * Made once, before the first packet, from what the kernel says (route.h).
 */
#ifndef SEGMENT_H
#define SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/route.h"
#include "scanner/scope.h"

struct segment {
	uint32_t first, last; /* last included */
	struct route route;
	/* This machine itself, or an interface without ARP: nothing to look
	 * for, the hosts are taken to be there. */
	bool assume_up;
	/* network's own and broadcast address: never asked for by ARP */
	uint32_t host_zeros, host_ones; /* 0 where not on-link */
};

struct segments {
	struct segment *items; /* by first address, disjoint */
	size_t len;
	uint64_t unroutable; /* addresses the kernel has no way to */
};

/*
 * Fills *out from a frozen scope.  interface (or NULL) forces one interface
 * and source (or 0) one source address.  Returns false and one line in error
 * when nothing at all can be reached.
 */
bool segments_make(struct segments *out, const struct scope *scope,
    const char *interface, uint32_t source, char error[static ROUTE_ERROR]);

void segments_clear(struct segments *);

/*
 * Would a packet to this address be a broadcast?  On-link the network says;
 * behind a gateway its masks are not known, so the first and last of any 256
 * are taken for one, unless the address was named alone.
 */
bool segment_is_broadcast(const struct segment *, uint32_t address);

/* Returns the segment an address lies in, or NULL. */
const struct segment *segments_find(const struct segments *, uint32_t address);

/* Is the address one that others are reached through? */
bool segments_have_gateway(const struct segments *, uint32_t address);

/*
 * Leaves in a list of places in the scope (scope.h) only those whose hosts take
 * frames we craft: not this machine's own address, whose ports connects tell.
 * Returns how many are left; their order stays.
 */
uint64_t segments_keep_crafted(const struct segments *,
    const struct scope *scope, uint32_t *list, uint64_t len);

#endif
