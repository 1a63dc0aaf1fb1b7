/* SPDX-License-Identifier: ISC */
/*
 * fold - a run's facts become part of the inventory.
 *
 * Who was met is recognised (identity.h), what is known of each is balanced
 * with what was seen (changes.h), fingerprints are weighed over the sum, and
 * all of it with the events that follow is written in one transaction: the
 * inventory is that of before the run or that of after it.  Folding the same
 * run once more, when it was gone on with, adds what came since.
 */
#ifndef FOLD_H
#define FOLD_H

#include <stdbool.h>
#include <stddef.h>

#include "fingerprints/fingerprint.h"
#include "scanner/inventory/store.h"
#include "scanner/ledger.h"

enum { FOLD_SILENT_RUNS = 3 };

struct fold {
	int64_t number; /* of store_run_begin() */
	const struct run *run;
	const struct ledger *ledger; /* derive_all() has run */
	const struct fingerprints *fingerprints;
	/* Was this address asked whether it lives?  NULL: nobody was, so
	 * nobody's silence counts (a capture, a file, a run broken off). */
	bool (*looked)(void *arg, uint32_t address);
	void *arg;
	unsigned silent_runs; /* until it is gone; 0: FOLD_SILENT_RUNS */
	bool is_partial;      /* broken off; will be gone on with */
};

struct fold_summary {
	size_t met, added, events;
	/* Nothing was known where it looked: what is there is no news. */
	bool is_first;
};

/* Returns false, store_error() says why, or it is empty: out of memory. */
bool fold_run(struct store *, const struct fold *, struct fold_summary *out);

/*
 * The facts that hold, of a site (NULL: the empty one), as one run's: each
 * under its asset's address.  Assets that are gone are left out unless
 * with_gone.  Returns NULL when memory is out or the store would not.
 */
struct ledger *fold_ledger(struct store *, const char *site, bool with_gone);

#endif
