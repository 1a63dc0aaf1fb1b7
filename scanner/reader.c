/* SPDX-License-Identifier: ISC */
/* reader - sessions: a growing stream, a probe's state, and its facts. */
#include <stdlib.h>
#include <string.h>

#include "scanner/reader.h"
#include "scanner/tls.h"

enum {
	ECHO_MIN = 8,
	ECHO_MAX = 64,
	READ_CHUNK = 2048,
	/* What a probe may say at once under TLS: a record has a frame. */
	SEALED_SAY_MAX = TALK_SAY_MAX - 512,
	/* Of a handshake the first bytes are kept, to tell what it was. */
	SHAKING_KEPT = 512
};

/* First bytes of a record. */
enum { RECORD_ALERT = 21, RECORD_HANDSHAKE = 22, RECORD_VERSION = 3 };

struct session {
	const struct probe *probe;
	struct ask ask;
	struct facts *facts;
	uint8_t *stream; /* what the peer said; grows up to limit */
	size_t len, room, limit;
	uint8_t say[TALK_SAY_MAX];
	/* How we began, where we spoke first: an echo begins like it. */
	uint8_t began[ECHO_MAX];
	size_t began_len;
	bool is_echo;
	struct tls *tls;    /* NULL: not under TLS */
	size_t sealed_left; /* bytes it may still take */
	bool is_open;       /* the handshake is over */
	_Alignas(max_align_t) uint8_t state[TALK_STATE_MAX];
};

struct session *
session_new(
    const struct probe *probe, const struct ask *ask, struct about about)
{
	struct session *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->probe = probe;
	s->ask = *ask;
	s->limit = probe->stream_max ? probe->stream_max : TALK_STREAM_MAX;
	if (s->limit > TALK_STREAM_MAX)
		s->limit = TALK_STREAM_MAX;
	s->facts = facts_new();
	if (ask->via_tls && !ask->is_overheard) {
		s->tls = tls_new();
		s->sealed_left = s->limit + TLS_MORE;
	}
	if (s->facts == NULL || (s->sealed_left > 0 && s->tls == NULL)) {
		session_free(s);
		return NULL;
	}
	facts_begin(s->facts, about, NULL, 0);
	return s;
}

void
session_free(struct session *s)
{
	if (s == NULL)
		return;
	facts_free(s->facts);
	tls_free(s->tls);
	free(s->stream);
	free(s);
}

/* Appends to the stream, or replaces it over UDP. False: no memory. */
static bool
stream_take(struct session *s, const uint8_t *bytes, size_t len)
{
	size_t need;

	if (s->ask.via_udp)
		s->len = 0;
	need = s->len + len;
	if (need > s->room) {
		size_t room = s->room ? s->room : 512;
		uint8_t *grown;

		while (room < need)
			room *= 2;
		grown = realloc(s->stream, room);
		if (grown == NULL)
			return false;
		s->stream = grown;
		s->room = room;
	}
	if (len > 0)
		memcpy(s->stream + s->len, bytes, len);
	s->len = need;
	return true;
}

size_t
session_room(const struct session *s)
{
	if (s->tls != NULL)
		return s->sealed_left;
	return s->ask.via_udp ? s->limit : s->limit - s->len;
}

static void
note_echo(struct session *s)
{
	if (s->is_echo || s->began_len < ECHO_MIN || s->len < s->began_len ||
	    memcmp(s->stream, s->began, s->began_len) != 0)
		return;
	s->is_echo = true;
	facts_printf(
	    s->facts, FACT_PORT_MANNER, s->stream, s->began_len, "echoes");
}

static void
note_said(struct session *s, size_t len)
{
	if (s->len > 0 || s->began_len > 0)
		return;
	s->began_len = len < sizeof(s->began) ? len : sizeof(s->began);
	memcpy(s->began, s->say, s->began_len);
}

/* The probe's own turn, with the stream as it is. */
static enum step
take_turn(struct session *s, enum turn_what what, struct wr *out)
{
	const struct turn turn = { .what = what,
		.ask = &s->ask,
		.stream = { .at = s->stream, .left = s->len } };

	facts_bytes(s->facts, s->stream, s->len);
	return s->probe->step(s->state, &turn, out, s->facts);
}

static struct session_answer
plain_turn(
    struct session *s, enum turn_what what, const uint8_t *bytes, size_t len)
{
	struct session_answer answer = { .step = STEP_ABORT };
	struct wr out = { .at = s->say, .left = sizeof(s->say) };

	if (what == TURN_BYTES) {
		if (len > session_room(s) || !stream_take(s, bytes, len))
			return answer;
		facts_bytes(s->facts, s->stream, s->len);
		note_echo(s);
	}
	answer.step = take_turn(s, what, &out);
	answer.say = s->say;
	answer.say_len = wr_ok(&out) ? out.used : 0;
	note_said(s, answer.say_len);
	return answer;
}

/* A turn of the probe whose words go under the seal. */
static enum step
inner_turn(struct session *s, enum turn_what what)
{
	uint8_t words[SEALED_SAY_MAX];
	struct wr out = { .at = words, .left = sizeof(words) };
	enum step step = take_turn(s, what, &out);

	if (!wr_ok(&out) || !tls_write(s->tls, words, out.used))
		return STEP_ABORT;
	return step;
}

/* Gives the probe what has come under the seal, as far as its limit goes. */
static enum step
unseal(struct session *s)
{
	uint8_t chunk[READ_CHUNK];
	enum step step = STEP_WAIT;

	while (step == STEP_WAIT) {
		size_t room = s->limit - s->len;
		size_t n = tls_read(
		    s->tls, chunk, room < sizeof(chunk) ? room : sizeof(chunk));

		if (n == 0) {
			if (room == 0)
				s->sealed_left = 0;
			break;
		}
		if (!stream_take(s, chunk, n))
			return STEP_ABORT;
		step = inner_turn(s, TURN_BYTES);
	}
	return step;
}

/* Hands are shaken: from here on the stream is what is inside. */
static enum step
open_seal(struct session *s)
{
	s->is_open = true;
	s->len = 0;
	facts_bytes(s->facts, NULL, 0);
	tls_note(s->tls, s->facts);
	return inner_turn(s, TURN_OPEN);
}

/* There was no handshake.  A port that spoke something else, or kept silent,
 * is none of TLS'. */
static enum step
no_seal(struct session *s)
{
	const uint8_t *b = s->stream;
	const char *why = tls_why(s->tls);

	if (s->is_echo || s->len < 2 || b[1] != RECORD_VERSION ||
	    (b[0] != RECORD_ALERT && b[0] != RECORD_HANDSHAKE))
		return STEP_ABORT;
	facts_printf(s->facts, FACT_TLS_BROKEN, b, s->len, "%s",
	    why[0] != '\0' ? why : "the handshake was not finished");
	facts_printf(s->facts, FACT_PORT_SPEAKS, b, s->len, "tls");
	return STEP_ABORT;
}

static enum step
sealed_step(struct session *s, enum turn_what what)
{
	enum step step = STEP_WAIT;
	enum tls_state state = tls_go(s->tls);

	if (!s->is_open) {
		if (state == TLS_FAILED || what == TURN_QUIET ||
		    what == TURN_EOF)
			return no_seal(s);
		if (state == TLS_SHAKING)
			return STEP_WAIT;
		step = open_seal(s);
	}
	if (step == STEP_WAIT && what == TURN_BYTES)
		step = unseal(s);
	if (step == STEP_WAIT && what == TURN_BYTES &&
	    tls_go(s->tls) != TLS_OPEN)
		what = TURN_EOF; /* it has said its last word */
	if (step == STEP_WAIT && what != TURN_BYTES && what != TURN_OPEN)
		step = inner_turn(s, what);
	return step;
}

/* Keeps how the handshake began, to tell by in the end. */
static bool
shaking_take(struct session *s, const uint8_t *bytes, size_t len)
{
	size_t room = SHAKING_KEPT - s->len;
	bool ok = stream_take(s, bytes, len < room ? len : room);

	facts_bytes(s->facts, s->stream, s->len);
	note_echo(s);
	return ok;
}

static struct session_answer
sealed_turn(
    struct session *s, enum turn_what what, const uint8_t *bytes, size_t len)
{
	struct session_answer answer = { .step = STEP_ABORT, .say = s->say };

	if (what == TURN_BYTES) {
		if (len > s->sealed_left || !tls_take(s->tls, bytes, len) ||
		    (!s->is_open && !shaking_take(s, bytes, len)))
			return answer;
		s->sealed_left -= len;
	}
	answer.step = sealed_step(s, what);
	if (answer.step != STEP_WAIT)
		tls_close(s->tls);
	answer.say_len = tls_say(s->tls, s->say, sizeof(s->say));
	if (!s->is_open)
		note_said(s, answer.say_len);
	/* An alert means nothing to who does not speak TLS. */
	if (!s->is_open && answer.step == STEP_ABORT &&
	    facts_get(s->facts, FACT_TLS_BROKEN) == NULL)
		answer.say_len = 0;
	return answer;
}

struct session_answer
session_turn(
    struct session *s, enum turn_what what, const uint8_t *bytes, size_t len)
{
	return s->tls != NULL ? sealed_turn(s, what, bytes, len)
			      : plain_turn(s, what, bytes, len);
}

const struct facts *
session_facts(const struct session *s)
{
	return s->facts;
}
