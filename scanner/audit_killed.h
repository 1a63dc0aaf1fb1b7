/* SPDX-License-Identifier: ISC */
/* audit_killed - what --resume makes good after a kill; for audit_resume.c. */
#ifndef AUDIT_KILLED_H
#define AUDIT_KILLED_H

#include <stdbool.h>

struct audit;

/* The facts are back: hosts that only they tell of are added.  False after
 * one line. */
bool killed_complete(struct audit *);

/* What is of unknown fate goes into the run.  False after one line. */
bool killed_unknown(struct audit *);

#endif
