/* SPDX-License-Identifier: ISC */
/* impair - an unreliable network between the ward and whoever looks at it. */
#ifndef WARD_IMPAIR_H
#define WARD_IMPAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct impair;
struct link;
struct loop;
struct rng;

/* What goes wrong; all zero is a perfect network. */
struct impair_rates {
	double loss_percent;    /* either way, each packet by itself */
	double dup_percent;     /* leaving packets sent twice */
	double reorder_percent; /* leaving packets overtaken by later ones */
	double delay_ms;        /* added to every leaving packet, real time */
};

/* Returns NULL when memory is out.  Everything is borrowed for its life. */
struct impair *impair_new(
    struct link *, struct loop *, struct rng *, const struct impair_rates *);

/* Drops what is still under way.  Safe to call with NULL. */
void impair_free(struct impair *);

/* Sends a frame, or loses, doubles or delays it.  The bytes are copied. */
void impair_send(struct impair *, const uint8_t *frame, size_t len);

/* Returns true when an arriving packet is to be lost. */
bool impair_loses(struct impair *);

#endif
