/* SPDX-License-Identifier: ISC */
/*
 * tls: sessions under TLS with a server in memory: what is learnt of it, that
 * the probe hears and says what is inside, that the goodbye is said, and that
 * nothing is claimed of who does not speak TLS.
 */
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "scanner/limits.h"
#include "scanner/reader.h"
#include "t/unit.h"

enum { WIRE = 8192, LEARNT = 4096, LIMIT = 6000 };

/* A protocol for the test: "hello" is answered with "hi" or so, and what came
 * is told. */
static enum step
parley_step(
    void *state, const struct turn *turn, struct wr *out, struct facts *facts)
{
	(void)state;
	if (turn->what == TURN_OPEN) {
		wr_bytes(out, "hello\n", 6);
		return STEP_WAIT;
	}
	if (turn->what == TURN_BYTES && turn->stream.left < LIMIT &&
	    memchr(turn->stream.at, '\n', turn->stream.left) == NULL)
		return STEP_WAIT;
	facts_text(facts, FACT_GREETING, turn->stream.at,
	    turn->stream.left < 8 ? turn->stream.left : 8);
	wr_bytes(out, "bye\n", 4);
	return STEP_DONE;
}

static const struct probe parley = {
	.name = "parley",
	.via = VIA_TALK,
	.wait_ms = 100,
	.stream_max = LIMIT,
	.step = parley_step,
};
static const struct ask ask = {
	.port = 443, .via_tls = true, .calling_ae = "GANTRY"
};
static const struct about about = { ABOUT_TCP, 443 };

/* Made once: it takes long. */
static EVP_PKEY *key;

struct server {
	SSL_CTX *context;
	SSL *ssl;
	BIO *in, *out;
	X509 *certificate;
	char heard[64];
	size_t heard_len;
	const char *answer; /* to the first thing heard */
	size_t flood;       /* ... and so many bytes */
	bool has_answered;
};

static void
extend(X509 *x, int what, const char *value)
{
	X509V3_CTX context;
	X509_EXTENSION *e;

	X509V3_set_ctx(&context, x, x, NULL, NULL, 0);
	e = X509V3_EXT_conf_nid(NULL, &context, what, value);
	ck_assert_ptr_nonnull(e);
	X509_add_ext(x, e, -1);
	X509_EXTENSION_free(e);
}

static void
certify(struct server *s)
{
	X509 *x = X509_new();
	X509_NAME *name = X509_get_subject_name(x);

	s->certificate = x;
	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	ASN1_TIME_set_string(X509_getm_notBefore(x), "19990101000000Z");
	ASN1_TIME_set_string(X509_getm_notAfter(x), "20091231235959Z");
	X509_NAME_add_entry_by_txt(
	    name, "O", MBSTRING_ASC, (const uint8_t *)"Hospital\n", -1, -1, 0);
	X509_NAME_add_entry_by_txt(
	    name, "CN", MBSTRING_ASC, (const uint8_t *)"pacs", -1, -1, 0);
	X509_set_issuer_name(x, name);
	X509_set_pubkey(x, key);
	extend(x, NID_subject_alt_name, "DNS:pacs.ward,IP:10.1.2.3");
	ck_assert_int_gt(X509_sign(x, key, EVP_sha256()), 0);
}

static void
server_open(struct server *s, int version, const char *ciphers)
{
	memset(s, 0, sizeof(*s));
	s->answer = "hi\n";
	s->context = SSL_CTX_new(TLS_server_method());
	SSL_CTX_set_security_level(s->context, 0);
	SSL_CTX_set_min_proto_version(s->context, version);
	SSL_CTX_set_max_proto_version(s->context, version);
	if (ciphers != NULL)
		ck_assert_int_eq(
		    SSL_CTX_set_cipher_list(s->context, ciphers), 1);
	certify(s);
	SSL_CTX_use_certificate(s->context, s->certificate);
	SSL_CTX_use_PrivateKey(s->context, key);
	s->ssl = SSL_new(s->context);
	s->in = BIO_new(BIO_s_mem());
	s->out = BIO_new(BIO_s_mem());
	SSL_set_bio(s->ssl, s->in, s->out);
	SSL_set_accept_state(s->ssl);
}

static void
server_close(struct server *s)
{
	SSL_free(s->ssl);
	SSL_CTX_free(s->context);
	X509_free(s->certificate);
}

static void
server_answer(struct server *s)
{
	static const char much[1000];

	if (s->has_answered || s->heard_len == 0)
		return;
	s->has_answered = true;
	SSL_write(s->ssl, s->answer, (int)strlen(s->answer));
	for (size_t n = 0; n < s->flood; n += sizeof(much))
		SSL_write(s->ssl, much, sizeof(much));
}

/* The server hears len bytes and says what it has to. */
static size_t
server_turn(
    struct server *s, const uint8_t *bytes, size_t len, uint8_t wire[WIRE])
{
	int n;

	BIO_write(s->in, bytes, (int)len);
	n = SSL_read(s->ssl, s->heard + s->heard_len,
	    (int)(sizeof(s->heard) - s->heard_len));
	if (n > 0)
		s->heard_len += (size_t)n;
	server_answer(s);
	n = BIO_read(s->out, wire, WIRE);
	return n > 0 ? (size_t)n : 0;
}

/* Both speak until the session has had enough; its words come to the server
 * whole, the server's in pieces. */
static enum step
hold(struct session *session, struct server *s, size_t piece)
{
	struct session_answer a = session_turn(session, TURN_OPEN, NULL, 0);
	uint8_t wire[WIRE];
	size_t n = server_turn(s, a.say, a.say_len, wire);

	for (int turns = 0; turns < 64 && n > 0; turns++) {
		struct wr said = { .at = (uint8_t[WIRE]){ 0 }, .left = WIRE };

		for (size_t at = 0; at < n && a.step == STEP_WAIT;) {
			size_t len = n - at < piece ? n - at : piece;
			const uint8_t *edge = at_the_edge(wire + at, len);

			if (session_room(session) < len)
				return STEP_ABORT;
			a = session_turn(session, TURN_BYTES, edge, len);
			wr_bytes(&said, a.say, a.say_len);
			at += len;
			unit_edge_free();
		}
		n = server_turn(s, said.at - said.used, said.used, wire);
		if (a.step != STEP_WAIT)
			return a.step;
	}
	return a.step;
}

static const char *
learnt(const struct session *session, char buf[static LEARNT])
{
	const struct facts *facts = session_facts(session);
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < facts_count(facts); i++) {
		const struct fact *f = facts_at(facts, i);

		if (f->key != FACT_TLS_SHA256)
			used += (size_t)snprintf(buf + used, LEARNT - used,
			    "%s=%s\n", fact_key_text(f->key), f->value);
	}
	return buf;
}

#define CERTIFICATE                                        \
	"tls.certificate_subject=CN=pacs,O=Hospital\\0A\n" \
	"tls.certificate_issuer=CN=pacs,O=Hospital\\0A\n"  \
	"tls.certificate_name=pacs.ward\n"                 \
	"tls.certificate_name=10.1.2.3\n"                  \
	"tls.certificate_until=2009-12-31\n"

/* The probe's words came through, the goodbye too, and in that order. */
static void
check_talk(int version, const char *ciphers, const char *want)
{
	static const size_t pieces[] = { WIRE, 700, 1 };

	for (size_t i = 0; i < 3; i++) {
		struct session *session = session_new(&parley, &ask, about);
		struct server s;
		char text[LEARNT];

		ck_assert_ptr_nonnull(session);
		server_open(&s, version, ciphers);
		ck_assert_int_eq(hold(session, &s, pieces[i]), STEP_DONE);
		ck_assert_str_eq(learnt(session, text), want);
		ck_assert_int_eq(
		    (int)SSL_read(s.ssl, s.heard + s.heard_len, 20) <= 0, 1);
		ck_assert_uint_eq(s.heard_len, 10);
		ck_assert_mem_eq(s.heard, "hello\nbye\n", 10);
		ck_assert_int_eq(
		    SSL_get_shutdown(s.ssl) & SSL_RECEIVED_SHUTDOWN,
		    SSL_RECEIVED_SHUTDOWN);
		session_free(session);
		server_close(&s);
	}
}

START_TEST(versions_new_and_old)
{
	check_talk(TLS1_3_VERSION, NULL,
	    "tls.version=TLSv1.3\n" CERTIFICATE "greeting.line=hi\n");
	check_talk(TLS1_2_VERSION, NULL,
	    "tls.version=TLSv1.2\n" CERTIFICATE "greeting.line=hi\n");
	check_talk(TLS1_VERSION, "ALL:@SECLEVEL=0",
	    "tls.version=TLSv1\n" CERTIFICATE "greeting.line=hi\n");
}
END_TEST

/* As archives of the first years of DICOM under TLS were set up. */
START_TEST(ciphers_nobody_should_use)
{
	check_talk(TLS1_2_VERSION, "AES128-SHA:@SECLEVEL=0",
	    "tls.version=TLSv1.2\n" CERTIFICATE "greeting.line=hi\n");
	check_talk(TLS1_2_VERSION, "NULL-SHA:@SECLEVEL=0",
	    "tls.version=TLSv1.2\n" CERTIFICATE "greeting.line=hi\n");
}
END_TEST

START_TEST(the_fingerprint_is_openssl_s)
{
	struct session *session = session_new(&parley, &ask, about);
	uint8_t digest[32];
	char want[65] = "";
	struct server s;

	server_open(&s, TLS1_2_VERSION, NULL);
	hold(session, &s, WIRE);
	X509_digest(s.certificate, EVP_sha256(), digest, NULL);
	for (size_t i = 0; i < sizeof(digest); i++)
		snprintf(want + 2 * i, 3, "%02x", digest[i]);
	ck_assert_str_eq(
	    facts_get(session_facts(session), FACT_TLS_SHA256), want);
	session_free(session);
	server_close(&s);
}
END_TEST

/* What is inside may be as long as the probe reads, and no longer. */
START_TEST(a_flood_is_cut_at_the_probe_s_limit)
{
	struct session *session = session_new(&parley, &ask, about);
	char text[LEARNT];
	struct server s;

	server_open(&s, TLS1_2_VERSION, NULL);
	s.answer = "no end";
	s.flood = 100000;
	ck_assert_int_eq(hold(session, &s, 1000), STEP_DONE);
	ck_assert_str_eq(learnt(session, text),
	    "tls.version=TLSv1.2\n" CERTIFICATE "greeting.line=no end\n");
	session_free(session);
	server_close(&s);
}
END_TEST

/* Hears one thing, and then silence or the end. */
static const char *
answered_with(const void *bytes, size_t len, enum turn_what then,
    size_t *last_words, char text[static LEARNT])
{
	struct session *session = session_new(&parley, &ask, about);
	struct session_answer a = session_turn(session, TURN_OPEN, NULL, 0);

	ck_assert_uint_gt(a.say_len, 100);
	ck_assert_int_eq(a.say[0], 22);
	*last_words = 0;
	if (len > 0) {
		a = session_turn(session, TURN_BYTES, bytes, len);
		*last_words += a.say_len;
	}
	for (int i = 0; i < 2 && a.step == STEP_WAIT; i++) {
		a = session_turn(session, then, NULL, 0);
		*last_words += a.say_len;
	}
	ck_assert_int_ne(a.step, STEP_WAIT);
	learnt(session, text);
	session_free(session);
	return text;
}

START_TEST(who_does_not_speak_it_is_told_nothing)
{
	static const char *const others[] = { "", "HTTP/1.1 400 Bad Request",
		"220 ftp ready\r\n", "\x04\x00\x00\x00\x00\x04", "\x16" };
	char text[LEARNT];
	size_t last;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		ck_assert_str_eq(answered_with(others[i], strlen(others[i]),
				     TURN_QUIET, &last, text),
		    "");
		ck_assert_uint_eq(last, 0);
		ck_assert_str_eq(answered_with(others[i], strlen(others[i]),
				     TURN_EOF, &last, text),
		    "");
	}
}
END_TEST

START_TEST(a_refused_handshake_is_a_fact)
{
	static const uint8_t alert[] = { 21, 3, 1, 0, 2, 2, 40 };
	static const uint8_t cut[] = { 22, 3, 3, 0, 90, 2, 0, 0 };
	char text[LEARNT];
	size_t last;

	ck_assert_str_eq(
	    answered_with(alert, sizeof(alert), TURN_EOF, &last, text),
	    "tls.broken=sslv3 alert handshake failure\n"
	    "port.speaks=tls\n");
	ck_assert_str_eq(
	    answered_with(cut, sizeof(cut), TURN_QUIET, &last, text),
	    "tls.broken=the handshake was not finished\n"
	    "port.speaks=tls\n");
}
END_TEST

START_TEST(an_echo_is_told)
{
	struct session *session = session_new(&parley, &ask, about);
	struct session_answer a = session_turn(session, TURN_OPEN, NULL, 0);
	uint8_t hello[2048];
	char text[LEARNT];
	size_t len = a.say_len;

	memcpy(hello, a.say, len);
	a = session_turn(session, TURN_BYTES, hello, len);
	ck_assert_int_eq(a.step, STEP_ABORT);
	ck_assert_uint_eq(a.say_len, 0);
	ck_assert_str_eq(learnt(session, text), "port.manner=echoes\n");
	session_free(session);
}
END_TEST

/* Whatever bit of a server's words is spoilt, it comes to an end. */
START_TEST(battered)
{
	for (size_t at = 0; at < 2200; at += 7) {
		struct session *session = session_new(&parley, &ask, about);
		struct session_answer a =
		    session_turn(session, TURN_OPEN, NULL, 0);
		uint8_t wire[WIRE];
		struct server s;
		size_t n;

		server_open(&s, TLS1_2_VERSION, "AES128-SHA");
		n = server_turn(&s, a.say, a.say_len, wire);
		ck_assert_uint_gt(n, 100);
		wire[at % n] ^= 0x55;
		a = session_turn(session, TURN_BYTES, wire, n);
		for (int i = 0; i < 3 && a.step == STEP_WAIT; i++)
			a = session_turn(session, TURN_QUIET, NULL, 0);
		ck_assert_int_ne(a.step, STEP_WAIT);
		session_free(session);
		server_close(&s);
	}
}
END_TEST

/* An overheard conversation is nobody's to decipher. */
START_TEST(overheard_it_is_left_alone)
{
	struct ask overheard = ask;
	struct session *session;
	struct session_answer a;

	overheard.is_overheard = true;
	session = session_new(&parley, &overheard, about);
	a = session_turn(session, TURN_OPEN, NULL, 0);
	ck_assert_uint_eq(a.say_len, 6);
	ck_assert_mem_eq(a.say, "hello\n", 6);
	session_free(session);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { versions_new_and_old,
		ciphers_nobody_should_use, the_fingerprint_is_openssl_s,
		a_flood_is_cut_at_the_probe_s_limit,
		who_does_not_speak_it_is_told_nothing,
		a_refused_handshake_is_a_fact, an_echo_is_told, battered,
		overheard_it_is_left_alone, NULL };

	int status;

	key = EVP_RSA_gen(2048);
	status = unit_run("tls", tests);
	EVP_PKEY_free(key);
	return status;
}
