/* SPDX-License-Identifier: ISC */
/* err - one line of text that says what went wrong and where. */
#ifndef WARD_ERR_H
#define WARD_ERR_H

#include <stdbool.h>

struct err {
	char text[512];
};

/*
 * Writes the text, cut at the end of the room there is.  Always returns false,
 * so that a function can end with "return err_set(...)".
 */
bool err_set(struct err *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
