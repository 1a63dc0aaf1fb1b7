/* SPDX-License-Identifier: ISC */
/*
 * text - bytes into printable ASCII, times and port lists into text.
 *
 * Source:    RFC 20 (what is printable), RFC 3339 (times)
 * Limits:    knows no character set.  A byte above 0x7e is escaped whatever
 *            it may have meant, since a peer does not say and a terminal may
 *            take it for a control code.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "scanner/text.h"

enum { ESCAPED_LEN = 4, PORT_RUN = 16 };

static const char digits[] = "0123456789abcdef";
static const char cut_mark[] = "...";

static bool
is_trailing(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\0' || c == '\r' || c == '\n';
}

/* Writes one byte as text.  Returns its length. */
static size_t
escape(char piece[static ESCAPED_LEN], uint8_t c, bool keep_backslash)
{
	if (c >= 0x20 && c < 0x7f && (c != '\\' || keep_backslash)) {
		piece[0] = (char)c;
		return 1;
	}
	piece[0] = '\\';
	piece[1] = 'x';
	piece[2] = digits[c >> 4];
	piece[3] = digits[c & 15];
	return ESCAPED_LEN;
}

static size_t
make_printable(
    char *out, size_t size, const uint8_t *s, size_t len, bool keep_backslash)
{
	size_t used = 0, cut_at = 0;

	while (len > 0 && is_trailing(s[len - 1]))
		len--;
	for (size_t i = 0; i < len; i++) {
		char piece[ESCAPED_LEN];
		size_t n = escape(piece, s[i], keep_backslash);

		if (used + n >= size) {
			/* Cut between escapes, never inside one. */
			memcpy(out + cut_at, cut_mark, sizeof(cut_mark));
			return cut_at + sizeof(cut_mark) - 1;
		}
		memcpy(out + used, piece, n);
		used += n;
		if (used + sizeof(cut_mark) <= size)
			cut_at = used;
	}
	out[used] = '\0';
	return used;
}

size_t
text_printable(char *out, size_t size, const uint8_t *s, size_t len)
{
	return make_printable(out, size, s, len, false);
}

size_t
text_composed(char *out, size_t size, const char *s)
{
	return make_printable(out, size, (const uint8_t *)s, strlen(s), true);
}

size_t
text_hex(char *out, size_t size, const uint8_t *s, size_t len)
{
	size_t used = 0;

	if (size == 0)
		return 0;
	for (size_t i = 0; i < len && used + 2 < size; i++) {
		out[used++] = digits[s[i] >> 4];
		out[used++] = digits[s[i] & 15];
	}
	out[used] = '\0';
	return used;
}

/* Returns the date and time of day of that second: seldom another than the last
 * one asked for, since a report has thousands of times in a few seconds. */
static const char *
second_text(time_t second)
{
	static _Thread_local struct {
		time_t second;
		char text[TEXT_TIME]; /* "": none yet */
	} last;
	struct tm tm;

	if (last.text[0] != '\0' && last.second == second)
		return last.text;
	last.text[0] = '\0';
	last.second = second;
	if (gmtime_r(&second, &tm) != NULL)
		strftime(
		    last.text, sizeof(last.text), "%Y-%m-%dT%H:%M:%S", &tm);
	return last.text;
}

const char *
text_time(int64_t ns, char buf[static TEXT_TIME])
{
	const int64_t second = 1000000000;
	int64_t rest = ns % second;
	time_t seconds = (time_t)(ns / second);
	const char *whole;
	size_t used;
	int micro;

	if (rest < 0) { /* before 1970 */
		rest += second;
		seconds--;
	}
	whole = second_text(seconds);
	used = strlen(whole);
	memcpy(buf, whole, used + 1);
	if (used == 0)
		return buf;
	micro = (int)(rest / 1000);
	buf[used++] = '.';
	for (int unit = 100000; unit > 0; unit /= 10)
		buf[used++] = (char)('0' + micro / unit % 10);
	buf[used++] = 'Z';
	buf[used] = '\0';
	return buf;
}

/* Returns the index of the last port of the run that begins at i. */
static size_t
run_end(const uint16_t *ports, size_t n, size_t i)
{
	while (i + 1 < n && ports[i + 1] - ports[i] <= 1)
		i++;
	return i;
}

/* Writes the run of ports from i to end with what parts it from the text in
 * front of it.  Returns the length. */
static size_t
run_text(char item[static PORT_RUN], bool is_first, const uint16_t *ports,
    size_t i, size_t end)
{
	const char *comma = is_first ? "" : ",";
	int len = ports[i] == ports[end]
	    ? snprintf(item, PORT_RUN, "%s%u", comma, ports[i])
	    : snprintf(item, PORT_RUN, "%s%u-%u", comma, ports[i], ports[end]);

	return (size_t)len;
}

size_t
text_ports_part(char *out, size_t size, const uint16_t *ports, size_t n)
{
	size_t used = 0, i = 0;

	out[0] = '\0';
	while (i < n) {
		char item[PORT_RUN];
		size_t end = run_end(ports, n, i);
		size_t len = run_text(item, i == 0, ports, i, end);

		if (used + len >= size)
			break;
		memcpy(out + used, item, len + 1);
		used += len;
		i = end + 1;
	}
	return i;
}

const char *
text_ports(char *out, size_t size, const uint16_t *ports, size_t n)
{
	static const char more[] = ",...";
	size_t used = 0;

	if (size == 0)
		return out;
	out[0] = '\0';
	for (size_t i = 0, end; i < n; i = end + 1) {
		char item[PORT_RUN];
		size_t len, reserve;

		end = run_end(ports, n, i);
		len = run_text(item, used == 0, ports, i, end);
		reserve = end + 1 < n ? sizeof(more) : 1;
		if (used + len + reserve > size) {
			snprintf(out + used, size - used, "%s",
			    used > 0 ? more : more + 1);
			return out;
		}
		memcpy(out + used, item, len + 1);
		used += len;
	}
	return out;
}
