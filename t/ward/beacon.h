/* SPDX-License-Identifier: ISC */
/* beacon - datagrams that hosts broadcast of themselves, by the ward clock. */
#ifndef WARD_BEACON_H
#define WARD_BEACON_H

#include <stdbool.h>

struct ward;

/* Starts the beacons of all hosts.  Returns false when memory is out. */
bool beacons_start(struct ward *);

/* Stops them and frees what they needed. */
void beacons_stop(struct ward *);

#endif
