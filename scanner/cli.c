/* SPDX-License-Identifier: ISC */
/*
 * cli - the command line, by argp: what each option of cli_table.c does.
 */
#include <argp.h>
#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/care.h"
#include "scanner/cli_parts.h"
#include "scanner/options.h"

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

/* A word that goes over the wire as it is. */
static void
wire_word(struct argp_state *state, const char *name, size_t most,
    const char **out, const char *s)
{
	size_t len = strlen(s);

	for (size_t i = 0; i < len; i++)
		if (s[i] <= ' ' || s[i] > '~')
			len = 0;
	if (len == 0 || len > most)
		argp_error(state,
		    "--%s: 1 to %zu characters are needed, none of them blank",
		    name, most);
	*out = s;
}

static error_t
parse_verify(int key, char *arg, struct options *o)
{
	switch (key) {
	case OPT_EXPECT:
		o->expect = arg;
		return 0;
	case OPT_INVENTORY:
		o->inventory = arg;
		return 0;
	case OPT_COLUMNS:
		o->columns = arg;
		return 0;
	case OPT_CONFIG:
		o->config = arg;
		return 0;
	case OPT_WAIT:
		o->wait = true;
		return 0;
	case OPT_GO_ON:
		o->go_on = true;
		return 0;
	case OPT_NOW:
		o->now = true;
		return 0;
	case OPT_IN_TURN:
		o->in_turn = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
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
	case OPT_SEGMENT_RATE:
		o->segment_rate = number(state, "segment-rate", arg, 1e7);
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
	case OPT_NIS_DOMAIN:
		wire_word(state, "nis-domain", 64, &o->nis_domain, arg);
		return 0;
	case OPT_SNMP:
		wire_word(state, "snmp", 64, &o->community, arg);
		return 0;
	case OPT_BROADCAST:
		o->broadcast = true;
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
		return parse_verify(key, arg, o);
	}
}

/* Where a report goes besides -o; false for any other option. */
static bool
parse_file(int key, char *arg, struct options *o)
{
	switch (key) {
	case OPT_JSON:
		o->json = arg;
		return true;
	case OPT_CSV:
		o->csv = arg;
		return true;
	case OPT_NMAP_XML:
		o->nmap_xml = arg;
		return true;
	case OPT_PROMETHEUS:
		o->prometheus = arg;
		return true;
	default:
		return false;
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
	const struct cli_option *o = cli_options();

	while (o->argp.name != NULL && o->argp.key != key)
		o++;
	return o->argp.name != NULL && o->argp.group < GROUP_RESULTS;
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
		    "--csv, --nmap-xml, --prometheus, --fingerprints, -v and "
		    "-q go with it");
}

static void
check_stdout(struct argp_state *state, const struct options *o)
{
	const char *const files[] = { o->json, o->csv, o->nmap_xml,
		o->prometheus };
	unsigned n = 0;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		n += files[i] != NULL && strcmp(files[i], "-") == 0;
	if (n > 1)
		argp_error(state, "only one report can go to standard output");
}

static error_t
parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	o->is_asking |= is_asking(key);
	if (parse_file(key, arg, o))
		return 0;
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
	case OPT_FINGERPRINTS:
		o->fingerprints = arg;
		return 0;
	case OPT_DB:
		o->db = arg;
		return 0;
	case OPT_SINCE:
		o->since = arg;
		return 0;
	case OPT_FORMAT:
		o->format = arg;
		return 0;
	case OPT_GONE_AFTER:
		o->silent_runs = whole_number(state, "gone-after", arg, 1000);
		return 0;
	case OPT_ALL:
		o->is_whole = true;
		return 0;
	case OPT_SIGN:
		o->sign = arg;
		return 0;
	case OPT_TRUST:
		o->trust = arg;
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
		check_stdout(state, o);
		return 0;
	case ARGP_KEY_ARG:
		list_add(state, &o->words, &o->words_len, arg);
		return 0;
	default:
		return parse_how(key, arg, state);
	}
}

/* The command's own options; the rest is unknown to it. */
static void
options_of(const struct command *command,
    struct argp_option out[static CLI_OPTIONS_MAX])
{
	size_t n = 0;

	for (const struct cli_option *o = cli_options(); o->argp.name != NULL;
	     o++) {
		assert(n + 1 < CLI_OPTIONS_MAX);
		if ((o->commands & command->as) != 0)
			out[n++] = o->argp;
	}
	out[n] = (struct argp_option){ 0 };
}

bool
options_parse(
    const struct command *command, int argc, char **argv, struct options *out)
{
	struct argp_option own[CLI_OPTIONS_MAX];
	struct argp argp = { .options = own,
		.parser = parse,
		.args_doc = command->arguments,
		.doc = command->text };
	char name[64];

	options_of(command, own);
	*out = (struct options){
		.rate = -1, .care = "gentle", .calling_ae = "GANTRY"
	};
	if (!cli_take_habits(command->name, argc, argv))
		return false;
	/* Help and errors then say "gantry audit: ...". */
	snprintf(name, sizeof(name), "gantry %s", command->name);
	argv[0] = name;
	argp_err_exit_status = EXIT_USAGE;
	return argp_parse(&argp, argc, argv, 0, NULL, out) == 0;
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
