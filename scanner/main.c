/* SPDX-License-Identifier: ISC */
/* main - finds the command, reads its options, returns its exit code. */
#include <stdio.h>
#include <string.h>

#include "reports/report.h"
#include "scanner/care.h"
#include "scanner/log.h"
#include "scanner/options.h"
#include "scanner/probe.h"

static void
print_commands(FILE *out)
{
	for (const struct command *c = commands; c->name != NULL; c++)
		fprintf(out, "  %-13s %s\n", c->name, c->summary);
}

static void
usage(FILE *out)
{
	fprintf(out,
	    "Usage: gantry COMMAND [OPTION...]\n"
	    "Find, verify and inventory legacy medical imaging consoles "
	    "without disturbing them.\n\n");
	print_commands(out);
	fprintf(out,
	    "\n  gantry help COMMAND tells a command's options, with examples; "
	    "--list-probes,\n  --list-reports, --list-facts, --list-care what "
	    "it knows.  gantry(1) tells all.\n");
}

static const char *
transport_of(const struct probe *p)
{
	switch (p->via) {
	case VIA_ARP:
		return "ARP";
	case VIA_ICMP:
		return "ICMP";
	case VIA_TALK:
		if (p->udp_ports != NULL)
			return p->tcp_ports != NULL ? "TCP, UDP" : "UDP";
		return p->tls_ports != NULL ? "TCP, TLS" : "TCP";
	case VIA_LISTEN:
		return "listening";
	case VIA_BROADCAST:
		return "broadcast";
	}
	return "";
}

static int
list_probes(void)
{
	for (size_t i = 0; probes[i] != NULL; i++)
		printf("%-14s %-10s %s\n", probes[i]->name,
		    transport_of(probes[i]), probes[i]->summary);
	return EXIT_DONE;
}

static int
list_reports(void)
{
	for (size_t i = 0; report_formats[i] != NULL; i++)
		printf("%-10s %-14s %s\n", report_formats[i]->name,
		    report_formats[i]->file ? report_formats[i]->file : "-",
		    report_formats[i]->summary);
	return EXIT_DONE;
}

static int
list_facts(void)
{
	for (unsigned k = 0; k < FACT_KEYS; k++)
		printf("%-32s %-7s %s\n", fact_key_text(k),
		    fact_type_text(fact_key_type(k)), fact_key_meaning(k));
	return EXIT_DONE;
}

static int
list_care(void)
{
	for (const struct care *c = care_levels; c->name != NULL; c++)
		printf("%-9s %s; at most %u initiations and %u packets a "
		       "second and host\n",
		    c->name, c->summary, c->initiations, c->packets + 1);
	return EXIT_DONE;
}

static int
list_options(void)
{
	options_print_man();
	return EXIT_DONE;
}

static int
list_flags(void)
{
	options_print_flags();
	return EXIT_DONE;
}

static int
list_commands(void)
{
	print_commands(stdout);
	return EXIT_DONE;
}

/* What can be said without a command. */
static const struct {
	const char *word;
	int (*run)(void);
} lists[] = {
	{ "--list-probes", list_probes },
	{ "--list-reports", list_reports },
	{ "--list-facts", list_facts },
	{ "--list-care", list_care },
	{ "--list-options", list_options },
	{ "--list-flags", list_flags },
	{ "--list-commands", list_commands },
};

static int
without_command(const char *word)
{
	if (strcmp(word, "--help") == 0 || strcmp(word, "help") == 0 ||
	    strcmp(word, "-h") == 0) {
		usage(stdout);
		return EXIT_DONE;
	}
	if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
		printf("gantry %s\n", GANTRY_VERSION);
		return EXIT_DONE;
	}
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (strcmp(word, lists[i].word) == 0)
			return lists[i].run();
	fprintf(stderr, "gantry: '%s' is no command; there are", word);
	for (const struct command *c = commands; c->name != NULL; c++)
		fprintf(stderr, " %s", c->name);
	fprintf(stderr, "; try gantry --help\n");
	return EXIT_USAGE;
}

int
main(int argc, char **argv)
{
	const struct command *command;
	static char help[] = "--help";
	struct options options;
	int code;

	if (argc < 2) {
		usage(stderr);
		return EXIT_USAGE;
	}
	/* "gantry help audit" is "gantry audit --help". */
	if (argc == 3 && strcmp(argv[1], "help") == 0 &&
	    command_find(argv[2]) != NULL) {
		argv[1] = argv[2];
		argv[2] = help;
	}
	command = command_find(argv[1]);
	if (command == NULL)
		return without_command(argc == 3 && strcmp(argv[1], "help") == 0
			? argv[2]
			: argv[1]);
	if (!options_parse(command, argc - 1, argv + 1, &options))
		return EXIT_USAGE;
	log_set(options.verbosity < 0    ? LOG_QUIET
		: options.verbosity == 0 ? LOG_NORMAL
					 : LOG_VERBOSE);
	code = command->run(&options);
	options_clear(&options);
	return code;
}
