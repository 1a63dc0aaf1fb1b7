/* SPDX-License-Identifier: ISC */
/*
 * json_asset - an asset in JSON: what it is, its ports, the verdict with every
 * clue, and the facts.
 */
#include "reports/json_asset.h"
#include "reports/json_fact.h"
#include "reports/view.h"

static void
texts(struct emit *e, const char *key, const char *const *list, size_t n)
{
	emit_array(e, key);
	for (size_t i = 0; i < n; i++)
		emit_text(e, NULL, list[i]);
	emit_array_end(e);
}

static void
addresses(struct emit *e, const struct asset *a)
{
	char ip[NET_IPV4_TEXT];

	emit_array(e, "addresses");
	for (size_t i = 0; i < a->addresses_len; i++)
		emit_text(e, NULL, ipv4_text(a->addresses[i], ip));
	emit_array_end(e);
}

static void
ports(struct emit *e, const struct asset *a)
{
	emit_array(e, "ports");
	for (size_t i = 0; i < a->ports_len; i++) {
		const struct asset_port *p = &a->ports[i];

		emit_object(e, NULL);
		emit_text(
		    e, "transport", p->about.kind == ABOUT_TCP ? "tcp" : "udp");
		emit_number(e, "port", p->about.port);
		emit_text(e, "state", port_state_text(p->state));
		emit_text(e, "service", p->service);
		emit_text(e, "product", p->product);
		emit_object_end(e);
	}
	emit_array_end(e);
}

static void
facts(struct emit *e, const struct fact *const *list, size_t n)
{
	emit_array(e, "facts");
	for (size_t i = 0; i < n; i++) {
		emit_object(e, NULL);
		json_fact_members(e, list[i]);
		emit_object_end(e);
	}
	emit_array_end(e);
}

static void
clue(struct emit *e, const struct clue_result *r)
{
	static const char *const fates[] = {
		[CLUE_NOT_LOOKED_AT] = "not looked at",
		[CLUE_ABSENT] = "absent",
		[CLUE_HOLDS] = "holds",
	};
	char needs[VIEW_CONDITION];

	emit_object(e, NULL);
	emit_text(e, "clue", r->clue->name);
	emit_text(e, "group", r->clue->group);
	emit_text(e, "fate", fates[r->fate]);
	emit_number(e, "weight", r->weight);
	emit_flag(e, "counted", r->counted);
	emit_word(e, "reason", r->clue->reason);
	emit_word(e, "source", r->clue->source);
	if (view_side(r) == VIEW_UNKNOWN) {
		emit_number(e, "would_add", r->clue->weight);
		emit_text(e, "needs", view_condition(&r->clue->when, needs));
		emit_text(e, "settled_by", view_settles(r->clue));
	} else {
		facts(e, r->facts, r->facts_len);
	}
	emit_object_end(e);
}

/* The clues of one side, in the fingerprint's order. */
static void
clues(struct emit *e, const char *key, const struct verdict *v,
    enum view_side side)
{
	emit_array(e, key);
	for (size_t i = 0; i < v->clues_len; i++)
		if (view_side(&v->clues[i]) == side)
			clue(e, &v->clues[i]);
	emit_array_end(e);
}

/* How sure, and by which sum; null where nothing was possible. */
static void
sums(struct emit *e, const struct verdict *v)
{
	if (v->fingerprint == NULL) {
		emit_null(e, "probability");
		emit_null(e, "prior");
		emit_null(e, "sum");
		return;
	}
	emit_real(e, "probability", view_probability(v->probability));
	emit_number(e, "prior", v->fingerprint->prior);
	emit_number(e, "sum", v->sum);
}

static void
verdict(struct emit *e, const struct asset *a)
{
	static const struct verdict none = { .grade = GRADE_NONE };
	const struct verdict *v = a->verdicts_len > 0 ? &a->verdicts[0] : &none;
	const struct fingerprint *f = v->fingerprint;

	emit_object(e, "verdict");
	emit_text(e, "grade", grade_text(v->grade));
	emit_text(e, "fingerprint", f != NULL ? f->id : NULL);
	emit_text(e, "name", f != NULL ? f->name : NULL);
	emit_text(e, "kind", f != NULL ? f->kind : NULL);
	emit_text(e, "maker", f != NULL ? f->maker : NULL);
	sums(e, v);
	emit_number(e, "groups", v->groups);
	clues(e, "clues", v, VIEW_FOR);
	clues(e, "against", v, VIEW_AGAINST);
	clues(e, "not_looked_at", v, VIEW_UNKNOWN);
	emit_object_end(e);
}

/* The verdicts behind the best one. */
static void
candidates(struct emit *e, const struct asset *a)
{
	emit_array(e, "candidates");
	for (size_t i = 1; i < a->verdicts_len; i++) {
		const struct verdict *v = &a->verdicts[i];

		emit_object(e, NULL);
		emit_text(e, "fingerprint", v->fingerprint->id);
		emit_text(e, "name", v->fingerprint->name);
		emit_real(e, "probability", view_probability(v->probability));
		emit_text(e, "grade", grade_text(v->grade));
		emit_object_end(e);
	}
	emit_array_end(e);
}

void
json_asset(struct emit *e, const struct asset *a)
{
	char mac[NET_MAC_TEXT], ip[NET_IPV4_TEXT];

	emit_object(e, NULL);
	emit_text(e, "address", ipv4_text(a->address, ip));
	addresses(e, a);
	emit_text(
	    e, "mac", mac_is_known(a->mac) ? mac_text(a->mac, mac) : NULL);
	emit_word(e, "vendor_oui", a->vendor);
	emit_text(e, "standing", asset_standing_text(a->standing));
	texts(e, "names", a->names, a->names_len);
	ports(e, a);
	verdict(e, a);
	candidates(e, a);
	texts(e, "alerts", (const char *const *)a->alerts, a->alerts_len);
	facts(e, a->facts, a->facts_len);
	emit_object_end(e);
}
