/* SPDX-License-Identifier: ISC */
/*
 * progress - a bar on a terminal, a line every ten seconds elsewhere; both on
 * standard error, neither with -q.
 */
#include <stdio.h>
#include <unistd.h>

#include "scanner/audit_state.h"
#include "scanner/log.h"
#include "scanner/loop.h"
#include "scanner/options.h"

enum { BAR = 24 };
static const int64_t bar_ns = 250000000, line_ns = 10000000000;

static bool
is_terminal(void)
{
	return isatty(STDERR_FILENO);
}

static unsigned
percent(const struct audit *a)
{
	uint64_t swept, all;
	size_t done, left;

	sweep_progress(a->sweep, &swept, &all);
	guests_progress(a, &done, &left);
	if (!a->asking_over || done + left == 0)
		return (unsigned)(all ? 30 * swept / all : 0);
	return 30 + (unsigned)(70 * done / (done + left));
}

/* How long it may still take at the pace so far; 0: cannot tell. */
static unsigned
eta_s(const struct audit *a, unsigned done)
{
	double gone = (double)(loop_now() - a->started_ns) / 1e9;
	double left;

	if (done < 5)
		return 0;
	left = gone * (100 - done) / done;
	if (done == 100 || left < a->options->listen_s - gone)
		left = a->options->listen_s - gone;
	return left > 0 ? (unsigned)left + 1 : 0;
}

static void
show(const struct audit *a)
{
	unsigned done = percent(a), filled = BAR * done / 100;
	uint64_t packets = wires_sent(a->wires).sent + talks_packets(a->talks);
	double gone = (double)(loop_now() - a->started_ns) / 1e9;
	char bar[BAR + 1];

	for (unsigned i = 0; i < BAR; i++)
		bar[i] = i < filled ? '#' : '.';
	bar[BAR] = '\0';
	if (is_terminal())
		fprintf(stderr, "\r[%s] ", bar);
	else
		fprintf(stderr, "audit: ");
	fprintf(stderr,
	    "%3u %%  %zu hosts, %zu busy, %zu facts, %.0f packets/s, "
	    "%u s to go ",
	    done, a->guests_len, a->guests_active, ledger_count(a->ledger),
	    gone > 0.1 ? (double)packets / gone : 0, eta_s(a, done));
	fputs(is_terminal() ? "\033[K" : "\n", stderr);
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
	if (a->progress_timer != NULL)
		loop_timer_at(a->progress_timer,
		    loop_now() + (is_terminal() ? bar_ns : line_ns));
}

void
progress_end(struct audit *a)
{
	if (a->progress_timer == NULL)
		return;
	loop_timer_free(a->progress_timer);
	a->progress_timer = NULL;
	if (is_terminal())
		fputs("\r\033[K", stderr);
}
