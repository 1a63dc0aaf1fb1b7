/* SPDX-License-Identifier: ISC */
/* ceiling - a pace for each way out. */
#include <stdlib.h>

#include "scanner/ceiling.h"
#include "scanner/pace.h"
#include "scanner/segment.h"

struct ceiling {
	const struct segments *segments;
	struct pace *paces; /* one for each route */
	size_t *pace_of;    /* of each segment: an index into paces */
};

static bool
is_same_way(const struct route *a, const struct route *b)
{
	return a->interface == b->interface && a->gateway == b->gateway;
}

struct ceiling *
ceiling_new(const struct segments *segments, double per_second)
{
	struct ceiling *c = calloc(1, sizeof(*c));
	size_t n = segments->len + 1;

	if (c == NULL)
		return NULL;
	c->segments = segments;
	c->paces = calloc(n, sizeof(*c->paces));
	c->pace_of = calloc(n, sizeof(*c->pace_of));
	if (c->paces == NULL || c->pace_of == NULL) {
		ceiling_free(c);
		return NULL;
	}
	for (size_t i = 0; i < segments->len; i++) {
		const struct route *route = &segments->items[i].route;
		size_t first = 0;

		while (!is_same_way(&segments->items[first].route, route))
			first++;
		c->pace_of[i] = first;
		pace_init(&c->paces[i], per_second);
	}
	return c;
}

void
ceiling_free(struct ceiling *c)
{
	if (c == NULL)
		return;
	free(c->paces);
	free(c->pace_of);
	free(c);
}

static struct pace *
pace_of(const struct ceiling *c, const struct segment *s)
{
	return &c->paces[c->pace_of[s - c->segments->items]];
}

int64_t
ceiling_when(const struct ceiling *c, const struct segment *s, int64_t now_ns)
{
	const struct pace *pace = pace_of(c, s);
	int64_t when = pace_when(pace, now_ns) - CEILING_AHEAD * pace->gap_ns;

	return when > now_ns ? when : now_ns;
}

void
ceiling_sent(struct ceiling *c, const struct segment *s, int64_t now_ns)
{
	pace_sent(pace_of(c, s), now_ns, 1);
}
