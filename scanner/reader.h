/* SPDX-License-Identifier: ISC */
/*
 * reader - where every byte a peer chose in a conversation is parsed: one
 * session per talk, driving the probe's step function.
 *
 * A peer that only sends back what it was sent is told here for all probes
 * (port.manner): what its echo looks like to a protocol means nothing.
 *
 * Where ask->via_tls says so, what goes over the wire is TLS (tls.h): then the
 * probe hears and says what is inside, from the end of the handshake on, and
 * the last word is TLS' own.  A handshake that fails is a fact (tls.broken).
 *
 * This is the reader role: it sees bytes and answers with facts and with
 * bytes to say.  It holds no descriptor, knows no address and no time.
 */
#ifndef READER_H
#define READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/probe.h"

struct session;

/* Returns a session about one port, or NULL when memory is out.  What ask
 * points to must outlive it; ask itself is copied. */
struct session *session_new(
    const struct probe *probe, const struct ask *ask, struct about about);
void session_free(struct session *); /* NULL ok */

/* What the wire side must do next. */
struct session_answer {
	enum step step;
	const uint8_t *say; /* valid until the next turn */
	size_t say_len;
};

/*
 * One turn.  TURN_BYTES brings len new bytes; over UDP they are one datagram
 * and replace what was read.  A stream past the probe's limit ends the
 * session (STEP_ABORT, nothing to say).
 */
struct session_answer session_turn(
    struct session *, enum turn_what what, const uint8_t *bytes, size_t len);

/* How many more bytes the session would take, as they come over the wire. */
size_t session_room(const struct session *);

/* Everything learnt; valid until session_free(). */
const struct facts *session_facts(const struct session *);

#endif
