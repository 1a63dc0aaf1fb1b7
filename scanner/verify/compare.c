/* SPDX-License-Identifier: ISC */
/* compare - lines, one by one, and what they leave over. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/view.h"
#include "scanner/pool.h"
#include "scanner/verify/compare_index.h"
#include "scanner/verify/compare_parts.h"

enum { REASON = 256 };

const char *
field_state_text(enum field_state state)
{
	static const char *const names[] = {
		[FIELD_UNSAID] = "",
		[FIELD_SAME] = "same",
		[FIELD_AGREES] = "agrees",
		[FIELD_DIFFERS] = "differs",
		[FIELD_UNKNOWN] = "unknown",
	};

	return names[state];
}

/* --- a line -------------------------------------------------------------------- */

void
compare_field(const struct comparing *c, enum field field,
    enum field_state state, const char *found, const char *why)
{
	c->line->fields[field] = (struct field_result){ state, found, why };
}

const struct fingerprint *
compare_expected(const struct record *r, const struct found *found)
{
	const struct fingerprint *f =
	    fingerprints_find(found->fingerprints, r->text[FIELD_EXPECTED]);
	const char *id = NULL;

	if (f == NULL && r->text[FIELD_EXPECTED][0] == '\0')
		f = fingerprints_find(found->fingerprints, r->text[FIELD_KIND]);
	if (f != NULL || r->text[FIELD_EXPECTED][0] != '\0' ||
	    found->aliases == NULL)
		return f;
	aliases_model(found->aliases, r->text[FIELD_MODEL], &id);
	return id != NULL ? fingerprints_find(found->fingerprints, id) : NULL;
}

static void conclude(struct comparing *c, enum verify_state state,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static void
conclude(struct comparing *c, enum verify_state state, const char *fmt, ...)
{
	char text[REASON];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	c->line->state = state;
	c->line->reason = pool_printf(c->pool, "%s", text);
}

static void
settle(struct comparing *c, const char *how)
{
	struct line_result *l = c->line;

	for (size_t i = 0; i < l->settle_len; i++)
		if (strcmp(l->settle[i], how) == 0)
			return;
	if (l->settle_len < LINE_SETTLE_MAX)
		l->settle[l->settle_len++] = how;
}

static void
settle_by_clues(struct comparing *c)
{
	struct judgement j;

	if (c->line->expected == NULL ||
	    !judge(
		c->found->fingerprints, c->line->expected, c->line->asset, &j))
		return;
	for (size_t i = 0; i < j.settle_len; i++)
		settle(c, view_settles(j.settle[i]));
	judgement_clear(&j);
}

/* "mac: recorded 08:..., found 00:...; port: ..." */
static void
conclude_mismatch(struct comparing *c)
{
	char text[REASON];
	size_t used = 0;

	text[0] = '\0';
	for (unsigned f = 0; f < FIELDS && used < sizeof(text); f++) {
		const struct field_result *r = &c->line->fields[f];

		if (r->state != FIELD_DIFFERS)
			continue;
		used += (size_t)snprintf(text + used, sizeof(text) - used,
		    "%s%s: recorded %.48s, %s%.64s", used > 0 ? "; " : "",
		    field_text(f), c->line->record->text[f],
		    r->found[0] != '\0' ? "found " : "",
		    r->found[0] != '\0' ? r->found : r->why);
	}
	conclude(c, VERIFY_MISMATCH, "%s", text);
}

/* Which fields agree, as "mac, expected"; "" for none. */
static void
list_fields(
    const struct line_result *l, enum field_state state, char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	for (unsigned f = 0; f < FIELDS && used < size; f++)
		if (l->fields[f].state == state)
			used += (size_t)snprintf(out + used, size - used,
			    "%s%s", used > 0 ? ", " : "", field_text(f));
}

static size_t
count_fields(const struct line_result *l, enum field_state state)
{
	size_t n = 0;

	for (unsigned f = 0; f < FIELDS; f++)
		n += l->fields[f].state == state;
	return n;
}

static bool
is_expectation_open(const struct line_result *l)
{
	return l->fields[FIELD_EXPECTED].state == FIELD_UNKNOWN ||
	    (l->expected != NULL &&
		(l->fields[FIELD_MODEL].state == FIELD_UNKNOWN ||
		    (l->fields[FIELD_KIND].state == FIELD_UNKNOWN &&
			strcmp(l->expected->id, l->record->text[FIELD_KIND]) ==
			    0)));
}

/* Why nothing can be said although something is there. */
static const char *
thin_reason(const struct line_result *l)
{
	const enum field open[] = { FIELD_EXPECTED, FIELD_MODEL, FIELD_KIND };

	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++)
		if (l->fields[open[i]].state == FIELD_UNKNOWN &&
		    l->fields[open[i]].why[0] != '\0')
			return l->fields[open[i]].why;
	return "it answered, but nothing the record says could be seen";
}

static void
conclude_compared(struct comparing *c)
{
	struct line_result *l = c->line;
	char agreed[REASON];

	if (count_fields(l, FIELD_DIFFERS) > 0) {
		conclude_mismatch(c);
	} else if (is_expectation_open(l)) {
		conclude(c, VERIFY_CANNOT_SAY, "%s", thin_reason(l));
		settle_by_clues(c);
	} else if (count_fields(l, FIELD_SAME) > 0) {
		list_fields(l, FIELD_SAME, agreed, sizeof(agreed));
		conclude(c, VERIFY_MATCH, "the same by %s", agreed);
	} else {
		conclude(c, VERIFY_CANNOT_SAY, "%s", thin_reason(l));
		if (l->fields[FIELD_MAC].state == FIELD_UNKNOWN)
			settle(c, l->fields[FIELD_MAC].why);
		settle(c,
		    "Record its MAC, its host name or an expected "
		    "fingerprint");
	}
}

static const char *
fact_of(const struct asset *a, enum fact_key key)
{
	for (size_t i = 0; i < a->facts_len; i++)
		if (a->facts[i]->key == key)
			return a->facts[i]->value;
	return NULL;
}

/* Nobody there spoke: at most a MAC can be compared. */
static void
conclude_silent(struct comparing *c)
{
	const struct asset *a = c->line->asset;
	const struct run *run = c->found->run;

	if (a != NULL && fact_of(a, FACT_HOST_ALIVE) != NULL) {
		compare_fields(c);
		if (count_fields(c->line, FIELD_DIFFERS) > 0 ||
		    count_fields(c->line, FIELD_SAME) > 0) {
			conclude_compared(c);
			return;
		}
		conclude(c, VERIFY_CANNOT_SAY, "it is there, and said nothing");
	} else if (run->outcome != RUN_DONE) {
		c->line->asset = NULL;
		conclude(c, VERIFY_CANNOT_SAY,
		    "the run was broken off before it answered");
		settle(c, "Run it again, to its end");
		return;
	} else {
		c->line->asset = NULL;
		conclude(c, VERIFY_ABSENT, "silent: nothing there answered");
		settle(c, "See that it is switched on, and look again");
		return;
	}
	settle_by_clues(c);
}

static bool
is_askable(struct comparing *c)
{
	const struct record *r = c->line->record;

	if (r->trouble != NULL) {
		conclude(c, VERIFY_CANNOT_SAY, "the line is not readable: %s",
		    r->trouble);
		settle(c, "Correct the record");
		return false;
	}
	if (!index_is_of_site(r, c->found->run)) {
		conclude(c, VERIFY_CANNOT_SAY, "it is of another site: %.60s",
		    r->text[FIELD_SITE]);
		settle(c, "Verify it from there");
		return false;
	}
	return true;
}

static void
compare_line(struct comparing *c, struct index *x)
{
	struct line_result *l = c->line;
	const struct record *r = l->record;
	struct by_address *here = index_address(x, r->address, false);
	struct by_mac *known = index_mac(x, r->mac, false);
	const struct asset *at = here != NULL ? here->asset : NULL;
	const struct asset *by_mac =
	    known != NULL && mac_is_known(r->mac) ? known->asset : NULL;

	for (unsigned f = 0; f < FIELDS; f++)
		compare_field(c, f,
		    r->text[f][0] != '\0' && f != FIELD_SITE ? FIELD_UNKNOWN
							     : FIELD_UNSAID,
		    "", "");
	l->expected = compare_expected(r, c->found);
	c->caller = here != NULL ? here->record : NULL;
	if (!is_askable(c))
		return;
	/* A device is known by its MAC: where that answers elsewhere it has
	 * moved, whoever holds its address now. */
	l->asset = by_mac != NULL ? by_mac : at;
	if (l->asset == NULL && c->found->was_asked != NULL &&
	    !c->found->was_asked(c->found->arg, r->address)) {
		conclude(c, VERIFY_CANNOT_SAY,
		    r->address != 0 ? "its address was not looked at: it is "
				      "excluded, or nobody authorised it"
				    : "its MAC did not show, and the record "
				      "names no address");
		settle(c,
		    "Name its network in the scope file, or on the command "
		    "line");
		return;
	}
	if (l->asset != NULL && l->asset->standing == ASSET_EXCLUDED) {
		conclude(c, VERIFY_CANNOT_SAY, "it was left alone: %.160s",
		    fact_of(l->asset, FACT_HOST_EXCLUDED));
		return;
	}
	if (l->asset == NULL || l->asset->standing == ASSET_SILENT) {
		conclude_silent(c);
		return;
	}
	compare_fields(c);
	conclude_compared(c);
}

/* --- what is left over ------------------------------------------------------------ */

static bool
is_recorded(struct index *x, const struct asset *a)
{
	const struct by_mac *m =
	    mac_is_known(a->mac) ? index_mac(x, a->mac, false) : NULL;

	if (m != NULL && m->record != NULL)
		return true;
	for (size_t i = 0; i < a->addresses_len; i++) {
		const struct by_address *e =
		    index_address(x, a->addresses[i], false);

		if (e != NULL && e->record != NULL)
			return true;
	}
	return false;
}

static bool
is_there(const struct asset *a)
{
	return a->standing != ASSET_SILENT ||
	    fact_of(a, FACT_HOST_ALIVE) != NULL;
}

static bool
find_unrecorded(
    struct index *x, const struct assets *assets, struct comparison *out)
{
	out->unrecorded = calloc(assets->len + 1, sizeof(*out->unrecorded));
	if (out->unrecorded == NULL)
		return false;
	for (size_t i = 0; i < assets->len; i++)
		if (is_there(&assets->items[i]) &&
		    !is_recorded(x, &assets->items[i]))
			out->unrecorded[out->unrecorded_len++] =
			    &assets->items[i];
	return true;
}

static bool
compare_all(const struct records *records, const struct found *found,
    struct index *x, struct comparison *out)
{
	if (!index_assets(x, found->assets) ||
	    !index_records(x, records, found->run))
		return false;
	for (size_t i = 0; i < records->len; i++) {
		struct comparing c = { .found = found,
			.pool = out->pool,
			.line = &out->lines[i] };

		c.line->record = &records->items[i];
		compare_line(&c, x);
		out->counts[c.line->state]++;
	}
	out->lines_len = records->len;
	return find_unrecorded(x, found->assets, out) &&
	    conflicts_find(records, out) && !pool_ran_out(out->pool);
}

struct comparison *
compare(const struct records *records, const struct found *found)
{
	struct comparison *out = calloc(1, sizeof(*out));
	struct index x = { 0 };

	if (out == NULL)
		return NULL;
	out->pool = pool_new();
	out->lines = calloc(records->len + 1, sizeof(*out->lines));
	if (out->pool == NULL || out->lines == NULL ||
	    !compare_all(records, found, &x, out)) {
		comparison_free(out);
		out = NULL;
	}
	index_clear(&x);
	return out;
}

void
comparison_free(struct comparison *c)
{
	if (c == NULL)
		return;
	free(c->lines);
	free(c->unrecorded);
	free(c->conflicts);
	pool_free(c->pool);
	free(c);
}
