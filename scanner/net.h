/* SPDX-License-Identifier: ISC */
/*
 * net - addresses as values, and their text.
 *
 * An IPv4 address is a uint32_t in host byte order everywhere inside gantry,
 * so that ranges and arithmetic need no conversion; network order exists only
 * in wire bytes.  A MAC is six bytes in wire order.  gantry speaks IPv4 only:
 * none of the machines it looks for knows anything else.
 */
#ifndef NET_H
#define NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NET_IPV4_TEXT = 16, NET_MAC_TEXT = 18 };

struct mac {
	uint8_t b[6]; /* all zero: not known */
};

/* Returns whether m is anything but all zero. */
bool mac_is_known(struct mac m);

bool mac_equal(struct mac a, struct mac b);

/* Returns buf, holding "08:00:20:01:02:03". */
const char *mac_text(struct mac m, char buf[static NET_MAC_TEXT]);

/* Reads "08:00:20:01:02:03" or with dashes; false leaves *out alone. */
bool mac_parse(const char *s, struct mac *out);

/* Returns buf, holding "192.0.2.1". */
const char *ipv4_text(uint32_t address, char buf[static NET_IPV4_TEXT]);

/* Reads exactly four decimal numbers; false leaves *out alone. */
bool ipv4_parse(const char *s, uint32_t *out);

/*
 * Reads "A", "A/len", "A-B" or "A.B.C.x-y" into the first and the last
 * address.  A prefix with host bits set is taken as the network it lies in.
 * Returns false, *first and *last untouched, on anything else.
 */
bool ipv4_range_parse(const char *s, uint32_t *first, uint32_t *last);

/* RFC 1918, RFC 3927 link-local or RFC 1122 loopback. */
bool ipv4_is_private(uint32_t address);

#endif
