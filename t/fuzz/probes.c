/* SPDX-License-Identifier: ISC */
/*
 * One fuzz target for every probe there is.
 *
 *	byte 0	which probe: the tag of its name, see tag_of(); otherwise the
 *		byte modulo their number.  So the corpus outlives new probes
 *	byte 1	options: 1 over UDP, 2 a NIS domain and an SNMP community are
 *		named, 4 an end instead of silence at last, 8 what is read is
 *		shorter than was sent; from 16 on, which of its ports something
 *		was heard on
 *	then	turns: a length byte and as many bytes; 0 is a silence
 *
 * Built with -fsanitize=fuzzer it hunts; linked with replay.c it runs what is
 * in the corpus.
 */
#include <stdlib.h>

#include "scanner/probe.h"
#include "scanner/reader.h"
#include "scanner/rpcnames.h"

enum {
	OPTION_UDP = 1,
	OPTION_NAMED = 2,
	OPTION_EOF = 4,
	OPTION_CUT = 8,
	PORT_SHIFT = 4,
	COOKIE = 0x01020304
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
fuzz_talk(const struct probe *probe, const struct ask *ask, uint8_t options,
    struct rd r)
{
	struct about about = { ask->via_udp ? ABOUT_UDP : ABOUT_TCP,
		ask->port };
	struct session *s = session_new(probe, ask, about);
	struct session_answer a;

	if (s == NULL)
		return;
	a = session_turn(s, TURN_OPEN, NULL, 0);
	while (a.step == STEP_WAIT && r.left > 0) {
		size_t len = rd_u8(&r);

		if (len > r.left)
			len = r.left;
		a = session_turn(s, len > 0 ? TURN_BYTES : TURN_QUIET,
		    rd_bytes(&r, len), len);
	}
	for (int i = 0; a.step == STEP_WAIT; i++) {
		if (i == 4)
			abort(); /* a conversation that never ends */
		a = session_turn(
		    s, options & OPTION_EOF ? TURN_EOF : TURN_QUIET, NULL, 0);
	}
	session_free(s);
}

static void
fuzz_heard(const struct probe *probe, uint8_t options, struct rd r)
{
	struct facts *facts = facts_new();
	struct heard h = { .source = 0x0a140107,
		.destination_port = 1600,
		.link_broadcast = true,
		.ttl = options,
		.is_tcp = probe->hears_tcp };
	size_t ports = 0;

	if (facts == NULL)
		return;
	while (probe->udp_ports != NULL && probe->udp_ports[ports] != 0)
		ports++;
	if (ports > 0)
		h.destination_port =
		    probe->udp_ports[(options >> PORT_SHIFT) % ports];
	h.source_port = h.destination_port;
	h.payload = r;
	h.payload_len = (uint16_t)(r.left + (options & OPTION_CUT ? 40 : 0));
	facts_begin(facts, (struct about){ ABOUT_UDP, 1600 }, r.at, r.left);
	if (probe->hear(&h, facts) == REPLY_OTHER && facts_count(facts) > 0)
		abort();
	facts_free(facts);
}

static uint8_t
tag_of(const char *name)
{
	unsigned tag = 0;

	for (; *name != '\0'; name++)
		tag = 31 * tag + (unsigned char)*name;
	return (uint8_t)tag;
}

static const struct probe *
choose(uint8_t tag)
{
	size_t n = 0;

	for (; probes[n] != NULL; n++)
		if (tag_of(probes[n]->name) == tag)
			return probes[n];
	return probes[tag % n];
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd r = { .at = data, .left = size };
	struct ask ask = { .cookie = COOKIE,
		.port = 104,
		.host = "10.1.2.3",
		.calling_ae = "GANTRY",
		.guesses = rpc_default_guesses,
		.guesses_len = rpc_default_guesses_len };
	const struct probe *probe;
	uint8_t options;

	probe = choose(rd_u8(&r));
	options = rd_u8(&r);
	if (!rd_ok(&r))
		return 0;
	ask.via_udp = (options & OPTION_UDP) != 0;
	ask.nis_domain = options & OPTION_NAMED ? "ward" : NULL;
	ask.community = options & OPTION_NAMED ? "public" : NULL;
	if (probe->step != NULL)
		fuzz_talk(probe, &ask, options, r);
	if (probe->hear != NULL)
		fuzz_heard(probe, options, r);
	if (probe->parse != NULL) {
		struct facts *facts = facts_new();

		if (facts != NULL)
			(void)probe->parse(r, &ask, facts);
		facts_free(facts);
	}
	return 0;
}
