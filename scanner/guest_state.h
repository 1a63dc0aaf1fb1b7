/* SPDX-License-Identifier: ISC */
/*
 * guest_state - one live host of an audit; private to guest.c (its moves),
 * guest_seats.c (its turn) and guest_resume.c (written down, and gone on with).
 */
#ifndef GUEST_STATE_H
#define GUEST_STATE_H

#include "scanner/audit_state.h"

enum { GUEST_RECENT = 8 };

struct guest {
	struct audit *audit;
	uint32_t address;
	struct mac mac;
	const struct segment *segment; /* NULL: no way there, and over */
	struct visit *visit;           /* NULL: left alone */
	struct loop_timer *timer;
	/* Latest connects, to know their SYN-ACKs by. */
	struct {
		uint16_t port, local_port;
	} recent[GUEST_RECENT];
	unsigned recent_at;
	int64_t talk_ns;        /* when the talk under way began */
	int64_t echo_ns;        /* when it was asked for an echo; 0: not */
	uint32_t opened;        /* ports that raw SYN found open */
	struct rpc_guess guess; /* of the talk under way */
	bool waits;             /* for its port states */
	bool has_seat, is_queued;
	struct guest *behind; /* in the queue for a seat */
	bool over;
	bool goes_on;       /* over for now: the run stops, --resume goes on */
	struct guest *next; /* who arrived after it */
};

/* A new one at an address that has none, last of all; NULL: out of memory. */
struct guest *guest_new(struct audit *, uint32_t address, struct mac mac);

/* guest_seats.c: may it be visited now?  Where not, it is rung when its turn
 * has come. */
bool guest_take_seat(struct guest *);

/* Tells the visit whether our kernel will ask the host by ARP first. */
void guest_tell_unresolved(struct guest *);

/* It has answered: our kernel need not ask whether it, or the router before it,
 * is still there. */
void guest_confirm(const struct guest *);

/* Had our kernel no entry left for this host, or another, while the talk that
 * has ended went on?  Then the silence is our own. */
bool guest_was_unsent(struct guest *);

/* Its visit is over: the next one's turn. */
void guest_leave_seat(struct guest *);

/* Its visit begins, at the loop's next turn. */
void guest_begin(struct guest *);

#endif
