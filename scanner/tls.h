/* SPDX-License-Identifier: ISC */
/*
 * tls - the client's side of TLS, between bytes that came and bytes to say:
 * the one door to OpenSSL.
 *
 * It has no socket: a session hands in what the peer said and takes out what
 * is to be said, so that conversations under TLS keep the pace, the deadlines
 * and the limits of all others.
 *
 * Made to find out who somebody is, not to keep secrets: any certificate will
 * do, of any age, and so will every version and cipher OpenSSL still knows,
 * because the machines looked for are old.  No name is sent, no certificate of
 * ours, and no session is resumed.
 */
#ifndef TLS_H
#define TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct facts;
struct tls;

enum tls_state {
	TLS_SHAKING = 1, /* hands; more must come */
	TLS_OPEN,
	TLS_ENDED, /* the peer has said goodbye */
	TLS_FAILED /* nothing more will come of it */
};

/* Returns a conversation that has not begun, or NULL when memory is out. */
struct tls *tls_new(void);
void tls_free(struct tls *); /* NULL ok */

/* Takes what the peer said.  Returns false when memory is out. */
bool tls_take(struct tls *, const uint8_t *bytes, size_t len);

/* Goes as far as what was taken allows.  Returns where that is. */
enum tls_state tls_go(struct tls *);

/* Reads what the peer said under the seal, at most size bytes.  Returns how
 * many there were; 0: none yet, or no more (tls_go() tells). */
size_t tls_read(struct tls *, uint8_t *room, size_t size);

/* Seals what is to be said.  Returns false where it cannot be. */
bool tls_write(struct tls *, const uint8_t *bytes, size_t len);

/* The goodbye: close_notify.  Before the handshake is over there is none. */
void tls_close(struct tls *);

/* Takes out what is to be sent, at most size bytes.  Returns how many. */
size_t tls_say(struct tls *, uint8_t *room, size_t size);

/* Records version and certificate, once the handshake is over. */
void tls_note(const struct tls *, struct facts *facts);

/* Returns why it failed, or "" where it did not.  A constant. */
const char *tls_why(const struct tls *);

#endif
