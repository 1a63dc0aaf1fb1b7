/* SPDX-License-Identifier: ISC */
/* scope - what may be touched: sets, lists of them, ports, and the refusals. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/scope.h"
#include "t/unit.h"

static char error[SCOPE_ERROR];
static char path[] = "/tmp/gantry-scope-XXXXXX";

/* Writes a file for one test; it is removed by drop(). */
static const char *
file_of(const char *text)
{
	int fd = mkstemp(path);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
	return path;
}

static void
drop(void)
{
	unlink(path);
}

static struct scope *
scope_of(const char *allow, const char *deny)
{
	struct scope *scope = scope_new();

	ck_assert(scope_allow(scope, allow, error));
	if (deny != NULL)
		ck_assert(scope_deny(scope, deny, error));
	ck_assert_msg(scope_freeze(scope, error), "%s", error);
	return scope;
}

START_TEST(deny_beats_allow)
{
	struct scope *s = scope_of("10.0.0.0/24", "10.0.0.7-9");

	ck_assert(scope_has_host(s, ip("10.0.0.6")));
	ck_assert(!scope_has_host(s, ip("10.0.0.7")));
	ck_assert(!scope_has_host(s, ip("10.0.0.9")));
	ck_assert(scope_has_host(s, ip("10.0.0.10")));
	ck_assert(!scope_has_host(s, ip("10.0.1.0")));
	ck_assert(!scope_has_host(s, ip("9.255.255.255")));
	ck_assert_uint_eq(scope_size(s), 253);
	scope_free(s);
}
END_TEST

START_TEST(overlaps_are_merged)
{
	struct scope *s = scope_new();
	const struct scope_range *r;
	size_t n;

	ck_assert(scope_allow(s, "10.0.0.128/25", error));
	ck_assert(scope_allow(s, "10.0.0.0-10.0.0.200", error));
	ck_assert(scope_allow(s, "10.0.1.0/24", error));
	ck_assert(scope_allow(s, "10.0.3.1", error));
	ck_assert(scope_allow(s, "10.0.3.1", error));
	ck_assert(scope_freeze(s, error));
	r = scope_ranges(s, &n);
	ck_assert_uint_eq(n, 2);
	ck_assert_uint_eq(r[0].first, ip("10.0.0.0"));
	ck_assert_uint_eq(r[0].last, ip("10.0.1.255"));
	ck_assert_uint_eq(r[1].first, ip("10.0.3.1"));
	ck_assert_uint_eq(scope_size(s), 513);
	scope_free(s);
}
END_TEST

START_TEST(network_and_broadcast_address_are_in)
{
	struct scope *s = scope_of("10.0.0.0/30", NULL);

	ck_assert(scope_has_host(s, ip("10.0.0.0")));
	ck_assert(scope_has_host(s, ip("10.0.0.3")));
	scope_free(s);
}
END_TEST

START_TEST(index_and_address_agree)
{
	struct scope *s = scope_of("10.0.0.0/22", "10.0.1.3-10.0.2.200");
	const struct scope_range *r;
	uint64_t index = 0;
	size_t n;

	r = scope_ranges(s, &n);
	for (size_t i = 0; i < n; i++)
		for (uint32_t a = r[i].first; a <= r[i].last; a++)
			ck_assert_uint_eq(scope_address_at(s, index++), a);
	ck_assert_uint_eq(index, scope_size(s));
	scope_free(s);
}
END_TEST

START_TEST(public_addresses_need_a_file)
{
	static const char *const refused[] = { "192.0.2.1", "8.8.8.0/24",
		"10.0.0.0-11.0.0.0", "172.32.0.0", "192.167.255.255",
		"100.64.0.1", "240.0.0.1", "126.255.255.255-127.0.0.1" };
	static const char *const taken[] = { "10.0.0.0/8", "172.16.0.0/12",
		"192.168.0.0/16", "169.254.0.0/16", "127.0.0.1" };

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct scope *s = scope_new();

		ck_assert(scope_allow(s, refused[i], error));
		ck_assert_msg(!scope_freeze(s, error), "%s", refused[i]);
		ck_assert_ptr_nonnull(strstr(error, "is not a private"));
		scope_free(s);
	}
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		scope_free(scope_of(taken[i], NULL));
}
END_TEST

/* The table of ranges here and the question in net.c must not part. */
START_TEST(private_is_what_net_says)
{
	static const char *const edges[] = { "10.0.0.0", "10.255.255.255",
		"127.0.0.0", "127.255.255.255", "169.254.0.0",
		"169.254.255.255", "172.16.0.0", "172.31.255.255",
		"192.168.0.0", "192.168.255.255" };

	for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++)
		for (uint32_t step = 0; step < 3; step++) {
			uint32_t address = ip(edges[i]) + step - 1;
			struct scope *s = scope_new();
			char text[NET_IPV4_TEXT];

			ck_assert(
			    scope_allow(s, ipv4_text(address, text), error));
			ck_assert_msg(
			    scope_freeze(s, error) == ipv4_is_private(address),
			    "%s", text);
			scope_free(s);
		}
}
END_TEST

START_TEST(some_addresses_are_nobodys)
{
	static const char *const never[] = { "224.0.0.1", "239.255.255.255",
		"0.0.0.0", "0.1.2.3", "255.255.255.255" };
	struct scope *s;

	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++) {
		s = scope_new();
		ck_assert(scope_name_network(s, "0.0.0.0/0", error));
		ck_assert(scope_allow(s, never[i], error));
		ck_assert(!scope_freeze(s, error));
		ck_assert_ptr_nonnull(strstr(error, "nothing is left"));
		scope_free(s);
	}
	s = scope_new();
	ck_assert(scope_name_network(s, "0.0.0.0/0", error));
	ck_assert(scope_allow(s, "0.0.0.0/0", error));
	ck_assert(scope_freeze(s, error));
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		ck_assert(!scope_has_host(s, ip(never[i])));
	ck_assert(scope_has_host(s, ip("1.0.0.0")));
	ck_assert(scope_has_host(s, ip("255.255.255.254")));
	ck_assert_uint_eq(
	    scope_size(s), (UINT64_C(1) << 32) - (1u << 24) - (1u << 28) - 1);
	scope_free(s);
}
END_TEST

START_TEST(harmful_ports_need_a_word)
{
	static const uint16_t harmful[] = { 7, 9, 13, 19, 512, 513, 514, 515,
		631, 6000, 6031, 6063, 9100, 9103, 9107 };
	static const uint16_t fine[] = { 1, 6, 8, 104, 511, 516, 630, 632, 5999,
		6064, 9099, 9108, 65535 };
	uint32_t host = ip("10.0.0.1");
	struct scope *s = scope_of("10.0.0.1", NULL);

	for (size_t i = 0; i < sizeof(harmful) / sizeof(harmful[0]); i++) {
		ck_assert(scope_port_is_harmful(harmful[i]));
		ck_assert(!scope_has_port(s, host, ABOUT_TCP, harmful[i]));
		ck_assert(!scope_has_port(s, host, ABOUT_UDP, harmful[i]));
	}
	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
		ck_assert(!scope_port_is_harmful(fine[i]));
		ck_assert(scope_has_port(s, host, ABOUT_TCP, fine[i]));
		ck_assert(scope_has_port(s, host, ABOUT_UDP, fine[i]));
	}
	scope_permit_port(s, ABOUT_TCP, 9100);
	ck_assert(scope_has_port(s, host, ABOUT_TCP, 9100));
	ck_assert(!scope_has_port(s, host, ABOUT_UDP, 9100));
	ck_assert(!scope_has_port(s, host, ABOUT_TCP, 9101));
	scope_deny_port(s, ABOUT_TCP, 9100);
	ck_assert(!scope_has_port(s, host, ABOUT_TCP, 9100));
	scope_free(s);
}
END_TEST

START_TEST(ports_are_denied_by_transport)
{
	uint32_t host = ip("10.0.0.1");
	struct scope *s = scope_of("10.0.0.1", NULL);

	scope_deny_port(s, ABOUT_UDP, 161);
	ck_assert(scope_has_port(s, host, ABOUT_TCP, 161));
	ck_assert(!scope_has_port(s, host, ABOUT_UDP, 161));
	ck_assert(!scope_has_port(s, host, ABOUT_TCP, 0));
	ck_assert(scope_has_port(s, host, ABOUT_HOST, 0));
	ck_assert(!scope_has_port(s, host + 1, ABOUT_HOST, 0));
	ck_assert(!scope_has_port(s, host + 1, ABOUT_TCP, 104));
	scope_free(s);
}
END_TEST

START_TEST(reads_lists)
{
	struct scope *s = scope_new();
	char target[64];
	size_t n;

	snprintf(target, sizeof(target), "@%s",
	    file_of("# ward 3\n\n10.0.0.1\r\n  10.0.1.0/30 # CT\n"
		    "10.0.2.1-4"));
	ck_assert_msg(scope_allow(s, target, error), "%s", error);
	ck_assert(scope_freeze(s, error));
	ck_assert_uint_eq(scope_size(s), 9);
	ck_assert_str_eq(scope_allowed_text(s, &n)[0], target);
	ck_assert_uint_eq(n, 1);
	scope_free(s);
	drop();
}
END_TEST

START_TEST(bad_lists_are_told_by_line)
{
	struct scope *s = scope_new();
	char target[64], where[64], long_line[400];

	snprintf(target, sizeof(target), "@%s",
	    file_of("10.0.0.1\n\n# x\n10.0.0.256\n"));
	snprintf(where, sizeof(where), "%s:4: \"10.0.0.256\"", path);
	ck_assert(!scope_allow(s, target, error));
	ck_assert_msg(strncmp(error, where, strlen(where)) == 0, "%s", error);
	drop();
	memset(long_line, '1', sizeof(long_line));
	long_line[sizeof(long_line) - 1] = '\0';
	memcpy(path + sizeof(path) - 7, "XXXXXX", 6);
	snprintf(target, sizeof(target), "@%s", file_of(long_line));
	ck_assert(!scope_deny(s, target, error));
	ck_assert_ptr_nonnull(strstr(error, ":1: the line is too long"));
	drop();
	ck_assert(!scope_allow(s, "@/nonexistent/list", error));
	ck_assert_str_eq(error, "/nonexistent/list: No such file or directory");
	ck_assert(!scope_allow(s, "@/tmp", error));
	ck_assert_str_eq(error, "/tmp: Is a directory");
	scope_free(s);
}
END_TEST

START_TEST(bad_targets_are_named)
{
	static const char *const bad[] = { "", "@", "10.0.0", "10.0.0.0/33",
		"10.0.0.9-10.0.0.1", "ward3", "10.0.0.1 10.0.0.2", "::1",
		"10.0.0.1/", "-", "10.0.0.0/-1" };
	struct scope *s = scope_new();

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		error[0] = '\0';
		ck_assert_msg(!scope_allow(s, bad[i], error), "%s", bad[i]);
		ck_assert(error[0] != '\0' && strchr(error, '\n') == NULL);
	}
	ck_assert(scope_freeze(s, error));
	ck_assert_uint_eq(scope_size(s), 0);
	ck_assert(!scope_has_host(s, 0));
	scope_free(s);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { deny_beats_allow, overlaps_are_merged,
		network_and_broadcast_address_are_in, index_and_address_agree,
		public_addresses_need_a_file, private_is_what_net_says,
		some_addresses_are_nobodys, harmful_ports_need_a_word,
		ports_are_denied_by_transport, reads_lists,
		bad_lists_are_told_by_line, bad_targets_are_named, NULL };

	return unit_run("scope", tests);
}
