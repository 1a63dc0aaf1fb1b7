/* SPDX-License-Identifier: ISC */
/* report - the harm file. */
#ifndef WARD_REPORT_H
#define WARD_REPORT_H

#include <stdbool.h>

struct err;
struct ward;

/* Writes the harm file as a whole or not at all. */
bool report_write(const struct ward *, const char *path, struct err *);

/* Writes the file that says the ward is ready: process id, hosts. */
bool report_ready(const struct ward *, const char *path, struct err *);

#endif
