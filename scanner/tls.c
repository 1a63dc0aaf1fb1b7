/* SPDX-License-Identifier: ISC */
/*
 * tls - OpenSSL between two memory BIOs.
 *
 * Source: RFC 5246, 8446 by way of OpenSSL 3; RFC 5280 for certificates.
 * Limits: what OpenSSL itself no longer knows (SSL 3 and before, 3DES and RC4
 * as Debian builds it) ends in a failed handshake.  A certificate chain of
 * more than CHAIN_MAX bytes, or Diffie-Hellman with numbers so large that
 * reckoning with them would keep everybody waiting, is refused.
 */
#include <string.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "scanner/fact.h"
#include "scanner/limits.h"
#include "scanner/tls.h"

enum {
	CHAIN_MAX = 32768,
	NAME_TEXT = 512,
	NAMES_MAX = 16,   /* alternative names recorded */
	DH_BITS_MAX = 160 /* of security: below 7680 bits of modulus */
};

struct tls {
	SSL_CTX *context;
	SSL *ssl;
	BIO *in, *out; /* owned by ssl */
	enum tls_state state;
	const char *why;
};

/* In place of OpenSSL's levels of security: all that is not absurd. */
static int
any_security(const SSL *ssl, const SSL_CTX *context, int what, int bits,
    int nid, void *other, void *arg)
{
	(void)ssl;
	(void)context;
	(void)nid;
	(void)other;
	(void)arg;
	return what != SSL_SECOP_TMP_DH || bits <= DH_BITS_MAX;
}

/* In place of a verification: nobody is trusted, so nothing need be. */
static int
any_certificate(X509_STORE_CTX *store, void *arg)
{
	(void)store;
	(void)arg;
	return 1;
}

static bool
context_make(struct tls *t)
{
	t->context = SSL_CTX_new(TLS_client_method());
	if (t->context == NULL)
		return false;
	SSL_CTX_set_security_level(t->context, 0);
	SSL_CTX_set_security_callback(t->context, any_security);
	SSL_CTX_set_cert_verify_callback(t->context, any_certificate, NULL);
	SSL_CTX_set_max_cert_list(t->context, CHAIN_MAX);
	SSL_CTX_set_options(t->context,
	    SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_NO_TICKET |
		SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
	return SSL_CTX_set_min_proto_version(t->context, TLS1_VERSION) == 1 &&
	    SSL_CTX_set_cipher_list(
		t->context, "ALL:eNULL:!PSK:!SRP:@SECLEVEL=0") == 1;
}

static bool
ssl_make(struct tls *t)
{
	BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());

	t->ssl = SSL_new(t->context);
	if (t->ssl == NULL || in == NULL || out == NULL) {
		BIO_free(in);
		BIO_free(out);
		return false;
	}
	t->in = in;
	t->out = out;
	SSL_set_bio(t->ssl, in, out);
	SSL_set_connect_state(t->ssl);
	return true;
}

struct tls *
tls_new(void)
{
	struct tls *t;

	/* The system's settings are for programs that keep secrets. */
	if (OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1)
		return NULL;
	t = calloc(1, sizeof(*t));
	if (t == NULL)
		return NULL;
	t->state = TLS_SHAKING;
	t->why = "";
	if (!context_make(t) || !ssl_make(t)) {
		ERR_clear_error();
		tls_free(t);
		return NULL;
	}
	return t;
}

void
tls_free(struct tls *t)
{
	if (t == NULL)
		return;
	SSL_free(t->ssl);
	SSL_CTX_free(t->context);
	free(t);
}

bool
tls_take(struct tls *t, const uint8_t *bytes, size_t len)
{
	return len == 0 || BIO_write(t->in, bytes, (int)len) == (int)len;
}

/* What an OpenSSL call that did not succeed has come to. */
static void
take_error(struct tls *t, int result)
{
	const char *why;

	switch (SSL_get_error(t->ssl, result)) {
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
		return;
	case SSL_ERROR_ZERO_RETURN:
		t->state = TLS_ENDED;
		return;
	default:
		why = ERR_reason_error_string(ERR_peek_last_error());
		t->state = TLS_FAILED;
		t->why = why != NULL ? why : "the handshake was broken off";
		ERR_clear_error();
	}
}

enum tls_state
tls_go(struct tls *t)
{
	int result;

	if (t->state != TLS_SHAKING)
		return t->state;
	ERR_clear_error();
	result = SSL_do_handshake(t->ssl);
	if (result == 1)
		t->state = TLS_OPEN;
	else
		take_error(t, result);
	return t->state;
}

size_t
tls_read(struct tls *t, uint8_t *room, size_t size)
{
	int result;

	if (t->state != TLS_OPEN || size == 0)
		return 0;
	ERR_clear_error();
	result = SSL_read(t->ssl, room, (int)size);
	if (result > 0)
		return (size_t)result;
	take_error(t, result);
	return 0;
}

bool
tls_write(struct tls *t, const uint8_t *bytes, size_t len)
{
	if (len == 0)
		return true;
	/* A peer that has said goodbye may still be told something. */
	if (t->state != TLS_OPEN && t->state != TLS_ENDED)
		return false;
	ERR_clear_error();
	return SSL_write(t->ssl, bytes, (int)len) == (int)len;
}

void
tls_close(struct tls *t)
{
	if (t->state != TLS_OPEN && t->state != TLS_ENDED)
		return;
	ERR_clear_error();
	SSL_shutdown(t->ssl);
	ERR_clear_error();
}

size_t
tls_say(struct tls *t, uint8_t *room, size_t size)
{
	int n = BIO_read(t->out, room, (int)size);

	return n > 0 ? (size_t)n : 0;
}

const char *
tls_why(const struct tls *t)
{
	return t->why;
}

/* Records a name such as "CN=pacs,O=Hospital". */
static void
note_name(struct facts *facts, enum fact_key key, const X509_NAME *name)
{
	BIO *text = BIO_new(BIO_s_mem());
	char *at;
	long len;

	if (text != NULL && X509_NAME_entry_count(name) > 0 &&
	    X509_NAME_print_ex(text, name, 0, XN_FLAG_RFC2253) >= 0) {
		len = BIO_get_mem_data(text, &at);
		if (len > NAME_TEXT)
			len = NAME_TEXT;
		facts_printf(facts, key, NULL, 0, "%.*s", (int)len, at);
	}
	BIO_free(text);
}

static void
note_alternative(struct facts *facts, const GENERAL_NAME *name)
{
	const ASN1_STRING *s;

	if (name->type == GEN_DNS) {
		s = name->d.dNSName;
		facts_text(facts, FACT_TLS_NAME, ASN1_STRING_get0_data(s),
		    (size_t)ASN1_STRING_length(s));
	} else if (name->type == GEN_IPADD) {
		const uint8_t *b;

		s = name->d.iPAddress;
		b = ASN1_STRING_get0_data(s);
		if (ASN1_STRING_length(s) == 4)
			facts_printf(facts, FACT_TLS_NAME, NULL, 0,
			    "%u.%u.%u.%u", b[0], b[1], b[2], b[3]);
	}
}

static void
note_alternatives(struct facts *facts, const X509 *certificate)
{
	GENERAL_NAMES *names =
	    X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
	int n = names != NULL ? sk_GENERAL_NAME_num(names) : 0;

	for (int i = 0; i < n && i < NAMES_MAX; i++)
		note_alternative(facts, sk_GENERAL_NAME_value(names, i));
	GENERAL_NAMES_free(names);
}

static void
note_until(struct facts *facts, const X509 *certificate)
{
	struct tm day;

	if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &day) == 1)
		facts_printf(facts, FACT_TLS_UNTIL, NULL, 0, "%04d-%02d-%02d",
		    day.tm_year + 1900, day.tm_mon + 1, day.tm_mday);
}

static void
note_certificate(struct facts *facts, const X509 *certificate)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	note_name(facts, FACT_TLS_SUBJECT, X509_get_subject_name(certificate));
	note_name(facts, FACT_TLS_ISSUER, X509_get_issuer_name(certificate));
	note_alternatives(facts, certificate);
	note_until(facts, certificate);
	if (X509_digest(certificate, EVP_sha256(), digest, &len) == 1)
		facts_hex(facts, FACT_TLS_SHA256, digest, len);
}

void
tls_note(const struct tls *t, struct facts *facts)
{
	X509 *certificate = SSL_get0_peer_certificate(t->ssl);

	facts_printf(
	    facts, FACT_TLS_VERSION, NULL, 0, "%s", SSL_get_version(t->ssl));
	if (certificate != NULL)
		note_certificate(facts, certificate);
	ERR_clear_error();
}
