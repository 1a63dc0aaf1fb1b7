/* SPDX-License-Identifier: ISC */
/* digest - SHA-256 by libcrypto. */
#include <openssl/evp.h>

#include "scanner/digest.h"

bool
digest_base64(const uint8_t *bytes, size_t len, char out[static DIGEST_BASE64])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned digest_len = 0;
	int n;

	out[0] = '\0';
	if (EVP_Digest(bytes, len, digest, &digest_len, EVP_sha256(), NULL) !=
	    1)
		return false;
	n = EVP_EncodeBlock((unsigned char *)out, digest, (int)digest_len);
	while (n > 0 && out[n - 1] == '=')
		out[--n] = '\0';
	return true;
}
