/* SPDX-License-Identifier: ISC */
/* audit - set-up, the run, its end. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "scanner/audit.h"
#include "scanner/audit_diary.h"
#include "scanner/audit_state.h"
#include "scanner/ceiling.h"
#include "scanner/census.h"
#include "scanner/diary.h"
#include "scanner/exchange.h"
#include "scanner/gather.h"
#include "scanner/log.h"
#include "scanner/loop.h"
#include "scanner/neighbour.h"
#include "scanner/options.h"
#include "scanner/output.h"
#include "scanner/resume.h"
#include "scanner/rights.h"

static const int64_t second_ns = 1000000000;
static const int64_t states_listen_ns = 200000000;
enum { SNMP_PORT = 161, HALTS_A_MINUTE = 2, HALT_PERCENT = 2 };

/* --- what frames mean to the run ------------------------------------- */

static void
on_alive(void *arg, uint32_t address, struct mac mac, enum alive_how how,
    const struct packet *packet)
{
	struct audit *a = arg;

	(void)packet;
	if (sweep_alive(a->sweep, address))
		guest_arrive(a, address, mac);
	else
		guest_alive(a, address, how == ALIVE_ECHO);
}

static bool
in_scope(void *arg, uint32_t address)
{
	const struct audit *a = arg;

	return scope_has_host(a->scope, address);
}

static bool
is_denied(void *arg, uint32_t address)
{
	const struct audit *a = arg;

	return scope_denies(a->scope, address);
}

static bool
is_own(void *arg, uint32_t address)
{
	const struct audit *a = arg;

	for (size_t i = 0; i < a->segments.len; i++)
		if (a->segments.items[i].route.source == address)
			return true;
	return false;
}

static bool
on_link(void *arg, uint32_t address)
{
	const struct audit *a = arg;
	const struct segment *s = segments_find(&a->segments, address);

	return s != NULL && s->route.gateway == 0;
}

static bool
is_our_connect(void *arg, uint32_t address, uint16_t port, uint16_t local_port)
{
	return guest_connected(arg, address, port, local_port);
}

static bool
is_gathering(
    void *arg, const struct probe *probe, uint16_t local_port, uint32_t *cookie)
{
	const struct audit *a = arg;

	return a->gather != NULL &&
	    gather_asked(a->gather, probe, local_port, cookie);
}

static uint32_t
cookie(void *arg, uint32_t address, uint16_t port, uint16_t what)
{
	const struct audit *a = arg;

	return send_cookie(a->key, address, port, what);
}

static void
on_gateway(void *arg, uint32_t address, struct mac mac)
{
	struct audit *a = arg;

	wires_gateway_is(a->wires, address, mac);
}

static void
on_frame(void *arg, const struct frame *frame)
{
	struct audit *a = arg;

	dispatch_frame(a->dispatch, frame);
}

/* --- what the sweep tells -------------------------------------------- */

static void
on_ready(void *arg)
{
	guests_go_on(arg);
}

static void
on_assume_up(void *arg, uint32_t address)
{
	struct audit *a = arg;
	const struct segment *s = segments_find(&a->segments, address);

	/* Raw SYN will tell; it cannot where there is no Ethernet. */
	if (!a->care.raw_syn || s->assume_up)
		guest_arrive(a, address, (struct mac){ { 0 } });
}

static void
on_sent(void *arg, uint32_t address)
{
	struct audit *a = arg;

	(void)address;
	a->run.hosts_probed++;
}

static void
on_sweep_done(void *arg)
{
	struct audit *a = arg;

	if (a->care.raw_syn && !a->states_known) {
		if (!states_begin(a))
			audit_stop(a, RUN_FAILED);
		return;
	}
	a->asking_over = true;
	audit_check_end(a);
}

/* --- the end ---------------------------------------------------------- */

static bool
is_enough(const struct audit *a)
{
	return a->use->is_enough != NULL &&
	    a->use->is_enough(a->use->arg, a->ledger, a->fingerprints);
}

/* While it only listens, who is content early is asked now and then. */
static int64_t
next_look(const struct audit *a, int64_t until)
{
	int64_t soon = loop_now() + second_ns;

	return a->use->is_enough != NULL && soon < until ? soon : until;
}

void
audit_check_end(struct audit *a)
{
	int64_t until =
	    a->started_ns + (int64_t)(a->options->listen_s * (double)second_ns);
	bool is_busy = !a->asking_over || a->guests_active > 0 ||
	    talks_under_way(a->talks) > 0 || a->is_settling;

	if (is_busy)
		return;
	if (a->stopping || loop_now() >= until || is_enough(a))
		loop_stop(a->loop);
	else
		loop_timer_at(a->end_timer, next_look(a, until));
}

void
audit_settle(struct audit *a)
{
	int64_t next =
	    exchange_settle(dispatch_exchange(a->dispatch), loop_now());

	a->is_settling = next != INT64_MAX;
	if (a->is_settling)
		loop_timer_at(a->settle_timer, next);
}

static void
settle_ring(void *arg)
{
	struct audit *a = arg;

	audit_settle(a);
	audit_check_end(a);
}

static void
end_ring(void *arg)
{
	audit_check_end(arg);
}

void
audit_stop(struct audit *a, enum run_outcome outcome)
{
	if (a->stopping)
		return;
	a->stopping = true;
	a->run.outcome = outcome;
	if (a->gather != NULL)
		gather_stop(a->gather);
	sweep_stop(a->sweep);
	if (a->shots_timer != NULL)
		loop_timer_at(a->shots_timer, loop_now());
	guests_stop(a);
	audit_check_end(a);
}

/* May it go on?  Whoever began it knows; a window may close. */
static void
watch_ring(void *arg)
{
	struct audit *a = arg;

	if (a->use->may_go_on == NULL || a->stopping)
		return;
	if (a->use->may_go_on(a->use->arg, loop_wall()))
		loop_timer_at(a->watch_timer, loop_now() + second_ns);
	else
		audit_stop(a, RUN_INTERRUPTED);
}

/* Called from the loop itself, not from within a move. */
static void
stop_ring(void *arg)
{
	audit_stop(arg, RUN_INTERRUPTED);
}

static void
on_interrupt(void *arg)
{
	struct audit *a = arg;

	if (a->interrupts++ > 0) {
		loop_stop(a->loop);
		return;
	}
	log_warn("audit",
	    "interrupted: finishing %zu conversations "
	    "(again: stop at once)",
	    talks_under_way(a->talks));
	audit_stop(a, RUN_INTERRUPTED);
}

static void
halt_add(struct audit *a, uint32_t address, const char *why)
{
	struct run_halt *grown =
	    realloc(a->run.halted, (a->run.halted_len + 1) * sizeof(*grown));

	if (grown == NULL)
		return;
	a->run.halted = grown;
	grown = &grown[a->run.halted_len++];
	*grown =
	    (struct run_halt){ .address = address, .time_ns = loop_wall() };
	snprintf(grown->reason, sizeof(grown->reason), "%s", why);
}

void
audit_note_run(struct audit *a, const char *why)
{
	halt_add(a, 0, why);
}

void
audit_note_halt(struct audit *a, uint32_t address, const char *why)
{
	char text[NET_IPV4_TEXT];
	size_t lately = 0;
	int64_t now = loop_wall();

	/* Said before gantry was killed. */
	for (size_t i = 0; i < a->run.halted_len; i++)
		if (a->run.halted[i].address == address)
			return;
	halt_add(a, address, why);
	log_warn("audit", "HALTED %s: %s", ipv4_text(address, text), why);
	for (size_t i = 0; i < a->run.halted_len; i++)
		lately += now - a->run.halted[i].time_ns < 60 * second_ns;
	if (a->stopping ||
	    (lately < HALTS_A_MINUTE &&
		lately * 100 < HALT_PERCENT * a->guests_len))
		return;
	if (lately < HALTS_A_MINUTE && a->guests_len < 100 / HALT_PERCENT)
		return; /* 2 % of a few hosts is less than one */
	halt_add(a, 0, "too many hosts fell silent within a minute");
	log_error("audit",
	    "run halted: %zu hosts fell silent within a "
	    "minute; look at them before going on",
	    lately);
	audit_stop(a, RUN_HALTED);
}

/* --- set-up ------------------------------------------------------------ */

/* A harmful port named one by one was meant. */
static void
permit_ports(struct audit *a)
{
	const struct ports *p = &a->ports;

	for (size_t i = 0; i < p->named_tcp_len; i++)
		scope_permit_port(a->scope, ABOUT_TCP, p->named_tcp[i]);
	for (size_t i = 0; i < p->named_udp_len; i++)
		scope_permit_port(a->scope, ABOUT_UDP, p->named_udp[i]);
}

static bool
prepare_scope(struct audit *a)
{
	const struct options *o = a->options;
	char error[SCOPE_ERROR];

	if (o->words_len == 0) {
		log_error("audit",
		    "name what to look at: an address, a "
		    "CIDR, a range or @FILE");
		return false;
	}
	a->scope = scope_new();
	if (a->scope == NULL)
		return false;
	for (size_t i = 0; i < o->words_len; i++)
		if (!scope_allow(a->scope, o->words[i], error))
			goto fail;
	for (size_t i = 0; i < o->exclude_len; i++)
		if (!scope_deny(a->scope, o->exclude[i], error))
			goto fail;
	if (o->scope_file != NULL &&
	    !scope_read_file(a->scope, o->scope_file, loop_wall(), error))
		goto fail;
	if (!ports_parse(
		o->ports != NULL ? o->ports : "default", &a->ports, error))
		goto fail;
	/* SNMP is spoken where the operator gave the word for it. */
	if (!ports_put_udp(&a->ports, SNMP_PORT, o->community != NULL)) {
		log_error("audit", "out of memory");
		return false;
	}
	permit_ports(a);
	if (!scope_freeze(a->scope, error))
		goto fail;
	if (scope_size(a->scope) == 0) {
		log_error("scope", "nothing is left to look at");
		return false;
	}
	return true;
fail:
	log_error("scope", "%s", error);
	return false;
}

/* The kernel reaches its own addresses through the loopback. */
static bool
is_ours(uint32_t address)
{
	char error[ROUTE_ERROR];
	struct route route;

	return route_get(address, &route, error) && route.is_loopback;
}

static bool
prepare_care(struct audit *a)
{
	const struct options *o = a->options;
	uint32_t source = 0;
	char error[ROUTE_ERROR];

	a->care = *care_find(o->care);
	if (o->rate >= 0)
		a->care.rate = o->rate;
	if (o->host_rate > 0) {
		a->care.initiations = o->host_rate;
		a->care.shots_per_host = o->host_rate;
		/* Three packets for an initiation, as in the levels. */
		if (a->care.packets < 3 * o->host_rate)
			a->care.packets = 3 * o->host_rate;
	}
	if (o->source != NULL && !ipv4_parse(o->source, &source)) {
		log_error(
		    "audit", "-S: '%s' is not an IPv4 address", o->source);
		return false;
	}
	if (source != 0 && !is_ours(source)) {
		log_error(
		    "audit", "-S: %s is no address of this machine", o->source);
		return false;
	}
	if (a->resume != NULL) {
		memcpy(a->key, a->resume->key, sizeof(a->key));
	} else if (getrandom(a->key, sizeof(a->key), 0) != sizeof(a->key)) {
		log_error("audit", "no random numbers: %s", strerror(errno));
		return false;
	}
	if (!segments_make(
		&a->segments, a->scope, o->interface, source, error)) {
		log_error("route", "%s", error);
		return false;
	}
	if (a->segments.unroutable > 0)
		log_warn("route", "no way to %llu of the addresses",
		    (unsigned long long)a->segments.unroutable);
	a->plan = (struct visit_plan){ .care = &a->care,
		.scope = a->scope,
		.tcp = a->ports.tcp,
		.tcp_len = a->ports.tcp_len,
		.udp = a->ports.udp,
		.udp_len = a->ports.udp_len,
		.reserved_sweep = !o->no_reserved,
		.icmp = true,
		.states_only = o->states_only,
		/* Its state is known by then: a server that speaks late, or
		 * takes its time to answer, is not waited for. */
		.listen_ns = o->states_only ? states_listen_ns : 0,
		.wait_ns = o->states_only ? a->care.brief_ns : 0 };
	memcpy(&a->plan.key, a->key, sizeof(a->plan.key));
	return true;
}

static bool
prepare_data(struct audit *a)
{
	char path[PATH_MAX], error[OUI_ERROR];
	bool has = output_data_path("oui.txt", path, sizeof(path));

	a->fingerprints = output_fingerprints(a->options, NULL);
	a->oui = oui_new(has ? path : NULL, error);
	if (a->oui == NULL) {
		log_error("oui", "%s", error);
		return false;
	}
	a->ledger = ledger_new();
	a->facts = facts_new();
	a->loop = loop_new();
	if (a->ledger == NULL || a->facts == NULL || a->loop == NULL) {
		log_error("audit", "out of memory");
		return false;
	}
	if (!has)
		log_warn("oui",
		    "our own table of vendors is missing: "
		    "bedside devices cannot be told");
	return a->fingerprints != NULL;
}

/* The same run as before, as far as it went. */
static bool
fill_before(struct run *r, const struct run *before)
{
	memcpy(r->id, before->id, sizeof(r->id));
	r->started_ns = before->started_ns;
	r->hosts_probed = before->hosts_probed;
	if (before->halted_len == 0)
		return true;
	r->halted = calloc(before->halted_len, sizeof(*r->halted));
	if (r->halted == NULL) {
		log_error("audit", "out of memory");
		return false;
	}
	memcpy(
	    r->halted, before->halted, before->halted_len * sizeof(*r->halted));
	r->halted_len = before->halted_len;
	return true;
}

static bool
fill_run(struct audit *a)
{
	struct run *r = &a->run;

	output_run_begin(r, a->use->command, a->options);
	r->care = a->care.name;
	r->host_packets_cap = a->care.packets + 1; /* a repetition */
	r->scope = scope_allowed_text(a->scope, &r->scope_len);
	r->excluded = scope_denied_text(a->scope, &r->excluded_len);
	r->owner = scope_owner(a->scope);
	r->addresses = scope_size(a->scope);
	r->fingerprints = a->fingerprints->len;
	return a->resume == NULL || fill_before(r, &a->before);
}

/* Everything that needs a right is opened here, before a file is made. */
static bool
prepare_wires(struct audit *a)
{
	char error[CAPTURE_ERROR];
	uint64_t burst = a->care.past_the_queue
	    ? scope_size(a->scope) * (a->ports.tcp_len + 1)
	    : 0;

	a->wires = wires_open(
	    a->loop, &a->segments, a->scope, a->key, burst, on_frame, a, error);
	if (a->wires == NULL) {
		log_error("capture", "%s", error);
		return false;
	}
	if (a->care.past_the_queue)
		wires_skip_queue(a->wires);
	return true;
}

/* What we ourselves send is no station's. */
static void
prepare_census(struct audit *a)
{
	struct census *census = dispatch_census(a->dispatch);

	for (size_t i = 0; i < a->segments.len; i++) {
		const struct route *r = &a->segments.items[i].route;

		census_own(census, r->mac);
		census_interface(
		    census, (uint16_t)r->interface, r->interface_name);
	}
}

static void
on_gathered(void *arg)
{
	struct audit *a = arg;

	if (!a->stopping)
		sweep_start(a->sweep);
}

/* A run that goes on has asked already. */
static bool
prepare_gather(struct audit *a)
{
	if (!a->options->broadcast || a->resume != NULL)
		return true;
	a->gather = gather_new(
	    a->loop, a->scope, &a->segments, a->wires, a->key, on_gathered, a);
	if (a->gather == NULL)
		log_error("audit", "out of memory");
	return a->gather != NULL;
}

/* The rights go; then the stages are put together. */
static bool
prepare_stages(struct audit *a)
{
	uint32_t source = 0;

	if (a->options->source != NULL)
		ipv4_parse(a->options->source, &source);
	if (!rights_drop()) {
		log_error("rights", "cannot give up capabilities: %s",
		    strerror(errno));
		return false;
	}
	a->dispatch_hooks = (struct dispatch_hooks){ .arg = a,
		.alive = on_alive,
		.shot = states_answer,
		.gateway = on_gateway,
		.in_scope = in_scope,
		.is_own = is_own,
		.on_link = on_link,
		.is_our_connect = is_our_connect,
		.settled = diary_settled,
		.is_gathering = is_gathering,
		.cookie = cookie };
	a->sweep_hooks = (struct sweep_hooks){ .arg = a,
		.ready = on_ready,
		.assume_up = on_assume_up,
		.sent = on_sent,
		.sending = diary_sweep,
		.done = on_sweep_done };
	a->dispatch = dispatch_new(
	    a->ledger, output_evidence(a->output), &a->dispatch_hooks);
	if (a->dispatch != NULL)
		prepare_census(a);
	a->neighbours = neighbours_new();
	a->neighbours_full = route_neighbours_full();
	a->talks = talks_new(a->loop, a->scope, source, a->options->interface,
	    guest_talk_done, a);
	a->ceiling = ceiling_new(&a->segments, a->options->segment_rate);
	if (a->ceiling == NULL || a->neighbours == NULL)
		return false;
	a->sweep = sweep_new(a->loop, a->scope, &a->segments, a->wires,
	    &a->care, &a->pace, a->ceiling, a->plan.key, a->options->assume_up,
	    &a->sweep_hooks);
	if (!prepare_gather(a))
		return false;
	a->end_timer = loop_timer_new(a->loop, end_ring, a);
	a->settle_timer = loop_timer_new(a->loop, settle_ring, a);
	a->watch_timer = loop_timer_new(a->loop, watch_ring, a);
	a->stop_timer = loop_timer_new(a->loop, stop_ring, a);
	pace_init(&a->pace, a->care.rate);
	return a->dispatch && a->talks && a->sweep && a->end_timer &&
	    a->settle_timer && a->watch_timer && a->stop_timer &&
	    audit_links_watch(a) &&
	    loop_on_signal(a->loop, SIGINT, on_interrupt, a) &&
	    loop_on_signal(a->loop, SIGTERM, on_interrupt, a);
}

/* --- the run ------------------------------------------------------------ */

struct run
audit_counts(const struct audit *a)
{
	struct sender_counts sent = wires_sent(a->wires);
	struct capture_counts captured = wires_captured(a->wires);
	struct dispatch_counts seen = dispatch_counts(a->dispatch);
	const struct run *before = &a->before; /* all 0 but for --resume */
	struct run r = a->run;

	r.listened_s =
	    before->listened_s + (double)(loop_now() - a->started_ns) / 1e9;
	r.packets_sent =
	    before->packets_sent + sent.sent + talks_packets(a->talks);
	r.frames_read = before->frames_read + seen.frames;
	r.frames_broken = before->frames_broken + seen.broken;
	r.frames_dropped = before->frames_dropped + captured.dropped;
	r.talks = before->talks + talks_held(a->talks);
	r.facts_dropped = before->facts_dropped + ledger_dropped(a->ledger);
	r.hosts_answered = a->guests_len;
	return r;
}

static void
finish_counts(struct audit *a)
{
	struct capture_counts captured = wires_captured(a->wires);
	struct run *r = &a->run;

	a->run = audit_counts(a);
	r->finished_ns = loop_wall();
	guests_listened(a, r->listened_s);
	census_finish(dispatch_census(a->dispatch), a->oui, is_denied, a);
	census_tell(dispatch_census(a->dispatch), a->ledger, in_scope, a);
	r->census = dispatch_census(a->dispatch);
	audit_drop_known(a);
	if (captured.dropped > 0)
		log_warn("capture", "the kernel dropped %llu frames",
		    (unsigned long long)captured.dropped);
	if (wires_broken(a->wires) != NULL && r->outcome == RUN_DONE)
		r->outcome = RUN_FAILED;
}

static int
run(struct audit *a)
{
	const struct output_show show = { a->use->finished, a->use->arg,
		keep_finish, a };
	bool is_noted;

	a->started_ns = loop_now();
	if (!diary_begin(a) || !keep_start(a))
		return EXIT_USAGE;
	progress_start(a);
	if (a->gather != NULL)
		gather_start(a->gather);
	else
		sweep_start(a->sweep);
	watch_ring(a);
	loop_run(a->loop);
	exchange_settle(dispatch_exchange(a->dispatch), INT64_MAX);
	progress_end(a);
	finish_counts(a);
	is_noted = !a->use->keeps_place || audit_resume_note(a);
	if (!output_write(a->output, a->options, &a->run, a->ledger,
		a->fingerprints, &show) ||
	    !is_noted || (a->use->keeps_place && !audit_resume_forget(a)))
		return EXIT_USAGE;
	switch (a->run.outcome) {
	case RUN_DONE:
		return EXIT_DONE;
	case RUN_INTERRUPTED:
	case RUN_HALTED:
		return EXIT_INTERRUPTED;
	case RUN_FAILED:
		break;
	}
	return EXIT_USAGE;
}

static bool
begin(const struct audit *a)
{
	return a->use->begun == NULL ||
	    a->use->begun(a->use->arg, &a->run, a->ledger);
}

static void
audit_free(struct audit *a)
{
	guests_free(a);
	loop_timer_free(a->end_timer);
	loop_timer_free(a->settle_timer);
	loop_timer_free(a->watch_timer);
	loop_timer_free(a->links_timer);
	loop_timer_free(a->stop_timer);
	loop_timer_free(a->progress_timer);
	gather_free(a->gather);
	sweep_free(a->sweep);
	shots_free(a->shots);
	loop_timer_free(a->shots_timer);
	free(a->live);
	talks_free(a->talks);
	dispatch_free(a->dispatch);
	wires_free(a->wires);
	ceiling_free(a->ceiling);
	neighbours_free(a->neighbours);
	output_free(a->output);
	keep_free(a);
	diary_close(a->diary);
	loop_free(a->loop);
	facts_free(a->facts);
	ledger_free(a->ledger);
	oui_free(a->oui);
	fingerprints_free(a->fingerprints);
	segments_clear(&a->segments);
	ports_free(&a->ports);
	scope_free(a->scope);
	free(a->run.halted);
	free(a->run.unknown);
	resume_free(a->resume);
	free(a->place);
	free(a);
}

int
audit_for(const struct options *options, const struct audit_use *use)
{
	struct audit *a = calloc(1, sizeof(*a));
	int code = EXIT_USAGE;

	if (a == NULL)
		return EXIT_USAGE;
	a->options = options;
	a->use = use;
	if (options->resume != NULL && !audit_resume_read(a, options))
		goto out;
	if (!prepare_scope(a) || !prepare_care(a) ||
	    (a->resume != NULL && !audit_resume_check(a)))
		goto out;
	if (options->dry_run) {
		code = plan_print(a);
		goto out;
	}
	if (!prepare_data(a))
		goto out;
	if (!fill_run(a) || !output_possible(a->options) || !prepare_wires(a) ||
	    (a->resume != NULL && !audit_resume_facts(a)))
		goto out;
	if (!keep_place(a))
		goto out;
	a->output = output_new(a->options, &a->run, a->ledger);
	if (a->output != NULL && keep_begin(a) && begin(a) &&
	    prepare_stages(a) && (a->resume == NULL || audit_resume_apply(a)))
		code = run(a);
out:
	audit_free(a);
	return code;
}

int
audit_run(const struct options *options)
{
	static const struct audit_use use = { .command = "audit",
		.keeps_place = true };

	return audit_for(options, &use);
}
