/* SPDX-License-Identifier: ISC */
/*
 * audit_journal - what an audit is about to send, and what came of it, written
 * down as it goes, so that a run killed at any instant goes on from there.
 *
 * Before a packet leaves, the journal says that it may; once what came back is
 * in facts.ndjson, it says so.  What lies in between when gantry is killed is
 * of unknown fate.  In gentle care it is not asked again, and the report lists
 * it; otherwise it is asked once more, the shots of the last half second too.
 *
 * Writing: hooks of audit.c, guest.c, states.c.  Without a directory, or for a
 * command that keeps no place, all of them do nothing and say yes.  Reading:
 * audit_replay.c, onto what run.json said.
 */
#ifndef AUDIT_JOURNAL_H
#define AUDIT_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "scanner/asset.h"
#include "scanner/resume.h"
#include "scanner/visit.h"

struct audit;
struct guest;

enum journal_kind {
	JOURNAL_COUNTERS = 1,
	JOURNAL_SWEEP,
	JOURNAL_SHOTS_BEGIN,
	JOURNAL_SHOTS,
	JOURNAL_ANSWER,
	JOURNAL_STATES_KNOWN,
	JOURNAL_VISIT,
	JOURNAL_SETTLED,
	JOURNAL_HALT,
	JOURNAL_OVER,
	JOURNAL_GONE_ON /* the process before was killed here */
};

#define JOURNAL_FILE "run.journal"

/* Before the first packet: run.json and an empty journal, or the one of the
 * process that was killed.  False after one line. */
bool journal_begin(struct audit *);

/* A move of a visit, before it is carried out.  False: it must not be. */
bool journal_move(struct guest *, const struct move *move);

/* A visit has learnt something, or begins. */
void journal_visit(struct guest *);

/* Shots up to here are about to leave.  False: they must not. */
bool journal_sweep(void *audit);
bool journal_shots(struct audit *);

void journal_shots_begin(struct audit *);
void journal_answer(
    struct audit *, uint32_t address, uint16_t port, enum port_state state);
void journal_states_known(struct audit *);

/* What a talk told is in the ledger: a hook of dispatch.h. */
void journal_settled(
    void *audit, uint32_t address, uint16_t port, bool via_udp);

void journal_halt(struct guest *, const char *why);
void journal_over(struct guest *);

/* Now and then, with all that has been put. */
void journal_tick(struct audit *);

/*
 * What the journal of the directory says, onto what run.json said; the audit
 * keeps the journal to write on.  True, with r->was_killed unset, where there
 * is none.  False after one line.
 */
bool journal_replay(struct audit *, struct resume *r, const char *directory);

#endif
