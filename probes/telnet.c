/* SPDX-License-Identifier: ISC */
/*
 * telnet - walking a stream of options and text.
 *
 * A request is answered once for each option and verb: a server that keeps
 * asking cannot keep us answering.  What we are asked to stop, or told will
 * not be done, needs no answer: it is the state we begin in.
 *
 * Source: RFC 854 (commands), 855 (subnegotiation), 1091 (terminal type).
 * Limits: a line of text ends where an option begins.
 */
#include "probes/telnet.h"

enum {
	SE = 240,
	SB = 250,
	WILL = 251,
	WONT = 252,
	DO = 253,
	DONT = 254,
	IAC = 255,
	TERMINAL_TYPE = 24,
	TYPE_IS = 0,
	TYPE_SEND = 1,
	TYPES_MAX = 4, /* times the type is told */
	OPTIONS_MAX = 48
};

/* Returns the length of the command s begins with; 0: not all there. */
static size_t
command_len(struct rd s)
{
	if (s.left < 2)
		return 0;
	if (s.at[1] >= WILL && s.at[1] <= DONT)
		return s.left < 3 ? 0 : 3;
	if (s.at[1] != SB)
		return 2;
	for (size_t i = 2; i + 1 < s.left; i++) {
		if (s.at[i] != IAC)
			continue;
		if (s.at[i + 1] == SE)
			return i + 2;
		i++; /* a doubled IAC, or a command inside: both skipped */
	}
	return 0;
}

/* Marks option in set; returns whether it had not been. */
static bool
first_time(uint8_t set[static 32], uint8_t option)
{
	uint8_t bit = (uint8_t)(1U << (option & 7));
	bool is_new = (set[option >> 3] & bit) == 0;

	set[option >> 3] |= bit;
	return is_new;
}

static void
say_option(struct wr *out, uint8_t verb, uint8_t option)
{
	wr_u8(out, IAC);
	wr_u8(out, verb);
	wr_u8(out, option);
}

static void
say_type(struct telnet *t, struct wr *out)
{
	static const char type[] = "VT100";

	if (t->types_said == TYPES_MAX)
		return;
	t->types_said++;
	say_option(out, SB, TERMINAL_TYPE);
	wr_u8(out, TYPE_IS);
	wr_bytes(out, type, sizeof(type) - 1);
	wr_u8(out, IAC);
	wr_u8(out, SE);
}

/* c is one whole command. */
static void
answer_command(struct telnet *t, struct rd c, struct wr *out)
{
	uint8_t verb = c.at[1], option = c.left > 2 ? c.at[2] : 0;

	if (verb == DO && first_time(t->do_seen, option))
		say_option(out, option == TERMINAL_TYPE ? WILL : WONT, option);
	else if (verb == WILL && first_time(t->will_seen, option))
		say_option(out, DONT, option);
	else if (verb == SB && c.left == 6 && option == TERMINAL_TYPE &&
	    c.at[3] == TYPE_SEND)
		say_type(t, out);
}

void
telnet_answer(struct telnet *t, struct rd stream, struct wr *out)
{
	struct rd s = stream;

	rd_skip(&s, t->at);
	while (rd_ok(&s) && s.left > 0) {
		size_t len = s.at[0] == IAC ? command_len(s) : 1;

		if (len == 0)
			break;
		if (s.at[0] == IAC)
			answer_command(
			    t, (struct rd){ .at = s.at, .left = len }, out);
		rd_skip(&s, len);
		t->at += (uint32_t)len;
	}
}

struct rd
telnet_options(struct rd stream)
{
	struct rd run = { .at = stream.at };

	while (stream.left > 0 && stream.at[0] == IAC) {
		size_t len = command_len(stream);

		if (len == 0 || run.left + len > OPTIONS_MAX)
			break;
		run.left += len;
		rd_skip(&stream, len);
	}
	return run;
}

/* Takes the next line off s, options skipped; false when none is ended. */
static bool
line_take(struct rd *s, struct rd *line)
{
	size_t n = 0;

	while (s->left > 0 && s->at[0] == IAC) {
		size_t len = command_len(*s);

		if (len == 0)
			return false;
		rd_skip(s, len);
	}
	while (n < s->left && s->at[n] != '\n' && s->at[n] != '\r' &&
	    s->at[n] != '\0' && s->at[n] != IAC)
		n++;
	*line = (struct rd){ .at = s->at, .left = n };
	if (n == s->left)
		return false;
	rd_skip(s, s->at[n] == IAC ? n : n + 1);
	return true;
}

static bool
is_readable(struct rd line)
{
	for (size_t i = 0; i < line.left; i++)
		if (line.at[i] > ' ' && line.at[i] < 0x7f)
			return true;
	return false;
}

/* Whether line ends in "login:" or its like, blanks aside. */
static bool
is_asking(struct rd line)
{
	static const char *const asks[] = { "ogin:", "sername:", "assword:" };

	while (line.left > 0 && line.at[line.left - 1] == ' ')
		line.left--;
	for (size_t i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
		size_t len = strlen(asks[i]);

		if (line.left >= len &&
		    memcmp(line.at + line.left - len, asks[i], len) == 0)
			return true;
	}
	return false;
}

struct rd
telnet_text(struct rd stream, bool is_all, bool *is_prompt)
{
	struct rd first = { .at = stream.at }, line = first;

	while (line_take(&stream, &line))
		if (first.left == 0 && is_readable(line))
			first = line;
	/* What is left has no end: a prompt, or not all there. */
	*is_prompt = stream.left > 0 && stream.at[0] != IAC && is_asking(line);
	if (first.left == 0 && (is_all || *is_prompt) && stream.left > 0 &&
	    stream.at[0] != IAC && is_readable(line))
		first = line;
	return first;
}
