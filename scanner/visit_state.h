/* SPDX-License-Identifier: ISC */
/*
 * visit_state - what a visit remembers; private to visit.c (what comes next)
 * and visit_outcome.c (what was learnt).
 */
#ifndef VISIT_STATE_H
#define VISIT_STATE_H

#include "scanner/target.h"
#include "scanner/visit.h"

enum {
	RESERVED_FIRST = 600, /* bindresvport() of SunOS 4 begins here */
	RESERVED_LAST = 1023,
	RESERVED_LEN = RESERVED_LAST - RESERVED_FIRST + 1,
	RESERVED_NEAR = 24,     /* looked at on either side of a known one */
	RESERVED_CLUSTER = 150, /* known ones no further apart belong together,
				   and so does what is between */
	TRAP_SUSPECT = 6,       /* open and mute, none closed: ask two more */
	TRAP_LOST = 16,         /* one port in so many may seem closed */
	TRAP_ASKS = 2,          /* ports nothing listens on by habit */
	TARPIT_STALLS = 3,      /* conversations that took no byte */
	VISIT_TRIES = 2,        /* looks at a silent port */
	VISIT_TOUCHED = 8,      /* notes changed between two looks at that */
	PROBES_MET = 16,        /* protocols told apart */
	/* Packets that must fit before a talk over TCP begins: its handshake
	 * with two acknowledgements, or with the first words and what they lead
	 * to, since a server may wait for those a moment only.  Whatever is
	 * said later is held back where more would be too many, and so is its
	 * FIN. */
	LISTEN_RESERVE = 4,
	TALK_RESERVE = 6,
	LIST_TEXT = 1000
};

/* One thing to do at one port. */
struct task {
	const struct probe *probe;
	uint16_t port;
	bool via_udp;
	uint8_t tries;
	bool is_canary; /* only to see whether the host still lives */
	bool is_trap_ask;
	struct rpc_guess guess;
};

/* What is known of one port. */
struct note {
	uint16_t port;
	bool via_udp;
	enum port_state state;
	uint8_t talks;
	bool spoke_rpc;
	int64_t last_ns; /* end of the last conversation; a silence has none,
			    and counts from the question */
};

enum canary { CANARY_NONE = 0, CANARY_WANTED, CANARY_SENT };

struct visit {
	const struct visit_plan *plan;
	uint32_t address;
	bool on_link;
	int64_t rtt_ns;
	struct host_pace pace;
	uint32_t packets; /* all we sent it */

	/* The plan's TCP ports in a keyed order, twice: all, then the silent. */
	struct permutation order;
	uint64_t plan_at;
	unsigned round;
	struct task *queue;            /* what came up on the way */
	size_t head, tail, queue_room; /* tasks head..tail-1 are left */
	struct task current;
	bool talking, echo_due, swept, stopped;
	bool begun;    /* the portmapper, which comes first, was taken */
	bool is_known; /* the plan's states were told: no rounds of ours */

	/* The plan's TCP ports in its order, then whatever else. */
	struct note *notes;
	size_t notes_len, notes_room;
	unsigned open, refused, silent; /* TCP ports */
	unsigned spoke, mute, stalls;   /* conversations */
	unsigned unsent;
	unsigned trap_asks; /* unlikely ports asked; see visit_is_trap() */

	/* What it cost: see visit.h. */
	int64_t talk_at, talked_ns, wasted_ns;
	const struct probe *met[PROBES_MET]; /* NULL after the last */

	/* What is different since visit_changes() was called last. */
	size_t touched[VISIT_TOUCHED]; /* notes */
	size_t touched_len;            /* VISIT_TOUCHED + 1: all */
	size_t popped, pushed;         /* tasks of the queue */

	enum canary canary;
	int64_t canary_at;  /* its answer is due */
	bool echo_answered; /* ICMP echo can be the canary */
	bool is_unresolved; /* our kernel will ask for its MAC first */
	char halted[80];
};

/* Returns the port's note, made on first use; NULL when memory is out. */
struct note *visit_note(struct visit *, uint16_t port, bool via_udp);

/* The note is about to be changed. */
void visit_touch(struct visit *, const struct note *);

/* Is the port one of the plan's TCP ports? */
bool visit_in_plan(const struct visit *, uint16_t port);

/* Queue a task, unless the scope denies its port.  A full queue loses it:
 * VISIT_TASKS_MAX is above any sane plan, and a portmapper that lists
 * thousands of ports is not owed a call on each. */
void visit_push(struct visit *, struct task task);

/* The protocol a port gets when it opens: its own, RPC on the reserved ports
 * boot-time services take, else we listen for its first words. */
const struct probe *visit_probe(uint16_t port, bool via_udp);

/* Every port is open, two unlikely ones among them, and none speaks: a trap, a
 * proxy or a load balancer, and nothing more can be learnt from its ports. */
bool visit_is_trap(const struct visit *);

/* Takes what comes next into hand; false when nothing is left. */
bool visit_task_next(struct visit *);

/* Is the host done with whatever is left to ask: halted, a trap, over its
 * budget? */
bool visit_is_given_up(const struct visit *);

/* Note a port's state; an open port stays open. */
void visit_note_state(struct visit *, struct note *, enum port_state now);

/* Stop for the host's own sake; the first reason stays. */
void visit_halt(struct visit *, const char *why);

#endif
