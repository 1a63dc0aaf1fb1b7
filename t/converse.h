/* SPDX-License-Identifier: ISC */
/*
 * converse - a conversation with a probe's step function, for its unit test:
 * the peer's bytes lie at the edge of a page at every turn, and what was said
 * and learnt can be asked for.
 */
#ifndef CONVERSE_H
#define CONVERSE_H

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/probe.h"
#include "t/unit.h"

enum { CONVERSE_STREAM = 70000, CONVERSE_LEARNT = 32768 };

struct converse {
	const struct probe *probe;
	struct ask ask;
	struct facts *facts;
	enum step step;
	uint8_t stream[CONVERSE_STREAM];
	size_t heard;
	uint8_t said[TALK_SAY_MAX]; /* in the last turn */
	size_t said_len;
	_Alignas(max_align_t) uint8_t state[TALK_STATE_MAX];
};

/* One turn with what has been heard so far. */
static inline enum step
converse_turn(struct converse *c, enum turn_what what)
{
	struct wr out = { .at = c->said, .left = sizeof(c->said) };
	struct turn turn = { .what = what, .ask = &c->ask };
	const uint8_t *edge = at_the_edge(c->stream, c->heard);

	turn.stream = (struct rd){ .at = edge, .left = c->heard };
	facts_bytes(c->facts, edge, c->heard);
	c->step = c->probe->step(c->state, &turn, &out, c->facts);
	ck_assert(wr_ok(&out));
	ck_assert(c->step >= STEP_WAIT && c->step <= STEP_ABORT);
	c->said_len = out.used;
	facts_bytes(c->facts, NULL, 0);
	unit_edge_free();
	return c->step;
}

/* Starts afresh and takes the first turn. */
static inline enum step
converse_open(
    struct converse *c, const struct probe *probe, const struct ask *ask)
{
	struct about about = { ask->via_udp ? ABOUT_UDP : ABOUT_TCP,
		ask->port };

	ck_assert_uint_le(probe->state_size, sizeof(c->state));
	c->probe = probe;
	c->ask = *ask;
	if (c->facts == NULL)
		c->facts = facts_new();
	ck_assert_ptr_nonnull(c->facts);
	facts_begin(c->facts, about, NULL, 0);
	c->heard = 0;
	memset(c->state, 0, sizeof(c->state));
	return converse_turn(c, TURN_OPEN);
}

/* The peer says len bytes; over UDP they are one datagram. */
static inline enum step
converse_hear(struct converse *c, const void *bytes, size_t len)
{
	if (c->ask.via_udp)
		c->heard = 0;
	ck_assert_uint_le(c->heard + len, sizeof(c->stream));
	memcpy(c->stream + c->heard, bytes, len);
	c->heard += len;
	return converse_turn(c, TURN_BYTES);
}

/* The same a byte at a time; stops when the conversation does. */
static inline enum step
converse_dribble(struct converse *c, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (converse_hear(c, bytes + i, 1) != STEP_WAIT)
			break;
	return c->step;
}

/* Returns "about key=value" of every fact, a line each, in order. */
static inline const char *
converse_learnt(const struct converse *c, char buf[static CONVERSE_LEARNT])
{
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < facts_count(c->facts); i++) {
		const struct fact *f = facts_at(c->facts, i);
		char about[ABOUT_TEXT];
		int n = snprintf(buf + used, CONVERSE_LEARNT - used,
		    "%s %s=%s\n", about_text(f->about, about),
		    fact_key_text(f->key), f->value);

		ck_assert_int_gt(n, 0);
		used += (size_t)n;
		ck_assert_uint_lt(used, CONVERSE_LEARNT);
	}
	return buf;
}

static inline void
converse_expect(const struct converse *c, const char *learnt)
{
	static char buf[CONVERSE_LEARNT];

	ck_assert_str_eq(converse_learnt(c, buf), learnt);
}

static inline void
converse_said(const struct converse *c, const void *bytes, size_t len)
{
	ck_assert_uint_eq(c->said_len, len);
	ck_assert_mem_eq(c->said, bytes, len);
}

/* What must hold of any peer: hears the first `cut` bytes at once, then
 * silence or the end; whatever comes of it, it comes to an end. */
static inline void
converse_cut(struct converse *c, const struct probe *probe,
    const struct ask *ask, const uint8_t *bytes, size_t cut,
    enum turn_what then)
{
	converse_open(c, probe, ask);
	if (c->step == STEP_WAIT && cut > 0)
		converse_hear(c, bytes, cut);
	for (int i = 0; i < 4 && c->step == STEP_WAIT; i++)
		converse_turn(c, then);
	ck_assert_int_ne(c->step, STEP_WAIT);
}

/* Every truncation, ended by silence and by the end of the stream; then every
 * byte spoilt in three ways. */
static inline void
converse_batter(const struct probe *probe, const struct ask *ask,
    const uint8_t *bytes, size_t len)
{
	static const uint8_t spoils[] = { 0x01, 0x80, 0xff };
	static struct converse c;
	uint8_t *copy = malloc(len);

	ck_assert_ptr_nonnull(copy);
	for (size_t cut = 0; cut <= len; cut++) {
		converse_cut(&c, probe, ask, bytes, cut, TURN_QUIET);
		converse_cut(&c, probe, ask, bytes, cut, TURN_EOF);
	}
	for (size_t i = 0; i < len; i++)
		for (size_t s = 0; s < sizeof(spoils); s++) {
			memcpy(copy, bytes, len);
			copy[i] ^= spoils[s];
			converse_cut(&c, probe, ask, copy, len, TURN_QUIET);
		}
	free(copy);
	facts_free(c.facts);
	c.facts = NULL;
}

#endif
