/* SPDX-License-Identifier: ISC */
/*
 * decode_options - TCP options as one short word, the way nmap writes them.
 *
 * Source:    RFC 9293, 3.1 (end, no-operation, maximum segment size), RFC 7323
 *            (window scale, timestamps), RFC 2018 (selective acknowledgement)
 * Limits:    an option whose length is not the standard's is shown as unknown.
 */
#include <stdarg.h>
#include <stdio.h>

#include "scanner/decode.h"

enum {
	OPTION_END = 0,
	OPTION_NOP = 1,
	OPTION_MSS = 2,
	OPTION_SCALE = 3,
	OPTION_SACK_OK = 4,
	OPTION_TIMESTAMPS = 8
};

/* The word being written. */
struct word {
	char *text;
	size_t used;
};

static void __attribute__((format(printf, 2, 3)))
word_add(struct word *w, const char *fmt, ...)
{
	size_t room = DECODE_OPTIONS_TEXT - w->used;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(w->text + w->used, room, fmt, ap);
	va_end(ap);
	if (n > 0)
		w->used += (size_t)n < room ? (size_t)n : room - 1;
}

/* Writes an option with a body of len bytes. */
static void
option_add(struct word *w, unsigned kind, struct rd body)
{
	size_t len = body.left;

	if (kind == OPTION_MSS && len == 2) {
		word_add(w, "M%X", (unsigned)rd_u16(&body));
	} else if (kind == OPTION_SCALE && len == 1) {
		word_add(w, "W%X", (unsigned)rd_u8(&body));
	} else if (kind == OPTION_SACK_OK && len == 0) {
		word_add(w, "S");
	} else if (kind == OPTION_TIMESTAMPS && len == 8) {
		bool has_value = rd_u32(&body) != 0;
		bool has_echo = rd_u32(&body) != 0;

		word_add(w, "T%d%d", has_value, has_echo);
	} else {
		word_add(w, "K%u", kind);
	}
}

const char *
decode_tcp_options(struct rd options, char out[static DECODE_OPTIONS_TEXT])
{
	struct word w = { .text = out };
	struct rd r = { .at = options.at, .left = options.left };
	bool is_cut = options.ran_short;

	out[0] = '\0';
	while (r.left > 0 && w.used < DECODE_OPTIONS_TEXT - 8) {
		unsigned kind = rd_u8(&r);
		struct rd body;
		unsigned len;

		if (kind == OPTION_END) {
			word_add(&w, "E");
			return out;
		}
		if (kind == OPTION_NOP) {
			word_add(&w, "N");
			continue;
		}
		len = rd_u8(&r); /* counts kind and itself */
		if (!rd_ok(&r) || len < 2 || len - 2U > r.left) {
			is_cut = true;
			break;
		}
		body = (struct rd){ .at = r.at, .left = len - 2U };
		rd_skip(&r, len - 2U);
		option_add(&w, kind, body);
	}
	if (is_cut || r.left > 0)
		word_add(&w, "?");
	return out;
}
