/* SPDX-License-Identifier: ISC */
/*
 * metrics - what the inventory holds, as text for Prometheus.
 *
 * All of it is read from the inventory, so that whoever writes the file last
 * writes the same.
 *
 * Source:    Prometheus' text exposition format 0.0.4.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "reports/report.h"
#include "scanner/config.h"
#include "scanner/inventory/changes.h"
#include "scanner/inventory/store.h"
#include "scanner/log.h"
#include "scanner/notify/channel.h"
#include "scanner/schedule/metrics.h"

enum { CHANNELS_MAX = 64 };

static const char *const grades[] = { "none", "possible", "probable",
	"confirmed" };

enum { GRADES = sizeof(grades) / sizeof(grades[0]) };

struct writing {
	const struct config *config;
	struct store *store;
	FILE *out;
	const char *segment; /* whose run is looked for */
	struct store_run run;
	bool is_found;
	size_t assets[GRADES], gone;
	size_t events[CHANGE_KINDS];
	size_t letters;
};

/* A label's value: backslash, quote and line end have escapes. */
static void
put_value(FILE *out, const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '\\' || *s == '"')
			fputc('\\', out);
		if (*s == '\n')
			fputs("\\n", out);
		else
			fputc(*s, out);
	}
}

static void
put_labels(FILE *out, const char *name, const char *site, const char *key,
    const char *value)
{
	fprintf(out, "%s{site=\"", name);
	put_value(out, site);
	fprintf(out, "\",%s=\"", key);
	put_value(out, value);
	fputs("\"} ", out);
}

static void
put_help(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* --- runs ---------------------------------------------------------------- */

/* Latest first: the first of the segment that has ended. */
static bool
find_run(void *arg, const struct store_run *run)
{
	struct writing *w = arg;

	w->is_found = !run->is_running && strcmp(run->segment, w->segment) == 0;
	if (w->is_found)
		w->run = *run;
	return !w->is_found;
}

static double
seconds(int64_t ns)
{
	return (double)ns / 1e9;
}

static const struct {
	const char *name, *help;
} run_values[] = {
	{ "gantry_segment_last_run_timestamp_seconds",
	    "When the segment's last run ended." },
	{ "gantry_segment_last_run_duration_seconds", "How long it took." },
	{ "gantry_segment_last_run_complete",
	    "1: it came to its end; 0: it was broken off." },
	{ "gantry_segment_packets_sent", "Packets it sent." },
	{ "gantry_segment_hosts_answered", "Hosts that answered it." },
	{ "gantry_segment_hosts_halted",
	    "Hosts left alone because they fell silent." },
};

static double
run_value(const struct store_run *r, size_t i)
{
	const double values[] = { seconds(r->finished_ns),
		seconds(r->finished_ns - r->started_ns), r->outcome == RUN_DONE,
		(double)r->packets_sent, (double)r->hosts_answered,
		(double)r->halted };

	return values[i];
}

static bool
put_runs(struct writing *w)
{
	const struct config_place *places;
	size_t n;

	places = config_places(w->config, &n);
	put_help(w->out, "gantry_segments", "gauge", "Segments configured.");
	fprintf(w->out, "gantry_segments %zu\n", n);
	for (size_t k = 0; k < sizeof(run_values) / sizeof(run_values[0]);
	     k++) {
		put_help(
		    w->out, run_values[k].name, "gauge", run_values[k].help);
		for (size_t i = 0; i < n; i++) {
			w->segment = places[i].segment->name;
			w->is_found = false;
			if (!store_runs(
				w->store, places[i].site->name, find_run, w))
				return false;
			if (!w->is_found)
				continue;
			put_labels(w->out, run_values[k].name,
			    places[i].site->name, "segment", w->segment);
			fprintf(w->out, "%.17g\n", run_value(&w->run, k));
		}
	}
	return true;
}

/* --- assets and events ------------------------------------------------------ */

static bool
count_asset(void *arg, const struct store_asset *a)
{
	struct writing *w = arg;

	if (a->merged_into != 0)
		return true;
	w->gone += a->is_gone;
	for (size_t g = 0; g < GRADES && !a->is_gone; g++)
		if (strcmp(a->grade, grades[g]) == 0 ||
		    (g == 0 && a->grade[0] == '\0'))
			w->assets[g]++;
	return true;
}

static bool
count_event(void *arg, const struct store_event *e)
{
	struct writing *w = arg;
	enum change_kind kind = change_find(e->kind);

	if (kind < CHANGE_KINDS)
		w->events[kind]++;
	return true;
}

static bool
put_assets(struct writing *w, const struct config_site *site)
{
	memset(w->assets, 0, sizeof(w->assets));
	w->gone = 0;
	if (!store_assets(w->store, site->name, count_asset, w))
		return false;
	for (size_t g = 0; g < GRADES; g++) {
		put_labels(
		    w->out, "gantry_assets", site->name, "grade", grades[g]);
		fprintf(w->out, "%zu\n", w->assets[g]);
	}
	put_labels(w->out, "gantry_assets", site->name, "grade", "gone");
	fprintf(w->out, "%zu\n", w->gone);
	return true;
}

static bool
put_events(struct writing *w, const struct config_site *site)
{
	const struct store_event_filter filter = { .site = site->name };

	memset(w->events, 0, sizeof(w->events));
	if (!store_events(w->store, &filter, count_event, w))
		return false;
	for (unsigned k = CHANGE_NEW; k < CHANGE_KINDS; k++) {
		put_labels(w->out, "gantry_events", site->name, "kind",
		    change_text(k));
		fprintf(w->out, "%zu\n", w->events[k]);
	}
	return true;
}

static bool
put_sites(struct writing *w)
{
	const struct config_file *file = config_content(w->config);
	bool ok = true;

	put_help(w->out, "gantry_assets", "gauge", "Assets by grade.");
	for (unsigned i = 0; i < file->sites_count && ok; i++)
		ok = put_assets(w, &file->sites[i]);
	put_help(w->out, "gantry_events", "gauge",
	    "Events the inventory remembers, by kind.");
	for (unsigned i = 0; i < file->sites_count && ok; i++)
		ok = put_events(w, &file->sites[i]);
	return ok;
}

/* --- letters ------------------------------------------------------------------ */

static bool
count_letter(void *arg, const struct store_letter *letter)
{
	struct writing *w = arg;

	(void)letter;
	w->letters++;
	return true;
}

static bool
put_boxes(struct writing *w)
{
	const struct config_notify *notify = config_content(w->config)->notify;
	struct channel channels[CHANNELS_MAX];
	size_t n = channels_list(notify, channels, CHANNELS_MAX);

	put_help(w->out, "gantry_outbox", "gauge",
	    "Events not delivered yet, by channel.");
	for (size_t i = 0; i < n; i++) {
		w->letters = 0;
		if (!store_outbox(w->store, channels[i].name, count_letter, w))
			return false;
		fputs("gantry_outbox{channel=\"", w->out);
		put_value(w->out, channels[i].name);
		fprintf(w->out, "\"} %zu\n", w->letters);
	}
	return true;
}

/* --- the file ------------------------------------------------------------------ */

struct source {
	const struct config *config;
	struct store *store;
};

static bool
write_all(const void *arg, FILE *out)
{
	const struct source *s = arg;
	struct writing w = {
		.config = s->config, .store = s->store, .out = out
	};

	errno = EIO; /* where the inventory would not */
	return put_runs(&w) && put_sites(&w) && put_boxes(&w) && !ferror(out);
}

bool
metrics_write(const struct config *c, struct store *store)
{
	const struct config_notify *notify = config_content(c)->notify;
	const struct source s = { c, store };

	if (notify == NULL || notify->metrics == NULL ||
	    report_save_aside(notify->metrics, 0644, write_all, &s))
		return true;
	log_error("notify", "cannot write %s: %s", notify->metrics,
	    *store_error(store) != '\0' ? store_error(store) : strerror(errno));
	return false;
}
