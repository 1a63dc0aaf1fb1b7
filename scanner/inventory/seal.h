/* SPDX-License-Identifier: ISC */
/*
 * seal - Ed25519 signatures of files, beside them as FILE.sig.
 *
 * Keys are PEM, as `openssl genpkey -algorithm ed25519` makes them; a signature
 * is the 64 bytes of RFC 8032 over the whole file, as `openssl pkeyutl -rawin`
 * makes and checks them.  So neither side needs gantry for it.
 */
#ifndef SEAL_H
#define SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { SEAL_SIZE = 64, SEAL_KEYS_MAX = 64, SEAL_ERROR = 400 };

#define SEAL_SUFFIX ".sig"

/*
 * Signs len bytes with the private key of a file, which must be its owner's
 * alone, without a pass phrase.  Returns false and one line.
 */
bool seal_sign(const char *key_file, const void *bytes, size_t len,
    unsigned char out[static SEAL_SIZE], char error[static SEAL_ERROR]);

/* The public keys somebody trusts. */
struct seal_keys;

/*
 * Reads all public keys of a file, one behind the other.  Refused: a file that
 * others than its owner may write, one without a key, a key of another kind.
 * Returns NULL and one line.
 */
struct seal_keys *seal_keys_read(
    const char *path, char error[static SEAL_ERROR]);
void seal_keys_free(struct seal_keys *); /* NULL ok */

/*
 * Opens a file whose signature one of the keys made.  What is read from the
 * stream is what was verified, whatever happens to the file meanwhile.  Returns
 * NULL and one line; not a byte has been looked into then.
 */
FILE *seal_open(
    const struct seal_keys *, const char *path, char error[static SEAL_ERROR]);

#endif
