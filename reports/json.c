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
#include <string.h>

#include "reports/ndjson.h"
#include "reports/report.h"
#include "reports/view.h"
#include "scanner/text.h"

static const size_t dump_flags = JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(6);

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

static json_t *
strings_json(const char *const *strings, size_t n)
{
	json_t *list = json_array();
	bool ok = list != NULL;

	for (size_t i = 0; i < n && ok; i++)
		ok = append(list, json_string(strings[i]));
	return whole(list, ok);
}

/* The same for words of the operator, which nobody checked. */
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
	bool ok = json_object_update(j, scope) == 0 &&
	    json_object_update(j, counters) == 0;

	json_decref(scope);
	json_decref(counters);
	return whole(j, ok);
}

static json_t *
ports_json(const struct asset *a)
{
	json_t *list = json_array();
	bool ok = list != NULL;

	for (size_t i = 0; i < a->ports_len && ok; i++) {
		const struct asset_port *p = &a->ports[i];

		ok = append(list,
		    json_pack("{s:s, s:i, s:s, s:s, s:s}", "transport",
			p->about.kind == ABOUT_TCP ? "tcp" : "udp", "port",
			(int)p->about.port, "state", port_state_text(p->state),
			"service", p->service, "product", p->product));
	}
	return whole(list, ok);
}

static json_t *
facts_json(const struct fact *const *facts, size_t n)
{
	json_t *list = json_array();
	bool ok = list != NULL;

	for (size_t i = 0; i < n && ok; i++)
		ok = append(list, ndjson_fact(facts[i]));
	return whole(list, ok);
}

static json_t *
clue_json(const struct clue_result *r)
{
	static const char *const fates[] = {
		[CLUE_NOT_LOOKED_AT] = "not looked at",
		[CLUE_ABSENT] = "absent",
		[CLUE_HOLDS] = "holds",
	};
	json_t *j = json_pack("{s:s, s:s, s:s, s:i, s:b, s:o, s:o}", "clue",
	    r->clue->name, "group", r->clue->group, "fate", fates[r->fate],
	    "weight", r->weight, "counted", (int)r->counted, "reason",
	    text_json(r->clue->reason), "source", text_json(r->clue->source));
	bool ok = j != NULL;

	if (ok && view_side(r) == VIEW_UNKNOWN) {
		char needs[VIEW_CONDITION];

		ok = json_object_set_new(
			 j, "would_add", json_integer(r->clue->weight)) == 0 &&
		    json_object_set_new(j, "needs",
			json_string(view_condition(&r->clue->when, needs))) ==
			0 &&
		    json_object_set_new(j, "settled_by",
			json_string(view_settles(r->clue))) == 0;
	} else if (ok) {
		ok = json_object_set_new(
			 j, "facts", facts_json(r->facts, r->facts_len)) == 0;
	}
	return whole(j, ok);
}

/* Returns the clues of one side, in the fingerprint's order. */
static json_t *
clues_json(const struct verdict *v, enum view_side side)
{
	json_t *list = json_array();
	bool ok = list != NULL;

	for (size_t i = 0; i < v->clues_len && ok; i++)
		if (view_side(&v->clues[i]) == side)
			ok = append(list, clue_json(&v->clues[i]));
	return whole(list, ok);
}

static json_t *
verdict_json(const struct asset *a)
{
	static const struct verdict none = { .grade = GRADE_NONE };
	const struct verdict *v = a->verdicts_len > 0 ? &a->verdicts[0] : &none;
	const struct fingerprint *f = v->fingerprint;

	return json_pack("{s:s, s:s?, s:s?, s:s?, s:s?, s:o, s:o, s:o, s:i, "
			 "s:o, s:o, s:o}",
	    "grade", grade_text(v->grade), "fingerprint", f ? f->id : NULL,
	    "name", f ? f->name : NULL, "kind", f ? f->kind : NULL, "maker",
	    f ? f->maker : NULL, "probability",
	    f ? json_real(view_probability(v->probability)) : json_null(),
	    "prior", f ? json_integer(f->prior) : json_null(), "sum",
	    f ? json_integer(v->sum) : json_null(), "groups", (int)v->groups,
	    "clues", clues_json(v, VIEW_FOR), "against",
	    clues_json(v, VIEW_AGAINST), "not_looked_at",
	    clues_json(v, VIEW_UNKNOWN));
}

/* The verdicts behind the best one. */
static json_t *
candidates_json(const struct asset *a)
{
	json_t *list = json_array();
	bool ok = list != NULL;

	for (size_t i = 1; i < a->verdicts_len && ok; i++) {
		const struct verdict *v = &a->verdicts[i];

		ok = append(list,
		    json_pack("{s:s, s:s, s:f, s:s}", "fingerprint",
			v->fingerprint->id, "name", v->fingerprint->name,
			"probability", view_probability(v->probability),
			"grade", grade_text(v->grade)));
	}
	return whole(list, ok);
}

static json_t *
addresses_json(const struct asset *a)
{
	json_t *list = json_array();
	bool ok = list != NULL;

	for (size_t i = 0; i < a->addresses_len && ok; i++)
		ok = append(list, address_json(a->addresses[i]));
	return whole(list, ok);
}

static json_t *
asset_json(const struct asset *a)
{
	char mac[NET_MAC_TEXT];

	return json_pack("{s:o, s:o, s:s?, s:o, s:s, s:o, s:o, s:o, s:o, s:o, "
			 "s:o}",
	    "address", address_json(a->address), "addresses", addresses_json(a),
	    "mac", mac_is_known(a->mac) ? mac_text(a->mac, mac) : NULL,
	    "vendor_oui", text_json(a->vendor), "standing",
	    asset_standing_text(a->standing), "names",
	    strings_json(a->names, a->names_len), "ports", ports_json(a),
	    "verdict", verdict_json(a), "candidates", candidates_json(a),
	    "alerts",
	    strings_json((const char *const *)a->alerts, a->alerts_len),
	    "facts", facts_json(a->facts, a->facts_len));
}

/* What one value is dumped into, kept from one to the next. */
struct room {
	char *at;
	size_t size;
};

/*
 * Writes and frees j; NULL is memory that ran out.  jansson hands out text in
 * crumbs, so it is gathered first and written once.
 */
static bool
dump(json_t *j, FILE *out, struct room *room, size_t flags)
{
	size_t len = 0;
	bool ok = j != NULL;

	while (ok &&
	    (len = json_dumpb(j, room->at, room->size, flags)) > room->size) {
		char *grown = realloc(room->at, len);

		ok = grown != NULL;
		if (ok)
			*room = (struct room){ .at = grown, .size = len };
	}
	json_decref(j);
	if (!ok || len == 0) {
		errno = ENOMEM;
		return false;
	}
	return fwrite(room->at, 1, len, out) == len;
}

static bool
assets_write(const struct assets *assets, FILE *out, struct room *room)
{
	for (size_t i = 0; i < assets->len; i++)
		if (fputs(i > 0 ? ",\n  " : "\n  ", out) == EOF ||
		    !dump(asset_json(&assets->items[i]), out, room,
			dump_flags | JSON_COMPACT))
			return false;
	return fputs(assets->len > 0 ? "\n ]\n}\n" : "]\n}\n", out) != EOF;
}

static bool
json_write(const struct report *report, FILE *out)
{
	struct room room = { .at = NULL };
	bool ok = fputs("{\n \"schema\": \"gantry-report/1\",\n \"run\": ",
		      out) != EOF &&
	    dump(run_json(report), out, &room, dump_flags | JSON_INDENT(1)) &&
	    fputs(",\n \"assets\": [", out) != EOF &&
	    assets_write(report->assets, out, &room);

	free(room.at);
	return ok;
}

const struct report_format report_json = {
	.name = "json",
	.file = "report.json",
	.summary = "the whole report for machines (docs/report.schema.json)",
	.write = json_write,
};
