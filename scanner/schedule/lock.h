/* SPDX-License-Identifier: ISC */
/*
 * lock - one at a time, by flock() on a file: whoever dies gives it up, so no
 * lock is ever stale.
 */
#ifndef LOCK_H
#define LOCK_H

#include <stdbool.h>

enum { LOCK_ERROR = 256 };

/* Returns a descriptor that holds the lock until it is closed; -1 and one line
 * in error otherwise.  *is_held tells that another process has it. */
int lock_take(const char *path, bool *is_held, char error[static LOCK_ERROR]);

/* Gives it up; -1 ok. */
void lock_give(int fd);

/* Makes a directory and those above it, for their owner and group alone where
 * they are not there yet.  Returns false with errno. */
bool lock_directory(const char *path);

#endif
