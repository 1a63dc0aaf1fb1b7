/* SPDX-License-Identifier: ISC */
/*
 * audit - the whole way: scope, who is there, a visit to each, facts, match,
 * report.
 */
#ifndef AUDIT_H
#define AUDIT_H

struct options;

/* `gantry audit`.  Returns an exit code. */
int audit_run(const struct options *options);

#endif
