/* SPDX-License-Identifier: ISC */
/* notify_command - what is in the outbox is delivered. */
#ifndef NOTIFY_COMMAND_H
#define NOTIFY_COMMAND_H

struct options;

/* `gantry notify`.  Returns an exit code. */
int notify_run(const struct options *options);

#endif
