/* SPDX-License-Identifier: ISC */
/*
 * seal - signing and verifying, by libcrypto.
 *
 * Source:    RFC 8032, RFC 8410 (keys), RFC 7468 (PEM).
 *
 * A file that is to be verified is copied into memory of our own (memfd) and
 * verified there, so that nobody can exchange it between the look and the use.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/inventory/seal.h"
#include "scanner/notify/secret.h"

enum { COPY_ROOM = 1 << 16 };

struct seal_keys {
	EVP_PKEY *keys[SEAL_KEYS_MAX];
	size_t len;
	char path[PATH_MAX];
};

static bool
fail(char error[static SEAL_ERROR], const char *path, const char *why)
{
	ERR_clear_error();
	snprintf(error, SEAL_ERROR, "%.240s: %.140s", path, why);
	return false;
}

/* Nobody is asked: gantry runs where nobody sits. */
static int
no_pass_phrase(char *buf, int size, int rwflag, void *arg)
{
	(void)buf;
	(void)size;
	(void)rwflag;
	*(bool *)arg = true;
	return -1;
}

/* --- signing ------------------------------------------------------------- */

static EVP_PKEY *
read_private(const char *path, char error[static SEAL_ERROR])
{
	char why[SECRET_ERROR];
	struct secret secret;
	EVP_PKEY *key = NULL;
	bool is_locked = false;
	BIO *bio;

	if (!secret_read(path, NULL, &secret, why)) {
		snprintf(error, SEAL_ERROR, "%s", why);
		return NULL;
	}
	bio = BIO_new_mem_buf(secret.text, (int)secret.len);
	if (bio != NULL)
		key = PEM_read_bio_PrivateKey(
		    bio, NULL, no_pass_phrase, &is_locked);
	BIO_free(bio);
	secret_wipe(&secret);
	if (key == NULL)
		fail(error, path,
		    is_locked ? "has a pass phrase, which nobody is asked for"
			      : "is no private key in PEM");
	else if (EVP_PKEY_id(key) == EVP_PKEY_ED25519)
		return key;
	else
		fail(error, path, "is a key of another kind than Ed25519");
	EVP_PKEY_free(key);
	return NULL;
}

bool
seal_sign(const char *key_file, const void *bytes, size_t len,
    unsigned char out[static SEAL_SIZE], char error[static SEAL_ERROR])
{
	EVP_PKEY *key = read_private(key_file, error);
	EVP_MD_CTX *c;
	size_t made = SEAL_SIZE;
	bool ok;

	if (key == NULL)
		return false;
	c = EVP_MD_CTX_new();
	ok = c != NULL && EVP_DigestSignInit(c, NULL, NULL, NULL, key) == 1 &&
	    EVP_DigestSign(c, out, &made, bytes, len) == 1 && made == SEAL_SIZE;
	EVP_MD_CTX_free(c);
	EVP_PKEY_free(key);
	return ok || fail(error, key_file, "cannot sign with it");
}

/* --- whom to trust --------------------------------------------------------- */

/* Whoever may write it may say whom to trust. */
static bool
is_guarded(FILE *f, const char *path, char error[static SEAL_ERROR])
{
	struct stat st;

	if (fstat(fileno(f), &st) != 0)
		return fail(error, path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return fail(error, path, "is no regular file");
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return fail(error, path, "belongs to somebody else");
	return (st.st_mode & (S_IWGRP | S_IWOTH)) == 0 ||
	    fail(error, path, "can be written by others: chmod go-w");
}

static EVP_PKEY *
key_of(const unsigned char *der, long len)
{
	return d2i_PUBKEY(NULL, &der, len);
}

/* Takes what stands between the next two lines of PEM, if it is a public key;
 * false at the end, or after one line in error. */
static bool
next_key(struct seal_keys *k, FILE *f, char error[static SEAL_ERROR])
{
	unsigned char *der = NULL;
	char *name = NULL, *header = NULL;
	const char *wrong = NULL;
	EVP_PKEY *key = NULL;
	long len = 0;
	bool is_key;

	if (PEM_read(f, &name, &header, &der, &len) != 1) {
		bool is_end = ERR_GET_REASON(ERR_peek_last_error()) ==
		    PEM_R_NO_START_LINE;

		ERR_clear_error();
		return !is_end && fail(error, k->path, "is damaged");
	}
	is_key = strcmp(name, PEM_STRING_PUBLIC) == 0;
	if (is_key)
		key = key_of(der, len);
	if (is_key && key == NULL)
		wrong = "a public key is damaged";
	else if (is_key && EVP_PKEY_id(key) != EVP_PKEY_ED25519)
		wrong = "has a key of another kind than Ed25519";
	else if (is_key && k->len == SEAL_KEYS_MAX)
		wrong = "has too many keys";
	else if (is_key)
		k->keys[k->len++] = key;
	if (wrong != NULL)
		EVP_PKEY_free(key);
	OPENSSL_free(name);
	OPENSSL_free(header);
	OPENSSL_free(der);
	return wrong == NULL || fail(error, k->path, wrong);
}

struct seal_keys *
seal_keys_read(const char *path, char error[static SEAL_ERROR])
{
	struct seal_keys *k = calloc(1, sizeof(*k));
	FILE *f = fopen(path, "re");

	error[0] = '\0';
	if (k == NULL || f == NULL) {
		fail(error, path, strerror(k == NULL ? ENOMEM : errno));
	} else if (is_guarded(f, path, error)) {
		snprintf(k->path, sizeof(k->path), "%s", path);
		while (next_key(k, f, error))
			;
		if (k->len == 0 && error[0] == '\0')
			fail(error, path, "has no public key in PEM");
	}
	if (f != NULL)
		fclose(f);
	if (error[0] == '\0')
		return k;
	seal_keys_free(k);
	return NULL;
}

void
seal_keys_free(struct seal_keys *k)
{
	if (k == NULL)
		return;
	for (size_t i = 0; i < k->len; i++)
		EVP_PKEY_free(k->keys[i]);
	free(k);
}

/* --- verifying --------------------------------------------------------------- */

static bool
is_signed_by(EVP_PKEY *key, const unsigned char signature[static SEAL_SIZE],
    const void *bytes, size_t len)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	bool ok = c != NULL &&
	    EVP_DigestVerifyInit(c, NULL, NULL, NULL, key) == 1 &&
	    EVP_DigestVerify(c, signature, SEAL_SIZE, bytes, len) == 1;

	EVP_MD_CTX_free(c);
	ERR_clear_error();
	return ok;
}

static bool
read_signature(const char *path, unsigned char out[static SEAL_SIZE],
    char error[static SEAL_ERROR])
{
	char name[PATH_MAX];
	FILE *f;
	size_t n;

	if (snprintf(name, sizeof(name), "%s%s", path, SEAL_SUFFIX) >=
	    (int)sizeof(name))
		return fail(error, path, strerror(ENAMETOOLONG));
	f = fopen(name, "re");
	if (f == NULL && errno == ENOENT)
		return fail(
		    error, path, "is not signed: there is no " SEAL_SUFFIX);
	if (f == NULL)
		return fail(error, name, strerror(errno));
	n = fread(out, 1, SEAL_SIZE, f);
	if (n == SEAL_SIZE && getc(f) != EOF)
		n = 0;
	fclose(f);
	return n == SEAL_SIZE ||
	    fail(error, name, "is no Ed25519 signature of 64 bytes");
}

/* Copies the file at path; returns its length, or -1 and errno. */
static off_t
copy_to(int to, const char *path)
{
	char room[COPY_ROOM];
	off_t len = 0;
	ssize_t n = -1;
	int from = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	while (from >= 0 && (n = read(from, room, sizeof(room))) > 0) {
		for (ssize_t at = 0, put; at < n; at += put) {
			put = write(to, room + at, (size_t)(n - at));
			if (put < 0) {
				close(from);
				return -1;
			}
		}
		len += n;
	}
	if (from >= 0)
		close(from);
	return n == 0 ? len : -1;
}

static bool
verify_copy(const struct seal_keys *k, int fd, size_t len, const char *path,
    const unsigned char signature[static SEAL_SIZE],
    char error[static SEAL_ERROR])
{
	void *bytes = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
	char why[96];
	bool ok = false;

	if (bytes == MAP_FAILED)
		return fail(error, path, strerror(errno));
	for (size_t i = 0; i < k->len && !ok; i++)
		ok = is_signed_by(k->keys[i], signature, bytes, len);
	munmap(bytes, len);
	snprintf(why, sizeof(why),
	    "is not signed by any of %zu trusted keys, or was altered since",
	    k->len);
	return ok || fail(error, path, why);
}

FILE *
seal_open(
    const struct seal_keys *k, const char *path, char error[static SEAL_ERROR])
{
	unsigned char signature[SEAL_SIZE];
	FILE *f = NULL;
	off_t len = 0;
	int fd;

	if (!read_signature(path, signature, error))
		return NULL;
	fd = memfd_create("sealed", MFD_CLOEXEC);
	if (fd >= 0)
		len = copy_to(fd, path);
	if (fd < 0 || len < 0)
		fail(error, path, strerror(errno));
	else if (len == 0)
		fail(error, path, "is empty");
	else if (verify_copy(k, fd, (size_t)len, path, signature, error)) {
		lseek(fd, 0, SEEK_SET);
		f = fdopen(fd, "r");
	}
	if (f == NULL && fd >= 0)
		close(fd);
	return f;
}
