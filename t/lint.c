/* SPDX-License-Identifier: ISC */
/*
 * lint - what a fingerprint lacks is told, examples can fail, and rivals are
 * found out.
 */
#include <string.h>

#include "t/fingerprint_files.h"

static const struct fault lint_faults[] = {
	{ "text: For tests only.\n", "", "no text" },
	{ "sources: ['A test [V]']\n", "", "no sources" },
	{ "sources: ['A test [V]']", "sources: ['A test']",
	    "source does not end in [V], [V-weak] or [I]: A test" },
	{ "prior: -20", "prior: 0", "prior lies within" },
	{ "prior: -20", "prior: -61", "prior lies within" },
	{ "prior: -20", "prior: -24",
	    "can never be confirmed: at best 19 decibans from 2 groups" },
	{ "group: rhythm", "group: stack", "from 1 groups" },
	{ "    reason: Because.\n", "", "clue window: no reason" },
	{ "    source: 'A test [V]'\n", "", "clue window: no source" },
	{ "    source: 'A test [V]'", "    source: 'Hearsay'",
	    "clue window: source does not end" },
	{ "weight: 25", "weight: 61", "clue window: weights lie within" },
	{ "absent: -9", "absent: -61", "clue window: weights lie within" },
	{ "name: period", "name: a period", "clue a period: a name is" },
	{ "group: rhythm", "group: Rhythm", "clue period: a group is" },
	{ "clues:\n", "implies: [nobody]\nclues:\n",
	    "implies one that is not there: nobody" },
	{ "clues:\n", "implies: [x]\nclues:\n", "implies itself" },
	{ "kind: console", "kind: toolkit\nmaker: ACME",
	    "a toolkit does not tell who made the device" },
	{ "  - name: nothing\n    expect: none\n", "  []\n",
	    "no counter-example" },
};

START_TEST(lints)
{
	for (size_t i = 0; i < sizeof(lint_faults) / sizeof(*lint_faults);
	     i++) {
		const struct fault *f = &lint_faults[i];
		char *text = replace(good, f->from, f->to);
		struct heard_words h;
		struct fingerprints *all = load_text(text, strlen(text), &h);

		free(text);
		ck_assert_msg(all != NULL, "%s: %s", f->to, h.text);
		ck_assert_uint_ge(fingerprints_lint(all, hear, &h), 1);
		ck_assert_msg(strstr(h.text, f->said) != NULL, "%s: said: %s",
		    f->to, h.text);
		fingerprints_free(all);
	}
}
END_TEST

START_TEST(examples_can_fail)
{
	static const struct fault cases[] = {
		{ "value: M5B4", "value: NNT",
		    "example both: confirmed "
		    "expected, none found: sum -2 from 1 groups" },
		{ "expect: confirmed", "expect: possible",
		    "possible expected, "
		    "confirmed found" },
		{ "    expect: none\n",
		    "    expect: none\n    facts:\n"
		    "      - { about: host, key: advantagenet.period_s, "
		    "value: '120' }\n"
		    "      - { about: tcp/104, key: tcp.window, value: '4096' "
		    "}\n"
		    "      - { about: tcp/104, key: tcp.options, value: M1 }\n",
		    "counter-example nothing: none expected, confirmed found" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *text = replace(good, cases[i].from, cases[i].to);
		struct heard_words h;
		struct fingerprints *all = load_text(text, strlen(text), &h);
		size_t failed = 0;

		free(text);
		ck_assert_ptr_nonnull(all);
		ck_assert_uint_eq(fingerprints_test(all, hear, &h, &failed), 2);
		ck_assert_uint_eq(failed, 1);
		ck_assert_msg(
		    strstr(h.text, cases[i].said) != NULL, "%s", h.text);
		fingerprints_free(all);
	}
}
END_TEST

/* Returns how many examples fail when b.yaml stands beside a.yaml, good. */
static size_t
rivals_failed(const char *b)
{
	static const char *const names[] = { "a.yaml", "b.yaml", NULL };
	struct heard_words h = { .count = 0 };
	struct fingerprints *all;
	struct scratch s = { "" };
	size_t failed;

	scratch_make(&s);
	scratch_put(&s, "a.yaml", good, strlen(good));
	scratch_put(&s, "b.yaml", b, strlen(b));
	all = fingerprints_load(s.path, hear, &h);
	scratch_remove(&s, names);
	ck_assert_ptr_nonnull(all);
	ck_assert_uint_eq(all->len, 2);
	ck_assert_uint_eq(fingerprints_test(all, hear, &h, &failed), 4);
	fingerprints_free(all);
	return failed;
}

START_TEST(rivals_may_not_both_be_certain)
{
	char *host = replace(good, "kind: console", "kind: host");
	char *special = replace(good, "clues:\n", "implies: [a]\nclues:\n");

	ck_assert_uint_eq(rivals_failed(good), 2);
	ck_assert_uint_eq(rivals_failed(host), 0);
	ck_assert_uint_eq(rivals_failed(special), 0);
	free(host);
	free(special);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { lints, examples_can_fail,
		rivals_may_not_both_be_certain, NULL };

	return unit_run("lint", tests);
}
