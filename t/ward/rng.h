/* SPDX-License-Identifier: ISC */
/*
 * rng - repeatable randomness, so that a run with --seed can be repeated.
 * The generator is SplitMix64 (Steele, Lea, Flood 2014); it guards nothing.
 */
#ifndef WARD_RNG_H
#define WARD_RNG_H

#include <stdbool.h>
#include <stdint.h>

struct rng {
	uint64_t state;
};

static inline uint64_t
rng_u64(struct rng *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static inline uint32_t
rng_u32(struct rng *r)
{
	return (uint32_t)(rng_u64(r) >> 32);
}

/* Returns true in percent of the calls; percent may have a fraction. */
static inline bool
rng_hits(struct rng *r, double percent)
{
	return percent > 0 && rng_u32(r) < percent / 100 * 4294967296.0;
}

#endif
