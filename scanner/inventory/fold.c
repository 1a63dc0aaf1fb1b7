/* SPDX-License-Identifier: ISC */
/* fold - who was met, what is known of them, who kept silent. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/inventory/fold_state.h"

/* Alive by ARP, or it said something; a host taken to be up is not met. */
static bool
was_met(const struct asset *a)
{
	return mac_is_known(a->mac) || a->standing != ASSET_SILENT;
}

/* --- recognising ----------------------------------------------------------- */

struct meeting {
	const struct asset **assets;
	struct met_device *met;
	struct known_device *known;
	struct recognition *who;
	size_t n, m;
};

static void
meeting_clear(struct meeting *m)
{
	free(m->assets);
	free(m->met);
	free(m->known);
	free(m->who);
}

/* Is it a part of an asset that a person put together of several? */
static bool
is_part_of(const struct fold_asset *a, const struct met_device *d)
{
	bool is_merged = false, has_part = false;

	for (size_t i = 0; i < a->identities_len; i++) {
		is_merged |= a->identities[i].asset != a->row.id;
		for (size_t k = 0; k < d->signs_len; k++)
			has_part |= d->signs[k].kind == a->signs[i].kind &&
			    d->signs[k].kind != IDENTITY_DICOM &&
			    strcmp(d->signs[k].value, a->signs[i].value) == 0;
	}
	return is_merged && has_part;
}

static void
add_signs(struct met_device *to, const struct met_device *from)
{
	for (size_t i = 0; i < from->signs_len && to->signs_len < SIGNS_MAX;
	     i++)
		to->signs[to->signs_len++] = from->signs[i];
}

/* The second of two that are one: its facts go to the first. */
static bool
join_parts(struct meeting *m, size_t first, size_t second)
{
	struct asset *to = (struct asset *)(uintptr_t)m->assets[first];
	const struct asset *from = m->assets[second];
	const struct fact **facts = realloc(
	    to->facts, (to->facts_len + from->facts_len) * sizeof(*facts));

	if (facts == NULL)
		return false;
	to->facts = facts;
	memcpy(facts + to->facts_len, from->facts,
	    from->facts_len * sizeof(*facts));
	to->facts_len += from->facts_len;
	add_signs(&m->met[first], &m->met[second]);
	m->assets[second] = NULL;
	return true;
}

static bool
join_merged(const struct fold_state *s, struct meeting *m)
{
	for (size_t i = 0; i < m->n; i++) {
		long who = m->who[i].who;

		if (who == IDENTITY_NOBODY || m->assets[i] == NULL)
			continue;
		for (size_t k = 0; k < m->n; k++)
			if (m->who[k].who == IDENTITY_NOBODY &&
			    m->assets[k] != NULL &&
			    is_part_of(&s->assets[who], &m->met[k]) &&
			    !join_parts(m, i, k))
				return false;
	}
	return true;
}

static bool
recognise(struct fold_state *s, const struct assets *seen, struct meeting *m)
{
	*m = (struct meeting){ .m = s->len };
	m->assets = calloc(seen->len + 1, sizeof(*m->assets));
	m->met = calloc(seen->len + 1, sizeof(*m->met));
	m->who = calloc(seen->len + 1, sizeof(*m->who));
	m->known = calloc(s->len + 1, sizeof(*m->known));
	if (m->assets == NULL || m->met == NULL || m->who == NULL ||
	    m->known == NULL)
		return false;
	for (size_t i = 0; i < seen->len; i++) {
		if (!was_met(&seen->items[i]))
			continue;
		m->assets[m->n] = &seen->items[i];
		identity_signs(&seen->items[i], &m->met[m->n++]);
	}
	for (size_t i = 0; i < s->len; i++)
		m->known[i] =
		    (struct known_device){ .signs = s->assets[i].signs,
			    .signs_len = s->assets[i].identities_len,
			    .is_gone = s->assets[i].row.is_gone,
			    .was_looked_at = fold_was_looked_at(
				s->fold, s->assets[i].row.address) };
	return identity_recognise(m->known, m->m, m->met, m->n, m->who) &&
	    join_merged(s, m);
}

/* --- identities -------------------------------------------------------------- */

static bool
end_identity(struct fold_state *s, struct store_identity *i)
{
	i->ended_run = s->fold->number;
	return store_identity_put(s->store, i);
}

/* Does the device that was met have this sign? */
static bool
has_sign(const struct met_device *d, enum store_identity_kind kind,
    const char *value)
{
	for (size_t i = 0; i < d->signs_len; i++)
		if (d->signs[i].kind == kind &&
		    (value == NULL || strcmp(d->signs[i].value, value) == 0))
			return true;
	return false;
}

static bool
knows_sign(const struct fold_asset *a, const struct sign *sign)
{
	for (size_t i = 0; i < a->identities_len; i++)
		if (a->identities[i].ended_run == 0 &&
		    a->identities[i].kind == sign->kind &&
		    strcmp(a->identities[i].value, sign->value) == 0)
			return true;
	return false;
}

static bool
add_identity(
    struct fold_state *s, struct fold_asset *a, const struct sign *sign)
{
	struct store_identity i = { .asset = a->row.id,
		.kind = sign->kind,
		.first_run = s->fold->number,
		.last_run = s->fold->number };

	memcpy(i.value, sign->value, sizeof(i.value));
	return store_identity_put(s->store, &i);
}

/* Has it signs of that kind, and none of those it was known by? */
static bool
denies(const struct fold_asset *a, const struct met_device *d,
    enum store_identity_kind kind)
{
	if (!has_sign(d, kind, NULL))
		return false;
	for (size_t i = 0; i < a->identities_len; i++)
		if (a->identities[i].kind == kind &&
		    has_sign(d, kind, a->identities[i].value))
			return false;
	return true;
}

/* What it was not met by stays its own, unless it has another of that kind
 * altogether: a second card, or a second address, may only have kept silent. */
static bool
put_identities(
    struct fold_state *s, struct fold_asset *a, const struct met_device *d)
{
	bool over[IDENTITY_KINDS];

	for (int k = 0; k < IDENTITY_KINDS; k++)
		over[k] = denies(a, d, (enum store_identity_kind)k);
	for (size_t i = 0; i < a->identities_len; i++)
		if (over[a->identities[i].kind] &&
		    !end_identity(s, &a->identities[i]))
			return false;
	for (size_t i = 0; i < d->signs_len; i++)
		if (!knows_sign(a, &d->signs[i]) &&
		    !add_identity(s, a, &d->signs[i]))
			return false;
	return true;
}

/* Addresses met at one device are no longer another's. */
static bool
take_address(
    struct fold_state *s, const struct fold_asset *owner, const char *address)
{
	for (size_t i = 0; i < s->len; i++) {
		struct fold_asset *a = &s->assets[i];

		for (size_t k = 0; k < a->identities_len && a != owner; k++)
			if (a->identities[k].kind == IDENTITY_ADDRESS &&
			    a->identities[k].ended_run == 0 &&
			    strcmp(a->identities[k].value, address) == 0 &&
			    !end_identity(s, &a->identities[k]))
				return false;
	}
	return true;
}

/* --- facts -------------------------------------------------------------------- */

static bool
put_fact(struct fold_state *s, const struct fold_asset *a,
    const struct balance_fact *f)
{
	int64_t run = s->fold->number;
	struct store_fact new = { .asset = a->row.id,
		.first_run = run,
		.last_run = run,
		.first_ns = f->now.time_ns,
		.fact = f->now };

	switch (f->fate) {
	case FACT_STAYS:
		return true;
	case FACT_SEEN:
		return store_fact_seen(s->store, f->id, run, &f->now);
	case FACT_ADDED:
		return store_fact_add(s->store, &new);
	case FACT_ENDED:
		return store_fact_end(s->store, f->id, run);
	case FACT_DROPPED:
		return store_fact_delete(s->store, f->id);
	}
	return false;
}

static bool
put_facts(struct fold_state *s, struct fold_asset *a)
{
	const struct asset *met = a->met;

	if (!fold_state_facts(s, a) ||
	    !balance_make(a->facts, a->ids, a->facts_len, met->facts,
		met->facts_len, met->standing == ASSET_ANSWERED, s->pool,
		&a->balance))
		return false;
	for (size_t i = 0; i < a->balance.facts_len; i++)
		if (!put_fact(s, a, &a->balance.facts[i]))
			return false;
	a->is_changed |= a->balance.changes_len > 0;
	return true;
}

/* --- one that was met ------------------------------------------------------------ */

static const char *
addresses_text(struct fold_state *s, const struct fold_asset *a,
    const struct met_device *d)
{
	const char *list = "";

	for (size_t i = 0; d != NULL && i < d->signs_len; i++)
		if (d->signs[i].kind == IDENTITY_ADDRESS)
			list = pool_printf(s->pool, "%s%s%s", list,
			    *list ? ", " : "", d->signs[i].value);
	for (size_t i = 0; d == NULL && i < a->identities_len; i++)
		if (a->identities[i].kind == IDENTITY_ADDRESS)
			list = pool_printf(s->pool, "%s%s%s", list,
			    *list ? ", " : "", a->identities[i].value);
	return list;
}

/* "asset 12, 08:00:20:01:02:03, NMR1/IC0" */
static const char *
describe(struct fold_state *s, const struct store_asset *row)
{
	char mac[NET_MAC_TEXT];

	return pool_printf(s->pool, "asset %lld%s%s%s%s", (long long)row->id,
	    mac_is_known(row->mac) ? ", " : "",
	    mac_is_known(row->mac) ? mac_text(row->mac, mac) : "",
	    row->name[0] ? ", " : "", row->name);
}

/* Is it at none of its addresses?  It may have lost them to another. */
static bool
has_moved(const struct fold_asset *a, const struct met_device *d)
{
	char was[NET_IPV4_TEXT];

	if (a->before->address == 0 ||
	    has_sign(d, IDENTITY_ADDRESS, ipv4_text(a->before->address, was)))
		return false;
	for (size_t i = 0; i < a->identities_len; i++)
		if (a->identities[i].kind == IDENTITY_ADDRESS &&
		    has_sign(d, IDENTITY_ADDRESS, a->identities[i].value))
			return false;
	return true;
}

/* Back, moved, or back at another address: one event. */
static bool
tell_place(struct fold_state *s, const struct fold_asset *a,
    const struct met_device *d)
{
	enum change_kind kind = a->before->is_gone ? CHANGE_BACK : CHANGE_MOVED;
	char was[NET_IPV4_TEXT];
	const char *list;

	if (!has_moved(a, d))
		return kind == CHANGE_MOVED ||
		    fold_tell(s, a, kind, "", "", "");
	list = addresses_text(s, a, NULL);
	return fold_tell(s, a, kind, "address",
	    *list ? list : ipv4_text(a->before->address, was),
	    addresses_text(s, a, d));
}

static bool
tell_who(struct fold_state *s, struct fold_asset *a, const struct met_device *d,
    const struct recognition *r)
{
	char was[NET_MAC_TEXT], now[NET_MAC_TEXT];

	if (a->is_new && r->displaced != IDENTITY_NOBODY)
		return fold_tell(s, a, CHANGE_REPLACED, "",
		    describe(s, &s->assets[r->displaced].row),
		    describe(s, &a->row));
	if (a->is_new)
		return !s->is_news || fold_tell(s, a, CHANGE_NEW, "", "", "");
	if (!tell_place(s, a, d))
		return false;
	if (!r->has_new_mac)
		return true;
	a->is_changed = true;
	return fold_tell(s, a, CHANGE_CHANGED, "mac",
	    mac_text(a->before->mac, was), mac_text(a->row.mac, now));
}

static bool
tell_fields(struct fold_state *s, const struct fold_asset *a)
{
	if (a->is_new)
		return true;
	for (size_t i = 0; i < a->balance.changes_len; i++) {
		const struct field_change *c = &a->balance.changes[i];

		if (!fold_tell(s, a, CHANGE_CHANGED, c->field, c->was, c->now))
			return false;
	}
	return true;
}

static int64_t
last_time(const struct asset *met)
{
	return met->facts_len > 0 ? met->facts[met->facts_len - 1]->time_ns : 0;
}

/* A card that was only heard takes no known one's place: that it is another is
 * told when ARP has named it. */
static bool
is_its_card(
    const struct met_device *d, const struct store_asset *row, struct mac mac)
{
	char text[NET_MAC_TEXT];

	return mac_is_known(mac) &&
	    (!mac_is_known(row->mac) ||
		has_sign(d, IDENTITY_MAC, mac_text(mac, text)));
}

static void
fill_row(struct fold_state *s, struct fold_asset *a, const struct met_device *d)
{
	const struct asset *met = a->met;
	struct store_asset *row = &a->row;

	if (row->id == 0) {
		snprintf(
		    row->site, sizeof(row->site), "%s", s->fold->run->site);
		row->first_run = s->fold->number;
		row->first_ns = met->facts_len > 0 ? met->facts[0]->time_ns
						   : s->fold->run->started_ns;
	}
	row->address = met->address;
	if (is_its_card(d, row, met->mac))
		row->mac = met->mac;
	row->last_run = s->fold->number;
	row->last_ns = last_time(met);
	row->silent = 0;
	row->doubt = 0;
	row->is_gone = false;
	if (met->names_len > 0 && row->name[0] == '\0')
		snprintf(row->name, sizeof(row->name), "%s", met->names[0]);
}

static bool
meet(struct fold_state *s, const struct meeting *m, size_t i)
{
	const struct recognition *r = &m->who[i];
	const struct met_device *d = &m->met[i];
	struct fold_asset *a =
	    r->who == IDENTITY_NOBODY ? fold_state_add(s) : &s->assets[r->who];

	if (a == NULL)
		return false;
	a->met = m->assets[i];
	a->is_new = r->who == IDENTITY_NOBODY;
	s->summary->met++;
	s->summary->added += a->is_new;
	fill_row(s, a, d);
	if (!store_asset_put(s->store, &a->row) || !tell_who(s, a, d, r) ||
	    !put_identities(s, a, d) || !put_facts(s, a) || !tell_fields(s, a))
		return false;
	if (r->displaced == IDENTITY_NOBODY)
		return true;
	/* It was said who is there now; where the old one went shows when it
	 * is met again. */
	s->assets[r->displaced].was_displaced = true;
	s->assets[r->displaced].row.is_gone |= a->is_new;
	for (size_t k = 0; k < d->signs_len; k++)
		if (d->signs[k].kind == IDENTITY_ADDRESS &&
		    !take_address(s, a, d->signs[k].value))
			return false;
	return true;
}

/* --- one that was not ---------------------------------------------------------------- */

static bool
miss(struct fold_state *s, struct fold_asset *a)
{
	const struct fold *f = s->fold;
	unsigned most = f->silent_runs != 0 ? f->silent_runs : FOLD_SILENT_RUNS;
	char times[32];

	if (!fold_was_looked_at(f, a->row.address)) {
		return !a->was_displaced || store_asset_put(s->store, &a->row);
	}
	if (a->row.silent < 1000000)
		a->row.silent++;
	a->row.doubt += fold_loss_doubt(s, a);
	snprintf(times, sizeof(times), "silent in %u runs", a->row.silent);
	if (a->row.silent >= most && a->row.doubt >= 2.0 * most &&
	    !a->row.is_gone) {
		a->row.is_gone = true;
		if (!fold_tell(s, a, CHANGE_GONE, "", "", times))
			return false;
	}
	return store_asset_put(s->store, &a->row);
}

/* --- all --------------------------------------------------------------------------- */

static bool
fold_assets(struct fold_state *s, const struct assets *seen)
{
	struct meeting m;
	bool ok = recognise(s, seen, &m);

	for (size_t i = 0; i < m.n && ok; i++)
		if (m.who[i].who != IDENTITY_NOBODY)
			s->assets[m.who[i].who].met = m.assets[i];
	fold_loss_count(s);
	ok = ok && fold_loss_news(s);
	for (size_t i = 0; i < m.n && ok; i++)
		ok = m.assets[i] == NULL || meet(s, &m, i);
	for (size_t i = 0; i < s->len && ok; i++)
		if (s->assets[i].met == NULL)
			ok = miss(s, &s->assets[i]);
	meeting_clear(&m);
	return ok && fold_weigh(s);
}

/* For the trend: what this run found, by what is known of it now. */
static bool
note_found(struct fold_state *s)
{
	size_t recognised = 0, alerted = 0;

	for (size_t i = 0; i < s->len; i++) {
		const struct store_asset *row = &s->assets[i].row;

		if (s->assets[i].met == NULL)
			continue;
		recognised +=
		    strcmp(row->grade, grade_text(GRADE_CONFIRMED)) == 0 ||
		    strcmp(row->grade, grade_text(GRADE_PROBABLE)) == 0;
		alerted += row->alerts[0] != '\0';
	}
	return store_run_found(
	    s->store, s->fold->number, s->summary->met, recognised, alerted);
}

static bool
fold_all(struct fold_state *s)
{
	static const struct fingerprints none;
	const struct fold *f = s->fold;
	struct assets *seen;
	bool ok;

	if (!fold_state_load(s, f->run->site))
		return false;
	seen = assets_build(f->ledger, &none);
	if (seen == NULL)
		return false;
	ok = fold_assets(s, seen) &&
	    store_run_end(s->store, f->number, f->run, true) &&
	    store_run_loss(s->store, f->number, s->awaited, s->missed) &&
	    note_found(s) &&
	    (f->is_partial || store_pending_drop(s->store, f->number));
	assets_free(seen);
	return ok;
}

bool
fold_run(struct store *store, const struct fold *fold, struct fold_summary *out)
{
	struct fold_state s = { .store = store, .fold = fold, .summary = out };
	bool ok;

	*out = (struct fold_summary){ 0 };
	if (!store_begin(store))
		return false;
	ok = fold_all(&s);
	fold_state_clear(&s);
	if (ok)
		return store_commit(store);
	store_rollback(store);
	return false;
}
