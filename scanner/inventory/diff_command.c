/* SPDX-License-Identifier: ISC */
/* diff_command - gantry diff [RUN RUN | --since DATE]. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/json_inventory.h"
#include "scanner/inventory/asking.h"
#include "scanner/inventory/changes.h"
#include "scanner/log.h"
#include "scanner/loop.h"
#include "scanner/options.h"
#include "scanner/text.h"

struct events {
	struct store_event *items;
	size_t len, room;
	bool ran_out;
};

static bool
take_event(void *arg, const struct store_event *e)
{
	struct events *all = arg;

	if (all->len == all->room) {
		size_t room = all->room ? 2 * all->room : 64;
		struct store_event *more =
		    realloc(all->items, room * sizeof(*more));

		if (more == NULL) {
			all->ran_out = true;
			return false;
		}
		all->items = more;
		all->room = room;
	}
	all->items[all->len++] = *e;
	return true;
}

/* --- from one state to another -------------------------------------------- */

/* The same the other way round: what was is now, who is new was gone. */
static void
turn_round(struct store_event *e)
{
	char was[STORE_VALUE];
	enum change_kind kind = change_find(e->kind);

	memcpy(was, e->was, sizeof(was));
	memcpy(e->was, e->now, sizeof(e->was));
	memcpy(e->now, was, sizeof(e->now));
	if (kind == CHANGE_NEW || kind == CHANGE_BACK)
		kind = CHANGE_GONE;
	else if (kind == CHANGE_GONE)
		kind = CHANGE_BACK;
	else if (kind == CHANGE_RAISED)
		kind = CHANGE_CLEARED;
	else if (kind == CHANGE_CLEARED)
		kind = CHANGE_RAISED;
	else if (kind == CHANGE_DIFFERS)
		kind = CHANGE_AGREES;
	else if (kind == CHANGE_AGREES)
		kind = CHANGE_DIFFERS;
	snprintf(e->kind, sizeof(e->kind), "%s", change_text(kind));
}

/* What all of it comes to, in place of each step. */
static bool
net(struct events *all, bool backwards)
{
	struct told_change *told = calloc(all->len + 1, sizeof(*told));
	struct net_change *out = calloc(all->len + 1, sizeof(*out));
	struct store_event *kept = calloc(all->len + 1, sizeof(*kept));
	size_t n = 0;

	if (told != NULL && out != NULL && kept != NULL) {
		for (size_t i = 0; i < all->len; i++) {
			const struct store_event *e = &all->items[i];

			told[i] = (struct told_change){ .asset = e->asset,
				.kind = change_find(e->kind),
				.field = e->field,
				.was = e->was,
				.now = e->now };
		}
		n = changes_net(told, all->len, out);
	}
	for (size_t i = 0; i < n; i++) {
		kept[i] = all->items[out[i].event];
		snprintf(kept[i].kind, sizeof(kept[i].kind), "%s",
		    change_text(out[i].kind));
		snprintf(kept[i].was, sizeof(kept[i].was), "%s", out[i].was);
		if (backwards)
			turn_round(&kept[i]);
	}
	free(told);
	free(out);
	if (kept == NULL)
		return false;
	free(all->items);
	all->items = kept;
	all->len = n;
	return true;
}

/* --- what is asked --------------------------------------------------------------- */

static bool
find_run(struct store *s, const char *id, struct store_run *out)
{
	if (store_run_find(s, id, out))
		return true;
	if (store_trouble(s) != STORE_FINE)
		asking_trouble(s, "diff");
	else
		log_error("diff",
		    "there is no run '%s'; name it by its id, its number, or "
		    "say last",
		    id);
	return false;
}

struct latest {
	int64_t number;
	size_t n;
};

static bool
take_latest(void *arg, const struct store_run *run)
{
	struct latest *l = arg;

	if (run->is_folded)
		l->number = run->number;
	return l->number == 0;
}

/* Without a word: what the last run changed. */
static bool
last_run(struct store *s, const char *site, struct store_event_filter *f)
{
	struct latest l = { 0 };

	if (!store_runs(s, site, take_latest, &l)) {
		asking_trouble(s, "diff");
		return false;
	}
	if (l.number == 0) {
		log_error("diff", "the inventory has no finished run yet");
		return false;
	}
	f->first_run = f->last_run = l.number;
	return true;
}

/* Fills the filter; *backwards: the second run named is the earlier one. */
static bool
read_words(struct store *s, const struct options *o,
    struct store_event_filter *f, bool *backwards)
{
	struct store_run a, b;

	f->site = o->site;
	if (o->since != NULL) {
		if (o->words_len == 0 &&
		    asking_date(o->since, loop_wall(), &f->since_ns))
			return true;
		log_error("diff",
		    "--since takes a date, such as 2026-11-01, a time, such "
		    "as 2026-11-01T22:00:00Z, or 30d; and no runs");
		return false;
	}
	if (o->words_len == 0)
		return last_run(s, o->site, f);
	if (o->words_len != 2) {
		log_error("diff", "name two runs, or none, or --since DATE");
		return false;
	}
	if (!find_run(s, o->words[0], &a) || !find_run(s, o->words[1], &b))
		return false;
	*backwards = a.number > b.number;
	f->first_run = (*backwards ? b.number : a.number) + 1;
	f->last_run = *backwards ? a.number : b.number;
	return true;
}

/* --- answers ----------------------------------------------------------------------- */

static bool
put_text(void *arg, FILE *out)
{
	const struct events *all = arg;

	for (size_t i = 0; i < all->len; i++) {
		const struct store_event *e = &all->items[i];
		char ip[NET_IPV4_TEXT], when[TEXT_TIME];

		text_time(e->time_ns, when);
		when[10] = ' ';
		when[16] = '\0';
		fprintf(out, "%s  %-13s %-15s asset %lld%s%s", when, e->kind,
		    e->address ? ipv4_text(e->address, ip) : "-",
		    (long long)e->asset, *e->name ? ", " : "", e->name);
		if (*e->field)
			fprintf(out, "\n    %s", e->field);
		if (*e->was || *e->now)
			fprintf(out, "%s%s%s%s%s", *e->field ? ": " : "\n    ",
			    *e->was ? e->was : "", *e->was ? " -> " : "",
			    *e->now ? e->now : "nothing", "");
		fputc('\n', out);
	}
	return ferror(out) == 0;
}

static bool
put_json(void *arg, FILE *out)
{
	const struct events *all = arg;

	return inventory_json_changes(out, all->items, all->len);
}

int
diff_run(const struct options *o)
{
	struct store *s = asking_open(o, "diff", STORE_READ);
	struct store_event_filter filter = { 0 };
	struct events all = { 0 };
	bool backwards = false;
	int code = EXIT_USAGE;

	if (s == NULL)
		return EXIT_USAGE;
	if (!read_words(s, o, &filter, &backwards))
		goto out;
	if (filter.last_run != 0 && filter.first_run > filter.last_run)
		code = EXIT_DONE; /* one run is not different from itself */
	else if (!store_events(s, &filter, take_event, &all) || all.ran_out ||
	    !net(&all, backwards))
		asking_trouble(s, "diff");
	else
		code = all.len > 0 ? EXIT_DIFFERS : EXIT_DONE;
	if (code != EXIT_USAGE &&
	    !asking_write(
		o, "diff", o->json != NULL ? put_json : put_text, &all))
		code = EXIT_USAGE;
out:
	free(all.items);
	store_close(s);
	return code;
}
