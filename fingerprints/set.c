/* SPDX-License-Identifier: ISC */
/*
 * set - questions to a loaded set of fingerprints: by id, and which is a
 * special case of which.  Pure.
 */
#include <stdlib.h>
#include <string.h>

#include "fingerprints/fingerprint.h"
#include "scanner/limits.h"

static int
id_compare(const void *id, const void *fingerprint)
{
	return strcmp(id, ((const struct fingerprint *)fingerprint)->id);
}

const struct fingerprint *
fingerprints_find(const struct fingerprints *all, const char *id)
{
	if (all->len == 0)
		return NULL;
	return bsearch(
	    id, all->items, all->len, sizeof(*all->items), id_compare);
}

/* seen: the fingerprints already followed, so that a circle ends. */
static bool
implies_unseen(const struct fingerprints *all, const struct fingerprint *f,
    const char *general, bool *seen)
{
	for (size_t i = 0; i < f->implies_len; i++) {
		const struct fingerprint *next;

		if (strcmp(f->implies[i], general) == 0)
			return true;
		next = fingerprints_find(all, f->implies[i]);
		if (next == NULL || seen[next - all->items])
			continue;
		seen[next - all->items] = true;
		if (implies_unseen(all, next, general, seen))
			return true;
	}
	return false;
}

bool
fingerprints_implies(const struct fingerprints *all,
    const struct fingerprint *special, const char *general)
{
	bool seen[FINGERPRINTS_MAX] = { false };

	return implies_unseen(all, special, general, seen);
}

int
fingerprint_depth(const struct fingerprint *f)
{
	if (strcmp(f->kind, "host") == 0)
		return 2;
	return strcmp(f->kind, "toolkit") == 0 ||
	    strcmp(f->kind, "service") == 0;
}

size_t
clue_group_first(const struct clue *clues, size_t i)
{
	size_t first = 0;

	if (clues[i].group_mark != 0)
		return clues[i].group_mark - 1;
	while (strcmp(clues[first].group, clues[i].group) != 0)
		first++;
	return first;
}

void
clues_settle(struct clue *clues, size_t n)
{
	for (size_t i = 0; i < n; i++)
		clues[i].group_mark = clue_group_first(clues, i) + 1;
}
