/* SPDX-License-Identifier: ISC */
/* fold_state - one site of the inventory, read into memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/inventory/fold_state.h"

enum { FOLD_NEW = 64 };

/* Makes room for one more of size bytes; false when memory is out. */
static bool
grow(void *list, size_t len, size_t *room, size_t size)
{
	size_t wanted = *room == 0 ? 4 : *room * 2;
	void *more;

	if (len < *room)
		return true;
	more = realloc(*(void **)list, wanted * size);
	if (more == NULL)
		return false;
	*(void **)list = more;
	*room = wanted;
	return true;
}

struct fold_asset *
fold_state_add(struct fold_state *s)
{
	static const struct store_asset nothing;
	struct fold_asset *a;

	if (!grow(&s->assets, s->len, &s->room, sizeof(*s->assets)))
		return NULL;
	a = &s->assets[s->len++];
	*a = (struct fold_asset){ .before = &nothing };
	return a;
}

/* --- assets ------------------------------------------------------------ */

struct loading {
	struct fold_state *state;
	struct store_asset *rows; /* all of the site */
	size_t len, room;
	bool ok;
};

static bool
take_row(void *arg, const struct store_asset *row)
{
	struct loading *l = arg;

	if (!grow(&l->rows, l->len, &l->room, sizeof(*l->rows)))
		return l->ok = false;
	l->rows[l->len++] = *row;
	return true;
}

static int
compare_place(const void *pa, const void *pb)
{
	const struct fold_place *a = pa, *b = pb;

	return (a->id > b->id) - (a->id < b->id);
}

static struct fold_place *
place_of(const struct fold_state *s, int64_t id)
{
	struct fold_place key = { .id = id };

	if (s->places_len == 0)
		return NULL;
	return bsearch(
	    &key, s->places, s->places_len, sizeof(key), compare_place);
}

static const struct store_asset *
row_of(const struct loading *l, int64_t id)
{
	for (size_t i = 0; i < l->len; i++)
		if (l->rows[i].id == id)
			return &l->rows[i];
	return NULL;
}

/* Who it is in the end; a circle, or one that is not there, ends at itself. */
static int64_t
root_of(const struct loading *l, const struct store_asset *row)
{
	const struct store_asset *r = row;

	for (int steps = 0; steps < 16 && r->merged_into != 0; steps++) {
		const struct store_asset *next = row_of(l, r->merged_into);

		if (next == NULL)
			return row->id;
		r = next;
	}
	return r->merged_into == 0 ? r->id : row->id;
}

static bool
place_all(struct fold_state *s, const struct loading *l)
{
	s->places = calloc(l->len + 1, sizeof(*s->places));
	/* At once, since they are large; a few more will be new. */
	s->assets = malloc((l->len + FOLD_NEW) * sizeof(*s->assets));
	if (s->places == NULL || s->assets == NULL)
		return false;
	s->room = l->len + FOLD_NEW;
	for (size_t i = 0; i < l->len; i++) {
		struct fold_asset *a;

		if (l->rows[i].merged_into != 0 &&
		    root_of(l, &l->rows[i]) != l->rows[i].id)
			continue;
		a = fold_state_add(s);
		if (a == NULL)
			return false;
		a->row = l->rows[i];
		a->before = &l->rows[i];
		s->places[s->places_len++] =
		    (struct fold_place){ .id = a->row.id, .at = s->len - 1 };
	}
	qsort(s->places, s->places_len, sizeof(*s->places), compare_place);
	return true;
}

static bool
place_merged(struct fold_state *s, const struct loading *l)
{
	size_t roots = s->places_len;

	for (size_t i = 0; i < l->len; i++) {
		struct fold_place key = { .id = root_of(l, &l->rows[i]) };
		const struct fold_place *root;

		if (l->rows[i].merged_into == 0 || key.id == l->rows[i].id)
			continue;
		root =
		    bsearch(&key, s->places, roots, sizeof(key), compare_place);
		if (root != NULL)
			s->places[s->places_len++] =
			    (struct fold_place){ .id = l->rows[i].id,
				    .at = root->at };
	}
	qsort(s->places, s->places_len, sizeof(*s->places), compare_place);
	return true;
}

/* --- what they are known by, and their facts ------------------------------ */

static bool
take_identity(void *arg, const struct store_identity *identity)
{
	struct loading *l = arg;
	struct fold_place *place = place_of(l->state, identity->asset);
	struct fold_asset *a;

	if (place == NULL)
		return true;
	a = &l->state->assets[place->at];
	if (!grow(&a->identities, a->identities_len, &a->identities_room,
		sizeof(*a->identities)))
		return l->ok = false;
	a->identities[a->identities_len++] = *identity;
	return true;
}

static bool
make_signs(struct fold_state *s)
{
	for (size_t i = 0; i < s->len; i++) {
		struct fold_asset *a = &s->assets[i];

		a->signs = calloc(a->identities_len + 1, sizeof(*a->signs));
		if (a->signs == NULL)
			return false;
		for (size_t k = 0; k < a->identities_len; k++) {
			a->signs[k].kind = a->identities[k].kind;
			memcpy(a->signs[k].value, a->identities[k].value,
			    sizeof(a->signs[k].value));
		}
	}
	return true;
}

/* The fact and, behind it, its value. */
static struct fact *
copy_fact(const struct fact *f)
{
	size_t len = strlen(f->value) + 1;
	struct fact *copy = malloc(sizeof(*copy) + len);

	if (copy == NULL)
		return NULL;
	*copy = *f;
	copy->value = memcpy(copy + 1, f->value, len);
	return copy;
}

static bool
keep_fact(
    struct fold_state *s, struct fold_asset *a, const struct store_fact *f)
{
	size_t room = a->facts_room;
	struct fact *copy;

	if (!grow(&a->facts, a->facts_len, &a->facts_room, sizeof(*a->facts)) ||
	    !grow(&a->ids, a->facts_len, &room, sizeof(*a->ids)) ||
	    !grow(&s->read, s->read_len, &s->read_room, sizeof(*s->read)))
		return false;
	copy = copy_fact(&f->fact);
	if (copy == NULL)
		return false;
	s->read[s->read_len++] = copy;
	a->facts[a->facts_len] = copy;
	a->ids[a->facts_len++] = f->id;
	return true;
}

static bool
take_fact(void *arg, const struct store_fact *f)
{
	struct loading *l = arg;
	struct fold_place *place = place_of(l->state, f->asset);

	if (place == NULL)
		return true;
	l->ok = keep_fact(l->state, &l->state->assets[place->at], f);
	return l->ok;
}

bool
fold_state_load(struct fold_state *s, const char *site)
{
	struct loading l = { .state = s, .ok = true };
	bool ok;

	s->pool = pool_new();
	ok = s->pool != NULL && store_assets(s->store, site, take_row, &l) &&
	    l.ok && place_all(s, &l) && place_merged(s, &l) &&
	    store_identities(s->store, site, take_identity, &l) && l.ok &&
	    make_signs(s);
	s->rows = l.rows;
	return ok;
}

bool
fold_state_facts(struct fold_state *s, struct fold_asset *a)
{
	struct loading l = { .state = s, .ok = true };
	size_t at = (size_t)(a - s->assets);

	for (size_t i = 0; i < s->places_len; i++)
		if (s->places[i].at == at &&
		    (!store_facts(
			 s->store, NULL, s->places[i].id, take_fact, &l) ||
			!l.ok))
			return false;
	return true;
}

void
fold_state_clear(struct fold_state *s)
{
	for (size_t i = 0; i < s->len; i++) {
		struct fold_asset *a = &s->assets[i];

		balance_clear(&a->balance);
		free(a->identities);
		free(a->signs);
		free(a->facts);
		free(a->ids);
	}
	free(s->assets);
	free(s->rows);
	free(s->places);
	for (size_t i = 0; i < s->read_len; i++)
		free(s->read[i]);
	free(s->read);
	pool_free(s->pool);
}

/* --- back to facts ----------------------------------------------------------- */

/* Does it still have that address? */
static bool
has_address(const struct fold_asset *a, uint32_t address)
{
	char text[NET_IPV4_TEXT];

	if (address == a->row.address)
		return true;
	ipv4_text(address, text);
	for (size_t i = 0; i < a->identities_len; i++)
		if (a->identities[i].kind == IDENTITY_ADDRESS &&
		    a->identities[i].ended_run == 0 &&
		    strcmp(a->identities[i].value, text) == 0)
			return true;
	return false;
}

static void
add_fact(
    const struct fold_asset *a, struct ledger *ledger, const struct fact *f)
{
	struct fact here = *f;

	if (!has_address(a, here.address))
		here.address = a->row.address;
	/* Its MAC of now, where the old one was its own. */
	if (mac_is_known(a->row.mac) && mac_is_known(here.mac))
		here.mac = a->row.mac;
	ledger_add(ledger, &here);
}

bool
fold_asset_facts(const struct fold_asset *a, struct ledger *ledger)
{
	if (a->met == NULL) {
		for (size_t i = 0; i < a->facts_len; i++)
			add_fact(a, ledger, a->facts[i]);
		return true;
	}
	for (size_t i = 0; i < a->balance.facts_len; i++) {
		const struct balance_fact *f = &a->balance.facts[i];

		if (f->fate == FACT_STAYS)
			add_fact(a, ledger, f->old);
		else if (f->fate == FACT_SEEN || f->fate == FACT_ADDED)
			add_fact(a, ledger, &f->now);
	}
	return true;
}

struct recalling {
	struct fold_state *state;
	struct ledger *ledger;
	bool with_gone;
};

static bool
recall_fact(void *arg, const struct store_fact *f)
{
	const struct recalling *r = arg;
	const struct fold_place *place = place_of(r->state, f->asset);
	const struct fold_asset *a =
	    place != NULL ? &r->state->assets[place->at] : NULL;

	if (a != NULL && (r->with_gone || !a->row.is_gone) &&
	    a->row.address != 0)
		add_fact(a, r->ledger, &f->fact);
	return true;
}

/* The ledger keeps what it is given; nothing is copied on the way there. */
struct ledger *
fold_ledger(struct store *store, const char *site, bool with_gone)
{
	struct fold_state s = { .store = store };
	struct recalling r = { &s, NULL, with_gone };

	if (fold_state_load(&s, site))
		r.ledger = ledger_new();
	if (r.ledger != NULL && !store_facts(store, site, 0, recall_fact, &r)) {
		ledger_free(r.ledger);
		r.ledger = NULL;
	}
	fold_state_clear(&s);
	return r.ledger;
}
