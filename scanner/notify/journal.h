/* SPDX-License-Identifier: ISC */
/* journal - events as structured lines: the one door to libsystemd, and to
 * syslog(3). */
#ifndef JOURNAL_H
#define JOURNAL_H

#include "scanner/inventory/store.h"

enum { JOURNAL_ERROR = 128 };

/* One event with fields GANTRY_EVENT, GANTRY_KIND, ...  Returns false and why:
 * there is no journal, or it would not. */
bool journal_send(
    const struct store_event *event, char error[static JOURNAL_ERROR]);

/* One event as one line of key="value".  Returns false and why: there is no
 * /dev/log.  Where there is one nobody can tell whether it arrived. */
bool syslog_send(
    const struct store_event *event, char error[static JOURNAL_ERROR]);

#endif
