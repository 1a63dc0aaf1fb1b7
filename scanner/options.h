/* SPDX-License-Identifier: ISC */
/* options - what the operator asked for, as parsed; strings borrowed from
 * argv. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OPTIONS_LIST_MAX = 1024, OPTIONS_ERROR = 256 };

/* Exit codes of the contract (DESIGN.md section 5). */
enum exit_code {
	EXIT_DONE = 0,
	EXIT_DIFFERS = 1,
	EXIT_USAGE = 2, /* or environment */
	EXIT_CANNOT_SAY = 3,
	EXIT_INTERRUPTED = 4
};

struct options {
	/* What stands behind the command's name: targets, files, words. */
	const char **words;
	size_t words_len;

	const char *output; /* -o DIR */
	const char *resume; /* --resume DIR: everything else is noted there */
	bool is_asking;     /* what or how was said: not with --resume */
	const char *json;   /* --json FILE or "-" */
	const char *csv, *nmap_xml, *prometheus; /* the same for these */
	const char *ports;                       /* --ports */
	const char **exclude; /* --exclude, --exclude-file as "@FILE" */
	size_t exclude_len;
	const char *scope_file;  /* --scope */
	const char *care;        /* --care */
	double rate;             /* --rate; negative: the care level's */
	double segment_rate;     /* --segment-rate; 0: no limit */
	unsigned host_rate;      /* --host-rate; 0: the care level's */
	double listen_s;         /* --listen */
	const char *interface;   /* -i, the last */
	const char **interfaces; /* -i, each */
	size_t interfaces_len;
	const char *source; /* -S */
	const char *called_ae, *calling_ae;
	const char *nis_domain;   /* --nis-domain */
	const char *community;    /* --snmp */
	bool broadcast;           /* --broadcast */
	const char *fingerprints; /* --fingerprints DIR */
	const char *site;
	const char *expect;    /* --expect ID */
	const char *inventory; /* --inventory FILE */
	const char *columns;   /* --columns MAP */
	const char *config;    /* --config FILE */
	bool wait;             /* --wait: for a window to open */
	bool go_on;            /* --go-on: after a halt */
	bool now;              /* --now: what failed is tried at once */
	bool in_turn;          /* --in-turn: a sweep's own process */
	const char
	    *db; /* --db FILE: the inventory; NULL: none, or the default */
	const char *segment;  /* of the configuration; set by gantry sweep */
	const char *since;    /* --since DATE */
	const char *format;   /* --format */
	const char *sign;     /* --sign KEY */
	const char *trust;    /* --trust KEYS */
	unsigned silent_runs; /* --gone-after; 0: the default */
	bool is_transient; /* output is a place to work in: no reports there */
	bool is_whole;     /* --all: what is gone and merged, too */
	bool assume_up, bedside, dry_run, no_reserved, states_only;
	int verbosity; /* -1 quiet, 0, 1 verbose */
};

/* Which commands an option is for. */
enum {
	FOR_AUDIT = 1 << 0,
	FOR_LISTEN = 1 << 1,
	FOR_VERIFY = 1 << 2,
	FOR_REPLAY = 1 << 3,
	FOR_SWEEP = 1 << 4,
	FOR_NOTIFY = 1 << 5,
	FOR_ASSETS = 1 << 6,
	FOR_DIFF = 1 << 7,
	FOR_REPORT = 1 << 8,
	FOR_PRUNE = 1 << 9,
	FOR_IMPORT = 1 << 10,
	FOR_EXPORT = 1 << 11,
	FOR_CONFIG = 1 << 12,
	FOR_FINGERPRINTS = 1 << 13
};

/* One command of the program. */
struct command {
	const char *name;
	unsigned as;           /* FOR_*: which options are its own */
	const char *arguments; /* for the usage line */
	const char *summary;   /* one line */
	const char *text;      /* what it does, a paragraph, and examples */
	/* Returns an exit code. */
	int (*run)(const struct options *);
};

/* All commands, ended by a NULL name. */
extern const struct command commands[];

const struct command *command_find(const char *name);

/* Reads argv[1] on for a command.  On --help and --version prints and exits;
 * on a wrong argument says so in one line and exits with EXIT_USAGE (argp's
 * own behaviour, called from main only).  Returns false when memory is out, or
 * after one line. */
bool options_parse(
    const struct command *command, int argc, char **argv, struct options *out);

void options_clear(struct options *);

/* The options' table for the man page, in man(7) source. */
void options_print_man(void);

/* The same for completion: letter (or "-"), name, argument (or "-"), meaning and
 * commands, parted by tabs, a line each. */
void options_print_flags(void);

#endif
