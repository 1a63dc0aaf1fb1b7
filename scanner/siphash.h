/* SPDX-License-Identifier: ISC */
/* siphash - a short keyed hash that a peer who lacks the key cannot foresee. */
#ifndef SIPHASH_H
#define SIPHASH_H

#include <stddef.h>
#include <stdint.h>

/* Returns SipHash-2-4 of len bytes under the 16-byte key. */
uint64_t siphash24(
    const uint8_t key[static 16], const uint8_t *bytes, size_t len);

#endif
