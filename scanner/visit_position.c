/* SPDX-License-Identifier: ISC */
/*
 * visit_position - a visit written down, and gone on with.
 *
 * Times are not kept: monotonic clocks of two processes have nothing in
 * common.  Whatever was asked counts as asked at the moment of going on, which
 * errs on the host's side.
 */
#include <stdlib.h>

#include "scanner/position.h"
#include "scanner/visit_state.h"

bool
visit_has_more(struct visit *v)
{
	if (visit_is_given_up(v))
		return false;
	return v->talking || v->echo_due || v->canary != CANARY_NONE ||
	    v->current.probe != NULL || visit_task_next(v);
}

static struct visit_task
task_out(const struct task *t)
{
	return (struct visit_task){ .port = t->port,
		.via_udp = t->via_udp,
		.tries = t->tries,
		.is_canary = t->is_canary,
		.is_trap_ask = t->is_trap_ask,
		.guess = t->guess };
}

static struct visit_port
port_out(const struct note *n)
{
	return (struct visit_port){ .port = n->port,
		.via_udp = n->via_udp,
		.state = n->state,
		.talks = n->talks,
		.spoke_rpc = n->spoke_rpc };
}

static void
put_tasks(const struct visit *v, struct visit_position *out)
{
	out->in_hand = v->talking || v->current.probe != NULL;
	if (out->in_hand)
		out->tasks[out->tasks_len++] = task_out(&v->current);
	for (size_t i = v->head; i < v->tail; i++)
		out->tasks[out->tasks_len++] = task_out(&v->queue[i]);
}

/* Ports nothing is known of need no line. */
static void
put_ports(const struct visit *v, struct visit_position *out)
{
	for (size_t i = 0; i < v->notes_len; i++) {
		const struct note *n = &v->notes[i];

		if (n->talks > 0 || n->state != PORT_UNPROBED)
			out->ports[out->ports_len++] = port_out(n);
	}
}

static struct visit_position
numbers_of(const struct visit *v)
{
	return (struct visit_position){ .rtt_ns = v->rtt_ns,
		.talked_ns = v->talked_ns,
		.wasted_ns = v->wasted_ns,
		.packets = v->packets,
		.packets_peak = v->pace.peak,
		.round = v->round,
		.plan_at = v->plan_at,
		.echo_due = v->echo_due,
		.swept = v->swept,
		.begun = v->begun,
		.is_known = v->is_known,
		.echo_answered = v->echo_answered,
		.wants_canary = v->canary != CANARY_NONE,
		.spoke = v->spoke,
		.mute = v->mute,
		.stalls = v->stalls,
		.trap_asks = v->trap_asks };
}

bool
visit_position(const struct visit *v, struct visit_position *out)
{
	*out = numbers_of(v);
	out->ports = calloc(v->notes_len + 1, sizeof(*out->ports));
	out->tasks = calloc(v->tail - v->head + 1, sizeof(*out->tasks));
	if (out->ports == NULL || out->tasks == NULL) {
		visit_position_clear(out);
		return false;
	}
	put_ports(v, out);
	put_tasks(v, out);
	return true;
}

void
visit_touch(struct visit *v, const struct note *n)
{
	size_t at = (size_t)(n - v->notes);

	for (size_t i = 0; i < v->touched_len && i < VISIT_TOUCHED; i++)
		if (v->touched[i] == at)
			return;
	if (v->touched_len < VISIT_TOUCHED)
		v->touched[v->touched_len] = at;
	if (v->touched_len <= VISIT_TOUCHED)
		v->touched_len++;
}

static void
changes_begin(struct visit *v)
{
	v->touched_len = v->popped = v->pushed = 0;
}

static void
put_changed(const struct visit *v, struct visit_position *out)
{
	if (v->touched_len > VISIT_TOUCHED) {
		put_ports(v, out);
		return;
	}
	for (size_t i = 0; i < v->touched_len; i++)
		out->ports[out->ports_len++] =
		    port_out(&v->notes[v->touched[i]]);
}

bool
visit_changes(struct visit *v, struct visit_change *out)
{
	size_t left = v->tail - v->head;
	struct visit_position *p = calloc(1, sizeof(*p));

	/* What was both added and taken in between is neither. */
	*out = (struct visit_change){ .position = p,
		.added_len = v->pushed < left ? v->pushed : left };
	out->taken = v->popped - (v->pushed - out->added_len);
	out->added = calloc(out->added_len + 1, sizeof(*out->added));
	if (p != NULL) {
		*p = numbers_of(v);
		p->ports =
		    calloc(v->notes_len + VISIT_TOUCHED + 1, sizeof(*p->ports));
		p->tasks = calloc(1, sizeof(*p->tasks));
	}
	if (p == NULL || out->added == NULL || p->ports == NULL ||
	    p->tasks == NULL) {
		visit_change_clear(out);
		return false;
	}
	put_changed(v, p);
	p->in_hand = v->talking || v->current.probe != NULL;
	if (p->in_hand)
		p->tasks[p->tasks_len++] = task_out(&v->current);
	for (size_t i = 0; i < out->added_len; i++)
		out->added[i] =
		    task_out(&v->queue[v->tail - out->added_len + i]);
	changes_begin(v);
	return true;
}

void
visit_change_clear(struct visit_change *c)
{
	if (c->position != NULL)
		visit_position_clear(c->position);
	free(c->position);
	free(c->added);
	*c = (struct visit_change){ 0 };
}

void
visit_position_clear(struct visit_position *p)
{
	free(p->ports);
	free(p->tasks);
	*p = (struct visit_position){ 0 };
}

/* The probe follows from the task, as when it was made. */
static struct task
task_in(const struct visit_task *t)
{
	struct task out = { .port = t->port,
		.via_udp = t->via_udp,
		.tries = t->tries,
		.is_canary = t->is_canary,
		.is_trap_ask = t->is_trap_ask,
		.guess = t->guess };

	if (t->guess.program != 0)
		out.probe = probe_find("rpc");
	else if (t->is_trap_ask)
		out.probe = probe_find("connect");
	else
		out.probe = visit_probe(t->port, t->via_udp);
	return out;
}

static void
take_tasks(struct visit *v, const struct visit_position *p)
{
	/* What visit_new() queued was queued then, too. */
	v->head = v->tail = 0;
	for (size_t i = 0; i < p->tasks_len; i++) {
		struct task t = task_in(&p->tasks[i]);

		if (t.probe == NULL)
			continue;
		if (i == 0 && p->in_hand &&
		    scope_has_port(v->plan->scope, v->address,
			t.via_udp ? ABOUT_UDP : ABOUT_TCP, t.port))
			v->current = t;
		else
			visit_push(v, t);
	}
}

/* A protocol that was spoken is not met for the first time again. */
static void
take_met(struct visit *v, const struct probe *probe)
{
	size_t i = 0;

	while (i < PROBES_MET && v->met[i] != NULL && v->met[i] != probe)
		i++;
	if (i < PROBES_MET)
		v->met[i] = probe;
}

static bool
take_ports(struct visit *v, int64_t now_ns, const struct visit_position *p)
{
	for (size_t i = 0; i < p->ports_len; i++) {
		const struct visit_port *port = &p->ports[i];
		struct note *n = visit_note(v, port->port, port->via_udp);

		if (n == NULL)
			return false;
		visit_note_state(v, n, port->state);
		n->talks = port->talks;
		n->spoke_rpc = port->spoke_rpc;
		n->last_ns = now_ns;
		if (n->talks > 0)
			take_met(v, visit_probe(n->port, n->via_udp));
	}
	return true;
}

bool
visit_restore(struct visit *v, int64_t now_ns, const struct visit_position *p)
{
	v->rtt_ns = p->rtt_ns;
	v->talked_ns = p->talked_ns;
	v->wasted_ns = p->wasted_ns;
	v->packets = p->packets;
	v->pace.peak = (uint8_t)p->packets_peak;
	v->round = p->round;
	v->plan_at =
	    p->plan_at < v->plan->tcp_len ? p->plan_at : v->plan->tcp_len;
	v->echo_due = p->echo_due;
	v->swept = p->swept;
	v->begun = p->begun;
	v->is_known = p->is_known;
	v->echo_answered = p->echo_answered;
	v->canary = p->wants_canary ? CANARY_WANTED : CANARY_NONE;
	v->spoke = p->spoke;
	v->mute = p->mute;
	v->stalls = p->stalls;
	v->trap_asks = p->trap_asks;
	if (!take_ports(v, now_ns, p))
		return false;
	take_tasks(v, p);
	changes_begin(v);
	return true;
}
