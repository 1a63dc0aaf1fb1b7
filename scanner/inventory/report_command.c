/* SPDX-License-Identifier: ISC */
/* report_command - gantry report: what is known now, in every format. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "reports/report.h"
#include "scanner/inventory/asking.h"
#include "scanner/inventory/fold.h"
#include "scanner/log.h"
#include "scanner/loop.h"
#include "scanner/options.h"
#include "scanner/output.h"

/* --- the site -------------------------------------------------------------- */

struct sites {
	char first[RUN_SITE];
	size_t n;
	struct store_run last; /* the latest run there */
};

static bool
take_run(void *arg, const struct store_run *run)
{
	struct sites *s = arg;

	if (s->n > 0 && strcmp(s->first, run->site) != 0) {
		s->n++;
		return false;
	}
	if (s->n == 0) {
		s->n = 1;
		s->last = *run;
		snprintf(s->first, sizeof(s->first), "%s", run->site);
	}
	return true;
}

/* One site is one network, and a report is about one. */
static bool
find_site(struct store *store, const struct options *o, struct sites *s)
{
	*s = (struct sites){ .n = 0 };
	if (!store_runs(store, o->site, take_run, s)) {
		asking_trouble(store, "report");
		return false;
	}
	if (s->n > 1)
		log_error("report",
		    "the inventory has several sites; name one with --site");
	else if (s->n == 0 && o->site != NULL)
		log_error(
		    "report", "no run was ever kept of site '%s'", o->site);
	else if (s->n == 0)
		log_error("report", "the inventory is empty");
	return s->n == 1;
}

/* --- writing ----------------------------------------------------------------- */

static bool
save_all(const struct report *report, const char *directory)
{
	char path[PATH_MAX];
	bool all = true;

	if (mkdir(directory, 0777) != 0 && errno != EEXIST) {
		log_error("report", "cannot make directory %s: %s", directory,
		    strerror(errno));
		return false;
	}
	for (size_t i = 0; report_formats[i] != NULL; i++) {
		const struct report_format *f = report_formats[i];

		if (f->file == NULL)
			continue;
		snprintf(path, sizeof(path), "%s/%s", directory, f->file);
		if (!report_save(f, report, path)) {
			log_error("report", "cannot write %s: %s", path,
			    strerror(errno));
			all = false;
		}
	}
	return all;
}

struct showing {
	const struct report_format *format;
	const struct report *report;
};

static bool
show(void *arg, FILE *out)
{
	const struct showing *s = arg;

	return s->format->write(s->report, out);
}

static bool
write_report(const struct options *o, const struct report *report)
{
	const char *name = o->format != NULL ? o->format
	    : o->json != NULL                ? "json"
					     : "terminal";
	struct showing s = { report_format_find(name), report };

	if (s.format == NULL) {
		log_error("report",
		    "there is no format '%s'; gantry --list-reports names them",
		    name);
		return false;
	}
	if (o->output != NULL && !save_all(report, o->output))
		return false;
	if (o->output != NULL && o->json == NULL && o->format == NULL)
		return true;
	return asking_write(o, "report", show, &s);
}

static bool
make_report(struct store *store, const struct options *o,
    const struct sites *sites, const struct fingerprints *fingerprints)
{
	struct run run;
	struct report report = { .run = &run, .fingerprints = fingerprints };
	struct ledger *ledger = fold_ledger(store, sites->first, o->is_whole);
	struct assets *assets =
	    ledger != NULL ? assets_build(ledger, fingerprints) : NULL;
	bool ok = assets != NULL;

	if (!ok) {
		asking_trouble(store, "report");
	} else {
		output_run_begin(&run, "report", o);
		memcpy(run.site, sites->first, sizeof(run.site));
		run.finished_ns = loop_wall();
		run.fingerprints = fingerprints->len;
		run.hosts_answered = assets->len;
		report.ledger = ledger;
		report.assets = assets;
		ok = write_report(o, &report);
	}
	assets_free(assets);
	ledger_free(ledger);
	return ok;
}

int
report_run(const struct options *o)
{
	struct store *store = asking_open(o, "report", STORE_READ);
	struct fingerprints *fingerprints = NULL;
	struct sites sites;
	int code = EXIT_USAGE;

	if (store == NULL)
		return EXIT_USAGE;
	if (o->words_len > 0)
		log_error("report", "'%s' is one word too many", o->words[0]);
	else if (find_site(store, o, &sites) &&
	    (fingerprints = output_fingerprints(o, NULL)) != NULL &&
	    make_report(store, o, &sites, fingerprints))
		code = EXIT_DONE;
	fingerprints_free(fingerprints);
	store_close(store);
	return code;
}
