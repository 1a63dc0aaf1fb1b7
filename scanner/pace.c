/* SPDX-License-Identifier: ISC */
/*
 * pace - the total rate and the bounds of each host, on anybody's clock.
 *
 * The total rate is a clock of departures: each packet moves the next
 * departure on by one gap, counted from its own time when it left late.  So a
 * stall is lost time and never becomes a burst.
 *
 * A host's bounds are kept exactly: a ring of the last N times says when the
 * N-th latest leaves the sliding second, which is when the next may come.  That
 * second is a little longer than one.
 */
#include <string.h>

#include "scanner/pace.h"

static const int64_t second_ns = 1000000000;

enum { GAP_MAX_S = 86400 }; /* a packet a day: below is not a rate */

void
pace_init(struct pace *pace, double packets_per_second)
{
	const double slowest = 1.0 / GAP_MAX_S;

	if (packets_per_second > 0 && packets_per_second < slowest)
		packets_per_second = slowest;
	pace->gap_ns = packets_per_second > 0
	    ? (int64_t)((double)second_ns / packets_per_second)
	    : 0;
	pace->next_ns = 0;
}

int64_t
pace_when(const struct pace *pace, int64_t now_ns)
{
	return pace->next_ns > now_ns ? pace->next_ns : now_ns;
}

void
pace_sent(struct pace *pace, int64_t now_ns, unsigned n)
{
	pace->next_ns = pace_when(pace, now_ns) + pace->gap_ns * (int64_t)n;
}

static uint8_t
limit(unsigned max)
{
	if (max < 1)
		return 1;
	return (uint8_t)(max > PACE_WINDOW_MAX ? PACE_WINDOW_MAX : max);
}

void
host_pace_init(
    struct host_pace *host, unsigned initiations_max, unsigned packets_max)
{
	*host = (struct host_pace){ .initiations_max = limit(initiations_max),
		.packets_max = limit(packets_max) };
}

void
host_pace_follow(struct host_pace *host, const struct host_pace *other)
{
	memcpy(host->packets, other->packets, sizeof(host->packets));
	host->packets_max = other->packets_max;
	host->packets_at = other->packets_at;
	host->together = other->together;
	host->is_free = other->is_free;
	if (other->peak > host->peak)
		host->peak = other->peak;
}

void
host_pace_free(struct host_pace *host)
{
	host->is_free = true;
}

/* Returns when a slot that was taken at `taken` (0: never) is free again. */
static int64_t
free_at(int64_t taken, int64_t now_ns)
{
	return taken != 0 && taken + PACE_SECOND_NS > now_ns
	    ? taken + PACE_SECOND_NS
	    : now_ns;
}

/* Returns when n slots of a ring are free; at is the oldest of its max. */
static int64_t
ring_free_at(
    const int64_t *ring, unsigned at, unsigned max, unsigned n, int64_t now_ns)
{
	unsigned need = n < 1 ? 1 : n > max ? max : n;

	/* need - 1 further on is the last that must be used again */
	return free_at(ring[(at + need - 1) % max], now_ns);
}

int64_t
host_pace_when(const struct host_pace *host, int64_t now_ns,
    unsigned initiations, unsigned packets)
{
	int64_t a, b;

	if (host->is_free)
		return now_ns;
	a = ring_free_at(host->initiations, host->initiations_at,
	    host->initiations_max, initiations, now_ns);
	b = ring_free_at(host->packets, host->packets_at, host->packets_max,
	    packets, now_ns);
	if (host->next_ns > a)
		a = host->next_ns;
	return a > b ? a : b;
}

/* The gap after the initiations noted last. */
static void
set_next(struct host_pace *host, int64_t now_ns)
{
	host->next_ns =
	    now_ns + PACE_SECOND_NS / host->initiations_max * host->together;
}

void
host_pace_initiated(struct host_pace *host, int64_t now_ns, unsigned n)
{
	host->together = limit(n);
	for (unsigned i = 0; i < n && i < host->initiations_max; i++) {
		/* 0 means never, so a clock's first instant counts as 1 ns */
		host->initiations[host->initiations_at] =
		    now_ns != 0 ? now_ns : 1;
		host->initiations_at = (uint8_t)((host->initiations_at + 1) %
		    host->initiations_max);
	}
	set_next(host, now_ns);
	host_pace_packets(host, now_ns, host->together);
}

/* The n entries of a ring that were written last are of now_ns. */
static void
ring_move(int64_t *ring, unsigned at, unsigned max, unsigned n, int64_t now_ns)
{
	for (unsigned i = 1; i <= n && i <= max; i++)
		ring[(at + max - i) % max] = now_ns;
}

void
host_pace_left(struct host_pace *host, int64_t now_ns)
{
	unsigned n = host->together > 0 ? host->together : 1;

	ring_move(
	    host->packets, host->packets_at, host->packets_max, n, now_ns);
	/* of a talk's own clock, which knows packets alone */
	if (host->initiations[(host->initiations_at + host->initiations_max -
				  1) %
		host->initiations_max] == 0)
		return;
	ring_move(host->initiations, host->initiations_at,
	    host->initiations_max, n, now_ns);
	set_next(host, now_ns);
}

static void
note_peak(struct host_pace *host, int64_t now_ns)
{
	unsigned n = 0;

	for (unsigned i = 0; i < host->packets_max; i++)
		n += host->packets[i] != 0 &&
		    now_ns - host->packets[i] < second_ns;
	if (n > host->peak)
		host->peak = (uint8_t)n;
}

void
host_pace_packets(struct host_pace *host, int64_t now_ns, unsigned n)
{
	if (n > host->packets_max)
		n = host->packets_max;
	for (; n > 0; n--) {
		host->packets[host->packets_at] = now_ns != 0 ? now_ns : 1;
		host->packets_at =
		    (uint8_t)((host->packets_at + 1) % host->packets_max);
	}
	note_peak(host, now_ns);
}
