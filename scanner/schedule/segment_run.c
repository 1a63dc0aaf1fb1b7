/* SPDX-License-Identifier: ISC */
/*
 * segment_run - one segment: lock, window, run, record, events.
 *
 * STATE/segments/NAME holds the lock, "asked" (what was asked, to tell whether
 * a run that was broken off is still the one that is wanted), and "last": the
 * directory of the run, whole or under way.  A run broken off because its
 * window closed, or by a signal, is gone on with by the next sweep.  One that
 * halted for the hosts' sake waits for the word of a person (--go-on).
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reports/json_run.h"
#include "reports/report.h"
#include "reports/view.h"
#include "scanner/audit.h"
#include "scanner/inventory/store.h"
#include "scanner/log.h"
#include "scanner/loop.h"
#include "scanner/resume.h"
#include "scanner/schedule/event.h"
#include "scanner/schedule/lock.h"
#include "scanner/schedule/segment_parts.h"
#include "scanner/schedule/segment_run.h"
#include "scanner/verify/expects.h"
#include "scanner/verify/record.h"

enum { LOOK_AGAIN_S = 30, EVENTS_SHOWN = 100 };

bool
segment_join(char out[static PATH_MAX], const char *a, const char *b)
{
	int n = snprintf(out, PATH_MAX, "%s/%s", a, b);

	return n > 0 && n < PATH_MAX;
}

bool
segment_complain(
    const struct segment_sweep *s, const char *what, const char *path)
{
	log_error("sweep", "segment %s: %s %s: %s", s->place->segment->name,
	    what, path, strerror(errno));
	return false;
}

static bool
make_paths(struct segment_sweep *s)
{
	char segments[PATH_MAX];

	if (!segment_join(segments, config_state(s->config), "segments") ||
	    !segment_join(s->directory, segments, s->place->segment->name) ||
	    !segment_join(s->last, s->directory, "last") ||
	    !segment_join(s->lock, s->directory, "lock") ||
	    !segment_join(s->asked, s->directory, "asked")) {
		errno = ENAMETOOLONG;
		return segment_complain(
		    s, "cannot use", config_state(s->config));
	}
	return lock_directory(s->directory) ||
	    segment_complain(s, "cannot make", s->directory);
}

/* --- what is asked -------------------------------------------------------------- */

static void
make_options(struct segment_sweep *s)
{
	const struct config_segment *c = s->place->segment;
	struct options *o = &s->options;
	size_t n = 0;

	*o = *s->given;
	for (unsigned i = 0; i < c->exclude_count; i++)
		s->excluded[n++] = c->exclude[i];
	for (unsigned i = 0; i < c->do_not_probe_count; i++)
		s->excluded[n++] = c->do_not_probe[i];
	o->words = (const char **)c->networks;
	o->words_len = c->networks_count;
	o->exclude = s->excluded;
	o->exclude_len = n;
	o->scope_file = c->scope;
	o->interface = c->interface;
	o->ports = c->ports;
	o->care = c->care != NULL ? c->care : "gentle";
	o->rate = c->rate != NULL ? *c->rate : -1;
	o->host_rate = c->host_rate != NULL ? *c->host_rate : 0;
	o->listen_s = c->listen != NULL ? *c->listen : (double)CONFIG_LISTEN_S;
	o->called_ae = c->called_ae;
	o->site = s->place->site->name;
	o->segment = c->name;
	if (o->db == NULL)
		o->db = config_database(s->config);
	o->output = s->last;
	o->json = NULL;
}

static void
put_list(FILE *f, const char *key, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fprintf(f, "%s %s\n", key, list[i]);
}

/* What a run is told, in a form that can be compared. */
static char *
asked_text(const struct segment_sweep *s)
{
	const struct options *o = &s->options;
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (f == NULL)
		return NULL;
	put_list(f, "network", o->words, o->words_len);
	put_list(f, "less", o->exclude, o->exclude_len);
	fprintf(f, "site %s\nscope %s\ninterface %s\nports %s\n", o->site,
	    o->scope_file != NULL ? o->scope_file : "-",
	    o->interface != NULL ? o->interface : "-",
	    o->ports != NULL ? o->ports : "-");
	fprintf(f, "care %s\nrate %g\nhost_rate %u\nlisten %g\nae %s\ndb %s\n",
	    o->care, o->rate, o->host_rate, o->listen_s,
	    o->called_ae != NULL ? o->called_ae : "-", o->db);
	if (fclose(f) == 0)
		return text;
	free(text);
	return NULL;
}

static bool
is_asked_again(const struct segment_sweep *s, const char *text)
{
	char *before = NULL;
	size_t size = 0;
	FILE *f = fopen(s->asked, "re");
	bool same = false;

	if (f == NULL)
		return false;
	if (getdelim(&before, &size, '\0', f) >= 0)
		same = strcmp(before, text) == 0;
	free(before);
	fclose(f);
	return same;
}

static bool
write_text(const void *arg, FILE *out)
{
	return fputs(arg, out) != EOF;
}

/* --- going on ---------------------------------------------------------------------- */

static bool
is_halted(const char *note)
{
	char error[RESUME_ERROR];
	bool missing, halted;
	struct resume *r = json_run_load(note, &missing, error);

	halted = r != NULL && r->run.outcome == RUN_HALTED;
	resume_free(r);
	return halted;
}

/*
 * Is there a run to go on with?  Writes down what is asked now.  Returns false
 * where nothing may be done.
 */
static bool
find_unfinished(struct segment_sweep *s, int *code)
{
	const char *name = s->place->segment->name;
	char note[PATH_MAX], *text = asked_text(s);
	bool same, ok;

	*code = EXIT_USAGE;
	if (text == NULL || !segment_join(note, s->last, RESUME_FILE)) {
		free(text);
		errno = ENOMEM;
		return segment_complain(s, "cannot use", s->last);
	}
	same = is_asked_again(s, text);
	ok = same || report_save_aside(s->asked, 0640, write_text, text) ||
	    segment_complain(s, "cannot write", s->asked);
	free(text);
	if (!ok || access(note, F_OK) != 0)
		return ok;
	if (is_halted(note) && !s->given->go_on) {
		log_error("sweep",
		    "segment %s: the last run halted because hosts fell "
		    "silent; look at them (%s/report.html), then say gantry "
		    "sweep %s --go-on",
		    name, s->last, name);
		*code = EXIT_INTERRUPTED;
		return false;
	}
	if (same)
		s->options.resume = s->last;
	else
		log_warn("sweep",
		    "segment %s: the configuration has changed since a run was "
		    "broken off; it begins anew",
		    name);
	return true;
}

/* --- windows ----------------------------------------------------------------------- */

static int64_t
now_s(void)
{
	return loop_wall() / 1000000000;
}

/* Returns whether it may begin; false where the window is closed and nobody
 * waits. */
static bool
await_window(const struct segment_sweep *s)
{
	const struct calendar *c = &s->place->calendar;
	char time[WINDOW_TIME];

	if (calendar_is_open(c, now_s()))
		return true;
	log_info("sweep", "segment %s: outside its window, which opens %s%s",
	    s->place->segment->name,
	    calendar_time(c, calendar_opens(c, now_s()), time),
	    s->given->wait ? "; waiting" : "");
	/* In small steps: clocks are put right, and computers sleep. */
	while (s->given->wait && !calendar_is_open(c, now_s())) {
		int64_t left = calendar_opens(c, now_s()) - now_s();

		sleep(left > LOOK_AGAIN_S ? LOOK_AGAIN_S
			: left > 0        ? (unsigned)left
					  : 1);
	}
	return s->given->wait;
}

static bool
may_go_on(void *arg, int64_t wall_ns)
{
	struct segment_sweep *s = arg;

	if (calendar_is_open(&s->place->calendar, wall_ns / 1000000000))
		return true;
	s->was_closed = true;
	log_info("sweep",
	    "segment %s: its window closes; the next sweep goes on from here",
	    s->place->segment->name);
	return false;
}

static bool
finished(void *arg, const struct report *report)
{
	struct segment_sweep *s = arg;
	const struct run *run = report->run;
	char duration[VIEW_NUMBER];
	struct view_counts counts;

	view_count(report->assets, &counts);
	snprintf(s->run_id, sizeof(s->run_id), "%s", run->id);
	if (s->given->verbosity >= 0)
		printf("segment %s: %s after %s: %zu of %llu addresses "
		       "answered, %zu recognised, %zu halted\n",
		    s->place->segment->name, run_outcome_text(run->outcome),
		    view_duration(
			(double)(run->finished_ns - run->started_ns) / 1e9,
			duration),
		    (size_t)run->hosts_answered,
		    (unsigned long long)run->addresses,
		    counts.grades[GRADE_PROBABLE] +
			counts.grades[GRADE_CONFIRMED],
		    run_halted_hosts(run));
	/* A record is held against a whole run. */
	if (s->place->segment->expected == NULL)
		return true;
	if (s->expects == NULL) /* which was said before the run */
		return false;
	return run->outcome != RUN_DONE || segment_record(s, report);
}

/* --- events ------------------------------------------------------------------------- */

static bool
print_event(void *arg, const struct store_event *event)
{
	size_t *shown = arg;
	char line[EVENT_LINE];

	if (++*shown <= EVENTS_SHOWN)
		printf("  %s\n", event_line(event, line));
	return true;
}

/* What the run brought, as the inventory has it. */
static void
print_events(const struct segment_sweep *s)
{
	char error[STORE_ERROR];
	struct store *store = store_open(s->options.db, STORE_READ, error);
	struct store_run run;
	size_t shown = 0;

	if (store == NULL) {
		log_error("inventory", "%s", error);
		return;
	}
	if (store_run_find(store, s->run_id, &run)) {
		const struct store_event_filter filter = {
			.first_run = run.number, .last_run = run.number
		};

		store_events(store, &filter, print_event, &shown);
	}
	if (shown > EVENTS_SHOWN)
		printf("  and %zu more\n", shown - EVENTS_SHOWN);
	store_close(store);
}

/* --- the whole ------------------------------------------------------------------------ */

static const char *
expected_at(const void *arg, uint32_t address)
{
	const struct segment_sweep *s = arg;

	return expects_at(s->expects, address);
}

/* The title the record names is the one to call there. */
static const char *
called_ae(void *arg, uint32_t address)
{
	const struct segment_sweep *s = arg;

	return expects_ae_title(s->expects, address);
}

static int
sweep_locked(struct segment_sweep *s)
{
	struct audit_use use = { .command = "sweep",
		.arg = s,
		.keeps_place = true,
		.may_go_on = may_go_on,
		.finished = finished };
	int code;

	make_options(s);
	/* Without its record a night's sweep is still worth having. */
	if (s->place->segment->expected != NULL && segment_record_read(s)) {
		use.expected = expected_at;
		use.called_ae = called_ae;
	}
	if (s->given->dry_run)
		return audit_for(&s->options, &use);
	if (!await_window(s))
		return EXIT_DONE;
	if (!find_unfinished(s, &code))
		return code;
	code = audit_for(&s->options, &use);
	if (s->run_id[0] != '\0' && s->given->verbosity >= 0)
		print_events(s);
	fflush(stdout);
	return code;
}

int
segment_run(const struct config *config, const struct config_place *place,
    const struct options *given)
{
	struct segment_sweep *s = calloc(1, sizeof(*s));
	char error[LOCK_ERROR];
	int code = EXIT_USAGE, fd;
	bool is_held;

	if (s == NULL) {
		log_error("sweep", "out of memory");
		return EXIT_USAGE;
	}
	s->config = config;
	s->place = place;
	s->given = given;
	if (make_paths(s)) {
		fd = lock_take(s->lock, &is_held, error);
		if (fd < 0)
			log_error("sweep", "segment %s: %s",
			    place->segment->name, error);
		else
			code = sweep_locked(s);
		lock_give(fd);
	}
	expects_free(s->expects);
	records_free(s->records);
	aliases_free(s->aliases);
	free(s);
	return code;
}
