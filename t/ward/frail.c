/* SPDX-License-Identifier: ISC */
/*
 * Frailty.
 *
 * inetd of SunOS 4.1 gives up on a service that was started 40 times within
 * 60 seconds, for 600 seconds.  Listen queues are short.  Association slots
 * of DICOM servers leak when nobody releases them.  Some stacks stop.
 */
#include "frail.h"

#include "loop.h"
#include "ward.h"

static const double second_ns = 1e9;

static const struct conf_frailty *
frailty_of(const struct host *h)
{
	return &h->persona->conf->frailty;
}

static uint64_t
ns_of(double s, double usual_s)
{
	return (uint64_t)((s > 0 ? s : usual_s) * second_ns);
}

static void
hang_if(struct host *h, bool limit_passed)
{
	if (limit_passed)
		h->harm.hung = true;
}

void
frail_malformed(struct host *h)
{
	uint32_t limit = frailty_of(h)->hang_malformed;

	h->harm.malformed++;
	hang_if(h, limit > 0 && h->harm.malformed >= limit);
}

void
frail_half_open(struct host *h)
{
	uint32_t limit = frailty_of(h)->hang_half_open;

	h->harm.half_open++;
	if (h->harm.half_open > h->harm.half_open_peak)
		h->harm.half_open_peak = h->harm.half_open;
	hang_if(h, limit > 0 && h->harm.half_open >= limit);
}

void
frail_half_open_end(struct host *h)
{
	if (h->harm.half_open > 0)
		h->harm.half_open--;
}

static void
inetd_count(struct host *h, struct port_stat *s)
{
	const struct conf_frailty *f = frailty_of(h);
	uint64_t now = loop_ward_ns(h->ward->loop);

	s->inetd.span_ns = ns_of(f->inetd_window_s, 60);
	if (window_add(&s->inetd, now) < f->inetd_limit)
		return;
	h->harm.lockouts++;
	s->shut_until_ns = now + ns_of(f->inetd_shut_s, 600);
	window_free(&s->inetd);
}

void
frail_connected(struct host *h, const struct port *port, uint16_t number)
{
	struct port_stat *s = harm_port(&h->harm, true, number);

	if (s == NULL)
		return;
	s->hits++;
	window_add(&s->minute, loop_real_ns(h->ward->loop));
	if (s->minute.peak > h->harm.connections_per_minute_peak)
		h->harm.connections_per_minute_peak = s->minute.peak;
	if (port->is_inetd && frailty_of(h)->inetd_limit > 0)
		inetd_count(h, s);
}

bool
frail_admits(struct host *h, const struct port *port, uint16_t number)
{
	const struct port_stat *s;

	if (!port->is_inetd || frailty_of(h)->inetd_limit == 0)
		return true;
	s = harm_port(&h->harm, true, number);
	return s == NULL || loop_ward_ns(h->ward->loop) >= s->shut_until_ns;
}

void
frail_bare(struct host *h, uint16_t number)
{
	const struct conf_frailty *f = frailty_of(h);

	h->harm.bare_connections++;
	if (f->hang_bare_count == 0 || number != f->hang_bare_port)
		return;
	h->bare_at_hang_port++;
	hang_if(h, h->bare_at_hang_port >= f->hang_bare_count);
}

/* Slots whose time is over are free again. */
static void
slots_recover(struct host *h)
{
	uint64_t now = loop_ward_ns(h->ward->loop);

	for (uint32_t i = 0; i < h->slots_leaked;) {
		if (h->slot_back_ns[i] <= now)
			h->slot_back_ns[i] = h->slot_back_ns[--h->slots_leaked];
		else
			i++;
	}
}

bool
frail_slot_take(struct host *h)
{
	uint32_t slots = frailty_of(h)->association_slots;

	slots_recover(h);
	if (slots > 0 && h->slots_used + h->slots_leaked >= slots)
		return false;
	h->slots_used++;
	return true;
}

void
frail_slot_give(struct host *h, bool is_leaked)
{
	double leak_s = frailty_of(h)->slot_leak_s;

	if (h->slots_used > 0)
		h->slots_used--;
	if (is_leaked && leak_s > 0 && h->slots_leaked < SLOTS_MAX)
		h->slot_back_ns[h->slots_leaked++] =
		    loop_ward_ns(h->ward->loop) + ns_of(leak_s, 0);
}
