/* SPDX-License-Identifier: ISC */
/* ports - what --ports may say, and what it must not. */
#include <string.h>

#include "scanner/ports.h"
#include "scanner/scope.h"
#include "t/unit.h"

static char error[PORTS_ERROR];

static struct ports
read_ports(const char *text)
{
	struct ports ports;

	ck_assert_msg(ports_parse(text, &ports, error), "%s", error);
	return ports;
}

static void
is_list(const uint16_t *have, size_t have_len, const uint16_t *want,
    size_t want_len)
{
	ck_assert_uint_eq(have_len, want_len);
	ck_assert_mem_eq(have, want, want_len * sizeof(want[0]));
}

#define IS_LIST(ports, which, ...)                                \
	do {                                                      \
		static const uint16_t want[] = { __VA_ARGS__ };   \
		is_list((ports).which, (ports).which##_len, want, \
		    sizeof(want) / sizeof(want[0]));              \
	} while (0)

START_TEST(sorts_and_joins)
{
	struct ports p = read_ports("80, 22 ,600-603,602,22,T:104,U:111,161");

	IS_LIST(p, tcp, 22, 80, 104, 600, 601, 602, 603);
	IS_LIST(p, udp, 111, 161);
	ports_free(&p);
	ck_assert_ptr_null(p.tcp);
}
END_TEST

START_TEST(knows_the_default)
{
	struct ports p = read_ports("default");

	is_list(p.tcp, p.tcp_len, ports_default_tcp, ports_default_tcp_len);
	is_list(p.udp, p.udp_len, ports_default_udp, ports_default_udp_len);
	ck_assert_uint_eq(p.named_tcp_len, 0);
	for (size_t i = 0; i < p.tcp_len; i++)
		ck_assert(!scope_port_is_harmful(p.tcp[i]));
	for (size_t i = 1; i < p.tcp_len; i++)
		ck_assert_uint_lt(p.tcp[i - 1], p.tcp[i]);
	ports_free(&p);
	p = read_ports("default,T:600-760");
	ck_assert_uint_eq(p.tcp_len, ports_default_tcp_len + 161);
	ck_assert_uint_eq(p.udp_len, ports_default_udp_len);
	ports_free(&p);
}
END_TEST

START_TEST(knows_the_edges)
{
	struct ports p = read_ports("1-65535,U:65535,u:1,t:00080");

	ck_assert_uint_eq(p.tcp_len, 65535);
	ck_assert_uint_eq(p.tcp[0], 1);
	ck_assert_uint_eq(p.tcp[65534], 65535);
	IS_LIST(p, udp, 1, 65535);
	IS_LIST(p, named_tcp, 80);
	ports_free(&p);
}
END_TEST

/* The system's list decides; 104 or 11112 is in any that knows the name. */
START_TEST(knows_names)
{
	struct ports p;
	bool found = false;

	if (!ports_parse("dicom", &p, error)) {
		ck_assert_ptr_nonnull(strstr(error, "\"dicom\""));
		return; /* no services list on this system */
	}
	for (size_t i = 0; i < p.tcp_len; i++)
		found = found || p.tcp[i] == 104 || p.tcp[i] == 11112;
	ck_assert(found);
	ck_assert_uint_eq(p.named_tcp_len, p.tcp_len);
	ck_assert_uint_eq(p.udp_len, 0);
	ports_free(&p);
}
END_TEST

START_TEST(remembers_what_was_named)
{
	struct ports p = read_ports("515,9100-9107,6000-6008,1-20,U:631");

	IS_LIST(p, named_tcp, 515);
	IS_LIST(p, named_udp, 631);
	ports_free(&p);
	p = read_ports("1-1000,515"); /* named beside a range is named */
	IS_LIST(p, named_tcp, 515);
	ports_free(&p);
}
END_TEST

START_TEST(permits_only_what_was_named)
{
	struct ports p = read_ports("515,9100-9101,104,U:9100");
	struct scope *scope = scope_new();
	const uint32_t host = 0x0a000001;

	ck_assert(scope_allow(scope, "10.0.0.1", error));
	ports_permit(&p, scope);
	ck_assert(scope_freeze(scope, error));
	ck_assert(scope_has_port(scope, host, ABOUT_TCP, 515));
	ck_assert(!scope_has_port(scope, host, ABOUT_UDP, 515));
	ck_assert(!scope_has_port(scope, host, ABOUT_TCP, 9100));
	ck_assert(scope_has_port(scope, host, ABOUT_UDP, 9100));
	ck_assert(scope_has_port(scope, host, ABOUT_TCP, 104));
	scope_free(scope);
	ports_free(&p);
}
END_TEST

START_TEST(refuses_and_says_which)
{
	static const struct {
		const char *text, *want;
	} bad[] = { { "", "an entry is empty" }, { ",", "empty" },
		{ "22,", "empty" }, { "22,,80", "empty" }, { "T:", "empty" },
		{ "  ", "empty" }, { "0", "\"0\"" }, { "65536", "\"65536\"" },
		{ "0-5", "\"0-5\"" }, { "80-22", "\"80-22\"" },
		{ "80-", "\"80-\"" }, { "-80", "\"-80\"" },
		{ "80-90-100", "\"80-90-100\"" }, { "+80", "\"+80\"" },
		{ "22 80", "\"22 80\"" }, { "0x50", "\"0x50\"" },
		{ "4294967376", "\"4294967376\"" },
		{ "99999999999999999999", "\"99999999999999999999\"" },
		{ "22,U:no-such-service", "\"no-such-service\"" },
		{ "T:U:22", "\"U:22\"" },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		  "aaaaaaaaaaaaaaaaaaaaa",
		    "too long" } };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct ports p;

		ck_assert_msg(
		    !ports_parse(bad[i].text, &p, error), "%s", bad[i].text);
		ck_assert_msg(strstr(error, bad[i].want) != NULL, "%s", error);
		ck_assert_ptr_null(p.tcp);
	}
}
END_TEST

START_TEST(one_udp_port_more_or_less)
{
	struct ports p;

	ck_assert(ports_parse("U:111,200", &p, error));
	ck_assert(ports_put_udp(&p, 161, true));
	ck_assert(ports_put_udp(&p, 161, true));
	ck_assert_uint_eq(p.udp_len, 3);
	ck_assert_uint_eq(p.udp[0], 111);
	ck_assert_uint_eq(p.udp[1], 161);
	ck_assert_uint_eq(p.udp[2], 200);
	ck_assert(ports_put_udp(&p, 161, false));
	ck_assert(ports_put_udp(&p, 161, false));
	ck_assert(ports_put_udp(&p, 200, false));
	ck_assert(ports_put_udp(&p, 111, false));
	ck_assert_uint_eq(p.udp_len, 0);
	ck_assert(ports_put_udp(&p, 65535, true));
	ck_assert_uint_eq(p.udp[0], 65535);
	ports_free(&p);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { sorts_and_joins, knows_the_default,
		knows_the_edges, knows_names, remembers_what_was_named,
		permits_only_what_was_named, refuses_and_says_which,
		one_udp_port_more_or_less, NULL };

	return unit_run("ports", tests);
}
