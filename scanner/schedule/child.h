/* SPDX-License-Identifier: ISC */
/*
 * child - gantry started by gantry, with no descriptor but the first three.
 */
#ifndef CHILD_H
#define CHILD_H

/*
 * Runs this program with the arguments (ended by NULL; [0] is the command) and
 * waits for it.  Who asks this process to end (SIGTERM, or SIGINT not from the
 * terminal, which the child has got too) asks the child; *was_asked tells
 * then.  Returns its exit code, -1 when it could not be started or was killed.
 */
int child_run(const char *const *arguments, int *was_asked);

#endif
