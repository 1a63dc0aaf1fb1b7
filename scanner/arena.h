/* SPDX-License-Identifier: ISC */
/*
 * arena - memory for very many small things that all end together.
 *
 * Taking from it is a few instructions, giving all of it back a few calls;
 * nothing can be given back alone.
 */
#ifndef ARENA_H
#define ARENA_H

#include <stddef.h>

struct arena_chunk;

/* All zero: empty. */
struct arena {
	struct arena_chunk *chunks; /* the newest first */
	char *at;
	size_t left; /* bytes of the newest */
	size_t next; /* size of the next one */
};

/* Returns size bytes, aligned for anything, of undefined contents; NULL when
 * memory is out. */
void *arena_take(struct arena *, size_t size);

/* The same, all zero. */
void *arena_zeroed(struct arena *, size_t size);

/* Everything taken ends; the arena is empty and may be used again. */
void arena_end(struct arena *);

#endif
