/* SPDX-License-Identifier: ISC */
/* states - the raw SYN part of an audit: between the sweep and the visits. */
#include <stdlib.h>

#include "scanner/audit_diary.h"
#include "scanner/audit_state.h"
#include "scanner/ceiling.h"
#include "scanner/log.h"
#include "scanner/loop.h"
#include "scanner/options.h"
#include "scanner/resume.h"
#include "scanner/text.h"

enum {
	AT_ONCE = 512,    /* shots between two looks at the answers */
	PASS_OVER = 8192, /* answered pairs passed over at once */
	RESETS = 2        /* of what a SYN opened: ours and our kernel's */
};
static const int64_t tick_ns = 1000000;
static const double lossy = 0.1; /* of the answers */

static void
states_over(struct audit *a)
{
	guests_begin(a);
	a->states_known = !a->stopping;
	if (a->states_known)
		diary_states_known(a);
	a->asking_over = true;
	audit_check_end(a);
}

/* Returns whether a packet left. */
static bool
shoot(struct audit *a, const struct segment *s, const struct shot_at *at,
    int64_t now)
{
	struct mac mac = { { 0 } };

	if (s == NULL)
		return false;
	if (s->route.gateway == 0)
		mac = guest_mac(a, at->address);
	if (!wires_shoot(a->wires, s, SEND_TCP_SYN, at->address, at->port, mac))
		return false;
	rtt_sent(&a->shots_rtt, at->address, at->port, now);
	return true;
}

/* True while the last answers of a round, or of a run that is being stopped,
 * may still come. */
static bool
wait_for_answers(struct audit *a, int64_t now)
{
	int64_t when;

	if (!a->stopping &&
	    (!shots_round_over(a->shots) || shots_all_answered(a->shots)))
		return false;
	when = rtt_look(&a->shots_rtt, a->shots_ended_ns, now,
	    a->care.wait_floor_ns, a->care.wait_ceiling_ns);
	if (when > now)
		loop_timer_at(a->shots_timer, when);
	return when > now;
}

/* When the pair found may be shot at: by the rate of all, its segment's and
 * its host's. */
static int64_t
due(struct audit *a, const struct segment *s, int64_t now)
{
	int64_t when = pace_when(&a->shots_pace, now);
	int64_t into = s != NULL ? ceiling_when(a->ceiling, s, now) : now;
	int64_t by_host;
	uint64_t pass, place;

	shots_place(a->shots, &pass, &place);
	by_host = spacing_when(&a->shots_spacing, now, pass, place);
	if (into > when)
		when = into;
	return by_host > when ? by_host : when;
}

/*
 * Where asking again brought much, answers get lost at this pace: in what is
 * sent from now on every gap is twice as long.
 */
static void
slow_down(struct audit *a, int64_t now)
{
	int64_t took = now - a->shots_began_ns;
	double rate = a->shots_pace.gap_ns > 0
	    ? 1e9 / (double)a->shots_pace.gap_ns
	    : (double)a->shots_sent * 1e9 / (double)(took > 0 ? took : 1);

	pace_init(&a->shots_pace, rate / 2);
	a->shots_spacing.gap_ns *= 2;
	log_info("shots",
	    "answers get lost: from here at %.0f packets a second", rate / 2);
}

/* Is there more to ask, in this round or another? */
static bool
round_goes_on(struct audit *a, int64_t now)
{
	double loss;

	if (!shots_round_over(a->shots))
		return true;
	loss = shots_loss(a->shots);
	if (!shots_round_next(a->shots))
		return false;
	if (loss > lossy)
		slow_down(a, now);
	a->shots_began_ns = now;
	a->shots_sent = 0;
	return true;
}

static void
states_tick(void *arg)
{
	struct audit *a = arg;
	int64_t now = loop_now(), when = now;
	const char *broken;
	const struct segment *s;
	struct shot_at at;

	if (wait_for_answers(a, now))
		return;
	if (a->stopping || !round_goes_on(a, now)) {
		states_over(a);
		return;
	}
	for (unsigned n = 0; n < AT_ONCE; n++) {
		if (!shots_find(a->shots, PASS_OVER, &at))
			break;
		s = segments_find(&a->segments, at.address);
		when = due(a, s, now);
		if (when > now + tick_ns)
			break;
		shots_take(a->shots);
		if (shoot(a, s, &at, now)) {
			pace_sent(&a->shots_pace, now, 1);
			ceiling_sent(a->ceiling, s, now);
			a->shots_sent++;
		}
	}
	if (!diary_shots(a))
		wires_drop(a->wires);
	wires_flush(a->wires, &broken);
	a->shots_ended_ns = now;
	loop_timer_at(a->shots_timer, when);
}

/* Where the bits end, answers came that only the diary had. */
static bool
shots_go_on(struct audit *a)
{
	const struct resume *r = a->resume;

	if (r->shots.len > 0 && !shots_resume(a->shots, &r->shots)) {
		log_error("shots", "the rounds noted are of other targets");
		return false;
	}
	if (!r->has_moved)
		return true;
	for (size_t i = 0; i < r->answers_len; i++)
		shots_answer(a->shots, r->answers[i].address,
		    r->answers[i].port, r->answers[i].state);
	return shots_go_to(a->shots, &r->shots);
}

static bool
shots_make(struct audit *a, bool goes_on)
{
	struct shots_targets targets = { .scope = a->scope,
		.ports = a->ports.tcp,
		.ports_len = a->ports.tcp_len };

	a->live = goes_on ? audit_resume_live(a, &targets.hosts)
			  : sweep_hosts(a->sweep, &targets.hosts);
	/* What takes no SYN of ours would keep the rounds waiting. */
	if (a->live != NULL)
		targets.hosts = segments_keep_crafted(
		    &a->segments, a->scope, a->live, targets.hosts);
	a->live_len = targets.hosts;
	targets.list = a->live;
	if (targets.hosts == 0 || targets.ports_len == 0)
		return true;
	a->shots = shots_new(&targets, a->plan.key);
	if (a->shots == NULL)
		log_error("shots", "out of memory");
	return a->shots != NULL && (!goes_on || shots_go_on(a));
}

bool
states_restore(struct audit *a)
{
	return a->shots != NULL || shots_make(a, true);
}

bool
states_begin(struct audit *a)
{
	bool goes_on = a->resume != NULL && a->resume->has_shots;

	if (a->stopping) {
		states_over(a);
		return true;
	}
	if (a->shots == NULL && !shots_make(a, goes_on))
		return false;
	if (a->shots == NULL) {
		states_over(a);
		return true;
	}
	a->shots_timer = loop_timer_new(a->loop, states_tick, a);
	if (a->shots_timer == NULL) {
		log_error("shots", "out of memory");
		return false;
	}
	if (!goes_on)
		diary_shots_begin(a);
	pace_init(&a->shots_pace, a->care.rate);
	a->shots_began_ns = loop_now();
	spacing_init(&a->shots_spacing, a->care.shots_per_host, a->live_len);
	loop_timer_at(a->shots_timer, loop_now());
	return true;
}

/* Each time it answers, news or not: the RST before may have been lost. */
static void
reset(struct audit *a, uint32_t address, uint16_t port)
{
	const struct segment *s = segments_find(&a->segments, address);

	if (s == NULL)
		return;
	wires_reset(a->wires, s, address, port, guest_mac(a, address));
	guest_note_packets(a, address, RESETS);
}

static bool
is_news(struct audit *a, uint32_t address, uint16_t port, enum port_state state)
{
	/* Before the rounds it is the sweep that asked whether it lives. */
	if (a->shots == NULL)
		return sweep_alive(a->sweep, address);
	if (!shots_answer(a->shots, address, port, state))
		return false;
	rtt_heard(&a->shots_rtt, address, port, loop_now());
	diary_answer(a, address, port, state);
	return true;
}

bool
states_answer(void *arg, uint32_t address, uint16_t port, enum port_state state)
{
	struct audit *a = arg;
	bool has_news = is_news(a, address, port, state);

	/* ICMP's word is a router's, no sign of the host's life. */
	if (has_news && state != PORT_FILTERED)
		guest_arrive(a, address, (struct mac){ { 0 } });
	if (state == PORT_OPEN)
		reset(a, address, port);
	return has_news && (state != PORT_OPEN || guest_tells_port(a, address));
}

/* The ports that are in a state, as ranges: as many facts as they need. */
static void
tell_ports(struct audit *a, const struct origin *origin, const uint8_t *states,
    enum port_state state, enum fact_key key)
{
	uint16_t *ports = malloc((a->ports.tcp_len + 1) * sizeof(*ports));
	char text[FACT_VALUE_MAX];
	size_t n = 0;

	for (size_t i = 0; ports != NULL && i < a->ports.tcp_len; i++)
		if (states[i] == state)
			ports[n++] = a->ports.tcp[i];
	for (size_t at = 0; at < n;) {
		at += text_ports_part(text, sizeof(text), ports + at, n - at);
		facts_begin(
		    a->facts, (struct about){ .kind = ABOUT_HOST }, NULL, 0);
		facts_printf(a->facts, key, NULL, 0, "%s", text);
		ledger_take(a->ledger, a->facts, origin);
	}
	free(ports);
}

void
states_tell(struct audit *a, uint32_t address, struct mac mac)
{
	const struct origin origin = { .address = address,
		.mac = mac,
		.probe = "visit",
		.time_ns = loop_wall() };
	uint8_t *states = calloc(a->ports.tcp_len + 1, 1);
	size_t open = 0;

	if (states == NULL || a->shots == NULL) {
		free(states);
		return;
	}
	for (size_t i = 0; i < a->ports.tcp_len; i++) {
		states[i] =
		    (uint8_t)shots_state(a->shots, address, a->ports.tcp[i]);
		open += states[i] == PORT_OPEN;
	}
	if (open > PORTS_TOLD_MAX)
		tell_ports(a, &origin, states, PORT_OPEN, FACT_PORTS_OPEN);
	tell_ports(a, &origin, states, PORT_CLOSED, FACT_PORTS_CLOSED);
	tell_ports(a, &origin, states, PORT_FILTERED, FACT_PORTS_FILTERED);
	free(states);
}
