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
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fingerprints/expression.h"
#include "scanner/limits.h"

/* Two threads may search at once: who finds none makes another. */
typedef _Atomic(pcre2_match_data *) scratch;

struct expression {
	pcre2_code *code;
	pcre2_match_context *limits;
	scratch *spare; /* of a search; NULL while one is under way */
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
	e->spare = calloc(1, sizeof(*e->spare));
	if (e->spare != NULL)
		*e->spare = pcre2_match_data_create_from_pattern(e->code, NULL);
	if (e->limits == NULL || e->spare == NULL || *e->spare == NULL) {
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
	if (e->spare != NULL)
		pcre2_match_data_free(*e->spare);
	free(e->spare);
	pcre2_match_context_free(e->limits);
	pcre2_code_free(e->code);
	free(e);
}

static pcre2_match_data *
scratch_take(const struct expression *e)
{
	pcre2_match_data *found = atomic_exchange(e->spare, NULL);

	return found != NULL
	    ? found
	    : pcre2_match_data_create_from_pattern(e->code, NULL);
}

static void
scratch_give(const struct expression *e, pcre2_match_data *found)
{
	pcre2_match_data_free(atomic_exchange(e->spare, found));
}

static bool
search(const struct expression *e, const char *value, pcre2_match_data *found)
{
	return found != NULL &&
	    pcre2_match(e->code, (PCRE2_SPTR)value, strlen(value), 0, 0, found,
		e->limits) >= 0;
}

bool
expression_matches(const struct expression *e, const char *value)
{
	pcre2_match_data *found = scratch_take(e);
	bool matches = search(e, value, found);

	scratch_give(e, found);
	return matches;
}

/* Where what the group called name found lies in value; 0 and 0: nothing. */
static void
group_find(const struct expression *e, pcre2_match_data *data, const char *name,
    PCRE2_SIZE *from, PCRE2_SIZE *to)
{
	const PCRE2_SIZE *found = pcre2_get_ovector_pointer(data);
	int group = pcre2_substring_number_from_name(e->code, (PCRE2_SPTR)name);

	*from = *to = 0;
	if (group <= 0 || (uint32_t)group >= pcre2_get_ovector_count(data) ||
	    found[2 * group] == PCRE2_UNSET)
		return;
	*from = found[2 * group];
	*to = found[2 * group + 1];
}

/* Writes text with the groups of what was found in value. */
static bool
expand(const struct expression *e, pcre2_match_data *found, const char *value,
    const char *text, char *out, size_t size)
{
	size_t n = 0;
	char name[32];

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
		group_find(e, found, name, &from, &to);
		while (from < to && n + 1 < size)
			out[n++] = value[from++];
		if (from < to)
			break;
		text += len + 2;
	}
	out[n] = '\0';
	return *text == '\0';
}

bool
expression_expand(const struct expression *e, const char *value,
    const char *text, char *out, size_t size)
{
	pcre2_match_data *found;
	bool ok;

	if (size == 0)
		return false;
	found = scratch_take(e);
	ok =
	    search(e, value, found) && expand(e, found, value, text, out, size);
	scratch_give(e, found);
	return ok;
}
