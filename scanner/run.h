/* SPDX-License-Identifier: ISC */
/*
 * run - one audit, verification, listening or replay: settings, times,
 * counters.
 */
#ifndef RUN_H
#define RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/net.h"

struct census;

enum { RUN_ID = 40, RUN_SITE = 64 };

enum run_outcome { RUN_DONE = 0, RUN_INTERRUPTED, RUN_HALTED, RUN_FAILED };

/* A host, or the run itself, that was broken off for its own sake. */
struct run_halt {
	uint32_t address; /* 0: the whole run */
	int64_t time_ns;
	char reason[160];
};

/* What was under way when gantry was killed, and was not asked again. */
struct run_unknown {
	uint32_t address;
	char what[16]; /* "tcp/104", "udp/111", "icmp", "sweep" */
};

struct run {
	char id[RUN_ID];     /* "20261123T231500Z-5f3a" */
	const char *command; /* "audit", "listen", "replay" */
	const char *version; /* gantry's */
	char site[RUN_SITE]; /* empty: the one site there is */
	const char *care; /* "gentle", "standard", "lab"; NULL: sends nothing */
	unsigned host_packets_cap; /* a host may be sent in a second; 0: none */
	int64_t started_ns, finished_ns;
	enum run_outcome outcome;
	/* the scope as written; borrowed from struct scope, or file or
	 * interface names */
	const char *const *scope;
	size_t scope_len;
	const char *const *excluded;
	size_t excluded_len;
	const char *owner;       /* of the scope file, or NULL */
	uint64_t addresses;      /* in scope */
	uint64_t packets_sent;   /* frames crafted + segments of talks */
	uint64_t frames_read;    /* captured */
	uint64_t frames_dropped; /* by the kernel, for want of speed */
	uint64_t frames_broken;  /* headers that contradict themselves */
	uint64_t talks;          /* conversations held */
	uint64_t hosts_probed;   /* that anything was sent to */
	uint64_t hosts_answered;
	uint64_t facts_dropped; /* over a ceiling */
	double listened_s;      /* broadcasts listened to, seconds */
	size_t fingerprints;    /* loaded */
	/* who fills the segments; borrowed, NULL: nobody counted */
	const struct census *census;
	struct run_halt *halted;
	size_t halted_len;
	struct run_unknown *unknown;
	size_t unknown_len;
};

/* Returns how many hosts were halted, the run as a whole not counted. */
size_t run_halted_hosts(const struct run *run);

/* Returns "done", "interrupted", "halted" or "failed". */
const char *run_outcome_text(enum run_outcome outcome);

#endif
