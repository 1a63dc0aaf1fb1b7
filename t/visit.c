/* SPDX-License-Identifier: ISC */
/*
 * visit: whole visits to made-up hosts on a fake clock: what is sent, when,
 * and when to stop.
 */
#include <stdlib.h>
#include <string.h>

#include "scanner/ports.h"
#include "scanner/rpcnames.h"
#include "scanner/visit.h"
#include "t/unit.h"

static const int64_t ms = 1000000, second = 1000000000;
static const uint32_t host = 0x0a100d04; /* 10.16.13.4 */
enum { SENT_MAX = 4096, MOVES_MAX = 20000 };

/* A host, and what it was sent. */
struct world {
	/* Returns the state of a port; facts may be filled. */
	enum port_state (*port)(
	    struct world *, const struct move *m, struct visit_outcome *out);
	bool answers_arp;
	int dies_after; /* talks; 0: never */
	struct scope *scope;
	struct visit_plan plan;
	struct care care;
	struct ports ports;
	struct facts *facts;
	int64_t now;
	int64_t initiations[SENT_MAX], packets[SENT_MAX];
	size_t initiations_len, packets_len, talks, canaries, echoes;
	uint8_t tcp_talks[65536], udp_talks[65536];
	int64_t tcp_last[65536];
	char halted[80];
	int64_t died_at;
	size_t after_death;
	int64_t takes;          /* how long this conversation lasts; 0: 30 ms */
	int64_t talked;         /* all of them together */
	int64_t shortest_first; /* wait of any protocol's first */
	bool tarpit;
	uint16_t known_open; /* by a raw SYN, before the visit */
	bool is_unresolved;  /* our kernel asks by ARP before each talk */
	int64_t late;        /* at most: until what is to be sent leaves */
};

static void
left(struct world *w, size_t packets)
{
	for (size_t i = 0; i < packets && w->packets_len < SENT_MAX; i++)
		w->packets[w->packets_len++] = w->now;
}

static void
sent(struct world *w, size_t packets)
{
	ck_assert(w->initiations_len < SENT_MAX);
	w->initiations[w->initiations_len++] = w->now;
	left(w, packets);
	if (w->died_at != 0)
		w->after_death++;
}

static void
world_init(struct world *w, const char *ports)
{
	char error[SCOPE_ERROR];

	memset(w, 0, sizeof(*w));
	w->answers_arp = true;
	w->now = 1000 * second;
	w->scope = scope_new();
	ck_assert(scope_allow(w->scope, "10.16.13.4", error));
	ck_assert(scope_freeze(w->scope, error));
	ck_assert(ports_parse(ports, &w->ports, error));
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

/* The handshake and the first acknowledgement leave at once; words, and the
 * end, are held back where they are too many for the second (talk_speak.c). */
static void
world_send(struct world *w, const struct move *m, struct host_pace *pace,
    unsigned packets)
{
	unsigned first = packets < 3 ? packets : 3;

	*pace = *m->pace; /* with the first packet in it */
	host_pace_left(pace, w->now);
	host_pace_packets(pace, w->now, first - 1);
	sent(w, first);
	/* Who is to speak at once is not kept waiting: words, and what they
	 * lead to. */
	if (!m->via_udp && !m->probe->listens_first && packets > 1) {
		struct host_pace talk; /* knows no initiations */

		host_pace_init(&talk, 1, w->care.packets);
		host_pace_follow(&talk, pace);
		ck_assert_int_eq(host_pace_when(&talk, w->now, 1, 3), w->now);
	}
	if (packets == first)
		return;
	w->now = host_pace_when(pace, w->now, 1, packets - first);
	host_pace_packets(pace, w->now, packets - first);
	left(w, packets - first);
}

static void
world_talk(struct world *w, struct visit *v, const struct move *m)
{
	struct host_pace pace;
	struct visit_outcome o = { .packets = 1, .rtt_ns = 2 * ms };
	enum port_state state;
	int64_t asked = w->now;

	w->talks++;
	w->takes = 0;
	if (w->dies_after && w->talks > (size_t)w->dies_after &&
	    w->died_at == 0)
		w->died_at = w->now;
	if (!m->via_udp) {
		w->tcp_talks[m->port]++;
		if (w->tcp_talks[m->port] > 1)
			ck_assert_int_ge(w->now - w->tcp_last[m->port], second);
	} else {
		w->udp_talks[m->port]++;
	}
	facts_begin(w->facts,
	    (struct about){
		.kind = m->via_udp ? ABOUT_UDP : ABOUT_TCP, .port = m->port },
	    NULL, 0);
	state = w->died_at ? (m->via_udp ? PORT_OPEN_FILTERED : PORT_FILTERED)
			   : w->port(w, m, &o);
	o.state = state;
	world_send(w, m, &pace, o.packets);
	o.pace = &pace;
	/* A conversation takes its time. */
	if (w->takes == 0)
		w->takes = 30 * ms;
	w->talked += state == PORT_OPEN ? w->takes : 0;
	w->now += state == PORT_FILTERED ? m->connect_wait_ns
	    : state == PORT_OPEN         ? w->takes
					 : 2 * ms;
	if (state == PORT_FILTERED && o.packets > 1) {
		w->now += second - m->connect_wait_ns;
		sent(w, 0);
	}
	w->tcp_last[m->port] = state == PORT_FILTERED ? asked : w->now;
	visit_talk_done(v, w->now, &o);
}

/* Runs a visit to its end; returns how long it took. */
static int64_t
world_run(struct world *w)
{
	struct visit *v = visit_new(&w->plan, host, true, 0);
	int64_t began = w->now;
	struct move m;

	ck_assert_ptr_nonnull(v);
	if (w->known_open != 0)
		visit_known(v, w->known_open, PORT_OPEN);
	for (int i = 0;; i++) {
		ck_assert_int_lt(i, MOVES_MAX);
		visit_unresolved(v, w->is_unresolved);
		visit_next(v, w->now, &m);
		if (m.kind == MOVE_END)
			break;
		if (m.kind == MOVE_WAIT) {
			ck_assert_int_gt(m.at_ns, w->now);
			w->now = m.at_ns;
			continue;
		}
		/* Other processes, or the disk, may have it wait. */
		if (w->late > 0)
			w->now += rand() % w->late;
		visit_left(v, w->now);
		if (m.kind == MOVE_TALK) {
			if (w->is_unresolved)
				sent(w, 1);
			world_talk(w, v, &m);
		} else {
			w->canaries += m.kind == MOVE_CANARY;
			w->echoes += m.kind == MOVE_ECHO;
			sent(w, 1);
			if (m.kind == MOVE_CANARY && w->answers_arp &&
			    w->died_at == 0)
				visit_alive(v, false);
		}
	}
	if (visit_halted(v) != NULL)
		snprintf(w->halted, sizeof(w->halted), "%s", visit_halted(v));
	facts_begin(w->facts, (struct about){ 0 }, NULL, 0);
	visit_summary(v, w->facts);
	w->tarpit = facts_get(w->facts, FACT_HOST_TARPIT) != NULL;
	visit_free(v);
	return w->now - began;
}

static void
world_free(struct world *w)
{
	facts_free(w->facts);
	scope_free(w->scope);
	ports_free(&w->ports);
}

/* The most entries of a sorted list that fall into any one second. */
static size_t
peak(const int64_t *at, size_t n)
{
	size_t most = 0;

	for (size_t i = 0, j = 0; i < n; i++) {
		while (at[i] - at[j] >= second)
			j++;
		most = i - j + 1 > most ? i - j + 1 : most;
	}
	return most;
}

static enum port_state
all_closed(struct world *w, const struct move *m, struct visit_outcome *o)
{
	(void)w;
	(void)m;
	(void)o;
	return PORT_CLOSED;
}

static enum port_state
all_silent(struct world *w, const struct move *m, struct visit_outcome *o)
{
	(void)w;
	(void)o;
	return m->via_udp ? PORT_OPEN_FILTERED : PORT_FILTERED;
}

/* Asked when the clock is late: our kernel has sent its SYN once more. */
static enum port_state
all_silent_late(struct world *w, const struct move *m, struct visit_outcome *o)
{
	o->packets = m->via_udp ? 1 : 2;
	return all_silent(w, m, o);
}

static enum port_state
all_open(struct world *w, const struct move *m, struct visit_outcome *o)
{
	(void)w;
	o->packets = m->via_udp ? 1 : 6;
	return m->via_udp ? PORT_CLOSED : PORT_OPEN;
}

static enum port_state
tarpit(struct world *w, const struct move *m, struct visit_outcome *o)
{
	(void)w;
	o->packets = 8;
	o->stalled = true;
	return m->via_udp ? PORT_OPEN_FILTERED : PORT_OPEN;
}

/* The portmapper answers; what it names follows. */
static void
map_begins(struct world *w, struct visit_outcome *o)
{
	o->heard = 100;
	o->facts = w->facts;
	facts_printf(w->facts, FACT_RPC_PORTMAPPER, NULL, 0, "udp");
}

static void
map_names(struct world *w, struct about about, const char *program)
{
	facts_about(w->facts, about);
	facts_printf(w->facts, FACT_RPC_PROGRAM, NULL, 0, "%s", program);
}

/* A console: a portmapper that names two of its three RPC ports. */
static enum port_state
console(struct world *w, const struct move *m, struct visit_outcome *o)
{
	static const uint16_t rpc[] = { 658, 700, 725 };

	o->packets = m->via_udp ? 1 : 6;
	if (m->port == 111) {
		map_begins(w, o);
		for (size_t i = 0; i < 3; i += 2)
			map_names(w, (struct about){ ABOUT_TCP, rpc[i] },
			    i ? "100005 mountd v1" : "100004 ypserv v1-2");
		return PORT_OPEN;
	}
	for (size_t i = 0; i < 3 && !m->via_udp; i++) {
		if (m->port != rpc[i])
			continue;
		ck_assert_str_eq(m->probe->name, "rpc");
		ck_assert_uint_eq(m->guess.program,
		    i == 0       ? (uint32_t)RPC_YPSERV
			: i == 2 ? 100005U
				 : 0U);
		o->heard = 28;
		o->facts = w->facts;
		facts_printf(
		    w->facts, FACT_RPC_ANSWERED, NULL, 0, "100004 ypserv v2");
		return PORT_OPEN;
	}
	return PORT_CLOSED;
}

START_TEST(every_port_is_tried_once)
{
	struct world w;

	world_init(&w, "T:20-60,U:111");
	w.port = all_closed;
	world_run(&w);
	for (unsigned port = 0; port < 65536; port++)
		ck_assert_uint_eq(w.tcp_talks[port], port >= 20 && port <= 60);
	ck_assert_uint_eq(w.udp_talks[111], 1);
	ck_assert_uint_eq(w.echoes, 1);
	ck_assert_uint_eq(w.canaries, 0);
	ck_assert_str_eq(w.halted, "");
	world_free(&w);
}
END_TEST

START_TEST(limits_hold_in_any_second)
{
	enum port_state (*const kinds[])(struct world *, const struct move *,
	    struct visit_outcome *) = { all_closed, all_silent, all_silent_late,
		all_open, tarpit, console };
	enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };
	struct world w;

	srand(20261126);
	for (size_t i = 0; i < 4 * KINDS; i++) {
		world_init(&w, "T:20-60,U:111");
		w.port = kinds[i % KINDS];
		w.late = i / KINDS % 2 == 0 ? 0 : 300 * ms;
		w.is_unresolved = i / KINDS > 1;
		world_run(&w);
		ck_assert_uint_le(peak(w.initiations, w.initiations_len), 5);
		ck_assert_uint_le(peak(w.packets, w.packets_len), 12);
		world_free(&w);
	}
}
END_TEST

/* Five questions in a second, and not a fifth of one less. */
START_TEST(the_limit_is_used)
{
	int64_t took[2];
	struct world w;

	for (int i = 0; i < 2; i++) {
		world_init(&w, "T:20-60");
		w.port = all_closed;
		w.is_unresolved = i == 1;
		took[i] = world_run(&w);
		ck_assert_uint_eq(peak(w.initiations, w.initiations_len), 5);
		world_free(&w);
	}
	ck_assert_int_lt(took[0], 42 * second / 5 * 21 / 20);
	ck_assert_int_gt(took[1], 2 * took[0] * 9 / 10);
}
END_TEST

/* On the link ARP has told that it lives, and will again. */
START_TEST(states_alone_need_no_echo_on_the_link)
{
	struct world w;

	world_init(&w, "T:20-22");
	w.port = all_closed;
	w.plan.states_only = true;
	world_run(&w);
	ck_assert_uint_eq(w.echoes, 0);
	ck_assert_uint_eq(w.talks, 3);
	world_free(&w);
}
END_TEST

/* The kernel loses each port's first question, and then each. */
static enum port_state
lost_once(struct world *w, const struct move *m, struct visit_outcome *o)
{
	o->unsent = !m->via_udp && w->tcp_talks[m->port] == 1;
	return o->unsent ? PORT_UNPROBED : PORT_CLOSED;
}

static enum port_state
always_lost(struct world *w, const struct move *m, struct visit_outcome *o)
{
	(void)w;
	o->unsent = !m->via_udp;
	return o->unsent ? PORT_UNPROBED : PORT_CLOSED;
}

START_TEST(what_never_left_is_said_again)
{
	struct world w;

	world_init(&w, "T:20-50,U:111");
	w.port = lost_once;
	world_run(&w);
	for (unsigned port = 20; port <= 50; port++)
		ck_assert_uint_eq(w.tcp_talks[port], 2);
	ck_assert_uint_eq(w.canaries, 31);
	ck_assert_str_eq(w.halted, "");
	ck_assert_uint_le(peak(w.initiations, w.initiations_len), 5);
	world_free(&w);
	/* but not without end */
	world_init(&w, "T:20-50,U:111");
	w.port = always_lost;
	world_run(&w);
	ck_assert_uint_eq(w.canaries, 31 + 40);
	ck_assert_uint_eq(w.initiations_len, 2 + 2 * w.canaries);
	ck_assert_str_eq(w.halted, "");
	world_free(&w);
	/* nor is a host asked that does not live */
	world_init(&w, "T:20-50,U:111");
	w.port = always_lost;
	w.answers_arp = false;
	world_run(&w);
	ck_assert_uint_eq(w.canaries, 1);
	ck_assert_str_ne(w.halted, "");
	world_free(&w);
}
END_TEST

START_TEST(harmful_ports_are_never_tried)
{
	struct world w;

	world_init(&w, "T:1-1023");
	w.port = all_closed;
	world_run(&w);
	ck_assert_int_eq(w.tcp_talks[515] + w.tcp_talks[7] + w.tcp_talks[9] +
		w.tcp_talks[13] + w.tcp_talks[19] + w.tcp_talks[512] +
		w.tcp_talks[514] + w.tcp_talks[631],
	    0);
	ck_assert_uint_eq(w.tcp_talks[516], 1);
	world_free(&w);
}
END_TEST

START_TEST(silent_ports_get_a_second_look_and_a_canary)
{
	struct world w;

	world_init(&w, "T:20-29");
	w.port = all_silent;
	world_run(&w);
	for (unsigned port = 20; port < 30; port++)
		ck_assert_uint_eq(w.tcp_talks[port], 2);
	ck_assert_uint_eq(w.canaries, 20);
	ck_assert_str_eq(w.halted, "");
	world_free(&w);
}
END_TEST

/* A portmapper that keeps silent is asked in a second conversation; of what
 * has asked twice by itself one is enough. */
START_TEST(brief_questions_are_not_held_again)
{
	struct world w;

	world_init(&w, "U:111,123,137,161");
	w.port = all_silent;
	world_run(&w);
	ck_assert_uint_eq(w.udp_talks[111], 2);
	ck_assert_uint_eq(w.udp_talks[123], 1);
	ck_assert_uint_eq(w.udp_talks[137], 1);
	ck_assert_uint_eq(w.udp_talks[161], 1);
	ck_assert_str_eq(w.halted, "");
	world_free(&w);
}
END_TEST

/* A packet lost, as it were. */
static enum port_state
silent_once(struct world *w, const struct move *m, struct visit_outcome *o)
{
	(void)o;
	return w->tcp_talks[m->port] == 1 ? PORT_FILTERED : PORT_OPEN;
}

START_TEST(a_port_known_to_be_open_gets_a_second_look)
{
	struct world w;

	world_init(&w, "T:104");
	w.known_open = 104;
	w.port = silent_once;
	world_run(&w);
	ck_assert_uint_eq(w.tcp_talks[104], 2);
	ck_assert_uint_eq(w.canaries, 1);
	ck_assert_str_eq(w.halted, "");
	world_free(&w);
}
END_TEST

START_TEST(two_silences_halt_it)
{
	struct world w;

	world_init(&w, "T:20-60");
	w.port = all_closed;
	w.dies_after = 5;
	world_run(&w);
	ck_assert_str_ne(w.halted, "");
	ck_assert_uint_le(w.after_death, 2);
	world_free(&w);
}
END_TEST

START_TEST(named_programs_are_called_and_neighbours_found)
{
	struct world w;

	world_init(&w, "T:104,U:111");
	w.port = console;
	world_run(&w);
	ck_assert_uint_eq(w.tcp_talks[658], 1);
	ck_assert_uint_eq(w.tcp_talks[700], 1);
	ck_assert_uint_eq(w.tcp_talks[725], 1);
	ck_assert_uint_eq(w.tcp_talks[658 - 24], 1);
	ck_assert_uint_eq(w.tcp_talks[658 - 25], 0);
	ck_assert_uint_eq(w.tcp_talks[725 + 24], 1);
	ck_assert_uint_eq(w.tcp_talks[725 + 25], 0);
	/* 631 prints, even inside the neighbourhood: see the next test */
	world_free(&w);
}
END_TEST

/* A map of two programs: one at the ring's end, one far away. */
static enum port_state
around_the_end(struct world *w, const struct move *m, struct visit_outcome *o)
{
	static const uint16_t rpc[] = { 1020, 800 };

	o->packets = m->via_udp ? 1 : 6;
	if (m->port != 111)
		return PORT_CLOSED;
	map_begins(w, o);
	for (size_t i = 0; i < 2; i++)
		map_names(w, (struct about){ ABOUT_TCP, rpc[i] },
		    "100004 ypserv v1-2");
	return PORT_OPEN;
}

/* After 1023 bindresvport() goes on at 600. */
START_TEST(the_neighbours_of_the_last_reserved_port_are_the_first)
{
	struct world w;

	world_init(&w, "T:104,U:111");
	w.port = around_the_end;
	world_run(&w);
	ck_assert_uint_eq(w.tcp_talks[1023], 1);
	ck_assert_uint_eq(w.tcp_talks[600], 1);
	ck_assert_uint_eq(w.tcp_talks[620], 1);
	ck_assert_uint_eq(w.tcp_talks[621], 0);
	ck_assert_uint_eq(w.tcp_talks[800 + 24], 1);
	ck_assert_uint_eq(w.tcp_talks[900], 0); /* no cluster spans this */
	world_free(&w);
}
END_TEST

/* A portmapper that names DICOM's port, and the one consoles call on. */
static enum port_state
liar(struct world *w, const struct move *m, struct visit_outcome *o)
{
	static const struct about named[] = { { ABOUT_TCP, 104 },
		{ ABOUT_TCP, 21 }, { ABOUT_UDP, 1600 }, { ABOUT_TCP, 515 } };

	ck_assert(m->port == 104 || m->port == 111);
	if (m->port == 104) {
		ck_assert_str_eq(m->probe->name, "dicom");
		return PORT_CLOSED;
	}
	map_begins(w, o);
	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		map_names(w, named[i], "100004 ypserv v1-2");
	return PORT_OPEN;
}

START_TEST(a_lying_map_sends_nobody_astray)
{
	struct world w;

	world_init(&w, "T:104,U:111");
	w.port = liar;
	world_run(&w);
	ck_assert_uint_eq(w.tcp_talks[104], 1);
	ck_assert_uint_eq(w.udp_talks[1600], 0);
	ck_assert_uint_eq(w.tcp_talks[515], 0);
	world_free(&w);
}
END_TEST

START_TEST(a_trap_is_left_early)
{
	struct world w;

	world_init(&w, "T:1000-1999");
	w.port = all_open;
	world_run(&w);
	ck_assert_uint_le(w.talks, 9); /* six, two more, and UDP */
	world_free(&w);
}
END_TEST

START_TEST(a_tarpit_is_left_early)
{
	struct world w;

	world_init(&w, "T:1000-1999");
	w.port = tarpit;
	world_run(&w);
	ck_assert(w.tarpit);
	ck_assert_uint_le(w.talks, 3);
	world_free(&w);
}
END_TEST

/* The wait a conversation with a mute port lasts. */
static int64_t
silence(const struct move *m)
{
	int64_t wait = m->probe->wait_ms * ms;

	return m->wait_ns < wait ? m->wait_ns : wait;
}

static enum port_state
mute(struct world *w, const struct move *m, struct visit_outcome *o)
{
	if (m->via_udp || m->port < 100 || m->port >= 40000)
		return PORT_CLOSED;
	o->packets = 5;
	w->takes = silence(m);
	return PORT_OPEN;
}

static enum port_state
dripping(struct world *w, const struct move *m, struct visit_outcome *o)
{
	enum port_state state = mute(w, m, o);

	o->heard = 4;
	o->dripped = true;
	return state;
}

/* Answers every question, and never says what it is. */
static enum port_state
talkative(struct world *w, const struct move *m, struct visit_outcome *o)
{
	int64_t deadline = m->probe->deadline_ms * ms;

	if (m->via_udp || m->port < 100 || m->port >= 40000)
		return PORT_CLOSED;
	o->packets = 60;
	o->heard = 2000;
	w->takes = m->deadline_ns < deadline ? m->deadline_ns : deadline;
	return PORT_OPEN;
}

START_TEST(silence_costs_a_bounded_time)
{
	enum port_state (*const kinds[])(struct world *, const struct move *,
	    struct visit_outcome *) = { mute, dripping };
	const char *const levels[] = { "gentle", "standard", "lab" };
	struct world w;

	for (size_t i = 0; i < 6; i++) {
		int64_t most;

		/* rpc, dicom, connect; 90 is closed: no trap */
		world_init(&w, "T:90,104,2345,4242,600-700,2000-2099");
		w.care = *care_find(levels[i / 2]);
		w.port = kinds[i % 2];
		world_run(&w);
		ck_assert_uint_eq(w.tcp_talks[104], 1);
		ck_assert_uint_eq(w.tcp_talks[2099], 1);
		most = w.care.patience_ns + 4 * w.care.wait_ns +
		    204 * w.care.brief_ns;
		ck_assert_int_le(w.talked, most);
		ck_assert_int_ge(w.talked, w.care.patience_ns);
		world_free(&w);
	}
}
END_TEST

/* The first conversation of a protocol gets its full time, however long the
 * others kept us waiting. */
static enum port_state
slow_dicom(struct world *w, const struct move *m, struct visit_outcome *o)
{
	if (m->probe != probe_find("dicom"))
		return mute(w, m, o);
	ck_assert_int_ge(m->wait_ns, w->care.wait_ns);
	o->packets = 8;
	o->heard = 190;
	return PORT_OPEN;
}

START_TEST(patience_is_kept_for_each_protocol)
{
	struct world w;

	for (uint64_t key = 0; key < 20; key++) {
		world_init(&w, "T:90,104,600-640");
		w.plan.key = key;
		w.port = slow_dicom;
		world_run(&w);
		ck_assert_uint_eq(w.tcp_talks[104], 1);
		world_free(&w);
	}
}
END_TEST

/* Whoever asks for states alone waits for no answer to words. */
static enum port_state
mute_briefly(struct world *w, const struct move *m, struct visit_outcome *o)
{
	ck_assert_int_eq(m->wait_ns, w->care.brief_ns);
	return mute(w, m, o);
}

START_TEST(states_alone_wait_briefly)
{
	struct world w;

	world_init(&w, "T:90,104");
	w.plan.wait_ns = w.care.brief_ns;
	w.port = mute_briefly;
	world_run(&w);
	ck_assert_uint_eq(w.tcp_talks[104], 1);
	world_free(&w);
}
END_TEST

START_TEST(talk_costs_a_bounded_time)
{
	struct world w;
	int64_t most;

	world_init(&w, "T:90,600-1023");
	w.port = talkative;
	world_run(&w);
	most = w.care.talking_ns + 424 * 2 * w.care.brief_ns;
	ck_assert_int_ge(w.talked, w.care.talking_ns);
	ck_assert_int_le(w.talked, most);
	world_free(&w);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { every_port_is_tried_once,
		limits_hold_in_any_second, the_limit_is_used,
		states_alone_need_no_echo_on_the_link,
		what_never_left_is_said_again, harmful_ports_are_never_tried,
		silent_ports_get_a_second_look_and_a_canary,
		brief_questions_are_not_held_again,
		a_port_known_to_be_open_gets_a_second_look,
		two_silences_halt_it,
		named_programs_are_called_and_neighbours_found,
		the_neighbours_of_the_last_reserved_port_are_the_first,
		a_lying_map_sends_nobody_astray, a_trap_is_left_early,
		a_tarpit_is_left_early, silence_costs_a_bounded_time,
		states_alone_wait_briefly, patience_is_kept_for_each_protocol,
		talk_costs_a_bounded_time, NULL };

	return unit_run("visit", tests);
}
