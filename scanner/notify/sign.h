/* SPDX-License-Identifier: ISC */
/* sign - HMAC-SHA256 of a message: the one door to libcrypto's HMAC. */
#ifndef SIGN_H
#define SIGN_H

#include <stdbool.h>

#include "scanner/notify/secret.h"

enum { SIGN_TEXT = 65 };

/* Writes 64 hex digits of the HMAC over "time.body".  Returns false when the
 * library would not. */
bool sign(const struct secret *secret, const char *time, const char *body,
    char out[static SIGN_TEXT]);

#endif
