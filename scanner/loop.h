/* SPDX-License-Identifier: ISC */
/*
 * loop - the one door to libevent, and the one owner of the clock.
 *
 * Times handed to timers are monotonic nanoseconds as loop_now() tells them;
 * loop_wall() is for what people read.  Everything runs in one thread, one
 * callback at a time, until the run is over (hands.h).
 */
#ifndef LOOP_H
#define LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct loop;
struct loop_watch;
struct loop_timer;

/* Returns NULL when libevent cannot start. */
struct loop *loop_new(void);

/* Frees the loop; watches and timers must have been freed.  NULL ok. */
void loop_free(struct loop *);

/* Monotonic nanoseconds, read afresh. */
int64_t loop_now(void);

/* Nanoseconds since the epoch. */
int64_t loop_wall(void);

/* Runs until loop_stop() or until nothing is left to wait for. */
void loop_run(struct loop *);
void loop_stop(struct loop *);

typedef void loop_io_fn(void *arg, bool readable, bool writable);
typedef void loop_fn(void *arg);

/* Watch a descriptor for reading (always) and, while asked, for writing.
 * Returns NULL when memory is out.  The descriptor stays the caller's. */
struct loop_watch *loop_watch_new(
    struct loop *, int fd, loop_io_fn *fn, void *arg);
void loop_watch_set(struct loop_watch *, bool read, bool write);
void loop_watch_free(struct loop_watch *); /* NULL ok */

/* A timer that rings once each time it is set. */
struct loop_timer *loop_timer_new(struct loop *, loop_fn *fn, void *arg);
void loop_timer_at(struct loop_timer *, int64_t when_ns);
void loop_timer_stop(struct loop_timer *);
void loop_timer_free(struct loop_timer *); /* NULL ok */

/* Call fn whenever the signal comes. Returns false when memory is out. */
bool loop_on_signal(struct loop *, int number, loop_fn *fn, void *arg);

#endif
