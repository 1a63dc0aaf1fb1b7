/* SPDX-License-Identifier: ISC */
/* asking - opening, dates, lists, and where an answer goes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "reports/report.h"
#include "scanner/inventory/asking.h"
#include "scanner/log.h"
#include "scanner/options.h"

struct store *
asking_open(const struct options *o, const char *command, enum store_mode mode)
{
	char error[STORE_ERROR];
	struct store *s =
	    store_open(o->db != NULL ? o->db : STORE_DEFAULT, mode, error);

	if (s == NULL)
		log_error(command, "%s", error);
	return s;
}

int
asking_trouble(const struct store *s, const char *command)
{
	log_error(
	    command, "%s", *store_error(s) ? store_error(s) : "out of memory");
	return EXIT_USAGE;
}

bool
asking_date(const char *s, int64_t now_ns, int64_t *out)
{
	struct tm tm = { 0 };
	char *end;
	long days = strtol(s, &end, 10);
	int used = 0, n;

	if (end != s && strcmp(end, "d") == 0 && days >= 0 && days < 100000) {
		*out = now_ns - days * INT64_C(86400) * 1000000000;
		return true;
	}
	n = sscanf(s, "%4d-%2d-%2d%nT%2d:%2d:%2dZ%n", &tm.tm_year, &tm.tm_mon,
	    &tm.tm_mday, &used, &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &used);
	if ((n != 3 && n != 6) || s[used] != '\0' || tm.tm_year < 1970 ||
	    tm.tm_year > 2261 || tm.tm_mon < 1 || tm.tm_mon > 12 ||
	    tm.tm_mday < 1 || tm.tm_mday > 31)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	*out = (int64_t)timegm(&tm) * 1000000000;
	return true;
}

static bool
take_asset(void *arg, const struct store_asset *a)
{
	struct asset_list *l = arg;

	if (!l->with_all && (a->is_gone || a->merged_into != 0))
		return true;
	if (l->len == l->room) {
		size_t room = l->room ? 2 * l->room : 256;
		struct store_asset *more =
		    realloc(l->items, room * sizeof(*more));

		if (more == NULL) {
			l->ran_out = true;
			return false;
		}
		l->items = more;
		l->room = room;
	}
	l->items[l->len++] = *a;
	return true;
}

bool
asking_assets(struct store *s, const char *site, struct asset_list *list)
{
	return store_assets(s, site, take_asset, list) && !list->ran_out;
}

struct writing {
	bool (*write)(void *arg, FILE *out);
	void *arg;
};

static bool
write_it(const void *arg, FILE *out)
{
	const struct writing *w = arg;

	return w->write(w->arg, out);
}

bool
asking_write(const struct options *o, const char *command,
    bool (*write)(void *arg, FILE *out), void *arg)
{
	struct writing w = { write, arg };
	bool ok;

	errno = 0;
	if (o->json == NULL || strcmp(o->json, "-") == 0)
		ok = write(arg, stdout) && fflush(stdout) == 0;
	else
		ok = report_save_aside(o->json, 0666, write_it, &w);
	if (!ok)
		log_error(command, "cannot write %s: %s",
		    o->json != NULL && strcmp(o->json, "-") != 0
			? o->json
			: "standard output",
		    strerror(errno != 0 ? errno : ENOMEM));
	return ok;
}

/* --- the site ---------------------------------------------------------------- */

struct sites {
	size_t n;
	struct store_run *last; /* the latest run at the first */
};

static bool
take_run(void *arg, const struct store_run *run)
{
	struct sites *s = arg;

	if (s->n > 0 && strcmp(s->last->site, run->site) != 0) {
		s->n++;
		return false;
	}
	if (s->n == 0) {
		s->n = 1;
		*s->last = *run;
	}
	return true;
}

bool
asking_site(struct store *store, const struct options *o, const char *command,
    struct store_run *last)
{
	struct sites s = { .last = last };

	if (!store_runs(store, o->site, take_run, &s)) {
		asking_trouble(store, command);
		return false;
	}
	if (s.n > 1)
		log_error(command,
		    "the inventory has several sites; name one with --site");
	else if (s.n == 0 && o->site != NULL)
		log_error(
		    command, "no run was ever kept of site '%s'", o->site);
	else if (s.n == 0)
		log_error(command, "the inventory is empty");
	return s.n == 1;
}
