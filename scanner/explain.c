/* SPDX-License-Identifier: ISC */
/*
 * explain - why a host is, or is not, taken for something.
 *
 * Facts are read back from a run's own files, so nothing is asked of anybody.
 * What would confirm is found group by group: the heaviest clue nobody looked
 * at, in favour, instead of what counts now.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/json_read.h"
#include "reports/ndjson.h"
#include "reports/view.h"
#include "scanner/derive.h"
#include "scanner/explain.h"
#include "scanner/limits.h"
#include "scanner/log.h"
#include "scanner/options.h"

enum { CONFIRMED_SUM = 20, CONFIRMED_GROUPS = 2 };

static bool
keep_all(const void *arg, struct fact *fact)
{
	(void)arg;
	(void)fact;
	return true;
}

_Static_assert((int)NDJSON_ERROR == (int)JSON_READ_ERROR, "one room for both");

/* Fills the ledger from either kind of file. */
static bool
facts_read(const char *file, const uint32_t *address, struct ledger *ledger)
{
	char error[NDJSON_ERROR]; /* JSON_READ_ERROR is as much */
	bool is_report = false, torn;

	if (address != NULL &&
	    json_read_host(file, *address, ledger, &is_report, error))
		return true;
	if (!is_report &&
	    ndjson_read_facts(file, ledger, keep_all, NULL, &torn, error))
		return true;
	log_error("fingerprints", "%s", error);
	return false;
}

static const struct asset *
asset_with(const struct assets *all, uint32_t address)
{
	for (size_t i = 0; i < all->len; i++)
		for (size_t j = 0; j < all->items[i].addresses_len; j++)
			if (all->items[i].addresses[j] == address)
				return &all->items[i];
	return NULL;
}

/* Returns the asset to be explained, or NULL after one line. */
static const struct asset *
asset_choose(
    const struct assets *all, const uint32_t *address, const char *file)
{
	const struct asset *a = NULL;

	if (address != NULL)
		a = asset_with(all, *address);
	else if (all->len == 1)
		a = &all->items[0];
	else
		log_error("fingerprints",
		    "%s has %zu hosts: name one, in front of the fingerprint",
		    file, all->len);
	if (address != NULL && a == NULL)
		log_error("fingerprints", "%s has no such host", file);
	return a;
}

static void
print_facts(const struct clue_result *r)
{
	char about[ABOUT_TEXT], where[VIEW_EVIDENCE];

	for (size_t i = 0; i < r->facts_len; i++) {
		const struct fact *f = r->facts[i];

		printf("          %s %s = %s (%s)\n",
		    about_text(f->about, about), fact_key_text(f->key),
		    f->value, view_evidence(&f->evidence, where));
	}
}

static void
print_clue(const struct clue_result *r, int weight)
{
	char needs[VIEW_CONDITION];

	printf("  %+4d dB  %s (group %s)\n", weight, r->clue->name,
	    r->clue->group);
	if (r->fate == CLUE_NOT_LOOKED_AT)
		printf("          needs %s\n          %s.\n",
		    view_condition(&r->clue->when, needs),
		    view_settles(r->clue));
	else
		print_facts(r);
	printf(
	    "          %s\n", r->clue->reason != NULL ? r->clue->reason : "");
}

enum part {
	PART_FOR = 0, /* counted, in favour */
	PART_AGAINST, /* counted, against */
	PART_LESSER,  /* a better clue of its group counts instead */
	PART_NOTHING, /* looked for, not there, and that weighs nothing */
	PART_UNKNOWN,
	PARTS
};

static enum part
part_of(const struct clue_result *r)
{
	if (r->fate == CLUE_NOT_LOOKED_AT)
		return PART_UNKNOWN;
	if (r->counted)
		return r->weight > 0 ? PART_FOR : PART_AGAINST;
	return r->weight == 0 ? PART_NOTHING : PART_LESSER;
}

static void
print_parts(const struct verdict *v)
{
	static const char *const heads[PARTS] = {
		[PART_FOR] = "What counted in favour:",
		[PART_AGAINST] = "What spoke against:",
		[PART_LESSER] =
		    "What holds, but a clue of the same group outweighs it:",
		[PART_NOTHING] = "What was looked for and is not there, which "
				 "weighs nothing:",
		[PART_UNKNOWN] = "What was not looked at, and would add:",
	};

	for (int part = 0; part < PARTS; part++) {
		bool has_head = false;

		for (size_t i = 0; i < v->clues_len; i++) {
			const struct clue_result *r = &v->clues[i];

			if ((int)part_of(r) != part)
				continue;
			if (!has_head)
				printf("\n%s\n", heads[part]);
			has_head = true;
			print_clue(r,
			    part == PART_UNKNOWN ? r->clue->weight : r->weight);
		}
	}
}

/* What one group could still add by a clue nobody looked at. */
struct gain {
	const struct clue *clue;
	int more;
	bool is_new; /* the group counts nothing in favour yet */
};

static int
gain_compare(const void *pa, const void *pb)
{
	const struct gain *a = pa, *b = pb;

	return b->more - a->more;
}

/* Returns how many gains there are, the largest first. */
static size_t
gains_find(const struct verdict *v, struct gain gains[static CLUES_MAX])
{
	int counted[CLUES_MAX] = { 0 };
	const struct clue *best[CLUES_MAX] = { NULL };
	const struct clue *all = v->fingerprint->clues;
	size_t n = 0;

	for (size_t i = 0; i < v->clues_len; i++) {
		size_t group = clue_group_first(all, i);

		if (v->clues[i].counted)
			counted[group] = v->clues[i].weight;
		if (v->clues[i].fate == CLUE_NOT_LOOKED_AT &&
		    all[i].weight > 0 &&
		    (best[group] == NULL ||
			all[i].weight > best[group]->weight))
			best[group] = &all[i];
	}
	for (size_t i = 0; i < v->clues_len; i++) {
		/* a clue that holds against stays, unless outweighed */
		if (best[i] == NULL || best[i]->weight <= abs(counted[i]))
			continue;
		gains[n++] = (struct gain){ best[i],
			best[i]->weight - counted[i], counted[i] <= 0 };
	}
	qsort(gains, n, sizeof(*gains), gain_compare);
	return n;
}

static void
print_would(const struct verdict *v)
{
	struct gain gains[CLUES_MAX];
	size_t n = gains_find(v, gains), used = 0;
	unsigned groups = v->groups;
	int sum = v->sum;

	if (v->grade == GRADE_CONFIRMED)
		return;
	while (used < n && (sum < CONFIRMED_SUM || groups < CONFIRMED_GROUPS)) {
		sum += gains[used].more;
		groups += gains[used++].is_new;
	}
	printf("\nWhat would have confirmed it (%d dB from %d groups):\n",
	    CONFIRMED_SUM, CONFIRMED_GROUPS);
	if (sum < CONFIRMED_SUM || groups < CONFIRMED_GROUPS) {
		printf("  nothing that was not looked at: at best %+d dB from "
		       "%u groups\n",
		    sum, groups);
		return;
	}
	for (size_t i = 0; i < used; i++)
		printf("  %s%s: %+d dB more\n", i > 0 ? "and " : "",
		    gains[i].clue->name, gains[i].more);
	printf("  then %+d dB from %u groups\n", sum, groups);
}

static void
print_verdict(const struct asset *a, const struct verdict *v)
{
	char ip[NET_IPV4_TEXT], percent[VIEW_NUMBER];

	printf("%s, weighed as %s (%s): %s, %s\n", ipv4_text(a->address, ip),
	    v->fingerprint->id, v->fingerprint->name, grade_text(v->grade),
	    view_percent(v->probability, percent));
	printf("prior %+d dB, sum %+d dB, %u group%s in favour\n",
	    v->fingerprint->prior, v->sum, v->groups,
	    v->groups == 1 ? "" : "s");
	print_parts(v);
	print_would(v);
}

static int
explain_asset(const struct asset *a, const struct fingerprint *f)
{
	struct verdict v;

	if (!match_one(f, a->facts, a->facts_len, &v)) {
		log_error("fingerprints", "out of memory");
		return EXIT_USAGE;
	}
	print_verdict(a, &v);
	verdict_clear(&v);
	return EXIT_DONE;
}

static int
explain_ledger(struct ledger *ledger, const struct fingerprint *f,
    const uint32_t *address, const char *file)
{
	struct assets *all;
	const struct asset *a;
	int code = EXIT_USAGE;

	derive_all(ledger); /* of a run that was cut short */
	all = assets_build(ledger, NULL);
	if (all == NULL) {
		log_error("fingerprints", "out of memory");
		return EXIT_USAGE;
	}
	a = asset_choose(all, address, file);
	if (a != NULL)
		code = explain_asset(a, f);
	assets_free(all);
	return code;
}

int
explain_run(const struct fingerprints *fingerprints, const char *file,
    const char *host, const char *id)
{
	const struct fingerprint *f = fingerprints_find(fingerprints, id);
	struct ledger *ledger;
	uint32_t address = 0;
	int code = EXIT_USAGE;

	if (f == NULL) {
		log_error("fingerprints",
		    "no '%s'; `gantry fingerprints list` names them", id);
		return EXIT_USAGE;
	}
	if (host != NULL && !ipv4_parse(host, &address)) {
		log_error("fingerprints", "'%s' is no IPv4 address", host);
		return EXIT_USAGE;
	}
	ledger = ledger_new();
	if (ledger == NULL) {
		log_error("fingerprints", "out of memory");
		return EXIT_USAGE;
	}
	if (facts_read(file, host != NULL ? &address : NULL, ledger))
		code = explain_ledger(
		    ledger, f, host != NULL ? &address : NULL, file);
	ledger_free(ledger);
	return code;
}
