/* SPDX-License-Identifier: ISC */
/*
 * pace - how much may leave, and when; time is a parameter.
 *
 * Two bounds: a smooth total rate for the run, and per host a sliding second
 * that holds at most so many initiations (ARP, ICMP echo, UDP request, SYN)
 * and packets.  Nothing here reads a clock or sleeps.
 */
#ifndef PACE_H
#define PACE_H

#include <stdbool.h>
#include <stdint.h>

/* Total rate: a clock of departures.  Never a burst after a stall. */
struct pace {
	int64_t gap_ns;  /* between two packets at the set rate; 0: none */
	int64_t next_ns; /* when the next may leave */
};

/* 0 (or less) packets per second: no bound. */
void pace_init(struct pace *, double packets_per_second);

/* Returns when the next packet may leave: now or later. */
int64_t pace_when(const struct pace *, int64_t now_ns);

/* n packets leave at now_ns. */
void pace_sent(struct pace *, int64_t now_ns, unsigned n);

enum {
	PACE_WINDOW_MAX = 64,
	/* A host's second, and what a busy network may squeeze it by: what
	 * leaves evenly need not arrive so. */
	PACE_SECOND_NS = 1020000000
};

/* One host's last second.  Initiations are spread evenly over it. */
struct host_pace {
	int64_t next_ns; /* when the next initiation may be */
	uint8_t initiations_max, packets_max; /* per second */
	uint8_t initiations_at, packets_at;   /* ring positions */
	uint8_t together;                     /* initiations noted last */
	bool is_free;                         /* no bounds */
	int64_t initiations[PACE_WINDOW_MAX]; /* times, ns; 0: never */
	int64_t packets[PACE_WINDOW_MAX];
	uint8_t peak; /* the most packets within any second so far */
};

/* Limits are cut to PACE_WINDOW_MAX and raised to 1. */
void host_pace_init(
    struct host_pace *, unsigned initiations_max, unsigned packets_max);

/* Takes over what packets left, and the bound on them, not the initiations. */
void host_pace_follow(struct host_pace *, const struct host_pace *other);

/* No bounds from now on: for the machine we run on. */
void host_pace_free(struct host_pace *);

/*
 * Returns the first time at or after now_ns at which `initiations` of them at
 * once keep both limits even if `packets` packets, themselves among them,
 * follow at once.  Either counts as at least one and as the limit at most.
 * What an earlier initiation led to must have been recorded: packets still to
 * come are not known here.
 */
int64_t host_pace_when(const struct host_pace *, int64_t now_ns,
    unsigned initiations, unsigned packets);

/* n initiations leave at now_ns (they are packets too).  Times never go back
 * from one call to the next, here and below. */
void host_pace_initiated(struct host_pace *, int64_t now_ns, unsigned n);

/* The initiations noted last have left only now: the machine was busy, or they
 * had to be written down first.  Where packets were followed: the last of
 * these. */
void host_pace_left(struct host_pace *, int64_t now_ns);

/* n further packets left at now_ns. */
void host_pace_packets(struct host_pace *, int64_t now_ns, unsigned n);

#endif
