/* SPDX-License-Identifier: ISC */
/* terminal_census - who fills the segments; private to terminal.c. */
#ifndef TERMINAL_CENSUS_H
#define TERMINAL_CENSUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct report;

/* Writes the loudest stations of each segment; width 0 is endless. */
void terminal_census(
    FILE *out, const struct report *report, bool colour, size_t width);

#endif
