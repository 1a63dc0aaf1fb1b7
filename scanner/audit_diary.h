/* SPDX-License-Identifier: ISC */
/*
 * audit_diary - what an audit is about to send, and what came of it, written
 * down as it goes, so that a run killed at any instant goes on from there.
 *
 * Before a packet leaves, the diary says that it may; once what came back is
 * in facts.ndjson, it says so.  What lies in between when gantry is killed is
 * of unknown fate.  In gentle care it is not asked again, and the report lists
 * it; otherwise it is asked once more, the shots of the last half second too.
 *
 * Writing: hooks of audit.c, guest.c, states.c.  Without a directory, or for a
 * command that keeps no place, all of them do nothing and say yes.  Reading:
 * audit_replay.c, onto what run.json said.
 */
#ifndef AUDIT_DIARY_H
#define AUDIT_DIARY_H

#include <stdbool.h>
#include <stdint.h>

#include "scanner/asset.h"
#include "scanner/resume.h"
#include "scanner/visit.h"

struct audit;
struct guest;

enum diary_kind {
	DIARY_COUNTERS = 1,
	DIARY_SWEEP,
	DIARY_SHOTS_BEGIN,
	DIARY_SHOTS,
	DIARY_ANSWER,
	DIARY_STATES_KNOWN,
	DIARY_VISIT,
	DIARY_SETTLED,
	DIARY_HALT,
	DIARY_OVER,
	DIARY_GONE_ON /* the process before was killed here */
};

#define DIARY_FILE "run.diary"

/* Before the first packet: run.json and an empty diary, or the one of the
 * process that was killed.  False after one line. */
bool diary_begin(struct audit *);

/* A move of a visit, before it is carried out.  False: it must not be. */
bool diary_move(struct guest *, const struct move *move);

/* A visit has learnt something, or begins. */
void diary_visit(struct guest *);

/* Shots up to here are about to leave.  False: they must not. */
bool diary_sweep(void *audit);
bool diary_shots(struct audit *);

void diary_shots_begin(struct audit *);
void diary_answer(
    struct audit *, uint32_t address, uint16_t port, enum port_state state);
void diary_states_known(struct audit *);

/* What a talk told is in the ledger: a hook of dispatch.h. */
void diary_settled(void *audit, uint32_t address, uint16_t port, bool via_udp);

void diary_halt(struct guest *, const char *why);
void diary_over(struct guest *);

/* Now and then, with all that has been put. */
void diary_tick(struct audit *);

/*
 * What the diary of the directory says, onto what run.json said; the audit
 * keeps the diary to write on.  True, with r->was_killed unset, where there
 * is none.  False after one line.
 */
bool diary_replay(struct audit *, struct resume *r, const char *directory);

#endif
