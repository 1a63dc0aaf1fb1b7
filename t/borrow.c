/* SPDX-License-Identifier: ISC */
/*
 * borrow - clues like another's and examples written as lines: what is taken
 * over, what is not, and which faults are told.
 */
#include "t/fingerprint_files.h"

static const char second[] =
    "name: Second\n"
    "kind: host\n"
    "prior: -20\n"
    "clues:\n"
    "  - { name: same, like: x/window }\n"
    "  - name: heavier\n"
    "    like: x/window\n"
    "    group: other\n"
    "    weight: 7\n"
    "  - name: elsewhere\n"
    "    like: x/window\n"
    "    group: third\n"
    "    when: { key: ip.df, equals: 'no' }\n"
    "    absent: -3\n"
    "examples:\n"
    "  - name: lines\n"
    "    expect: at least possible\n"
    "    facts:\n"
    "      - { about: tcp/104, key: tcp.window, value: '4096' }\n"
    "    lines: |\n"
    "      tcp/104 tcp.options=M5B4\n"
    "      host mac.vendor=Sun Microsystems\n"
    "      tcp/21 ftp.greeting=220 a=b\n";

static struct fingerprints *
load_two(const char *text, struct heard_words *h)
{
	static const char *const names[] = { "x.yaml", "y.yaml", NULL };
	struct scratch s = { "" };
	struct fingerprints *all;

	memset(h, 0, sizeof(*h));
	scratch_make(&s);
	scratch_put(&s, "x.yaml", good, strlen(good));
	scratch_put(&s, "y.yaml", text, strlen(text));
	all = fingerprints_load(s.path, hear, h);
	scratch_remove(&s, names);
	ck_assert_ptr_nonnull(all);
	return all;
}

START_TEST(takes_what_is_left_out)
{
	struct heard_words h;
	struct fingerprints *all = load_two(second, &h);
	const struct fingerprint *y = fingerprints_find(all, "y");
	const struct clue *c;

	ck_assert_str_eq(h.text, "");
	ck_assert_ptr_nonnull(y);
	c = y->clues;
	ck_assert_str_eq(c[0].group, "stack");
	ck_assert_int_eq(c[0].weight, 25);
	ck_assert_int_eq(c[0].absent, -9);
	ck_assert_uint_eq(c[0].also_len, 1);
	ck_assert_uint_eq(c[0].looked_len, 1);
	ck_assert_uint_eq(c[0].looked[0].holds_port, 104);
	ck_assert_str_eq(c[0].reason, "Because.");
	ck_assert_uint_eq(c[0].when.port_first, 104);
	ck_assert_str_eq(c[1].group, "other");
	ck_assert_int_eq(c[1].weight, 7);
	ck_assert_str_eq(c[1].when.equals, "4096");
	/* another condition: none of the first one's parts; another absence:
	 * not where the first one's was looked for */
	ck_assert_int_eq(c[2].when.key, FACT_IP_DF);
	ck_assert_uint_eq(c[2].also_len, 0);
	ck_assert_int_eq(c[2].absent, -3);
	ck_assert_uint_eq(c[2].looked_len, 0);
	fingerprints_free(all);
}
END_TEST

START_TEST(lines_are_facts)
{
	struct heard_words h;
	struct fingerprints *all = load_two(second, &h);
	const struct example *e = fingerprints_find(all, "y")->examples;

	ck_assert_uint_eq(e->facts_len, 4);
	ck_assert_int_eq(e->facts[1].key, FACT_TCP_OPTIONS);
	ck_assert_str_eq(e->facts[1].value, "M5B4");
	ck_assert_uint_eq(e->facts[1].about.port, 104);
	ck_assert_int_eq(e->facts[2].about.kind, ABOUT_HOST);
	ck_assert_str_eq(e->facts[2].value, "Sun Microsystems");
	ck_assert_str_eq(e->facts[3].value, "220 a=b");
	fingerprints_free(all);
}
END_TEST

START_TEST(faults_are_told)
{
	static const struct fault faults[] = {
		{ "like: x/window }", "like: x/widnow }",
		    "clue same: like: no clue x/widnow" },
		{ "like: x/window }", "like: window }",
		    "clue same: like: no clue window" },
		{ "like: x/window }", "like: y/heavier }",
		    "y/heavier is itself like another" },
		{ "{ name: same, like: x/window }", "{ name: same, weight: 3 }",
		    "clue same: is not given: group" },
		{ "{ name: same, like: x/window }",
		    "{ name: same, group: g, weight: 3 }",
		    "clue same: is not given: when" },
		{ "tcp/104 tcp.options=M5B4", "tcp/104 tcp.options",
		    "a line is about key=value, not" },
		{ "tcp/104 tcp.options=M5B4", "tcp/104 tcp.widnow=1",
		    "no such fact key: tcp.widnow" },
		{ "host mac", "hots mac", "about is host, tcp/N or udp/N" },
	};

	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
		char *text = replace(second, faults[i].from, faults[i].to);
		struct heard_words h;
		struct fingerprints *all = load_two(text, &h);

		ck_assert_ptr_null(fingerprints_find(all, "y"));
		ck_assert_msg(strstr(h.text, faults[i].said) != NULL,
		    "%s: said: %s", faults[i].to, h.text);
		fingerprints_free(all);
		free(text);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { takes_what_is_left_out, lines_are_facts,
		faults_are_told, NULL };

	return unit_run("borrow", tests);
}
