/* SPDX-License-Identifier: ISC */
/* stacks: the shipped table, its lines, and what shapes allow. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/derive.h"
#include "scanner/derive_stack.h"
#include "scanner/stacks.h"
#include "t/unit.h"

static const char shipped[] = "data/stacks.txt";

static struct stacks *
load(void)
{
	char error[STACKS_ERROR] = "";
	struct stacks *s = stacks_new(shipped, error);

	ck_assert_msg(s != NULL, "%s", error);
	ck_assert_uint_gt(stacks_count(s), 50);
	return s;
}

START_TEST(option_patterns)
{
	ck_assert(stack_options_match("Me", "M5B4"));
	ck_assert(stack_options_match("Me", "M564"));
	ck_assert(!stack_options_match("Me", "M400"));
	ck_assert(!stack_options_match("Me", "M5B5"));
	ck_assert(!stack_options_match("Me", "M5B4N"));
	ck_assert(!stack_options_match("Me", ""));
	ck_assert(stack_options_match("MeE", "M5B4E"));
	ck_assert(stack_options_match("MeNW0NNT11", "M5B4NW0NNT11"));
	ck_assert(stack_options_match("NNT11NW0Me", "NNT11NW0M5B4"));
	ck_assert(stack_options_match("MeST11NW*", "M5B4ST11NW7"));
	ck_assert(stack_options_match("MeST11NW*", "M5B4ST11NWA"));
	ck_assert(!stack_options_match("MeST11NW*", "M5B4ST11NW"));
	ck_assert(stack_options_match("Me,-", ""));
	ck_assert(stack_options_match("*", "anything"));
	ck_assert(stack_options_match("M*", "M200"));
	ck_assert(!stack_options_match("M*", "M"));
}
END_TEST

/* Every system of the fact base's table by the shape it is known for. */
START_TEST(known_shapes)
{
	static const struct {
		struct stack_shape shape;
		const char *systems;
	} cases[] = {
		{ { STACK_ANSWER, "60", 4096, "M5B4", false, "incremental",
		      64000 * 3 },
		    "SunOS 4.1" },
		/* Behind routers 60 and 64 cannot be told apart. */
		{ { STACK_ANSWER, "60,64", 4096, "M5B4", false, NULL, 0 },
		    "SunOS 4.1, pSOSystem" },
		{ { STACK_ANSWER, "64", 4096, "M5B4", false, NULL, 0 },
		    "pSOSystem" },
		{ { STACK_ANSWER, "60", 60816, "M5B4NW0NNT11", false, NULL, 0 },
		    "IRIX 5.2, IRIX 5.3" },
		{ { STACK_ANSWER, "60", 60816, "M5B4NW0NNT11NNS", true, NULL,
		      0 },
		    "IRIX 6.5" },
		{ { STACK_ANSWER, "60", 61320, "M5B4", false, NULL, 0 },
		    "IRIX 4.0.5" },
		{ { STACK_ANSWER, "255", 8760, "M5B4", true, NULL, 0 },
		    "Solaris 2.5.1" },
		{ { STACK_ANSWER, "255", 8760, "M5B4", false, NULL, 0 },
		    "DG/UX 4.11" },
		{ { STACK_ANSWER, "255", 10136, "NNT11NW0M5B4", true, NULL, 0 },
		    "Solaris 2.6" },
		{ { STACK_ANSWER, "64", 24616, "NNT11NW0NNSM5B4", true, NULL,
		      0 },
		    "Solaris 8" },
		{ { STACK_ANSWER, "64", 28672, "M5B4", false, NULL, 0 },
		    "OS/2 Warp 3, OS/2 Warp 4" },
		{ { STACK_ANSWER, "32", 8760, "M5B4", true, "byte-swapped", 0 },
		    "Windows for Workgroups 3.11, Windows 95" },
		{ { STACK_ANSWER, "128", 8760, "M5B4", true, "byte-swapped",
		      0 },
		    "Windows NT 4.0" },
		{ { STACK_ANSWER, "128", 64240, "M5B4NW0NNT00NNS", true,
		      "incremental", 0 },
		    "Windows 2000, Windows XP" },
		{ { STACK_ANSWER, "64", 32768, "M5B4", true, NULL, 0 },
		    "HP-UX 10.20" },
		{ { STACK_ANSWER, "60", 4096, "M400", false, NULL, 0 },
		    "Ultrix 4, NEXTSTEP 3.3, OPENSTEP 4.2" },
		{ { STACK_ANSWER, "64", 65160, "M5B4ST11NW7", true, "zero", 1 },
		    "Linux 2.6 or later" },
		{ { STACK_SYN, "60", 4096, "M5B4", false, NULL, 0 },
		    "SunOS 4.1" },
		{ { STACK_SYN, "60", 61440, "M5B4NW0NNT00", true, NULL, 0 },
		    "IRIX 6.2-6.5" },
		/* A shape nobody has: a Linux with another TTL. */
		{ { STACK_ANSWER, "60", 65160, "M5B4ST11NW7", true, NULL, 0 },
		    "" },
		/* SunOS' shape, but random numbers: not SunOS. */
		{ { STACK_ANSWER, "60", 4096, "M5B4", false, "random", 0 },
		    "" },
		{ { STACK_ANSWER, "60", 4096, "M5B4", false, NULL, 3 }, "" },
	};
	struct stacks *s = load();
	char text[STACKS_TEXT];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		stacks_match(s, &cases[i].shape, text);
		ck_assert_str_eq(text, cases[i].systems);
	}
	stacks_free(s);
}
END_TEST

static void
put(struct ledger *l, struct about about, enum fact_key key, const char *value)
{
	static int64_t time;
	const struct fact f = { .address = 0x0a000001,
		.about = about,
		.key = key,
		.value = value,
		.probe = "test",
		.time_ns = ++time };

	ledger_add(l, &f);
}

static void
put_answer(struct ledger *l, uint16_t port, const char *ttl, const char *window,
    const char *options, const char *df)
{
	const struct about about = { ABOUT_TCP, port };

	put(l, about, FACT_IP_TTL_INITIAL, ttl);
	put(l, about, FACT_TCP_WINDOW, window);
	put(l, about, FACT_TCP_OPTIONS, options);
	put(l, about, FACT_IP_DF, df);
}

static size_t
systems(const struct ledger *l, const char *values[static 8])
{
	size_t n, found = 0;
	const struct fact *const *f = ledger_host(l, 0x0a000001, &n);

	for (size_t i = 0; i < n; i++)
		if (f[i]->key == FACT_STACK_SYSTEM && found < 8)
			values[found++] = f[i]->value;
	return found;
}

START_TEST(becomes_a_fact)
{
	struct ledger *l = ledger_new();
	struct stacks *s = load();
	const char *values[8];

	put_answer(l, 111, "60", "4096", "M5B4", "no");
	put_answer(l, 21, "60", "4096", "M5B4", "no");
	derive_all(l);
	ck_assert_uint_eq(derive_stack_all(l, s), 1);
	ck_assert_uint_eq(derive_stack_all(l, s), 0); /* said already */
	ck_assert_uint_eq(systems(l, values), 1);
	ck_assert_str_eq(values[0], "SunOS 4.1");
	/* Another stack behind another port: both are told. */
	put_answer(l, 443, "64", "65160", "M5B4ST11NW7", "yes");
	ck_assert_uint_eq(derive_stack_all(l, s), 1);
	ck_assert_uint_eq(systems(l, values), 2);
	stacks_free(s);
	ledger_free(l);
}
END_TEST

/* A cluster of initial sequence numbers that do not rise as BSD's do. */
START_TEST(numbers_count)
{
	const struct about about = { ABOUT_TCP, 111 };
	struct ledger *l = ledger_new();
	struct stacks *s = load();
	const char *values[8];

	put_answer(l, 111, "60", "4096", "M5B4", "no");
	put(l, about, FACT_TCP_ISN, "1000");
	put(l, about, FACT_TCP_ISN, "99123");
	put(l, about, FACT_TCP_ISN, "1234567");
	derive_all(l);
	ck_assert_uint_eq(derive_stack_all(l, s), 0);
	ck_assert_uint_eq(systems(l, values), 0);
	stacks_free(s);
	ledger_free(l);
}
END_TEST

START_TEST(wrong_lines)
{
	static const char *const lines[] = { "answer 60 4096 Me no *",
		"answer 60 4096 Me no * * | X | V",
		"reset 60 1 Me no * * |X|V|Y",
		"answer 60 1 Me maybe * * |X|V|Y",
		"answer 60 1 Me no * 7 |X|V|Y",
		"answer 60 1 Me no * * more |X|V|Y",
		"answer 60 1 Me no * * |X|Z|Y",
		"answer 60 1 Me no * * | |V|Y" };
	char path[] = "/tmp/gantry-stacks-XXXXXX", error[STACKS_ERROR];
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		FILE *f = fopen(path, "w");

		fprintf(f, "# a comment\n\n%s\n", lines[i]);
		fclose(f);
		ck_assert_ptr_null(stacks_new(path, error));
		ck_assert_ptr_nonnull(strstr(error, ":3: "));
	}
	close(fd);
	unlink(path);
	ck_assert_ptr_null(stacks_new(path, error));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { option_patterns, known_shapes,
		becomes_a_fact, numbers_count, wrong_lines, NULL };

	return unit_run("stacks", tests);
}
