/* SPDX-License-Identifier: ISC */
/*
 * match - clues weighed into verdicts.
 *
 * Each fingerprint is a log-odds sum in decibans: ten decibans are a factor of
 * ten.  The sum is taken first, on the stack; only a verdict that will be
 * shown gets memory, so that matching a whole hospital costs little.  Limits:
 * clues of different groups are taken as independent; it is up to the files
 * to put what has one cause into one group.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fingerprints/condition.h"
#include "fingerprints/match.h"

static const double confirmed_from = 0.99, probable_from = 0.90,
		    possible_from = 0.50;

/* How the clues of one fingerprint fared. */
struct weighing {
	const struct fingerprint *fingerprint;
	int sum;
	unsigned groups;
	double probability;
	enum grade grade;
	enum clue_fate fate[CLUES_MAX];
	int weight[CLUES_MAX];
	bool counted[CLUES_MAX];
};

const char *
grade_text(enum grade grade)
{
	static const char *const names[] = {
		[GRADE_NONE] = "none",
		[GRADE_POSSIBLE] = "possible",
		[GRADE_PROBABLE] = "probable",
		[GRADE_CONFIRMED] = "confirmed",
	};

	return names[grade];
}

static bool
all_met(const struct clue *clue, const struct fact_index *x)
{
	if (!condition_met(&clue->when, x))
		return false;
	for (size_t i = 0; i < clue->also_len; i++) {
		if (!condition_met(&clue->also[i], x))
			return false;
	}
	return true;
}

static bool
was_looked_for(const struct clue *clue, const struct fact_index *x)
{
	for (size_t i = 0; i < clue->looked_len; i++) {
		if (condition_met(&clue->looked[i], x))
			return true;
	}
	if (clue->looked_len > 0 || !condition_asked(&clue->when, x))
		return false;
	for (size_t i = 0; i < clue->also_len; i++) {
		if (!condition_asked(&clue->also[i], x))
			return false;
	}
	return true;
}

static void
weigh_clue(struct weighing *w, size_t i, const struct fact_index *x)
{
	const struct clue *clue = &w->fingerprint->clues[i];

	w->counted[i] = false;
	w->weight[i] = 0;
	if (all_met(clue, x)) {
		w->fate[i] = CLUE_HOLDS;
		w->weight[i] = clue->weight;
	} else if (was_looked_for(clue, x)) {
		w->fate[i] = CLUE_ABSENT;
		w->weight[i] = clue->absent;
	} else {
		w->fate[i] = CLUE_NOT_LOOKED_AT;
	}
}

/* Returns whether clue a counts rather than b, both of one group. */
static bool
outweighs(const struct weighing *w, size_t a, size_t b)
{
	int heavier = abs(w->weight[a]) - abs(w->weight[b]);

	if (w->fate[a] != w->fate[b])
		return w->fate[a] > w->fate[b];
	return heavier != 0 ? heavier > 0 : w->weight[a] < w->weight[b];
}

/* Counts the best clue of each group; best[i] is that of the group whose
 * first clue is i. */
static void
count_groups(struct weighing *w)
{
	const struct fingerprint *f = w->fingerprint;
	size_t best[CLUES_MAX];

	for (size_t i = 0; i < f->clues_len; i++) {
		size_t first = clue_group_first(f->clues, i);

		if (first == i || outweighs(w, i, best[first]))
			best[first] = i;
	}
	for (size_t i = 0; i < f->clues_len; i++) {
		if (clue_group_first(f->clues, i) != i ||
		    w->weight[best[i]] == 0)
			continue;
		w->counted[best[i]] = true;
		w->sum += w->weight[best[i]];
		w->groups += w->weight[best[i]] > 0;
	}
}

static enum grade
grade_of(double probability, unsigned groups)
{
	if (probability >= confirmed_from && groups >= 2)
		return GRADE_CONFIRMED;
	if (probability >= probable_from)
		return GRADE_PROBABLE;
	return probability >= possible_from ? GRADE_POSSIBLE : GRADE_NONE;
}

static void
weigh(
    const struct fingerprint *f, const struct fact_index *x, struct weighing *w)
{
	w->fingerprint = f;
	w->sum = f->prior;
	w->groups = 0;
	for (size_t i = 0; i < f->clues_len; i++)
		weigh_clue(w, i, x);
	count_groups(w);
	w->probability = 1 / (1 + pow(10, -w->sum / 10.0));
	w->grade = grade_of(w->probability, w->groups);
}

/* Writes what stands behind the clue's fate; returns how many facts. */
static size_t
clue_facts(const struct clue *clue, enum clue_fate fate,
    const struct fact_index *x, const struct fact **out, size_t max)
{
	bool is_default = fate == CLUE_ABSENT && clue->looked_len == 0;
	const struct condition *more = clue->also;
	size_t more_len = clue->also_len, n = 0;

	if (fate == CLUE_NOT_LOOKED_AT)
		return 0;
	if (fate == CLUE_ABSENT && !is_default) {
		more = clue->looked;
		more_len = clue->looked_len;
	} else {
		n = condition_facts(&clue->when, x, is_default, out, max);
	}
	for (size_t i = 0; i < more_len; i++) {
		size_t room = n < max ? max - n : 0;

		n += condition_facts(
		    &more[i], x, is_default, room > 0 ? out + n : NULL, room);
	}
	return n;
}

static bool
fill_clue(struct clue_result *r, const struct weighing *w, size_t i,
    const struct fact_index *x)
{
	const struct clue *clue = &w->fingerprint->clues[i];

	r->clue = clue;
	r->fate = w->fate[i];
	r->weight = w->weight[i];
	r->counted = w->counted[i];
	r->facts_len = clue_facts(clue, r->fate, x, NULL, 0);
	if (r->facts_len == 0)
		return true;
	r->facts = malloc(r->facts_len * sizeof(*r->facts));
	if (r->facts == NULL)
		return false;
	clue_facts(clue, r->fate, x, r->facts, r->facts_len);
	return true;
}

static bool
fill_verdict(
    struct verdict *out, const struct weighing *w, const struct fact_index *x)
{
	*out = (struct verdict){
		.fingerprint = w->fingerprint,
		.grade = w->grade,
		.probability = w->probability,
		.sum = w->sum,
		.groups = w->groups,
	};
	out->clues = calloc(w->fingerprint->clues_len + 1, sizeof(*out->clues));
	if (out->clues == NULL)
		return false;
	out->clues_len = w->fingerprint->clues_len;
	for (size_t i = 0; i < out->clues_len; i++) {
		if (!fill_clue(&out->clues[i], w, i, x)) {
			verdict_clear(out);
			return false;
		}
	}
	return true;
}

void
verdict_clear(struct verdict *v)
{
	for (size_t i = 0; i < v->clues_len; i++)
		free(v->clues[i].facts);
	free(v->clues);
	memset(v, 0, sizeof(*v));
}

bool
match_one(const struct fingerprint *f, const struct fact *const *facts,
    size_t n, struct verdict *out)
{
	struct fact_index x;
	struct weighing w;
	bool ok;

	memset(out, 0, sizeof(*out));
	if (!fact_index_build(&x, facts, n))
		return false;
	weigh(f, &x, &w);
	ok = fill_verdict(out, &w, &x);
	fact_index_clear(&x);
	return ok;
}

/* What ordering needs of a weighing; the rest is weighed again when shown. */
struct candidate {
	const struct fingerprint *fingerprint;
	enum grade grade;
	int depth; /* fingerprint_depth() */
	int sum;
	unsigned groups;
};

static int
candidate_compare(const void *pa, const void *pb)
{
	const struct candidate *a = pa, *b = pb;

	if (a->grade != b->grade)
		return a->grade > b->grade ? -1 : 1;
	if (a->depth != b->depth)
		return a->depth > b->depth ? 1 : -1;
	if (a->sum != b->sum)
		return a->sum > b->sum ? -1 : 1;
	if (a->groups != b->groups)
		return a->groups > b->groups ? -1 : 1;
	return strcmp(a->fingerprint->id, b->fingerprint->id);
}

static bool
has_key(const struct condition *c, const struct fact_index *x)
{
	return x->first[c->key] != x->first[c->key + 1];
}

/* Without a fact under each of its keys a clue cannot hold. */
static bool
may_hold(const struct clue *clue, const struct fact_index *x)
{
	if (!has_key(&clue->when, x))
		return false;
	for (size_t i = 0; i < clue->also_len; i++) {
		if (!has_key(&clue->also[i], x))
			return false;
	}
	return true;
}

void
match_prepare(struct fingerprint *f)
{
	f->best_without = f->prior;
	f->hopes = (struct key_set){ 0 };
	for (size_t i = 0; i < f->clues_len; i++) {
		enum fact_key key = f->clues[i].when.key;

		if (f->clues[i].absent > 0)
			f->best_without += f->clues[i].absent;
		if (f->clues[i].weight > 0 && key < FACT_KEYS)
			f->hopes.words[key / 64] |= UINT64_C(1) << key % 64;
	}
	f->is_prepared = true;
}

static bool
has_hope(const struct fingerprint *f, const struct fact_index *x)
{
	uint64_t common = 0;

	if (!f->is_prepared || f->best_without >= 0)
		return true;
	for (size_t i = 0; i < KEY_SET_WORDS; i++)
		common |= f->hopes.words[i] & x->keys.words[i];
	return common != 0;
}

/* Could it come to even odds at best?  Most fingerprints cannot for most hosts,
 * of which next to nothing is known. */
static bool
may_match(const struct fingerprint *f, const struct fact_index *x)
{
	int best = f->prior;

	if (!has_hope(f, x))
		return false;
	for (size_t i = 0; i < f->clues_len && best < 0; i++) {
		int weight = f->clues[i].weight, absent = f->clues[i].absent;

		if (weight > 0 && may_hold(&f->clues[i], x))
			best += weight;
		if (absent > 0)
			best += absent;
	}
	return best >= 0;
}

/* Returns how many candidates there are; c has room for all fingerprints. */
static size_t
find_candidates(const struct fingerprints *all, const struct fact_index *x,
    struct candidate *c)
{
	struct weighing w;
	size_t n = 0;

	for (size_t i = 0; i < all->len; i++) {
		if (!may_match(&all->items[i], x))
			continue;
		weigh(&all->items[i], x, &w);
		if (w.grade == GRADE_NONE)
			continue;
		c[n].fingerprint = &all->items[i];
		c[n].grade = w.grade;
		c[n].depth = fingerprint_depth(&all->items[i]);
		c[n].sum = w.sum;
		c[n++].groups = w.groups;
	}
	qsort(c, n, sizeof(*c), candidate_compare);
	return n;
}

/* Returns whether a special case of c[i] waits behind it. */
static bool
must_wait(const struct fingerprints *all, const struct candidate *c, size_t n,
    size_t i)
{
	for (size_t j = i + 1; j < n; j++) {
		if (c[j].grade >= GRADE_PROBABLE && c[j].grade >= c[i].grade &&
		    fingerprints_implies(
			all, c[j].fingerprint, c[i].fingerprint->id))
			return true;
	}
	return false;
}

/* Moves to place at the first of the rest that need not wait. */
static void
bring_forward(
    const struct fingerprints *all, struct candidate *c, size_t n, size_t at)
{
	struct candidate next;
	size_t i = at;

	while (i < n && must_wait(all, c, n, i))
		i++;
	if (i == at || i == n)
		return;
	next = c[i];
	memmove(&c[at + 1], &c[at], (i - at) * sizeof(*c));
	c[at] = next;
}

size_t
match_all(const struct fingerprints *all, const struct fact *const *facts,
    size_t n, struct verdict *out, size_t max)
{
	struct candidate *c = NULL;
	struct fact_index x;
	struct weighing w;
	size_t candidates, written = 0;

	if (all == NULL || !fact_index_build(&x, facts, n))
		return 0;
	c = malloc((all->len + 1) * sizeof(*c));
	if (c == NULL)
		goto out;
	candidates = find_candidates(all, &x, c);
	for (; written < candidates && written < max; written++) {
		bring_forward(all, c, candidates, written);
		weigh(c[written].fingerprint, &x, &w);
		if (!fill_verdict(&out[written], &w, &x))
			break;
	}
out:
	free(c);
	fact_index_clear(&x);
	return written;
}
