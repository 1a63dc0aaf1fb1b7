/* SPDX-License-Identifier: ISC */
/*
 * dispatch_parts - what dispatch.c (answers, the frame in hand) shares with
 * dispatch_heard.c (what hosts say unasked); nobody else includes it.
 */
#ifndef DISPATCH_PARTS_H
#define DISPATCH_PARTS_H

#include "scanner/dispatch.h"

enum { COMMENT_MAX = 1024 };

struct dispatch {
	struct ledger *ledger;
	struct exchange *exchange;
	const struct dispatch_hooks *hooks;
	struct census *census;
	struct facts *facts;
	struct dispatch_counts counts;
	bool (*excludes)(void *arg, uint32_t address); /* or NULL */
	void *excludes_arg;
	/* The frame in hand: its number, if it is to be kept; how much of it
	 * may be (0: all); what was read from it. */
	uint32_t kept;
	size_t cut;
	char comment[COMMENT_MAX];
	unsigned census_kept; /* frames kept for the census alone */
};

static inline bool
dispatch_is_live(const struct dispatch *d)
{
	return d->hooks != NULL;
}

/* Does a host send from our link?  In a replay its frames say so where they
 * come from the MAC its ARP packets gave. */
bool dispatch_on_link(const struct dispatch *, const struct packet *packet);

/* Forgets the batch; what follows is read from the packet's frame. */
void dispatch_begin(struct dispatch *, const struct packet *packet,
    enum about_kind kind, uint16_t port);

/* Adds how the host was found to be there. */
void dispatch_alive(struct dispatch *, const char *how);

/* Gives the batch to the ledger; the frame will go to the evidence file, once
 * and with all that was read from it, when anything in it was new. */
void dispatch_keep(struct dispatch *, const struct packet *packet,
    uint32_t address, struct mac mac, const char *probe);

/* A datagram nobody asked for; never one of our own. */
void dispatch_hear_datagram(struct dispatch *, const struct packet *packet);

/* A segment of anybody's conversation. */
void dispatch_hear_segment(struct dispatch *, const struct packet *packet);

/* A SYN somebody sends of himself shows his own choice of everything. */
void dispatch_hear_syn(struct dispatch *, const struct packet *packet);

#endif
