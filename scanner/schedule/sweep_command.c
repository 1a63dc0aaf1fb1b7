/* SPDX-License-Identifier: ISC */
/*
 * sweep_command - `gantry sweep`: segments one after another, each in a process
 * of its own, because rights are given up once and for all; then whoever is to
 * be told is told, by another process that has nothing to do with scanning.
 */
#include <stdio.h>

#include "scanner/config.h"
#include "scanner/limits.h"
#include "scanner/log.h"
#include "scanner/loop.h"
#include "scanner/options.h"
#include "scanner/schedule/child.h"
#include "scanner/schedule/segment_run.h"
#include "scanner/schedule/sweep_command.h"

enum { ARGUMENTS = 24, NUMBER_TEXT = 12 };

static const char *
config_path(const struct options *o)
{
	return o->config != NULL ? o->config : CONFIG_DEFAULT;
}

static void
unknown(const struct config *c, const char *name)
{
	const struct config_place *places;
	size_t n;

	places = config_places(c, &n);
	log_error("sweep",
	    "no segment is called %s; there are %zu, the first is %s", name, n,
	    places[0].segment->name);
}

/* What a child needs of what was asked here.  Returns how many. */
static size_t
pass_on(const struct options *o, const char **out)
{
	size_t n = 0;

	out[n++] = "--config";
	out[n++] = config_path(o);
	if (o->db != NULL) {
		out[n++] = "--db";
		out[n++] = o->db;
	}
	if (o->fingerprints != NULL) {
		out[n++] = "--fingerprints";
		out[n++] = o->fingerprints;
	}
	if (o->verbosity != 0)
		out[n++] = o->verbosity > 0 ? "-v" : "-q";
	return n;
}

static int
sweep_by_child(const struct options *o, const char *name, int *was_asked)
{
	const char *arguments[ARGUMENTS] = { "sweep", "--in-turn" };
	size_t n = 2 + pass_on(o, arguments + 2);
	char silent_runs[NUMBER_TEXT];
	int code;

	if (o->silent_runs > 0) {
		snprintf(
		    silent_runs, sizeof(silent_runs), "%u", o->silent_runs);
		arguments[n++] = "--gone-after";
		arguments[n++] = silent_runs;
	}
	if (o->wait)
		arguments[n++] = "--wait";
	if (o->go_on)
		arguments[n++] = "--go-on";
	if (o->dry_run)
		arguments[n++] = "--dry-run";
	arguments[n++] = "--";
	arguments[n] = name;
	code = child_run(arguments, was_asked);
	if (code < 0)
		log_error(
		    "sweep", "segment %s: its process did not end well", name);
	return code < 0 ? EXIT_USAGE : code;
}

/* What was interrupted outweighs what failed, and that what was done. */
static int
worse(int a, int b)
{
	if (a == EXIT_INTERRUPTED || b == EXIT_INTERRUPTED)
		return EXIT_INTERRUPTED;
	return a != EXIT_DONE ? a : b;
}

static int
sweep_places(const struct config *c, const struct options *o)
{
	int code = EXIT_DONE, was_asked = 0;
	const struct config_place *places;
	size_t n;

	places = config_places(c, &n);
	if (o->words_len > 0)
		n = o->words_len;
	for (size_t i = 0; i < n && !was_asked; i++)
		code = worse(code,
		    sweep_by_child(o,
			o->words_len > 0 ? o->words[i]
					 : places[i].segment->name,
			&was_asked));
	return was_asked ? EXIT_INTERRUPTED : code;
}

/* Nobody told in time is told later: that is no fault of the sweep. */
static void
tell(const struct options *o)
{
	const char *arguments[ARGUMENTS] = { "notify", "--now" };
	int was_asked = 0;

	pass_on(o, arguments + 2);
	if (child_run(arguments, &was_asked) != EXIT_DONE)
		log_warn("sweep",
		    "not everybody could be told; it is kept, "
		    "and tried again");
}

int
sweep_run(const struct options *o)
{
	char error[CONFIG_ERROR];
	struct config *c = config_read(config_path(o), loop_wall(), error);
	int code = EXIT_USAGE;

	if (c == NULL) {
		log_error("config", "%s", error);
		return EXIT_USAGE;
	}
	for (size_t i = 0; i < o->words_len; i++)
		if (config_find(c, o->words[i]) == NULL) {
			unknown(c, o->words[i]);
			goto out;
		}
	if (o->in_turn) {
		code = o->words_len == 1
		    ? segment_run(c, config_find(c, o->words[0]), o)
		    : EXIT_USAGE;
		goto out;
	}
	code = sweep_places(c, o);
	if (!o->dry_run && config_content(c)->notify != NULL)
		tell(o);
out:
	config_free(c);
	return code;
}
