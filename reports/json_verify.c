/* SPDX-License-Identifier: ISC */
/*
 * json_verify - a comparison for machines: RFC 8259, described by
 * docs/verify.schema.json ("gantry-verify/1").
 *
 * Lines are written one by one, so that a hospital's record need not stand in
 * memory as a tree.
 */
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "reports/verify.h"
#include "reports/view.h"
#include "scanner/text.h"

static const size_t dump_flags =
    JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(6) | JSON_COMPACT;

static json_t *
text_or_null(const char *s)
{
	return s != NULL && s[0] != '\0' ? json_string(s) : json_null();
}

static json_t *
address_json(uint32_t address)
{
	char text[NET_IPV4_TEXT];

	return address != 0 ? json_string(ipv4_text(address, text))
			    : json_null();
}

static json_t *
mac_json(struct mac mac)
{
	char text[NET_MAC_TEXT];

	return mac_is_known(mac) ? json_string(mac_text(mac, text))
				 : json_null();
}

static json_t *
time_json(int64_t ns)
{
	char text[TEXT_TIME];

	return json_string(text_time(ns, text));
}

static json_t *
words_json(const char *const *words, size_t n)
{
	json_t *list = json_array();
	char safe[VIEW_SAFE];

	for (size_t i = 0; i < n; i++)
		json_array_append_new(
		    list, json_string(view_safe(words[i], safe)));
	return list;
}

static json_t *
halted_json(const struct run *run)
{
	json_t *list = json_array();

	for (size_t i = 0; i < run->halted_len; i++)
		json_array_append_new(list,
		    json_pack("{s:o, s:o, s:s}", "address",
			address_json(run->halted[i].address), "time",
			time_json(run->halted[i].time_ns), "reason",
			run->halted[i].reason));
	return list;
}

static json_t *
run_json(const struct run *run)
{
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:s, s:o, s:I, s:I, "
			 "s:o}",
	    "id", run->id, "command", run->command, "version", run->version,
	    "site", text_or_null(run->site), "started",
	    time_json(run->started_ns), "finished", time_json(run->finished_ns),
	    "outcome", run_outcome_text(run->outcome), "scope",
	    words_json(run->scope, run->scope_len), "packets_sent",
	    (json_int_t)run->packets_sent, "hosts_probed",
	    (json_int_t)run->hosts_probed, "halted", halted_json(run));
}

static json_t *
asset_json(const struct asset *a)
{
	const struct fingerprint *f;

	if (a == NULL)
		return json_null();
	f = asset_fingerprint(a);
	return json_pack("{s:o, s:o, s:o, s:s, s:o, s:o, s:s, s:o}", "address",
	    address_json(a->address), "mac", mac_json(a->mac), "vendor_oui",
	    text_or_null(a->vendor), "standing",
	    asset_standing_text(a->standing), "names",
	    words_json(a->names, a->names_len), "fingerprint",
	    text_or_null(f != NULL ? f->id : NULL), "grade",
	    grade_text(asset_grade(a)), "probability",
	    f != NULL ? json_real(view_probability(a->verdicts[0].probability))
		      : json_null());
}

static json_t *
fields_json(const struct line_result *l)
{
	json_t *all = json_object();

	for (unsigned f = 0; f < FIELDS; f++) {
		const struct field_result *r = &l->fields[f];

		if (r->state != FIELD_UNSAID)
			json_object_set_new(all, field_text(f),
			    json_pack("{s:s, s:s, s:o, s:o}", "state",
				field_state_text(r->state), "recorded",
				l->record->text[f], "found",
				text_or_null(r->found), "why",
				text_or_null(r->why)));
	}
	return all;
}

static json_t *
clue_json(const struct clue_result *r)
{
	static const char *const fates[] = {
		[CLUE_NOT_LOOKED_AT] = "not looked at",
		[CLUE_ABSENT] = "absent",
		[CLUE_HOLDS] = "holds",
	};

	return json_pack("{s:s, s:s, s:s, s:i, s:b, s:s}", "clue",
	    r->clue->name, "group", r->clue->group, "fate", fates[r->fate],
	    "weight", r->weight, "counted", r->counted, "reason",
	    r->clue->reason);
}

/* Every clue of what was expected; where there is nothing to weigh, none. */
static json_t *
clues_json(const struct verify_view *v, const struct line_result *l)
{
	json_t *list = json_array();
	struct judgement j;

	if (l->expected == NULL || l->asset == NULL ||
	    !judge(v->fingerprints, l->expected, l->asset, &j))
		return list;
	for (size_t i = 0; i < j.verdict.clues_len; i++)
		json_array_append_new(list, clue_json(&j.verdict.clues[i]));
	judgement_clear(&j);
	return list;
}

static json_t *
line_json(const struct verify_view *v, const struct line_result *l)
{
	const struct record *r = l->record;
	json_t *line =
	    json_pack("{s:i, s:s, s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o}",
		"line", (int)r->line, "state", verify_state_text(l->state),
		"reason", l->reason, "address", address_json(r->address), "mac",
		mac_json(r->mac), "expected",
		text_or_null(l->expected != NULL ? l->expected->id : NULL),
		"grade", grade_text(l->grade), "probability",
		l->expected != NULL && l->asset != NULL
		    ? json_real(view_probability(l->probability))
		    : json_null(),
		"asset", asset_json(l->asset), "fields", fields_json(l),
		"settle", words_json(l->settle, l->settle_len));

	if (line == NULL)
		return NULL;
	if (l->in_a_row > 0)
		json_object_set_new(
		    line, "in_a_row", json_integer(l->in_a_row));
	if (v->is_host)
		json_object_set_new(line, "clues", clues_json(v, l));
	return line;
}

static json_t *
conflict_json(const struct conflict *c)
{
	return json_pack("{s:s, s:i, s:i, s:s}", "kind", conflict_text(c->kind),
	    "first", (int)c->first->line, "second", (int)c->second->line,
	    "value", c->value);
}

/* Writes a value and drops it; false when there is none or it failed. */
static bool
put(FILE *out, json_t *value, const char *before)
{
	bool ok = value != NULL && fputs(before, out) != EOF &&
	    json_dumpf(value, out, dump_flags | JSON_ENCODE_ANY) == 0;

	if (value == NULL)
		errno = ENOMEM;
	json_decref(value);
	return ok;
}

static json_t *
counts_json(const struct comparison *c)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "match",
	    (json_int_t)c->counts[VERIFY_MATCH], "mismatch",
	    (json_int_t)c->counts[VERIFY_MISMATCH], "absent",
	    (json_int_t)c->counts[VERIFY_ABSENT], "cannot_say",
	    (json_int_t)c->counts[VERIFY_CANNOT_SAY], "unrecorded",
	    (json_int_t)c->unrecorded_len, "conflicts",
	    (json_int_t)c->conflicts_len);
}

bool
verify_json(const struct verify_view *v, FILE *out)
{
	const struct comparison *c = v->comparison;
	char safe[VIEW_SAFE];
	bool ok = put(out, json_string("gantry-verify/1"), "{\"schema\":") &&
	    put(out, run_json(v->run), ",\n\"run\":") &&
	    put(out,
		v->records->path != NULL
		    ? json_string(view_safe(v->records->path, safe))
		    : json_null(),
		",\n\"record\":") &&
	    put(out, json_string(verify_state_text(verify_outcome(v))),
		",\n\"outcome\":") &&
	    put(out, counts_json(c), ",\n\"counts\":") &&
	    fputs(",\n\"lines\":[", out) != EOF;

	for (size_t i = 0; ok && i < c->lines_len; i++)
		ok = put(out, line_json(v, &c->lines[i]), i > 0 ? ",\n" : "\n");
	ok = ok && fputs("],\n\"unrecorded\":[", out) != EOF;
	for (size_t i = 0; ok && i < c->unrecorded_len; i++)
		ok = put(
		    out, asset_json(c->unrecorded[i]), i > 0 ? ",\n" : "\n");
	ok = ok && fputs("],\n\"conflicts\":[", out) != EOF;
	for (size_t i = 0; ok && i < c->conflicts_len; i++)
		ok = put(
		    out, conflict_json(&c->conflicts[i]), i > 0 ? ",\n" : "\n");
	return ok && fputs("]}\n", out) != EOF && !ferror(out);
}
