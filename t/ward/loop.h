/* SPDX-License-Identifier: ISC */
/*
 * loop - the event loop and the two clocks.
 *
 * Real time is monotonic and is what peaks are measured in.  Ward time runs
 * speed times as fast; beacons and the simulated machines' own timers use it.
 * libevent is used by this module alone.
 */
#ifndef WARD_LOOP_H
#define WARD_LOOP_H

#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdbool.h>
#include <stdint.h>

struct loop;

/* What is called back. */
typedef void loop_fn(void *arg);

/* A one-shot timer, embedded in whatever it belongs to. */
struct timer {
	struct loop *loop;
	loop_fn *fn;
	void *arg;
	struct event ev;
};

/* Returns a loop, or NULL when the system refuses one. */
struct loop *loop_new(double speed);

/* Safe to call with NULL.  Every timer must have been stopped before. */
void loop_free(struct loop *);

/* Runs until loop_stop(). */
void loop_run(struct loop *);
void loop_stop(struct loop *);

/* Call fn(arg) whenever fd can be read, or signo arrives. */
bool loop_on_read(struct loop *, int fd, loop_fn *fn, void *arg);
bool loop_on_signal(struct loop *, int signo, loop_fn *fn, void *arg);

/* Real nanoseconds since some fixed moment. */
uint64_t loop_real_ns(const struct loop *);

/* Ward nanoseconds since the loop was made. */
uint64_t loop_ward_ns(const struct loop *);

/* Must come once, before the timer is used in any other way. */
void timer_init(struct timer *, struct loop *, loop_fn *fn, void *arg);

/* (Re)start the timer: it fires once, after so many seconds. */
void timer_ward(struct timer *, double ward_s);
void timer_real(struct timer *, double real_s);

/* As timer_ward(), but never sooner than so many real seconds. */
void timer_ward_least(struct timer *, double ward_s, double real_s);

/* Stop it; nothing happens when it is not running. */
void timer_stop(struct timer *);

#endif
