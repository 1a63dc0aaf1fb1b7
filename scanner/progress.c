/* SPDX-License-Identifier: ISC */
/*
 * progress - a bar on a terminal, a line every ten seconds elsewhere; both on
 * standard error, neither with -q.
 */
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "scanner/audit_state.h"
#include "scanner/log.h"
#include "scanner/loop.h"
#include "scanner/options.h"
#include "scanner/progress_line.h"

static const int64_t bar_ns = 250000000, line_ns = 10000000000;

static bool
is_terminal(void)
{
	return isatty(STDERR_FILENO);
}

static unsigned
columns(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* How much of the asking is over, 0 to 1. */
static double
asked(const struct audit *a)
{
	uint64_t swept, all;

	if (a->asking_over)
		return 0.3 + 0.7 * guests_share(a);
	sweep_progress(a->sweep, &swept, &all);
	return all > 0 ? 0.3 * (double)swept / (double)all : 0;
}

/* Counts what was found since it was last asked. */
static void
count_findings(struct audit *a)
{
	size_t len = ledger_count(a->ledger);

	for (; a->findings_seen < len; a->findings_seen++) {
		const struct fact *f = ledger_at(a->ledger, a->findings_seen);

		a->consoles_found += f->key == FACT_ADVANTAGENET_STATION;
		a->dicom_found += f->key == FACT_PORT_SPEAKS &&
		    strcmp(f->value, "dicom") == 0;
	}
}

static void
show(struct audit *a)
{
	uint64_t packets = wires_sent(a->wires).sent + talks_packets(a->talks);
	double gone = (double)(loop_now() - a->started_ns) / 1e9;
	struct progress p = {
		.hosts = a->guests_len,
		.busy = a->guests_active,
		.halted = run_halted_hosts(&a->run),
		.rate = gone > 0.1 ? (double)packets / gone : 0,
	};
	char line[PROGRESS_LINE];

	count_findings(a);
	p.consoles = a->consoles_found;
	p.dicom = a->dicom_found;
	progress_reckon(&p, asked(a), gone, a->options->listen_s);
	if (is_terminal())
		fprintf(stderr, "\r%s\033[K",
		    progress_line(&p, true, columns(), line));
	else
		fprintf(
		    stderr, "audit: %s\n", progress_line(&p, false, 0, line));
	fflush(stderr);
}

static void
progress_ring(void *arg)
{
	struct audit *a = arg;

	show(a);
	loop_timer_at(
	    a->progress_timer, loop_now() + (is_terminal() ? bar_ns : line_ns));
}

void
progress_start(struct audit *a)
{
	if (log_get() == LOG_QUIET)
		return;
	a->progress_timer = loop_timer_new(a->loop, progress_ring, a);
	if (a->progress_timer == NULL)
		return;
	log_over_bar(is_terminal());
	loop_timer_at(
	    a->progress_timer, loop_now() + (is_terminal() ? bar_ns : line_ns));
}

void
progress_end(struct audit *a)
{
	if (a->progress_timer == NULL)
		return;
	loop_timer_free(a->progress_timer);
	a->progress_timer = NULL;
	log_over_bar(false);
	if (is_terminal())
		fputs("\r\033[K", stderr);
}
