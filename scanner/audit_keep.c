/* SPDX-License-Identifier: ISC */
/* audit_keep - an audit's run on its way into the inventory. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "reports/report.h"
#include "scanner/audit.h"
#include "scanner/audit_diary.h"
#include "scanner/audit_state.h"
#include "scanner/inventory/inventory.h"
#include "scanner/inventory/past.h"
#include "scanner/log.h"
#include "scanner/loop.h"
#include "scanner/options.h"

static const int64_t tick_ns = 500000000;

/*
 * A run that is kept and has no directory of its own works in one beside the
 * database, so that a kill costs it nothing; when it is done that goes.
 */
bool
keep_place(struct audit *a)
{
	const struct options *o = a->options;
	char *parent = NULL;
	bool ok;

	if (o->db == NULL || o->output != NULL || !a->use->keeps_place)
		return true;
	ok = asprintf(&parent, "%s.runs", o->db) >= 0;
	if (!ok)
		parent = NULL;
	if (ok && mkdir(parent, 0750) != 0 && errno != EEXIST) {
		log_error("inventory", "cannot make directory %s: %s", parent,
		    strerror(errno));
		ok = false;
	}
	if (ok && asprintf(&a->place, "%s/%s", parent, a->run.id) < 0) {
		a->place = NULL;
		ok = false;
	}
	free(parent);
	if (!ok)
		return false;
	a->own = *o;
	a->own.output = a->place;
	a->own.is_transient = true;
	a->options = &a->own;
	return true;
}

bool
keep_begin(struct audit *a)
{
	const struct options *o = a->options;
	char error[STORE_ERROR];

	if (o->db == NULL)
		return true;
	a->inventory =
	    inventory_begin(o->db, &a->run, o->segment, a->ledger, error);
	if (a->inventory == NULL)
		log_error("inventory", "%s", error);
	return a->inventory != NULL;
}

/* A run goes on although it cannot be kept: what it learns is in its report,
 * and the exit code says the rest. */
static void
keep_ring(void *arg)
{
	struct audit *a = arg;

	diary_tick(a);
	if (a->inventory != NULL && !a->keep_failed &&
	    !inventory_tick(a->inventory, loop_now())) {
		a->keep_failed = true;
		log_error("inventory", "%s", inventory_error(a->inventory));
	}
	loop_timer_at(a->keep_timer, loop_now() + tick_ns);
}

bool
keep_start(struct audit *a)
{
	if (a->inventory == NULL && a->diary == NULL)
		return true;
	a->keep_timer = loop_timer_new(a->loop, keep_ring, a);
	if (a->keep_timer == NULL) {
		log_error("inventory", "out of memory");
		return false;
	}
	keep_ring(a);
	return true;
}

/* Not asked are those left out, and in a run that was broken off nobody knows
 * who was. */
static bool
was_asked(void *arg, uint32_t address)
{
	const struct audit *a = arg;

	return scope_has_host(a->scope, address);
}

/* What the inventory cost the run. */
static void
note_spent(const struct audit *a)
{
	int64_t run_ns;
	double spent_ns = (double)inventory_spent_ns(a->inventory, &run_ns);

	log_note("inventory", "keeping took %.1f ms of %.0f ms, %.2f %%",
	    spent_ns / 1e6, (double)run_ns / 1e6,
	    100 * spent_ns / (double)(run_ns > 0 ? run_ns : 1));
}

/* Folds the run in. */
static bool
fold_in(struct audit *a)
{
	bool is_done = a->run.outcome == RUN_DONE;
	struct fold fold = { .fingerprints = a->fingerprints,
		.looked = is_done ? was_asked : NULL,
		.arg = a,
		.silent_runs = a->options->silent_runs,
		.is_partial = !is_done };
	struct fold_summary summary;

	if (!inventory_finish(a->inventory, &fold, &summary)) {
		if (!a->keep_failed)
			log_error(
			    "inventory", "%s", inventory_error(a->inventory));
		return false;
	}
	log_info("inventory", "%s: %zu met, %zu of them new, %zu changes",
	    a->options->db, summary.met, summary.added, summary.events);
	note_spent(a);
	return true;
}

/* --- what the report tells of it ---------------------------------------- */

enum { CHANGES_MAX = 1000, CHANGE_TEXT = 2 * STORE_VALUE + 128 };

struct kept_past {
	struct report_past report;
	struct past *before;
	struct report_change changes[CHANGES_MAX];
	char texts[CHANGES_MAX][CHANGE_TEXT];
};

static bool
take_event(void *arg, const struct store_event *e)
{
	struct kept_past *p = arg;
	size_t n = p->report.changes_len++;

	snprintf(p->texts[n], CHANGE_TEXT, "%s%s%s%s%s%s%s", e->kind,
	    *e->field ? ", " : "", e->field, *e->was || *e->now ? ": " : "",
	    e->was, *e->was && *e->now ? " -> " : "", e->now);
	p->changes[n] = (struct report_change){ e->address, p->texts[n] };
	return p->report.changes_len < CHANGES_MAX;
}

/* Folds the run in and takes down what that changed. */
static bool
take_changes(struct audit *a)
{
	struct kept_past *past = a->past;

	if (!fold_in(a))
		return false;
	past->report.last_ns = inventory_last_ns(a->inventory);
	if (!inventory_events(a->inventory, take_event, past)) {
		log_error("inventory", "%s", inventory_error(a->inventory));
		return false;
	}
	if (past->report.last_ns == 0)
		past->report.changes_len = 0; /* nothing to compare with */
	past->before = inventory_past(a->inventory);
	if (past->before == NULL) {
		log_error("inventory", "%s", inventory_error(a->inventory));
		return false;
	}
	past_tell(past->before, &past->report);
	return true;
}

bool
keep_finish(void *arg, struct report *report)
{
	struct audit *a = arg;

	if (a->inventory == NULL && a->use->expected == NULL)
		return true;
	a->past = calloc(1, sizeof(*a->past));
	if (a->past == NULL) {
		log_error("inventory", "out of memory");
		return false;
	}
	a->past->report = (struct report_past){ .changes = a->past->changes,
		.expected = a->use->expected,
		.expected_arg = a->use->arg };
	report->past = &a->past->report;
	return a->inventory == NULL || take_changes(a);
}

void
keep_free(struct audit *a)
{
	loop_timer_free(a->keep_timer);
	inventory_free(a->inventory);
	if (a->past != NULL)
		past_free(a->past->before);
	free(a->past);
}
