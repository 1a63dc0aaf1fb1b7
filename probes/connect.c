/* SPDX-License-Identifier: ISC */
/*
 * connect - for an open port nobody knows the protocol of: listen.
 *
 * Says nothing of itself.  Many servers speak first, and what they say tells
 * the protocol; a silent one is left with a FIN.  Only to FTP and SMTP, once
 * heard, a goodbye is owed.
 *
 * Limits: the first line only, of at most 512 bytes; telnet options are
 * recorded, not answered.
 */
#include "probes/firstwords.h"
#include "probes/telnet.h"

struct connect_state {
	size_t said_at; /* stream bytes read when goodbye was said; 0: not */
};

static enum step
say_goodbye(
    struct connect_state *s, enum words words, size_t heard, struct wr *out)
{
	const char *goodbye = words_goodbye(words);

	if (words != WORDS_FTP && words != WORDS_SMTP)
		return STEP_DONE;
	wr_bytes(out, goodbye, strlen(goodbye));
	s->said_at = heard;
	/* With the limit reached its answer could not be read. */
	return heard >= WORDS_LINE_MAX ? STEP_DONE : STEP_WAIT;
}

static enum step
connect_step(
    void *state, const struct turn *turn, struct wr *out, struct facts *facts)
{
	struct connect_state *s = state;
	bool is_all =
	    turn->what != TURN_BYTES || turn->stream.left >= WORDS_LINE_MAX;
	enum words words;
	struct rd line;

	if (turn->what == TURN_OPEN)
		return STEP_WAIT;
	if (s->said_at > 0)
		return is_all || words_has_line(turn->stream, s->said_at)
		    ? STEP_DONE
		    : STEP_WAIT;
	words = words_read(turn->stream, is_all, &line);
	if (words == WORDS_NONE)
		return is_all ? STEP_DONE : STEP_WAIT;
	words_note(facts, words, line);
	if (words == WORDS_TELNET) {
		line = telnet_options(turn->stream);
		facts_hex(facts, FACT_TELNET_OPTIONS, line.at, line.left);
	}
	if (turn->what == TURN_EOF)
		return STEP_DONE;
	return say_goodbye(s, words, turn->stream.left, out);
}

/* Whoever spoke first was the server. */
static bool
connect_overhear(struct rd client, struct overheard *out)
{
	return client.left == 0 && !out->ask.via_udp;
}

const struct probe probe_connect = {
	.name = "connect",
	.summary = "open ports without a known protocol: what is said first",
	.via = VIA_TALK,
	.impact = IMPACT_QUERY,
	.wait_ms = 800,
	.deadline_ms = 4000,
	.listens_first = true,
	/* SYN, ACK, ACK of its words, goodbye, ACK, FIN, ACK */
	.packets_max = 7,
	.stream_max = WORDS_LINE_MAX,
	.state_size = sizeof(struct connect_state),
	.step = connect_step,
	.overhear = connect_overhear,
};
