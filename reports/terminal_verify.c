/* SPDX-License-Identifier: ISC */
/*
 * terminal_verify - a comparison for whoever asked for it: what differs, what
 * is missing, and for one host the sum with its reasons.
 */
#include <stdio.h>
#include <string.h>

#include "reports/verify.h"
#include "reports/view.h"

enum { INDENT = 59 }; /* of what would settle a line */

static const char *
colour_of(enum verify_state state)
{
	static const char *const colours[] = {
		[VERIFY_MATCH] = "\x1b[32m",
		[VERIFY_MISMATCH] = "\x1b[1;31m",
		[VERIFY_ABSENT] = "\x1b[33m",
		[VERIFY_CANNOT_SAY] = "\x1b[33m",
	};

	return colours[state];
}

static void
put_state(
    const struct verify_view *v, enum verify_state state, int width, FILE *out)
{
	if (v->colour)
		fputs(colour_of(state), out);
	fprintf(out, "%-*s", width, verify_state_text(state));
	if (v->colour)
		fputs("\x1b[0m", out);
}

enum verify_state
verify_outcome(const struct verify_view *v)
{
	const struct comparison *c = v->comparison;

	if (c->counts[VERIFY_MISMATCH] > 0 || c->conflicts_len > 0 ||
	    (c->unrecorded_len > 0 && !v->is_host))
		return VERIFY_MISMATCH;
	if (c->counts[VERIFY_ABSENT] > 0 || c->counts[VERIFY_CANNOT_SAY] > 0)
		return VERIFY_CANNOT_SAY;
	return VERIFY_MATCH;
}

/* --- one host ----------------------------------------------------------------- */

static void
put_clues(FILE *out, const struct judgement *j, enum view_side side,
    const char *title)
{
	char weight[VIEW_NUMBER];
	bool any = false;

	for (size_t i = 0; i < j->verdict.clues_len; i++) {
		const struct clue_result *r = &j->verdict.clues[i];

		if (view_side(r) != side || !r->counted)
			continue;
		if (!any)
			fprintf(out, "\n%s\n", title);
		any = true;
		fprintf(out, "  %4s  %s: %s\n", view_weight(r->weight, weight),
		    r->clue->name, r->clue->reason);
	}
}

static void
put_sum(const struct verify_view *v, const struct line_result *l, FILE *out)
{
	char percent[VIEW_NUMBER], weight[VIEW_NUMBER];
	struct judgement j;

	if (l->asset == NULL ||
	    !judge(v->fingerprints, l->expected, l->asset, &j))
		return;
	if (j.verdict.fingerprint != NULL) {
		fprintf(out, "%s: %s, %s\n", l->expected->name,
		    grade_text(j.verdict.grade),
		    view_percent(j.verdict.probability, percent));
		put_clues(out, &j, VIEW_FOR, "For it");
		put_clues(out, &j, VIEW_AGAINST, "Against it");
		fprintf(out, "\n  %4s  before anything was seen\n",
		    view_weight(l->expected->prior, weight));
		fprintf(out, "  %4s  in all, decibans\n",
		    view_weight(j.verdict.sum, weight));
	}
	if (j.rival != NULL)
		fprintf(out, "\nIt shows itself as: %s (%s)\n",
		    j.rival->fingerprint->name, j.rival->fingerprint->id);
	judgement_clear(&j);
}

static bool
put_host(const struct verify_view *v, FILE *out)
{
	const struct line_result *l = &v->comparison->lines[0];
	char ip[NET_IPV4_TEXT];

	fprintf(out, "%s: ", ipv4_text(l->record->address, ip));
	put_state(v, l->state, 0, out);
	fprintf(out, ": %s\n",
	    l->state == VERIFY_MATCH || l->state == VERIFY_MISMATCH
		? l->fields[FIELD_EXPECTED].why
		: l->reason);
	put_sum(v, l, out);
	if (l->settle_len > 0)
		fputs("\nWhat would settle it\n", out);
	for (size_t i = 0; i < l->settle_len; i++)
		fprintf(out, "  %s\n", l->settle[i]);
	return !ferror(out);
}

/* --- a record ------------------------------------------------------------------- */

/* What a line is best told by: its name, else its MAC. */
static const char *
who(const struct record *r, char buf[static VIEW_SAFE])
{
	if (r->text[FIELD_NAME][0] != '\0')
		return view_safe(r->text[FIELD_NAME], buf);
	if (r->text[FIELD_HOSTNAME][0] != '\0')
		return view_safe(r->text[FIELD_HOSTNAME], buf);
	return view_safe(r->text[FIELD_MAC], buf);
}

static void
put_line(const struct verify_view *v, const struct line_result *l, FILE *out)
{
	char name[VIEW_SAFE], address[VIEW_SAFE], reason[VIEW_SAFE];

	fprintf(out, "%6u  %-15.40s  %-20.40s  ", l->record->line,
	    view_safe(l->record->text[FIELD_ADDRESS], address),
	    who(l->record, name));
	put_state(v, l->state, 10, out);
	fprintf(out, "  %s", view_safe(l->reason, reason));
	if (l->in_a_row > 1)
		fprintf(out, " (%u times in a row)", l->in_a_row);
	fputc('\n', out);
	for (size_t i = 0; i < l->settle_len; i++)
		fprintf(out, "%*s-> %s\n", INDENT, "", l->settle[i]);
}

static void
put_lines(const struct verify_view *v, FILE *out)
{
	static const enum verify_state order[] = { VERIFY_MISMATCH,
		VERIFY_ABSENT, VERIFY_CANNOT_SAY, VERIFY_MATCH };
	const struct comparison *c = v->comparison;
	bool any = false;

	for (size_t k = 0; k < sizeof(order) / sizeof(order[0]); k++)
		for (size_t i = 0; i < c->lines_len; i++) {
			if (c->lines[i].state != order[k] ||
			    (order[k] == VERIFY_MATCH && !v->shows_all))
				continue;
			if (!any)
				fprintf(out, "\n%6s  %-15s  %-20s  %-10s  %s\n",
				    "LINE", "ADDRESS", "NAME", "STATE", "WHY");
			any = true;
			put_line(v, &c->lines[i], out);
		}
}

static void
put_unrecorded(const struct verify_view *v, FILE *out)
{
	const struct comparison *c = v->comparison;
	char ip[NET_IPV4_TEXT], mac[NET_MAC_TEXT];

	if (c->unrecorded_len > 0)
		fputs("\nOn the network, and not in the record\n", out);
	for (size_t i = 0; i < c->unrecorded_len; i++) {
		const struct asset *a = c->unrecorded[i];

		fprintf(out, "  %-15s  %-17s  %s%s%s\n",
		    ipv4_text(a->address, ip),
		    mac_is_known(a->mac) ? mac_text(a->mac, mac) : "",
		    view_device(a), a->names_len > 0 ? ", " : "",
		    a->names_len > 0 ? a->names[0] : "");
	}
}

static void
put_conflicts(const struct verify_view *v, FILE *out)
{
	const struct comparison *c = v->comparison;
	char safe[VIEW_SAFE];

	if (c->conflicts_len > 0)
		fputs("\nThe record contradicts itself\n", out);
	for (size_t i = 0; i < c->conflicts_len; i++) {
		const struct conflict *x = &c->conflicts[i];

		if (x->kind == CONFLICT_DUPLICATE)
			fprintf(out, "  lines %u and %u are the same device\n",
			    x->first->line, x->second->line);
		else
			fprintf(out, "  lines %u and %u have one %s: %s\n",
			    x->first->line, x->second->line,
			    conflict_text(x->kind), view_safe(x->value, safe));
	}
}

static bool
put_record(const struct verify_view *v, FILE *out)
{
	const struct comparison *c = v->comparison;
	char safe[VIEW_SAFE], duration[VIEW_NUMBER];

	fprintf(out, "verify of %s: %zu lines, %s after %s\n",
	    view_safe(v->records->path, safe), c->lines_len,
	    run_outcome_text(v->run->outcome),
	    view_duration(
		(double)(v->run->finished_ns - v->run->started_ns) / 1e9,
		duration));
	put_lines(v, out);
	put_unrecorded(v, out);
	put_conflicts(v, out);
	fprintf(out,
	    "\n%zu match, %zu mismatch, %zu absent, %zu cannot say; "
	    "%zu not in the record; %zu contradictions\n",
	    c->counts[VERIFY_MATCH], c->counts[VERIFY_MISMATCH],
	    c->counts[VERIFY_ABSENT], c->counts[VERIFY_CANNOT_SAY],
	    c->unrecorded_len, c->conflicts_len);
	return !ferror(out);
}

bool
verify_terminal(const struct verify_view *v, FILE *out)
{
	return v->is_host ? put_host(v, out) : put_record(v, out);
}
