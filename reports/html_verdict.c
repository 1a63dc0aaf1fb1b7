/* SPDX-License-Identifier: ISC */
/*
 * html_verdict - how a verdict came about, as a sum anyone can add up again:
 * the prior, each clue that counts, the total; then what held but does not
 * count, what was looked for in vain, and what nobody looked at.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/html_parts.h"
#include "reports/view.h"

enum { FACTS_SHOWN = 5, WEIGHT_FULL = 40, SCALE_EDGE = 50, SCALE_GAP = 5 };

/* Log-odds in decibans at which a probability of 0.5, 0.9, 0.99 is reached. */
static const double possible_from = 0, probable_from = 9.542,
		    confirmed_from = 19.956;

/* The weight as a signed number with a real minus. */
static void
put_weight(struct markup *h, int weight)
{
	if (weight < 0)
		markup_text(h, "\xe2\x88\x92%d", -weight);
	else
		markup_text(h, weight > 0 ? "+%d" : "%d", weight);
}

static void
put_rect(struct markup *h, const char *class, double from, double to, int y,
    int height)
{
	markup_open(h, "rect", class);
	markup_attr(h, "x", "%.2f%%", from);
	markup_attr(h, "y", "%d", y);
	markup_attr(h, "width", "%.2f%%", to - from);
	markup_attr(h, "height", "%d", height);
	markup_close(h);
}

/* A bar as long as the weight is heavy; the number beside it says it all. */
static void
put_bar(struct markup *h, int weight, bool counted)
{
	double share = 100.0 * abs(weight) / WEIGHT_FULL;

	markup_open(h, "svg", "bar");
	markup_attr(h, "aria-hidden", "true");
	put_rect(h,
	    !counted         ? "bar-idle"
		: weight > 0 ? "bar-for"
			     : "bar-against",
	    0, share > 100 ? 100 : share, 0, 6);
	markup_close(h);
}

static void
put_weight_cell(struct markup *h, int weight, bool counted)
{
	html_cell_open(h, "Weight", "weight");
	markup_open(h, "b", NULL);
	put_weight(h, weight);
	markup_close(h);
	put_bar(h, weight, counted);
	markup_close(h);
}

static void
put_facts(struct markup *h, const struct clue_result *r)
{
	html_cell_open(h, "Facts", "facts");
	if (r->facts_len > 0) {
		markup_open(h, "ul", NULL);
		for (size_t i = 0; i < r->facts_len && i < FACTS_SHOWN; i++) {
			markup_open(h, "li", NULL);
			html_fact(h, r->facts[i]);
			markup_close(h);
		}
		if (r->facts_len > FACTS_SHOWN)
			markup_leaf(h, "li", "quiet", "and %zu more, below",
			    r->facts_len - FACTS_SHOWN);
		markup_close(h);
	}
	markup_close(h);
}

static void
put_clue_cell(struct markup *h, const struct clue *clue)
{
	html_cell_open(h, "Clue", "clue");
	markup_leaf(h, "b", NULL, "%s", clue->name);
	markup_leaf(h, "span", "group", "group %s", clue->group);
	if (clue->reason != NULL)
		markup_leaf(h, "p", NULL, "%s", clue->reason);
	if (clue->source != NULL)
		markup_leaf(h, "p", "quiet", "Source: %s", clue->source);
	markup_close(h);
}

static void
put_clue(struct markup *h, const struct clue_result *r)
{
	markup_open(h, "tr", NULL);
	put_weight_cell(h, r->weight, r->counted);
	put_clue_cell(h, r->clue);
	put_facts(h, r);
	markup_close(h);
	markup_raw(h, "\n");
}

static void
put_prior(struct markup *h, const struct verdict *v)
{
	markup_open(h, "tr", NULL);
	put_weight_cell(h, v->fingerprint->prior, true);
	html_cell_open(h, "Clue", "clue");
	markup_leaf(h, "b", NULL, "prior");
	markup_leaf(h, "p", NULL,
	    "How rare such a device is, before anything was seen.");
	markup_close(h);
	html_cell(h, "Facts", "facts", "");
	markup_close(h);
	markup_raw(h, "\n");
}

static void
put_total(struct markup *h, const struct verdict *v)
{
	char percent[VIEW_NUMBER];

	markup_open(h, "tr", "total");
	html_cell_open(h, "Weight", "weight");
	markup_open(h, "b", NULL);
	markup_text(h, "= ");
	put_weight(h, v->sum);
	markup_close(h);
	markup_close(h);
	html_cell_open(h, "Clue", "clue");
	markup_leaf(h, "b", NULL, "%s, %s", grade_text(v->grade),
	    view_percent(v->probability, percent));
	markup_leaf(h, "p", NULL,
	    "%u group%s of clues in favour; confirmed needs two.", v->groups,
	    v->groups == 1 ? "" : "s");
	markup_close(h);
	html_cell(h, "Facts", "facts", "");
	markup_close(h);
}

static int
compare_weight(const void *pa, const void *pb)
{
	const struct clue_result *a = *(const struct clue_result *const *)pa;
	const struct clue_result *b = *(const struct clue_result *const *)pb;

	if (a->weight != b->weight)
		return a->weight > b->weight ? -1 : 1;
	return a < b ? -1 : 1; /* both of one array: the file's order */
}

static const char *const heads[] = { "Weight", "Clue", "Facts", NULL };

/* Writes the counted clues, heaviest in favour first. */
static void
put_sum(struct markup *h, const struct verdict *v)
{
	const struct clue_result **counted =
	    malloc((v->clues_len + 1) * sizeof(struct clue_result *));
	size_t n = 0;

	for (size_t i = 0; counted != NULL && i < v->clues_len; i++)
		if (v->clues[i].counted)
			counted[n++] = &v->clues[i];
	if (counted != NULL)
		qsort(counted, n, sizeof(struct clue_result *), compare_weight);
	html_table_open(h, "stack sum",
	    "The sum, in decibans (+10: ten times likelier)", heads);
	put_prior(h, v);
	for (size_t i = 0; i < n; i++)
		put_clue(h, counted[i]);
	put_total(h, v);
	html_table_close(h);
	free(counted);
}

static bool
is_idle(const struct clue_result *r)
{
	return !r->counted && r->fate == CLUE_HOLDS;
}

static bool
is_missing(const struct clue_result *r)
{
	return !r->counted && r->fate == CLUE_ABSENT;
}

/* Writes the clues that are such, as a table that can be opened. */
static void
put_others(struct markup *h, const struct verdict *v,
    bool (*is_such)(const struct clue_result *), const char *summary,
    const char *caption)
{
	size_t n = 0;

	for (size_t i = 0; i < v->clues_len; i++)
		n += is_such(&v->clues[i]);
	if (n == 0)
		return;
	markup_open(h, "details", NULL);
	markup_leaf(h, "summary", NULL, "%s (%zu)", summary, n);
	html_table_open(h, "stack sum", caption, heads);
	for (size_t i = 0; i < v->clues_len; i++)
		if (is_such(&v->clues[i]))
			put_clue(h, &v->clues[i]);
	html_table_close(h);
	markup_close(h);
	markup_raw(h, "\n");
}

static void
put_unknown_row(struct markup *h, const struct clue *clue)
{
	char needs[VIEW_CONDITION];

	markup_open(h, "tr", NULL);
	put_weight_cell(h, clue->weight, false);
	put_clue_cell(h, clue);
	html_cell_open(h, "To settle it", "facts");
	markup_leaf(h, "p", NULL, "%s.", view_settles(clue));
	markup_leaf(h, "code", NULL, "%s", view_condition(&clue->when, needs));
	for (size_t i = 0; i < clue->also_len; i++) {
		markup_text(h, " and ");
		markup_leaf(h, "code", NULL, "%s",
		    view_condition(&clue->also[i], needs));
	}
	markup_close(h);
	markup_close(h);
	markup_raw(h, "\n");
}

static void
put_unknown(struct markup *h, const struct verdict *v)
{
	static const char *const unknown_heads[] = { "Would add", "Clue",
		"To settle it", NULL };
	size_t n = 0;

	for (size_t i = 0; i < v->clues_len; i++)
		n += v->clues[i].fate == CLUE_NOT_LOOKED_AT;
	if (n == 0)
		return;
	markup_open(h, "details", NULL);
	markup_leaf(h, "summary", NULL, "Not looked at (%zu)", n);
	html_table_open(h, "stack sum",
	    "Weighs nothing now: what would count if it held", unknown_heads);
	for (size_t i = 0; i < v->clues_len; i++)
		if (v->clues[i].fate == CLUE_NOT_LOOKED_AT)
			put_unknown_row(h, v->clues[i].clue);
	html_table_close(h);
	markup_close(h);
	markup_raw(h, "\n");
}

/* The scale of a bar: decibans at its left and right edge. */
struct scale {
	double low, high;
};

static double
place(const struct scale *s, double decibans)
{
	double share = (decibans - s->low) / (s->high - s->low);

	return 100 * fmin(1, fmax(0, share));
}

/* From the prior to the sum, on a ground that shows what each grade needs. */
static void
put_scale(struct markup *h, const struct verdict *v)
{
	int prior = v->fingerprint->prior;
	struct scale s = {
		.low = fmin(-SCALE_EDGE, fmin(prior, v->sum) - SCALE_GAP),
		.high = fmax(SCALE_EDGE, v->sum + SCALE_GAP),
	};
	char percent[VIEW_NUMBER];

	markup_open(h, "svg", "scale");
	markup_attr(h, "role", "img");
	markup_attr(h, "aria-label",
	    "From a prior of %d to a sum of %d decibans: %s, %s", prior, v->sum,
	    grade_text(v->grade), view_percent(v->probability, percent));
	put_rect(h, "zone-none", 0, 100, 8, 14);
	put_rect(h, "zone-possible", place(&s, possible_from),
	    place(&s, probable_from), 8, 14);
	put_rect(h, "zone-probable", place(&s, probable_from),
	    place(&s, confirmed_from), 8, 14);
	put_rect(h, "zone-confirmed", place(&s, confirmed_from), 100, 8, 14);
	put_rect(h, "sum-line", place(&s, fmin(prior, v->sum)),
	    place(&s, fmax(prior, v->sum)), 13, 4);
	markup_open(h, "circle", "sum-dot");
	markup_attr(h, "cx", "%.2f%%", place(&s, v->sum));
	markup_attr(h, "cy", "15");
	markup_attr(h, "r", "7");
	markup_close(h);
	markup_close(h);
	markup_open(h, "p", "key");
	markup_leaf(h, "span", "zone zone-possible", "possible from 0");
	markup_leaf(h, "span", "zone zone-probable", "probable from +9.5");
	markup_leaf(h, "span", "zone zone-confirmed", "confirmed from +20");
	markup_close(h);
}

static void
put_candidates(struct markup *h, const struct asset *a)
{
	char percent[VIEW_NUMBER];

	if (a->verdicts_len < 2)
		return;
	markup_leaf(h, "h4", NULL, "Fits as well");
	markup_open(h, "ul", "candidates");
	for (size_t i = 1; i < a->verdicts_len; i++) {
		const struct verdict *v = &a->verdicts[i];

		markup_open(h, "li", NULL);
		markup_text(h, "%s: %s, %s ", v->fingerprint->name,
		    grade_text(v->grade),
		    view_percent(v->probability, percent));
		markup_leaf(h, "code", NULL, "%s", v->fingerprint->id);
		markup_close(h);
	}
	markup_close(h);
	markup_raw(h, "\n");
}

void
html_verdict(struct markup *h, const struct asset *a)
{
	const struct verdict *v = &a->verdicts[0];

	if (a->verdicts_len == 0)
		return;
	if (v->fingerprint->text != NULL)
		markup_leaf(h, "p", "lead", "%s", v->fingerprint->text);
	put_scale(h, v);
	markup_leaf(h, "h4", NULL, "Why");
	put_sum(h, v);
	put_others(h, v, is_idle, "Held too, not counted",
	    "Another clue of the same group weighs more, or as much");
	put_others(h, v, is_missing, "Looked for and not there",
	    "Says nothing against it, or another clue of its group counts");
	put_unknown(h, v);
	put_candidates(h, a);
}
