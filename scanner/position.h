/* SPDX-License-Identifier: ISC */
/*
 * position - how far the parts of an audit have come, flat, so that it can be
 * written down and gone on from in another process.
 *
 * Pure data.  Each part makes its own and takes it back (sweep.h, shots.h,
 * visit.h); pointers are borrowed unless the function says otherwise.
 */
#ifndef POSITION_H
#define POSITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/asset.h"
#include "scanner/probe.h"

/* The liveness round. */
struct sweep_position {
	uint64_t round, index; /* the next shot */
	uint64_t done;         /* shots aimed, for the progress line */
	/* One bit per address of the scope, in its order. */
	const uint8_t *answered;
	size_t answered_len; /* bytes */
};

/* The rounds of raw SYN. */
struct shots_position {
	unsigned round;
	uint64_t at; /* the next shot of this round */
	uint64_t asked, heard, done;
	/* Two bits for each (port, host), as shots.c has them. */
	const uint8_t *answered, *open;
	size_t len; /* bytes of each */
};

/* What is known of one port of a host. */
struct visit_port {
	uint16_t port;
	bool via_udp;
	enum port_state state;
	uint8_t talks; /* conversations begun with it */
	bool spoke_rpc;
};

/* One look at a port that is still to be taken. */
struct visit_task {
	uint16_t port;
	bool via_udp;
	uint8_t tries;
	bool is_canary, is_trap_ask;
	struct rpc_guess guess; /* program 0: the port's own protocol */
};

/* One visit, broken off. */
struct visit_position {
	int64_t rtt_ns, talked_ns, wasted_ns;
	uint32_t packets;
	unsigned round;
	uint64_t plan_at;
	bool echo_due, swept, begun, is_known;
	bool echo_answered, wants_canary;
	bool in_hand; /* the first task was taken already */
	unsigned spoke, mute, stalls, trap_asks;
	unsigned packets_peak; /* within any second */
	struct visit_port *ports;
	size_t ports_len;
	struct visit_task *tasks;
	size_t tasks_len;
};

#endif
