/* SPDX-License-Identifier: ISC */
/*
 * sweep - who is there: the liveness round over a scope, in a keyed order at
 * a smooth rate, answered addresses remembered in one bit each.
 *
 * ARP on-link, twice; behind a gateway one ICMP echo request, then a SYN to
 * 104 and one to 111 for hosts that answer no echo.  Segments that cannot be
 * asked (loopback, point-to-point) are taken to be up.
 */
#ifndef SWEEP_H
#define SWEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/position.h"
#include "scanner/segment.h"

struct care;
struct ceiling;
struct loop;
struct pace;
struct sweep;
struct wires;

struct sweep_hooks {
	void *arg;
	/* Next hops are known, or will not be: the first shot follows. */
	void (*ready)(void *arg);
	/* Taken to be up without a question. */
	void (*assume_up)(void *arg, uint32_t address);
	/* A packet left for address (care: the host's pace counts it). */
	void (*sent)(void *arg, uint32_t address);
	/* The shots up to sweep_aimed() are about to leave: false stops them
	 * and the sweep. */
	bool (*sending)(void *arg);
	/* All rounds are over and the last answers had their time. */
	void (*done)(void *arg);
};

/* All is borrowed; pace is that of all the run sends, ceiling that into each
 * segment.  Returns NULL when memory
 * is out. */
struct sweep *sweep_new(struct loop *loop, const struct scope *scope,
    const struct segments *segments, struct wires *wires,
    const struct care *care, struct pace *pace, struct ceiling *ceiling,
    uint64_t key, bool assume_up, const struct sweep_hooks *hooks);
void sweep_free(struct sweep *); /* NULL ok */

void sweep_start(struct sweep *);

/* No more shots; done() is called soon. */
void sweep_stop(struct sweep *);

/*
 * Where to go on from: after done() exactly what was left; while answers may
 * still come, the beginning of their round, which leaves out who answered.
 * The bits are borrowed and live as long as the sweep.
 */
void sweep_position(const struct sweep *, struct sweep_position *out);

/* The next shot, as it stands; the answered bits are left out. */
struct sweep_position sweep_aimed(const struct sweep *);

/* Before sweep_start(): go on from there.  Returns false where the position
 * is that of another scope. */
bool sweep_resume(struct sweep *, const struct sweep_position *);

/* It answered: no further shots at it.  Returns false when that was known. */
bool sweep_alive(struct sweep *, uint32_t address);

/* Returns how long a host on a link of ours may take to answer, by the ARP so
 * far, in ns; 0: not known. */
int64_t sweep_link_rtt(const struct sweep *);

/*
 * The hosts that answered or are taken to be up, as ascending indices into
 * the scope, and their number; the caller's to free().  NULL with *n set where
 * it is all of the scope, or where memory is out (then *n is 0).
 */
uint32_t *sweep_hosts(const struct sweep *, uint64_t *n);

/* Shots aimed and shots planned, for the progress line. */
void sweep_progress(const struct sweep *, uint64_t *done, uint64_t *all);

#endif
