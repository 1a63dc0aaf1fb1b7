/* SPDX-License-Identifier: ISC */
/*
 * listen - captures of every interface through dispatch, facts, match,
 * report.
 *
 * There is no sender, no socket but the captures, and no hook by which the
 * dispatch could ask for a packet: it hears as it does in a replay.  What this
 * machine itself sends is not heard.
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/capture.h"
#include "scanner/census.h"
#include "scanner/dispatch.h"
#include "scanner/listen.h"
#include "scanner/log.h"
#include "scanner/loop.h"
#include "scanner/options.h"
#include "scanner/oui.h"
#include "scanner/output.h"
#include "scanner/rights.h"
#include "scanner/scope.h"
#include "scanner/vendors.h"

enum {
	EARS_MAX = 64,
	EAR_NAME = 16,
	READ_AT_ONCE = 512,
	BURST = 4096 /* frames that may come at once */
};
static const int64_t second_ns = 1000000000, line_ns = 10 * second_ns;

struct listen;

/* One interface. */
struct ear {
	struct listen *all;
	char name[EAR_NAME];
	struct capture *capture;
	struct loop_watch *watch;
};

struct listen {
	const struct options *options;
	struct run run;
	struct scope *scope; /* what is excluded */
	struct oui *oui;
	struct fingerprints *fingerprints;
	struct ledger *ledger;
	struct output *output;
	struct dispatch *dispatch;
	struct loop *loop;
	struct loop_timer *end_timer, *line_timer;
	struct ear ears[EARS_MAX];
	size_t ears_len;
	const char *names[EARS_MAX];
	uint32_t frames; /* over all interfaces */
	int64_t started_ns;
};

/* --- frames ------------------------------------------------------------- */

static void
on_frame(void *arg, const struct frame *frame)
{
	struct listen *l = arg;
	struct frame counted = *frame;

	counted.number = ++l->frames;
	dispatch_frame(l->dispatch, &counted);
}

static void
readable(void *arg, bool is_readable, bool is_writable)
{
	struct ear *ear = arg;
	char error[CAPTURE_ERROR];

	(void)is_writable;
	if (!is_readable ||
	    capture_read(
		ear->capture, READ_AT_ONCE, on_frame, ear->all, error) >= 0)
		return;
	log_error("capture", "%s", error);
	loop_watch_set(ear->watch, false, false);
	ear->all->run.outcome = RUN_FAILED;
	loop_stop(ear->all->loop);
}

static bool
is_denied(void *arg, uint32_t address)
{
	const struct listen *l = arg;

	return scope_denies(l->scope, address);
}

/* --- the end ------------------------------------------------------------ */

static void
on_end(void *arg)
{
	struct listen *l = arg;

	loop_stop(l->loop);
}

static void
on_interrupt(void *arg)
{
	struct listen *l = arg;

	l->run.outcome = RUN_INTERRUPTED;
	loop_stop(l->loop);
}

static void
on_line(void *arg)
{
	struct listen *l = arg;
	size_t hosts;

	free(ledger_addresses(l->ledger, &hosts));
	log_info("listen", "%u frames, %zu hosts, %zu stations", l->frames,
	    hosts, census_stations(dispatch_census(l->dispatch)));
	loop_timer_at(l->line_timer, loop_now() + line_ns);
}

/* Is the host on a segment of ours?  Then its MAC was seen. */
static bool
is_on_segment(const struct ledger *ledger, uint32_t address)
{
	size_t n;
	const struct fact *const *facts = ledger_host(ledger, address, &n);

	for (size_t i = 0; i < n; i++)
		if (mac_is_known(facts[i]->mac))
			return true;
	return false;
}

/* How long each host could have been heard: what it did not say counts. */
static void
note_listened(struct listen *l)
{
	size_t n;
	uint32_t *addresses = ledger_addresses(l->ledger, &n);
	struct facts *facts = facts_new();

	for (size_t i = 0; facts != NULL && i < n; i++) {
		const struct origin origin = { .address = addresses[i],
			.probe = "listen",
			.time_ns = l->run.finished_ns };

		if (!is_on_segment(l->ledger, addresses[i]))
			continue;
		facts_begin(
		    facts, (struct about){ .kind = ABOUT_HOST }, NULL, 0);
		facts_number(facts, FACT_LISTEN_SECONDS,
		    (int64_t)l->run.listened_s, NULL, 0);
		ledger_take(l->ledger, facts, &origin);
	}
	facts_free(facts);
	free(addresses);
}

static void
finish(struct listen *l)
{
	struct census *census = dispatch_census(l->dispatch);
	struct run *r = &l->run;

	dispatch_flush(l->dispatch);
	r->finished_ns = loop_wall();
	r->listened_s = (double)(loop_now() - l->started_ns) / 1e9;
	for (size_t i = 0; i < l->ears_len; i++)
		r->frames_dropped += capture_counts(l->ears[i].capture).dropped;
	if (r->frames_dropped > 0)
		log_warn("capture", "the kernel dropped %llu frames",
		    (unsigned long long)r->frames_dropped);
	census_finish(census, l->oui, is_denied, l);
	census_tell(census, l->ledger, NULL, NULL);
	note_listened(l);
	vendors_add(l->ledger, l->oui);
	r->census = census;
	r->frames_read = dispatch_counts(l->dispatch).frames;
	r->frames_broken = dispatch_counts(l->dispatch).broken;
	r->facts_dropped = ledger_dropped(l->ledger);
}

/* --- set-up ------------------------------------------------------------- */

/* Who is excluded; that nobody is to be touched needs no saying. */
static bool
prepare_scope(struct listen *l)
{
	const struct options *o = l->options;
	char error[SCOPE_ERROR];
	bool ok = true;

	if (o->words_len > 0) {
		log_error("listen",
		    "'%s': listening has no targets; -i names an interface",
		    o->words[0]);
		return false;
	}
	l->scope = scope_new();
	if (l->scope == NULL)
		return false;
	for (size_t i = 0; ok && i < o->exclude_len; i++)
		ok = scope_deny(l->scope, o->exclude[i], error);
	if (ok && o->scope_file != NULL)
		ok = scope_read_file(
		    l->scope, o->scope_file, loop_wall(), error);
	ok = ok && scope_freeze(l->scope, error);
	if (!ok)
		log_error("scope", "%s", error);
	return ok;
}

static bool
ear_open(struct listen *l, const char *name, char error[static CAPTURE_ERROR])
{
	struct ear *ear = &l->ears[l->ears_len];

	if (l->ears_len == EARS_MAX || strlen(name) >= sizeof(ear->name)) {
		snprintf(error, CAPTURE_ERROR, "%.40s: %s", name,
		    l->ears_len == EARS_MAX ? "too many interfaces"
					    : "no such interface");
		return false;
	}
	ear->capture = capture_open_live(name, NULL, BURST, error);
	if (ear->capture == NULL)
		return false;
	snprintf(ear->name, sizeof(ear->name), "%s", name);
	ear->all = l;
	l->names[l->ears_len++] = ear->name;
	if (!capture_hear_all(ear->capture))
		log_info("listen",
		    "%s: hears only what is sent to it or to all", name);
	if (!capture_hear_others(ear->capture))
		log_info("listen", "%s: hears this machine as well", name);
	return true;
}

/* One that cannot be read, among all that are up, is no obstacle. */
static void
ear_try(void *arg, const char *name)
{
	struct listen *l = arg;
	char error[CAPTURE_ERROR];

	if (!ear_open(l, name, error))
		log_warn("listen", "%s", error);
}

static bool
open_ears(struct listen *l)
{
	const struct options *o = l->options;
	char error[CAPTURE_ERROR];

	for (size_t i = 0; i < o->interfaces_len; i++) {
		if (!ear_open(l, o->interfaces[i], error)) {
			log_error("listen", "%s", error);
			return false;
		}
	}
	if (o->interfaces_len == 0 && !capture_interfaces(ear_try, l, error)) {
		log_error("listen", "%s", error);
		return false;
	}
	if (l->ears_len == 0)
		log_error("listen", "no interface to listen on");
	return l->ears_len > 0;
}

static bool
prepare_data(struct listen *l)
{
	char path[PATH_MAX], error[OUI_ERROR];
	bool has = output_data_path("oui.txt", path, sizeof(path));

	output_run_begin(&l->run, "listen", l->options);
	l->run.scope = l->names;
	l->run.excluded = scope_denied_text(l->scope, &l->run.excluded_len);
	l->run.owner = scope_owner(l->scope);
	l->fingerprints = output_fingerprints(l->options, NULL);
	if (l->fingerprints == NULL)
		return false;
	l->run.fingerprints = l->fingerprints->len;
	l->oui = oui_new(has ? path : NULL, error);
	if (l->oui == NULL)
		log_error("oui", "%s", error);
	l->ledger = ledger_new();
	l->loop = loop_new();
	return l->oui != NULL && l->ledger != NULL && l->loop != NULL;
}

static bool
watch_ears(struct listen *l)
{
	struct census *census = dispatch_census(l->dispatch);

	for (size_t i = 0; i < l->ears_len; i++) {
		struct ear *ear = &l->ears[i];

		census_interface(
		    census, capture_interface(ear->capture), ear->name);
		ear->watch = loop_watch_new(
		    l->loop, capture_fd(ear->capture), readable, ear);
		if (ear->watch == NULL)
			return false;
	}
	return true;
}

/* The captures are open: the rights go, then the stages are put together. */
static bool
prepare_stages(struct listen *l)
{
	l->run.scope_len = l->ears_len;
	if (!rights_drop()) {
		log_error("rights", "cannot give up capabilities: %s",
		    strerror(errno));
		return false;
	}
	l->output = output_new(l->options, &l->run, l->ledger);
	if (l->output == NULL)
		return false;
	l->dispatch = dispatch_new(l->ledger, output_evidence(l->output), NULL);
	l->end_timer = loop_timer_new(l->loop, on_end, l);
	l->line_timer = loop_timer_new(l->loop, on_line, l);
	if (l->dispatch == NULL || l->end_timer == NULL ||
	    l->line_timer == NULL)
		return false;
	dispatch_exclude(l->dispatch, is_denied, l);
	return watch_ears(l) &&
	    loop_on_signal(l->loop, SIGINT, on_interrupt, l) &&
	    loop_on_signal(l->loop, SIGTERM, on_interrupt, l);
}

static int
run(struct listen *l)
{
	double seconds = l->options->listen_s;

	l->started_ns = loop_now();
	if (seconds > 0)
		loop_timer_at(l->end_timer,
		    l->started_ns + (int64_t)(seconds * (double)second_ns));
	loop_timer_at(l->line_timer, l->started_ns + line_ns);
	log_info("listen", "listening on %s%s%s", l->names[0],
	    l->ears_len > 1 ? " and others" : "",
	    seconds > 0 ? "" : "; Ctrl-C ends it");
	loop_run(l->loop);
	finish(l);
	if (!output_write(l->output, l->options, &l->run, l->ledger,
		l->fingerprints, NULL) ||
	    l->run.outcome == RUN_FAILED)
		return EXIT_USAGE;
	return l->run.outcome == RUN_DONE ? EXIT_DONE : EXIT_INTERRUPTED;
}

int
listen_run(const struct options *options)
{
	struct listen *l = calloc(1, sizeof(*l));
	int code = EXIT_USAGE;

	if (l == NULL)
		return EXIT_USAGE;
	l->options = options;
	if (!prepare_scope(l))
		goto out;
	if (options->dry_run) {
		log_info("listen", "nothing would be sent");
		code = EXIT_DONE;
		goto out;
	}
	if (prepare_data(l) && output_possible(options) && open_ears(l) &&
	    prepare_stages(l))
		code = run(l);
out:
	for (size_t i = 0; i < l->ears_len; i++) {
		loop_watch_free(l->ears[i].watch);
		capture_free(l->ears[i].capture);
	}
	loop_timer_free(l->end_timer);
	loop_timer_free(l->line_timer);
	dispatch_free(l->dispatch);
	output_free(l->output);
	loop_free(l->loop);
	ledger_free(l->ledger);
	oui_free(l->oui);
	fingerprints_free(l->fingerprints);
	scope_free(l->scope);
	free(l);
	return code;
}
