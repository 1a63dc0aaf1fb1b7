/* SPDX-License-Identifier: ISC */
/* segment_run - one segment swept, from its lock to its events. */
#ifndef SEGMENT_RUN_H
#define SEGMENT_RUN_H

#include "scanner/config.h"
#include "scanner/options.h"

/* Sweeps one segment of the configuration.  Returns an exit code. */
int segment_run(const struct config *config, const struct config_place *place,
    const struct options *given);

#endif
