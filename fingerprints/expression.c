/* SPDX-License-Identifier: ISC */
/*
 * expression - regular expressions by pcre2, with their work bounded.
 *
 * Values come from peers, patterns from files a hospital may write itself, so
 * an unlucky pair must end in "not found", never in a hang: both the steps and
 * the depth of one search are limited.  No just-in-time code: it would need
 * writable and executable memory.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fingerprints/expression.h"
#include "scanner/limits.h"

struct expression {
	pcre2_code *code;
	pcre2_match_context *limits;
	pcre2_match_data *found; /* scratch of the search */
};

enum {
	OPTIONS = PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP |
	    PCRE2_NEVER_BACKSLASH_C | PCRE2_NO_AUTO_CAPTURE
};

static pcre2_code *
compile(const char *pattern, char *error, size_t error_size)
{
	char why[128];
	size_t at = 0;
	int number = 0;
	pcre2_code *code;

	code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
	    OPTIONS, &number, &at, NULL);
	if (code == NULL) {
		pcre2_get_error_message(
		    number, (PCRE2_UCHAR *)why, sizeof(why));
		snprintf(error, error_size, "expression \"%.60s\": %s (at %zu)",
		    pattern, why, at);
	}
	return code;
}

struct expression *
expression_new(const char *pattern, char *error, size_t error_size)
{
	struct expression *e = calloc(1, sizeof(*e));

	if (e == NULL) {
		snprintf(error, error_size, "out of memory");
		return NULL;
	}
	e->code = compile(pattern, error, error_size);
	if (e->code == NULL)
		goto fail;
	e->limits = pcre2_match_context_create(NULL);
	e->found = pcre2_match_data_create_from_pattern(e->code, NULL);
	if (e->limits == NULL || e->found == NULL) {
		snprintf(error, error_size, "out of memory");
		goto fail;
	}
	pcre2_set_match_limit(e->limits, REGEX_MATCH_LIMIT);
	pcre2_set_depth_limit(e->limits, REGEX_DEPTH_LIMIT);
	return e;
fail:
	expression_free(e);
	return NULL;
}

void
expression_free(struct expression *e)
{
	if (e == NULL)
		return;
	pcre2_match_data_free(e->found);
	pcre2_match_context_free(e->limits);
	pcre2_code_free(e->code);
	free(e);
}

bool
expression_matches(const struct expression *e, const char *value)
{
	return pcre2_match(e->code, (PCRE2_SPTR)value, strlen(value), 0, 0,
		   e->found, e->limits) >= 0;
}

/* Where what the group called name found lies in value; 0 and 0: nothing. */
static void
group_find(const struct expression *e, const char *name, PCRE2_SIZE *from,
    PCRE2_SIZE *to)
{
	const PCRE2_SIZE *found = pcre2_get_ovector_pointer(e->found);
	int group = pcre2_substring_number_from_name(e->code, (PCRE2_SPTR)name);

	*from = *to = 0;
	if (group <= 0 ||
	    (uint32_t)group >= pcre2_get_ovector_count(e->found) ||
	    found[2 * group] == PCRE2_UNSET)
		return;
	*from = found[2 * group];
	*to = found[2 * group + 1];
}

bool
expression_expand(const struct expression *e, const char *value,
    const char *text, char *out, size_t size)
{
	size_t n = 0;
	char name[32];

	if (size == 0 || !expression_matches(e, value))
		return false;
	while (*text != '\0' && n + 1 < size) {
		size_t len = strcspn(text + 1, "}");
		PCRE2_SIZE from, to;

		if (*text != '{' || text[1 + len] == '\0' ||
		    len >= sizeof(name)) {
			out[n++] = *text++;
			continue;
		}
		memcpy(name, text + 1, len);
		name[len] = '\0';
		group_find(e, name, &from, &to);
		while (from < to && n + 1 < size)
			out[n++] = value[from++];
		if (from < to)
			break;
		text += len + 2;
	}
	out[n] = '\0';
	return *text == '\0';
}
