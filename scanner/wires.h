/* SPDX-License-Identifier: ISC */
/*
 * wires - the interfaces a run uses: one capture, one sender and the packet
 * templates of each, opened before privileges are dropped.
 */
#ifndef WIRES_H
#define WIRES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/capture.h"
#include "scanner/segment.h"
#include "scanner/send.h"

struct loop;
struct wires;

/*
 * Opens every interface the segments need.  on_frame is called from the loop.
 * burst is how many packets may go and come as fast as can be; 0 where they
 * are paced: then frames are handed over at once, and those sent are captured
 * too.  Returns NULL and one line in error.
 */
struct wires *wires_open(struct loop *loop, const struct segments *segments,
    const struct scope *scope, const uint8_t key[static 16], uint64_t burst,
    capture_fn *on_frame, void *arg, char error[static CAPTURE_ERROR]);
void wires_free(struct wires *); /* NULL ok */

/* Crafted frames skip the kernel's queueing layer from now on; many of them by
 * a ring shared with it (send.h). */
void wires_skip_queue(struct wires *);

/*
 * Sends one shot at an address by its segment's way.  mac is the host's own,
 * where it is on-link and known: then ARP asks it alone.  Returns false when
 * it could not be sent (next hop not known yet, scope, device).
 */
bool wires_shoot(struct wires *, const struct segment *segment,
    enum send_kind kind, uint32_t address, uint16_t port, struct mac mac);

/*
 * Ends by RST what a SYN shot opened.  Our kernel sends one as well, as it
 * knows of no such connection; but not where a packet filter forbids it or its
 * neighbour table is full, which a few hundred hosts on a link fill.  To be
 * called from on_frame; it leaves with the last of the frames read together.
 */
void wires_reset(struct wires *, const struct segment *segment,
    uint32_t address, uint16_t port, struct mac mac);

/*
 * Sends a datagram to all of the segment's network (its zeros or ones address),
 * if the scope has all of it.  Returns false when it could not be sent.
 */
bool wires_broadcast(struct wires *, const struct segment *segment,
    const struct send_datagram *datagram);

/* Ask for the MAC of every gateway that is not known yet. */
void wires_ask_gateways(struct wires *);

/* A gateway answered an ARP request. */
void wires_gateway_is(struct wires *, uint32_t address, struct mac mac);

/* Is every gateway's MAC known? */
bool wires_gateways_known(const struct wires *);

/* Sends what is queued.  Returns false when a device refused, with the
 * interface's name in *name. */
bool wires_flush(struct wires *, const char **name);

/* Forgets what is queued. */
void wires_drop(struct wires *);

/* Names and sums over all interfaces. */
struct sender_counts wires_sent(const struct wires *);
struct capture_counts wires_captured(const struct wires *);

/* An interface went away: its name, or NULL. */
const char *wires_broken(const struct wires *);

/* The same of one that is down, or has no carrier, at this moment. */
const char *wires_down(const struct wires *);

#endif
