/* SPDX-License-Identifier: ISC */
/* visit_outcome - what a visit makes of how its conversations ended. */
#include <stdlib.h>
#include <string.h>

#include "scanner/rpcnames.h"
#include "scanner/text.h"
#include "scanner/visit_state.h"

enum {
	ADVANTAGENET_PORT = 1600,
	UNSENT_MAX = 40 /* in a visit: then something is wrong with us */
};

static int
compare_port(const void *a, const void *b)
{
	return (int)*(const uint16_t *)a - (int)*(const uint16_t *)b;
}

/* "100004 ypserv v1-2" -> 100004, 1.  False for anything else. */
static bool
parse_program(const char *value, struct rpc_guess *out)
{
	const char *v = strstr(value, " v");
	char *end;

	out->program = (uint32_t)strtoul(value, &end, 10);
	out->version = v ? (uint32_t)strtoul(v + 2, NULL, 10) : 0;
	return end != value && out->program != 0 && out->version != 0;
}

static bool
is_nis(uint32_t program)
{
	return program == RPC_YPSERV || program == RPC_YPBIND;
}

/* The ring of reserved ports: after the last comes the first. */
static void
mark(bool *ring, unsigned from, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		ring[(from + i) % RESERVED_LEN] = true;
}

/* Which ports lie near the named ones, or between two of one cluster. */
static void
mark_near(const bool *named, bool *near)
{
	for (unsigned i = 0; i < RESERVED_LEN; i++) {
		if (!named[i])
			continue;
		mark(near, i + RESERVED_LEN - RESERVED_NEAR,
		    2 * RESERVED_NEAR + 1);
		for (unsigned n = 1; n <= RESERVED_CLUSTER; n++) {
			if (!named[(i + n) % RESERVED_LEN])
				continue;
			mark(near, i, n);
			break;
		}
	}
}

/* Look at the reserved ports around those the portmapper named: what it does
 * not name but speaks RPC is what the map does not tell. */
static void
sweep_reserved(struct visit *v, const struct facts *facts)
{
	bool named[RESERVED_LEN] = { false }, near[RESERVED_LEN] = { false };
	bool any = false;

	for (size_t i = 0; i < facts_count(facts); i++) {
		const struct fact *f = facts_at(facts, i);
		uint16_t port = f->about.port;

		if (f->key != FACT_RPC_PROGRAM || port < RESERVED_FIRST ||
		    port > RESERVED_LAST)
			continue;
		named[port - RESERVED_FIRST] = any = true;
	}
	if (!any || !v->plan->reserved_sweep || v->swept)
		return;
	v->swept = true;
	mark_near(named, near);
	for (unsigned i = 0; i < RESERVED_LEN; i++) {
		uint16_t port = (uint16_t)(RESERVED_FIRST + i);

		if (near[i])
			visit_push(v,
			    (struct task){ .port = port,
				.probe = visit_probe(port, false) });
	}
}

/*
 * A map may be stale, or lie: no RPC goes to a port that has a protocol of its
 * own, and nothing at all to where consoles call each other.
 */
static bool
has_other_protocol(const struct task *t)
{
	if (t->via_udp && t->port == ADVANTAGENET_PORT)
		return true;
	return probe_for_port(t->via_udp ? ABOUT_UDP : ABOUT_TCP, t->port) !=
	    NULL;
}

static void
learn_programs(struct visit *v, const struct facts *facts)
{
	if (facts_get(facts, FACT_RPC_PORTMAPPER) == NULL)
		return;
	for (size_t i = 0; i < facts_count(facts); i++) {
		const struct fact *f = facts_at(facts, i);
		struct task t = { .probe = probe_find("rpc"),
			.port = f->about.port,
			.via_udp = f->about.kind == ABOUT_UDP };
		const struct note *n;

		if (f->key != FACT_RPC_PROGRAM ||
		    !parse_program(f->value, &t.guess) ||
		    t.guess.program == RPC_PORTMAPPER)
			continue;
		if (t.via_udp && !is_nis(t.guess.program))
			continue;
		if (has_other_protocol(&t))
			continue;
		n = visit_note(v, t.port, t.via_udp);
		if (n != NULL && !n->spoke_rpc)
			visit_push(v, t);
	}
	sweep_reserved(v, facts);
}

static void
note_silence(struct visit *v, const struct task *t)
{
	const struct note *n = visit_note(v, t->port, t->via_udp);
	struct task again = *t;

	v->canary = CANARY_WANTED;
	/* The plan's silent TCP ports have a second round of their own; one
	 * known to be open, by a raw SYN, is in none. */
	if (t->tries + 1 >= VISIT_TRIES || (t->via_udp && t->probe->is_brief) ||
	    (!t->via_udp && visit_in_plan(v, t->port) &&
		(n == NULL || n->state != PORT_OPEN)))
		return;
	again.tries++;
	visit_push(v, again);
}

/* Nothing of it ever left, as far as we know: it is as good as never asked.
 * The host shows first that it is well, by ARP, which needs no neighbour. */
static void
say_again(struct visit *v, struct note *n, const struct task *t)
{
	v->canary = CANARY_WANTED;
	if (v->unsent == UNSENT_MAX)
		return;
	v->unsent++;
	visit_touch(v, n);
	n->talks--;
	visit_push(v, *t);
}

/* An open port stays open, whatever a later look at it came to. */
void
visit_note_state(struct visit *v, struct note *n, enum port_state now)
{
	if (now == PORT_UNPROBED || n->state == PORT_OPEN)
		return;
	visit_touch(v, n);
	if (!n->via_udp) {
		v->silent -= n->state == PORT_FILTERED;
		v->refused -= n->state == PORT_CLOSED;
		v->open += now == PORT_OPEN;
		v->refused += now == PORT_CLOSED;
		v->silent += now == PORT_FILTERED;
	}
	n->state = now;
}

void
visit_known(struct visit *v, uint16_t port, enum port_state state)
{
	struct note *n = visit_note(v, port, false);

	v->is_known = true;
	if (n != NULL)
		visit_note_state(v, n, state);
}

/* The time it took, if there was a conversation at all. */
static void
note_time(struct visit *v, int64_t now_ns, const struct visit_outcome *o)
{
	int64_t took = now_ns - v->talk_at;

	if (o->state != PORT_OPEN)
		return;
	v->talked_ns += took;
	if (o->heard == 0 || o->dripped)
		v->wasted_ns += took;
}

void
visit_talk_done(struct visit *v, int64_t now_ns, const struct visit_outcome *o)
{
	struct task t = v->current;
	struct note *n = visit_note(v, t.port, t.via_udp);

	v->talking = false;
	v->current.probe = NULL;
	n->last_ns = o->state == PORT_FILTERED ? v->talk_at : now_ns;
	note_time(v, now_ns, o);
	if (o->pace != NULL && t.via_udp)
		v->pace = *o->pace; /* its initiations too */
	else if (o->pace != NULL)
		host_pace_follow(&v->pace, o->pace);
	else if (o->packets > 1)
		host_pace_packets(&v->pace, now_ns, o->packets - 1);
	if (o->packets > 1)
		v->packets += o->packets - 1;
	/* Our clock was late, and the kernel sent its SYN once more. */
	if (o->packets > 1 && o->state == PORT_FILTERED)
		host_pace_initiated(&v->pace, now_ns, 1);
	visit_note_state(v, n, o->state);
	visit_rtt(v, o->rtt_ns);
	if (o->state == PORT_FILTERED || o->state == PORT_OPEN_FILTERED) {
		if (t.is_canary)
			visit_halt(v, "an open port no longer answers");
		else
			note_silence(v, &t);
	} else if (o->state != PORT_UNPROBED) {
		visit_alive(v, false);
	}
	if (o->unsent)
		say_again(v, n, &t);
	v->stalls += o->stalled;
	if (o->heard > 0)
		v->spoke++;
	else if (o->state == PORT_OPEN)
		v->mute++;
	if (o->facts == NULL)
		return;
	visit_touch(v, n);
	n->spoke_rpc |= facts_get(o->facts, FACT_RPC_ANSWERED) != NULL;
	learn_programs(v, o->facts);
}

void
visit_stop(struct visit *v)
{
	v->stopped = true;
}

void
visit_break_off(struct visit *v, const char *why)
{
	visit_halt(v, why);
}

const char *
visit_halted(const struct visit *v)
{
	return v->halted[0] != '\0' ? v->halted : NULL;
}

bool
visit_answered(const struct visit *v)
{
	return v->open + v->refused > 0 || v->spoke > 0;
}

uint32_t
visit_address(const struct visit *v)
{
	return v->address;
}

bool
visit_is_talking(const struct visit *v)
{
	return v->talking;
}

void
visit_progress(const struct visit *v, size_t *done, size_t *left)
{
	*done = 0;
	for (size_t i = 0; i < v->notes_len; i++)
		*done += v->notes[i].talks > 0;
	*left = v->tail - v->head;
	if (v->round == 0)
		*left += v->plan->tcp_len - (size_t)v->plan_at;
}

static void
ports_in_state(const struct visit *v, enum port_state state, enum fact_key key,
    struct facts *facts)
{
	uint16_t *ports = calloc(v->notes_len + 1, sizeof(*ports));
	char text[LIST_TEXT];
	size_t n = 0;

	if (ports == NULL)
		return;
	for (size_t i = 0; i < v->notes_len; i++)
		if (!v->notes[i].via_udp && v->notes[i].state == state)
			ports[n++] = v->notes[i].port;
	qsort(ports, n, sizeof(*ports), compare_port);
	for (size_t at = 0; at < n;) {
		at += text_ports_part(text, sizeof(text), ports + at, n - at);
		facts_printf(facts, key, NULL, 0, "%s", text);
	}
	free(ports);
}

void
visit_summary(const struct visit *v, struct facts *facts)
{
	facts_number(facts, FACT_HOST_PACKETS_SENT, v->packets, NULL, 0);
	facts_number(facts, FACT_HOST_PACKETS_PEAK, v->pace.peak, NULL, 0);
	if (visit_is_trap(v))
		facts_flag(facts, FACT_HOST_EVERY_PORT_OPEN, true, NULL, 0);
	if (v->stalls >= TARPIT_STALLS)
		facts_flag(facts, FACT_HOST_TARPIT, true, NULL, 0);
	if (v->halted[0] != '\0')
		facts_printf(facts, FACT_HOST_HALTED, NULL, 0, "%s", v->halted);
	/* These last: they may be too long for the list. */
	if (v->open > PORTS_TOLD_MAX)
		ports_in_state(v, PORT_OPEN, FACT_PORTS_OPEN, facts);
	ports_in_state(v, PORT_CLOSED, FACT_PORTS_CLOSED, facts);
	ports_in_state(v, PORT_FILTERED, FACT_PORTS_FILTERED, facts);
}
