/* SPDX-License-Identifier: ISC */
/* reader - sessions: a growing stream, a probe's state, and its facts. */
#include <stdlib.h>
#include <string.h>

#include "scanner/reader.h"

enum { ECHO_MIN = 8, ECHO_MAX = 64 };

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
	if (s->facts == NULL) {
		free(s);
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

struct session_answer
session_turn(
    struct session *s, enum turn_what what, const uint8_t *bytes, size_t len)
{
	struct session_answer answer = { .step = STEP_ABORT };
	struct wr out = { .at = s->say, .left = sizeof(s->say) };
	struct turn turn = { .what = what, .ask = &s->ask };

	if (what == TURN_BYTES) {
		if (len > session_room(s) || !stream_take(s, bytes, len))
			return answer;
	}
	turn.stream = (struct rd){ .at = s->stream, .left = s->len };
	facts_bytes(s->facts, s->stream, s->len);
	if (what == TURN_BYTES)
		note_echo(s);
	answer.step = s->probe->step(s->state, &turn, &out, s->facts);
	answer.say = s->say;
	answer.say_len = wr_ok(&out) ? out.used : 0;
	note_said(s, answer.say_len);
	return answer;
}

const struct facts *
session_facts(const struct session *s)
{
	return s->facts;
}
