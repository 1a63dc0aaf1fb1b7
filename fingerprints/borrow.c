/* SPDX-License-Identifier: ISC */
/*
 * borrow - what a fingerprint file need not say again: a clue that is like one
 * of another file, and an example's facts a line each.
 *
 * Both work on what libcyaml made of the files, before anything is looked up.
 * Limits: a clue that is like another cannot be one a third is like, so that
 * one look finds the text and no circle can be made.
 */
#include <stdlib.h>
#include <string.h>

#include "fingerprints/raw.h"

/* Copies *from where *to is not given.  Returns false when memory is out. */
static bool
text_fill(char **to, const char *from)
{
	if (*to != NULL || from == NULL)
		return true;
	*to = strdup(from);
	return *to != NULL;
}

static bool
condition_fill(struct raw_condition *to, const struct raw_condition *from)
{
	to->holds_port = from->holds_port;
	to->count_min = from->count_min;
	return text_fill(&to->key, from->key) &&
	    text_fill(&to->about, from->about) &&
	    text_fill(&to->equals, from->equals) &&
	    text_fill(&to->matches, from->matches) &&
	    text_fill(&to->min, from->min) && text_fill(&to->max, from->max);
}

static bool
conditions_fill(struct raw_condition **to, unsigned *to_count,
    const struct raw_condition *from, unsigned count)
{
	if (*to_count > 0 || count == 0)
		return true;
	free(*to); /* an empty list */
	*to = calloc(count, sizeof(**to));
	if (*to == NULL)
		return false;
	*to_count = count;
	for (unsigned i = 0; i < count; i++)
		if (!condition_fill(&(*to)[i], &from[i]))
			return false;
	return true;
}

/* A clue that says what it looks for has said all of it: `also` is part of
 * that.  The same holds of absence and where it was looked for. */
static bool
clue_fill(struct raw_clue *to, const struct raw_clue *from)
{
	bool ok = true;

	if (to->when.key == NULL)
		ok = condition_fill(&to->when, &from->when) &&
		    conditions_fill(&to->also, &to->also_count, from->also,
			from->also_count);
	if (to->absent == 0) {
		to->absent = from->absent;
		ok = ok &&
		    conditions_fill(&to->looked, &to->looked_count,
			from->looked, from->looked_count);
	}
	if (to->weight == 0)
		to->weight = from->weight;
	return ok && text_fill(&to->group, from->group) &&
	    text_fill(&to->reason, from->reason) &&
	    text_fill(&to->source, from->source);
}

/* Returns the clue called "ID/CLUE", or NULL. */
static const struct raw_clue *
clue_find(const struct raw_file *files, size_t n, const char *like)
{
	const char *slash = strchr(like, '/');
	size_t len = slash != NULL ? (size_t)(slash - like) : 0;

	for (size_t i = 0; slash != NULL && i < n; i++) {
		const struct raw_fingerprint *raw = files[i].raw;

		if (raw == NULL || strncmp(files[i].id, like, len) != 0 ||
		    files[i].id[len] != '\0')
			continue;
		for (unsigned j = 0; j < raw->clues_count; j++)
			if (strcmp(raw->clues[j].name, slash + 1) == 0)
				return &raw->clues[j];
	}
	return NULL;
}

bool
raw_borrow(
    const struct raw_file *files, size_t n, size_t i, struct complaints *c)
{
	struct raw_fingerprint *raw = files[i].raw;
	size_t before = c->count;

	for (unsigned j = 0; j < raw->clues_count; j++) {
		struct raw_clue *clue = &raw->clues[j];
		const struct raw_clue *from;

		if (clue->like == NULL)
			continue;
		from = clue_find(files, n, clue->like);
		if (from == NULL)
			complaints_add(c, "clue %s: like: no clue %.80s",
			    clue->name, clue->like);
		else if (from->like != NULL)
			complaints_add(c,
			    "clue %s: like: %.80s is itself like another",
			    clue->name, clue->like);
		else if (!clue_fill(clue, from))
			complaints_add(c, "out of memory");
	}
	return c->count == before;
}

bool
raw_line_next(char **text, struct raw_fact *out)
{
	char *line = *text + strspn(*text, " \n");
	char *key, *value;

	*out = (struct raw_fact){ .key = NULL };
	if (*line == '\0')
		return false;
	*text = line + strcspn(line, "\n");
	if (**text != '\0')
		*(*text)++ = '\0';
	out->value = line;
	key = strchr(line, ' ');
	value = key != NULL ? strchr(key, '=') : NULL;
	if (value == NULL || value[1] == '\0')
		return true;
	*key++ = '\0';
	*value++ = '\0';
	*out = (struct raw_fact){ line, key, value };
	return true;
}
