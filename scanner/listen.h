/* SPDX-License-Identifier: ISC */
/* listen - the command that hears and says nothing. */
#ifndef LISTEN_H
#define LISTEN_H

struct options;

/* Returns an exit code. */
int listen_run(const struct options *options);

#endif
