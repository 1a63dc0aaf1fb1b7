/* SPDX-License-Identifier: ISC */
/*
 * route - how the kernel would reach an address; the one door to netlink
 * (libmnl).  Asks, never changes anything.
 */
#ifndef ROUTE_H
#define ROUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "scanner/net.h"

struct route {
	int interface;           /* index */
	char interface_name[16]; /* NUL-terminated, IFNAMSIZ */
	struct mac mac;          /* of the interface; zero without Ethernet */
	uint32_t source;         /* address the kernel would send from */
	uint32_t gateway;        /* next hop; 0 when on-link */
	bool is_loopback;
	bool is_ethernet;
	uint16_t mtu;
};

enum { ROUTE_ERROR = 256 };

/* Returns false and one line in error, such as "no route to 192.0.2.1". */
bool route_get(
    uint32_t address, struct route *out, char error[static ROUTE_ERROR]);

/* Fills *out for a named interface (source: its first address, 0 without).
 * Returns false and one line in error. */
bool route_interface(
    const char *name, struct route *out, char error[static ROUTE_ERROR]);

/* Returns whether the kernel's neighbour table knows address's MAC on that
 * interface (reachable, stale or permanent). */
bool route_neighbour(int interface, uint32_t address, struct mac *out);

/*
 * Returns how often since it started the kernel had no room left for one more
 * neighbour: what it was to send there is lost in silence.  The table, and the
 * count, are those of all namespaces.  0 where the kernel does not tell.
 */
uint64_t route_neighbours_full(void);

/* The IPv4 networks an interface has: first..last holds address?  Sets first
 * and last to the on-link network that address lies in; false without. */
bool route_network(
    int interface, uint32_t address, uint32_t *first, uint32_t *last);

#endif
