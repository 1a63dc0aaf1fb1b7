/* SPDX-License-Identifier: ISC */
/*
 * secret - what must not be seen: from a file of its owner's alone, or from
 * systemd's credentials ($CREDENTIALS_DIRECTORY); never from an argument, and
 * never into a log or a report.
 */
#ifndef SECRET_H
#define SECRET_H

#include <stdbool.h>
#include <stddef.h>

enum { SECRET_MAX = 1024, SECRET_ERROR = 256 };

struct secret {
	char text[SECRET_MAX]; /* NUL-terminated, without its line's end */
	size_t len;
};

/*
 * Reads one; exactly one of file and credential is not NULL.  Refused: a file
 * that others can read or that is neither ours nor root's, an empty one, one
 * with a NUL in it.  Returns false and one line that names the file.
 */
bool secret_read(const char *file, const char *credential, struct secret *out,
    char error[static SECRET_ERROR]);

/* Overwrites it. */
void secret_wipe(struct secret *);

#endif
