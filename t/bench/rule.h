/* SPDX-License-Identifier: ISC */
/*
 * rule - which addresses of a simulated range live and which of their ports
 * are open: a pure function of the seed, so nothing is stored per port, and
 * the truth can be listed without a network.
 *
 * Addresses and ports are in host byte order.
 */
#ifndef BENCH_RULE_H
#define BENCH_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct rule {
	uint32_t first;     /* address of the range */
	uint32_t size;      /* addresses; a power of two */
	bool on_link;       /* each live host answers ARP itself */
	bool no_edges;      /* nobody lives at .0 and .255 */
	uint32_t live;      /* so many addresses live */
	uint32_t spared[2]; /* never live: the router, the scanner */
	unsigned open;      /* ports open, of ten thousand */
	unsigned silent;    /* and that never answer */
	uint32_t seed;
	uint64_t threshold; /* set by rule_ready() */
	uint8_t shut[8192]; /* one bit per port: never open */
};

/* Reads "10.20.0.0/16".  Returns false when it is no range. */
bool rule_range(struct rule *, const char *text);

/* Reads a list of ports and ranges of ports into bits, one per port.
 * Returns false on a mistake. */
bool rule_ports(uint8_t bits[static 8192], const char *text);

/* To be called when all but threshold is set.  Returns false without
 * memory. */
bool rule_ready(struct rule *);

bool rule_has(const struct rule *, uint32_t address);
bool rule_lives(const struct rule *, uint32_t address);

/* Of a live address. */
bool rule_is_open(const struct rule *, uint32_t address, uint16_t port);

/* Neither open nor closed: a packet filter drops what comes. */
bool rule_is_silent(const struct rule *, uint32_t address, uint16_t port);

/* Writes "address port" for every open port of the set, in rising order; with
 * NULL for the set, every live address. */
void rule_list(const struct rule *, const uint8_t *ports, FILE *);

static inline bool
rule_bit(const uint8_t *bits, uint16_t port)
{
	return bits[port >> 3] >> (port & 7) & 1;
}

static inline uint32_t
rule_hash(uint32_t a, uint32_t b, uint32_t seed)
{
	uint64_t x = ((uint64_t)a << 32 | b) + seed * 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 32) * 0xd6e8feb86659fd93ULL;
	x = (x ^ x >> 32) * 0xd6e8feb86659fd93ULL;
	return (uint32_t)(x >> 32);
}

#endif
