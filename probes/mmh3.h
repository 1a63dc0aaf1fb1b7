/* SPDX-License-Identifier: ISC */
/*
 * mmh3 - MurmurHash3 (32 bits, seed 0) of bytes in base64, in lines of 76: how
 * collections of favicons name them.
 *
 * Bytes are put one by one, so that nobody needs them in one place.
 */
#ifndef MMH3_H
#define MMH3_H

#include <stdint.h>

/* Plain data; all zero at the start. */
struct mmh3 {
	uint32_t hash, len; /* of the text so far */
	uint32_t block;     /* its last characters, first lowest */
	uint32_t group;     /* bytes that make no four characters yet */
	unsigned group_len, line_len;
};

/* One more byte. */
void mmh3_put(struct mmh3 *m, uint8_t byte);

/* Returns the hash of all that was put.  Nothing may be put after it. */
int32_t mmh3_end(struct mmh3 *m);

#endif
