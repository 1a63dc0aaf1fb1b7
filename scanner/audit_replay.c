/* SPDX-License-Identifier: ISC */
/*
 * audit_replay - the diary of a killed audit, onto what run.json said.
 *
 * Its end is where the process was killed; so is every DIARY_GONE_ON before.
 * There whatever was under way is given up (gentle care) or put back to be
 * asked once more, and positions of shots go back by half a second, since
 * answers that were on their way are lost.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/audit_diary.h"
#include "scanner/audit_replay.h"
#include "scanner/audit_state.h"
#include "scanner/diary.h"
#include "scanner/log.h"
#include "scanner/wire.h"

static uint64_t
rd_u64(struct rd *r)
{
	uint64_t high = rd_u32(r);

	return high << 32 | rd_u32(r);
}

/* --- hosts ---------------------------------------------------------------- */

struct resume_host *
replay_host(struct replay *p, uint32_t address)
{
	struct resume *r = p->r;
	struct resume_host *h;

	/* Records of one host come together, and the latest host is last. */
	for (size_t i = r->hosts_len; i > 0; i--)
		if (r->hosts[i - 1].address == address)
			return &r->hosts[i - 1];
	if (r->hosts_len >= p->room) {
		size_t room = 2 * p->room + 64;

		h = realloc(r->hosts, room * sizeof(*h));
		if (h == NULL) {
			p->has_memory = false;
			return NULL;
		}
		r->hosts = h;
		p->room = room;
	}
	h = &r->hosts[r->hosts_len++];
	*h = (struct resume_host){ .address = address };
	return h;
}

/* --- visits ------------------------------------------------------------------ */

static struct visit_task
rd_task(struct rd *r)
{
	struct visit_task t = { .port = rd_u16(r) };

	t.via_udp = rd_u8(r) != 0;
	t.tries = rd_u8(r);
	t.is_canary = rd_u8(r) != 0;
	t.is_trap_ask = rd_u8(r) != 0;
	t.guess.program = rd_u32(r);
	t.guess.version = rd_u32(r);
	return t;
}

static void
rd_numbers(struct rd *r, struct visit_position *p)
{
	p->rtt_ns = (int64_t)rd_u64(r);
	p->talked_ns = (int64_t)rd_u64(r);
	p->wasted_ns = (int64_t)rd_u64(r);
	p->packets = rd_u32(r);
	p->round = rd_u32(r);
	p->plan_at = rd_u64(r);
	p->echo_due = rd_u8(r) != 0;
	p->swept = rd_u8(r) != 0;
	p->begun = rd_u8(r) != 0;
	p->is_known = rd_u8(r) != 0;
	p->echo_answered = rd_u8(r) != 0;
	p->wants_canary = rd_u8(r) != 0;
	p->spoke = rd_u32(r);
	p->mute = rd_u32(r);
	p->stalls = rd_u32(r);
	p->trap_asks = rd_u32(r);
	p->packets_peak = rd_u32(r);
}

/* What is in hand first, then what was queued, less and more. */
static void
put_tasks(struct replay *p, struct visit_position *v, struct rd *r)
{
	bool had = v->in_hand, has = rd_u8(r) != 0;
	struct visit_task hand = { 0 }, *tasks;
	size_t old = v->tasks_len - (had && v->tasks_len > 0), taken, added,
	       n = 0;
	const struct visit_task *queue = v->tasks + (v->tasks_len - old);

	if (has)
		hand = rd_task(r);
	taken = rd_u32(r);
	added = rd_u32(r);
	taken = taken < old ? taken : old;
	if (added > VISIT_TASKS_MAX || !rd_ok(r))
		return;
	tasks = calloc(old + added + 2, sizeof(*tasks));
	if (tasks == NULL) {
		p->has_memory = false;
		return;
	}
	if (has)
		tasks[n++] = hand;
	for (size_t i = taken; i < old; i++)
		tasks[n++] = queue[i];
	for (size_t i = 0; i < added; i++)
		tasks[n++] = rd_task(r);
	free(v->tasks);
	v->tasks = tasks;
	v->tasks_len = n;
	v->in_hand = has;
}

struct visit_port *
replay_port(
    struct replay *p, struct visit_position *v, uint16_t port, bool via_udp)
{
	struct visit_port *more;

	for (size_t i = 0; i < v->ports_len; i++)
		if (v->ports[i].port == port && v->ports[i].via_udp == via_udp)
			return &v->ports[i];
	more = realloc(v->ports, (v->ports_len + 1) * sizeof(*more));
	if (more == NULL) {
		p->has_memory = false;
		return NULL;
	}
	v->ports = more;
	more = &more[v->ports_len++];
	*more = (struct visit_port){ .port = port, .via_udp = via_udp };
	return more;
}

static void
put_ports(struct replay *p, struct visit_position *v, struct rd *r)
{
	uint32_t n = rd_u32(r);

	for (uint32_t i = 0; i < n && rd_ok(r); i++) {
		uint16_t number = rd_u16(r);
		struct visit_port *port =
		    replay_port(p, v, number, rd_u8(r) != 0);
		uint8_t state = rd_u8(r), talks = rd_u8(r), rpc = rd_u8(r);

		if (port == NULL || state > PORT_OPEN_FILTERED)
			return;
		port->state = (enum port_state)state;
		port->talks = talks;
		port->spoke_rpc = rpc != 0;
	}
}

static void
open_talk(struct replay *p, uint32_t address, const struct visit_task *task)
{
	struct open_talk *t = calloc(1, sizeof(*t));

	if (t == NULL) {
		p->has_memory = false;
		return;
	}
	*t = (struct open_talk){
		.next = p->talks, .address = address, .task = *task
	};
	p->talks = t;
}

static void
take_visit(struct replay *p, struct rd *r)
{
	struct resume_host *h = replay_host(p, rd_u32(r));
	enum move_kind move = (enum move_kind)rd_u8(r);
	uint32_t ms = rd_u32(r);

	if (h == NULL)
		return;
	h->has_begun = true;
	h->is_waiting = false;
	p->last_ms = ms;
	rd_numbers(r, &h->visit);
	put_tasks(p, &h->visit, r);
	put_ports(p, &h->visit, r);
	if (move == MOVE_TALK && h->visit.in_hand)
		open_talk(p, h->address, &h->visit.tasks[0]);
	if (move == MOVE_ECHO) {
		p->echoes[p->echoes_len % RING].address = h->address;
		p->echoes[p->echoes_len++ % RING].ms = ms;
	}
}

static void
take_settled(struct replay *p, struct rd *r)
{
	uint32_t address = rd_u32(r);
	uint16_t port = rd_u16(r);
	bool via_udp = rd_u8(r) != 0;

	for (struct open_talk **at = &p->talks; *at != NULL;
	     at = &(*at)->next) {
		struct open_talk *t = *at;

		if (t->address != address || t->task.port != port ||
		    t->task.via_udp != via_udp)
			continue;
		*at = t->next;
		free(t);
		return;
	}
}

static void
take_halt(struct replay *p, struct rd *r)
{
	struct resume_host *h = replay_host(p, rd_u32(r));
	size_t len = r->left;
	const uint8_t *why = rd_bytes(r, len);

	if (h == NULL || why == NULL || len >= sizeof(h->halted))
		return;
	memcpy(h->halted, why, len);
	h->halted[len] = '\0';
}

static void
take_over(struct replay *p, struct rd *r)
{
	struct resume_host *h = replay_host(p, rd_u32(r));

	/* Where it stood is kept: its last talk may turn out to be lost. */
	if (h == NULL)
		return;
	h->is_over = true;
	h->is_waiting = false;
}

/* --- positions ------------------------------------------------------------------- */

static void
take_sweep(struct replay *p, struct rd *r)
{
	struct sweep_mark *m = &p->sweep[p->sweep_len++ % RING];

	*m = (struct sweep_mark){ .ms = rd_u32(r) };
	m->at.round = rd_u64(r);
	m->at.index = rd_u64(r);
	m->at.done = rd_u64(r);
	p->last_ms = m->ms;
}

static void
take_shots(struct replay *p, struct rd *r)
{
	struct shots_mark *m = &p->shots[p->shots_len++ % RING];

	*m = (struct shots_mark){ .ms = rd_u32(r) };
	m->at.round = (unsigned)rd_u64(r);
	m->at.at = rd_u64(r);
	m->at.asked = rd_u64(r);
	m->at.heard = rd_u64(r);
	m->at.done = rd_u64(r);
	p->last_ms = m->ms;
}

static void
take_shots_begin(struct replay *p, const uint8_t *bytes, size_t len)
{
	uint8_t *bits = len == p->r->sweep.answered_len ? malloc(len) : NULL;

	if (bits == NULL || (bits = resume_own(p->r, bits)) == NULL)
		return;
	memcpy(bits, bytes, len);
	p->r->shot_at = bits;
	p->r->has_shots = p->r->has_moved = true;
	p->r->shots = (struct shots_position){ 0 };
}

static void
take_answer(struct replay *p, struct rd *r)
{
	struct resume *to = p->r;
	struct resume_answer *more;

	if (to->answers_len >= p->answers_room) {
		size_t room = 2 * p->answers_room + 1024;

		more = realloc(to->answers, room * sizeof(*more));
		if (more == NULL) {
			p->has_memory = false;
			return;
		}
		to->answers = more;
		p->answers_room = room;
	}
	more = &to->answers[to->answers_len];
	*more = (struct resume_answer){ .address = rd_u32(r) };
	more->port = rd_u16(r);
	more->state = (enum port_state)rd_u8(r);
	to->answers_len += rd_ok(r) && more->state <= PORT_OPEN_FILTERED;
}

static void
take_counters(struct replay *p, struct rd *r)
{
	struct run *run = &p->r->run;

	p->last_ms = rd_u32(r);
	p->r->talks_begun = rd_u32(r);
	run->packets_sent = rd_u64(r);
	run->frames_read = rd_u64(r);
	run->frames_dropped = rd_u64(r);
	run->frames_broken = rd_u64(r);
	run->talks = rd_u64(r);
	run->hosts_probed = rd_u64(r);
	run->facts_dropped = rd_u64(r);
	run->listened_s = (double)rd_u64(r) / 1000;
}

static void
take_states_known(struct replay *p)
{
	p->r->states_known = true;
	p->r->has_shots = p->r->has_moved = false;
	p->r->answers_len = 0;
}

/* --- all of it --------------------------------------------------------------------- */

static void
take(void *arg, uint8_t kind, const uint8_t *bytes, size_t len)
{
	struct replay *p = arg;
	struct rd r = { .at = bytes, .left = len };

	switch ((enum diary_kind)kind) {
	case DIARY_COUNTERS:
		take_counters(p, &r);
		break;
	case DIARY_SWEEP:
		take_sweep(p, &r);
		break;
	case DIARY_SHOTS_BEGIN:
		take_shots_begin(p, bytes, len);
		break;
	case DIARY_SHOTS:
		take_shots(p, &r);
		break;
	case DIARY_ANSWER:
		take_answer(p, &r);
		break;
	case DIARY_STATES_KNOWN:
		take_states_known(p);
		break;
	case DIARY_VISIT:
		take_visit(p, &r);
		break;
	case DIARY_SETTLED:
		take_settled(p, &r);
		break;
	case DIARY_HALT:
		take_halt(p, &r);
		break;
	case DIARY_OVER:
		take_over(p, &r);
		break;
	case DIARY_GONE_ON:
		replay_cut(p);
		break;
	}
}

bool
diary_replay(struct audit *a, struct resume *r, const char *directory)
{
	struct replay *p = calloc(1, sizeof(*p));
	char path[PATH_MAX];
	bool ok;

	if (p == NULL)
		return false;
	snprintf(path, sizeof(path), "%s/" DIARY_FILE, directory);
	p->r = r;
	p->is_gentle = strcmp(r->asked.care, "gentle") == 0;
	p->has_memory = true;
	p->room = r->hosts_len;
	a->diary = diary_continue(path, r->key, r->diary, take, p);
	ok = a->diary != NULL || errno == ENOENT;
	if (!ok && errno == EWOULDBLOCK)
		log_error("resume", "%s: the run is still going on", directory);
	else if (!ok)
		log_error("resume", "%s: %s", path, strerror(errno));
	if (a->diary != NULL)
		replay_cut(p);
	r->was_killed = a->diary != NULL;
	a->diary_generation = r->diary;
	resume_sort(r);
	if (ok && !p->has_memory) {
		log_error("resume", "out of memory");
		ok = false;
	}
	free(p);
	return ok;
}
