/* SPDX-License-Identifier: ISC */
/*
 * sweep - rounds of shots over the permuted scope.
 *
 * A round is a question: ARP for on-link addresses; echo, then SYN, for those
 * behind a gateway.  Every round skips what has answered, so a second round
 * costs dark addresses only.  The wait behind each round is short: only the
 * last answers need it.
 */
#include <stdlib.h>
#include <string.h>

#include "scanner/care.h"
#include "scanner/ceiling.h"
#include "scanner/loop.h"
#include "scanner/pace.h"
#include "scanner/position.h"
#include "scanner/rtt.h"
#include "scanner/sweep.h"
#include "scanner/target.h"
#include "scanner/wires.h"

static const int64_t tick_ns = 2000000; /* one batch at most this often */
static const int64_t retry_ns = 100000000;
static const int64_t gateway_wait_ns = 300000000;
enum {
	GATEWAY_ASKS = 3,
	PASS_OVER = 4096, /* addresses that need no question, at once */
	FAILURES = 20     /* in a row, before what cannot be sent is lost */
};

/* What each round asks an on-link host and one behind a gateway. */
struct question {
	enum send_kind kind; /* 0: nothing */
	uint16_t port;
};
static const struct {
	struct question on_link, routed;
} rounds[] = {
	{ { SEND_ARP, 0 }, { SEND_ICMP_ECHO, 0 } },
	{ { SEND_ARP, 0 }, { SEND_ICMP_ECHO, 0 } },
	{ { 0, 0 }, { SEND_TCP_SYN, 104 } },
	{ { 0, 0 }, { SEND_TCP_SYN, 111 } },
};
enum { ROUNDS = sizeof(rounds) / sizeof(rounds[0]) };

struct sweep {
	const struct scope *scope;
	const struct segments *segments;
	struct wires *wires;
	struct loop_timer *timer;
	struct pace *pace; /* the run's: borrowed */
	struct pace asks;  /* of our questions alone */
	struct ceiling *ceiling;
	int64_t hold_ns; /* when the next one's segment may be sent more */
	struct rtt rtt, link_rtt; /* of all; of the links alone */
	const struct care *care;
	struct target target;
	const struct sweep_hooks *hooks;
	uint64_t key;
	bool assume_up;
	size_t round, rounds; /* rounds: none is behind a gateway: 2 */
	bool waiting, stopped, over, ready;
	uint64_t stop_round, stop_index; /* where sweep_stop() found it */
	unsigned failures;               /* of sending, in a row */
	unsigned gateway_asks;           /* how often gateways were asked for */
	uint64_t done, all, asked;       /* asked: in this round */
	int64_t ended_ns; /* of the round's last shot; 0: no wait */
	/* One bit per address of the scope, in its order. */
	uint8_t *answered;
	uint64_t answered_len;
};

bool
sweep_alive(struct sweep *s, uint32_t address)
{
	uint64_t i = scope_index_of(s->scope, address);
	int64_t now;
	uint8_t bit;

	if (i == SCOPE_NOWHERE)
		return false;
	now = loop_now();
	rtt_heard(&s->rtt, address, 0, now);
	rtt_heard(&s->link_rtt, address, 0, now);
	bit = (uint8_t)(1U << (i & 7));
	if (s->answered[i >> 3] & bit)
		return false;
	s->answered[i >> 3] |= bit;
	s->answered_len++;
	return true;
}

int64_t
sweep_link_rtt(const struct sweep *s)
{
	return s->link_rtt.mean_ns != 0 ? rtt_wait(&s->link_rtt, 1, INT64_MAX)
					: 0;
}

static bool
has_answered(const struct sweep *s, uint32_t address)
{
	uint64_t i = scope_index_of(s->scope, address);

	return i != SCOPE_NOWHERE && (s->answered[i >> 3] & 1U << (i & 7)) != 0;
}

static void
round_begin(struct sweep *s)
{
	target_init(
	    &s->target, s->scope, ABOUT_HOST, NULL, 0, s->key + s->round);
}

/* One address in this round, in its segment.  Returns whether a packet left. */
static bool
shoot(struct sweep *s, const struct segment *g, uint32_t address)
{
	struct question q;
	int64_t now;

	if (g == NULL || has_answered(s, address))
		return false;
	if (g->assume_up || (s->assume_up && g->route.gateway != 0)) {
		if (sweep_alive(s, address))
			s->hooks->assume_up(s->hooks->arg, address);
		return false;
	}
	if (segment_is_broadcast(g, address))
		return false;
	q = g->route.gateway ? rounds[s->round].routed
			     : rounds[s->round].on_link;
	if (q.kind == 0 ||
	    (q.port != 0 &&
		!scope_has_port(s->scope, address, ABOUT_TCP, q.port)))
		return false;
	if (!wires_shoot(
		s->wires, g, q.kind, address, q.port, (struct mac){ { 0 } }))
		return false;
	/* Few are dark in a dense segment, few live in a dark one: time all. */
	now = loop_now();
	rtt_sent(&s->rtt, address, 0, now);
	if (g->route.gateway == 0)
		rtt_sent(&s->link_rtt, address, 0, now);
	s->asked++;
	if (s->round == 0) /* later rounds ask the same hosts */
		s->hooks->sent(s->hooks->arg, address);
	return true;
}

static void
round_end(struct sweep *s, int64_t now)
{
	s->round++;
	if (s->answered_len == scope_size(s->scope))
		s->round = s->rounds; /* nobody is left to ask */
	s->waiting = true;
	/* A round that asked nobody has no answers to wait for. */
	s->ended_ns = s->asked > 0 ? now : 0;
	s->asked = 0;
	loop_timer_at(s->timer, now);
}

/* Frames behind a gateway need its MAC first.  True while it is waited for;
 * a gateway that never answers costs its hosts, not the run. */
static bool
wait_for_gateways(struct sweep *s, int64_t now)
{
	const char *broken;

	if (wires_gateways_known(s->wires) || s->gateway_asks == GATEWAY_ASKS ||
	    s->stopped)
		return false;
	s->gateway_asks++;
	wires_ask_gateways(s->wires);
	wires_flush(s->wires, &broken);
	loop_timer_at(s->timer, now + gateway_wait_ns);
	return true;
}

/* True while the last answers of a round may still come. */
static bool
wait_for_answers(struct sweep *s, int64_t now)
{
	int64_t when;

	if (!s->waiting || s->ended_ns == 0)
		return false;
	when = rtt_look(&s->rtt, s->ended_ns, now, s->care->wait_floor_ns,
	    s->care->wait_ceiling_ns);
	if (when > now)
		loop_timer_at(s->timer, when);
	return when > now;
}

/* When the next question may leave, by all clocks. */
static int64_t
when(const struct sweep *s, int64_t now)
{
	int64_t a = pace_when(s->pace, now), b = pace_when(&s->asks, now);

	if (s->hold_ns > a)
		a = s->hold_ns;
	return a > b ? a : b;
}

/* Asks the next address, or passes it over.  False at the end of the round, and
 * where its segment is full for now: then hold_ns says until when. */
static bool
ask_next(struct sweep *s, int64_t now, bool *more, bool *left)
{
	uint64_t here = s->target.index;
	const struct segment *g;
	struct shot_at at;

	*left = false;
	*more = target_next(&s->target, &at);
	if (!*more)
		return false;
	g = segments_find(s->segments, at.address);
	s->hold_ns = g != NULL && !has_answered(s, at.address)
	    ? ceiling_when(s->ceiling, g, now)
	    : 0;
	if (s->hold_ns > now + tick_ns) {
		target_resume(&s->target, 0, here);
		return false;
	}
	s->done++;
	*left = shoot(s, g, at.address);
	if (*left) {
		pace_sent(s->pace, now, 1);
		pace_sent(&s->asks, now, 1);
		ceiling_sent(s->ceiling, g, now);
	}
	return true;
}

static void
sweep_tick(void *arg)
{
	struct sweep *s = arg;
	int64_t now = loop_now();
	const char *broken;
	uint64_t began;
	bool more = true, left;

	if (wait_for_gateways(s, now) || wait_for_answers(s, now))
		return;
	if (!s->ready && !s->stopped) {
		s->ready = true;
		s->hooks->ready(s->hooks->arg);
	}
	if (s->waiting && (s->round >= s->rounds || s->stopped)) {
		s->over = true;
		s->hooks->done(s->hooks->arg);
		return;
	}
	if (s->waiting) {
		s->waiting = false;
		round_begin(s);
	}
	began = s->target.index;
	/* All that is due within this tick; less than one batch, so that
	 * nothing leaves before it is said that it will. */
	for (unsigned n = 0, passed = 0;
	     n < SEND_BATCH - 1 && passed < PASS_OVER && more && !s->stopped;
	     passed++) {
		if (when(s, now) > now + tick_ns ||
		    !ask_next(s, now, &more, &left))
			break;
		n += left;
	}
	if (!s->stopped && !s->hooks->sending(s->hooks->arg))
		wires_drop(s->wires);
	if (wires_flush(s->wires, &broken)) {
		s->failures = 0;
	} else if (!s->stopped && s->failures++ < FAILURES) {
		/* They did not leave: from there again, a little later. */
		target_resume(&s->target, 0, began);
		loop_timer_at(s->timer, now + retry_ns);
		return;
	}
	if (!more || s->stopped) {
		round_end(s, now);
		return;
	}
	loop_timer_at(s->timer, when(s, now));
}

struct sweep *
sweep_new(struct loop *loop, const struct scope *scope,
    const struct segments *segments, struct wires *wires,
    const struct care *care, struct pace *pace, struct ceiling *ceiling,
    uint64_t key, bool assume_up, const struct sweep_hooks *hooks)
{
	struct sweep *s = calloc(1, sizeof(*s));
	uint64_t sum = scope_size(scope);

	if (s == NULL)
		return NULL;
	s->scope = scope;
	s->segments = segments;
	s->wires = wires;
	s->key = key;
	s->assume_up = assume_up;
	s->hooks = hooks;
	s->rounds = 2;
	for (size_t i = 0; i < segments->len; i++)
		if (segments->items[i].route.gateway != 0)
			s->rounds = ROUNDS;
	s->all = sum * s->rounds;
	s->answered = calloc(sum / 8 + 1, 1);
	s->timer = loop_timer_new(loop, sweep_tick, s);
	s->pace = pace;
	s->ceiling = ceiling;
	pace_init(&s->asks, care->asks);
	s->care = care;
	if (s->answered == NULL || s->timer == NULL) {
		sweep_free(s);
		return NULL;
	}
	return s;
}

void
sweep_free(struct sweep *s)
{
	if (s == NULL)
		return;
	loop_timer_free(s->timer);
	free(s->answered);
	free(s);
}

void
sweep_start(struct sweep *s)
{
	if (!s->waiting && s->target.scope == NULL)
		round_begin(s);
	loop_timer_at(s->timer, loop_now());
}

void
sweep_stop(struct sweep *s)
{
	if (s->over || s->stopped)
		return;
	s->stopped = true;
	s->stop_round = s->round;
	s->stop_index = s->waiting ? 0 : s->target.index;
	/* A wait for the last answers is waited to its end. */
	if (!s->waiting)
		loop_timer_at(s->timer, loop_now());
}

struct sweep_position
sweep_aimed(const struct sweep *s)
{
	bool is_over = s->target.round >= s->target.ports_len;

	return (struct sweep_position){ .round = s->round + is_over,
		.index = is_over ? 0 : s->target.index,
		.done = s->done };
}

void
sweep_position(const struct sweep *s, struct sweep_position *out)
{
	*out = (struct sweep_position){ .round = s->round,
		.done = s->done,
		.answered = s->answered,
		.answered_len = (size_t)(scope_size(s->scope) / 8 + 1) };
	if (s->over && s->stopped) {
		out->round = s->stop_round;
		out->index = s->stop_index;
	} else if (s->waiting && !s->over && s->round > 0) {
		out->round--;
	}
}

bool
sweep_resume(struct sweep *s, const struct sweep_position *p)
{
	uint64_t all = scope_size(s->scope);
	uint64_t n = 0;

	if (p->answered_len != all / 8 + 1 || p->index > all)
		return false;
	memcpy(s->answered, p->answered, p->answered_len);
	for (uint64_t i = 0; i < all; i++)
		n += s->answered[i >> 3] >> (i & 7) & 1;
	s->answered_len = n;
	s->done = p->done;
	s->round = p->round < s->rounds ? (size_t)p->round : s->rounds;
	if (s->round == s->rounds) {
		s->waiting = true;
		return true;
	}
	round_begin(s);
	target_resume(&s->target, 0, p->index);
	return true;
}

uint32_t *
sweep_hosts(const struct sweep *s, uint64_t *n)
{
	uint64_t all = scope_size(s->scope), at = 0;
	uint32_t *list;

	*n = s->answered_len;
	if (*n == all)
		return NULL;
	list = malloc((size_t)(*n + 1) * sizeof(*list));
	if (list == NULL) {
		*n = 0;
		return NULL;
	}
	for (uint64_t i = 0; i < all; i++)
		if (s->answered[i >> 3] & 1U << (i & 7))
			list[at++] = (uint32_t)i;
	return list;
}

void
sweep_progress(const struct sweep *s, uint64_t *done, uint64_t *all)
{
	*done = s->done;
	*all = s->all;
}
