/* SPDX-License-Identifier: ISC */
/*
 * audit_replay - what is known while a diary is read; private to
 * audit_replay.c (its records) and audit_cut.c (where it ends).
 */
#ifndef AUDIT_REPLAY_H
#define AUDIT_REPLAY_H

#include "scanner/resume.h"

enum { RING = 2048 };

/* Positions of the last moments. */
struct sweep_mark {
	uint32_t ms;
	struct sweep_position at;
};
struct shots_mark {
	uint32_t ms;
	struct shots_position at;
};

/* A talk whose facts are not known to be safe. */
struct open_talk {
	struct open_talk *next;
	uint32_t address;
	struct visit_task task;
};

struct replay {
	struct resume *r;
	bool is_gentle, has_memory;
	size_t room; /* hosts */
	struct sweep_mark sweep[RING];
	struct shots_mark shots[RING];
	size_t sweep_len, shots_len; /* so many were put; the last RING count */
	struct open_talk *talks;
	uint32_t last_ms;
	/* Echo requests of the last second. */
	struct {
		uint32_t address, ms;
	} echoes[RING];
	size_t echoes_len;
	size_t answers_room;
};

/* Returns the host, made where it was not known; NULL: out of memory. */
struct resume_host *replay_host(struct replay *, uint32_t address);

/* Returns the port of a visit likewise. */
struct visit_port *replay_port(
    struct replay *, struct visit_position *visit, uint16_t port, bool via_udp);

/* The process was killed here: what was under way is given up, or put back. */
void replay_cut(struct replay *);

#endif
