/* SPDX-License-Identifier: ISC */
/* loop - timers, descriptors and signals over libevent. */
#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "scanner/loop.h"

enum { SIGNALS_MAX = 4 };
static const int64_t second_ns = 1000000000;

struct loop_signal {
	loop_fn *fn;
	void *arg;
	struct event *event;
};

struct loop {
	struct event_base *base;
	struct loop_signal signals[SIGNALS_MAX];
	unsigned signals_len;
};

struct loop_watch {
	struct loop *loop;
	int fd;
	bool read, write;
	loop_io_fn *fn;
	void *arg;
	struct event *event;
};

struct loop_timer {
	loop_fn *fn;
	void *arg;
	struct event *event;
};

static int64_t
clock_ns(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * second_ns + t.tv_nsec;
}

int64_t
loop_now(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

int64_t
loop_wall(void)
{
	return clock_ns(CLOCK_REALTIME);
}

struct loop *
loop_new(void)
{
	struct loop *l = calloc(1, sizeof(*l));
	struct event_config *config = event_config_new();

	if (l != NULL && config != NULL) {
		/* Millisecond pacing needs timers finer than epoll's. */
		event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER);
		l->base = event_base_new_with_config(config);
	}
	if (config != NULL)
		event_config_free(config);
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
	for (unsigned i = 0; i < l->signals_len; i++)
		event_free(l->signals[i].event);
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
watch_ring(evutil_socket_t fd, short what, void *arg)
{
	struct loop_watch *w = arg;

	(void)fd;
	w->fn(w->arg, what & EV_READ, what & EV_WRITE);
}

struct loop_watch *
loop_watch_new(struct loop *l, int fd, loop_io_fn *fn, void *arg)
{
	struct loop_watch *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	w->loop = l;
	w->fd = fd;
	w->fn = fn;
	w->arg = arg;
	w->event = event_new(l->base, fd, EV_READ | EV_PERSIST, watch_ring, w);
	if (w->event == NULL) {
		free(w);
		return NULL;
	}
	w->read = true;
	event_add(w->event, NULL);
	return w;
}

void
loop_watch_set(struct loop_watch *w, bool read, bool write)
{
	short what = EV_PERSIST;

	if (read == w->read && write == w->write)
		return;
	w->read = read;
	w->write = write;
	event_del(w->event);
	if (read)
		what |= EV_READ;
	if (write)
		what |= EV_WRITE;
	if (!read && !write)
		return;
	event_assign(w->event, w->loop->base, w->fd, what, watch_ring, w);
	event_add(w->event, NULL);
}

void
loop_watch_free(struct loop_watch *w)
{
	if (w == NULL)
		return;
	event_free(w->event);
	free(w);
}

static void
timer_ring(evutil_socket_t fd, short what, void *arg)
{
	struct loop_timer *t = arg;

	(void)fd;
	(void)what;
	t->fn(t->arg);
}

struct loop_timer *
loop_timer_new(struct loop *l, loop_fn *fn, void *arg)
{
	struct loop_timer *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->fn = fn;
	t->arg = arg;
	t->event = evtimer_new(l->base, timer_ring, t);
	if (t->event == NULL) {
		free(t);
		return NULL;
	}
	return t;
}

void
loop_timer_at(struct loop_timer *t, int64_t when_ns)
{
	int64_t wait = when_ns - loop_now();
	struct timeval tv;

	if (wait < 0)
		wait = 0;
	/* Up to the next microsecond: never ring early. */
	wait = (wait + 999) / 1000;
	tv.tv_sec = (time_t)(wait / 1000000);
	tv.tv_usec = (suseconds_t)(wait % 1000000);
	evtimer_add(t->event, &tv);
}

void
loop_timer_stop(struct loop_timer *t)
{
	evtimer_del(t->event);
}

void
loop_timer_free(struct loop_timer *t)
{
	if (t == NULL)
		return;
	event_free(t->event);
	free(t);
}

static void
signal_ring(evutil_socket_t number, short what, void *arg)
{
	struct loop_signal *s = arg;

	(void)number;
	(void)what;
	s->fn(s->arg);
}

bool
loop_on_signal(struct loop *l, int number, loop_fn *fn, void *arg)
{
	struct loop_signal *s = &l->signals[l->signals_len];

	if (l->signals_len == SIGNALS_MAX)
		return false;
	s->fn = fn;
	s->arg = arg;
	s->event = evsignal_new(l->base, number, signal_ring, s);
	if (s->event == NULL || evsignal_add(s->event, NULL) != 0)
		return false;
	l->signals_len++;
	return true;
}
