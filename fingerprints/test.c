/* SPDX-License-Identifier: ISC */
/*
 * test - fingerprints against their own examples, and against each other.
 *
 * An example that its own file confirms must leave every rival unconfirmed:
 * two different devices cannot both be certain.  What one device can be at once
 * (an NIS server and a DICOM node, because a console is both) is no rival, nor
 * is an operating system or a toolkit to a device, for devices are made of them.
 */
#include <stdlib.h>
#include <string.h>

#include "fingerprints/match.h"
#include "fingerprints/raw.h"

struct trial {
	const struct fingerprints *all;
	const struct fingerprint *f;
	const struct example *e;
	const struct fact *
	    *facts; /* the example's, as the matcher takes them */
	struct complaints c;
};

/* Returns whether some third one is a special case of both. */
static bool
has_common_case(const struct fingerprints *all, const struct fingerprint *a,
    const struct fingerprint *b)
{
	for (size_t i = 0; i < all->len; i++) {
		if (fingerprints_implies(all, &all->items[i], a->id) &&
		    fingerprints_implies(all, &all->items[i], b->id))
			return true;
	}
	return false;
}

/* Returns whether both may be certain of one asset. */
static bool
may_agree(const struct fingerprints *all, const struct fingerprint *a,
    const struct fingerprint *b)
{
	return a == b || fingerprint_depth(a) != fingerprint_depth(b) ||
	    fingerprints_implies(all, a, b->id) ||
	    fingerprints_implies(all, b, a->id) || has_common_case(all, a, b);
}

static bool
check_own(struct trial *r, enum grade *grade)
{
	struct verdict v;

	if (!match_one(r->f, r->facts, r->e->facts_len, &v)) {
		complaints_add(&r->c, "out of memory");
		return false;
	}
	*grade = v.grade;
	if (v.grade < r->e->lowest || v.grade > r->e->highest)
		complaints_add(&r->c,
		    "%s %s: %s expected, %s found: sum %d from %u groups",
		    r->e->is_counter ? "counter-example" : "example",
		    r->e->name, r->e->expect, grade_text(v.grade), v.sum,
		    v.groups);
	verdict_clear(&v);
	return true;
}

static void
check_rivals(struct trial *r)
{
	struct verdict v;

	for (size_t i = 0; i < r->all->len; i++) {
		const struct fingerprint *rival = &r->all->items[i];

		if (may_agree(r->all, r->f, rival))
			continue;
		if (!match_one(rival, r->facts, r->e->facts_len, &v)) {
			complaints_add(&r->c, "out of memory");
			return;
		}
		if (v.grade == GRADE_CONFIRMED)
			complaints_add(&r->c,
			    "example %s: %s is confirmed by it as well, sum %d",
			    r->e->name, rival->id, v.sum);
		verdict_clear(&v);
	}
}

/* Returns whether the example turned out as it says. */
static bool
check_example(struct trial *r)
{
	size_t before = r->c.count;
	enum grade grade = GRADE_NONE;

	r->facts = malloc((r->e->facts_len + 1) * sizeof(*r->facts));
	if (r->facts == NULL) {
		complaints_add(&r->c, "out of memory");
		return false;
	}
	for (size_t i = 0; i < r->e->facts_len; i++)
		r->facts[i] = &r->e->facts[i];
	if (check_own(r, &grade) && grade == GRADE_CONFIRMED)
		check_rivals(r);
	free(r->facts);
	r->facts = NULL;
	return r->c.count == before;
}

size_t
fingerprints_test(const struct fingerprints *all,
    fingerprint_complain *complain, void *arg, size_t *failed)
{
	struct trial r = { all, NULL, NULL, NULL, { complain, arg, NULL, 0 } };
	size_t n = 0;

	*failed = 0;
	for (size_t i = 0; i < all->len; i++) {
		r.f = &all->items[i];
		r.c.file = r.f->id;
		for (size_t j = 0; j < r.f->examples_len; j++, n++) {
			r.e = &r.f->examples[j];
			if (!check_example(&r))
				(*failed)++;
		}
	}
	return n;
}
