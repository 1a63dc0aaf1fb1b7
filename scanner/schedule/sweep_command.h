/* SPDX-License-Identifier: ISC */
/* sweep_command - the configured segments: scan, keep, compare, tell. */
#ifndef SWEEP_COMMAND_H
#define SWEEP_COMMAND_H

struct options;

/* `gantry sweep`.  Returns an exit code. */
int sweep_run(const struct options *options);

#endif
