/* SPDX-License-Identifier: ISC */
/* cli_parts - the command line's table of options, and what foreign habits
 * become; private to cli*.c. */
#ifndef CLI_PARTS_H
#define CLI_PARTS_H

#include <argp.h>
#include <stdbool.h>

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
	OPT_SEGMENT_RATE,
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
	OPT_ALL,
	OPT_SIGN,
	OPT_TRUST
};

/* --help's groups: what to look at, how, results. */
enum { GROUP_RESULTS = 3, CLI_OPTIONS_MAX = 64 };

#define CLI_EVERY (~0u) /* every command */

struct cli_option {
	unsigned commands; /* FOR_* of options.h */
	struct argp_option argp;
};

/* Returns every option of every command, ended by one without a name. */
const struct cli_option *cli_options(void);

/*
 * Whoever is used to nmap says -oX FILE, which argp would take for a directory
 * called X: it becomes --nmap-xml in argv.  nmap's other formats are not
 * written; false after a line that says so, rather than making directories
 * called N and G.
 */
bool cli_take_habits(const char *command, int argc, char **argv);

#endif
