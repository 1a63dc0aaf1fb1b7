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
#include "scanner/inventory/past.h"
#include "scanner/log.h"
#include "scanner/options.h"
#include "scanner/output.h"

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

/* What the runs of a site looked at, in all, and when. */
enum { SCOPES_MAX = 64 };
struct looked {
	char text[SCOPES_MAX][STORE_SCOPE];
	const char *scopes[SCOPES_MAX]; /* each once, the latest first */
	size_t len;
	int64_t first_ns, last_ns;
	double listened_s;
};

static bool
take_run(void *arg, const struct store_run *run)
{
	struct looked *l = arg;
	bool is_known = run->scope[0] == '\0' || l->len == SCOPES_MAX;

	if (!run->is_folded)
		return true;
	if (l->first_ns == 0 || run->started_ns < l->first_ns)
		l->first_ns = run->started_ns;
	if (run->finished_ns > l->last_ns)
		l->last_ns = run->finished_ns;
	l->listened_s += run->listened_s;
	for (size_t i = 0; i < l->len && !is_known; i++)
		is_known = strcmp(l->scopes[i], run->scope) == 0;
	if (!is_known) {
		memcpy(l->text[l->len], run->scope, STORE_SCOPE);
		l->scopes[l->len] = l->text[l->len];
		l->len++;
	}
	return true;
}

/* The report speaks of all of them as of one run. */
static void
describe(struct run *run, const struct looked *l, const struct store_run *last)
{
	memcpy(run->site, last->site, sizeof(run->site));
	run->scope = l->scopes;
	run->scope_len = l->len;
	run->started_ns = l->first_ns;
	run->finished_ns = l->last_ns;
	run->listened_s = l->listened_s;
	run->outcome = last->outcome;
}

static bool
make_report(struct store *store, const struct options *o,
    const struct store_run *last, const struct fingerprints *fingerprints)
{
	struct run run;
	struct report_past told = { 0 };
	struct report report = {
		.run = &run, .fingerprints = fingerprints, .past = &told
	};
	struct looked *looked = calloc(1, sizeof(*looked));
	struct past *past = past_read(store, last->site, last->number);
	struct ledger *ledger = fold_ledger(store, last->site, o->is_whole);
	struct assets *assets =
	    ledger != NULL ? assets_build(ledger, fingerprints) : NULL;
	bool ok = assets != NULL && past != NULL && looked != NULL &&
	    store_runs(store, last->site, take_run, looked);

	if (!ok) {
		asking_trouble(store, "report");
	} else {
		output_run_begin(&run, "report", o);
		describe(&run, looked, last);
		run.fingerprints = fingerprints->len;
		run.hosts_answered = assets->len;
		report.ledger = ledger;
		report.assets = assets;
		past_tell(past, &told);
		ok = write_report(o, &report);
	}
	free(looked);
	past_free(past);
	assets_free(assets);
	ledger_free(ledger);
	return ok;
}

int
report_run(const struct options *o)
{
	struct store *store = asking_open(o, "report", STORE_READ);
	struct fingerprints *fingerprints = NULL;
	struct store_run last;
	int code = EXIT_USAGE;

	if (store == NULL)
		return EXIT_USAGE;
	if (o->words_len > 0)
		log_error("report", "'%s' is one word too many", o->words[0]);
	else if (asking_site(store, o, "report", &last) &&
	    (fingerprints = output_fingerprints(o, NULL)) != NULL &&
	    make_report(store, o, &last, fingerprints))
		code = EXIT_DONE;
	fingerprints_free(fingerprints);
	store_close(store);
	return code;
}
