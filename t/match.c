/* SPDX-License-Identifier: ISC */
/*
 * match - the arithmetic of verdicts on fingerprints made for the purpose: what
 * is met, what counts in a group, when a grade is reached, who comes first.
 */
#include <math.h>
#include <string.h>

#include "fingerprints/match.h"
#include "t/asset_facts.h"
#include "t/unit.h"

/* A clue that holds when the window is v. */
static struct clue
window_clue(const char *name, const char *group, const char *v, int weight)
{
	struct clue c = { .name = name, .group = group, .weight = weight };

	c.when = (struct condition)ANY(FACT_TCP_WINDOW);
	c.when.equals = v;
	return c;
}

static struct verdict
weigh(struct clue *clues, size_t n, int prior, const struct asset_facts *a)
{
	struct fingerprint f = { .id = "x",
		.name = "X",
		.kind = "console",
		.prior = prior,
		.clues = clues,
		.clues_len = n };
	struct verdict v;

	ck_assert(match_one(&f, a->facts, a->n, &v));
	ck_assert_uint_eq(v.clues_len, n);
	return v;
}

static int
sum_of(struct clue *clues, size_t n, const struct asset_facts *a)
{
	struct verdict v = weigh(clues, n, 0, a);
	int sum = v.sum;

	verdict_clear(&v);
	return sum;
}

START_TEST(not_looked_at_weighs_nothing)
{
	struct asset_facts a = { .n = 0 };
	struct clue c = window_clue("w", "g", "4096", 30);
	struct verdict v;

	c.absent = -20;
	v = weigh(&c, 1, -5, &a);
	ck_assert_int_eq(v.sum, -5);
	ck_assert_int_eq(v.clues[0].fate, CLUE_NOT_LOOKED_AT);
	ck_assert_int_eq(v.clues[0].weight, 0);
	ck_assert(!v.clues[0].counted);
	ck_assert_uint_eq(v.clues[0].facts_len, 0);
	verdict_clear(&v);
}
END_TEST

START_TEST(absence_weighs_when_looked_for)
{
	struct asset_facts a = { .n = 0 };
	struct clue c = window_clue("w", "g", "4096", 30);
	struct verdict v;

	c.absent = -20;
	say(&a, "tcp/104", FACT_TCP_WINDOW, "8760");
	v = weigh(&c, 1, 0, &a);
	ck_assert_int_eq(v.sum, -20);
	ck_assert_int_eq(v.clues[0].fate, CLUE_ABSENT);
	ck_assert(v.clues[0].counted);
	ck_assert_uint_eq(v.clues[0].facts_len, 1);
	ck_assert_ptr_eq(v.clues[0].facts[0], a.facts[0]);
	verdict_clear(&v);
	c.absent = 0;
	v = weigh(&c, 1, 0, &a);
	ck_assert_int_eq(v.clues[0].fate, CLUE_ABSENT);
	ck_assert(!v.clues[0].counted);
	verdict_clear(&v);
}
END_TEST

START_TEST(looked_decides_what_absence_is)
{
	struct asset_facts a = { .n = 0 };
	struct clue c = window_clue("w", "g", "4096", 30);
	struct condition looked[2] = { ANY(FACT_PORTS_CLOSED),
		ANY(FACT_LISTEN_SECONDS) };
	struct verdict v;

	looked[0].holds_port = 104;
	looked[1].has_min = true;
	looked[1].min = 125;
	c.absent = -20;
	c.looked = looked;
	c.looked_len = 2;
	say(&a, "tcp/1", FACT_TCP_WINDOW, "1");
	say(&a, "host", FACT_PORTS_CLOSED, "21,100-103,105");
	say(&a, "host", FACT_LISTEN_SECONDS, "124.9");
	ck_assert_int_eq(sum_of(&c, 1, &a), 0);
	say(&a, "host", FACT_LISTEN_SECONDS, "125");
	v = weigh(&c, 1, 0, &a);
	ck_assert_int_eq(v.sum, -20);
	ck_assert_uint_eq(v.clues[0].facts_len, 1);
	ck_assert_str_eq(v.clues[0].facts[0]->value, "125");
	verdict_clear(&v);
}
END_TEST

START_TEST(also_must_hold_as_well)
{
	struct asset_facts a = { .n = 0 };
	struct clue c = window_clue("w", "g", "4096", 30);
	struct condition also[2] = { ANY(FACT_TCP_OPTIONS), ANY(FACT_IP_DF) };
	struct verdict v;

	also[0].equals = "M5B4";
	also[1].equals = "no";
	c.absent = -7;
	c.also = also;
	c.also_len = 2;
	say(&a, "tcp/1", FACT_TCP_WINDOW, "4096");
	say(&a, "tcp/1", FACT_TCP_OPTIONS, "M5B4");
	ck_assert_int_eq(sum_of(&c, 1, &a), 0); /* DF not looked at */
	say(&a, "tcp/1", FACT_IP_DF, "yes");
	ck_assert_int_eq(sum_of(&c, 1, &a), -7);
	say(&a, "tcp/2", FACT_IP_DF, "no");
	v = weigh(&c, 1, 0, &a);
	ck_assert_int_eq(v.sum, 30);
	ck_assert_uint_eq(v.clues[0].facts_len, 3);
	ck_assert_ptr_eq(v.clues[0].facts[0], a.facts[0]);
	ck_assert_ptr_eq(v.clues[0].facts[1], a.facts[1]);
	ck_assert_ptr_eq(v.clues[0].facts[2], a.facts[3]);
	verdict_clear(&v);
}
END_TEST

START_TEST(best_of_a_group_counts)
{
	struct asset_facts a = { .n = 0 };
	struct clue c[] = {
		window_clue("small", "g", "1", 8),
		window_clue("large", "g", "1", 20),
		window_clue("other", "h", "1", 3),
	};
	struct verdict v;

	say(&a, "tcp/1", FACT_TCP_WINDOW, "1");
	v = weigh(c, 3, 0, &a);
	ck_assert_int_eq(v.sum, 23);
	ck_assert_uint_eq(v.groups, 2);
	ck_assert(!v.clues[0].counted);
	ck_assert(v.clues[1].counted);
	ck_assert(v.clues[2].counted);
	ck_assert_int_eq(v.clues[0].weight, 8);
	verdict_clear(&v);
}
END_TEST

START_TEST(group_for_and_against)
{
	struct asset_facts a = { .n = 0 };
	struct clue c[] = {
		window_clue("for", "g", "1", 10),
		window_clue("against", "g", "1", -9),
		window_clue("missing", "g", "2", 40),
	};

	c[2].absent = -30;
	say(&a, "tcp/1", FACT_TCP_WINDOW, "1");
	/* the heavier of those that hold; absences only where none does */
	ck_assert_int_eq(sum_of(c, 3, &a), 10);
	c[1].weight = -11;
	ck_assert_int_eq(sum_of(c, 3, &a), -11);
	c[1].weight = -10; /* as heavy: the one against, in either order */
	ck_assert_int_eq(sum_of(c, 3, &a), -10);
	c[0].weight = -10;
	c[1].weight = 10;
	ck_assert_int_eq(sum_of(c, 3, &a), -10);
	c[0].when.equals = c[1].when.equals = "3";
	ck_assert_int_eq(sum_of(c, 3, &a), -30);
	c[0].absent = -31;
	ck_assert_int_eq(sum_of(c, 3, &a), -31);
}
END_TEST

START_TEST(only_groups_in_favour_are_counted)
{
	struct asset_facts a = { .n = 0 };
	struct clue c[] = {
		window_clue("for", "g", "1", 50),
		window_clue("against", "h", "1", -5),
	};
	struct verdict v;

	say(&a, "tcp/1", FACT_TCP_WINDOW, "1");
	v = weigh(c, 2, 0, &a);
	ck_assert_uint_eq(v.groups, 1);
	ck_assert_int_eq(v.sum, 45);
	ck_assert_int_eq(v.grade, GRADE_PROBABLE);
	verdict_clear(&v);
}
END_TEST

START_TEST(grades_begin_where_they_should)
{
	static const struct {
		int sum;
		enum grade one, two; /* with one group, with two */
	} rows[] = {
		{ -60, GRADE_NONE, GRADE_NONE },
		{ -1, GRADE_NONE, GRADE_NONE },
		{ 0, GRADE_POSSIBLE, GRADE_POSSIBLE },
		{ 9, GRADE_POSSIBLE, GRADE_POSSIBLE },
		{ 10, GRADE_PROBABLE, GRADE_PROBABLE },
		{ 19, GRADE_PROBABLE, GRADE_PROBABLE },
		{ 20, GRADE_PROBABLE, GRADE_CONFIRMED },
		{ 60, GRADE_PROBABLE, GRADE_CONFIRMED },
	};
	struct asset_facts a = { .n = 0 };
	struct clue c[] = {
		window_clue("one", "g", "1", 1),
		window_clue("two", "h", "1", 1),
	};
	struct verdict v;

	say(&a, "tcp/1", FACT_TCP_WINDOW, "1");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		v = weigh(c, 1, rows[i].sum - 1, &a);
		ck_assert_int_eq(v.sum, rows[i].sum);
		ck_assert_int_eq(v.grade, rows[i].one);
		ck_assert_double_eq_tol(v.probability,
		    1 / (1 + pow(10, -rows[i].sum / 10.0)), 1e-12);
		verdict_clear(&v);
		v = weigh(c, 2, rows[i].sum - 2, &a);
		ck_assert_int_eq(v.grade, rows[i].two);
		verdict_clear(&v);
	}
	ck_assert_str_eq(grade_text(GRADE_NONE), "none");
	ck_assert_str_eq(grade_text(GRADE_POSSIBLE), "possible");
	ck_assert_str_eq(grade_text(GRADE_PROBABLE), "probable");
	ck_assert_str_eq(grade_text(GRADE_CONFIRMED), "confirmed");
}
END_TEST

START_TEST(counts_distinct_places)
{
	struct asset_facts a = { .n = 0 };
	struct clue c = window_clue("w", "g", "1", 9);

	c.when.count_min = 3;
	say(&a, "tcp/1", FACT_TCP_WINDOW, "1");
	say(&a, "tcp/1", FACT_TCP_WINDOW, "1");
	say(&a, "tcp/2", FACT_TCP_WINDOW, "1");
	say(&a, "tcp/3", FACT_TCP_WINDOW, "2");
	ck_assert_int_eq(sum_of(&c, 1, &a), 0);
	say(&a, "udp/2", FACT_TCP_WINDOW, "1");
	ck_assert_int_eq(sum_of(&c, 1, &a), 9);
	c.when.count_min = 4;
	ck_assert_int_eq(sum_of(&c, 1, &a), 0);
	say(&a, "host", FACT_TCP_WINDOW, "1");
	ck_assert_int_eq(sum_of(&c, 1, &a), 9);
}
END_TEST

/* Four fingerprints on one window: general, platform, rival, special. */
struct four {
	struct clue clues[4][2];
	struct fingerprint items[4];
	struct fingerprints all;
};

static const char *const implies_general[] = { "general" };
static const char *const implies_special[] = { "special" };

static void
four_make(struct four *f, const int sums[4])
{
	static const char *const ids[] = { "general", "platform", "rival",
		"special" };

	memset(f, 0, sizeof(*f));
	for (size_t i = 0; i < 4; i++) {
		f->clues[i][0] = window_clue("a", "g", "1", sums[i] + 9);
		f->clues[i][1] = window_clue("b", "h", "1", 1);
		f->items[i] = (struct fingerprint){ .id = ids[i],
			.name = ids[i],
			.kind = i == 1 ? "host" : "console",
			.prior = -10,
			.clues = f->clues[i],
			.clues_len = 2 };
	}
	f->items[3].implies = implies_general;
	f->items[3].implies_len = 1;
	f->all.items = f->items;
	f->all.len = 4;
}

/* Checks that the ids come out in this order, at most max of them. */
static void
order_is(const struct four *f, size_t max, const char *expected)
{
	struct asset_facts a = { .n = 0 };
	struct verdict out[4];
	char got[64] = "";
	size_t n;

	say(&a, "tcp/1", FACT_TCP_WINDOW, "1");
	n = match_all(&f->all, a.facts, a.n, out, max);
	for (size_t i = 0; i < n; i++) {
		size_t at = strlen(got);

		snprintf(got + at, sizeof(got) - at, "%s%c", i > 0 ? " " : "",
		    out[i].fingerprint->id[0]);
		verdict_clear(&out[i]);
	}
	ck_assert_str_eq(got, expected);
}

START_TEST(order_of_verdicts)
{
	struct four f;

	four_make(&f, (const int[4]){ 40, 50, 45, 30 });
	order_is(&f, 4, "r s g p"); /* special before the general it implies */
	order_is(&f, 2, "r s");
	order_is(&f, 0, "");
	four_make(&f, (const int[4]){ 40, 50, 12, 12 });
	order_is(&f, 4, "g p r s"); /* only probable: no reason to wait */
	four_make(&f, (const int[4]){ 9, 5, 3, 1 });
	order_is(&f, 4, "g r s p"); /* only possible: nobody waits */
	four_make(&f, (const int[4]){ 15, 12, 13, 11 });
	order_is(&f, 4, "r s g p");
	four_make(&f, (const int[4]){ -1, -2, 0, -3 });
	order_is(&f, 4, "r"); /* below possible is not listed */
	four_make(&f, (const int[4]){ 30, 30, 30, 30 });
	order_is(&f, 4, "r s g p"); /* equal: by id */
}
END_TEST

START_TEST(implications_go_through_and_end)
{
	struct four f;

	four_make(&f, (const int[4]){ 40, 30, 30, 35 });
	f.items[2].implies = implies_special;
	f.items[2].implies_len = 1;
	ck_assert(fingerprints_implies(&f.all, &f.items[2], "general"));
	ck_assert(!fingerprints_implies(&f.all, &f.items[0], "rival"));
	ck_assert(!fingerprints_implies(&f.all, &f.items[2], "nobody"));
	order_is(&f, 4, "r s g p");
	f.items[0].implies =
	    implies_special; /* general and special: a circle */
	f.items[0].implies_len = 1;
	ck_assert(fingerprints_implies(&f.all, &f.items[0], "general"));
	ck_assert(!fingerprints_implies(&f.all, &f.items[0], "rival"));
	order_is(&f, 4, "r s g p"); /* it ends, in some order */
}
END_TEST

START_TEST(nothing_to_match)
{
	struct verdict out;
	struct fingerprints none = { NULL, 0 };

	ck_assert_uint_eq(match_all(NULL, NULL, 0, &out, 1), 0);
	ck_assert_uint_eq(match_all(&none, NULL, 0, &out, 1), 0);
	ck_assert_ptr_null(fingerprints_find(&none, "x"));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { not_looked_at_weighs_nothing,
		absence_weighs_when_looked_for, looked_decides_what_absence_is,
		also_must_hold_as_well, best_of_a_group_counts,
		group_for_and_against, only_groups_in_favour_are_counted,
		grades_begin_where_they_should, counts_distinct_places,
		order_of_verdicts, implications_go_through_and_end,
		nothing_to_match, NULL };

	return unit_run("match", tests);
}
