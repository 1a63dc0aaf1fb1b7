/* SPDX-License-Identifier: ISC */
/*
 * fingerprints - files: what is read from them, which faults are told and how,
 * and that damage never does more than leave a file out.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/limits.h"
#include "t/fingerprint_files.h"

START_TEST(reads_every_key)
{
	struct heard_words h;
	struct fingerprints *all = load_text(good, strlen(good), &h);
	const struct fingerprint *f;

	ck_assert_str_eq(h.text, "");
	ck_assert_ptr_nonnull(all);
	f = fingerprints_find(all, "x");
	ck_assert_ptr_nonnull(f);
	ck_assert_str_eq(f->name, "Test device");
	ck_assert_str_eq(f->kind, "console");
	ck_assert_ptr_null(f->maker);
	ck_assert_int_eq(f->prior, -20);
	ck_assert_uint_eq(f->sources_len, 1);
	ck_assert_uint_eq(f->clues_len, 2);
	ck_assert_int_eq(f->clues[0].when.key, FACT_TCP_WINDOW);
	ck_assert(f->clues[0].when.has_about);
	ck_assert_uint_eq(f->clues[0].when.port_first, 104);
	ck_assert_uint_eq(f->clues[0].when.port_last, 104);
	ck_assert_str_eq(f->clues[0].when.equals, "4096");
	ck_assert_uint_eq(f->clues[0].also_len, 1);
	ck_assert_str_eq(f->clues[0].also[0].matches, "^M[0-9A-F]+$");
	ck_assert(!f->clues[0].also[0].has_about);
	ck_assert_uint_eq(f->clues[0].looked_len, 1);
	ck_assert_uint_eq(f->clues[0].looked[0].holds_port, 104);
	ck_assert_int_eq(f->clues[0].weight, 25);
	ck_assert_int_eq(f->clues[0].absent, -9);
	ck_assert_double_eq(f->clues[1].when.min, 119.5);
	ck_assert(f->clues[1].when.has_max);
	ck_assert_uint_eq(f->clues[1].when.count_min, 1);
	ck_assert_uint_eq(f->examples_len, 2);
	ck_assert(!f->examples[0].is_counter);
	ck_assert_uint_eq(f->examples[0].facts_len, 3);
	ck_assert(f->examples[1].is_counter);
	ck_assert_uint_eq(f->examples[1].facts_len, 0);
	ck_assert_uint_eq(fingerprints_lint(all, hear, &h), 0);
	fingerprints_free(all);
	fingerprints_free(NULL);
}
END_TEST

static const struct fault load_faults[] = {
	{ "prior: -20", "prior: lots", "near line 4: Invalid INT value" },
	{ "prior: -20\n", "", "Missing required mapping field: prior" },
	{ "    reason: Because.", "    raeson: Because.",
	    "Unexpected key: raeson" },
	{ "kind: console", "kind: toaster", "no such kind: toaster" },
	{ "name: Test device", "name: ''", "near line 1" },
	{ "name: Test device", "name: [a]", "Expecting STRING" },
	{ "name: Test device", "name: &a A", "" },
	{ "text: For tests only.", "text: *a", "alias" },
	{ "text: For tests only.", "name: Twice", "already seen: name" },
	{ "clues:", "clues: [", "libyaml" },
	{ "key: tcp.window, about", "key: tcp.widnow, about",
	    "clue window: when: no such fact key: tcp.widnow" },
	{ "key: tcp.options, m", "key: tcp.opt, m",
	    "clue window: also: no such fact key: tcp.opt" },
	{ "key: ports.closed,", "key: ports.shut,",
	    "clue window: looked: no such fact key: ports.shut" },
	{ "about: tcp/104, eq", "about: sctp/104, eq",
	    "clue window: when: about is host" },
	{ "about: tcp/104, eq", "about: tcp/9-1, eq", "not: tcp/9-1" },
	{ "equals: '4096'", "equals: many",
	    "clue window: when: not a number: many" },
	{ "^M[0-9A-F]+$", "^M[0-9A-F",
	    "clue window: also: matches: expression" },
	{ "key: tcp.options, m", "key: ip.df, equals: maybe, m",
	    "a flag is yes or no, not: maybe" },
	{ "min: 119.5", "min: x", "clue period: when: min or max is not" },
	{ "min: 119.5", "min: 122", "min is above max" },
	{ "{ key: advantagenet.period_s, min", "{ key: tcp.options, min",
	    "min or max on a key that is no number: tcp.options" },
	{ "key: ports.closed,", "key: tcp.window,",
	    "holds_port on a key that is no list of ports: tcp.window" },
	{ "holds_port: 104", "holds_port: 65536", "Invalid UINT value" },
	{ "weight: 25", "weight: 0", "clue window: weight must not be: 0" },
	{ "absent: -9", "absent: 9", "clue window: absent: must not be above" },
	{ "    absent: -9\n", "", "looked: says nothing without absent" },
	{ "- name: period", "- name: window", "clue window: named twice" },
	{ "expect: confirmed", "expect: sure", "example both: expect is" },
	{ "expect: confirmed", "expect: at most probable",
	    "example both: an example must not expect" },
	{ "expect: none", "expect: at least none",
	    "counter-example nothing: a counter-example must not" },
	{ "expect: none", "expect: probable",
	    "counter-example nothing: a counter-example must not" },
	{ "key: tcp.options, value", "key: tcp.option, value",
	    "example both: no such fact key: tcp.option" },
	{ "about: tcp/104, key: tcp.window", "about: tcp, key: tcp.window",
	    "example both: about is host, tcp/N or udp/N, not: tcp" },
	{ "value: '120.01'", "value: often", "example both: not a number" },
	{ "value: '120.01'", "value: \"a\\nb\"", "not a number: a?b" },
	{ "    expect: none\n", "    expect: none\n---\nname: more\n",
	    "documents after first" },
};

START_TEST(tells_faults)
{
	for (size_t i = 0; i < sizeof(load_faults) / sizeof(*load_faults);
	     i++) {
		const struct fault *f = &load_faults[i];
		char *text = replace(good, f->from, f->to);
		struct heard_words h;
		struct fingerprints *all = load_text(text, strlen(text), &h);

		free(text);
		if (f->said[0] == '\0') { /* an anchor harms nobody */
			ck_assert_ptr_nonnull(all);
			fingerprints_free(all);
			continue;
		}
		ck_assert_msg(all == NULL, "taken: %s", f->to);
		ck_assert_msg(strstr(h.text, f->said) != NULL, "%s: said: %s",
		    f->to, h.text);
		ck_assert_msg(strstr(h.text, "/x.yaml: ") != NULL,
		    "%s: names no file: %s", f->to, h.text);
		ck_assert_ptr_eq(
		    strchr(h.text, '\n'), h.text + strlen(h.text) - 1);
	}
}
END_TEST

START_TEST(tells_every_fault_of_a_file)
{
	struct heard_words h;
	char *one = replace(good, "weight: 25", "weight: 0");
	char *two = replace(one, "min: 119.5", "min: x");

	ck_assert_ptr_null(load_text(two, strlen(two), &h));
	ck_assert_uint_eq(h.count, 2);
	free(one);
	free(two);
}
END_TEST

START_TEST(leaves_out_only_the_bad_one)
{
	static const char *const names[] = { "a.yaml", "b.yaml", "c.yaml",
		".hidden.yaml", "notes.txt", NULL };
	struct heard_words h = { .count = 0 };
	struct scratch s = { "" };
	struct fingerprints *all;

	scratch_make(&s);
	scratch_put(&s, "c.yaml", good, strlen(good));
	scratch_put(&s, "a.yaml", good, strlen(good));
	scratch_put(&s, "b.yaml", "nonsense", 8);
	scratch_put(&s, ".hidden.yaml", "nonsense", 8);
	scratch_put(&s, "notes.txt", "nonsense", 8);
	all = fingerprints_load(s.path, hear, &h);
	scratch_remove(&s, names);
	ck_assert_ptr_nonnull(all);
	ck_assert_uint_eq(h.count, 1);
	ck_assert_ptr_nonnull(strstr(h.text, "/b.yaml: "));
	ck_assert_uint_eq(all->len, 2);
	ck_assert_str_eq(all->items[0].id, "a");
	ck_assert_str_eq(all->items[1].id, "c");
	ck_assert_ptr_null(fingerprints_find(all, "b"));
	fingerprints_free(all);
}
END_TEST

START_TEST(bounds_what_it_reads)
{
	static const char *const none[] = { NULL };
	struct heard_words h;
	struct scratch s = { "" };
	char *huge = malloc(YAML_FILE_MAX + 1);

	ck_assert_ptr_nonnull(huge);
	memset(huge, '#', YAML_FILE_MAX + 1);
	ck_assert_ptr_null(load_text(huge, YAML_FILE_MAX + 1, &h));
	ck_assert_ptr_nonnull(strstr(h.text, "longer than 1048576 bytes"));
	memset(huge, '[', YAML_FILE_MAX);
	ck_assert_ptr_null(load_text(huge, YAML_FILE_MAX, &h));
	free(huge);
	ck_assert_ptr_null(load_text("", 0, &h));
	ck_assert_ptr_nonnull(strstr(h.text, "empty file"));

	memset(&h, 0, sizeof(h));
	scratch_make(&s);
	ck_assert_ptr_null(fingerprints_load(s.path, hear, &h));
	ck_assert_ptr_nonnull(strstr(h.text, "no fingerprint file"));
	scratch_remove(&s, none);
	ck_assert_ptr_null(fingerprints_load(s.path, hear, &h));
	ck_assert_ptr_nonnull(strstr(h.text, strerror(ENOENT)));
}
END_TEST

START_TEST(survives_every_truncation)
{
	static const char *const names[] = { "x.yaml", NULL };
	struct heard_words h;
	struct scratch s = { "" };

	scratch_make(&s);
	for (size_t n = 0; n < strlen(good); n++) {
		struct fingerprints *all;

		memset(&h, 0, sizeof(h));
		scratch_put(&s, "x.yaml", good, n);
		all = fingerprints_load(s.path, hear, &h);
		ck_assert_msg((all == NULL) == (h.count > 0), "cut at %zu: %s",
		    n, h.text);
		fingerprints_free(all);
	}
	scratch_remove(&s, names);
}
END_TEST

START_TEST(survives_every_corruption)
{
	static const char *const names[] = { "x.yaml", NULL };
	static const char bytes[] = { '\0', '\n', '"', '{', '-', ':', '\xff' };
	char text[sizeof(good)];
	struct heard_words h;
	struct scratch s = { "" };

	scratch_make(&s);
	for (size_t n = 0; n < strlen(good) * sizeof(bytes); n++) {
		struct fingerprints *all;

		memcpy(text, good, sizeof(good));
		text[n / sizeof(bytes)] = bytes[n % sizeof(bytes)];
		memset(&h, 0, sizeof(h));
		scratch_put(&s, "x.yaml", text, strlen(good));
		all = fingerprints_load(s.path, hear, &h);
		ck_assert_msg((all == NULL) == (h.count > 0), "byte %zu: %s",
		    n / sizeof(bytes), h.text);
		if (all != NULL)
			(void)fingerprints_lint(all, hear, &h);
		fingerprints_free(all);
	}
	scratch_remove(&s, names);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { reads_every_key, tells_faults,
		tells_every_fault_of_a_file, leaves_out_only_the_bad_one,
		bounds_what_it_reads, survives_every_truncation,
		survives_every_corruption, NULL };

	return unit_run("fingerprints", tests);
}
