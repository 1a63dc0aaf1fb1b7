/* SPDX-License-Identifier: ISC */
/* cli_parts - the command line's table of options, and what foreign habits
 * become; private to cli*.c. */
#ifndef CLI_PARTS_H
#define CLI_PARTS_H

#include <argp.h>
#include <stdbool.h>

/* Returns every option of every command, ended by one without a name. */
const struct argp_option *cli_options(void);

/*
 * Whoever is used to nmap says -oX FILE, which argp would take for a directory
 * called X: it becomes --nmap-xml in argv.  nmap's other formats are not
 * written; false after a line that says so, rather than making directories
 * called N and G.
 */
bool cli_take_habits(const char *command, int argc, char **argv);

#endif
