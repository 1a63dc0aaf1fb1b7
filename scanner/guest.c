/* SPDX-License-Identifier: ISC */
/* guest - live hosts of an audit: the moves of their visits carried out. */
#include <stdlib.h>
#include <string.h>

#include "scanner/audit.h"
#include "scanner/audit_diary.h"
#include "scanner/audit_state.h"
#include "scanner/ceiling.h"
#include "scanner/exchange.h"
#include "scanner/guest_state.h"
#include "scanner/log.h"
#include "scanner/loop.h"
#include "scanner/manner.h"
#include "scanner/options.h"
#include "scanner/rpcnames.h"

enum { PORTS_RETRY_MS = 20 };

static struct guest *
guest_find(const struct audit *a, uint32_t address)
{
	return byaddress_find(&a->guests_at, address);
}

static struct origin
origin_of(const struct guest *g, const char *probe)
{
	return (struct origin){ .address = g->address,
		.mac = g->mac,
		.probe = probe,
		.time_ns = loop_wall() };
}

/* Facts that come from no packet of their own: the origin has no number. */
static void
host_facts_begin(struct guest *g)
{
	facts_begin(
	    g->audit->facts, (struct about){ .kind = ABOUT_HOST }, NULL, 0);
}

static void
host_facts_end(struct guest *g, const char *probe)
{
	struct origin origin = origin_of(g, probe);

	ledger_take(g->audit->ledger, g->audit->facts, &origin);
}

static void
guest_end(struct guest *g)
{
	struct audit *a = g->audit;

	if (g->over)
		return;
	g->over = true;
	a->guests_active--;
	guest_leave_seat(g);
	loop_timer_stop(g->timer);
	if (visit_halted(g->visit) != NULL)
		diary_halt(g, visit_halted(g->visit));
	host_facts_begin(g);
	visit_summary(g->visit, a->facts);
	host_facts_end(g, "visit");
	if (visit_halted(g->visit) != NULL && audit_links_up(a)) {
		exchange_halted(dispatch_exchange(a->dispatch), g->address);
		audit_note_halt(a, g->address, visit_halted(g->visit));
	}
	/* What was not got to is kept, to be written down. */
	g->goes_on = a->stopping && visit_has_more(g->visit);
	if (!g->goes_on) {
		diary_over(g);
		visit_free(g->visit);
		g->visit = NULL;
	}
	audit_check_end(a);
}

static const char *
called_ae(const struct audit *a, uint32_t address)
{
	const char *own = a->use->called_ae != NULL
	    ? a->use->called_ae(a->use->arg, address)
	    : NULL;

	return own != NULL ? own : a->options->called_ae;
}

static void
order_ask(const struct guest *g, const struct move *m, struct ask *ask)
{
	const struct audit *a = g->audit;

	*ask = (struct ask){
		.cookie = send_cookie(
		    a->key, g->address, m->port, (uint16_t)(64 + m->via_udp)),
		.port = m->port,
		.via_udp = m->via_udp,
		.via_tls = !m->via_udp && probe_seals(m->probe, m->port),
		.called_ae = called_ae(a, g->address),
		.calling_ae = a->options->calling_ae,
		.nis_domain = a->options->nis_domain,
		.community = a->options->community,
		.guesses = rpc_default_guesses,
		.guesses_len = rpc_default_guesses_len,
	};
	ipv4_text(g->address, ask->host);
	if (ask->guesses_len > a->care.guesses)
		ask->guesses_len = a->care.guesses;
	if (g->guess.program != 0) {
		ask->guesses = &g->guess;
		ask->guesses_len = 1;
	}
}

static void
guest_talk(struct guest *g, const struct move *m)
{
	struct audit *a = g->audit;
	struct talk_order order = { .address = g->address,
		.port = m->port,
		.probe = m->probe,
		.connect_wait_ns = m->connect_wait_ns,
		.wait_ns = m->wait_ns,
		.deadline_ns = m->deadline_ns,
		.listen_ns = m->listen_ns,
		.pace = m->pace,
		.packets_most = a->care.packets,
		.owner = g };
	struct visit_outcome outcome = { .state = PORT_UNPROBED };
	bool refused;
	uint16_t local;

	g->guess = m->guess;
	g->talk_ns = loop_now();
	order_ask(g, m, &order.ask);
	local = talks_open(a->talks, &order, &refused);
	if (local == 0) {
		visit_talk_done(g->visit, loop_now(), &outcome);
		diary_settled(a, g->address, m->port, m->via_udp);
		return;
	}
	g->recent[g->recent_at].port = m->port;
	g->recent[g->recent_at].local_port = local;
	g->recent_at = (g->recent_at + 1) % GUEST_RECENT;
}

static void
guest_shoot(struct guest *g, enum send_kind kind)
{
	const char *broken;

	if (wires_shoot(
		g->audit->wires, g->segment, kind, g->address, 0, g->mac))
		wires_flush(g->audit->wires, &broken);
}

/* A move that must not be made, because it could not be written down: the run
 * stops. */
static void
give_back(struct guest *g, const struct move *m)
{
	const struct visit_outcome nothing = { .state = PORT_UNPROBED };

	if (m->kind == MOVE_TALK)
		visit_talk_done(g->visit, loop_now(), &nothing);
}

/* Lets the visit move as long as it may. */
static void
guest_poke(void *arg)
{
	struct guest *g = arg;
	struct audit *a = g->audit;
	struct move m;

	if (!guest_take_seat(g))
		return;
	while (!g->over) {
		int64_t now = loop_now(), when = pace_when(&a->pace, now);
		int64_t into = ceiling_when(a->ceiling, g->segment, now);

		if (into > when)
			when = into;
		if (talks_under_way(a->talks) >= TALKS_MAX)
			when = now + PORTS_RETRY_MS * 1000000;
		if (when > now && !visit_is_talking(g->visit)) {
			loop_timer_at(g->timer, when);
			return;
		}
		guest_tell_unresolved(g);
		visit_next(g->visit, now, &m);
		if (m.kind != MOVE_WAIT && m.kind != MOVE_END &&
		    !diary_move(g, &m)) {
			give_back(g, &m);
			return;
		}
		switch (m.kind) {
		case MOVE_WAIT:
			if (m.at_ns != INT64_MAX)
				loop_timer_at(g->timer, m.at_ns);
			return;
		case MOVE_ECHO:
			g->echo_ns = now;
			guest_shoot(g, SEND_ICMP_ECHO);
			break;
		case MOVE_CANARY:
			guest_shoot(g,
			    g->segment->route.gateway ? SEND_ICMP_ECHO
						      : SEND_ARP);
			break;
		case MOVE_TALK:
			guest_talk(g, &m);
			break;
		case MOVE_END:
			guest_end(g);
			return;
		}
		now = loop_now();
		visit_left(g->visit, now);
		pace_sent(&a->pace, now, 1);
		ceiling_sent(a->ceiling, g->segment, now);
	}
}

/* A bedside device is left alone unless the operator says otherwise. */
static bool
is_excluded(const struct guest *g)
{
	return mac_is_known(g->mac) && !g->audit->options->bedside &&
	    oui_is_bedside(g->audit->oui, g->mac);
}

/* What is known of the host before it is asked anything. */
static void
arrival_facts(struct guest *g)
{
	struct facts *f = g->audit->facts;
	const char *vendor = oui_vendor(g->audit->oui, g->mac);

	host_facts_begin(g);
	facts_number(
	    f, FACT_HOST_HOPS, g->segment->route.gateway != 0, NULL, 0);
	if (mac_is_known(g->mac) && vendor != NULL)
		facts_printf(f, FACT_MAC_VENDOR, NULL, 0, "%s", vendor);
	if (is_excluded(g))
		facts_printf(f, FACT_HOST_EXCLUDED, NULL, 0,
		    "bedside device by its MAC (%s): never probed by default",
		    vendor);
	host_facts_end(g, "oui");
}

void
guest_begin(struct guest *g)
{
	struct audit *a = g->audit;
	bool on_link = g->segment->route.gateway == 0 && !g->segment->assume_up;

	g->waits = false;
	g->visit = visit_new(&a->plan, g->address, on_link,
	    on_link ? sweep_link_rtt(a->sweep) : 0);
	g->timer = loop_timer_new(a->loop, guest_poke, g);
	if (g->visit == NULL || g->timer == NULL) {
		log_error("audit", "out of memory");
		g->over = true;
		return;
	}
	if (segments_have_gateway(&a->segments, g->address))
		visit_is_router(g->visit);
	if (a->care.raw_syn && g->segment->route.is_loopback)
		visit_unpaced(g->visit);
	a->guests_active++;
	visit_note_sent(g->visit, loop_now(), 1); /* the sweep's question */
	loop_timer_at(g->timer, loop_now());
}

struct guest *
guest_new(struct audit *a, uint32_t address, struct mac mac)
{
	struct guest *g = arena_zeroed(&a->guests_arena, sizeof(*g));

	if (g == NULL || !byaddress_add(&a->guests_at, address, g))
		return NULL;
	g->audit = a;
	g->address = address;
	g->mac = mac;
	if (a->guests_end == NULL)
		a->guests_end = &a->guests;
	*a->guests_end = g;
	a->guests_end = &g->next;
	a->guests_len++;
	return g;
}

void
guest_arrive(struct audit *a, uint32_t address, struct mac mac)
{
	const struct segment *segment;
	struct guest *g;

	if (guest_find(a, address) != NULL)
		return;
	segment = segments_find(&a->segments, address);
	g = segment != NULL ? guest_new(a, address, mac) : NULL;
	if (g == NULL)
		return;
	g->segment = segment;
	arrival_facts(g);
	g->goes_on = a->stopping && !is_excluded(g);
	g->over = a->stopping || is_excluded(g);
	g->waits = a->care.raw_syn && !g->segment->assume_up;
	if (!g->over && !g->waits)
		guest_begin(g);
}

/* Tells the visit what raw SYN found.  The last of those packets may be of
 * just now; an open port's answer was reset by us and by our kernel. */
static void
tell_states(struct guest *g)
{
	const struct audit *a = g->audit;
	const struct ports *p = &a->ports;
	unsigned packets = 0;

	if (a->shots == NULL || g->over)
		return;
	for (size_t i = 0; i < p->tcp_len; i++) {
		enum port_state state =
		    shots_state(a->shots, g->address, p->tcp[i]);

		visit_known(g->visit, p->tcp[i], state);
		packets += state == PORT_OPEN ? 3 : 1;
	}
	visit_note_packets(g->visit, loop_now(), packets);
}

void
guests_begin(struct audit *a)
{
	for (struct guest *g = a->guests, *next; g != NULL; g = next) {
		next = g->next;
		if (g->over || !g->waits)
			continue;
		/* Its ports are all that was asked for. */
		if (a->options->states_only && !a->stopping) {
			states_tell(a, g->address, g->mac);
			g->over = true;
			continue;
		}
		guest_begin(g);
		tell_states(g);
		if (!g->over && a->stopping) { /* time is up */
			guest_end(g);
			g->waits = g->goes_on = true;
		}
	}
}

bool
guest_tells_port(struct audit *a, uint32_t address)
{
	struct guest *g = guest_find(a, address);

	return g == NULL || ++g->opened <= PORTS_TOLD_MAX;
}

void
guest_note_packets(struct audit *a, uint32_t address, unsigned packets)
{
	struct guest *g = guest_find(a, address);

	if (g != NULL && g->visit != NULL)
		visit_note_packets(g->visit, loop_now(), packets);
}

struct mac
guest_mac(const struct audit *a, uint32_t address)
{
	const struct guest *g = guest_find(a, address);

	return g != NULL ? g->mac : (struct mac){ { 0 } };
}

void
guest_alive(struct audit *a, uint32_t address, bool by_echo)
{
	struct guest *g = guest_find(a, address);

	if (g == NULL || g->over || g->waits)
		return;
	if (by_echo && g->echo_ns != 0) {
		visit_rtt(g->visit, loop_now() - g->echo_ns);
		g->echo_ns = 0;
	}
	visit_alive(g->visit, by_echo);
	guest_confirm(g);
	loop_timer_at(g->timer, loop_now());
}

bool
guest_connected(
    const struct audit *a, uint32_t address, uint16_t port, uint16_t local_port)
{
	const struct guest *g = guest_find(a, address);

	if (g == NULL)
		return false;
	for (unsigned i = 0; i < GUEST_RECENT; i++)
		if (g->recent[i].port == port &&
		    g->recent[i].local_port == local_port)
			return true;
	return false;
}

static enum port_state
state_of(const struct talk_report *r)
{
	bool via_udp = r->order->ask.via_udp;

	switch (r->end) {
	case TALK_HELD:
		return PORT_OPEN;
	case TALK_CLOSED:
		return PORT_CLOSED;
	case TALK_NO_ANSWER:
		return via_udp ? PORT_OPEN_FILTERED : PORT_FILTERED;
	case TALK_UNREACHABLE:
		return PORT_FILTERED;
	case TALK_LOCAL:
		break;
	}
	return PORT_UNPROBED;
}

/* The state of a UDP port, and of a TCP port that opened, is a fact; TCP's
 * other states are told together at the end of the visit. */
static void
state_fact(struct guest *g, const struct talk_report *r, enum port_state s)
{
	bool via_udp = r->order->ask.via_udp;

	facts_begin(g->audit->facts,
	    (struct about){ .kind = via_udp ? ABOUT_UDP : ABOUT_TCP,
		.port = r->order->port },
	    NULL, 0);
	if (s == PORT_UNPROBED || (!via_udp && s != PORT_OPEN))
		return;
	facts_printf(g->audit->facts, FACT_PORT_STATE, NULL, 0, "%s",
	    port_state_text(s));
	if (s == PORT_OPEN) {
		facts_about(
		    g->audit->facts, (struct about){ .kind = ABOUT_HOST });
		facts_printf(g->audit->facts, FACT_HOST_ALIVE, NULL, 0, "%s",
		    via_udp ? "udp" : "tcp");
	}
}

/* What a talk told goes to the ledger with the frames that carried it, as soon
 * as the capture has handed those over. */
static void
talk_facts(struct guest *g, const struct talk_report *r, enum port_state state)
{
	struct audit *a = g->audit;
	const struct exchange_talk talk = { .local = g->segment->route.source,
		.address = g->address,
		.local_port = r->local_port,
		.port = r->order->port,
		.via_udp = r->order->ask.via_udp,
		.is_sealed = r->order->ask.via_tls,
		.heard = r->heard };
	const struct facts *lists[EXCHANGE_LISTS] = { a->facts, r->facts };
	struct origin origin = origin_of(g, r->order->probe->name);

	state_fact(g, r, state);
	origin.evidence_number = r->number;
	origin.from_talk = true;
	exchange_ended(
	    dispatch_exchange(a->dispatch), &talk, lists, &origin, loop_now());
	audit_settle(a);
	/* How it behaved is our own word: no frame says it. */
	facts_begin(a->facts,
	    (struct about){ .kind = ABOUT_TCP, .port = r->order->port }, NULL,
	    0);
	manner_facts(r, a->facts);
	origin.evidence_number = 0;
	ledger_take(a->ledger, a->facts, &origin);
}

void
guest_talk_done(void *arg, const struct talk_report *r)
{
	struct guest *g = r->order->owner;
	struct visit_outcome outcome = { .state = state_of(r),
		.rtt_ns = r->rtt_ns,
		.packets = r->packets,
		.heard = r->heard,
		.stalled = r->stalled,
		.dripped = r->dripped,
		.facts = r->facts,
		.pace = r->pace };

	(void)arg;
	if (outcome.state == PORT_FILTERED ||
	    outcome.state == PORT_OPEN_FILTERED) {
		bool is_down = !audit_links_up(g->audit);

		outcome.unsent = !is_down && guest_was_unsent(g);
		if (is_down || outcome.unsent) /* no host's silence */
			outcome.state = PORT_UNPROBED;
		if (is_down)
			outcome.packets = 0;
	}
	if (outcome.state == PORT_OPEN || outcome.state == PORT_CLOSED)
		guest_confirm(g);
	talk_facts(g, r, outcome.state);
	visit_talk_done(g->visit, loop_now(), &outcome);
	diary_visit(g);
	loop_timer_at(g->timer, loop_now());
}

void
guests_stop(struct audit *a)
{
	for (struct guest *g = a->guests, *next; g != NULL; g = next) {
		next = g->next;
		if (g->over || g->waits)
			continue;
		visit_stop(g->visit);
		loop_timer_at(g->timer, loop_now());
	}
}

void
guests_listened(struct audit *a, double seconds)
{
	if (a->options->states_only)
		return;
	for (struct guest *g = a->guests; g != NULL; g = g->next) {
		host_facts_begin(g);
		facts_number(
		    a->facts, FACT_LISTEN_SECONDS, (int64_t)seconds, NULL, 0);
		host_facts_end(g, "listen");
	}
}

double
guests_share(const struct audit *a)
{
	double share = 0;
	size_t n = 0;

	for (const struct guest *g = a->guests; g != NULL; g = g->next, n++) {
		size_t done, left;

		if (g->over) {
			share++;
		} else if (g->visit != NULL) {
			visit_progress(g->visit, &done, &left);
			share +=
			    done > 0 ? (double)done / (double)(done + left) : 0;
		}
	}
	return n > 0 ? share / (double)n : 1;
}

void
guests_free(struct audit *a)
{
	for (struct guest *g = a->guests; g != NULL; g = g->next) {
		visit_free(g->visit);
		loop_timer_free(g->timer);
	}
	byaddress_end(&a->guests_at);
	arena_end(&a->guests_arena);
}
