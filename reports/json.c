/* SPDX-License-Identifier: ISC */
/*
 * json - the report for machines: RFC 8259, described by
 * docs/report.schema.json ("gantry-report/1").
 *
 * Assets are written one by one, a line each, so that a report of a whole
 * hospital need not stand in memory as a tree.  Limits: numbers have six digits; a probability
 * is never written as 0 or 1.
 */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

#include "reports/emit.h"
#include "reports/json_assets.h"
#include "reports/json_census.h"
#include "reports/report.h"
#include "reports/view.h"
#include "scanner/text.h"

static const size_t dump_flags =
    JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(6) | JSON_INDENT(1);

/* Appends item to list, owned from now on; false when either is missing. */
static bool
append(json_t *list, json_t *item)
{
	return json_array_append_new(list, item) == 0;
}

/* Returns list, or NULL and list freed. */
static json_t *
whole(json_t *list, bool ok)
{
	if (ok)
		return list;
	json_decref(list);
	return NULL;
}

/* Words of the operator, which nobody checked. */
static json_t *
words_json(const char *const *words, size_t n)
{
	json_t *list = json_array();
	char safe[VIEW_SAFE];
	bool ok = list != NULL;

	for (size_t i = 0; i < n && ok; i++)
		ok = append(list, json_string(view_safe(words[i], safe)));
	return whole(list, ok);
}

/* Returns a string, null for NULL or "". */
static json_t *
text_json(const char *s)
{
	return s != NULL && s[0] != '\0' ? json_string(s) : json_null();
}

static json_t *
time_json(int64_t ns)
{
	char time[TEXT_TIME];

	return json_string(text_time(ns, time));
}

static json_t *
address_json(uint32_t address)
{
	char ip[NET_IPV4_TEXT];

	return json_string(ipv4_text(address, ip));
}

static json_t *
halted_json(const struct run *run)
{
	json_t *list = json_array();
	char reason[VIEW_SAFE];
	bool ok = list != NULL;

	for (size_t i = 0; i < run->halted_len && ok; i++) {
		const struct run_halt *h = &run->halted[i];

		ok = append(list,
		    json_pack("{s:o, s:o, s:s}", "address",
			h->address != 0 ? address_json(h->address)
					: json_null(),
			"time", time_json(h->time_ns), "reason",
			view_safe(h->reason, reason)));
	}
	return whole(list, ok);
}

static json_t *
unknown_json(const struct run *run)
{
	json_t *list = json_array();
	bool ok = list != NULL;

	for (size_t i = 0; i < run->unknown_len && ok; i++)
		ok = append(list,
		    json_pack("{s:o, s:s}", "address",
			address_json(run->unknown[i].address), "what",
			run->unknown[i].what));
	return whole(list, ok);
}

static json_t *
count_json(uint64_t n)
{
	return json_integer((json_int_t)n);
}

static json_t *
run_json(const struct report *report)
{
	const struct run *run = report->run;
	char site[VIEW_SAFE], owner[VIEW_SAFE];
	json_t *j = json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:s}", "id",
	    run->id, "command", run->command, "version", run->version, "site",
	    view_safe(run->site, site), "care", text_json(run->care), "started",
	    time_json(run->started_ns), "finished", time_json(run->finished_ns),
	    "outcome", run_outcome_text(run->outcome));
	json_t *scope = json_pack("{s:o, s:o, s:o, s:o}", "scope",
	    words_json(run->scope, run->scope_len), "excluded",
	    words_json(run->excluded, run->excluded_len), "owner",
	    text_json(view_safe(run->owner, owner)), "addresses",
	    count_json(run->addresses));
	json_t *counters = json_pack(
	    "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:f, s:o, s:o, s:o}",
	    "packets_sent", count_json(run->packets_sent), "frames_read",
	    count_json(run->frames_read), "frames_dropped",
	    count_json(run->frames_dropped), "frames_broken",
	    count_json(run->frames_broken), "talks", count_json(run->talks),
	    "hosts_probed", count_json(run->hosts_probed), "hosts_answered",
	    count_json(run->hosts_answered), "facts",
	    count_json(ledger_count(report->ledger)), "facts_dropped",
	    count_json(run->facts_dropped), "listened_s", run->listened_s,
	    "fingerprints", count_json(run->fingerprints), "halted",
	    halted_json(run), "unknown", unknown_json(run));
	bool ok =
	    json_object_set_new(j, "host_packets_cap",
		run->host_packets_cap > 0 ? json_integer(run->host_packets_cap)
					  : json_null()) == 0 &&
	    json_object_update(j, scope) == 0 &&
	    json_object_update(j, counters) == 0;

	json_decref(scope);
	json_decref(counters);
	return whole(j, ok);
}

/*
 * Writes and frees j; NULL is memory that ran out.  jansson hands out text in
 * crumbs, so it is gathered first and written once.
 */
static bool
dump(json_t *j, FILE *out)
{
	char *text = j != NULL ? json_dumps(j, dump_flags) : NULL;
	bool ok = text != NULL;

	if (ok)
		ok = fputs(text, out) != EOF;
	else
		errno = ENOMEM;
	free(text);
	json_decref(j);
	return ok;
}

static bool
census_write(const struct report *report, FILE *out)
{
	struct emit *e = emit_new(out);
	bool ok = e != NULL;

	if (!ok)
		errno = ENOMEM;
	else
		json_census(e, report);
	ok = ok && emit_flush(e);
	emit_free(e);
	return ok;
}

static bool
json_write(const struct report *report, FILE *out)
{
	return fputs("{\n \"schema\": \"gantry-report/1\",\n \"run\": ", out) !=
	    EOF &&
	    dump(run_json(report), out) &&
	    fputs(",\n \"census\": ", out) != EOF &&
	    census_write(report, out) &&
	    fputs(",\n \"assets\": [", out) != EOF &&
	    json_assets(report->assets, out) &&
	    fputs(report->assets->len > 0 ? "\n ]\n}\n" : "]\n}\n", out) != EOF;
}

const struct report_format report_json = {
	.name = "json",
	.file = "report.json",
	.summary = "the whole report for machines (docs/report.schema.json)",
	.write = json_write,
};
