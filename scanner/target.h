/* SPDX-License-Identifier: ISC */
/*
 * target - every (address, port) of a scope exactly once, in a keyed order.
 *
 * The order is a pseudo-random permutation of the index space, so neighbours
 * are not hit together, nothing is remembered, and a run can go on from any
 * index.  Rounds are ports: within a round each address comes once, and all
 * rounds keep one order, so between two shots at one host lie shots at every
 * other address, by construction.
 */
#ifndef TARGET_H
#define TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/scope.h"

enum { PERMUTATION_ROUNDS = 6 };

/* A bijection of [0, size) onto itself, by key. */
struct permutation {
	uint64_t size;
	uint64_t round_key[PERMUTATION_ROUNDS];
	unsigned half_bits;
};

void permutation_init(struct permutation *, uint64_t size, uint64_t key);

/* Returns the image of i, which must be below size (and size not 0). */
uint64_t permutation_at(const struct permutation *, uint64_t i);

/* An iterator by value; the scope must outlive it and stay frozen. */
struct target {
	const struct scope *scope;
	const uint16_t *ports; /* rounds; one round of port 0 when NULL */
	size_t ports_len;
	enum about_kind transport; /* of the ports */
	struct permutation order;
	uint64_t index; /* next, within the round */
	size_t round;   /* next: the index into ports */
};

struct shot_at {
	uint32_t address;
	uint16_t port;
};

void target_init(struct target *, const struct scope *scope,
    enum about_kind transport, const uint16_t *ports, size_t ports_len,
    uint64_t key);

/* Go on from a point noted earlier (the fields round and index as they stood
 * before the target_next() whose shot is to come first). */
void target_resume(struct target *, size_t round, uint64_t index);

/* Writes the next into *out; false at the end.  Ports the scope denies on an
 * address are passed over. */
bool target_next(struct target *, struct shot_at *out);

#endif
