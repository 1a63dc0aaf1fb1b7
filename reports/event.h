/* SPDX-License-Identifier: ISC */
/* event - one event of the inventory as JSON ("gantry-event/1"). */
#ifndef REPORTS_EVENT_H
#define REPORTS_EVENT_H

#include "scanner/inventory/store.h"

/* Returns one line of JSON, the caller's to free(); NULL when memory is out. */
char *event_json(const struct store_event *event);

#endif
