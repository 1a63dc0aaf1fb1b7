/* SPDX-License-Identifier: ISC */
/*
 * telnet - the option negotiation without which a telnet server never shows
 * its greeting.
 *
 * We admit to being a VT100 and refuse everything else, each request once, as
 * the protocol demands.  Source: RFC 854, 855, 1091.
 */
#ifndef TELNET_H
#define TELNET_H

#include "scanner/probe.h"

/* Plain data inside a probe's state; all zero at the start. */
struct telnet {
	uint32_t at;         /* stream bytes dealt with */
	uint8_t do_seen[32]; /* options already answered, a bit each */
	uint8_t will_seen[32];
	uint8_t types_said;
};

/* Answers what has come since the last call; an option that is not there to
 * its end is left for the next. */
void telnet_answer(struct telnet *t, struct rd stream, struct wr *out);

/* Returns the run of whole options at the start, at most 48 bytes of it. */
struct rd telnet_options(struct rd stream);

/*
 * Returns the first line with anything to read on it, empty when there is
 * none.  *is_prompt: the text ends asking for a name or a password.  is_all
 * says that no more will come: then a line may lack its end.
 */
struct rd telnet_text(struct rd stream, bool is_all, bool *is_prompt);

#endif
