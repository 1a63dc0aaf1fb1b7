/* SPDX-License-Identifier: ISC */
/*
 * sender - the packet socket crafted frames leave by, and the last check.
 *
 * Source:    packet(7)
 * Limits:    frames of send.c only: anything else is refused unread
 *
 * The check reads where a frame goes from the frame itself, at fixed places,
 * so that neither a bug in front of it nor a wrong argument gets a packet past
 * the scope.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scanner/send.h"
#include "scanner/xdp.h"

enum {
	AT_ETHER_TYPE = 12,
	AT_ARP_SENDER_IP = 28,
	AT_ARP_TARGET_IP = 38,
	AT_IP_PROTOCOL = 23,
	AT_IP_SRC = 26,
	AT_IP_DST = 30,
	AT_TCP_DPORT = 36,
	AT_UDP_DPORT = 36,
	SHORTEST = 42,     /* an ARP request */
	SHORTEST_TCP = 54, /* no options */

	TRIES_MAX = 8, /* without progress */
	WAIT_MS = 5    /* before each try after the first */
};

struct sender {
	const struct scope *scope;
	int fd, interface;
	bool owns_fd;
	struct xdp *ring; /* used instead of the socket; NULL: the socket */
	unsigned queued;
	unsigned gateway_asks, broadcasts;
	int failed; /* errno of a flush nobody asked for; 0 */
	struct sender_counts counts;
	struct mmsghdr messages[SEND_BATCH];
	struct iovec parts[SEND_BATCH];
	uint8_t frames[SEND_BATCH][SEND_FRAME_MAX];
};

static bool
open_socket(struct sender *sender, int interface)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET,
		.sll_ifindex = interface };

	/* protocol 0: nothing is ever received */
	sender->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	return sender->fd >= 0 &&
	    bind(sender->fd, (const struct sockaddr *)&at, sizeof(at)) == 0;
}

struct sender *
sender_new_on(const struct route *route, const struct scope *scope, int socket,
    char error[static ROUTE_ERROR])
{
	struct sender *sender = calloc(1, sizeof(*sender));

	if (sender == NULL) {
		snprintf(error, ROUTE_ERROR, "out of memory");
		return NULL;
	}
	sender->scope = scope;
	sender->interface = route->interface;
	sender->fd = socket;
	for (unsigned i = 0; i < SEND_BATCH; i++) {
		sender->parts[i].iov_base = sender->frames[i];
		sender->messages[i].msg_hdr.msg_iov = &sender->parts[i];
		sender->messages[i].msg_hdr.msg_iovlen = 1;
	}
	return sender;
}

struct sender *
sender_new(const struct route *route, const struct scope *scope,
    char error[static ROUTE_ERROR])
{
	struct sender *sender = sender_new_on(route, scope, -1, error);

	if (sender == NULL)
		return NULL;
	sender->owns_fd = true;
	if (!open_socket(sender, route->interface)) {
		snprintf(error, ROUTE_ERROR, "packet socket on %.16s: %s",
		    route->interface_name, strerror(errno));
		sender_free(sender);
		return NULL;
	}
	return sender;
}

void
sender_free(struct sender *sender)
{
	if (sender == NULL)
		return;
	xdp_free(sender->ring);
	if (sender->owns_fd && sender->fd >= 0)
		close(sender->fd);
	free(sender);
}

bool
sender_bypass_queue(struct sender *sender, bool on)
{
	int value = on;

	return setsockopt(sender->fd, SOL_PACKET, PACKET_QDISC_BYPASS, &value,
		   sizeof(value)) == 0;
}

bool
sender_use_ring(struct sender *sender)
{
	if (!sender_bypass_queue(sender, true))
		return false;
	if (sender->ring == NULL && sender->queued == 0)
		sender->ring = xdp_new(sender->interface);
	return sender->ring != NULL;
}

static uint32_t
get16(const uint8_t *at)
{
	return (uint32_t)(at[0] << 8 | at[1]);
}

static uint32_t
get32(const uint8_t *at)
{
	return get16(at) << 16 | get16(at + 2);
}

/* Does an Ethernet destination stand for exactly one station? */
static bool
is_one_station(const uint8_t *mac)
{
	static const uint8_t nobody[6];

	return !(mac[0] & 1) && memcmp(mac, nobody, sizeof(nobody)) != 0;
}

static bool
ipv4_goes_to(const uint8_t *frame, size_t len, uint32_t address, uint16_t port)
{
	if (!is_one_station(frame) || get32(frame + AT_IP_DST) != address ||
	    get32(frame + AT_IP_SRC) == address)
		return false;
	switch (frame[AT_IP_PROTOCOL]) {
	case IPPROTO_ICMP:
		return port == 0;
	case IPPROTO_TCP:
		return len >= SHORTEST_TCP && port != 0 &&
		    get16(frame + AT_TCP_DPORT) == port;
	default:
		return false;
	}
}

/* Is the frame one of ours, and does it go where the arguments say? */
static bool
frame_goes_to(const uint8_t *frame, size_t len, uint32_t address, uint16_t port)
{
	if (len < SHORTEST || len > SEND_FRAME_MAX)
		return false;
	switch (get16(frame + AT_ETHER_TYPE)) {
	case ETHERTYPE_ARP:
		return port == 0 &&
		    get32(frame + AT_ARP_TARGET_IP) == address &&
		    get32(frame + AT_ARP_SENDER_IP) != address;
	case ETHERTYPE_IP:
		return ipv4_goes_to(frame, len, address, port);
	default:
		return false;
	}
}

uint8_t *
sender_room(struct sender *sender)
{
	uint8_t *room;

	if (sender->ring == NULL)
		return sender->frames[sender->queued];
	room = xdp_room(sender->ring);
	if (room == NULL) {
		sender_flush(sender);
		return sender_room(sender);
	}
	return room;
}

static void
queue(struct sender *sender, const uint8_t *frame, size_t len)
{
	uint8_t *room = sender_room(sender);

	if (frame != room)
		memcpy(room, frame, len);
	if (sender->ring != NULL)
		xdp_add(sender->ring, len);
	else
		sender->parts[sender->queued].iov_len = len;
	if (++sender->queued == SEND_BATCH && !sender_flush(sender))
		sender->failed = errno;
}

bool
sender_put(struct sender *sender, uint32_t address, uint16_t port,
    const uint8_t *frame, size_t len)
{
	if (!scope_has_port(sender->scope, address,
		port == 0 ? ABOUT_HOST : ABOUT_TCP, port) ||
	    !frame_goes_to(frame, len, address, port)) {
		sender->counts.refused_by_scope++;
		return false;
	}
	queue(sender, frame, len);
	return true;
}

bool
sender_put_gateway(
    struct sender *sender, uint32_t gateway, const uint8_t *frame, size_t len)
{
	if (sender->gateway_asks == SEND_GATEWAY_MAX ||
	    !frame_goes_to(frame, len, gateway, 0) ||
	    get16(frame + AT_ETHER_TYPE) != ETHERTYPE_ARP) {
		sender->counts.refused_by_scope++;
		return false;
	}
	sender->gateway_asks++;
	queue(sender, frame, len);
	return true;
}

uint32_t
send_broadcast_outside(
    const struct scope *scope, uint32_t zeros, uint32_t ones, uint16_t port)
{
	uint32_t outside = 0;

	for (uint32_t address = zeros + 1; address < ones; address++)
		outside += !scope_has_port(scope, address, ABOUT_UDP, port);
	return outside;
}

/* A whole datagram to that port, to one of the two addresses, for everybody
 * on the link? */
static bool
is_broadcast_of(const uint8_t *frame, size_t len, uint32_t zeros, uint32_t ones,
    uint16_t port)
{
	static const uint8_t everybody[6] = { 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff };
	uint32_t to;

	if (len < SHORTEST || len > SEND_FRAME_MAX ||
	    memcmp(frame, everybody, sizeof(everybody)) != 0 ||
	    get16(frame + AT_ETHER_TYPE) != ETHERTYPE_IP ||
	    frame[AT_IP_PROTOCOL] != IPPROTO_UDP)
		return false;
	to = get32(frame + AT_IP_DST);
	return (to == zeros || to == ones) && zeros < ones &&
	    get16(frame + AT_UDP_DPORT) == port;
}

bool
sender_put_broadcast(struct sender *sender, uint32_t zeros, uint32_t ones,
    uint16_t port, const uint8_t *frame, size_t len)
{
	if (sender->broadcasts == SEND_BROADCASTS_MAX ||
	    !is_broadcast_of(frame, len, zeros, ones, port) ||
	    send_broadcast_outside(sender->scope, zeros, ones, port) > 0) {
		sender->counts.refused_by_scope++;
		return false;
	}
	sender->broadcasts++;
	queue(sender, frame, len);
	return true;
}

/* The device is full, not broken: returns whether to try once more. */
static bool
wait_for_room(const struct sender *sender, int why, unsigned tries)
{
	struct pollfd room = { .fd = sender->fd, .events = POLLOUT };

	if (why == EINTR)
		return tries < TRIES_MAX;
	if ((why != EAGAIN && why != ENOBUFS) || tries >= TRIES_MAX)
		return false;
	/* after ENOBUFS the socket says writable at once: only time helps */
	if (why == ENOBUFS)
		poll(NULL, 0, WAIT_MS);
	else
		poll(&room, 1, WAIT_MS);
	return true;
}

void
sender_drop(struct sender *sender)
{
	sender->queued = 0;
}

/* Gives frames to the kernel until it takes no more; how many, and why. */
static unsigned
give(struct sender *sender, int *why)
{
	unsigned done = 0, tries = 0;

	while (done < sender->queued) {
		int n = sender->ring != NULL
		    ? xdp_send(sender->ring)
		    : sendmmsg(sender->fd, sender->messages + done,
			  sender->queued - done, MSG_DONTWAIT);

		if (n > 0) {
			done += (unsigned)n;
			tries = 0;
			continue;
		}
		*why = errno;
		if (!wait_for_room(sender, *why, ++tries))
			break;
	}
	return done;
}

bool
sender_flush(struct sender *sender)
{
	int why = sender->failed;
	unsigned done = give(sender, &why);
	bool is_all = done == sender->queued && sender->failed == 0;

	sender->counts.sent += done;
	sender->counts.refused_by_device += sender->queued - done;
	sender->queued = 0;
	sender->failed = 0;
	if (is_all)
		return true;
	/* Frames left in the ring would leave at any time: they go with it. */
	xdp_free(sender->ring);
	sender->ring = NULL;
	errno = why;
	return false;
}

struct sender_counts
sender_counts(const struct sender *sender)
{
	return sender->counts;
}
