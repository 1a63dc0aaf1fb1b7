/* SPDX-License-Identifier: ISC */
/*
 * care - how gently a run goes about its hosts: one row of numbers per level.
 *
 * gentle keeps one packet per second below the 12 a host may see, because what
 * the kernel repeats of a conversation is not ours to time.
 */
#ifndef CARE_H
#define CARE_H

#include <stdbool.h>
#include <stdint.h>

struct care {
	const char *name;
	const char *summary;
	double rate;          /* packets per second, all hosts; 0: no limit */
	double asks;          /* of these, questions of the sweep: ARP reaches
				     every host of the link */
	unsigned initiations; /* per host and second */
	unsigned packets;     /* per host and second */
	unsigned talks_per_port; /* conversations with one port in a run */
	uint32_t budget;         /* packets to one host in a run */
	int64_t service_gap_ns;  /* between conversations with one port */
	int64_t connect_wait_ns; /* where the round trip is not known yet */
	/* What one host may cost in time; see visit.h. */
	int64_t wait_ns;     /* longest silence, if the protocol's is longer */
	int64_t patience_ns; /* spent on silence before waits get brief */
	int64_t brief_ns;    /* then: a silence, and half a conversation */
	int64_t talking_ns;  /* spent in conversations before they get brief */
	unsigned guesses;    /* RPC programs tried on one port */
	bool raw_syn;        /* port states by raw SYN, not connects */
	bool past_the_queue; /* crafted frames skip the queueing layer:
				     faster, and unseen by tcpdump here */
	double shots_per_host; /* SYN per host and second; 0: no limit */
	/* How long the last answers of a round are waited for: what round
	 * trips tell, within these. */
	int64_t wait_floor_ns, wait_ceiling_ns;
};

/* Returns the level called name, or NULL. */
const struct care *care_find(const char *name);

/* All levels, gentlest first, ended by a NULL name. */
extern const struct care care_levels[];

#endif
