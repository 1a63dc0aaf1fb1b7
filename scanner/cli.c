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
#include "scanner/cli_parts.h"
#include "scanner/log.h"
#include "scanner/options.h"

enum {
	OPT_JSON = 256,
	OPT_CSV,
	OPT_NMAP_XML,
	OPT_PROMETHEUS,
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
	OPT_NIS_DOMAIN,
	OPT_SNMP,
	OPT_BROADCAST,
	OPT_FINGERPRINTS,
	OPT_SITE,
	OPT_ASSUME_UP,
	OPT_BEDSIDE,
	OPT_DRY_RUN,
	OPT_NO_RESERVED,
	OPT_STATES_ONLY,
	OPT_RESUME,
	OPT_EXPECT,
	OPT_INVENTORY,
	OPT_COLUMNS,
	OPT_CONFIG,
	OPT_WAIT,
	OPT_GO_ON,
	OPT_NOW,
	OPT_IN_TURN,
	OPT_DB,
	OPT_SINCE,
	OPT_FORMAT,
	OPT_GONE_AFTER,
	OPT_ALL
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
	{ "expect", OPT_EXPECT, "ID", 0,
	    "verify: the fingerprint the host should have", 1 },
	{ "inventory", OPT_INVENTORY, "FILE", 0,
	    "verify: a record to be held against the network, as CSV", 1 },
	{ "columns", OPT_COLUMNS, "MAP", 0,
	    "verify: which column of the record is what, where its headers do "
	    "not tell: address=IP-Adresse,site=Haus; fields are site, address, "
	    "mac, name, hostname, manufacturer, model, kind, expected, serial, "
	    "ae_title, port",
	    1 },
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
	    "port states are enough: no conversations at standard and lab, "
	    "short ones at gentle",
	    2 },
	{ "called-ae", OPT_CALLED_AE, "TITLE", 0,
	    "DICOM AE title to call; by default one no device has", 2 },
	{ "calling-ae", OPT_CALLING_AE, "TITLE", 0,
	    "DICOM AE title to give as ours (default GANTRY)", 2 },
	{ "nis-domain", OPT_NIS_DOMAIN, "NAME", 0,
	    "ask NIS servers whether they serve this domain; no other is ever "
	    "named, and no map is read",
	    2 },
	{ "snmp", OPT_SNMP, "COMMUNITY", 0,
	    "ask SNMP agents (UDP 161) what they are, with this community; "
	    "without it SNMP is not spoken",
	    2 },
	{ "broadcast", OPT_BROADCAST, NULL, 0,
	    "ask the segments of this link as a whole, by broadcast, for "
	    "portmappers and NetBIOS nodes; only segments that are in the "
	    "scope to the last address",
	    2 },
	{ "interface", 'i', "NAME", 0,
	    "use this interface; with listen it may be repeated", 2 },
	{ "source", 'S', "ADDRESS", 0, "use this source address", 2 },
	{ "dry-run", OPT_DRY_RUN, NULL, 0,
	    "print every packet that would be sent, and how many; send none",
	    2 },
	{ "output", 'o', "DIR", 0,
	    "write every report into DIR, and with them facts.ndjson and "
	    "evidence.pcapng",
	    3 },
	{ "resume", OPT_RESUME, "DIR", 0,
	    "go on with the audit that was interrupted or halted and left its "
	    "results in DIR; what was asked is noted there",
	    3 },
	{ "db", OPT_DB, "FILE", 0,
	    "the inventory; audit keeps its run there, and nowhere without "
	    "it; diff, assets, report, prune, import and export ask "
	    "/var/lib/gantry/inventory.db otherwise",
	    3 },
	{ "gone-after", OPT_GONE_AFTER, "N", 0,
	    "runs in a row a device must have kept silent in to be told gone "
	    "(default 3)",
	    3 },
	{ "since", OPT_SINCE, "DATE", 0,
	    "diff: what changed since then; prune: forget what ended before; "
	    "2026-11-01, with a time 2026-11-01T22:00:00Z, or 30d",
	    3 },
	{ "format", OPT_FORMAT, "NAME", 0,
	    "report: one of gantry --list-reports; export: facts, csv or "
	    "netbox",
	    3 },
	{ "all", OPT_ALL, NULL, 0,
	    "assets, report and export: also what is gone", 3 },
	{ "json", OPT_JSON, "FILE", 0,
	    "write report.json to FILE; - is standard output", 3 },
	{ "config", OPT_CONFIG, "FILE", 0,
	    "sweep, notify, config: the configuration, if not "
	    "/etc/gantry/gantry.yaml",
	    1 },
	{ "wait", OPT_WAIT, NULL, 0,
	    "sweep: wait for a segment's window to open", 2 },
	{ "go-on", OPT_GO_ON, NULL, 0,
	    "sweep: the hosts that halted the last run have been looked at; "
	    "go on with it",
	    2 },
	{ "now", OPT_NOW, NULL, 0,
	    "notify: try at once what could not be delivered before", 2 },
	{ "in-turn", OPT_IN_TURN, NULL, OPTION_HIDDEN,
	    "sweep: one segment in this process, and nobody is told", 2 },
	{ "csv", OPT_CSV, "FILE", 0,
	    "write one line per asset to FILE, for spreadsheets; with verify "
	    "--inventory the record with what was found behind each line; - is "
	    "standard output",
	    3 },
	{ "nmap-xml", OPT_NMAP_XML, "FILE", 0,
	    "write the assets as nmap's XML to FILE, for tools that import "
	    "nmap; -oX FILE is the same; - is standard output",
	    3 },
	{ "prometheus", OPT_PROMETHEUS, "FILE", 0,
	    "write the run's numbers for Prometheus to FILE; - is standard "
	    "output",
	    3 },
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
	if (!cli_take_habits(command->name, argc, argv))
		return false;
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

const struct argp_option *
cli_options(void)
{
	return table;
}
