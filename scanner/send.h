/* SPDX-License-Identifier: ISC */
/*
 * send - frames built once by libnet, patched per target, sent in batches.
 *
 * send.c crafts and is the one door to libnet; sender.c holds the socket and
 * is one of the two places bytes leave by (the other is talk.c).  Each frame's
 * destination is checked against the scope again there, right before it goes;
 * frames outside are dropped and counted.
 *
 * Only well-formed packets: ARP who-has, ICMP echo request, TCP SYN and the RST
 * that ends what a SYN began; and, where --broadcast asks for it, one UDP
 * datagram for all of a segment.
 */
#ifndef SEND_H
#define SEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/limits.h"
#include "scanner/route.h"
#include "scanner/scope.h"

enum send_kind { SEND_ARP = 1, SEND_ICMP_ECHO, SEND_TCP_SYN, SEND_TCP_RST };
enum { SEND_KINDS = SEND_TCP_RST + 1 };

/* A frame kept ready, the fields that vary left to send_patch(). */
struct send_template {
	enum send_kind kind;
	uint16_t len;
	/* Sums the checksums are made of, before what varies is added. */
	uint32_t ip_sum, transport_sum;
	uint8_t bytes[SEND_FRAME_MAX];
};

/*
 * Builds the template for frames leaving by route (source MAC and address are
 * filled in).  Returns false and one line in error.  Needs no privilege.
 */
bool send_template_init(struct send_template *, enum send_kind kind,
    const struct route *route, char error[static ROUTE_ERROR]);

/*
 * Writes into out (template.len bytes) the template aimed at address: next
 * hop's MAC (for ARP broadcast unless next_hop is known), port and source
 * port (TCP), and cookie, which goes where a reply echoes it: the TCP sequence
 * (a RST's is the SYN's and one); the ICMP identifier (high half), sequence
 * number (low half) and first four data bytes.  The IP identification is its
 * low half.  Checksums are updated incrementally (RFC 1624).  Returns the
 * length.
 */
size_t send_patch(const struct send_template *, uint8_t *out, uint32_t address,
    struct mac next_hop, uint16_t source_port, uint16_t port, uint32_t cookie);

/*
 * Writes into out (SEND_FRAME_MAX bytes) a datagram for everybody on the
 * route's link: to is the network's all-zeros or all-ones address.  Returns
 * the length, or 0 and one line in error.  Needs no privilege.
 */
struct send_datagram {
	uint32_t to;
	uint16_t source_port, port, ip_id;
	const uint8_t *payload;
	size_t len;
};
size_t send_broadcast(uint8_t *out, const struct send_datagram *datagram,
    const struct route *route, char error[static ROUTE_ERROR]);

struct sender;

/* Opens a packet socket on the route's interface.  The scope (frozen) must
 * outlive it.  Returns NULL and one line in error. */
struct sender *sender_new(const struct route *route, const struct scope *,
    char error[static ROUTE_ERROR]);

/* The same by a packet socket that is there already, bound to the interface
 * and borrowed: what goes out by it is not captured by it, and the kernel,
 * which takes some 20 ms to close one, has one less to close.  For few
 * frames: each wakes who waits for the socket. */
struct sender *sender_new_on(const struct route *route, const struct scope *,
    int socket, char error[static ROUTE_ERROR]);
void sender_free(struct sender *); /* flushes nothing; NULL ok */

/*
 * Frames go straight to the device, past its queue.  Faster, but then no
 * traffic rule of this machine applies and a capture running on it does not
 * see what we send; so it is off until asked for.  Returns false where the
 * kernel cannot; sending works either way.
 */
bool sender_bypass_queue(struct sender *, bool on);

/*
 * The same, and through a ring shared with the kernel (xdp.h) as long as that
 * works: faster still, but it takes milliseconds to set up and to give back.
 * Asked for before rights are dropped.  Returns false where there is none;
 * sending works either way.
 */
bool sender_use_ring(struct sender *);

/* Returns where the next frame may be written, SEND_FRAME_MAX bytes, so that
 * sender_put() need not copy it.  Valid until the next call but sender_put()'s
 * of that very frame. */
uint8_t *sender_room(struct sender *);

/*
 * Queues one patched frame for address (host order; port 0 where ports do not
 * apply).  A full batch goes out at once.  Returns false when it was refused:
 * the scope has no such host or port, the frame's own bytes name another
 * destination than the arguments, or it would go from an address to itself.
 */
bool sender_put(struct sender *, uint32_t address, uint16_t port,
    const uint8_t *frame, size_t len);

/*
 * Queues an ARP request for a gateway, whose MAC routed frames need though it
 * may lie outside the scope, as the kernel itself would ask for it.  Returns
 * false when the frame is anything else, or after SEND_GATEWAY_MAX of them.
 */
enum { SEND_GATEWAY_MAX = 64 };
bool sender_put_gateway(
    struct sender *, uint32_t gateway, const uint8_t *frame, size_t len);

/*
 * Queues a datagram for all of a network on this link.  Returns false, and
 * sends nothing, unless the frame is one, goes to the given port of the
 * network's zeros or ones address, and every address between the two is in the
 * scope with that port; or after SEND_BROADCASTS_MAX of them.
 */
enum { SEND_BROADCASTS_MAX = 64 };
bool sender_put_broadcast(struct sender *, uint32_t zeros, uint32_t ones,
    uint16_t port, const uint8_t *frame, size_t len);

/* How many addresses of the network may not be touched; 0: it may be asked as
 * a whole. */
uint32_t send_broadcast_outside(
    const struct scope *, uint32_t zeros, uint32_t ones, uint16_t port);

/* Sends what is queued; waits at most some tens of ms for room in the device.
 * Returns false and errno when it refused any; those are dropped, counted. */
bool sender_flush(struct sender *);

/* Forgets what is queued. */
void sender_drop(struct sender *);

struct sender_counts {
	uint64_t sent, refused_by_scope, refused_by_device;
};
struct sender_counts sender_counts(const struct sender *);

/* A keyed 32-bit cookie of (address, port, what), SipHash-2-4; key is the
 * run's secret. */
uint32_t send_cookie(const uint8_t key[static 16], uint32_t address,
    uint16_t port, uint16_t what);

#endif
