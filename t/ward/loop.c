/* SPDX-License-Identifier: ISC */
/*
 * The event loop: a thin layer over libevent 2.1, and the ward's two clocks.
 *
 * Timers are precise (not rounded to a coarse clock) because a beacon's period
 * is looked at to a tenth of a second, at any speed.
 */
#include "loop.h"

#include <signal.h>
#include <stdlib.h>
#include <time.h>

enum { MAX_SOURCES = 8 };

/* A descriptor or signal being watched. */
struct source {
	struct event *ev;
	loop_fn *fn;
	void *arg;
};

struct loop {
	struct event_base *base;
	double speed;
	uint64_t start_ns;
	unsigned sources;
	struct source source[MAX_SOURCES];
};

uint64_t
loop_real_ns(const struct loop *l)
{
	struct timespec t;

	(void)l;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t
loop_ward_ns(const struct loop *l)
{
	return (uint64_t)((double)(loop_real_ns(l) - l->start_ns) * l->speed);
}

struct loop *
loop_new(double speed)
{
	struct loop *l = calloc(1, sizeof(*l));
	struct event_config *cfg = event_config_new();

	if (l != NULL && cfg != NULL) {
		event_config_set_flag(cfg, EVENT_BASE_FLAG_PRECISE_TIMER);
		l->base = event_base_new_with_config(cfg);
		l->speed = speed;
		l->start_ns = loop_real_ns(l);
	}
	if (cfg != NULL)
		event_config_free(cfg);
	if (l != NULL && l->base == NULL) {
		free(l);
		l = NULL;
	}
	return l;
}

void
loop_free(struct loop *l)
{
	if (l == NULL)
		return;
	for (unsigned i = 0; i < l->sources; i++)
		event_free(l->source[i].ev);
	event_base_free(l->base);
	free(l);
}

void
loop_run(struct loop *l)
{
	event_base_dispatch(l->base);
}

void
loop_stop(struct loop *l)
{
	event_base_loopbreak(l->base);
}

static void
source_fired(evutil_socket_t fd, short what, void *arg)
{
	struct source *s = arg;

	(void)fd;
	(void)what;
	s->fn(s->arg);
}

static bool
source_add(struct loop *l, int fd, int what, loop_fn *fn, void *arg)
{
	struct source *s = &l->source[l->sources];

	if (l->sources == MAX_SOURCES)
		return false;
	*s = (struct source){ .fn = fn, .arg = arg };
	s->ev =
	    event_new(l->base, fd, (short)(what | EV_PERSIST), source_fired, s);
	if (s->ev == NULL)
		return false;
	l->sources++;
	return event_add(s->ev, NULL) == 0;
}

bool
loop_on_read(struct loop *l, int fd, loop_fn *fn, void *arg)
{
	return source_add(l, fd, EV_READ, fn, arg);
}

bool
loop_on_signal(struct loop *l, int signo, loop_fn *fn, void *arg)
{
	return source_add(l, signo, EV_SIGNAL, fn, arg);
}

static void
timer_fired(evutil_socket_t fd, short what, void *arg)
{
	struct timer *t = arg;

	(void)fd;
	(void)what;
	t->fn(t->arg);
}

void
timer_init(struct timer *t, struct loop *l, loop_fn *fn, void *arg)
{
	t->loop = l;
	t->fn = fn;
	t->arg = arg;
	event_assign(&t->ev, l->base, -1, 0, timer_fired, t);
}

void
timer_real(struct timer *t, double s)
{
	struct timeval tv;

	if (s < 0)
		s = 0;
	tv.tv_sec = (time_t)s;
	tv.tv_usec = (suseconds_t)((s - (double)tv.tv_sec) * 1e6);
	event_add(&t->ev, &tv);
}

void
timer_ward(struct timer *t, double s)
{
	timer_real(t, s / t->loop->speed);
}

void
timer_ward_least(struct timer *t, double ward_s, double real_s)
{
	double s = ward_s / t->loop->speed;

	timer_real(t, s > real_s ? s : real_s);
}

void
timer_stop(struct timer *t)
{
	event_del(&t->ev);
}
