/* SPDX-License-Identifier: ISC */
/* link - whole Ethernet frames in and out of one network interface. */
#ifndef WARD_LINK_H
#define WARD_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct link;

/* A received frame; borrowed until the callback returns. */
struct link_frame {
	const uint8_t *bytes;
	size_t len;
	uint64_t when_ns;  /* the kernel's time of arrival, since 1970 */
	bool sums_pending; /* the sender's card would still fill checksums */
};

typedef void link_fn(void *arg, const struct link_frame *);

/* Returns the interface opened for raw frames, or NULL with err filled in. */
struct link *link_open(const char *iface, struct err *);

/* Safe to call with NULL. */
void link_close(struct link *);

/* Returns the descriptor to wait on. */
int link_fd(const struct link *);

/* Hands every waiting frame to fn, but not more than a bounded number. */
void link_drain(struct link *, link_fn *fn, void *arg);

/* Sends one frame.  A full queue loses it, as a full queue does. */
void link_send(struct link *, const uint8_t *frame, size_t len);

/* Returns how many frames the kernel lost for us since the start. */
uint64_t link_dropped(struct link *);

#endif
