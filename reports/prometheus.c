/* SPDX-License-Identifier: ISC */
/*
 * prometheus - the run's numbers in the text format of Prometheus, version
 * 0.0.4, for node_exporter's textfile collector.
 *
 * Series are few whatever the network's size: counts by standing and grade,
 * one series per kind of device that was found, none per asset.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "reports/report.h"
#include "reports/view.h"

static void
put_head(FILE *out, const char *name, const char *help)
{
	fprintf(out, "# HELP gantry_%s %s\n# TYPE gantry_%s gauge\n", name,
	    help, name);
}

static void
put_number(FILE *out, const char *name, const char *help, uint64_t n)
{
	put_head(out, name, help);
	fprintf(out, "gantry_%s %" PRIu64 "\n", name, n);
}

static void
put_seconds(FILE *out, const char *name, const char *help, double seconds)
{
	put_head(out, name, help);
	fprintf(out, "gantry_%s %.6f\n", name, seconds);
}

/* Writes a label's value, its quotes with it. */
static void
put_value(FILE *out, const char *s)
{
	char safe[VIEW_SAFE];

	fputc('"', out);
	for (s = view_safe(s, safe); *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			fputc('\\', out);
		fputc(*s, out);
	}
	fputc('"', out);
}

static void
put_run(FILE *out, const struct run *run)
{
	put_head(out, "run_info", "The run these numbers are of; always 1.");
	fputs("gantry_run_info{id=", out);
	put_value(out, run->id);
	fputs(",command=", out);
	put_value(out, run->command);
	fputs(",version=", out);
	put_value(out, run->version);
	fputs(",site=", out);
	put_value(out, run->site);
	fputs(",care=", out);
	put_value(out, run->care);
	fputs("} 1\n", out);
	put_head(out, "run_outcome", "How the run ended: one of these is 1.");
	for (int o = RUN_DONE; o <= RUN_FAILED; o++)
		fprintf(out, "gantry_run_outcome{outcome=\"%s\"} %d\n",
		    run_outcome_text((enum run_outcome)o),
		    (int)run->outcome == o);
	put_seconds(out, "run_started_seconds",
	    "When the run began, seconds since the epoch.",
	    (double)run->started_ns / 1e9);
	put_seconds(out, "run_finished_seconds",
	    "When the run ended, seconds since the epoch.",
	    (double)run->finished_ns / 1e9);
}

static void
put_counters(FILE *out, const struct report *report)
{
	const struct run *run = report->run;

	put_number(
	    out, "scope_addresses", "Addresses in scope.", run->addresses);
	put_number(out, "hosts_probed", "Addresses anything was sent to.",
	    run->hosts_probed);
	put_number(out, "hosts_halted",
	    "Hosts that were let go for their own sake.",
	    run_halted_hosts(run));
	put_number(out, "packets_sent", "Packets sent.", run->packets_sent);
	put_number(out, "talks", "Conversations held.", run->talks);
	put_number(out, "frames_read", "Frames captured.", run->frames_read);
	put_number(out, "frames_dropped",
	    "Frames lost before they could be read.", run->frames_dropped);
	put_number(out, "frames_broken",
	    "Frames whose headers contradict themselves.", run->frames_broken);
	put_number(out, "facts", "Facts learnt.", ledger_count(report->ledger));
	put_number(out, "facts_dropped", "Facts lost to a ceiling.",
	    run->facts_dropped);
	put_seconds(out, "listened_seconds",
	    "How long broadcasts were listened to.", run->listened_s);
	put_number(out, "fingerprints", "Fingerprints weighed.",
	    (uint64_t)run->fingerprints);
}

static void
put_assets(FILE *out, const struct assets *assets)
{
	struct view_counts n;
	struct view_load load;
	unsigned peak = 0;

	view_count(assets, &n);
	put_head(out, "assets", "Assets, by how they stand with us.");
	for (int s = ASSET_ANSWERED; s <= ASSET_EXCLUDED; s++)
		fprintf(out, "gantry_assets{standing=\"%s\"} %zu\n",
		    asset_standing_text((enum asset_standing)s),
		    n.standings[s]);
	put_head(out, "assets_graded",
	    "Assets that spoke, by the grade of their best verdict.");
	for (int g = GRADE_NONE; g <= GRADE_CONFIRMED; g++)
		fprintf(out, "gantry_assets_graded{grade=\"%s\"} %zu\n",
		    grade_text((enum grade)g), n.grades[g]);
	put_number(out, "assets_need_a_person",
	    "Assets with something a person should look at.", n.alerted);
	for (size_t i = 0; i < assets->len; i++)
		if (view_load(&assets->items[i], &load) && load.peak > peak)
			peak = load.peak;
	put_number(out, "host_packets_peak",
	    "The most packets any one host was sent within a second.", peak);
}

static void
put_device(FILE *out, const struct assets *assets, const struct fingerprint *f)
{
	for (int g = GRADE_POSSIBLE; g <= GRADE_CONFIRMED; g++) {
		size_t n = 0;

		for (size_t i = 0; i < assets->len; i++)
			n += asset_fingerprint(&assets->items[i]) == f &&
			    asset_grade(&assets->items[i]) == (enum grade)g;
		if (n == 0)
			continue;
		fputs("gantry_devices{fingerprint=", out);
		put_value(out, f->id);
		fputs(",kind=", out);
		put_value(out, f->kind);
		fprintf(
		    out, ",grade=\"%s\"} %zu\n", grade_text((enum grade)g), n);
	}
}

static bool
prometheus_write(const struct report *report, FILE *out)
{
	put_run(out, report->run);
	put_counters(out, report);
	put_assets(out, report->assets);
	put_head(out, "devices",
	    "Assets whose best verdict is this fingerprint, by grade.");
	for (size_t i = 0; i < report->fingerprints->len; i++)
		put_device(
		    out, report->assets, &report->fingerprints->items[i]);
	return !ferror(out);
}

const struct report_format report_prometheus = {
	.name = "prometheus",
	.file = "metrics.prom",
	.summary = "the run's numbers for Prometheus's textfile collector",
	.write = prometheus_write,
};
