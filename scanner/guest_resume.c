/* SPDX-License-Identifier: ISC */
/* guest_resume - live hosts written down, and gone on with. */
#include <stdlib.h>

#include "scanner/guest_state.h"
#include "scanner/log.h"
#include "scanner/loop.h"
#include "scanner/resume.h"

static bool
guest_position(const struct guest *g, struct resume_host *out)
{
	*out = (struct resume_host){ .address = g->address, .mac = g->mac };
	out->is_over = g->over && !g->goes_on;
	if (out->is_over)
		return true;
	out->is_waiting = g->waits;
	out->has_begun = g->visit != NULL && !g->waits;
	return !out->has_begun || visit_position(g->visit, &out->visit);
}

bool
guests_position(const struct audit *a, struct resume *out)
{
	out->hosts = calloc(a->guests_len + 1, sizeof(*out->hosts));
	if (out->hosts == NULL)
		return false;
	for (const struct guest *g = a->guests; g != NULL; g = g->next)
		if (!guest_position(g, &out->hosts[out->hosts_len++]))
			return false;
	return true;
}

/* Known, but not begun: the timer rings when guests_go_on() says so. */
static bool
visit_go_on(struct guest *g, const struct resume_host *h)
{
	guest_begin(g);
	if (g->over)
		return false;
	loop_timer_stop(g->timer);
	if (h->has_begun && !visit_restore(g->visit, loop_now(), &h->visit))
		return false;
	/* It was about to be said that it is left alone. */
	if (h->halted[0] != '\0')
		visit_break_off(g->visit, h->halted);
	return true;
}

static bool
guest_restore(struct audit *a, const struct resume_host *h)
{
	struct guest *g = guest_new(a, h->address, h->mac);
	char text[NET_IPV4_TEXT];

	if (g == NULL)
		return false;
	g->over = h->is_over;
	g->waits = h->is_waiting;
	g->segment = segments_find(&a->segments, h->address);
	if (g->over)
		return true;
	if (g->segment == NULL) {
		log_warn("audit", "no way to %s any more",
		    ipv4_text(h->address, text));
		g->over = true;
		return true;
	}
	return g->waits || visit_go_on(g, h);
}

bool
guests_restore(struct audit *a, const struct resume *r)
{
	for (size_t i = 0; i < r->hosts_len; i++)
		if (!guest_restore(a, &r->hosts[i]))
			return false;
	return true;
}

void
guests_go_on(struct audit *a)
{
	for (struct guest *g = a->guests; g != NULL; g = g->next)
		if (!g->over && !g->waits)
			loop_timer_at(g->timer, loop_now());
}
