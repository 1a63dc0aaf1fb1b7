/* SPDX-License-Identifier: ISC */
/* visit - what comes next at one host: queue, pace, canary. */
#include <stdlib.h>
#include <string.h>

#include "scanner/text.h"
#include "scanner/visit_state.h"

static const int64_t canary_wait_ns = 1000000000;
static const int64_t wait_floor_ns = 150000000;

static int
compare_port(const void *key, const void *item)
{
	return (int)*(const uint16_t *)key - (int)*(const uint16_t *)item;
}

static struct note *
note_add(struct visit *v, uint16_t port, bool via_udp)
{
	if (v->notes_len == v->notes_room) {
		size_t room = v->notes_room ? 2 * v->notes_room : 64;
		struct note *n = realloc(v->notes, room * sizeof(*n));

		if (n == NULL)
			return NULL;
		v->notes = n;
		v->notes_room = room;
	}
	v->notes[v->notes_len] =
	    (struct note){ .port = port, .via_udp = via_udp };
	return &v->notes[v->notes_len++];
}

static const uint16_t *
find_in_plan(const struct visit *v, uint16_t port)
{
	const struct visit_plan *plan = v->plan;

	if (plan->tcp_len == 0)
		return NULL;
	return bsearch(
	    &port, plan->tcp, plan->tcp_len, sizeof(port), compare_port);
}

bool
visit_in_plan(const struct visit *v, uint16_t port)
{
	return find_in_plan(v, port) != NULL;
}

struct note *
visit_note(struct visit *v, uint16_t port, bool via_udp)
{
	const struct visit_plan *plan = v->plan;
	const uint16_t *in_plan = via_udp ? NULL : find_in_plan(v, port);

	if (in_plan != NULL)
		return &v->notes[in_plan - plan->tcp];
	for (size_t i = plan->tcp_len; i < v->notes_len; i++)
		if (v->notes[i].port == port && v->notes[i].via_udp == via_udp)
			return &v->notes[i];
	return note_add(v, port, via_udp);
}

/* Room for one more task; false when the ceiling or memory ends it. */
static bool
queue_grow(struct visit *v)
{
	size_t room = v->queue_room ? 2 * v->queue_room : 16;
	struct task *grown;

	if (v->head > 0) {
		memmove(v->queue, v->queue + v->head,
		    (v->tail - v->head) * sizeof(v->queue[0]));
		v->tail -= v->head;
		v->head = 0;
		return true;
	}
	if (room > VISIT_TASKS_MAX)
		return false;
	grown = realloc(v->queue, room * sizeof(*grown));
	if (grown == NULL)
		return false;
	v->queue = grown;
	v->queue_room = room;
	return true;
}

void
visit_push(struct visit *v, struct task t)
{
	enum about_kind transport = t.via_udp ? ABOUT_UDP : ABOUT_TCP;

	if (!scope_has_port(v->plan->scope, v->address, transport, t.port))
		return;
	if (v->tail == v->queue_room && !queue_grow(v))
		return;
	v->queue[v->tail++] = t;
	v->pushed++;
}

const struct probe *
visit_probe(uint16_t port, bool via_udp)
{
	const struct probe *p =
	    probe_for_port(via_udp ? ABOUT_UDP : ABOUT_TCP, port);

	if (p != NULL || via_udp)
		return p;
	if (port >= RESERVED_FIRST && port <= RESERVED_LAST)
		return probe_find("rpc");
	return probe_find("connect");
}

struct visit *
visit_new(const struct visit_plan *plan, uint32_t address, bool on_link,
    int64_t rtt_ns)
{
	struct visit *v = calloc(1, sizeof(*v));

	if (v == NULL)
		return NULL;
	v->plan = plan;
	v->address = address;
	v->on_link = on_link;
	v->rtt_ns = rtt_ns;
	v->echo_due = plan->icmp && !(on_link && plan->states_only);
	host_pace_init(&v->pace, plan->care->initiations, plan->care->packets);
	permutation_init(&v->order, plan->tcp_len, plan->key ^ address);
	for (size_t i = 0; i < plan->tcp_len; i++)
		if (note_add(v, plan->tcp[i], false) == NULL) {
			visit_free(v);
			return NULL;
		}
	for (size_t i = 0; i < plan->udp_len; i++) {
		struct task t = { .port = plan->udp[i], .via_udp = true };

		t.probe = visit_probe(t.port, true);
		if (t.probe != NULL)
			visit_push(v, t);
	}
	return v;
}

void
visit_free(struct visit *v)
{
	if (v == NULL)
		return;
	free(v->queue);
	free(v->notes);
	free(v);
}

static bool
is_due(const struct visit *v, const struct note *n)
{
	if (v->is_known)
		return v->round == 0 && n->state == PORT_OPEN && n->talks == 0;
	return v->round == 0 ? n->talks == 0 : n->state == PORT_FILTERED;
}

/* The next port of the plan in this round; false at its end. */
static bool
plan_next(struct visit *v, struct task *out)
{
	const struct visit_plan *plan = v->plan;

	while (v->plan_at < plan->tcp_len) {
		uint64_t i = permutation_at(&v->order, v->plan_at++);
		const struct note *n = &v->notes[i];

		if (!is_due(v, n))
			continue;
		if (!scope_has_port(
			plan->scope, v->address, ABOUT_TCP, n->port))
			continue;
		*out = (struct task){ .port = n->port,
			.tries = (uint8_t)v->round,
			.probe = visit_probe(n->port, false) };
		return true;
	}
	return false;
}

/* Has the port been dealt with since the task was queued? */
static bool
is_settled(struct visit *v, const struct task *t)
{
	const struct note *n = visit_note(v, t->port, t->via_udp);

	if (n == NULL || n->talks >= v->plan->care->talks_per_port)
		return true;
	if (t->guess.program != 0)
		return n->spoke_rpc;
	return n->talks > t->tries;
}

static bool
queue_next(struct visit *v, struct task *out)
{
	while (v->head < v->tail) {
		*out = v->queue[v->head++];
		v->popped++;
		if (!is_settled(v, out))
			return true;
	}
	return false;
}

/* Of very many ports a few answers get lost. */
static bool
is_suspect(const struct visit *v)
{
	return v->mute >= TRAP_SUSPECT && v->spoke == 0 &&
	    (v->refused + v->silent) * TRAP_LOST <= v->open;
}

/* The n-th high port asked, by the run's key: if that is open, all are. */
static uint16_t
trap_port(const struct visit *v, unsigned n)
{
	struct permutation ports;

	permutation_init(&ports, 20000, v->plan->key + v->address);
	return (uint16_t)(40000 + permutation_at(&ports, n));
}

static bool
is_open(const struct visit *v, uint16_t port)
{
	const uint16_t *in_plan = find_in_plan(v, port);

	if (in_plan != NULL)
		return v->notes[in_plan - v->plan->tcp].state == PORT_OPEN;
	for (size_t i = v->plan->tcp_len; i < v->notes_len; i++)
		if (v->notes[i].port == port && !v->notes[i].via_udp)
			return v->notes[i].state == PORT_OPEN;
	return false;
}

bool
visit_is_trap(const struct visit *v)
{
	if (!is_suspect(v) || v->trap_asks < TRAP_ASKS ||
	    v->open < TRAP_SUSPECT + TRAP_ASKS)
		return false;
	for (unsigned i = 0; i < TRAP_ASKS; i++)
		if (!is_open(v, trap_port(v, i)))
			return false;
	return true;
}

static bool
trap_next(struct visit *v, struct task *out)
{
	if (!is_suspect(v) || v->trap_asks == TRAP_ASKS)
		return false;
	*out = (struct task){ .is_trap_ask = true,
		.port = trap_port(v, v->trap_asks),
		.probe = probe_find("connect") };
	v->trap_asks++;
	return true;
}

/* Takes the next task: the portmapper, the plan, what came up, and then the
 * plan's silent ports once more. */
static bool
task_next(struct visit *v, struct task *out)
{
	if (trap_next(v, out))
		return true;
	if (!v->begun) {
		v->begun = true;
		if (queue_next(v, out))
			return true;
	}
	if (v->round == 0) {
		if (plan_next(v, out))
			return true;
		v->round = 1;
		v->plan_at = 0;
	}
	return queue_next(v, out) ||
	    (v->round < VISIT_TRIES && plan_next(v, out));
}

bool
visit_task_next(struct visit *v)
{
	return task_next(v, &v->current);
}

static int64_t
connect_wait(const struct visit *v)
{
	int64_t most = v->plan->care->connect_wait_ns, wait = 8 * v->rtt_ns;

	if (v->rtt_ns == 0 || wait > most)
		return most;
	return wait < wait_floor_ns ? wait_floor_ns : wait;
}

void
visit_halt(struct visit *v, const char *why)
{
	if (v->halted[0] == '\0')
		text_printable(v->halted, sizeof(v->halted),
		    (const uint8_t *)why, strlen(why));
}

/* The least risky thing left to ask a host off-link that answers no echo: an
 * open port, once more, in its own protocol. */
static bool
canary_talk(struct visit *v)
{
	const struct note *best = NULL;

	for (size_t i = 0; i < v->notes_len; i++) {
		const struct note *n = &v->notes[i];

		if (n->state == PORT_OPEN && !n->via_udp &&
		    n->talks < v->plan->care->talks_per_port &&
		    (best == NULL || n->talks < best->talks))
			best = n;
	}
	if (best == NULL)
		return false;
	if (v->current.probe != NULL)
		visit_push(v, v->current);
	v->current = (struct task){ .port = best->port,
		.is_canary = true,
		.probe = visit_probe(best->port, false) };
	return true;
}

/* The canary's own moves; true when it decided. */
static bool
canary_next(struct visit *v, int64_t now_ns, struct move *out)
{
	if (v->canary == CANARY_SENT && now_ns < v->canary_at) {
		out->at_ns = v->canary_at;
		return true;
	}
	if (v->canary == CANARY_SENT) {
		/* The conversation that failed was the first silence. */
		v->canary = CANARY_NONE;
		visit_halt(v, "two silences within 3 s after it had answered");
		out->kind = MOVE_END;
		return true;
	}
	if (v->canary != CANARY_WANTED)
		return false;
	if (!v->on_link && !v->echo_answered) {
		v->canary = CANARY_NONE;
		canary_talk(v);
		return false;
	}
	out->at_ns = host_pace_when(&v->pace, now_ns, 1, 1);
	if (out->at_ns > now_ns)
		return true;
	out->kind = MOVE_CANARY;
	v->canary = CANARY_SENT;
	v->canary_at = now_ns + canary_wait_ns;
	visit_note_sent(v, now_ns, 1);
	return true;
}

/* What a conversation begins with: our kernel may have to ask who has the
 * address first. */
static unsigned
initiations_of(const struct visit *v)
{
	return v->is_unresolved ? 2 : 1;
}

/* Packets there must be room for before the conversation begins. */
static unsigned
reserve_of(const struct task *t)
{
	bool listens =
	    t->probe->listens_first && !probe_seals(t->probe, t->port);
	unsigned most = listens ? LISTEN_RESERVE : TALK_RESERVE;
	unsigned need = probe_packets(t->probe, ABOUT_TCP, t->port);

	if (t->via_udp) /* a datagram, and the next when it may be */
		return 1;
	return need < most ? need : most;
}

/* When the task in hand may begin, by both clocks. */
static int64_t
task_when(struct visit *v, int64_t now_ns)
{
	const struct task *t = &v->current;
	const struct note *n = visit_note(v, t->port, t->via_udp);
	unsigned begins = initiations_of(v);
	int64_t when = host_pace_when(
	    &v->pace, now_ns, begins, reserve_of(t) - 1 + begins);

	if (n != NULL && n->talks > 0 &&
	    n->last_ns + v->plan->care->service_gap_ns > when)
		when = n->last_ns + v->plan->care->service_gap_ns;
	return when;
}

bool
visit_is_given_up(const struct visit *v)
{
	return v->halted[0] != '\0' || v->packets >= v->plan->care->budget ||
	    visit_is_trap(v) || v->stalls >= TARPIT_STALLS ||
	    v->spoke + v->mute >= VISIT_TALKS_MAX;
}

/* Is this the first conversation in that protocol? */
static bool
is_first_met(struct visit *v, const struct probe *probe)
{
	for (size_t i = 0; i < PROBES_MET; i++) {
		if (v->met[i] == probe)
			return false;
		if (v->met[i] == NULL) {
			v->met[i] = probe;
			return true;
		}
	}
	return false;
}

/* How long the conversation may last, by what the host has cost so far. */
static void
limit_time(struct visit *v, struct move *m)
{
	const struct care *care = v->plan->care;
	int64_t left = care->talking_ns - v->talked_ns;
	bool is_first = is_first_met(v, m->probe);

	m->listen_ns = v->plan->listen_ns;
	m->wait_ns = v->plan->wait_ns != 0 ? v->plan->wait_ns : care->wait_ns;
	if (v->wasted_ns >= care->patience_ns && !is_first)
		m->wait_ns = care->brief_ns;
	if (left < 2 * care->brief_ns)
		left = 2 * care->brief_ns;
	m->deadline_ns = left;
}

static void
echo_next(struct visit *v, int64_t now_ns, struct move *out)
{
	out->at_ns = host_pace_when(&v->pace, now_ns, 1, 1);
	if (out->at_ns > now_ns)
		return;
	v->echo_due = false;
	out->kind = MOVE_ECHO;
	visit_note_sent(v, now_ns, 1);
}

void
visit_next(struct visit *v, int64_t now_ns, struct move *out)
{
	struct note *n;

	*out = (struct move){ .kind = MOVE_WAIT, .at_ns = now_ns };
	if (v->talking) {
		out->at_ns = INT64_MAX;
		return;
	}
	if (v->stopped || visit_is_given_up(v)) {
		out->kind = MOVE_END;
		return;
	}
	if (canary_next(v, now_ns, out))
		return;
	if (v->echo_due) {
		echo_next(v, now_ns, out);
		return;
	}
	if (v->current.probe == NULL && !task_next(v, &v->current)) {
		out->kind = MOVE_END;
		return;
	}
	out->at_ns = task_when(v, now_ns);
	if (out->at_ns > now_ns)
		return;
	n = visit_note(v, v->current.port, v->current.via_udp);
	visit_touch(v, n);
	n->talks++;
	v->talking = true;
	visit_note_sent(v, now_ns, initiations_of(v));
	*out = (struct move){ .kind = MOVE_TALK,
		.at_ns = now_ns,
		.probe = v->current.probe,
		.port = v->current.port,
		.via_udp = v->current.via_udp,
		.guess = v->current.guess,
		.connect_wait_ns = connect_wait(v) };
	v->talk_at = now_ns;
	out->pace = &v->pace;
	limit_time(v, out);
}

void
visit_note_sent(struct visit *v, int64_t now_ns, unsigned initiations)
{
	host_pace_initiated(&v->pace, now_ns, initiations);
	v->packets += initiations;
}

void
visit_is_router(struct visit *v)
{
	unsigned most = v->plan->care->initiations;

	host_pace_init(
	    &v->pace, most > 1 ? most - 1 : most, v->plan->care->packets);
}

void
visit_unresolved(struct visit *v, bool is)
{
	v->is_unresolved = is;
}

void
visit_left(struct visit *v, int64_t now_ns)
{
	host_pace_left(&v->pace, now_ns);
}

void
visit_rtt(struct visit *v, int64_t rtt_ns)
{
	if (rtt_ns > 0)
		v->rtt_ns = v->rtt_ns ? (7 * v->rtt_ns + rtt_ns) / 8 : rtt_ns;
}

void
visit_unpaced(struct visit *v)
{
	host_pace_free(&v->pace);
}

void
visit_note_packets(struct visit *v, int64_t now_ns, unsigned packets)
{
	host_pace_packets(&v->pace, now_ns, packets);
	v->packets += packets;
}

void
visit_alive(struct visit *v, bool by_echo)
{
	v->canary = CANARY_NONE;
	v->echo_answered |= by_echo;
}
