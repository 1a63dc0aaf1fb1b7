/* SPDX-License-Identifier: ISC */
/* metrics - the inventory in numbers, for Prometheus' node exporter. */
#ifndef METRICS_H
#define METRICS_H

#include <stdbool.h>

struct config;
struct store;

/* Writes the file the configuration names, aside and renamed; does nothing
 * where it names none.  Returns false after one line. */
bool metrics_write(const struct config *, struct store *);

#endif
