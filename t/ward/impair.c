/* SPDX-License-Identifier: ISC */
/*
 * Loss, doubling, reordering and delay, for kernels without netem.
 *
 * Delayed frames wait in a list ordered by the time they are due; a reordered
 * frame is one that is due a little later than those sent after it.  Slots
 * are set up once, and when all are taken the frame is lost.
 */
#include "impair.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "link.h"
#include "loop.h"
#include "rng.h"

enum {
	SLOTS = 4096,
	SLOT_ROOM = 1536,
	HOLD_BACK_MS = 15 /* how much later a reordered frame leaves */
};

struct held {
	TAILQ_ENTRY(held) entry;
	uint64_t due_ns;
	size_t len;
	uint8_t bytes[SLOT_ROOM];
};

TAILQ_HEAD(held_list, held);

struct impair {
	struct link *link;
	struct loop *loop;
	struct rng *rng;
	struct impair_rates rates;
	struct timer timer;
	struct held *slots; /* NULL when nothing is ever held back */
	struct held_list waiting;
	struct held_list spare;
};

static void
timer_arm(struct impair *im)
{
	const struct held *first = TAILQ_FIRST(&im->waiting);
	uint64_t now = loop_real_ns(im->loop);

	if (first == NULL)
		return;
	timer_real(&im->timer,
	    first->due_ns > now ? (double)(first->due_ns - now) / 1e9 : 0);
}

static void
held_release(void *arg)
{
	struct impair *im = arg;
	uint64_t now = loop_real_ns(im->loop);
	struct held *h;

	while ((h = TAILQ_FIRST(&im->waiting)) != NULL && h->due_ns <= now) {
		link_send(im->link, h->bytes, h->len);
		TAILQ_REMOVE(&im->waiting, h, entry);
		TAILQ_INSERT_HEAD(&im->spare, h, entry);
	}
	timer_arm(im);
}

struct impair *
impair_new(struct link *link, struct loop *loop, struct rng *rng,
    const struct impair_rates *rates)
{
	struct impair *im = calloc(1, sizeof(*im));

	if (im == NULL)
		return NULL;
	im->link = link;
	im->loop = loop;
	im->rng = rng;
	im->rates = *rates;
	TAILQ_INIT(&im->waiting);
	TAILQ_INIT(&im->spare);
	timer_init(&im->timer, loop, held_release, im);
	if (rates->delay_ms <= 0 && rates->reorder_percent <= 0)
		return im;
	im->slots = calloc(SLOTS, sizeof(*im->slots));
	if (im->slots == NULL) {
		free(im);
		return NULL;
	}
	for (unsigned i = 0; i < SLOTS; i++)
		TAILQ_INSERT_TAIL(&im->spare, &im->slots[i], entry);
	return im;
}

void
impair_free(struct impair *im)
{
	if (im == NULL)
		return;
	timer_stop(&im->timer);
	free(im->slots);
	free(im);
}

static void
frame_hold(struct impair *im, const uint8_t *frame, size_t len, double ms)
{
	struct held *h = TAILQ_FIRST(&im->spare), *before;

	if (h == NULL || len > SLOT_ROOM)
		return;
	TAILQ_REMOVE(&im->spare, h, entry);
	memcpy(h->bytes, frame, len);
	h->len = len;
	h->due_ns = loop_real_ns(im->loop) + (uint64_t)(ms * 1e6);

	before = TAILQ_LAST(&im->waiting, held_list);
	while (before != NULL && before->due_ns > h->due_ns)
		before = TAILQ_PREV(before, held_list, entry);
	if (before != NULL)
		TAILQ_INSERT_AFTER(&im->waiting, before, h, entry);
	else
		TAILQ_INSERT_HEAD(&im->waiting, h, entry);
	timer_arm(im);
}

static void
frame_leave(struct impair *im, const uint8_t *frame, size_t len)
{
	double ms = im->rates.delay_ms;

	if (rng_hits(im->rng, im->rates.reorder_percent))
		ms += HOLD_BACK_MS;
	if (ms > 0)
		frame_hold(im, frame, len, ms);
	else
		link_send(im->link, frame, len);
}

void
impair_send(struct impair *im, const uint8_t *frame, size_t len)
{
	if (rng_hits(im->rng, im->rates.loss_percent))
		return;
	frame_leave(im, frame, len);
	if (rng_hits(im->rng, im->rates.dup_percent))
		frame_leave(im, frame, len);
}

bool
impair_loses(struct impair *im)
{
	return rng_hits(im->rng, im->rates.loss_percent);
}
