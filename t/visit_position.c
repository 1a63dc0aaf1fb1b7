/* SPDX-License-Identifier: ISC */
/*
 * visit_position: a visit broken off after any number of conversations and
 * gone on with asks what an undisturbed one asks, once.
 */
#include <stdlib.h>
#include <string.h>

#include "scanner/ports.h"
#include "scanner/position.h"
#include "scanner/visit.h"
#include "t/unit.h"

static const int64_t ms = 1000000, second = 1000000000;
static const uint32_t host = 0x0a100d04; /* 10.16.13.4 */
enum { TALKS_MOST = 1000, MOVES_MOST = 20000 };

struct world {
	struct scope *scope;
	struct visit_plan plan;
	struct care care;
	struct ports ports;
	struct facts *facts;
	int64_t now;
	size_t talks, echoes, canaries;
	uint8_t count[2][65536]; /* TCP, UDP */
	int64_t last[2][65536];
	bool is_deaf; /* no port of it answers, but ARP does */
};

static void
world_init(struct world *w)
{
	char error[SCOPE_ERROR];

	memset(w, 0, sizeof(*w));
	w->now = 1000 * second;
	w->scope = scope_new();
	ck_assert(scope_allow(w->scope, "10.16.13.4", error));
	ck_assert(scope_freeze(w->scope, error));
	ck_assert(ports_parse("T:20-30,104,1023,4006,U:111", &w->ports, error));
	w->care = *care_find("gentle");
	w->plan = (struct visit_plan){ .care = &w->care,
		.scope = w->scope,
		.tcp = w->ports.tcp,
		.tcp_len = w->ports.tcp_len,
		.udp = w->ports.udp,
		.udp_len = w->ports.udp_len,
		.reserved_sweep = true,
		.icmp = true,
		.key = 42 };
	w->facts = facts_new();
}

static void
world_free(struct world *w)
{
	facts_free(w->facts);
	ports_free(&w->ports);
	scope_free(w->scope);
}

/* A portmapper that names two of its three programs, DICOM, two silent ports,
 * the others closed. */
static enum port_state
answer(struct world *w, const struct move *m, struct visit_outcome *o)
{
	if (w->is_deaf)
		return m->via_udp ? PORT_OPEN_FILTERED : PORT_FILTERED;
	o->packets = m->via_udp ? 1 : 6;
	o->heard = 100;
	o->facts = w->facts;
	if (m->port == 111) {
		facts_printf(w->facts, FACT_RPC_PORTMAPPER, NULL, 0, "udp");
		facts_about(
		    w->facts, (struct about){ .kind = ABOUT_TCP, .port = 658 });
		facts_printf(
		    w->facts, FACT_RPC_PROGRAM, NULL, 0, "100004 ypserv v1-2");
		facts_about(
		    w->facts, (struct about){ .kind = ABOUT_UDP, .port = 654 });
		facts_printf(
		    w->facts, FACT_RPC_PROGRAM, NULL, 0, "100004 ypserv v2");
		return PORT_OPEN;
	}
	if (m->port == 658 || m->port == 654 || m->port == 670) {
		facts_printf(
		    w->facts, FACT_RPC_ANSWERED, NULL, 0, "100004 ypserv v2");
		return PORT_OPEN;
	}
	if (m->port == 104)
		return PORT_OPEN;
	o->heard = 0;
	o->packets = 1;
	return m->port == 22 || m->port == 27 || m->port == 640 ? PORT_FILTERED
								: PORT_CLOSED;
}

static void
world_talk(struct world *w, struct visit *v, const struct move *m, bool held)
{
	struct visit_outcome o = { .packets = 1, .rtt_ns = 2 * ms };

	w->talks++;
	if (w->count[m->via_udp][m->port]++ > 0)
		ck_assert_int_ge(w->now - w->last[m->via_udp][m->port], second);
	facts_begin(w->facts,
	    (struct about){
		.kind = m->via_udp ? ABOUT_UDP : ABOUT_TCP, .port = m->port },
	    NULL, 0);
	if (!held)
		return;
	o.state = answer(w, m, &o);
	w->now += o.state == PORT_FILTERED ? m->connect_wait_ns : 20 * ms;
	w->last[m->via_udp][m->port] = w->now;
	visit_talk_done(v, w->now, &o);
}

/* Runs until `talks` conversations have ended, in all, or to the end; the
 * last of them is left under way if not held.  Returns whether to the end. */
static bool
world_run(struct world *w, struct visit *v, size_t talks, bool held)
{
	struct move m;

	for (int i = 0; i < MOVES_MOST; i++) {
		if (w->talks >= talks && held)
			return false;
		visit_next(v, w->now, &m);
		if (m.kind == MOVE_END)
			return true;
		if (m.kind == MOVE_WAIT) {
			ck_assert_int_gt(m.at_ns, w->now);
			w->now = m.at_ns;
		} else if (m.kind == MOVE_TALK) {
			bool is_last = w->talks + 1 >= talks;

			world_talk(w, v, &m, held || !is_last);
			if (is_last && !held)
				return false;
		} else {
			w->echoes += m.kind == MOVE_ECHO;
			w->canaries += m.kind == MOVE_CANARY;
			if (m.kind == MOVE_CANARY)
				visit_alive(v, false);
		}
	}
	ck_abort_msg("no end");
	return true;
}

/* The visit as another process has it. */
static struct visit *
carry_over(struct world *w, struct visit *v)
{
	struct visit_position p;
	struct visit *again;

	ck_assert(visit_position(v, &p));
	visit_free(v);
	w->now += 3600 * second;
	again = visit_new(&w->plan, host, true, 0);
	ck_assert_ptr_nonnull(again);
	ck_assert(visit_restore(again, w->now, &p));
	visit_position_clear(&p);
	return again;
}

static void
summary_of(const struct visit *v, char *out, size_t size)
{
	struct facts *facts = facts_new();

	out[0] = '\0';
	facts_begin(facts, (struct about){ 0 }, NULL, 0);
	visit_summary(v, facts);
	for (size_t i = 0; i < facts_count(facts); i++) {
		size_t used = strlen(out);

		snprintf(out + used, size - used, "%s=%s;",
		    fact_key_text(facts_at(facts, i)->key),
		    facts_at(facts, i)->value);
	}
	facts_free(facts);
}

/* One undisturbed visit, and for every k one broken off after k. */
static void
every_break(bool is_deaf)
{
	static struct world whole, cut;
	char wanted[2048], got[2048];
	struct visit *v;

	world_init(&whole);
	whole.is_deaf = is_deaf;
	v = visit_new(&whole.plan, host, true, 0);
	ck_assert(world_run(&whole, v, TALKS_MOST, true));
	ck_assert(!visit_has_more(v));
	summary_of(v, wanted, sizeof(wanted));
	visit_free(v);
	ck_assert_uint_gt(whole.talks, 15);

	for (size_t k = 0; k <= whole.talks; k++) {
		world_init(&cut);
		cut.is_deaf = is_deaf;
		v = visit_new(&cut.plan, host, true, 0);
		world_run(&cut, v, k, true);
		visit_stop(v);
		ck_assert(world_run(&cut, v, TALKS_MOST, true));
		ck_assert_uint_eq(cut.talks, k);
		if (k < whole.talks)
			ck_assert(visit_has_more(v));
		v = carry_over(&cut, v);
		ck_assert(world_run(&cut, v, TALKS_MOST, true));
		ck_assert_mem_eq(cut.count, whole.count, sizeof(cut.count));
		ck_assert_uint_eq(cut.echoes, 1);
		ck_assert_uint_eq(cut.canaries, whole.canaries);
		summary_of(v, got, sizeof(got));
		ck_assert_str_eq(got, wanted);
		visit_free(v);
		world_free(&cut);
	}
	world_free(&whole);
}

START_TEST(broken_off_anywhere_asks_the_same_once)
{
	every_break(false);
}
END_TEST

START_TEST(silent_ports_get_their_second_look_and_no_third)
{
	every_break(true);
}
END_TEST

/* Broken off after each single conversation. */
START_TEST(broken_off_again_and_again)
{
	static struct world whole, cut;
	struct visit *v;
	size_t k = 0;

	world_init(&whole);
	v = visit_new(&whole.plan, host, true, 0);
	world_run(&whole, v, TALKS_MOST, true);
	visit_free(v);
	world_init(&cut);
	v = visit_new(&cut.plan, host, true, 0);
	while (!world_run(&cut, v, ++k, true))
		v = carry_over(&cut, v);
	ck_assert_mem_eq(cut.count, whole.count, sizeof(cut.count));
	ck_assert_uint_eq(cut.echoes, 1);
	visit_free(v);
	world_free(&cut);
	world_free(&whole);
}
END_TEST

/* The process ended before the conversation did: that one is held again. */
START_TEST(a_conversation_cut_short_is_held_again)
{
	static struct world whole, cut;
	struct visit *v;

	world_init(&whole);
	v = visit_new(&whole.plan, host, true, 0);
	world_run(&whole, v, TALKS_MOST, true);
	visit_free(v);
	for (size_t k = 1; k <= whole.talks; k++) {
		size_t twice = 0;

		world_init(&cut);
		v = visit_new(&cut.plan, host, true, 0);
		world_run(&cut, v, k, false);
		v = carry_over(&cut, v);
		ck_assert(world_run(&cut, v, TALKS_MOST, true));
		for (size_t t = 0; t < 2; t++)
			for (size_t p = 0; p < 65536; p++) {
				ck_assert_uint_ge(
				    cut.count[t][p], whole.count[t][p]);
				twice +=
				    (size_t)cut.count[t][p] - whole.count[t][p];
			}
		/* 0 where it counts as one of a silent port's two looks. */
		ck_assert_uint_le(twice, 1);
		visit_free(v);
		world_free(&cut);
	}
	world_free(&whole);
}
END_TEST

/* It was silent when the run was broken off: first a sign of life. */
START_TEST(a_canary_that_was_wanted_is_asked_first)
{
	static struct world w;
	struct visit *v;
	struct move m = { 0 };

	world_init(&w);
	w.is_deaf = true;
	v = visit_new(&w.plan, host, true, 0);
	world_run(&w, v, 1, true);
	visit_stop(v);
	ck_assert(visit_has_more(v));
	v = carry_over(&w, v);
	do {
		visit_next(v, w.now, &m);
		w.now = m.kind == MOVE_WAIT ? m.at_ns : w.now;
	} while (m.kind == MOVE_WAIT);
	ck_assert_int_eq(m.kind, MOVE_CANARY);
	visit_free(v);
	world_free(&w);
}
END_TEST

START_TEST(what_the_scope_denies_is_not_restored)
{
	static struct world w;
	struct visit_task tasks[] = { { .port = 515 }, { .port = 9100 },
		{ .port = 80 } };
	struct visit_position p = { .tasks = tasks,
		.tasks_len = 3,
		.in_hand = true,
		.begun = true,
		.round = 7,
		.plan_at = 4711 };
	size_t done, left;
	struct visit *v;

	world_init(&w);
	v = visit_new(&w.plan, host, true, 0);
	ck_assert(visit_restore(v, w.now, &p));
	visit_progress(v, &done, &left);
	ck_assert_uint_eq(done, 0);
	ck_assert_uint_eq(left, 1);
	ck_assert(world_run(&w, v, TALKS_MOST, true));
	ck_assert_uint_eq(w.count[0][515] + w.count[0][9100], 0);
	ck_assert_uint_eq(w.count[0][80], 1);
	ck_assert_uint_eq(w.talks, 1);
	visit_free(v);
	world_free(&w);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { broken_off_anywhere_asks_the_same_once,
		silent_ports_get_their_second_look_and_no_third,
		broken_off_again_and_again,
		a_conversation_cut_short_is_held_again,
		a_canary_that_was_wanted_is_asked_first,
		what_the_scope_denies_is_not_restored, NULL };

	return unit_run("visit_position", tests);
}
