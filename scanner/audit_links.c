/* SPDX-License-Identifier: ISC */
/*
 * audit_links - an interface that goes down in the middle of a run: silence is
 * then no host's fault.  The run stops, says so, and can be gone on with.
 */
#include <stdio.h>

#include "scanner/audit_state.h"
#include "scanner/log.h"
#include "scanner/loop.h"

static const int64_t look_ns = 250000000;

bool
audit_links_up(struct audit *a)
{
	const char *down = wires_down(a->wires);
	char why[80];

	if (down == NULL)
		return true;
	if (a->stopping)
		return false;
	snprintf(why, sizeof(why), "interface %.16s went down", down);
	log_error("audit", "%s: the run stops, and can be gone on with", why);
	audit_note_run(a, why);
	audit_stop(a, RUN_INTERRUPTED);
	return false;
}

static void
look(void *arg)
{
	struct audit *a = arg;

	if (audit_links_up(a))
		loop_timer_at(a->links_timer, loop_now() + look_ns);
}

bool
audit_links_watch(struct audit *a)
{
	a->links_timer = loop_timer_new(a->loop, look, a);
	if (a->links_timer == NULL)
		return false;
	loop_timer_at(a->links_timer, loop_now() + look_ns);
	return true;
}
