/* SPDX-License-Identifier: ISC */
/* replay - the same pipeline from capture files, no network. */
#ifndef REPLAY_H
#define REPLAY_H

struct options;

/* `gantry replay`.  Returns an exit code. */
int replay_run(const struct options *options);

#endif
