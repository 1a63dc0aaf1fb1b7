/* SPDX-License-Identifier: ISC */
/*
 * cli - the command line, by argp: one table of options that --help, the man
 * page and the parser share.
 */
#include <argp.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/care.h"
#include "scanner/log.h"
#include "scanner/options.h"

enum {
	OPT_JSON = 256,
	OPT_PORTS,
	OPT_EXCLUDE,
	OPT_EXCLUDE_FILE,
	OPT_SCOPE,
	OPT_CARE,
	OPT_RATE,
	OPT_HOST_RATE,
	OPT_LISTEN,
	OPT_CALLED_AE,
	OPT_CALLING_AE,
	OPT_FINGERPRINTS,
	OPT_SITE,
	OPT_ASSUME_UP,
	OPT_BEDSIDE,
	OPT_DRY_RUN,
	OPT_NO_RESERVED,
	OPT_STATES_ONLY,
	OPT_RESUME
};

/* Groups order the help: 1 what to look at, 2 how, 3 results. */
enum { GROUP_RESULTS = 3 };

static const struct argp_option table[] = {
	{ "ports", OPT_PORTS, "LIST", 0,
	    "TCP and UDP ports: default, numbers, ranges, T: and U: prefixes; "
	    "for example default,T:600-760",
	    1 },
	{ "exclude", OPT_EXCLUDE, "TARGET", 0,
	    "leave out an address, CIDR or range; may be repeated", 1 },
	{ "exclude-file", OPT_EXCLUDE_FILE, "FILE", 0,
	    "leave out every line of a file", 1 },
	{ "scope", OPT_SCOPE, "FILE", 0,
	    "the authorised networks, their owner and expiry (YAML); needed "
	    "for addresses that are not private",
	    1 },
	{ "site", OPT_SITE, "NAME", 0, "the site the networks belong to", 1 },
	{ "assume-up", OPT_ASSUME_UP, NULL, 0,
	    "take hosts behind a router to be there without asking", 1 },
	{ "bedside", OPT_BEDSIDE, NULL, 0,
	    "do not leave bedside devices (by their MAC) alone", 1 },
	{ "care", OPT_CARE, "LEVEL", 0, "gentle (default), standard or lab",
	    2 },
	{ "rate", OPT_RATE, "N", 0, "packets per second in all; 0 is no limit",
	    2 },
	{ "host-rate", OPT_HOST_RATE, "N", 0, "initiations per second and host",
	    2 },
	{ "listen", OPT_LISTEN, "SECONDS", 0,
	    "go on listening for broadcasts at least so long; AdvantageNet "
	    "beacons come every 120 s (gantry listen: so long, else until "
	    "Ctrl-C)",
	    2 },
	{ "no-reserved", OPT_NO_RESERVED, NULL, 0,
	    "do not look at the reserved ports beside those a portmapper "
	    "names",
	    2 },
	{ "states-only", OPT_STATES_ONLY, NULL, 0,
	    "standard and lab: port states by raw SYN, no conversations", 2 },
	{ "called-ae", OPT_CALLED_AE, "TITLE", 0,
	    "DICOM AE title to call; by default one no device has", 2 },
	{ "calling-ae", OPT_CALLING_AE, "TITLE", 0,
	    "DICOM AE title to give as ours (default GANTRY)", 2 },
	{ "interface", 'i', "NAME", 0,
	    "use this interface; with listen it may be repeated", 2 },
	{ "source", 'S', "ADDRESS", 0, "use this source address", 2 },
	{ "dry-run", OPT_DRY_RUN, NULL, 0,
	    "print every packet that would be sent, and how many; send none",
	    2 },
	{ "output", 'o', "DIR", 0,
	    "write report.html, report.json, facts.ndjson and evidence.pcapng "
	    "into DIR",
	    3 },
	{ "resume", OPT_RESUME, "DIR", 0,
	    "go on with the audit that was interrupted or halted and left its "
	    "results in DIR; what was asked is noted there",
	    3 },
	{ "json", OPT_JSON, "FILE", 0,
	    "write report.json to FILE; - is standard output", 3 },
	{ "fingerprints", OPT_FINGERPRINTS, "DIR", 0,
	    "use the fingerprints of this directory", 3 },
	{ "verbose", 'v', NULL, 0, "say more on standard error", 3 },
	{ "quiet", 'q', NULL, 0, "say nothing but errors", 3 },
	{ 0 },
};

/* Reads a number in [0, most]; dies by argp_error otherwise. */
static double
number(struct argp_state *state, const char *name, const char *s, double most)
{
	char *end;
	double v;

	errno = 0;
	v = strtod(s, &end);
	if (end == s || *end != '\0' || errno != 0 || !isfinite(v) || v < 0 ||
	    v > most)
		argp_error(state, "--%s: '%s' is not a number from 0 to %.0f",
		    name, s, most);
	return v;
}

static unsigned
whole_number(
    struct argp_state *state, const char *name, const char *s, unsigned most)
{
	double v = number(state, name, s, most);

	if (v != floor(v) || v < 1)
		argp_error(state,
		    "--%s: '%s' is not a whole number from 1 to %u", name, s,
		    most);
	return (unsigned)v;
}

static void
list_add(
    struct argp_state *state, const char ***list, size_t *len, const char *s)
{
	const char **grown;

	if (*len == OPTIONS_LIST_MAX)
		argp_error(state, "more than %d arguments", OPTIONS_LIST_MAX);
	grown = realloc(*list, (*len + 1) * sizeof(**list));
	if (grown == NULL)
		argp_failure(state, EXIT_USAGE, ENOMEM, "arguments");
	*list = grown;
	grown[(*len)++] = s;
}

/* "@FILE" for a file's name, so that excluding has one way. */
static void
exclude_file(struct argp_state *state, struct options *o, const char *path)
{
	char *at = malloc(strlen(path) + 2);

	if (at == NULL)
		argp_failure(state, EXIT_USAGE, ENOMEM, "arguments");
	at[0] = '@';
	memcpy(at + 1, path, strlen(path) + 1);
	list_add(state, &o->exclude, &o->exclude_len, at);
}

static void
ae_title(struct argp_state *state, const char **out, const char *s)
{
	if (strlen(s) == 0 || strlen(s) > 16 || strchr(s, '\\') != NULL)
		argp_error(state,
		    "'%s' is not an AE title: 1 to 16 "
		    "characters, no backslash",
		    s);
	*out = s;
}

static error_t
parse_how(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case OPT_CARE:
		if (care_find(arg) == NULL)
			argp_error(state,
			    "--care: '%s' is none of gentle, standard, lab",
			    arg);
		o->care = arg;
		return 0;
	case OPT_RATE:
		o->rate = number(state, "rate", arg, 1e7);
		return 0;
	case OPT_HOST_RATE:
		o->host_rate = whole_number(state, "host-rate", arg, 64);
		return 0;
	case OPT_LISTEN:
		o->listen_s = number(state, "listen", arg, 86400);
		return 0;
	case OPT_CALLED_AE:
		ae_title(state, &o->called_ae, arg);
		return 0;
	case OPT_CALLING_AE:
		ae_title(state, &o->calling_ae, arg);
		return 0;
	case OPT_NO_RESERVED:
		o->no_reserved = true;
		return 0;
	case OPT_STATES_ONLY:
		o->states_only = true;
		return 0;
	case OPT_DRY_RUN:
		o->dry_run = true;
		return 0;
	case 'i':
		o->interface = arg;
		list_add(state, &o->interfaces, &o->interfaces_len, arg);
		return 0;
	case 'S':
		o->source = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/*
 * argp says what is wrong in one line and where to read more in another, which
 * is one too many: this stream drops the second.
 */
static ssize_t
drop_second_line(void *cookie, const char *bytes, size_t len)
{
	(void)cookie;
	if (len >= 4 && memcmp(bytes, "Try ", 4) == 0)
		return (ssize_t)len;
	return (ssize_t)fwrite(bytes, 1, len, stderr);
}

static FILE *
terse_stream(void)
{
	const cookie_io_functions_t io = { .write = drop_second_line };
	FILE *f = fopencookie(NULL, "w", io);

	if (f != NULL)
		setvbuf(f, NULL, _IOLBF, 0);
	return f;
}

/* Does the option say what to look at, or how? */
static bool
is_asking(int key)
{
	const struct argp_option *o = table;

	while (o->name != NULL && o->key != key)
		o++;
	return o->name != NULL && o->group < GROUP_RESULTS;
}

static void
check_resume(struct argp_state *state, const struct options *o)
{
	if (o->resume != NULL && o->words_len > 0)
		argp_error(state,
		    "--resume takes its targets from the run: '%s' is one too "
		    "many",
		    o->words[0]);
	if (o->resume != NULL && (o->is_asking || o->output != NULL))
		argp_error(state,
		    "--resume takes everything from the run; only --json, "
		    "--fingerprints, -v and -q go with it");
}

static error_t
parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	o->is_asking |= is_asking(key);
	switch (key) {
	case ARGP_KEY_INIT: {
		FILE *terse = terse_stream();

		if (terse != NULL)
			state->err_stream = terse;
		return 0;
	}
	case OPT_PORTS:
		o->ports = arg;
		return 0;
	case OPT_EXCLUDE:
		list_add(state, &o->exclude, &o->exclude_len, arg);
		return 0;
	case OPT_EXCLUDE_FILE:
		exclude_file(state, o, arg);
		return 0;
	case OPT_SCOPE:
		o->scope_file = arg;
		return 0;
	case OPT_SITE:
		o->site = arg;
		return 0;
	case OPT_ASSUME_UP:
		o->assume_up = true;
		return 0;
	case OPT_BEDSIDE:
		o->bedside = true;
		return 0;
	case OPT_JSON:
		o->json = arg;
		return 0;
	case OPT_FINGERPRINTS:
		o->fingerprints = arg;
		return 0;
	case 'o':
		o->output = arg;
		return 0;
	case OPT_RESUME:
		o->resume = arg;
		return 0;
	case 'v':
		o->verbosity = 1;
		return 0;
	case 'q':
		o->verbosity = -1;
		return 0;
	case ARGP_KEY_END:
		check_resume(state, o);
		return 0;
	case ARGP_KEY_ARG:
		list_add(state, &o->words, &o->words_len, arg);
		return 0;
	default:
		return parse_how(key, arg, state);
	}
}

bool
options_parse(
    const struct command *command, int argc, char **argv, struct options *out)
{
	struct argp argp = { .options = table,
		.parser = parse,
		.args_doc = command->arguments,
		.doc = command->text };
	char name[64];

	*out = (struct options){
		.rate = -1, .care = "gentle", .calling_ae = "GANTRY"
	};
	/* Help and errors then say "gantry audit: ...". */
	snprintf(name, sizeof(name), "gantry %s", command->name);
	argv[0] = name;
	argp_err_exit_status = EXIT_USAGE;
	if (argp_parse(&argp, argc, argv, 0, NULL, out) != 0)
		return false;
	if (out->resume == NULL || strcmp(command->name, "audit") == 0)
		return true;
	log_error(command->name, "--resume goes with gantry audit alone");
	return false;
}

void
options_clear(struct options *o)
{
	/* What exclude_file() made is not told from argv; both die with the
	 * process, the lists are ours. */
	free(o->words);
	free(o->exclude);
	free(o->interfaces);
	o->words = o->exclude = o->interfaces = NULL;
}

void
options_print_man(void)
{
	for (const struct argp_option *o = table; o->name != NULL; o++) {
		printf(".TP\n");
		if (o->key < 128)
			printf("\\fB\\-%c\\fR, ", o->key);
		printf("\\fB\\-\\-%s\\fR", o->name);
		if (o->arg != NULL)
			printf(" \\fI%s\\fR", o->arg);
		printf("\n%s\n", o->doc);
	}
}
