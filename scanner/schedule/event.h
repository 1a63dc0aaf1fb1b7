/* SPDX-License-Identifier: ISC */
/* event - one event of the inventory in a line for people and logs. */
#ifndef EVENT_H
#define EVENT_H

#include "scanner/inventory/store.h"

enum { EVENT_LINE = 512 };

/* Returns buf: "10.1.2.3 NMR1/IC0: changed: tcp/21 ftp.greeting: was A, is B". */
const char *event_line(
    const struct store_event *event, char buf[static EVENT_LINE]);

#endif
