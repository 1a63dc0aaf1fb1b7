/* SPDX-License-Identifier: ISC */
/*
 * ring - frames arriving at an interface, from memory shared with the kernel.
 */
#ifndef BENCH_RING_H
#define BENCH_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ring;

struct ring_frame {
	const uint8_t *data; /* until ring_done() */
	size_t len;          /* of what is here; the rest was cut off */
	int64_t time_ns;
};

/* Returns NULL with errno set. */
struct ring *ring_new(const char *interface);
void ring_free(struct ring *); /* NULL ok */

/* Returns whether there is a next frame. */
bool ring_next(struct ring *, struct ring_frame *);

/* The frame may be overwritten. */
void ring_done(struct ring *);

/* Waits for a frame; false when a signal or the time came instead. */
bool ring_wait(struct ring *, int ms);

/* Frames lost since the last call because the ring was full. */
uint64_t ring_drops(struct ring *);

#endif
