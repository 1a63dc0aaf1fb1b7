/* SPDX-License-Identifier: ISC */
/*
 * siphash - SipHash-2-4.
 *
 * Source:    Aumasson and Bernstein, "SipHash: a fast short-input PRF",
 *            INDOCRYPT 2012; all words are little-endian
 */
#include <string.h>

#include "scanner/siphash.h"

enum { ROUNDS_PER_WORD = 2, ROUNDS_AT_END = 4 };

static uint64_t
rotate(uint64_t x, unsigned bits)
{
	return x << bits | x >> (64 - bits);
}

/* Reads len (at most 8) bytes; those that lack are 0. */
static uint64_t
word(const uint8_t *bytes, size_t len)
{
	uint64_t w = 0;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	if (len == sizeof(w)) { /* one load; a loop is not seen through */
		memcpy(&w, bytes, sizeof(w));
		return w;
	}
#endif
	for (size_t i = 0; i < len; i++)
		w |= (uint64_t)bytes[i] << 8 * i;
	return w;
}

static void
sip_rounds(uint64_t v[static 4], int n)
{
	while (n-- > 0) {
		v[0] += v[1];
		v[2] += v[3];
		v[1] = rotate(v[1], 13) ^ v[0];
		v[3] = rotate(v[3], 16) ^ v[2];
		v[0] = rotate(v[0], 32);
		v[2] += v[1];
		v[0] += v[3];
		v[1] = rotate(v[1], 17) ^ v[2];
		v[3] = rotate(v[3], 21) ^ v[0];
		v[2] = rotate(v[2], 32);
	}
}

static void
take_word(uint64_t v[static 4], uint64_t w)
{
	v[3] ^= w;
	sip_rounds(v, ROUNDS_PER_WORD);
	v[0] ^= w;
}

uint64_t
siphash24(const uint8_t key[static 16], const uint8_t *bytes, size_t len)
{
	uint64_t k0 = word(key, 8), k1 = word(key + 8, 8);
	uint64_t v[4] = { k0 ^ UINT64_C(0x736f6d6570736575),
		k1 ^ UINT64_C(0x646f72616e646f6d),
		k0 ^ UINT64_C(0x6c7967656e657261),
		k1 ^ UINT64_C(0x7465646279746573) };
	size_t left = len;

	for (; left >= 8; left -= 8, bytes += 8)
		take_word(v, word(bytes, 8));
	take_word(v, word(bytes, left) | (uint64_t)len << 56);
	v[2] ^= 0xff;
	sip_rounds(v, ROUNDS_AT_END);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}
