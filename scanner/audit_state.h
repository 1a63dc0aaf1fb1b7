/* SPDX-License-Identifier: ISC */
/*
 * audit_state - what an audit holds while it runs; private to audit.c (set-up
 * and end), guest.c (carrying out the visits) and progress.c.
 */
#ifndef AUDIT_STATE_H
#define AUDIT_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/arena.h"
#include "scanner/byaddress.h"
#include "scanner/dispatch.h"
#include "scanner/ledger.h"
#include "scanner/options.h"
#include "scanner/oui.h"
#include "scanner/pace.h"
#include "scanner/ports.h"
#include "scanner/rtt.h"
#include "scanner/run.h"
#include "scanner/scope.h"
#include "scanner/segment.h"
#include "scanner/shots.h"
#include "scanner/spacing.h"
#include "scanner/sweep.h"
#include "scanner/talk.h"
#include "scanner/visit.h"
#include "scanner/wires.h"

struct audit_use;
struct gather;
struct guest;
struct inventory;
struct kept_past;
struct neighbours;
struct report;
struct diary;
struct resume;

struct audit {
	const struct options *options;
	const struct audit_use *use;
	struct run run;
	/* --resume: what was read, what was asked then, counters so far. */
	struct resume *resume;
	struct options asked;
	struct options own; /* where the run makes its own place to work in */
	char *place;        /* that directory */
	struct run before;
	struct care care; /* the level's, with --rate and --host-rate */
	struct ports ports;
	struct scope *scope;
	struct segments segments;
	struct visit_plan plan;
	uint8_t key[16]; /* of cookies and orders */
	struct oui *oui;
	struct fingerprints *fingerprints;

	struct loop *loop;
	struct ledger *ledger;
	struct output *output;
	struct inventory *inventory;   /* NULL without --db */
	struct loop_timer *keep_timer; /* rings while the run is kept */
	struct diary *diary;           /* NULL: no place is kept */
	uint32_t diary_generation;
	bool keep_failed;       /* and it was said */
	struct kept_past *past; /* what the report tells of earlier runs */
	bool diary_failed;
	struct loop_timer *stop_timer; /* rings when the diary failed */
	struct dispatch *dispatch;
	struct wires *wires;
	struct gather *gather; /* NULL without --broadcast */
	struct sweep *sweep;
	struct shots *shots; /* NULL before the raw SYN rounds */
	uint32_t *live;      /* whom they are for: indices into the scope */
	uint64_t live_len;
	bool states_known; /* their rounds are over */
	struct loop_timer *shots_timer;
	struct pace shots_pace;
	struct spacing shots_spacing;
	struct rtt shots_rtt;
	int64_t shots_ended_ns; /* when the latest shots left */
	int64_t shots_began_ns; /* the round */
	uint64_t shots_sent;    /* in it */
	struct talks *talks;
	struct pace pace;        /* of what the visits send */
	struct ceiling *ceiling; /* into each segment */
	struct facts *facts;     /* scratch */
	struct dispatch_hooks dispatch_hooks;
	struct sweep_hooks sweep_hooks;

	/* In the order they arrived, and by address; ended with their arena. */
	struct guest *guests, **guests_end;
	struct byaddress guests_at;
	struct arena guests_arena;
	size_t guests_len, guests_active;
	/* Hosts on the link that are visited, and those that wait for one of
	 * these to be over: guest_seats.c. */
	size_t seated;
	struct guest *queue_first, *queue_last;
	struct neighbours *neighbours; /* our kernel's table of them */
	/* How often that ran over, and when it was seen last; 0: not in this
	 * run. */
	uint64_t neighbours_full;
	int64_t neighbours_full_ns;
	int64_t started_ns;         /* monotonic */
	bool asking_over, stopping; /* no new hosts will come */
	unsigned interrupts;
	struct loop_timer *settle_timer; /* rings while facts await frames */
	bool is_settling;
	struct loop_timer *end_timer, *progress_timer, *watch_timer,
	    *links_timer;
	/* Progress: facts looked at so far, and what was among them. */
	size_t findings_seen, consoles_found, dicom_found;
};

/* guest.c: one live host. */

/* A host lives (or is taken to). Once known nothing happens.  Its visit begins
 * at once, or with guests_begin() where raw SYN asks for port states first.
 * mac may be zero. */
void guest_arrive(struct audit *, uint32_t address, struct mac mac);

/* The visits of all who wait, with the port states that were found. */
void guests_begin(struct audit *);

/* Returns a host's MAC, zero where it is not known. */
struct mac guest_mac(const struct audit *, uint32_t address);

/* One more open port by raw SYN: false where the host has so many that they
 * are told together at the end. */
bool guest_tells_port(struct audit *, uint32_t address);

/* The host was sent packets that were no move of its visit, if that has begun. */
void guest_note_packets(struct audit *, uint32_t address, unsigned packets);

/* A sign of life of a host that may be known already. */
void guest_alive(struct audit *, uint32_t address, bool by_echo);

/* Is a SYN-ACK from there the answer to a connect of ours? */
bool guest_connected(
    const struct audit *, uint32_t address, uint16_t port, uint16_t local_port);

/* One of our talks has ended. */
void guest_talk_done(void *audit, const struct talk_report *report);

/* No further moves; conversations under way are finished. */
void guests_stop(struct audit *);

/* How long each was listened for, at the end of the run. */
void guests_listened(struct audit *, double seconds);

/* guest_resume.c: the hosts for run.json; false: out of memory. */
bool guests_position(const struct audit *, struct resume *out);

/* The hosts of run.json, before the loop runs; false: out of memory. */
bool guests_restore(struct audit *, const struct resume *);

/* Next hops are known: visits that were broken off go on. */
void guests_go_on(struct audit *);

/* For the progress line: how much of the visits is over, 0 to 1. */
double guests_share(const struct audit *);

void guests_free(struct audit *);

/* audit.c: a talk has ended; its facts are taken once its frames are there. */
void audit_settle(struct audit *);

/*
 * audit_links.c: are all interfaces up?  Where one is not the run is stopped;
 * it is looked for now and then, and has to be asked before a silence counts.
 */
bool audit_links_up(struct audit *);
bool audit_links_watch(struct audit *); /* false: out of memory */

/* audit.c: what befell the run as a whole, for the report. */
void audit_note_run(struct audit *, const char *why);

/* audit.c: something ended; maybe the run has. */
void audit_check_end(struct audit *);

/* Stop the run, with an outcome and a reason for the report. */
void audit_stop(struct audit *, enum run_outcome outcome);

/* Note a halted host; two within a minute halt the run. */
void audit_note_halt(struct audit *, uint32_t address, const char *why);

/* audit_keep.c: the run in the inventory, where one was asked for.  Each
 * returns false after one line. */
bool keep_place(struct audit *); /* where there is no -o: beside the database */
bool keep_begin(struct audit *);
bool keep_start(struct audit *); /* the loop is about to run */
/* The run is over: it is folded in, and the report told what that changed; a
 * hook of output.h.  arg is the audit. */
bool keep_finish(void *arg, struct report *report);
void keep_free(struct audit *);

/* audit_resume.c: whom the sweep may have asked, and who is known by now, is
 * no longer unknown. */
void audit_drop_known(struct audit *);

/* audit.c: the run's counters as they stand. */
struct run audit_counts(const struct audit *);

/* states.c: what the run was broken off with, as it would go on.  False: out
 * of memory. */
bool states_restore(struct audit *);

/* states.c: port states by raw SYN.  False after one line: out of memory. */
bool states_begin(struct audit *);

/* A host's port states as facts, where they are all that was asked for. */
void states_tell(struct audit *, uint32_t address, struct mac mac);

/* dispatch's hook for answers to SYN shots. */
bool states_answer(
    void *audit, uint32_t address, uint16_t port, enum port_state state);

/*
 * audit_resume.c: --resume.  Each returns false after one line.
 *
 * read: run.json of the directory; a->options is then what was asked.
 * check: addresses and ports are those of the run.
 * facts: facts.ndjson back into the ledger.
 * apply: positions and hosts, when all is made and the loop does not run yet.
 * note: at the end: run.json written, or removed where nothing is left.
 */
bool audit_resume_read(struct audit *, const struct options *given);
bool audit_resume_check(const struct audit *);
bool audit_resume_facts(struct audit *);
bool audit_resume_apply(struct audit *);
bool audit_resume_note(struct audit *);

/* Once all reports are there: a run that is done leaves nothing to go on
 * with. */
bool audit_resume_forget(struct audit *);

/* run.json of this moment, to go with a diary of that generation. */
bool audit_resume_write(const struct audit *, uint32_t generation);

/* Whom the rounds of raw SYN that were broken off are for, as ascending
 * indices into the scope; the caller's to free().  NULL: out of memory. */
uint32_t *audit_resume_live(const struct audit *, uint64_t *n);

/* progress.c */
void progress_start(struct audit *);
void progress_end(struct audit *);

/* plan.c: print what would be sent. Returns an exit code. */
int plan_print(const struct audit *);

#endif
