/* SPDX-License-Identifier: ISC */
/*
 * sender - what leaves by the packet socket and what must not, in a network of
 * the test's own.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "scanner/send.h"
#include "t/own_network.h"
#include "t/unit.h"

static char error[ROUTE_ERROR];

static const struct route route = { .interface = 1,
	.interface_name = "test0",
	.mac = { { 2, 0, 0, 0, 0, 1 } },
	.source = 0x0a4d0001,
	.is_ethernet = true,
	.mtu = 1500 };
static const struct mac hop = { { 2, 0, 0, 0, 0, 5 } };
static const struct mac nobody;
static const uint32_t host = 0x0a4d0005;

static struct send_template
template_of(enum send_kind kind)
{
	struct send_template t;

	ck_assert_msg(send_template_init(&t, kind, &route, error), "%s", error);
	return t;
}

static const char setup[] =
    "PATH=$PATH:/sbin:/usr/sbin; set -e;"
    "ip link add name gs0 address 02:00:00:00:00:01 type veth"
    " peer name gs1;"
    "ip addr add 10.77.0.1/24 dev gs0;"
    "ip link set gs0 up; ip link set gs1 up";

/* A scope, a sender and the far end of its link. */
struct link {
	struct scope *scope;
	struct route route;
	struct sender *sender;
	int far;
};

static bool
link_open(struct link *l)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL) };
	struct timeval wait = { 1, 0 };

	if (!own_network(setup))
		return false;
	l->scope = scope_new();
	ck_assert(scope_allow(l->scope, "10.77.0.0/24", error));
	ck_assert(scope_deny(l->scope, "10.77.0.66", error));
	ck_assert(scope_freeze(l->scope, error));
	ck_assert_msg(route_interface("gs0", &l->route, error), "%s", error);
	l->sender = sender_new(&l->route, l->scope, error);
	ck_assert_msg(l->sender != NULL, "%s", error);
	l->far = socket(AF_PACKET, SOCK_RAW, 0);
	at.sll_ifindex = (int)if_nametoindex("gs1");
	setsockopt(l->far, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	ck_assert_int_eq(
	    bind(l->far, (const struct sockaddr *)&at, sizeof(at)), 0);
	return true;
}

static void
link_close(struct link *l)
{
	close(l->far);
	sender_free(l->sender);
	scope_free(l->scope);
}

START_TEST(frames_arrive_as_they_were_made)
{
	struct send_template t = template_of(SEND_TCP_SYN);
	enum { N = 1000, PART = 100 }; /* more than a batch, no multiple */
	uint8_t out[SEND_FRAME_MAX], in[SEND_FRAME_MAX];
	struct link l;

	if (!link_open(&l))
		return;
	for (uint32_t i = 0, next = 0; i < N; i++) {
		size_t len = send_patch(&t, out, host, hop, 40000, 104, i);

		ck_assert(sender_put(l.sender, host, 104, out, len));
		if ((i + 1) % PART != 0)
			continue;
		ck_assert(sender_flush(l.sender));
		for (; next <= i; next++) {
			send_patch(&t, out, host, hop, 40000, 104, next);
			ck_assert_int_eq(
			    recv(l.far, in, sizeof(in), 0), (ssize_t)len);
			ck_assert_mem_eq(in, out, len);
		}
	}
	ck_assert(sender_flush(l.sender)); /* nothing queued is fine */
	ck_assert_int_eq(recv(l.far, in, sizeof(in), MSG_DONTWAIT), -1);
	ck_assert_uint_eq(sender_counts(l.sender).sent, N);
	ck_assert_uint_eq(sender_counts(l.sender).refused_by_scope, 0);
	ck_assert_uint_eq(sender_counts(l.sender).refused_by_device, 0);
	link_close(&l);
}
END_TEST

/* One patched frame to `to`, handed over as one for `address` and `port`. */
static bool
put(struct link *l, enum send_kind kind, uint32_t to, struct mac mac,
    uint16_t to_port, uint32_t address, uint16_t port)
{
	struct send_template t = template_of(kind);
	uint8_t out[SEND_FRAME_MAX];
	size_t len = send_patch(&t, out, to, mac, 40000, to_port, 7);

	return sender_put(l->sender, address, port, out, len);
}

START_TEST(nothing_outside_the_scope_leaves)
{
	const struct mac group = { { 1, 0, 0x5e, 0, 0, 1 } };
	const uint32_t out = 0x0a4d0105, denied = 0x0a4d0042;
	struct send_template t = template_of(SEND_TCP_SYN);
	uint8_t frame[SEND_FRAME_MAX];
	struct link l;

	if (!link_open(&l))
		return;
	ck_assert(!put(&l, SEND_ARP, out, nobody, 0, out, 0));
	ck_assert(!put(&l, SEND_ICMP_ECHO, denied, hop, 0, denied, 0));
	ck_assert(!put(&l, SEND_TCP_SYN, host, hop, 9100, host, 9100));
	/* the bytes say one thing, the caller another */
	ck_assert(!put(&l, SEND_ARP, out, nobody, 0, host, 0));
	ck_assert(!put(&l, SEND_ICMP_ECHO, out, hop, 0, host, 0));
	ck_assert(!put(&l, SEND_TCP_SYN, host, hop, 9100, host, 104));
	ck_assert(!put(&l, SEND_TCP_SYN, host, hop, 9100, host, 0));
	ck_assert(!put(&l, SEND_ICMP_ECHO, host, hop, 0, host, 104));
	/* to ourselves, to nobody's and to everybody's station */
	ck_assert(!put(&l, SEND_ARP, route.source, nobody, 0, route.source, 0));
	ck_assert(
	    !put(&l, SEND_TCP_SYN, route.source, hop, 104, route.source, 104));
	ck_assert(!put(&l, SEND_ICMP_ECHO, host, nobody, 0, host, 0));
	ck_assert(!put(&l, SEND_ICMP_ECHO, host, group, 0, host, 0));
	/* no frame of ours */
	send_patch(&t, frame, host, hop, 40000, 104, 7);
	ck_assert(!sender_put(l.sender, host, 104, frame, 41));
	frame[12] = 0x86;
	ck_assert(!sender_put(l.sender, host, 104, frame, t.len));
	frame[12] = 0x08;
	frame[23] = 17;
	ck_assert(!sender_put(l.sender, host, 104, frame, t.len));
	ck_assert(sender_flush(l.sender));
	ck_assert_uint_eq(sender_counts(l.sender).sent, 0);
	ck_assert_uint_eq(sender_counts(l.sender).refused_by_scope, 15);
	ck_assert_int_eq(recv(l.far, frame, sizeof(frame), MSG_DONTWAIT), -1);
	ck_assert(put(&l, SEND_ARP, host, nobody, 0, host, 0));
	ck_assert(put(&l, SEND_ICMP_ECHO, host, hop, 0, host, 0));
	ck_assert(sender_flush(l.sender));
	ck_assert_uint_eq(sender_counts(l.sender).sent, 2);
	link_close(&l);
}
END_TEST

START_TEST(a_gateway_may_be_asked_for_its_mac)
{
	struct send_template arp = template_of(SEND_ARP);
	struct send_template icmp = template_of(SEND_ICMP_ECHO);
	const uint32_t gateway = 0x0a630001;
	uint8_t frame[SEND_FRAME_MAX];
	struct link l;
	size_t len;

	if (!link_open(&l))
		return;
	len = send_patch(&icmp, frame, gateway, hop, 0, 0, 0);
	ck_assert(!sender_put_gateway(l.sender, gateway, frame, len));
	len = send_patch(&arp, frame, gateway, nobody, 0, 0, 0);
	ck_assert(!sender_put_gateway(l.sender, gateway + 1, frame, len));
	for (int i = 0; i < SEND_GATEWAY_MAX; i++)
		ck_assert(sender_put_gateway(l.sender, gateway, frame, len));
	ck_assert(!sender_put_gateway(l.sender, gateway, frame, len));
	ck_assert(sender_flush(l.sender));
	ck_assert_uint_eq(sender_counts(l.sender).sent, SEND_GATEWAY_MAX);
	link_close(&l);
}
END_TEST

/* A datagram to all of a network, and what of the link's network came of it. */
static bool
put_all(struct link *l, uint32_t to, uint16_t to_port, uint32_t zeros,
    uint32_t ones, uint16_t port)
{
	const struct send_datagram d = { .to = to,
		.source_port = 40000,
		.port = to_port,
		.payload = (const uint8_t *)"hello",
		.len = 5 };
	uint8_t out[SEND_FRAME_MAX];
	size_t len = send_broadcast(out, &d, &l->route, error);

	ck_assert_msg(len > 0, "%s", error);
	return sender_put_broadcast(l->sender, zeros, ones, port, out, len);
}

START_TEST(all_of_a_network_is_asked_if_all_of_it_may_be)
{
	/* 10.77.0.128/25 holds no denied host; 10.77.0.0/24 does. */
	const uint32_t zeros = 0x0a4d0080, ones = 0x0a4d00ff;
	uint8_t frame[SEND_FRAME_MAX];
	struct send_template arp = template_of(SEND_ARP);
	struct link l;
	size_t len;

	if (!link_open(&l))
		return;
	ck_assert_uint_eq(send_broadcast_outside(l.scope, zeros, ones, 111), 0);
	ck_assert_uint_eq(
	    send_broadcast_outside(l.scope, 0x0a4d0000, ones, 111), 1);
	ck_assert_uint_eq(
	    send_broadcast_outside(l.scope, 0x0a4d0100, 0x0a4d01ff, 111), 254);
	ck_assert(!put_all(&l, ones, 111, 0x0a4d0000, ones, 111));
	ck_assert(!put_all(&l, 0x0a4d0000, 111, 0x0a4d0000, ones, 111));
	ck_assert(!put_all(&l, ones, 137, zeros, ones, 111));
	ck_assert(!put_all(&l, host, 111, zeros, ones, 111));
	ck_assert(!put_all(&l, UINT32_MAX, 111, zeros, ones, 111));
	ck_assert(!put_all(&l, ones, 9, zeros, ones, 9));
	ck_assert(!put_all(&l, ones, 111, ones, zeros, 111));
	ck_assert(!put_all(&l, ones, 111, ones, ones, 111));
	len = send_patch(&arp, frame, ones, nobody, 0, 0, 0);
	ck_assert(
	    !sender_put_broadcast(l.sender, zeros, ones, 111, frame, len));
	ck_assert(sender_flush(l.sender));
	ck_assert_uint_eq(sender_counts(l.sender).sent, 0);
	for (int i = 0; i < SEND_BROADCASTS_MAX; i++)
		ck_assert(
		    put_all(&l, i & 1 ? ones : zeros, 111, zeros, ones, 111));
	ck_assert(!put_all(&l, ones, 111, zeros, ones, 111));
	ck_assert(sender_flush(l.sender));
	ck_assert_uint_eq(sender_counts(l.sender).sent, SEND_BROADCASTS_MAX);
	ck_assert_int_eq(recv(l.far, frame, sizeof(frame), 0), 47);
	ck_assert_mem_eq(frame, "\xff\xff\xff\xff\xff\xff", 6);
	ck_assert_mem_eq(frame + 42, "hello", 5);
	link_close(&l);
}
END_TEST

START_TEST(a_device_that_is_gone_is_told)
{
	struct link l;

	if (!link_open(&l))
		return;
	ck_assert(put(&l, SEND_ARP, host, nobody, 0, host, 0));
	ck_assert_int_eq(
	    system("PATH=$PATH:/sbin:/usr/sbin; ip link set gs0 down"), 0);
	ck_assert(!sender_flush(l.sender));
	ck_assert_int_eq(errno, ENETDOWN);
	ck_assert_uint_eq(sender_counts(l.sender).refused_by_device, 1);
	ck_assert_uint_eq(sender_counts(l.sender).sent, 0);
	ck_assert(sender_flush(l.sender)); /* and dropped */
	l.route.interface = 9999;
	ck_assert_ptr_null(sender_new(&l.route, l.scope, error));
	ck_assert_str_eq(error, "packet socket on gs0: No such device");
	link_close(&l);
}
END_TEST

/* With the queue passed by, frames arrive all the same. */
START_TEST(past_the_queue)
{
	uint8_t in[SEND_FRAME_MAX];
	struct link l;

	if (!link_open(&l))
		return;
	if (sender_bypass_queue(l.sender, true)) {
		ck_assert(put(&l, SEND_ARP, host, nobody, 0, host, 0));
		ck_assert(sender_flush(l.sender));
		ck_assert_int_eq(recv(l.far, in, sizeof(in), 0), 42);
		ck_assert_uint_eq(in[13], 0x06);
	}
	link_close(&l);
}
END_TEST

/* Through the ring the same frames arrive, more of them than it holds; a
 * frame may be written where it will leave from. */
START_TEST(by_the_ring)
{
	struct send_template t = template_of(SEND_TCP_SYN);
	enum { N = 1000, PART = 100 };
	uint8_t out[SEND_FRAME_MAX], in[SEND_FRAME_MAX];
	struct link l;

	if (!link_open(&l))
		return;
	if (!sender_use_ring(l.sender)) {
		puts("# no AF_XDP here");
		link_close(&l);
		return;
	}
	for (uint32_t i = 0, next = 0; i < N; i++) {
		uint8_t *frame = i % 2 ? out : sender_room(l.sender);
		size_t len = send_patch(&t, frame, host, hop, 40000, 104, i);

		ck_assert(sender_put(l.sender, host, 104, frame, len));
		if ((i + 1) % PART != 0)
			continue;
		ck_assert(sender_flush(l.sender));
		for (; next <= i; next++) {
			send_patch(&t, out, host, hop, 40000, 104, next);
			ck_assert_int_eq(
			    recv(l.far, in, sizeof(in), 0), (ssize_t)len);
			ck_assert_mem_eq(in, out, len);
		}
	}
	ck_assert_uint_eq(sender_counts(l.sender).sent, N);
	ck_assert(!put(&l, SEND_TCP_SYN, host, hop, 9100, host, 9100));
	ck_assert(sender_flush(l.sender));
	ck_assert_int_eq(recv(l.far, in, sizeof(in), MSG_DONTWAIT), -1);
	/* With the device gone the ring goes, and nothing is sent late. */
	ck_assert(put(&l, SEND_ARP, host, nobody, 0, host, 0));
	ck_assert_int_eq(
	    system("PATH=$PATH:/sbin:/usr/sbin; ip link set gs0 down"), 0);
	ck_assert(!sender_flush(l.sender));
	ck_assert_uint_eq(sender_counts(l.sender).refused_by_device, 1);
	ck_assert_int_eq(
	    system("PATH=$PATH:/sbin:/usr/sbin; ip link set gs0 up"), 0);
	ck_assert(put(&l, SEND_TCP_SYN, host, hop, 104, host, 104));
	ck_assert(sender_flush(l.sender));
	ck_assert_int_eq(recv(l.far, in, sizeof(in), 0), (ssize_t)t.len);
	ck_assert_uint_eq(sender_counts(l.sender).sent, N + 1);
	link_close(&l);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { frames_arrive_as_they_were_made,
		nothing_outside_the_scope_leaves,
		a_gateway_may_be_asked_for_its_mac,
		all_of_a_network_is_asked_if_all_of_it_may_be,
		a_device_that_is_gone_is_told, past_the_queue, by_the_ring,
		NULL };

	return unit_run("sender", tests);
}
