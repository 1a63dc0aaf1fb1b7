/* SPDX-License-Identifier: ISC */
/* net: addresses and ranges, both ways, and what must be refused. */
#include "scanner/net.h"
#include "t/unit.h"

START_TEST(writes_and_reads_addresses)
{
	static const struct {
		const char *text;
		uint32_t address;
	} good[] = {
		{ "0.0.0.0", 0 },
		{ "192.0.2.1", 0xc0000201 },
		{ "128.231.213.4", 0x80e7d504 },
		{ "255.255.255.255", 0xffffffff },
	};
	char buf[NET_IPV4_TEXT];
	uint32_t out;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		ck_assert(ipv4_parse(good[i].text, &out));
		ck_assert_uint_eq(out, good[i].address);
		ck_assert_str_eq(ipv4_text(out, buf), good[i].text);
	}
}
END_TEST

START_TEST(refuses_what_is_no_address)
{
	static const char *const bad[] = { "", "1", "1.2.3", "1.2.3.4.5",
		"1.2.3.256", "1.2.3.4294967297", "01.2.3.4", "1.2.3.04",
		"1.2.3.", ".1.2.3", "1..2.3", " 1.2.3.4", "1.2.3.4 ",
		"1.2.3.4x", "-1.2.3.4", "+1.2.3.4", "0x1.2.3.4", "1.2.3.4/24",
		"::1" };
	uint32_t out = 7;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_msg(!ipv4_parse(bad[i], &out), "%s", bad[i]);
		ck_assert_uint_eq(out, 7);
	}
}
END_TEST

START_TEST(reads_ranges)
{
	static const struct {
		const char *text;
		uint32_t first, last;
	} good[] = {
		{ "192.0.2.1", 0xc0000201, 0xc0000201 },
		{ "192.0.2.0/24", 0xc0000200, 0xc00002ff },
		{ "192.0.2.77/24", 0xc0000200, 0xc00002ff },
		{ "192.0.2.77/32", 0xc000024d, 0xc000024d },
		{ "192.0.2.77/31", 0xc000024c, 0xc000024d },
		{ "128.0.0.0/1", 0x80000000, 0xffffffff },
		{ "10.1.2.3/0", 0, 0xffffffff },
		{ "192.0.2.9-192.0.3.1", 0xc0000209, 0xc0000301 },
		{ "192.0.2.9-192.0.2.9", 0xc0000209, 0xc0000209 },
		{ "192.0.2.9-20", 0xc0000209, 0xc0000214 },
		{ "192.0.2.9-9", 0xc0000209, 0xc0000209 },
		{ "192.0.2.0-255", 0xc0000200, 0xc00002ff },
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		uint32_t first = 0, last = 0;

		ck_assert_msg(ipv4_range_parse(good[i].text, &first, &last),
		    "%s", good[i].text);
		ck_assert_uint_eq(first, good[i].first);
		ck_assert_uint_eq(last, good[i].last);
	}
}
END_TEST

START_TEST(refuses_what_is_no_range)
{
	static const char *const bad[] = { "", "-", "/24", "192.0.2.0/",
		"192.0.2.0/33", "192.0.2.0/024", "192.0.2.0/24x",
		"192.0.2.0/-1", "192.0.2.0/4294967320", "192.0.2.9-",
		"192.0.2.9-8", "192.0.2.9-256", "192.0.2.9-192.0.2.8",
		"192.0.2.9-192.0.2", "192.0.2.9-1-2", "192.0.2.0/24-30",
		"192.0.2.1,192.0.2.2", "host.example" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint32_t first = 7, last = 8;

		ck_assert_msg(
		    !ipv4_range_parse(bad[i], &first, &last), "%s", bad[i]);
		ck_assert_uint_eq(first, 7);
		ck_assert_uint_eq(last, 8);
	}
}
END_TEST

START_TEST(writes_and_reads_macs)
{
	const struct mac sun = { { 0x08, 0x00, 0x20, 0xab, 0xcd, 0xef } };
	struct mac out;
	char buf[NET_MAC_TEXT];

	ck_assert_str_eq(mac_text(sun, buf), "08:00:20:ab:cd:ef");
	ck_assert(mac_parse("08:00:20:ab:CD:ef", &out));
	ck_assert(mac_equal(out, sun));
	ck_assert(mac_parse("08-00-20-AB-cd-ef", &out));
	ck_assert(mac_equal(out, sun));
	ck_assert(mac_is_known(sun));
	ck_assert(!mac_is_known((struct mac){ { 0 } }));
	out.b[5] ^= 1;
	ck_assert(!mac_equal(out, sun));
}
END_TEST

START_TEST(refuses_what_is_no_mac)
{
	static const char *const bad[] = { "", "08:00:20:ab:cd",
		"08:00:20:ab:cd:ef:00", "08:00:20-ab:cd:ef", "8:0:20:ab:cd:ef",
		"080020abcdef", "08.00.20.ab.cd.ef", "08:00:20:ab:cd:eg",
		"08:00:20:ab:cd:e", "08:00:20:ab:cd:ef ", " 8:00:20:ab:cd:ef" };
	const struct mac before = { { 1, 2, 3, 4, 5, 6 } };
	struct mac out = before;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_msg(!mac_parse(bad[i], &out), "%s", bad[i]);
		ck_assert(mac_equal(out, before));
	}
}
END_TEST

START_TEST(knows_private_networks_to_the_address)
{
	static const struct {
		const char *first, *last;
	} networks[] = {
		{ "10.0.0.0", "10.255.255.255" },
		{ "127.0.0.0", "127.255.255.255" },
		{ "169.254.0.0", "169.254.255.255" },
		{ "172.16.0.0", "172.31.255.255" },
		{ "192.168.0.0", "192.168.255.255" },
	};

	for (size_t i = 0; i < sizeof(networks) / sizeof(networks[0]); i++) {
		uint32_t first, last;

		ck_assert(ipv4_parse(networks[i].first, &first));
		ck_assert(ipv4_parse(networks[i].last, &last));
		ck_assert(ipv4_is_private(first));
		ck_assert(ipv4_is_private(last));
		ck_assert(!ipv4_is_private(first - 1));
		ck_assert(!ipv4_is_private(last + 1));
	}
	ck_assert(!ipv4_is_private(0));
	ck_assert(!ipv4_is_private(0x80e7d504));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { writes_and_reads_addresses,
		refuses_what_is_no_address, reads_ranges,
		refuses_what_is_no_range, writes_and_reads_macs,
		refuses_what_is_no_mac, knows_private_networks_to_the_address,
		NULL };

	return unit_run("net", tests);
}
