/* SPDX-License-Identifier: ISC */
/* judge - a fingerprint against an asset: match, mismatch, or what is missing. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "scanner/verify/judge.h"

/*
 * Decibans of what was said: from here on a host that nothing else explains
 * is not what was expected.  20 are a hundred to one, before the prior.
 */
enum { SAID_AGAINST = -20 };

/* A beacon every 120 s, and a little patience. */
static const double beacon_s = 130;

const char *
verify_state_text(enum verify_state state)
{
	static const char *const names[] = {
		[VERIFY_MATCH] = "match",
		[VERIFY_MISMATCH] = "mismatch",
		[VERIFY_ABSENT] = "absent",
		[VERIFY_CANNOT_SAY] = "cannot say",
	};

	return names[state];
}

/* --- who excludes whom ------------------------------------------------------ */

static bool
is_kind(const struct fingerprint *f, const char *kind)
{
	return strcmp(f->kind, kind) == 0;
}

static bool
implies(const struct fingerprints *all, const struct fingerprint *special,
    const struct fingerprint *general)
{
	return fingerprints_implies(all, special, general->id);
}

/* One is a case of the other, or some third thing is both. */
static bool
go_together(const struct fingerprints *all, const struct fingerprint *a,
    const struct fingerprint *b)
{
	if (a == b || implies(all, a, b) || implies(all, b, a))
		return true;
	for (size_t i = 0; i < all->len; i++)
		if (implies(all, &all->items[i], a) &&
		    implies(all, &all->items[i], b))
			return true;
	return false;
}

/* Does it run on something else than this operating system? */
static bool
runs_on_another(const struct fingerprints *all, const struct fingerprint *f,
    const struct fingerprint *system)
{
	for (size_t i = 0; i < all->len; i++) {
		const struct fingerprint *own = &all->items[i];

		if (is_kind(own, "host") && implies(all, f, own) &&
		    !go_together(all, own, system))
			return true;
	}
	return false;
}

bool
judge_is_rival(const struct fingerprints *all,
    const struct fingerprint *expected, const struct fingerprint *other)
{
	if (go_together(all, expected, other))
		return false;
	if (is_kind(other, "host"))
		return is_kind(expected, "host") ||
		    runs_on_another(all, expected, other);
	/* What a device runs or is built on says little of what it is not. */
	if (is_kind(other, "toolkit") || is_kind(other, "infrastructure"))
		return false;
	if (is_kind(other, "server") && other->maker == NULL)
		return is_kind(expected, "printer") ||
		    is_kind(expected, "trap");
	return !is_kind(expected, "host") && !is_kind(expected, "toolkit");
}

/* --- what was said, and what was not ----------------------------------------- */

/* Does the fact only tell that nothing came? */
static bool
is_silence(const struct fact *f)
{
	switch (f->key) {
	case FACT_LISTEN_SECONDS:
	case FACT_PORTS_FILTERED:
		return true;
	case FACT_PORT_STATE:
		return port_state_find(f->value) != PORT_OPEN &&
		    port_state_find(f->value) != PORT_CLOSED;
	default:
		return false;
	}
}

/* Is a clue absent only for want of an answer? */
static bool
is_by_silence(const struct clue_result *r)
{
	if (r->fate != CLUE_ABSENT)
		return false;
	for (size_t i = 0; i < r->facts_len; i++)
		if (!is_silence(r->facts[i]))
			return false;
	return true;
}

static void
sum_up(struct judgement *j)
{
	for (size_t i = 0; i < j->verdict.clues_len; i++) {
		const struct clue_result *r = &j->verdict.clues[i];

		if (!r->counted)
			continue;
		if (r->weight > 0)
			j->in_favour += r->weight;
		else if (!is_by_silence(r))
			j->said_against += r->weight;
	}
}

/* Returns whether the group of a clue is decided by another already. */
static bool
is_decided(const struct verdict *v, const struct clue *clue)
{
	for (size_t i = 0; i < v->clues_len; i++) {
		const struct clue_result *r = &v->clues[i];

		if (r->counted && !is_by_silence(r) &&
		    strcmp(r->clue->group, clue->group) == 0 &&
		    (r->weight < 0 || r->weight >= clue->weight))
			return true;
	}
	return false;
}

/* Keeps the list short, heaviest first, one of a group. */
static void
settle_add(struct judgement *j, const struct clue *clue)
{
	size_t at = j->settle_len;

	for (size_t i = 0; i < j->settle_len; i++)
		if (strcmp(j->settle[i]->group, clue->group) == 0) {
			if (j->settle[i]->weight < clue->weight)
				j->settle[i] = clue;
			return;
		}
	while (at > 0 && j->settle[at - 1]->weight < clue->weight)
		at--;
	if (at == JUDGE_SETTLE_MAX)
		return;
	if (j->settle_len < JUDGE_SETTLE_MAX)
		j->settle_len++;
	for (size_t i = j->settle_len - 1; i > at; i--)
		j->settle[i] = j->settle[i - 1];
	j->settle[at] = clue;
}

static void
find_settling(struct judgement *j, const struct fingerprint *expected)
{
	for (size_t i = 0; i < j->verdict.clues_len; i++) {
		const struct clue_result *r = &j->verdict.clues[i];
		bool is_open =
		    r->fate == CLUE_NOT_LOOKED_AT || is_by_silence(r);

		if (is_open && r->clue->weight > 0 &&
		    !is_decided(&j->verdict, r->clue))
			settle_add(j, r->clue);
	}
	/* Nobody answered: everything is open. */
	for (size_t i = 0;
	     j->verdict.fingerprint == NULL && i < expected->clues_len; i++)
		if (expected->clues[i].weight > 0)
			settle_add(j, &expected->clues[i]);
}

/* --- the word ---------------------------------------------------------------- */

static const struct verdict *
best_rival(const struct fingerprints *all, const struct fingerprint *expected,
    const struct asset *asset)
{
	for (size_t i = 0; i < asset->verdicts_len; i++) {
		const struct verdict *v = &asset->verdicts[i];

		if (v->fingerprint != NULL && v->grade >= GRADE_PROBABLE &&
		    judge_is_rival(all, expected, v->fingerprint))
			return v;
	}
	return NULL;
}

/* A special case of what was expected, well recognised. */
static const struct verdict *
special_case(const struct fingerprints *all, const struct fingerprint *expected,
    const struct asset *asset)
{
	for (size_t i = 0; i < asset->verdicts_len; i++) {
		const struct verdict *v = &asset->verdicts[i];

		if (v->fingerprint != NULL && v->grade >= GRADE_PROBABLE &&
		    v->fingerprint != expected &&
		    implies(all, v->fingerprint, expected))
			return v;
	}
	return NULL;
}

static void say(struct judgement *j, enum verify_state state, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

static void
say(struct judgement *j, enum verify_state state, const char *fmt, ...)
{
	va_list args;

	j->state = state;
	va_start(args, fmt);
	vsnprintf(j->reason, sizeof(j->reason), fmt, args);
	va_end(args);
}

static void
weigh_up(struct judgement *j, const struct verdict *special)
{
	const struct verdict *v = &j->verdict, *r = j->rival;

	if (v->grade >= GRADE_PROBABLE && (r == NULL || r->grade <= v->grade))
		say(j, VERIFY_MATCH, "%s as %s", grade_text(v->grade),
		    v->fingerprint->name);
	else if (special != NULL && (r == NULL || r->grade <= special->grade))
		say(j, VERIFY_MATCH, "%s as %s, which is a kind of it",
		    grade_text(special->grade), special->fingerprint->name);
	else if (r != NULL && v->grade >= GRADE_POSSIBLE &&
	    r->grade < GRADE_CONFIRMED)
		say(j, VERIFY_CANNOT_SAY, "%s, and just as well %s as %s",
		    grade_text(v->grade), grade_text(r->grade),
		    r->fingerprint->name);
	else if (r != NULL && v->grade >= GRADE_PROBABLE)
		say(j, VERIFY_CANNOT_SAY, "%s, yet %s as %s",
		    grade_text(v->grade), grade_text(r->grade),
		    r->fingerprint->name);
	else if (r != NULL)
		say(j, VERIFY_MISMATCH, "%s as %s", grade_text(r->grade),
		    r->fingerprint->name);
	else if (j->in_favour + j->said_against <= SAID_AGAINST)
		say(j, VERIFY_MISMATCH,
		    "what it answered speaks against it by %d decibans",
		    -(j->in_favour + j->said_against));
	else if (v->grade == GRADE_POSSIBLE)
		say(j, VERIFY_CANNOT_SAY, "possible, and not more than that");
	else
		say(j, VERIFY_CANNOT_SAY,
		    "it answered, but the evidence is too thin");
}

/* Returns the value of a fact about the host, or NULL. */
static const char *
host_fact(const struct asset *asset, enum fact_key key)
{
	for (size_t i = 0; i < asset->facts_len; i++)
		if (asset->facts[i]->key == key)
			return asset->facts[i]->value;
	return NULL;
}

bool
judge(const struct fingerprints *all, const struct fingerprint *expected,
    const struct asset *asset, struct judgement *out)
{
	*out = (struct judgement){ .state = VERIFY_ABSENT };
	if (asset == NULL || asset->standing == ASSET_SILENT) {
		say(out,
		    asset == NULL || host_fact(asset, FACT_HOST_ALIVE) == NULL
			? VERIFY_ABSENT
			: VERIFY_CANNOT_SAY,
		    asset == NULL ? "silent: nothing there answered"
				  : "it is there, and said nothing");
		find_settling(out, expected);
		return true;
	}
	if (asset->standing == ASSET_EXCLUDED) {
		say(out, VERIFY_CANNOT_SAY, "it was left alone: %s",
		    host_fact(asset, FACT_HOST_EXCLUDED) != NULL
			? host_fact(asset, FACT_HOST_EXCLUDED)
			: "excluded");
		return true;
	}
	if (!match_one(expected, asset->facts, asset->facts_len, &out->verdict))
		return false;
	out->rival = best_rival(all, expected, asset);
	sum_up(out);
	weigh_up(out, special_case(all, expected, asset));
	if (out->state != VERIFY_MATCH)
		find_settling(out, expected);
	if (out->state == VERIFY_CANNOT_SAY &&
	    host_fact(asset, FACT_HOST_HALTED) != NULL)
		say(out, VERIFY_CANNOT_SAY,
		    "looking at it was broken off for its own sake");
	return true;
}

void
judgement_clear(struct judgement *j)
{
	verdict_clear(&j->verdict);
	j->verdict = (struct verdict){ 0 };
}

/* --- how long to listen -------------------------------------------------------- */

static bool
is_heard(const struct condition *c)
{
	const char *key = fact_key_text(c->key);

	return strncmp(key, "advantagenet.", 13) == 0 ||
	    strncmp(key, "listen.", 7) == 0;
}

double
judge_listen_s(const struct fingerprint *f)
{
	double needs = 0;

	for (size_t i = 0; i < f->clues_len; i++) {
		const struct clue *c = &f->clues[i];

		if (c->weight > 0 && is_heard(&c->when))
			needs = beacon_s;
	}
	return needs;
}
