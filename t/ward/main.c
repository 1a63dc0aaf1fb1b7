/* SPDX-License-Identifier: ISC */
/*
 * gantry-ward - a simulated hospital on one network interface.
 *
 * Meant for a veth or TAP end in a network namespace of its own: it answers
 * for every host of the ward file and counts what is done to them.
 */
#include <argp.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "beacon.h"
#include "census.h"
#include "conf.h"
#include "err.h"
#include "impair.h"
#include "link.h"
#include "loop.h"
#include "report.h"
#include "tcp.h"
#include "ward.h"

enum { EXIT_TROUBLE = 2, PATH_ROOM = 4096 };
enum { KEY_DUP = 256, KEY_REORDER, KEY_DELAY, KEY_SEED, KEY_CENSUS };

struct settings {
	const char *iface;
	const char *ward_file;
	const char *personalities;
	const char *harm_file;
	const char *ready_file;
	double speed;
	double max_s;
	struct impair_rates rates;
	uint64_t seed;
	const char *census; /* directory to list instead of answering */
};

/* Everything a run needs, taken down in the reverse order. */
struct run {
	struct settings set;
	struct conf_ward *conf;
	struct ward ward;
	struct timer end;
	struct err err;
	bool has_failed;
};

static const struct argp_option options[] = {
	{ "interface", 'i', "IFACE", 0, "Answer on this interface", 0 },
	{ "speed", 's', "FACTOR", 0,
	    "Let beacons and timers run so many times as fast", 0 },
	{ "harm", 'H', "FILE", 0,
	    "Write the harm file here at the end and on SIGUSR1", 0 },
	{ "ready", 'r', "FILE", 0, "Write this once hosts answer", 0 },
	{ "duration", 'd', "SECONDS", 0, "Stop after so many real seconds", 0 },
	{ "personalities", 'P', "DIR", 0,
	    "Look for personalities there, not beside the ward file", 0 },
	{ "loss", 'l', "PERCENT", 0, "Lose packets, either way", 0 },
	{ "dup", KEY_DUP, "PERCENT", 0, "Send packets twice", 0 },
	{ "reorder", KEY_REORDER, "PERCENT", 0,
	    "Let packets be overtaken by later ones", 0 },
	{ "delay", KEY_DELAY, "MS", 0, "Delay every answer", 0 },
	{ "seed", KEY_SEED, "N", 0, "Make chance repeatable", 0 },
	{ "census", KEY_CENSUS, "DIR", 0,
	    "Only list the personalities there are, as JSON", 0 },
	{ 0 },
};

/* Ends the program with a word of advice when text is no number in range. */
static double
number_read(struct argp_state *state, const char *text, double low, double high)
{
	char *end;
	double v;

	errno = 0;
	v = strtod(text, &end);
	if (errno != 0 || end == text || *end != '\0' || !(v >= low) ||
	    !(v <= high))
		argp_error(state, "\"%s\" is not a number from %g to %g", text,
		    low, high);
	return v;
}

static error_t
option_take(int key, char *arg, struct argp_state *state)
{
	struct settings *s = state->input;

	switch (key) {
	case 'i':
		s->iface = arg;
		break;
	case 's':
		s->speed = number_read(state, arg, 0.001, 100000);
		break;
	case 'H':
		s->harm_file = arg;
		break;
	case 'r':
		s->ready_file = arg;
		break;
	case 'd':
		s->max_s = number_read(state, arg, 0.001, 1e7);
		break;
	case 'P':
		s->personalities = arg;
		break;
	case 'l':
		s->rates.loss_percent = number_read(state, arg, 0, 100);
		break;
	case KEY_DUP:
		s->rates.dup_percent = number_read(state, arg, 0, 100);
		break;
	case KEY_REORDER:
		s->rates.reorder_percent = number_read(state, arg, 0, 100);
		break;
	case KEY_DELAY:
		s->rates.delay_ms = number_read(state, arg, 0, 60000);
		break;
	case KEY_SEED:
		s->seed = (uint64_t)number_read(state, arg, 0, 9e15);
		break;
	case KEY_CENSUS:
		s->census = arg;
		break;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_usage(state);
		s->ward_file = arg;
		break;
	case ARGP_KEY_END:
		if (s->census == NULL &&
		    (s->ward_file == NULL || s->iface == NULL))
			argp_usage(state);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp parser = {
	.options = options,
	.parser = option_take,
	.args_doc = "-i IFACE WARD.yaml",
	.doc = "A simulated hospital ward on one network interface, which "
	       "counts the harm that is done to it.",
};

static void
on_frames(void *arg)
{
	struct ward *w = arg;

	link_drain(w->link, ward_frame, w);
}

static void
on_stop(void *arg)
{
	struct run *r = arg;

	loop_stop(r->ward.loop);
}

static void
harm_store(struct run *r)
{
	if (r->set.harm_file != NULL &&
	    !report_write(&r->ward, r->set.harm_file, &r->err)) {
		fprintf(stderr, "gantry-ward: %s\n", r->err.text);
		r->has_failed = true;
	}
}

static void
on_usr1(void *arg)
{
	struct run *r = arg;

	tcp_settle(r->ward.tcp);
	harm_store(r);
}

/* Where personalities are: as told, or beside the ward file. */
static bool
personalities_find(
    const struct settings *s, char *dir, size_t room, struct err *e)
{
	const char *slash = strrchr(s->ward_file, '/');
	int beside = slash ? (int)(slash - s->ward_file + 1) : 0;
	int n;

	if (s->personalities != NULL)
		n = snprintf(dir, room, "%s", s->personalities);
	else
		n = snprintf(
		    dir, room, "%.*spersonalities", beside, s->ward_file);
	return (n >= 0 && (size_t)n < room) ||
	    err_set(e, "%.80s...: path is too long", s->ward_file);
}

static bool
hosts_load(struct run *r)
{
	char dir[PATH_ROOM];

	if (!personalities_find(&r->set, dir, sizeof(dir), &r->err))
		return false;
	r->conf = conf_load_ward(r->set.ward_file, &r->err);
	return r->conf != NULL &&
	    ward_populate(&r->ward, r->conf, dir, &r->err);
}

static bool
engine_start(struct run *r)
{
	struct ward *w = &r->ward;

	w->loop = loop_new(r->set.speed);
	if (w->loop == NULL)
		return err_set(&r->err, "no event loop");
	w->link = link_open(r->set.iface, &r->err);
	if (w->link == NULL)
		return false;
	w->impair = impair_new(w->link, w->loop, &w->rng, &r->set.rates);
	w->tcp = tcp_new(w);
	w->started_ns = loop_real_ns(w->loop);
	timer_init(&r->end, w->loop, on_stop, r);
	if (w->impair == NULL || w->tcp == NULL || !beacons_start(w) ||
	    !loop_on_read(w->loop, link_fd(w->link), on_frames, w) ||
	    !loop_on_signal(w->loop, SIGTERM, on_stop, r) ||
	    !loop_on_signal(w->loop, SIGINT, on_stop, r) ||
	    !loop_on_signal(w->loop, SIGUSR1, on_usr1, r))
		return err_set(&r->err, "out of memory");
	if (r->set.max_s > 0)
		timer_real(&r->end, r->set.max_s);
	return true;
}

/* The end of every connection may still count, so the harm file comes last. */
static void
engine_stop(struct run *r, bool has_run)
{
	struct ward *w = &r->ward;

	tcp_free(w->tcp);
	beacons_stop(w);
	if (has_run)
		harm_store(r);
	if (r->end.loop != NULL)
		timer_stop(&r->end);
	impair_free(w->impair);
	link_close(w->link);
	loop_free(w->loop);
	ward_clear(w);
	conf_free_ward(r->conf);
}

static bool
run_all(struct run *r)
{
	bool is_up = hosts_load(r) && engine_start(r);

	if (is_up && r->set.ready_file != NULL)
		is_up = report_ready(&r->ward, r->set.ready_file, &r->err);
	if (is_up)
		loop_run(r->ward.loop);
	else
		fprintf(stderr, "gantry-ward: %s\n", r->err.text);
	engine_stop(r, is_up);
	return is_up && !r->has_failed;
}

int
main(int argc, char **argv)
{
	static struct run r;

	r.set.speed = 1;
	r.set.seed = (uint64_t)time(NULL) ^ (uint64_t)getpid() << 32;
	argp_err_exit_status = EXIT_TROUBLE;
	argp_parse(&parser, argc, argv, 0, NULL, &r.set);
	r.ward.rng.state = r.set.seed;
	if (r.set.census != NULL) {
		if (census_write(r.set.census, &r.err))
			return EXIT_SUCCESS;
		fprintf(stderr, "gantry-ward: %s\n", r.err.text);
		return EXIT_TROUBLE;
	}
	return run_all(&r) ? EXIT_SUCCESS : EXIT_TROUBLE;
}
