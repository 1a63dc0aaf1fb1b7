/* SPDX-License-Identifier: ISC */
/* inventory - batches of facts on their way into the store. */
#include <stdio.h>
#include <stdlib.h>

#include "scanner/inventory/inventory.h"
#include "scanner/inventory/past.h"
#include "scanner/loop.h"

struct inventory {
	struct store *store;
	const struct run *run;
	struct ledger *ledger;
	int64_t number;
	/* Facts that wait: they lie in the ledger and stay there. */
	const struct fact **waiting;
	size_t len, room;
	int64_t now_ns, since_ns; /* of the last tick; of the oldest waiting */
	int64_t begun_ns, spent_ns; /* in the store */
	bool has_failed;
	char error[STORE_ERROR];
};

static void
fail(struct inventory *v, const char *why)
{
	if (v->has_failed)
		return;
	v->has_failed = true;
	snprintf(v->error, sizeof(v->error), "%s", why);
}

/* Keeps what waits.  A lock is waited for, with the facts here; anything else
 * is the end. */
static void
flush(struct inventory *v)
{
	int64_t begun = loop_now();
	bool ok;

	if (v->len == 0 || v->has_failed)
		return;
	ok = store_pending_add(v->store, v->number, v->waiting, v->len);
	v->spent_ns += loop_now() - begun;
	if (ok) {
		v->len = 0;
		v->since_ns = 0;
		return;
	}
	if (store_trouble(v->store) == STORE_LOCKED &&
	    v->now_ns - v->since_ns < INVENTORY_PATIENCE_MS * INT64_C(1000000))
		return;
	fail(v, store_error(v->store));
}

static void
take_fact(void *arg, const struct fact *fact)
{
	struct inventory *v = arg;

	if (v->has_failed)
		return;
	if (v->len == v->room) {
		size_t room = v->room ? 2 * v->room : INVENTORY_BATCH;
		const struct fact **more =
		    realloc(v->waiting, room * sizeof(*more));

		if (more == NULL) {
			fail(v, "inventory: out of memory");
			return;
		}
		v->waiting = more;
		v->room = room;
	}
	if (v->len == 0)
		v->since_ns = v->now_ns;
	v->waiting[v->len++] = fact;
	if (v->len % INVENTORY_BATCH == 0)
		flush(v);
}

struct inventory *
inventory_begin(const char *path, const struct run *run, const char *segment,
    struct ledger *ledger, char error[static STORE_ERROR])
{
	struct inventory *v = calloc(1, sizeof(*v));
	int64_t begun = loop_now();

	if (v == NULL) {
		snprintf(error, STORE_ERROR, "out of memory");
		return NULL;
	}
	v->run = run;
	v->ledger = ledger;
	v->store = store_open(path, STORE_CREATE, error);
	if (v->store == NULL) {
		free(v);
		return NULL;
	}
	if (!store_run_begin(v->store, run, segment, &v->number)) {
		snprintf(error, STORE_ERROR, "%s", store_error(v->store));
		inventory_free(v);
		return NULL;
	}
	v->begun_ns = begun;
	v->spent_ns = loop_now() - begun;
	for (size_t i = 0; i < ledger_count(ledger); i++)
		take_fact(v, ledger_at(ledger, i));
	ledger_on_fact(ledger, take_fact, v);
	return v;
}

bool
inventory_tick(struct inventory *v, int64_t now_ns)
{
	v->now_ns = now_ns;
	if (v->len > 0 && v->since_ns == 0)
		v->since_ns = now_ns;
	if (v->len > 0 &&
	    now_ns - v->since_ns >= INVENTORY_DELAY_MS * INT64_C(1000000))
		flush(v);
	return !v->has_failed;
}

const char *
inventory_error(const struct inventory *v)
{
	return v->error;
}

bool
inventory_finish(
    struct inventory *v, struct fold *fold, struct fold_summary *summary)
{
	int64_t begun;
	bool ok;

	*summary = (struct fold_summary){ 0 };
	v->since_ns = v->now_ns - INVENTORY_PATIENCE_MS * INT64_C(1000000);
	flush(v);
	if (v->has_failed)
		return false;
	fold->number = v->number;
	fold->run = v->run;
	fold->ledger = v->ledger;
	begun = loop_now();
	ok = fold_run(v->store, fold, summary);
	v->spent_ns += loop_now() - begun;
	if (ok)
		return true;
	fail(v,
	    *store_error(v->store) ? store_error(v->store)
				   : "inventory: out of memory");
	return false;
}

int64_t
inventory_spent_ns(const struct inventory *v, int64_t *run_ns)
{
	*run_ns = loop_now() - v->begun_ns;
	return v->spent_ns;
}

bool
inventory_events(struct inventory *v,
    bool (*each)(void *arg, const struct store_event *event), void *arg)
{
	const struct store_event_filter filter = { .first_run = v->number,
		.last_run = v->number };

	if (store_events(v->store, &filter, each, arg))
		return true;
	fail(v, store_error(v->store));
	return false;
}

struct before {
	int64_t number, started_ns;
};

static bool
take_before(void *arg, const struct store_run *run)
{
	struct before *b = arg;

	if (run->number >= b->number || !run->is_folded)
		return true;
	b->started_ns = run->started_ns;
	return false;
}

int64_t
inventory_last_ns(struct inventory *v)
{
	struct before b = { .number = v->number };

	if (!store_runs(v->store, v->run->site, take_before, &b))
		return 0;
	return b.started_ns;
}

struct past *
inventory_past(struct inventory *v)
{
	struct past *past = past_read(v->store, v->run->site, v->number);

	if (past == NULL)
		fail(v,
		    *store_error(v->store) ? store_error(v->store)
					   : "inventory: out of memory");
	return past;
}

void
inventory_free(struct inventory *v)
{
	if (v == NULL)
		return;
	store_close(v->store);
	free(v->waiting);
	free(v);
}
