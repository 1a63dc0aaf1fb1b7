/* SPDX-License-Identifier: ISC */
/* neighbour - the kernel's table, in a network of the test's own. */
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scanner/neighbour.h"
#include "scanner/socket.h"
#include "t/own_network.h"
#include "t/unit.h"

static const char setup[] =
    "PATH=$PATH:/sbin:/usr/sbin; set -e;"
    "ip link add name gn0 address 02:00:00:00:00:01"
    " type veth peer name gn1;"
    "ip addr add 10.77.0.1/24 dev gn0;"
    "ip link set gn0 up; ip link set gn1 up arp off;"
    "n='ip neigh add dev gn0 lladdr 02:00:00:00:00:09';"
    "$n 10.77.0.9 nud permanent; $n 10.77.0.10 nud stale;"
    "$n 10.77.0.11 nud stale;"
    "ip neigh add dev gn0 10.77.0.12 nud failed;"
    "echo 3 >/proc/sys/net/ipv4/neigh/gn0/delay_first_probe_time";

/* Returns how many packets have left by gn0. */
static unsigned long
packets_out(void)
{
	char line[512], *at;
	unsigned long out = 0, skip[9];
	FILE *f = fopen("/proc/net/dev", "r");

	ck_assert_ptr_nonnull(f);
	while (fgets(line, sizeof(line), f) != NULL)
		if ((at = strstr(line, "gn0:")) != NULL)
			ck_assert_int_eq(
			    sscanf(at + 4,
				"%lu %lu %lu %lu %lu %lu %lu %lu %lu %lu",
				&skip[0], &skip[1], &skip[2], &skip[3],
				&skip[4], &skip[5], &skip[6], &skip[7],
				&skip[8], &out),
			    10);
	fclose(f);
	return out;
}

/* Has the entry that state, as ip(8) calls it? */
static bool
is_in_state(const char *address, const char *state)
{
	char command[128], line[256] = "";
	FILE *f;

	snprintf(command, sizeof(command),
	    "PATH=$PATH:/sbin:/usr/sbin; ip neigh show %s dev gn0", address);
	f = popen(command, "r");
	ck_assert_ptr_nonnull(f);
	if (fgets(line, sizeof(line), f) == NULL)
		line[0] = '\0';
	pclose(f);
	return strstr(line, state) != NULL;
}

static void
say_something(const char *address)
{
	struct sockaddr_in peer = { .sin_family = AF_INET,
		.sin_port = htons(4000),
		.sin_addr.s_addr = htonl(ip(address)) };
	int fd = socket_open(true, 0, NULL);

	ck_assert_int_eq(
	    sendto(fd, "", 1, 0, (struct sockaddr *)&peer, sizeof(peer)), 1);
	close(fd);
}

START_TEST(knows_whom_it_need_not_ask_for)
{
	struct neighbours *n;

	if (!own_network(setup))
		return;
	n = neighbours_new();
	ck_assert(neighbour_is_known(n, ip("10.77.0.9"), "gn0"));
	ck_assert(neighbour_is_known(n, ip("10.77.0.10"), "gn0"));
	ck_assert(!neighbour_is_known(n, ip("10.77.0.12"), "gn0"));
	ck_assert(!neighbour_is_known(n, ip("10.77.0.13"), "gn0"));
	ck_assert(!neighbour_is_known(n, ip("10.77.0.9"), "gn1"));
	ck_assert(!neighbour_is_known(n, ip("10.77.0.9"), "nothere"));
	neighbours_free(n);
}
END_TEST

/* A while after something was said to one it has not heard of for long, the
 * kernel asks whether it still lives; not if it was confirmed meanwhile. */
START_TEST(who_is_confirmed_is_not_asked_again)
{
	struct neighbours *n;
	unsigned long before;
	int gn0;

	if (!own_network(setup))
		return;
	gn0 = (int)if_nametoindex("gn0");
	n = neighbours_new();
	say_something("10.77.0.10");
	say_something("10.77.0.11");
	ck_assert(is_in_state("10.77.0.10", "DELAY"));
	before = packets_out();
	usleep(300000); /* an answer takes its time */
	neighbour_confirm(n, ip("10.77.0.10"), gn0);
	neighbour_confirm(n, ip("10.77.0.13"), gn0); /* no entry */
	neighbour_confirm(n, ip("10.77.0.10"), gn0 + 1);
	neighbour_confirm(n, ip("192.0.2.1"), 9999);
	ck_assert_uint_eq(packets_out(), before);
	for (int i = 0; i < 100 && is_in_state("10.77.0.10", "DELAY"); i++)
		usleep(100000);
	ck_assert(is_in_state("10.77.0.10", "REACHABLE"));
	for (int i = 0; i < 100 && packets_out() == before; i++)
		usleep(100000);
	ck_assert(!is_in_state("10.77.0.11", "REACHABLE"));
	ck_assert_uint_gt(packets_out(), before); /* of the other it asks */
	neighbours_free(n);
}
END_TEST

START_TEST(freeing_nothing_is_fine)
{
	neighbours_free(NULL);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { knows_whom_it_need_not_ask_for,
		who_is_confirmed_is_not_asked_again, freeing_nothing_is_fine,
		NULL };

	return unit_run("neighbour", tests);
}
