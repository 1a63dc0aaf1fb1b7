/* SPDX-License-Identifier: ISC */
/*
 * datagram - for the tests of probes of one question and one answer: the
 * question's bytes, and what an answer that ends at a page's end tells.
 */
#ifndef DATAGRAM_H
#define DATAGRAM_H

#include "scanner/probe.h"
#include "t/unit.h"

/* The question is these bytes, and wants room for all of them. */
static inline void
datagram_asks(const struct probe *probe, const struct ask *ask,
    const uint8_t *bytes, size_t len)
{
	uint8_t room[64];
	struct wr w = { .at = room, .left = sizeof(room) };

	ck_assert_uint_le(len, sizeof(room));
	ck_assert(probe->build(&w, ask));
	ck_assert_uint_eq(w.used, len);
	ck_assert_mem_eq(room, bytes, len);
	w = (struct wr){ .at = room, .left = len - 1 };
	ck_assert(!probe->build(&w, ask));
}

/* Returns what the probe makes of the bytes; *facts (NULL at first) has what
 * they told. */
static inline enum reply
datagram_parse(const struct probe *probe, const struct ask *ask,
    const uint8_t *bytes, size_t len, struct facts **facts)
{
	const uint8_t *edge = at_the_edge(bytes, len);
	struct rd r = { .at = edge, .left = len };
	struct about about = { .kind = ABOUT_UDP, .port = ask->port };
	enum reply reply;

	if (*facts == NULL)
		*facts = facts_new();
	facts_begin(*facts, about, edge, len);
	reply = probe->parse(r, ask, *facts);
	facts_bytes(*facts, NULL, 0);
	unit_edge_free();
	return reply;
}

#endif
