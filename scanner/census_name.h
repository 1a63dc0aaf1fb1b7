/* SPDX-License-Identifier: ISC */
/*
 * census_name - what a station without an IP address calls itself, from the
 * announcements of the protocols it speaks.
 */
#ifndef CENSUS_NAME_H
#define CENSUS_NAME_H

#include "scanner/census_protocol.h"

enum { CENSUS_NAME = 80 };

/*
 * Writes what a frame of protocol says of its sender's name into out, made
 * printable: "LAT node MRVAX", "CDP switch-1 (cisco WS-C2924)".  Returns
 * whether it says any.  Pure, and may be called with any bytes.
 */
bool census_name(const struct packet *packet, struct census_protocol protocol,
    char out[static CENSUS_NAME]);

/* Returns the address of DECnet Phase IV a MAC stands for, "1.234", written
 * into buf; NULL where it is none. */
enum { CENSUS_DECNET = 12 };
const char *census_decnet(struct mac mac, char buf[static CENSUS_DECNET]);

#endif
