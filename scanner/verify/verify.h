/* SPDX-License-Identifier: ISC */
/* verify - is this host what it is said to be?  Is all of a record true? */
#ifndef VERIFY_H
#define VERIFY_H

struct options;

/* `gantry verify`.  Returns an exit code. */
int verify_run(const struct options *options);

#endif
