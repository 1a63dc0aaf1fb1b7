/* SPDX-License-Identifier: ISC */
/*
 * fold_state - one site of the inventory in memory, and a run beside it;
 * private to fold*.c.
 */
#ifndef FOLD_STATE_H
#define FOLD_STATE_H

#include "scanner/inventory/changes.h"
#include "scanner/inventory/fold.h"
#include "scanner/inventory/identity.h"
#include "scanner/pool.h"

struct fold_asset {
	struct store_asset row;
	/* What holds, of it and of those merged into it. */
	struct store_identity *identities;
	size_t identities_len, identities_room;
	struct sign *signs; /* the same, for identity.h */
	const struct fact **facts;
	int64_t *ids;
	size_t facts_len, facts_room;

	const struct asset *met; /* in this run, or NULL */
	struct balance balance;  /* where it was met */
	bool is_new, is_changed, was_displaced;
	int64_t displaced_by;
	/* As it was read: alerts, verdict, place of before.  Never NULL. */
	const struct store_asset *before;
};

struct fold_state {
	struct store *store;
	const struct fold *fold;
	struct fold_summary *summary;
	struct pool *pool;
	struct store_asset *rows;  /* of the site, as they were read */
	struct fold_asset *assets; /* merged ones left out; new ones last */
	size_t len, room;
	/* Every asset's id, and where it is in assets, itself or what it was
	 * merged into; ascending. */
	struct fold_place {
		int64_t id;
		size_t at;
	} * places;
	size_t places_len;
	/* How many it knew in its place and was met by at the last look, and
	 * how many of these kept silent now. */
	size_t awaited, missed;
	bool is_news; /* are those nobody knew? */
	/* The facts as they were read, freed one by one. */
	struct fact **read;
	size_t read_len, read_room;
};

/* Reads a site, its assets and what they are known by.  Returns false when
 * memory is out or the store would not. */
bool fold_state_load(struct fold_state *, const char *site);

/* Reads the facts of one asset, and of those merged into it. */
bool fold_state_facts(struct fold_state *, struct fold_asset *);
void fold_state_clear(struct fold_state *);

/* Returns a new asset at the end, or NULL when memory is out; others move. */
struct fold_asset *fold_state_add(struct fold_state *);

/* Adds what holds to a ledger, under the address it has now. */
bool fold_asset_facts(const struct fold_asset *, struct ledger *);

/*
 * fold_loss.c: what a silence is worth.
 *
 * count: how many of those met at the last look kept silent now.
 * news: is who was never met before new, or was it missed so far?  False: out
 *       of memory, or the store would not.
 * doubt: how sure one silence makes us that an asset is not there, in decimal
 *       digits: 2 on a network that loses nothing.
 */
void fold_loss_count(struct fold_state *);
bool fold_loss_news(struct fold_state *);
double fold_loss_doubt(const struct fold_state *, const struct fold_asset *);

/* Was an address of it asked whether it lives? */
bool fold_was_looked_at(const struct fold *, uint32_t address);

/* fold_told.c: verdicts over what holds now, alerts, and all events, written.
 * False: out of memory, or the store would not. */
bool fold_weigh(struct fold_state *);
bool fold_tell(struct fold_state *, const struct fold_asset *,
    enum change_kind kind, const char *field, const char *was, const char *now);

#endif
