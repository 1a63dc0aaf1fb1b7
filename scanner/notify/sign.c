/* SPDX-License-Identifier: ISC */
/* sign - RFC 2104 with SHA-256. */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/notify/sign.h"
#include "scanner/text.h"

bool
sign(const struct secret *secret, const char *time, const char *body,
    char out[static SIGN_TEXT])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	char *message = NULL;
	int n = asprintf(&message, "%s.%s", time, body);
	bool ok = n >= 0 &&
	    HMAC(EVP_sha256(), secret->text, (int)secret->len,
		(const unsigned char *)message, (size_t)n, digest,
		&len) != NULL;

	if (ok)
		text_hex(out, SIGN_TEXT, digest, len);
	if (n >= 0)
		free(message);
	return ok;
}
