/* SPDX-License-Identifier: ISC */
/*
 * condition - when a fact meets a condition: places, numbers, lists of ports.
 */
#include <stdlib.h>
#include <string.h>

#include "fingerprints/condition.h"
#include "t/asset_facts.h"
#include "t/unit.h"

/* Returns whether one fact meets the condition. */
static bool
meets(const struct condition *c, const char *about, const char *value)
{
	struct asset_facts a = { .n = 0 };
	struct fact_index x;
	bool met;

	say(&a, about, c->key, value);
	ck_assert(fact_index_build(&x, a.facts, a.n));
	met = condition_met(c, &x);
	fact_index_clear(&x);
	return met;
}

START_TEST(about_is_a_place)
{
	static const char *const wrong[] = { "", "hos", "hostx", "host/1",
		"tcp/", "tcp/x", "tcp/1-", "tcp/2-1", "tcp/65536",
		"tcp/1-65536", "tcp1", "tcp/1,2", "icmp", "TCP", "udp/-1",
		"tcp/1 " };
	struct condition c = ANY(FACT_PORT_STATE);

	ck_assert(meets(&c, "host", "open")); /* about anything */
	ck_assert(condition_about_parse("tcp/600-1023", &c));
	ck_assert(meets(&c, "tcp/600", "open"));
	ck_assert(meets(&c, "tcp/1023", "open"));
	ck_assert(!meets(&c, "tcp/599", "open"));
	ck_assert(!meets(&c, "tcp/1024", "open"));
	ck_assert(!meets(&c, "udp/700", "open"));
	ck_assert(!meets(&c, "host", "open"));
	ck_assert(condition_about_parse("udp/1600", &c));
	ck_assert(meets(&c, "udp/1600", "open"));
	ck_assert(!meets(&c, "udp/1601", "open"));
	ck_assert(condition_about_parse("tcp", &c));
	ck_assert(meets(&c, "tcp/65535", "open"));
	ck_assert(!meets(&c, "udp/1", "open"));
	ck_assert(condition_about_parse("host", &c));
	ck_assert(meets(&c, "host", "open"));
	ck_assert(!meets(&c, "tcp/1", "open"));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		ck_assert_msg(
		    !condition_about_parse(wrong[i], &c), "%s", wrong[i]);
}
END_TEST

START_TEST(numbers_have_edges)
{
	struct condition c = ANY(FACT_ADVANTAGENET_PERIOD);

	c.has_min = c.has_max = true;
	c.min = 119;
	c.max = 121;
	ck_assert(meets(&c, "host", "119"));
	ck_assert(meets(&c, "host", "121.000"));
	ck_assert(meets(&c, "host", "120.0103"));
	ck_assert(!meets(&c, "host", "118.9999"));
	ck_assert(!meets(&c, "host", "121.0001"));
	ck_assert(!meets(&c, "host", ""));
	ck_assert(!meets(&c, "host", "120 s"));
	ck_assert(!meets(&c, "host", "nan"));
	c.has_max = false;
	ck_assert(meets(&c, "host", "999999999999999"));
	ck_assert(!meets(&c, "host", "9999999999999999"));
}
END_TEST

START_TEST(numbers_are_plain_decimals)
{
	static const struct {
		const char *text;
		double value;
	} good[] = { { "0", 0 }, { "-12", -12 }, { "120.0103", 120.0103 },
		{ ".5", .5 }, { "5.", 5 }, { "000123", 123 } };
	static const char *const bad[] = { "", "-", ".", "+1", "1e3", "0x10",
		"1,5", "1.2.3", "inf", "nan", " 1", "1 ", "--1",
		"1234567890123456" };
	double d = 77;

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		ck_assert_msg(
		    number_parse(good[i].text, &d), "%s", good[i].text);
		ck_assert_double_eq(d, good[i].value);
	}
	d = 77;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ck_assert_msg(!number_parse(bad[i], &d), "%s", bad[i]);
	ck_assert_double_eq(d, 77);
}
END_TEST

START_TEST(port_lists)
{
	const char *list = "21,600-654,656";

	ck_assert(port_list_holds(list, 21));
	ck_assert(port_list_holds(list, 600));
	ck_assert(port_list_holds(list, 654));
	ck_assert(port_list_holds(list, 656));
	ck_assert(!port_list_holds(list, 655));
	ck_assert(!port_list_holds(list, 22));
	ck_assert(!port_list_holds("", 21));
	ck_assert(!port_list_holds("none", 21));
	ck_assert(!port_list_holds("1-3,...", 21));
	ck_assert(!port_list_holds("1;21", 21));
	ck_assert(!port_list_holds("99999,21", 21));
	ck_assert(port_list_holds("0-65535", 65535));
	for (size_t n = 0; n <= strlen(list); n++) {
		char *cut = strndup(list, n);
		const uint8_t *edge = at_the_edge(cut, n + 1);

		ck_assert(port_list_holds((const char *)edge, 21) == (n >= 2));
		free(cut);
	}
	unit_edge_free();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { about_is_a_place, numbers_have_edges,
		numbers_are_plain_decimals, port_lists, NULL };

	return unit_run("condition", tests);
}
