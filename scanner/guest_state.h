/* SPDX-License-Identifier: ISC */
/*
 * guest_state - one live host of an audit; private to guest.c (its moves) and
 * guest_resume.c (written down, and gone on with).
 */
#ifndef GUEST_STATE_H
#define GUEST_STATE_H

#include <uthash.h>

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
	int64_t echo_ns;        /* when it was asked for an echo; 0: not */
	uint32_t opened;        /* ports that raw SYN found open */
	struct rpc_guess guess; /* of the talk under way */
	bool waits;             /* for its port states */
	bool over;
	bool goes_on; /* over for now: the run stops, --resume goes on */
	UT_hash_handle hh;
};

/* Its visit begins, at the loop's next turn. */
void guest_begin(struct guest *);

#endif
