/* SPDX-License-Identifier: ISC */
/* rtt - round trips, sampled. */
#include "scanner/rtt.h"

/* After so long a sample is taken for lost. */
static const int64_t lost_ns = 1000000000;

static unsigned
slot_of(uint32_t address, uint16_t port)
{
	return ((address ^ (uint32_t)port << 16) * 2654435761U) >> 24;
}

void
rtt_sent(struct rtt *r, uint32_t address, uint16_t port, int64_t now_ns)
{
	unsigned i = slot_of(address, port);

	if (r->sample[i].at_ns != 0 && now_ns - r->sample[i].at_ns < lost_ns)
		return;
	r->sample[i].address = address;
	r->sample[i].port = port;
	r->sample[i].at_ns = now_ns;
}

static void
rtt_add(struct rtt *r, int64_t took)
{
	int64_t off;

	if (r->mean_ns == 0) {
		r->mean_ns = took > 0 ? took : 1;
		r->deviation_ns = took / 2;
		return;
	}
	off = took > r->mean_ns ? took - r->mean_ns : r->mean_ns - took;
	r->deviation_ns += (off - r->deviation_ns) / 4;
	r->mean_ns += (took - r->mean_ns) / 8;
}

void
rtt_heard(struct rtt *r, uint32_t address, uint16_t port, int64_t now_ns)
{
	unsigned i = slot_of(address, port);

	if (r->sample[i].at_ns == 0 || r->sample[i].address != address ||
	    r->sample[i].port != port)
		return;
	rtt_add(r, now_ns - r->sample[i].at_ns);
	r->sample[i].at_ns = 0;
}

int64_t
rtt_wait(const struct rtt *r, int64_t floor_ns, int64_t ceiling_ns)
{
	int64_t wait = r->mean_ns + 4 * r->deviation_ns;

	if (r->mean_ns == 0 || wait > ceiling_ns)
		return ceiling_ns;
	return wait < floor_ns ? floor_ns : wait;
}

int64_t
rtt_look(const struct rtt *r, int64_t ended_ns, int64_t now_ns,
    int64_t floor_ns, int64_t ceiling_ns)
{
	int64_t due = ended_ns + rtt_wait(r, floor_ns, ceiling_ns);

	if (due <= now_ns)
		return now_ns;
	return due < now_ns + floor_ns ? due : now_ns + floor_ns;
}
