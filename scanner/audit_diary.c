/* SPDX-License-Identifier: ISC */
/* audit_diary - what is written down, and when. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/audit.h"
#include "scanner/audit_diary.h"
#include "scanner/audit_state.h"
#include "scanner/diary.h"
#include "scanner/guest_state.h"
#include "scanner/log.h"
#include "scanner/loop.h"
#include "scanner/options.h"
#include "scanner/wire.h"

enum { SMALL = 128, VISIT_HEAD = 160, PORT_BYTES = 6, TASK_BYTES = 16 };

static void
wr_u64(struct wr *w, uint64_t v)
{
	wr_u32(w, (uint32_t)(v >> 32));
	wr_u32(w, (uint32_t)v);
}

static void
put(struct audit *a, enum diary_kind kind, const uint8_t *bytes, size_t len)
{
	if (a->diary != NULL)
		diary_put(a->diary, (uint8_t)kind, bytes, len);
}

/* Where nothing can be written down any more nothing may be sent either. */
static bool
flush(struct audit *a)
{
	if (a->diary == NULL)
		return true;
	if (diary_flush(a->diary))
		return true;
	if (!a->diary_failed) {
		log_error("diary",
		    "cannot write %s/" DIARY_FILE ": %s; the run stops",
		    a->options->output, strerror(errno));
		a->diary_failed = true;
		if (a->stop_timer != NULL)
			loop_timer_at(a->stop_timer, loop_now());
	}
	return false;
}

/* --- positions ------------------------------------------------------------- */

static uint32_t
run_ms(const struct audit *a)
{
	return (uint32_t)((loop_now() - a->started_ns) / 1000000);
}

bool
diary_sweep(void *arg)
{
	struct audit *a = arg;
	struct sweep_position p = sweep_aimed(a->sweep);
	uint8_t bytes[SMALL];
	struct wr w = { .at = bytes, .left = sizeof(bytes) };

	if (a->diary == NULL)
		return true;
	wr_u32(&w, run_ms(a));
	wr_u64(&w, p.round);
	wr_u64(&w, p.index);
	wr_u64(&w, p.done);
	put(a, DIARY_SWEEP, bytes, w.used);
	return flush(a);
}

bool
diary_shots(struct audit *a)
{
	struct shots_position p = shots_aimed(a->shots);
	uint8_t bytes[SMALL];
	struct wr w = { .at = bytes, .left = sizeof(bytes) };

	if (a->diary == NULL)
		return true;
	wr_u32(&w, run_ms(a));
	wr_u64(&w, p.round);
	wr_u64(&w, p.at);
	wr_u64(&w, p.asked);
	wr_u64(&w, p.heard);
	wr_u64(&w, p.done);
	put(a, DIARY_SHOTS, bytes, w.used);
	return flush(a);
}

/* Whom they are for, as bits of the scope. */
void
diary_shots_begin(struct audit *a)
{
	size_t len = (size_t)(scope_size(a->scope) / 8 + 1);
	uint8_t *bits = a->diary != NULL ? calloc(len, 1) : NULL;

	if (bits == NULL)
		return;
	for (uint64_t i = 0; i < a->live_len; i++) {
		uint64_t host = a->live != NULL ? a->live[i] : i;

		bits[host >> 3] |= (uint8_t)(1U << (host & 7));
	}
	put(a, DIARY_SHOTS_BEGIN, bits, len);
	free(bits);
	flush(a);
}

void
diary_answer(
    struct audit *a, uint32_t address, uint16_t port, enum port_state state)
{
	uint8_t bytes[SMALL];
	struct wr w = { .at = bytes, .left = sizeof(bytes) };

	wr_u32(&w, address);
	wr_u16(&w, port);
	wr_u8(&w, (uint8_t)state);
	put(a, DIARY_ANSWER, bytes, w.used);
}

/* --- visits ------------------------------------------------------------------ */

static void
wr_task(struct wr *w, const struct visit_task *t)
{
	wr_u16(w, t->port);
	wr_u8(w, t->via_udp);
	wr_u8(w, t->tries);
	wr_u8(w, t->is_canary);
	wr_u8(w, t->is_trap_ask);
	wr_u32(w, t->guess.program);
	wr_u32(w, t->guess.version);
}

static void
wr_numbers(struct wr *w, const struct visit_position *p)
{
	wr_u64(w, (uint64_t)p->rtt_ns);
	wr_u64(w, (uint64_t)p->talked_ns);
	wr_u64(w, (uint64_t)p->wasted_ns);
	wr_u32(w, p->packets);
	wr_u32(w, p->round);
	wr_u64(w, p->plan_at);
	wr_u8(w, p->echo_due);
	wr_u8(w, p->swept);
	wr_u8(w, p->begun);
	wr_u8(w, p->is_known);
	wr_u8(w, p->echo_answered);
	wr_u8(w, p->wants_canary);
	wr_u32(w, p->spoke);
	wr_u32(w, p->mute);
	wr_u32(w, p->stalls);
	wr_u32(w, p->trap_asks);
	wr_u32(w, p->packets_peak);
}

static void
wr_visit(
    struct wr *w, const struct guest *g, int move, const struct visit_change *c)
{
	const struct visit_position *p = c->position;

	wr_u32(w, g->address);
	wr_u8(w, (uint8_t)move);
	wr_u32(w, run_ms(g->audit));
	wr_numbers(w, p);
	wr_u8(w, p->in_hand);
	if (p->in_hand)
		wr_task(w, &p->tasks[0]);
	wr_u32(w, (uint32_t)c->taken);
	wr_u32(w, (uint32_t)c->added_len);
	for (size_t i = 0; i < c->added_len; i++)
		wr_task(w, &c->added[i]);
	wr_u32(w, (uint32_t)p->ports_len);
	for (size_t i = 0; i < p->ports_len; i++) {
		wr_u16(w, p->ports[i].port);
		wr_u8(w, p->ports[i].via_udp);
		wr_u8(w, (uint8_t)p->ports[i].state);
		wr_u8(w, p->ports[i].talks);
		wr_u8(w, p->ports[i].spoke_rpc);
	}
}

/* False: out of memory. */
static bool
put_visit(struct guest *g, int move)
{
	struct visit_change c;
	struct wr w = { 0 };
	uint8_t *bytes;

	if (!visit_changes(g->visit, &c))
		return false;
	w.left = VISIT_HEAD + c.position->ports_len * PORT_BYTES +
	    (c.added_len + 1) * TASK_BYTES;
	bytes = w.at = malloc(w.left);
	if (bytes != NULL) {
		wr_visit(&w, g, move, &c);
		put(g->audit, DIARY_VISIT, bytes, w.used);
	}
	free(bytes);
	visit_change_clear(&c);
	return bytes != NULL && wr_ok(&w);
}

bool
diary_move(struct guest *g, const struct move *m)
{
	if (g->audit->diary == NULL)
		return true;
	return put_visit(g, (int)m->kind) && flush(g->audit);
}

void
diary_visit(struct guest *g)
{
	if (g->audit->diary == NULL || g->visit == NULL)
		return;
	put_visit(g, 0);
	flush(g->audit);
}

void
diary_states_known(struct audit *a)
{
	if (a->diary == NULL)
		return;
	put(a, DIARY_STATES_KNOWN, NULL, 0);
	for (struct guest *g = a->guests; g != NULL; g = g->next)
		if (!g->over && !g->waits && g->visit != NULL)
			put_visit(g, 0);
	flush(a);
}

void
diary_settled(void *arg, uint32_t address, uint16_t port, bool via_udp)
{
	struct audit *a = arg;
	uint8_t bytes[SMALL];
	struct wr w = { .at = bytes, .left = sizeof(bytes) };

	wr_u32(&w, address);
	wr_u16(&w, port);
	wr_u8(&w, via_udp);
	put(a, DIARY_SETTLED, bytes, w.used);
	flush(a);
}

void
diary_halt(struct guest *g, const char *why)
{
	uint8_t bytes[SMALL * 2];
	struct wr w = { .at = bytes, .left = sizeof(bytes) };

	wr_u32(&w, g->address);
	wr_bytes(&w, why, strnlen(why, 79));
	put(g->audit, DIARY_HALT, bytes, w.used);
	flush(g->audit);
}

void
diary_over(struct guest *g)
{
	uint8_t bytes[SMALL];
	struct wr w = { .at = bytes, .left = sizeof(bytes) };

	wr_u32(&w, g->address);
	put(g->audit, DIARY_OVER, bytes, w.used);
	flush(g->audit);
}

/* --- now and then -------------------------------------------------------------- */

void
diary_tick(struct audit *a)
{
	struct run now;
	uint8_t bytes[SMALL];
	struct wr w = { .at = bytes, .left = sizeof(bytes) };

	if (a->diary == NULL)
		return;
	now = audit_counts(a);
	wr_u32(&w, run_ms(a));
	wr_u32(&w, talks_number(a->talks));
	wr_u64(&w, now.packets_sent);
	wr_u64(&w, now.frames_read);
	wr_u64(&w, now.frames_dropped);
	wr_u64(&w, now.frames_broken);
	wr_u64(&w, now.talks);
	wr_u64(&w, now.hosts_probed);
	wr_u64(&w, now.facts_dropped);
	wr_u64(&w, (uint64_t)(now.listened_s * 1000));
	put(a, DIARY_COUNTERS, bytes, w.used);
	flush(a);
}

bool
diary_begin(struct audit *a)
{
	char path[PATH_MAX];
	uint32_t generation = a->resume != NULL ? a->resume->diary + 1 : 1;

	if (a->options->output == NULL || !a->use->keeps_place)
		return true;
	if (a->diary != NULL) {
		put(a, DIARY_GONE_ON, NULL, 0);
		return flush(a);
	}
	a->diary_generation = generation;
	if (!audit_resume_write(a, generation))
		return false;
	snprintf(path, sizeof(path), "%s/" DIARY_FILE, a->options->output);
	a->diary = diary_create(path, a->key, generation);
	if (a->diary == NULL && errno == EWOULDBLOCK)
		log_error("diary",
		    "%s: another gantry is at work in that directory",
		    a->options->output);
	else if (a->diary == NULL)
		log_error(
		    "diary", "cannot write %s: %s", path, strerror(errno));
	return a->diary != NULL;
}
