/* SPDX-License-Identifier: ISC */
/*
 * progress_line - the words of a run's progress, fitted to a width.
 *
 * Pure: no clock, no terminal.
 */
#ifndef PROGRESS_LINE_H
#define PROGRESS_LINE_H

#include <stdbool.h>
#include <stddef.h>

/* What is told of a run under way. */
struct progress {
	unsigned percent;   /* 0 to 100 */
	size_t hosts, busy; /* alive; being spoken with */
	size_t consoles;    /* hosts that called by AdvantageNet */
	size_t dicom;       /* ports that spoke DICOM */
	size_t halted;      /* hosts let go for their own sake */
	double rate;        /* packets per second so far */
	unsigned eta_s;     /* 0: cannot tell */
};

enum { PROGRESS_LINE = 256 };

/*
 * Sets percent and eta_s of a run that has lasted gone_s: of what is asked
 * asked (0 to 1) is over, at the pace so far the rest takes as long; and it
 * listens for listen_s in all, 0 where it does not.
 */
void progress_reckon(
    struct progress *, double asked, double gone_s, double listen_s);

/*
 * Returns buf: with a bar for a terminal of that many columns (0: unknown,
 * taken for 80), of which the last stays free; without one all words.  Words
 * that do not fit are left out, the least important first.
 */
const char *progress_line(const struct progress *, bool has_bar,
    unsigned columns, char buf[static PROGRESS_LINE]);

#endif
