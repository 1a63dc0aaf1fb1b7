/* SPDX-License-Identifier: ISC */
/*
 * fold_loss - what a silence is worth.
 *
 * Whoever was met at the last look and keeps silent now is away, or the
 * question or its answer was lost.  How many of the others are silent too tells
 * how lossy this run was: that share is the chance q that one silence says
 * nothing.  Silences multiply; -log10 of the product is the doubt, and an asset
 * is gone when both the number of silent runs and the doubt are there.  Where
 * nothing is lost, q counts as one in a hundred, so that three runs make six
 * digits; where one in five packets is lost, seven runs do.
 *
 * For who was never met before the same holds: new is who cannot have been
 * missed by all the runs that looked here before.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scanner/inventory/fold_state.h"

static const double least = 0.01, clean = 0.02, sure = 6;

bool
fold_was_looked_at(const struct fold *f, uint32_t address)
{
	return f->looked != NULL && address != 0 && f->looked(f->arg, address);
}

/* Was it met at the last look at it, before this run? */
static bool
was_awaited(const struct fold_state *s, const struct fold_asset *a)
{
	return a->before->id != 0 && a->before->silent == 0 &&
	    !a->before->is_gone && a->before->first_run != s->fold->number &&
	    fold_was_looked_at(s->fold, a->before->address);
}

void
fold_loss_count(struct fold_state *s)
{
	s->awaited = s->missed = 0;
	for (size_t i = 0; i < s->len; i++) {
		if (!was_awaited(s, &s->assets[i]))
			continue;
		s->awaited++;
		s->missed += s->assets[i].met == NULL;
	}
}

/* The share of silent ones when one of them is left out. */
static double
share(uint64_t awaited, uint64_t missed)
{
	if (awaited <= 1 || missed <= 1)
		return least;
	return fmax(least, (double)(missed - 1) / (double)(awaited - 1));
}

double
fold_loss_doubt(const struct fold_state *s, const struct fold_asset *a)
{
	uint64_t missed = s->missed + !was_awaited(s, a);
	uint64_t awaited = s->awaited + !was_awaited(s, a);

	return -log10(share(awaited, missed));
}

/* --- news ------------------------------------------------------------------ */

struct earlier {
	const struct fold_state *state;
	const struct store_run *mine;
	size_t runs;
	double doubt, worst;
};

static bool
add_earlier(void *arg, const struct store_run *run)
{
	struct earlier *e = arg;
	double q;

	if (run->number == e->mine->number || !run->is_folded ||
	    strcmp(run->segment, e->mine->segment) != 0 ||
	    strcmp(run->scope, e->mine->scope) != 0)
		return true;
	/* The first had nobody to miss; it was as lossy as this one is. */
	q = run->awaited > 0 ? share(run->awaited, run->missed)
			     : share(e->state->awaited, e->state->missed);
	e->runs++;
	e->doubt -= log10(q);
	e->worst = fmax(e->worst, q);
	return e->runs < 64;
}

/* Who was only heard, by the sweep of another segment on the same link, does
 * not tell that somebody looked. */
static bool
knows_place(const struct fold_state *s)
{
	const char *heard = asset_standing_text(ASSET_HEARD);

	for (size_t i = 0; i < s->len; i++)
		if (s->assets[i].row.first_run != s->fold->number &&
		    strcmp(s->assets[i].row.standing, heard) != 0 &&
		    fold_was_looked_at(s->fold, s->assets[i].row.address))
			return true;
	return false;
}

bool
fold_loss_news(struct fold_state *s)
{
	const struct fold *f = s->fold;
	struct store_run mine;
	struct earlier e = { .state = s, .mine = &mine };
	char number[24];

	snprintf(number, sizeof(number), "%lld", (long long)f->number);
	if (!store_run_find(s->store, number, &mine) ||
	    !store_runs(s->store, f->run->site, add_earlier, &e))
		return false;
	s->summary->is_first =
	    f->looked != NULL && e.runs == 0 && !knows_place(s);
	/* Of a capture or a file nobody knows what else it might have held. */
	s->is_news = !s->summary->is_first &&
	    (f->looked == NULL || e.runs == 0 || e.worst <= clean ||
		e.doubt >= sure);
	return true;
}
