/* SPDX-License-Identifier: ISC */
/*
 * fold_told - verdicts and alerts over what holds now, and what is told.
 *
 * A grade falls, and an alert comes or goes, where something about the device
 * has changed.  Where a run merely learnt more, or less, of it, what we make
 * of it is written down and no event.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/inventory/fold_state.h"

bool
fold_tell(struct fold_state *s, const struct fold_asset *a,
    enum change_kind kind, const char *field, const char *was, const char *now)
{
	const struct run *run = s->fold->run;
	struct store_event e = { .run = s->fold->number,
		.asset = a->row.id,
		.time_ns =
		    run->finished_ns != 0 ? run->finished_ns : run->started_ns,
		.address = a->row.address,
		.mac = a->row.mac };

	snprintf(e.run_id, sizeof(e.run_id), "%s", run->id);
	snprintf(e.site, sizeof(e.site), "%s", a->row.site);
	snprintf(e.name, sizeof(e.name), "%s%s%.180s", a->row.name,
	    a->row.name[0] && a->row.device[0] ? ", " : "", a->row.device);
	snprintf(e.kind, sizeof(e.kind), "%s", change_text(kind));
	snprintf(e.field, sizeof(e.field), "%s", field);
	snprintf(e.was, sizeof(e.was), "%s", was);
	snprintf(e.now, sizeof(e.now), "%s", now);
	s->summary->events++;
	return store_event_add(s->store, &e);
}

/* --- the verdict ------------------------------------------------------------ */

static void
ports_text(const struct asset *now, char out[static STORE_PORTS_MAX])
{
	size_t at = 0;

	out[0] = '\0';
	for (size_t i = 0; i < now->ports_len; i++) {
		char about[ABOUT_TEXT];
		int n;

		if (now->ports[i].state != PORT_OPEN)
			continue;
		about_text(now->ports[i].about, about);
		n = snprintf(out + at, STORE_PORTS_MAX - at, "%s%s",
		    at > 0 ? "," : "", about);
		if (n < 0 || (size_t)n >= STORE_PORTS_MAX - at) {
			out[at] = '\0';
			return;
		}
		at += (size_t)n;
	}
}

static void
alerts_text(const struct asset *now, char out[static STORE_ALERTS])
{
	size_t at = 0;

	out[0] = '\0';
	for (size_t i = 0; i < now->alerts_len; i++) {
		int n = snprintf(out + at, STORE_ALERTS - at, "%s%s",
		    at > 0 ? "\n" : "", now->alerts[i]);

		if (n < 0 || (size_t)n >= STORE_ALERTS - at) {
			out[at] = '\0';
			return;
		}
		at += (size_t)n;
	}
}

static void
fill_verdict(struct store_asset *row, const struct asset *now)
{
	const struct fingerprint *f = asset_fingerprint(now);

	snprintf(row->vendor, sizeof(row->vendor), "%s", now->vendor);
	snprintf(row->standing, sizeof(row->standing), "%s",
	    asset_standing_text(now->standing));
	snprintf(row->fingerprint, sizeof(row->fingerprint), "%s",
	    f != NULL ? f->id : "");
	snprintf(
	    row->device, sizeof(row->device), "%s", f != NULL ? f->name : "");
	snprintf(
	    row->grade, sizeof(row->grade), "%s", grade_text(asset_grade(now)));
	row->probability =
	    now->verdicts_len > 0 ? now->verdicts[0].probability : 0;
	if (now->names_len > 0)
		snprintf(row->name, sizeof(row->name), "%s", now->names[0]);
	ports_text(now, row->ports);
	alerts_text(now, row->alerts);
}

static enum grade
grade_find(const char *s)
{
	for (int g = GRADE_CONFIRMED; g > GRADE_NONE; g--)
		if (strcmp(grade_text((enum grade)g), s) == 0)
			return (enum grade)g;
	return GRADE_NONE;
}

/* The grade that what it was taken for has now. */
static enum grade
grade_of(const struct asset *now, const char *fingerprint)
{
	for (size_t i = 0; i < now->verdicts_len; i++)
		if (now->verdicts[i].fingerprint != NULL &&
		    strcmp(now->verdicts[i].fingerprint->id, fingerprint) == 0)
			return now->verdicts[i].grade;
	return GRADE_NONE;
}

static bool
tell_grade(
    struct fold_state *s, const struct fold_asset *a, const struct asset *now)
{
	const struct store_asset *b = a->before;
	enum grade is = grade_of(now, b->fingerprint);
	const char *was_text, *now_text;

	if (b->fingerprint[0] == '\0' || is >= grade_find(b->grade))
		return true;
	was_text = pool_printf(s->pool, "%s %s", b->grade, b->fingerprint);
	now_text = pool_printf(s->pool, "%s %s", a->row.grade,
	    a->row.fingerprint[0] ? a->row.fingerprint : b->fingerprint);
	return fold_tell(s, a, CHANGE_FELL, "grade", was_text, now_text);
}

struct telling {
	struct fold_state *state;
	const struct fold_asset *asset;
	bool ok;
};

/* That a host was halted is in the run's report: loss can look the same, so
 * it makes no event, neither when it comes nor when it goes. */
static bool
is_of_halt(const char *alert)
{
	static const char end[] = "(by host.halted)";
	size_t len = strlen(alert);

	return len >= sizeof(end) - 1 &&
	    strcmp(alert + len - (sizeof(end) - 1), end) == 0;
}

static void
tell_alert(void *arg, enum change_kind kind, const char *alert)
{
	struct telling *t = arg;
	bool raised = kind == CHANGE_RAISED;

	if (is_of_halt(alert))
		return;

	t->ok = t->ok &&
	    fold_tell(t->state, t->asset, kind, "alert", raised ? "" : alert,
		raised ? alert : "");
}

static bool
weigh_one(struct fold_state *s, struct fold_asset *a, const struct asset *now)
{
	struct telling t = { .state = s, .asset = a, .ok = true };
	struct store_asset before = a->row;
	struct store_verdict v = { .asset = a->row.id, .run = s->fold->number };

	fill_verdict(&a->row, now);
	if (a->is_changed && !a->is_new) {
		if (!tell_grade(s, a, now))
			return false;
		changes_of_alerts(
		    a->before->alerts, a->row.alerts, tell_alert, &t);
	}
	if (memcmp(&before, &a->row, sizeof(before)) != 0)
		t.ok = t.ok && store_asset_put(s->store, &a->row);
	memcpy(v.fingerprint, a->row.fingerprint, sizeof(v.fingerprint));
	memcpy(v.grade, a->row.grade, sizeof(v.grade));
	v.probability = a->row.probability;
	if (strcmp(v.grade, a->before->grade) == 0 &&
	    strcmp(v.fingerprint, a->before->fingerprint) == 0)
		return t.ok;
	return t.ok && store_verdict_note(s->store, &v);
}

static int
compare_address(const void *pa, const void *pb)
{
	const struct asset *a = pa, *b = pb;

	return (a->address > b->address) - (a->address < b->address);
}

static const struct asset *
asset_at(const struct assets *all, uint32_t address)
{
	struct asset key = { .address = address };
	const struct asset *found;

	found = all->len > 0
	    ? bsearch(&key, all->items, all->len, sizeof(key), compare_address)
	    : NULL;
	for (size_t i = 0; i < all->len && found == NULL; i++)
		for (size_t k = 1; k < all->items[i].addresses_len; k++)
			if (all->items[i].addresses[k] == address)
				return &all->items[i];
	return found;
}

bool
fold_weigh(struct fold_state *s)
{
	struct ledger *ledger = ledger_new();
	struct assets *all = NULL;
	bool ok = ledger != NULL;

	for (size_t i = 0; i < s->len && ok; i++)
		if (s->assets[i].met != NULL && s->assets[i].row.address != 0)
			ok = fold_asset_facts(&s->assets[i], ledger);
	if (ok)
		all = assets_build(ledger, s->fold->fingerprints);
	ok = all != NULL;
	for (size_t i = 0; i < s->len && ok; i++) {
		struct fold_asset *a = &s->assets[i];
		const struct asset *now =
		    a->met != NULL ? asset_at(all, a->row.address) : NULL;

		if (now != NULL)
			ok = weigh_one(s, a, now);
	}
	assets_free(all);
	ledger_free(ledger);
	return ok;
}
