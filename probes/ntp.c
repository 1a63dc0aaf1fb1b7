/* SPDX-License-Identifier: ISC */
/*
 * ntp - ask a time server the time, as any client does, and look at what it
 * says of itself.
 *
 * Version 4 first; to silence once more version 3, the last that servers of
 * the 1990s take.  Control and private messages (modes 6 and 7) are not sent.
 *
 * Source: RFC 5905, 1305.  Sizes: 48 bytes both ways.
 */
#include <inttypes.h>

#include "scanner/probe.h"

enum {
	MODE_CLIENT = 3,
	MODE_SERVER = 4,
	MESSAGE_LEN = 48,
	STRATUM_AT = 1,
	REFERENCE_AT = 12,
	ORIGIN_AT = 24,
	TRANSMIT_AT = 40,
	STAMP_LEN = 8,
	CODE_LEN = 4
};

struct ntp_state {
	bool is_second; /* version 3 has been tried */
};

/* Our time is nobody's business: a number that is ours to know again. */
static void
say_stamp(struct wr *out, const struct ask *ask)
{
	wr_u32(out, ask->cookie);
	wr_u32(out, ~ask->cookie);
}

static void
say_question(struct wr *out, const struct ask *ask, unsigned version)
{
	static const uint8_t zeros[TRANSMIT_AT - 1];

	wr_u8(out, (uint8_t)(version << 3 | MODE_CLIENT));
	wr_bytes(out, zeros, sizeof(zeros));
	say_stamp(out, ask);
}

static bool
is_ours(const struct rd *m, const struct ask *ask)
{
	uint8_t stamp[STAMP_LEN] = { 0 };
	struct wr w = { .at = stamp, .left = sizeof(stamp) };

	say_stamp(&w, ask);
	return m->left >= ORIGIN_AT + STAMP_LEN &&
	    (m->at[0] & 7) == MODE_SERVER &&
	    memcmp(m->at + ORIGIN_AT, stamp, STAMP_LEN) == 0;
}

static void
note_reference(const struct rd *m, struct facts *facts)
{
	const uint8_t *b = m->at + REFERENCE_AT;
	size_t len = CODE_LEN;

	if (m->at[STRATUM_AT] > 1) {
		facts_printf(facts, FACT_NTP_REFERENCE, b, CODE_LEN,
		    "%u.%u.%u.%u", b[0], b[1], b[2], b[3]);
		return;
	}
	/* A clock's code, or why the server would rather not be asked. */
	while (len > 0 && b[len - 1] == '\0')
		len--;
	facts_text(facts, FACT_NTP_REFERENCE, b, len);
}

static enum step
take_reply(const struct turn *turn, struct facts *facts)
{
	const struct rd *m = &turn->stream;

	if (!is_ours(m, turn->ask))
		return STEP_WAIT; /* a stray: the answer may still come */
	facts_printf(facts, FACT_PORT_SPEAKS, m->at, m->left, "ntp");
	if (m->left < MESSAGE_LEN) {
		facts_printf(facts, FACT_NTP_BROKEN, m->at, m->left,
		    "answer of %zu bytes", m->left);
		return STEP_DONE;
	}
	facts_number(facts, FACT_NTP_VERSION, m->at[0] >> 3 & 7, m->at, 1);
	facts_number(
	    facts, FACT_NTP_STRATUM, m->at[STRATUM_AT], m->at + STRATUM_AT, 1);
	note_reference(m, facts);
	return STEP_DONE;
}

static enum step
ntp_step(
    void *state, const struct turn *turn, struct wr *out, struct facts *facts)
{
	struct ntp_state *s = state;

	switch (turn->what) {
	case TURN_OPEN:
		say_question(out, turn->ask, 4);
		return STEP_WAIT;
	case TURN_BYTES:
		return take_reply(turn, facts);
	case TURN_QUIET:
		if (s->is_second)
			return STEP_DONE;
		s->is_second = true;
		say_question(out, turn->ask, 3);
		return STEP_WAIT;
	case TURN_EOF:
		break;
	}
	return STEP_DONE;
}

/* Anybody's question; what it was stamped with is its cookie. */
static bool
ntp_overhear(struct rd client, struct overheard *out)
{
	struct rd stamp = client;

	if (!out->ask.via_udp || out->ask.port != 123 ||
	    client.left < MESSAGE_LEN || (client.at[0] & 7) != MODE_CLIENT)
		return false;
	rd_skip(&stamp, TRANSMIT_AT);
	out->ask.cookie = rd_u32(&stamp);
	return rd_u32(&stamp) == ~out->ask.cookie;
}

static const uint16_t udp_ports[] = { 123, 0 };

const struct probe probe_ntp = {
	.name = "ntp",
	.summary =
	    "NTP servers: version, stratum, what they set their clock by",
	.via = VIA_TALK,
	.impact = IMPACT_QUERY,
	.udp_ports = udp_ports,
	.wait_ms = 1500,
	.deadline_ms = 4000,
	.packets_max = 2,
	.state_size = sizeof(struct ntp_state),
	.is_brief = true,
	.step = ntp_step,
	.overhear = ntp_overhear,
	.overhear_each = true,
};
