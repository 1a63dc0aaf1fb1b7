/* SPDX-License-Identifier: ISC */
/* route - the kernel's answers, asked in a network of the test's own. */
#include <net/if.h>
#include <string.h>

#include "scanner/route.h"
#include "scanner/segment.h"
#include "t/own_network.h"
#include "t/unit.h"

static char error[ROUTE_ERROR];

static const char setup[] =
    "PATH=$PATH:/sbin:/usr/sbin; set -e;"
    "ip link set lo up;"
    "ip link add name gr0 address 02:00:00:00:00:01 mtu 1400"
    " type veth peer name gr1;"
    "ip addr add 10.77.0.1/24 dev gr0;"
    "ip addr add 10.77.9.1/30 dev gr0;"
    "ip addr add 10.77.8.1/23 dev gr0;" /* holds the one before */
    "ip link set gr0 up; ip link set gr1 up;"
    "ip route add 10.78.0.0/16 via 10.77.0.254 dev gr0;"
    "ip route add unreachable 10.79.0.0/16;"
    "ip neigh add 10.77.0.9 lladdr 02:00:00:00:00:09 dev gr0"
    " nud permanent;"
    "ip neigh add 10.77.0.10 lladdr 02:00:00:00:00:0a dev gr0 nud stale;"
    "ip link add name grdown type veth peer name grdown1";

START_TEST(finds_an_on_link_route)
{
	char text[NET_MAC_TEXT];
	struct route r;

	if (!own_network(setup))
		return;
	ck_assert_msg(route_get(ip("10.77.0.5"), &r, error), "%s", error);
	ck_assert_str_eq(r.interface_name, "gr0");
	ck_assert_int_eq(r.interface, (int)if_nametoindex("gr0"));
	ck_assert_str_eq(mac_text(r.mac, text), "02:00:00:00:00:01");
	ck_assert_uint_eq(r.source, ip("10.77.0.1"));
	ck_assert_uint_eq(r.gateway, 0);
	ck_assert_uint_eq(r.mtu, 1400);
	ck_assert(r.is_ethernet && !r.is_loopback);
	ck_assert(route_get(ip("10.77.9.2"), &r, error));
	ck_assert_uint_eq(r.source, ip("10.77.9.1"));
}
END_TEST

START_TEST(finds_a_gateway)
{
	struct route r;

	if (!own_network(setup))
		return;
	ck_assert_msg(route_get(ip("10.78.3.4"), &r, error), "%s", error);
	ck_assert_uint_eq(r.gateway, ip("10.77.0.254"));
	ck_assert_uint_eq(r.source, ip("10.77.0.1"));
}
END_TEST

START_TEST(knows_itself_and_loopback)
{
	struct route r;

	if (!own_network(setup))
		return;
	ck_assert(route_get(ip("127.0.0.1"), &r, error));
	ck_assert(r.is_loopback && !r.is_ethernet);
	ck_assert_uint_eq(r.mtu, 65535);
	ck_assert(!mac_is_known(r.mac));
	ck_assert(route_get(ip("10.77.0.1"), &r, error));
	ck_assert(r.is_loopback);
}
END_TEST

START_TEST(says_where_no_route_leads)
{
	struct route r;

	if (!own_network(setup))
		return;
	ck_assert(!route_get(ip("192.0.2.1"), &r, error));
	ck_assert_str_eq(
	    error, "no route to 192.0.2.1: Network is unreachable");
	ck_assert(!route_get(ip("10.79.0.1"), &r, error));
	ck_assert_str_eq(error, "no route to 10.79.0.1: No route to host");
}
END_TEST

START_TEST(knows_interfaces_by_name)
{
	struct route r;

	if (!own_network(setup))
		return;
	ck_assert_msg(route_interface("gr0", &r, error), "%s", error);
	ck_assert_uint_eq(r.source, ip("10.77.0.1"));
	ck_assert(route_interface("gr1", &r, error));
	ck_assert_uint_eq(r.source, 0);
	ck_assert(!route_interface("grdown", &r, error));
	ck_assert_str_eq(error, "interface grdown is down");
	ck_assert(!route_interface("nothere", &r, error));
	ck_assert_str_eq(error, "no interface is called \"nothere\"");
	ck_assert(!route_interface("", &r, error));
	ck_assert(!route_interface("a-name-of-over-15-bytes", &r, error));
}
END_TEST

START_TEST(knows_neighbours)
{
	char text[NET_MAC_TEXT];
	struct mac mac;
	int gr0, gr1;

	if (!own_network(setup))
		return;
	gr0 = (int)if_nametoindex("gr0");
	gr1 = (int)if_nametoindex("gr1");
	ck_assert(route_neighbour(gr0, ip("10.77.0.9"), &mac));
	ck_assert_str_eq(mac_text(mac, text), "02:00:00:00:00:09");
	ck_assert(route_neighbour(gr0, ip("10.77.0.10"), &mac));
	ck_assert_str_eq(mac_text(mac, text), "02:00:00:00:00:0a");
	ck_assert(!route_neighbour(gr0, ip("10.77.0.11"), &mac));
	ck_assert(!route_neighbour(gr1, ip("10.77.0.9"), &mac));
}
END_TEST

/* The sum of the last column, one line for each processor. */
static uint64_t
full_by_proc(void)
{
	FILE *f = fopen("/proc/net/stat/arp_cache", "r");
	uint64_t sum = 0;
	char line[512];

	ck_assert_ptr_nonnull(f);
	while (fgets(line, sizeof(line), f) != NULL)
		if (strchr(line, ':') == NULL && line[0] != 'e')
			sum += strtoull(strrchr(line, ' '), NULL, 16);
	fclose(f);
	return sum;
}

START_TEST(counts_when_the_table_was_full)
{
	uint64_t before, told;

	/* Told in the first namespace only. */
	if (access("/proc/net/stat/arp_cache", R_OK) != 0)
		return;
	before = full_by_proc();
	told = route_neighbours_full();
	ck_assert_uint_ge(told, before);
	ck_assert_uint_le(told, full_by_proc());
}
END_TEST

START_TEST(knows_the_networks_on_the_link)
{
	uint32_t first = 0, last = 0;
	int gr0;

	if (!own_network(setup))
		return;
	gr0 = (int)if_nametoindex("gr0");
	ck_assert(route_network(gr0, ip("10.77.0.200"), &first, &last));
	ck_assert_uint_eq(first, ip("10.77.0.0"));
	ck_assert_uint_eq(last, ip("10.77.0.255"));
	ck_assert(route_network(gr0, ip("10.77.9.2"), &first, &last));
	ck_assert_uint_eq(first, ip("10.77.9.0"));
	ck_assert_uint_eq(last, ip("10.77.9.3"));
	ck_assert(route_network(gr0, ip("10.77.9.4"), &first, &last));
	ck_assert_uint_eq(first, ip("10.77.8.0"));
	ck_assert(!route_network(gr0, ip("10.78.0.1"), &first, &last));
	ck_assert(!route_network(gr0 + 1, ip("10.77.0.2"), &first, &last));
}
END_TEST

/* More neighbours than fit one message of a dump. */
START_TEST(reads_long_dumps)
{
	struct mac mac;

	if (!own_network(setup) ||
	    system("PATH=$PATH:/sbin:/usr/sbin;"
		   "for i in 1 2 3 4; do for j in `seq 1 250`; do echo"
		   " neigh add 10.77.1$i.$j lladdr 02:00:00:00:0$i:01"
		   " dev gr0 nud permanent; done; done | ip -batch -") != 0)
		return;
	for (uint32_t i = 1; i <= 4; i++) {
		uint32_t address = ip("10.77.10.250") + (i << 8);

		ck_assert(
		    route_neighbour((int)if_nametoindex("gr0"), address, &mac));
		ck_assert_uint_eq(mac.b[4], i);
	}
}
END_TEST

/* A /29 that holds our own address, which only connects look at. */
START_TEST(own_addresses_get_no_crafted_frames)
{
	struct segment items[] = {
		{ .first = 0x0a1e0000, .last = 0x0a1e0001 },
		{ .first = 0x0a1e0002, .last = 0x0a1e0002, .assume_up = true },
		{ .first = 0x0a1e0003, .last = 0x0a1e0007 },
	};
	const struct segments all = { .items = items, .len = 3 };
	struct scope *scope = scope_new();
	uint32_t list[] = { 1, 2, 3, 7 };
	char why[SCOPE_ERROR];

	ck_assert(scope_allow(scope, "10.30.0.0/29", why));
	ck_assert(scope_freeze(scope, why));
	ck_assert_uint_eq(segments_keep_crafted(&all, scope, list, 4), 3);
	ck_assert_uint_eq(list[0], 1);
	ck_assert_uint_eq(list[1], 3);
	ck_assert_uint_eq(list[2], 7);
	scope_free(scope);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { finds_an_on_link_route, finds_a_gateway,
		knows_itself_and_loopback, says_where_no_route_leads,
		knows_interfaces_by_name, knows_neighbours,
		counts_when_the_table_was_full, knows_the_networks_on_the_link,
		reads_long_dumps, own_addresses_get_no_crafted_frames, NULL };

	return unit_run("route", tests);
}
