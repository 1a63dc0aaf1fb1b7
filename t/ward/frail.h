/* SPDX-License-Identifier: ISC */
/*
 * frail - what old machines cannot take: each function notes one thing that
 * was done to a host, counts it as harm where it is harm, and lets the host
 * break where its personality says that it breaks.
 */
#ifndef WARD_FRAIL_H
#define WARD_FRAIL_H

#include <stdbool.h>
#include <stdint.h>

struct host;
struct port;
struct port_stat;

/* A packet that no well-behaved sender makes. */
void frail_malformed(struct host *);

/* One more half-open entry; frail_half_open_end() when it is over. */
void frail_half_open(struct host *);
void frail_half_open_end(struct host *);

/*
 * A connection to a port was completed: counted per minute, and by inetd for
 * its own ports.
 */
void frail_connected(struct host *, const struct port *, uint16_t number);

/* Returns false while inetd has shut the port. */
bool frail_admits(struct host *, const struct port *, uint16_t number);

/* A connection to a port with a protocol of its own ended without a byte. */
void frail_bare(struct host *, uint16_t number);

/* Takes one of the host's association slots; false: there is none left. */
bool frail_slot_take(struct host *);

/* Gives it back, or leaves it blocked for a while. */
void frail_slot_give(struct host *, bool is_leaked);

#endif
