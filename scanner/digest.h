/* SPDX-License-Identifier: ISC */
/* digest - SHA-256 of bytes: the one door to libcrypto's digests. */
#ifndef DIGEST_H
#define DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DIGEST_BASE64 = 48 };

/* Writes the SHA-256 (FIPS 180-4) in base64 without its padding, 43 letters,
 * as OpenSSH shows a key's fingerprint.  False: libcrypto failed. */
bool digest_base64(
    const uint8_t *bytes, size_t len, char out[static DIGEST_BASE64]);

#endif
