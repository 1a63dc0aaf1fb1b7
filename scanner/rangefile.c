/* SPDX-License-Identifier: ISC */
/*
 * rangefile - ranges as people write them: one word, or a file of them.
 *
 * Limits:    one entry a line, LIST_LINE_MAX bytes a line; '#' begins a
 *            comment; a list names no further list
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "scanner/limits.h"
#include "scanner/ranges.h"

enum { LIST_LINE_MAX = 256 };

bool
ranges_add_text(
    struct ranges *set, const char *text, char error[static SCOPE_ERROR])
{
	uint32_t first, last;

	if (!ipv4_range_parse(text, &first, &last)) {
		snprintf(error, SCOPE_ERROR,
		    "\"%.64s\" is not an address, a CIDR prefix or a range",
		    text);
		return false;
	}
	if (!ranges_add(set, first, last)) {
		snprintf(error, SCOPE_ERROR,
		    "no room for \"%.64s\": at most %d entries", text,
		    SCOPE_RANGES_MAX);
		return false;
	}
	return true;
}

/* Cuts comment and surrounding blanks off; returns where the text begins. */
static char *
line_trim(char *line)
{
	size_t len;

	line[strcspn(line, "#\r\n")] = '\0';
	line += strspn(line, " \t");
	len = strlen(line);
	while (len > 0 && (line[len - 1] == ' ' || line[len - 1] == '\t'))
		line[--len] = '\0';
	return line;
}

static bool
add_lines(struct ranges *set, FILE *f, const char *path,
    char error[static SCOPE_ERROR])
{
	char line[LIST_LINE_MAX], why[SCOPE_ERROR];
	unsigned number = 0;

	while (fgets(line, sizeof(line), f) != NULL) {
		const char *text;

		number++;
		if (strchr(line, '\n') == NULL && !feof(f)) {
			snprintf(error, SCOPE_ERROR,
			    "%.100s:%u: the line is too long", path, number);
			return false;
		}
		text = line_trim(line);
		if (*text != '\0' && !ranges_add_text(set, text, why)) {
			snprintf(error, SCOPE_ERROR, "%.100s:%u: %.130s", path,
			    number, why);
			return false;
		}
	}
	if (ferror(f)) {
		snprintf(
		    error, SCOPE_ERROR, "%.100s: %s", path, strerror(errno));
		return false;
	}
	return true;
}

bool
ranges_add_file(
    struct ranges *set, const char *path, char error[static SCOPE_ERROR])
{
	FILE *f = fopen(path, "re");
	bool ok;

	if (f == NULL) {
		snprintf(
		    error, SCOPE_ERROR, "%.100s: %s", path, strerror(errno));
		return false;
	}
	ok = add_lines(set, f, path, error);
	fclose(f);
	return ok;
}
