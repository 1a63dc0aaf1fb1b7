/* SPDX-License-Identifier: ISC */
/*
 * visit - what is done at one live host, in which order and when.
 *
 * A pure state machine: time is a parameter, nothing is sent here.  The caller
 * asks visit_next() for a move, carries it out and tells the outcome; one
 * conversation at a time, paced by the level of care, with a canary: the host
 * is looked at again whenever it kept silent, and two silences within three
 * seconds halt it.
 *
 * The order: ICMP echo, the portmapper over UDP, the TCP ports of the plan in
 * a keyed order, the programs the portmapper named, then reserved ports near
 * those (RPC services of boot-time processes lie close together, since
 * bindresvport() goes up from 600 + pid mod 424, and from 1023 on to 600), and
 * once more the ports that kept silent.
 *
 * The time a host can cost, whatever it does:
 *
 *   gaps           what the pace of the level of care asks for its ports
 *   silent ports   two connect waits each
 *   silences       care's patience_ns in all (of conversations in which nothing
 *                  was said, or too slowly); then brief_ns each, but for the
 *                  first conversation of each protocol, which has care's full
 *                  wait_ns
 *   conversations  talking_ns in all; then 2 brief_ns each
 *
 * And after VISIT_TALKS_MAX conversations were held nothing more is asked.
 * One that begins before either is used up may go beyond it by its own length.
 */
#ifndef VISIT_H
#define VISIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/asset.h"
#include "scanner/care.h"
#include "scanner/pace.h"
#include "scanner/probe.h"
#include "scanner/scope.h"

/* What holds for all visits of a run; borrowed. */
struct visit_plan {
	const struct care *care;
	const struct scope *scope;
	const uint16_t *tcp, *udp;
	size_t tcp_len, udp_len;
	bool reserved_sweep; /* look around the portmapper's reserved ports */
	bool icmp;           /* send one echo request */
	bool states_only;    /* and none on the link: ARP tells as much */
	int64_t listen_ns;   /* how long a port that does not speak first is
				listened to; 0: as long as its probe likes */
	int64_t wait_ns;     /* the longest silence; 0: the care level's */
	uint64_t key;        /* of the port order */
};

enum move_kind {
	MOVE_WAIT = 1, /* nothing before .at_ns */
	MOVE_ECHO,     /* send an ICMP echo request */
	MOVE_TALK,     /* begin a conversation */
	MOVE_CANARY,   /* ask for a sign of life: ARP, or echo off-link */
	MOVE_END       /* nothing more to do; visit_halted() tells why */
};

struct move {
	enum move_kind kind;
	int64_t at_ns;
	/* MOVE_TALK */
	const struct probe *probe;
	uint16_t port;
	bool via_udp;
	struct rpc_guess guess; /* program 0: the default list */
	int64_t connect_wait_ns;
	int64_t wait_ns, deadline_ns; /* most for a silence, for all of it */
	int64_t listen_ns;            /* for one before we say a word; 0 */
	const struct host_pace *pace; /* what the host was sent; borrowed */
};

struct visit;
struct visit_position;
struct visit_task;

/* Returns a visit, or NULL when memory is out.  rtt_ns 0: not known. */
struct visit *visit_new(const struct visit_plan *plan, uint32_t address,
    bool on_link, int64_t rtt_ns);
void visit_free(struct visit *); /* NULL ok */

/* A port's state is known already (raw SYN): an open one is spoken with, the
 * others are not tried.  Before the first move only. */
void visit_known(struct visit *, uint16_t port, enum port_state state);

/* Writes the next move.  Everything but MOVE_WAIT and MOVE_END is counted as
 * done at now_ns.  While a conversation is open it is always MOVE_WAIT. */
void visit_next(struct visit *, int64_t now_ns, struct move *out);

/* How a conversation ended. */
struct visit_outcome {
	enum port_state state; /* PORT_UNPROBED: our own system would not */
	int64_t rtt_ns;        /* 0: not known */
	unsigned packets;
	size_t heard;              /* bytes it said */
	bool stalled;              /* it never took what we said */
	bool dripped;              /* it spoke too slowly to be waited for */
	bool unsent;               /* our system lost it: said again */
	const struct facts *facts; /* or NULL */
	/* What the host was sent by now, or NULL: all packets count as if they
	 * had left at the end. */
	const struct host_pace *pace;
};
void visit_talk_done(
    struct visit *, int64_t now_ns, const struct visit_outcome *outcome);

/* A sign of life came in; by_echo: it answers ICMP echo. */
void visit_alive(struct visit *, bool by_echo);

/* The move's packet has left: only now, if the machine was busy. */
void visit_left(struct visit *, int64_t now_ns);

/* Others are reached through it: our kernel asks it by ARP for their sake too,
 * and one initiation a second is left to that.  Before the first move only. */
void visit_is_router(struct visit *);

/* Will our kernel ask for the host's MAC by ARP before anything of a
 * conversation leaves?  That is an initiation too. */
void visit_unresolved(struct visit *, bool is);

/* Packets to this host that were not a move: the sweep's own. */
void visit_note_sent(struct visit *, int64_t now_ns, unsigned initiations);

/* An answer of the host, an echo reply, took so long. */
void visit_rtt(struct visit *, int64_t rtt_ns);

/* The host is our own machine, which needs no pace. */
void visit_unpaced(struct visit *);

/* Packets to this host that began nothing. */
void visit_note_packets(struct visit *, int64_t now_ns, unsigned packets);

/* No further moves but the end (the run is being stopped). */
void visit_stop(struct visit *);

/* No further moves but the end: it is left alone for its own sake. */
void visit_break_off(struct visit *, const char *why);

/* Is anything left to do but for visit_stop()?  A host that was halted, or is
 * a trap, has nothing left. */
bool visit_has_more(struct visit *);

/*
 * Where to go on from; a conversation under way will be held again.  Returns
 * false when memory is out; the arrays are the caller's to free with
 * visit_position_clear().
 */
bool visit_position(const struct visit *, struct visit_position *out);
void visit_position_clear(struct visit_position *);

/*
 * What is different since the last call (or since visit_new() or
 * visit_restore()).  position: as above, but of its ports only those that have
 * changed, and of its tasks none but the one in hand.  The queue lost its first
 * `taken` tasks and got the `added` behind it.  Cleared by
 * visit_change_clear().
 */
struct visit_change {
	struct visit_position *position;
	size_t taken;
	struct visit_task *added;
	size_t added_len;
};
bool visit_changes(struct visit *, struct visit_change *out);
void visit_change_clear(struct visit_change *);

/* Right after visit_new(): go on from there.  Ports asked earlier count as
 * asked just now, so that their gaps hold.  Returns false when memory is
 * out. */
bool visit_restore(
    struct visit *, int64_t now_ns, const struct visit_position *);

/* Returns why the host was halted, or NULL. */
const char *visit_halted(const struct visit *);

/* Has it said anything above ARP? */
bool visit_answered(const struct visit *);

uint32_t visit_address(const struct visit *);
bool visit_is_talking(const struct visit *);

/* Work left and done, in tasks, for the progress line. */
void visit_progress(const struct visit *, size_t *done, size_t *left);

/* At the end: tarpit, halt, and port states as facts (open ports have theirs
 * already unless they are more than PORTS_TOLD_MAX). */
void visit_summary(const struct visit *, struct facts *facts);

#endif
