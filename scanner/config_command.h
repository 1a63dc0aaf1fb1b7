/* SPDX-License-Identifier: ISC */
/* config_command - the configuration told back in words. */
#ifndef CONFIG_COMMAND_H
#define CONFIG_COMMAND_H

struct options;

/* `gantry config`.  Returns an exit code. */
int config_run(const struct options *options);

#endif
