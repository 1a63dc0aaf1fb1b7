/* SPDX-License-Identifier: ISC */
/*
 * The client's side of TLS against whatever a server may say.
 *
 *	byte 0	1: an end instead of silence at last; 2: the words come a
 *		byte at a time
 *	then	what the server says
 *
 * A conversation must come to an end, and say no more than fits.
 */
#include <stdlib.h>

#include "scanner/limits.h"
#include "scanner/reader.h"

enum { OPTION_EOF = 1, OPTION_DRIBBLE = 2 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct session_answer
say(struct session *s, const uint8_t *bytes, size_t len)
{
	struct session_answer a = { .step = STEP_ABORT };

	if (session_room(s) >= len)
		a = session_turn(s, TURN_BYTES, bytes, len);
	if (a.say_len > TALK_SAY_MAX)
		abort();
	return a;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct ask ask = { .cookie = 1,
		.port = 2762,
		.via_tls = true,
		.calling_ae = "GANTRY" };
	struct session *s;
	struct session_answer a;
	size_t step;

	if (size < 1)
		return 0;
	s = session_new(&probe_dicom, &ask, (struct about){ ABOUT_TCP, 2762 });
	if (s == NULL)
		return 0;
	a = session_turn(s, TURN_OPEN, NULL, 0);
	step = data[0] & OPTION_DRIBBLE ? 1 : size;
	for (size_t at = 1; at < size && a.step == STEP_WAIT; at += step)
		a = say(s, data + at, size - at < step ? size - at : step);
	for (int i = 0; a.step == STEP_WAIT; i++) {
		if (i == 4)
			abort(); /* a conversation that never ends */
		a = session_turn(
		    s, data[0] & OPTION_EOF ? TURN_EOF : TURN_QUIET, NULL, 0);
	}
	session_free(s);
	return 0;
}
