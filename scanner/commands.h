/* SPDX-License-Identifier: ISC */
/* commands - the table of commands, for main and for whatever documents it. */
#ifndef COMMANDS_H
#define COMMANDS_H

struct options;

/* `gantry fingerprints`.  Returns an exit code. */
int fingerprints_run(const struct options *options);

#endif
