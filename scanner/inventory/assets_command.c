/* SPDX-License-Identifier: ISC */
/* assets_command - gantry assets [show ID | merge A B | split ID]. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/json_inventory.h"
#include "scanner/inventory/asking.h"
#include "scanner/inventory/changes.h"
#include "scanner/log.h"
#include "scanner/options.h"
#include "scanner/text.h"

/* "2026-11-01 22:00" */
static const char *
minute(int64_t ns, char buf[static TEXT_TIME])
{
	if (ns == 0)
		return "-";
	text_time(ns, buf);
	buf[10] = ' ';
	buf[16] = '\0';
	return buf;
}

static void
put_asset(FILE *out, const struct store_asset *a)
{
	char ip[NET_IPV4_TEXT], mac[NET_MAC_TEXT], last[TEXT_TIME];

	fprintf(out, "%6lld  %-12.12s %-15s %-17s %-9s %-9s %-16s %s%s%s\n",
	    (long long)a->id, *a->site ? a->site : "-",
	    a->address ? ipv4_text(a->address, ip) : "-",
	    mac_is_known(a->mac) ? mac_text(a->mac, mac) : "-",
	    store_asset_state(a), *a->grade ? a->grade : "none",
	    minute(a->last_ns, last), a->name,
	    *a->name && *a->device ? ", " : "", a->device);
	if (a->merged_into != 0)
		fprintf(out,
		    "        (the same as %lld; gantry assets split "
		    "%lld takes it back)\n",
		    (long long)a->merged_into, (long long)a->id);
}

static bool
put_table(void *arg, FILE *out)
{
	const struct asset_list *l = arg;

	fprintf(out, "%6s  %-12s %-15s %-17s %-9s %-9s %-16s %s\n", "id",
	    "site", "address", "mac", "state", "grade", "last seen", "what");
	for (size_t i = 0; i < l->len; i++)
		put_asset(out, &l->items[i]);
	return ferror(out) == 0;
}

static bool
put_json(void *arg, FILE *out)
{
	const struct asset_list *l = arg;

	return inventory_json_assets(out, l->items, l->len);
}

static int
list(const struct options *o)
{
	struct store *s = asking_open(o, "assets", STORE_READ);
	struct asset_list l = { .with_all = o->is_whole };
	int code = EXIT_DONE;

	if (s == NULL)
		return EXIT_USAGE;
	if (!asking_assets(s, o->site, &l))
		code = asking_trouble(s, "assets");
	else if (!asking_write(
		     o, "assets", o->json != NULL ? put_json : put_table, &l))
		code = EXIT_USAGE;
	free(l.items);
	store_close(s);
	return code;
}

/* --- one asset ------------------------------------------------------------- */

static bool
show_fact(void *arg, const struct store_fact *f)
{
	char about[ABOUT_TEXT], first[TEXT_TIME], last[TEXT_TIME];

	(void)arg;
	printf("  %s to %s%s  %-9s %s = %s\n", minute(f->first_ns, first),
	    minute(f->fact.time_ns, last), f->ended_run ? " (over)" : "",
	    about_text(f->fact.about, about), fact_key_text(f->fact.key),
	    f->fact.value);
	return true;
}

static bool
show_event(void *arg, const struct store_event *e)
{
	char when[TEXT_TIME];

	(void)arg;
	printf("  %s  %s %s: '%s' -> '%s'\n", minute(e->time_ns, when), e->kind,
	    e->field, e->was, e->now);
	return true;
}

static bool
show_verdict(void *arg, const struct store_verdict *v)
{
	(void)arg;
	printf("  since run %lld  %s %s (%.1f %%)\n", (long long)v->run,
	    v->grade, v->fingerprint, 100 * v->probability);
	return true;
}

static bool
parse_id(const char *s, int64_t *id)
{
	char *end;

	*id = strtoll(s, &end, 10);
	if (end != s && *end == '\0' && *id > 0)
		return true;
	log_error("assets", "'%s' is no asset's number", s);
	return false;
}

static bool
find(struct store *s, int64_t id, struct store_asset *out)
{
	if (store_asset_find(s, id, out))
		return true;
	if (store_trouble(s) != STORE_FINE)
		asking_trouble(s, "assets");
	else
		log_error("assets", "there is no asset %lld", (long long)id);
	return false;
}

static int
show(const struct options *o, const char *number)
{
	struct store_event_filter filter = { 0 };
	struct store_asset a;
	struct store *s;
	int code = EXIT_USAGE;
	int64_t id;

	if (!parse_id(number, &id))
		return EXIT_USAGE;
	s = asking_open(o, "assets", STORE_READ);
	if (s == NULL)
		return EXIT_USAGE;
	if (find(s, id, &a)) {
		put_asset(stdout, &a);
		filter.asset = id;
		printf("verdicts\n");
		code = store_verdicts(s, id, show_verdict, NULL)
		    ? EXIT_DONE
		    : asking_trouble(s, "assets");
		printf("changes\n");
		if (!store_events(s, &filter, show_event, NULL))
			code = asking_trouble(s, "assets");
		printf("facts\n");
		if (!store_fact_history(s, id, show_fact, NULL))
			code = asking_trouble(s, "assets");
	}
	store_close(s);
	return code;
}

/* --- the same, a person says ------------------------------------------------- */

static bool
may_merge(const struct store_asset *a, const struct store_asset *b)
{
	if (a->id == b->id)
		log_error("assets", "that is one asset already");
	else if (strcmp(a->site, b->site) != 0)
		log_error("assets",
		    "%lld and %lld are at two sites, so they are two devices",
		    (long long)a->id, (long long)b->id);
	else if (a->merged_into != 0 || b->merged_into != 0)
		log_error("assets",
		    "%lld was merged before; split it, or name what it was "
		    "merged into",
		    (long long)(a->merged_into ? a->id : b->id));
	else
		return true;
	return false;
}

static int
merge(const struct options *o, const char *first, const char *second)
{
	struct store *s;
	struct store_asset a, b;
	int code = EXIT_USAGE;
	int64_t into, id;

	if (!parse_id(first, &into) || !parse_id(second, &id))
		return EXIT_USAGE;
	s = asking_open(o, "assets", STORE_WRITE);
	if (s == NULL)
		return EXIT_USAGE;
	if (find(s, into, &a) && find(s, id, &b) && may_merge(&a, &b)) {
		if (store_asset_merge(s, id, into)) {
			printf("asset %lld is now part of %lld; gantry assets "
			       "split %lld takes it back\n",
			    (long long)id, (long long)into, (long long)id);
			code = EXIT_DONE;
		} else {
			code = asking_trouble(s, "assets");
		}
	}
	store_close(s);
	return code;
}

static int
split(const struct options *o, const char *number)
{
	struct store *s;
	struct store_asset a;
	int code = EXIT_USAGE;
	int64_t id;

	if (!parse_id(number, &id))
		return EXIT_USAGE;
	s = asking_open(o, "assets", STORE_WRITE);
	if (s == NULL)
		return EXIT_USAGE;
	if (find(s, id, &a)) {
		if (a.merged_into == 0)
			log_error("assets", "asset %lld was not merged",
			    (long long)id);
		else if (store_asset_merge(s, id, 0))
			code = EXIT_DONE;
		else
			code = asking_trouble(s, "assets");
	}
	store_close(s);
	return code;
}

int
assets_run(const struct options *o)
{
	const char *what = o->words_len > 0 ? o->words[0] : "list";

	if (strcmp(what, "list") == 0 && o->words_len <= 1)
		return list(o);
	if (strcmp(what, "show") == 0 && o->words_len == 2)
		return show(o, o->words[1]);
	if (strcmp(what, "merge") == 0 && o->words_len == 3)
		return merge(o, o->words[1], o->words[2]);
	if (strcmp(what, "split") == 0 && o->words_len == 2)
		return split(o, o->words[1]);
	log_error(
	    "assets", "say nothing more, or show ID, merge ID ID or split ID");
	return EXIT_USAGE;
}
