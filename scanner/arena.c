/* SPDX-License-Identifier: ISC */
/* arena - chunks that grow to a bound, each handed out from its start. */
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/arena.h"

enum { CHUNK_FROM = 4096, CHUNK_TO = 1 << 18, ALIGN = alignof(max_align_t) };

struct arena_chunk {
	struct arena_chunk *older;
	alignas(max_align_t) char bytes[];
};

static void *
chunk_new(struct arena *a, size_t size)
{
	struct arena_chunk *c;

	if (size > SIZE_MAX - sizeof(*c))
		return NULL;
	c = malloc(sizeof(*c) + size);
	if (c == NULL)
		return NULL;
	c->older = a->chunks;
	a->chunks = c;
	return c->bytes;
}

void *
arena_take(struct arena *a, size_t size)
{
	size_t room;
	char *taken;

	if (size > SIZE_MAX / 2)
		return NULL;
	if (size == 0)
		size = 1; /* a place of its own all the same */
	room = (size + ALIGN - 1) / ALIGN * ALIGN;
	if (room > CHUNK_TO / 4) /* what is left stays in use */
		return chunk_new(a, room);
	if (room > a->left) {
		size_t chunk = a->next < CHUNK_FROM ? CHUNK_FROM : a->next;

		while (chunk < room)
			chunk *= 2;
		taken = chunk_new(a, chunk);
		if (taken == NULL)
			return NULL;
		a->at = taken;
		a->left = chunk;
		a->next = chunk < CHUNK_TO ? 2 * chunk : CHUNK_TO;
	}
	taken = a->at;
	a->at += room;
	a->left -= room;
	return taken;
}

void *
arena_zeroed(struct arena *a, size_t size)
{
	void *taken = arena_take(a, size);

	return taken != NULL ? memset(taken, 0, size) : NULL;
}

void
arena_end(struct arena *a)
{
	for (struct arena_chunk *c = a->chunks, *older; c != NULL; c = older) {
		older = c->older;
		free(c);
	}
	*a = (struct arena){ 0 };
}
