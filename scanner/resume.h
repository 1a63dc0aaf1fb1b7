/* SPDX-License-Identifier: ISC */
/*
 * resume - an audit that was broken off, flat: what was asked, how far it came,
 * what is known of each host.  Facts stand in facts.ndjson.
 *
 * Made by audit_resume.c from a run that ends early, written and read as
 * run.json by reports/json_run.c.
 */
#ifndef RESUME_H
#define RESUME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/fact.h"
#include "scanner/options.h"
#include "scanner/position.h"
#include "scanner/run.h"

enum { RESUME_KEY = 16, RESUME_ERROR = 320, RESUME_LOST = 64 };

struct resume_host {
	uint32_t address;
	struct mac mac;  /* all zero where not known */
	bool is_over;    /* not to be touched again */
	bool has_begun;  /* then visit holds */
	bool is_waiting; /* for its port states by raw SYN */
	struct visit_position visit;
	char halted[80]; /* not over yet, but to be, for that reason */
};

/* An answer to a raw SYN that the positions do not hold. */
struct resume_answer {
	uint32_t address;
	uint16_t port;
	enum port_state state;
};

struct resume {
	/* id, site, start, outcome, counters, halted; the rest is unset. */
	struct run run;
	/* Targets and everything that says how; files by their whole path. */
	struct options asked;
	uint8_t key[RESUME_KEY]; /* of orders and cookies */
	uint64_t plan;           /* digest of addresses and ports */
	uint32_t talks_begun;
	uint32_t diary;  /* generation of the one that goes with it */
	bool was_killed; /* what follows is as the diary has it */

	struct sweep_position sweep;
	/* Shots of the sweep that may have left when gantry was killed. */
	struct resume_lost {
		uint64_t round, from, to; /* indices of the round */
	} lost[RESUME_LOST];
	size_t lost_len;
	bool states_known; /* the rounds of raw SYN are over */
	bool has_shots;    /* they are not, and have begun: shots, shot_at */
	bool has_moved; /* shots stands elsewhere than its bits (len 0: it has
			      none) say; answers came later */
	struct resume_answer *answers;
	size_t answers_len;
	struct shots_position shots;
	/* Whom they are for: one bit per address of the scope. */
	const uint8_t *shot_at;

	struct resume_host *hosts; /* by address, once sorted */
	size_t hosts_len;

	void **owned; /* what dies with it */
	size_t owned_len;
};

/* Returns an empty one, or NULL when memory is out. */
struct resume *resume_new(void);

/* Frees it with everything owned, the hosts, the halts and the lists of
 * .asked.  NULL ok. */
void resume_free(struct resume *);

/* Memory is handed over: it lives as long as r.  Returns it, or NULL (memory
 * freed) when memory is out or it was NULL. */
void *resume_own(struct resume *r, void *memory);

/* Sort the hosts by address, for resume_host_find(). */
void resume_sort(struct resume *r);

/* Returns the host, or NULL. */
const struct resume_host *resume_host_find(
    const struct resume *r, uint32_t address);

/*
 * Does a fact of the earlier part still hold?  What was concluded or summed up
 * at its end does not, since it is summed up again; but for hosts that were
 * done with.
 */
bool resume_keeps(const struct resume *r, const struct fact *fact);

/* The names of the file, and of the facts beside it. */
#define RESUME_FILE "run.json"

#endif
