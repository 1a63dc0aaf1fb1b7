/* SPDX-License-Identifier: ISC */
/*
 * target - the order in which a scope is walked.
 *
 * A balanced Feistel network permutes the smallest even number of bits that
 * can count the addresses; an image outside is permuted again until it falls
 * inside (cycle walking).  As the network is a bijection of the larger set,
 * the walk is one of the smaller.  The larger set is under four times the
 * smaller, so fewer than four steps are needed on average; a single walk is
 * bounded by the size of the larger set.
 *
 * Source:    Black and Rogaway, "Ciphers with Arbitrary Finite Domains",
 *            CT-RSA 2002 (cycle walking and Feistel networks)
 * Limits:    the order hides nothing from who sees it; it only spreads load
 *
 * Every round uses the same order.  Two shots at one host are therefore exactly
 * as many shots apart as the scope has addresses, or a multiple of it where
 * rounds between them are passed over: a scope denies a port everywhere or
 * nowhere.
 */
#include "scanner/target.h"

/* Spreads every bit of x over the whole result. */
static uint64_t
mix(uint64_t x)
{
	x ^= x >> 32;
	x *= UINT64_C(0xd6e8feb86659fd93);
	x ^= x >> 29;
	x *= UINT64_C(0x9e3779b97f4a7c15);
	x ^= x >> 32;
	return x;
}

void
permutation_init(struct permutation *p, uint64_t size, uint64_t key)
{
	p->size = size;
	for (uint64_t r = 0; r < PERMUTATION_ROUNDS; r++)
		p->round_key[r] = mix(mix(key) + r) | 1;
	p->half_bits = 1;
	while (p->half_bits < 32 && size > (UINT64_C(1) << 2 * p->half_bits))
		p->half_bits++;
}

/* One multiplication by an odd key of the round: its high bits depend on all
 * of what went in. */
static uint64_t
feistel(const struct permutation *p, uint64_t x)
{
	const unsigned shift = 64 - p->half_bits;
	uint64_t mask = (UINT64_C(1) << p->half_bits) - 1;
	uint64_t left = x >> p->half_bits, right = x & mask;

	for (unsigned r = 0; r < PERMUTATION_ROUNDS; r++) {
		uint64_t key = p->round_key[r];
		uint64_t out = (right + (key >> 32)) * key;
		uint64_t next = left ^ (out ^ out << 32) >> shift;

		left = right;
		right = next;
	}
	return left << p->half_bits | right;
}

uint64_t
permutation_at(const struct permutation *p, uint64_t i)
{
	do {
		i = feistel(p, i);
	} while (i >= p->size);
	return i;
}

void
target_init(struct target *target, const struct scope *scope,
    enum about_kind transport, const uint16_t *ports, size_t ports_len,
    uint64_t key)
{
	target->scope = scope;
	target->ports = ports;
	target->ports_len = ports == NULL ? 1 : ports_len;
	target->transport = ports == NULL ? ABOUT_HOST : transport;
	permutation_init(&target->order, scope_size(scope), key);
	target_resume(target, 0, 0);
}

void
target_resume(struct target *target, size_t round, uint64_t index)
{
	target->round = round;
	target->index = index;
}

bool
target_next(struct target *target, struct shot_at *out)
{
	const struct scope *scope = target->scope;

	for (; target->round < target->ports_len; target->round++) {
		out->port =
		    target->ports == NULL ? 0 : target->ports[target->round];
		while (target->index < target->order.size) {
			uint64_t i =
			    permutation_at(&target->order, target->index++);

			out->address = scope_address_at(scope, i);
			if (scope_has_port(scope, out->address,
				target->transport, out->port))
				return true;
		}
		target->index = 0;
	}
	return false;
}
