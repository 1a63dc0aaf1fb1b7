/* SPDX-License-Identifier: ISC */
/*
 * Sliding windows: a ring of time stamps, grown by doubling, so that there is
 * no allocation per packet once a host's busiest moment has been seen.
 */
#include "window.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 8, MAX_ROOM = 131072 };

static bool
window_grow(struct window *w)
{
	uint32_t room = w->room ? w->room * 2 : FIRST_ROOM;
	uint32_t tail = w->room - w->first;
	uint64_t *at;

	if (room > MAX_ROOM)
		return false;
	at = malloc(room * sizeof(*at));
	if (at == NULL)
		return false;
	if (w->n > 0) {
		memcpy(at, w->at + w->first, tail * sizeof(*at));
		memcpy(at + tail, w->at, w->first * sizeof(*at));
	}
	free(w->at);
	w->at = at;
	w->room = room;
	w->first = 0;
	return true;
}

uint32_t
window_add(struct window *w, uint64_t when)
{
	if (w->n > 0) {
		uint64_t last = w->at[(w->first + w->n - 1) % w->room];

		if (when < last)
			when = last;
	}
	while (w->n > 0 && when - w->at[w->first] >= w->span_ns) {
		w->first = (w->first + 1) % w->room;
		w->n--;
	}
	if (w->n == w->room && !window_grow(w))
		return w->n;
	w->at[(w->first + w->n) % w->room] = when;
	w->n++;
	if (w->n > w->peak)
		w->peak = w->n;
	return w->n;
}

void
window_free(struct window *w)
{
	free(w->at);
	w->at = NULL;
	w->room = w->first = w->n = 0;
}
