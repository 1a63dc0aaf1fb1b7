/* SPDX-License-Identifier: ISC */
/*
 * inventory - a run that is kept: its facts as they come, and at its end what
 * it means for what is known (fold.h).
 *
 * Facts are committed in small batches: after INVENTORY_BATCH of them, or when
 * inventory_tick() finds the oldest older than INVENTORY_DELAY_MS.  Where
 * another process holds the database they wait here, the run goes on.
 */
#ifndef INVENTORY_H
#define INVENTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "scanner/inventory/fold.h"
#include "scanner/inventory/store.h"
#include "scanner/ledger.h"
#include "scanner/run.h"

enum {
	INVENTORY_BATCH = 256,
	INVENTORY_DELAY_MS = 1000,
	INVENTORY_PATIENCE_MS = 60000 /* for a database that is locked */
};

struct inventory;

/*
 * Opens the database (made where it is not there), begins the run or goes on
 * with it, and keeps each fact of the ledger from now on, those that are in it
 * included.  segment may be NULL.  run and ledger are borrowed until
 * inventory_free(); both must live as long.  Returns NULL and one line.
 */
struct inventory *inventory_begin(const char *path, const struct run *run,
    const char *segment, struct ledger *ledger, char error[static STORE_ERROR]);

/* Commits what has waited long enough; now_ns as of loop_now().  Returns
 * false when facts could not be kept: inventory_error() says why, once. */
bool inventory_tick(struct inventory *, int64_t now_ns);

/* One line, "" where all is well. */
const char *inventory_error(const struct inventory *);

/* Commits the rest and folds the run in.  fold->number, run and ledger are
 * filled in here.  Returns false; inventory_error() says why. */
bool inventory_finish(
    struct inventory *, struct fold *fold, struct fold_summary *summary);

/* Returns how long the run has waited for the inventory so far: opening it,
 * committing facts, folding in; and how long it is since inventory_begin().
 * Nanoseconds. */
int64_t inventory_spent_ns(const struct inventory *, int64_t *run_ns);

/* After inventory_finish(): each event of this run, in order.  Returns false;
 * inventory_error() says why. */
bool inventory_events(struct inventory *,
    bool (*each)(void *arg, const struct store_event *event), void *arg);

/* Returns when the site's last run before this one began, in nanoseconds since
 * the epoch; 0 where there was none. */
int64_t inventory_last_ns(struct inventory *);

/* After inventory_finish(): what came before (past.h).  Returns NULL;
 * inventory_error() says why. */
struct past *inventory_past(struct inventory *);

void inventory_free(struct inventory *); /* NULL ok */

#endif
