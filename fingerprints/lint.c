/* SPDX-License-Identifier: ISC */
/*
 * lint - what makes a fingerprint worth trusting, beyond being readable.
 *
 * A weight without a reason, a claim without a source, a rule without an
 * example that shows it at work: the matcher would take them all.  Here they
 * are complaints.  So is a fingerprint that nothing could ever confirm, and
 * one that is possible on a host about which nothing is known.
 */
#include <string.h>

#include "fingerprints/match.h"
#include "fingerprints/raw.h"

enum {
	WEIGHT_MAX = 60, /* decibans: a million to one */
	PRIOR_MIN = -60,
	CONFIRMED_SUM = 20 /* least sum of a probability of 0.99 */
};

struct lint {
	const struct fingerprints *all;
	const struct fingerprint *f;
	struct complaints c;
};

/* Returns whether s is a name in small letters, digits and dashes. */
static bool
is_name(const char *s)
{
	return s[0] != '\0' && s[0] != '-' &&
	    s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

/* Returns whether a source ends in the mark that says how sure it is. */
static bool
is_marked(const char *source)
{
	static const char *const marks[] = { " [V]", " [V-weak]", " [I]" };
	size_t len = strlen(source);

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		size_t n = strlen(marks[i]);

		if (len > n && strcmp(source + len - n, marks[i]) == 0)
			return true;
	}
	return false;
}

static bool
is_sane(int weight)
{
	return weight >= -WEIGHT_MAX && weight <= WEIGHT_MAX;
}

static void
lint_clue(struct lint *l, const struct clue *clue)
{
	const char *name = clue->name;

	if (!is_name(name))
		complaints_add(&l->c,
		    "clue %s: a name is small letters, digits and dashes",
		    name);
	if (!is_name(clue->group))
		complaints_add(&l->c,
		    "clue %s: a group is small letters, digits and dashes: %s",
		    name, clue->group);
	if (!is_sane(clue->weight) || !is_sane(clue->absent))
		complaints_add(&l->c, "clue %s: weights lie within %d and %d",
		    name, -WEIGHT_MAX, WEIGHT_MAX);
	if (clue->reason == NULL)
		complaints_add(&l->c, "clue %s: no reason", name);
	if (clue->source == NULL)
		complaints_add(&l->c, "clue %s: no source", name);
	else if (!is_marked(clue->source))
		complaints_add(&l->c,
		    "clue %s: source does not end in [V], [V-weak] or [I]",
		    name);
}

static void
lint_head(struct lint *l)
{
	const struct fingerprint *f = l->f;

	if (!is_name(f->id))
		complaints_add(&l->c,
		    "the file's name is small letters, digits and dashes");
	if (f->text == NULL)
		complaints_add(&l->c, "no text");
	if (f->prior >= 0 || f->prior < PRIOR_MIN)
		complaints_add(&l->c,
		    "prior lies within %d and -1: before any fact nothing "
		    "may be possible",
		    PRIOR_MIN);
	if (f->sources_len == 0)
		complaints_add(&l->c, "no sources");
	for (size_t i = 0; i < f->sources_len; i++) {
		if (!is_marked(f->sources[i]))
			complaints_add(&l->c,
			    "source does not end in [V], [V-weak] or [I]: "
			    "%.60s",
			    f->sources[i]);
	}
	for (size_t i = 0; i < f->implies_len; i++) {
		if (fingerprints_find(l->all, f->implies[i]) == NULL)
			complaints_add(&l->c,
			    "implies one that is not there: "
			    "%.60s",
			    f->implies[i]);
	}
	if (fingerprints_implies(l->all, f, f->id))
		complaints_add(&l->c, "implies itself, in a circle");
	if (strcmp(f->kind, "toolkit") == 0 && f->maker != NULL)
		complaints_add(&l->c,
		    "a toolkit does not tell who made the device: no maker");
}

/* Returns the largest weight in favour among the clues of clue i's group, or
 * 0 where clue i is not the group's first. */
static int
group_best(const struct fingerprint *f, size_t i)
{
	int best = 0;

	for (size_t j = 0; j < f->clues_len; j++) {
		if (strcmp(f->clues[i].group, f->clues[j].group) != 0)
			continue;
		if (j < i)
			return 0;
		if (f->clues[j].weight > best)
			best = f->clues[j].weight;
	}
	return best;
}

static void
lint_reach(struct lint *l)
{
	int sum = l->f->prior;
	unsigned groups = 0;

	for (size_t i = 0; i < l->f->clues_len; i++) {
		int best = group_best(l->f, i);

		sum += best;
		groups += best > 0;
	}
	if (groups < 2 || sum < CONFIRMED_SUM)
		complaints_add(&l->c,
		    "can never be confirmed: at best %d decibans from %u "
		    "groups, %d from two are needed",
		    sum, groups, CONFIRMED_SUM);
}

static void
lint_examples(struct lint *l)
{
	size_t examples = 0, counters = 0;

	for (size_t i = 0; i < l->f->examples_len; i++) {
		if (l->f->examples[i].is_counter)
			counters++;
		else
			examples++;
	}
	if (examples == 0)
		complaints_add(&l->c, "no example");
	if (counters == 0)
		complaints_add(&l->c, "no counter-example");
}

size_t
fingerprints_lint(
    const struct fingerprints *all, fingerprint_complain *complain, void *arg)
{
	struct lint l = { all, NULL, { complain, arg, NULL, 0 } };

	for (size_t i = 0; i < all->len; i++) {
		l.f = &all->items[i];
		l.c.file = l.f->id;
		lint_head(&l);
		for (size_t j = 0; j < l.f->clues_len; j++)
			lint_clue(&l, &l.f->clues[j]);
		lint_reach(&l);
		lint_examples(&l);
	}
	return l.c.count;
}
