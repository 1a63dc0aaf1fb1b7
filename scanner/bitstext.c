/* SPDX-License-Identifier: ISC */
/* bitstext - run lengths and hex, both ways. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/bitstext.h"
#include "scanner/text.h"

enum {
	WORTH_A_RUN = 12, /* shorter runs stand in full */
	RUN_TEXT = 26     /* "hh*18446744073709551615," */
};

static size_t
run_length(const uint8_t *bytes, size_t len)
{
	size_t n = 1;

	while (n < len && bytes[n] == bytes[0])
		n++;
	return n;
}

char *
bits_text(const uint8_t *bytes, size_t len)
{
	/* No run is longer as a run: WORTH_A_RUN bytes of hex are 24. */
	char *text = malloc(2 * len + RUN_TEXT);
	size_t used = 0;

	if (text == NULL)
		return NULL;
	text[0] = '\0';
	for (size_t i = 0, n; i < len; i += n) {
		n = run_length(bytes + i, len - i);
		if (n < WORTH_A_RUN) {
			used += text_hex(text + used, 2 * n + 1, bytes + i, n);
			continue;
		}
		used += text_hex(text + used, 3, bytes + i, 1);
		used += (size_t)snprintf(text + used, RUN_TEXT - 2, "*%zu,", n);
	}
	return text;
}

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* Reads "*COUNT,"; NULL where it is none or more than `most`. */
static const char *
read_count(const char *s, size_t most, size_t *out)
{
	size_t n = 0;

	for (s++; *s >= '0' && *s <= '9'; s++) {
		n = 10 * n + (size_t)(*s - '0');
		if (n > most)
			return NULL;
	}
	*out = n;
	return *s == ',' && n > 0 ? s + 1 : NULL;
}

bool
bits_parse(const char *text, uint8_t *out, size_t len)
{
	size_t at = 0;

	while (*text != '\0') {
		int high = digit(text[0]);
		int low = high < 0 ? -1 : digit(text[1]);
		size_t n = 1;

		if (low < 0 || at == len)
			return false;
		text += 2;
		if (*text == '*')
			text = read_count(text, len - at, &n);
		if (text == NULL)
			return false;
		memset(out + at, high << 4 | low, n);
		at += n;
	}
	return at == len;
}
