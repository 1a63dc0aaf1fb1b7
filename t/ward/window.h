/* SPDX-License-Identifier: ISC */
/*
 * window - how many things happened at most within any span of time, exactly.
 */
#ifndef WARD_WINDOW_H
#define WARD_WINDOW_H

#include <stdint.h>

/* All zero, but for the span, is an empty window. */
struct window {
	uint64_t span_ns;
	uint64_t *at; /* ring of the moments within the span */
	uint32_t room;
	uint32_t first;
	uint32_t n;
	uint32_t peak;
};

/*
 * Records one more thing at when_ns and returns how many now lie within the
 * span that ends there.  Time never runs backwards here: an earlier moment
 * counts as the latest known.  Beyond 131072 the count stays where it is.
 */
uint32_t window_add(struct window *, uint64_t when_ns);

/* Forgets the moments, keeps the peak. */
void window_free(struct window *);

#endif
