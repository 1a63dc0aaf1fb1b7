/* SPDX-License-Identifier: ISC */
/*
 * audit_cut - where a process was killed: what it leaves of unknown fate.
 *
 * In gentle care that is given up, and noted; otherwise it is put back to be
 * asked once more, and positions of shots go back by half a second, since
 * answers that were on their way are lost.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/audit_replay.h"
#include "scanner/visit.h"

enum { BACK_MS = 500, ECHO_MS = 1000 };

static void
note_unknown(struct replay *p, uint32_t address, const char *what)
{
	struct run *run = &p->r->run;
	struct run_unknown *more;

	for (size_t i = 0; i < run->unknown_len; i++)
		if (run->unknown[i].address == address &&
		    strcmp(run->unknown[i].what, what) == 0)
			return;
	more = realloc(
	    run->unknown, (run->unknown_len + 1) * sizeof(*run->unknown));
	if (more == NULL) {
		p->has_memory = false;
		return;
	}
	run->unknown = more;
	more = &more[run->unknown_len++];
	*more = (struct run_unknown){ .address = address };
	snprintf(more->what, sizeof(more->what), "%s", what);
}

/* --- positions ---------------------------------------------------------- */

/* The shots between two marks of a round may have left, or not. */
static void
lose_shots(struct replay *p, const struct sweep_position *from,
    const struct sweep_position *to)
{
	if (p->r->lost_len == RESUME_LOST)
		return;
	p->r->lost[p->r->lost_len++] =
	    (struct resume_lost){ .round = from->round,
		    .from = from->index,
		    .to = to->round == from->round ? to->index : UINT64_MAX };
}

static void
cut_sweep(struct replay *p)
{
	size_t n = p->sweep_len, kept = n < RING ? n : RING, i = 1;
	const struct sweep_position *last;

	if (n == 0)
		return;
	last = &p->sweep[(n - 1) % RING].at;
	if (p->is_gentle) {
		struct sweep_position before = { .round = last->round };

		if (n > 1)
			before = p->sweep[(n - 2) % RING].at;
		else if (p->r->sweep.round == last->round)
			before = p->r->sweep;
		lose_shots(p, &before, last);
	} else {
		while (i < kept &&
		    p->last_ms - p->sweep[(n - i) % RING].ms < BACK_MS)
			i++;
		if (i == kept && n <= RING &&
		    p->last_ms - p->sweep[(n - i) % RING].ms < BACK_MS)
			return; /* from where it began */
		last = &p->sweep[(n - i) % RING].at;
	}
	p->r->sweep.round = last->round;
	p->r->sweep.index = last->index;
	p->r->sweep.done = last->done;
}

static void
cut_shots(struct replay *p)
{
	size_t n = p->shots_len, kept = n < RING ? n : RING, i = 1;
	struct shots_position *to = &p->r->shots;
	const struct shots_position *at;

	if (n == 0 || !p->r->has_shots)
		return;
	while (i < kept && p->last_ms - p->shots[(n - i) % RING].ms < BACK_MS)
		i++;
	if (i == kept && n <= RING &&
	    p->last_ms - p->shots[(n - i) % RING].ms < BACK_MS)
		return;
	at = &p->shots[(n - i) % RING].at;
	p->r->has_moved = true;
	to->round = at->round;
	to->at = at->at;
	to->asked = at->asked;
	to->heard = at->heard;
	to->done = at->done;
}

/* --- talks ------------------------------------------------------------------ */

static void
give_up(struct replay *p, const struct open_talk *t)
{
	char what[ABOUT_TEXT];

	about_text((struct about){ t->task.via_udp ? ABOUT_UDP : ABOUT_TCP,
		       t->task.port },
	    what);
	note_unknown(p, t->address, what);
}

/* To be asked again: not yet talked with, and first of all tasks. */
static void
put_back(struct replay *p, struct resume_host *h, const struct open_talk *t)
{
	struct visit_position *v = &h->visit;
	struct visit_port *port =
	    replay_port(p, v, t->task.port, t->task.via_udp);
	struct visit_task *more;

	if (port != NULL && port->talks > 0)
		port->talks--;
	if (port != NULL)
		port->spoke_rpc = false; /* it did, and the facts are lost */
	if (v->in_hand && v->tasks[0].port == t->task.port &&
	    v->tasks[0].via_udp == t->task.via_udp)
		return;
	more = realloc(v->tasks, (v->tasks_len + 1) * sizeof(*more));
	if (more == NULL) {
		p->has_memory = false;
		return;
	}
	v->tasks = more;
	more[v->tasks_len++] = t->task;
}

static void
cut_talk(struct replay *p, const struct open_talk *t)
{
	struct resume_host *h = replay_host(p, t->address);
	struct visit_position *v;
	struct visit_port *port;

	if (h == NULL)
		return;
	v = &h->visit;
	if (!p->is_gentle) {
		/* Also where it was the last one, and all seemed over. */
		h->is_over = false;
		put_back(p, h, t);
		return;
	}
	give_up(p, t);
	/* Whatever else was to be asked of that port is not, either. */
	port = replay_port(p, v, t->task.port, t->task.via_udp);
	if (port != NULL)
		port->spoke_rpc = true;
	if (!v->in_hand || v->tasks[0].port != t->task.port ||
	    v->tasks[0].via_udp != t->task.via_udp)
		return;
	v->in_hand = false;
	memmove(v->tasks, v->tasks + 1, --v->tasks_len * sizeof(*v->tasks));
}

static void
cut_echoes(struct replay *p)
{
	size_t kept = p->echoes_len < RING ? p->echoes_len : RING;

	for (size_t i = 0; i < kept; i++) {
		struct resume_host *h;

		if (p->last_ms - p->echoes[i].ms > ECHO_MS)
			continue;
		h = replay_host(p, p->echoes[i].address);
		if (h == NULL || h->is_over)
			continue;
		if (p->is_gentle)
			note_unknown(p, h->address, "icmp");
		else
			h->visit.echo_due = true;
	}
}

/* Those that are over need no position. */
static void
forget_over(struct replay *p)
{
	for (size_t i = 0; i < p->r->hosts_len; i++) {
		struct resume_host *h = &p->r->hosts[i];

		if (!h->is_over)
			continue;
		h->has_begun = false;
		visit_position_clear(&h->visit);
	}
}

void
replay_cut(struct replay *p)
{
	cut_sweep(p);
	cut_shots(p);
	cut_echoes(p);
	while (p->talks != NULL) {
		struct open_talk *t = p->talks;

		p->talks = t->next;
		cut_talk(p, t);
		free(t);
	}
	forget_over(p);
	p->sweep_len = p->shots_len = p->echoes_len = 0;
	p->last_ms = 0;
}
