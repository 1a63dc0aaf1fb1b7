/* SPDX-License-Identifier: ISC */
/* output_files - single reports to files of their own: --json, --csv,
 * --nmap-xml, --prometheus. */
#ifndef OUTPUT_FILES_H
#define OUTPUT_FILES_H

#include <stdbool.h>

struct options;
struct report;

/* Writes every report that was asked for; "-" is standard output.  Returns
 * false after a line on standard error for each that could not be written. */
bool output_files_write(const struct options *, const struct report *);

/* Does one of them take standard output? */
bool output_files_take_stdout(const struct options *);

#endif
