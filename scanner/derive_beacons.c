/* SPDX-License-Identifier: ISC */
/*
 * derive_beacons - the rhythm of AdvantageNet beacons: the period, and how
 * source port and IP identification go on from one to the next.
 *
 * Datagrams get lost, and a console that is switched on again starts its
 * counters over.  So a gap over which the source port does not go on is left
 * out, and a gap that is a whole multiple of the period is divided by it.
 *
 * Limits: a sender that draws every source port at random has no gap over
 * which it goes on; then all gaps are taken.  Where more beacons were missed
 * than heard, and always the same number in a row, a multiple of the period is
 * found.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/derive_parts.h"

enum {
	GOES_ON = 64,     /* source ports at most, for the same series */
	PERIODS_MAX = 16, /* that one gap may span */
	CANDIDATES = 64   /* gaps tried as the period */
};

static const int64_t echo_ns = 1000000000; /* a copy of one datagram */
static const double off_by = 0.1;          /* of a period, at most */

struct beacon {
	int64_t time_ns;
	uint16_t port, id;
	const struct fact *fact;
};

/* From one beacon to the next. */
struct gap {
	double seconds;
	unsigned port_step, id_step;
	unsigned periods; /* how many it spans; 0: it does not fit */
};

/* Reads the decimal number behind word, such as "ipid=". */
static bool
read_number(const char *value, const char *word, uint16_t *out)
{
	const char *at = strstr(value, word);
	unsigned long number;
	char *end;

	if (at == NULL)
		return false;
	at += strlen(word);
	number = strtoul(at, &end, 10);
	if (end == at || number > UINT16_MAX)
		return false;
	*out = (uint16_t)number;
	return true;
}

static bool
is_copy(const struct beacon *a, const struct beacon *b)
{
	return a->port == b->port && a->id == b->id &&
	    b->time_ns - a->time_ns < echo_ns;
}

/* Writes the beacons heard, in order of time; returns how many. */
static size_t
collect_beacons(const struct derivation *d, struct beacon *out)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++) {
		struct beacon b = { .fact = d->facts[i],
			.time_ns = d->facts[i]->time_ns };

		if (b.fact->key != FACT_ADVANTAGENET_BEACON ||
		    !read_number(b.fact->value, "sport=", &b.port) ||
		    !read_number(b.fact->value, "ipid=", &b.id))
			continue;
		if (n == 0 || !is_copy(&out[n - 1], &b))
			out[n++] = b;
	}
	return n;
}

/* Writes the gaps; where may_restart, only those over which the source port
 * goes on.  Returns how many. */
static size_t
collect_gaps(
    const struct beacon *b, size_t n, bool may_restart, struct gap *out)
{
	size_t gaps = 0;

	for (size_t i = 1; i < n; i++) {
		struct gap g = {
			.seconds =
			    (double)(b[i].time_ns - b[i - 1].time_ns) / 1e9,
			.port_step = (uint16_t)(b[i].port - b[i - 1].port),
			.id_step = (uint16_t)(b[i].id - b[i - 1].id),
			.periods = 1,
		};

		if (g.seconds > 0 && (!may_restart || g.port_step <= GOES_ON))
			out[gaps++] = g;
	}
	return gaps;
}

/* Returns how many periods a gap spans, 0 where that is no whole number. */
static unsigned
periods_in(double gap, double period)
{
	double k = round(gap / period);

	if (k < 1 || k > PERIODS_MAX ||
	    fabs(gap - k * period) > off_by * period)
		return 0;
	return (unsigned)k;
}

/* How well a period explains the gaps: each counts less the more beacons must
 * have been missed for it. */
static double
explains(const struct gap *gaps, size_t n, double period, size_t *fits)
{
	double sum = 0;

	*fits = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned k = periods_in(gaps[i].seconds, period);

		sum += k > 0 ? 1.0 / k : 0;
		*fits += k > 0;
	}
	return sum;
}

/* Returns the gap that best explains all gaps as a period. */
static double
guess_period(const struct gap *gaps, size_t n)
{
	double best = 0, best_sum = 0;
	size_t best_fits = 0, fits;

	for (size_t i = 0; i < n && i < CANDIDATES; i++) {
		double sum = explains(gaps, n, gaps[i].seconds, &fits);

		if (sum > best_sum + 1e-9 ||
		    (sum > best_sum - 1e-9 && fits > best_fits)) {
			best = gaps[i].seconds;
			best_sum = sum;
			best_fits = fits;
		}
	}
	return best;
}

/* Divides the gaps by the period; says it where two gaps or more agree. */
static void
find_period(struct derivation *d, struct gap *gaps, size_t n,
    const struct fact *last, double *room)
{
	double guess = guess_period(gaps, n);
	size_t fits = 0;

	if (n < 2)
		return;
	for (size_t i = 0; i < n; i++) {
		gaps[i].periods = periods_in(gaps[i].seconds, guess);
		if (gaps[i].periods > 0)
			room[fits++] = gaps[i].seconds / gaps[i].periods;
	}
	if (fits >= 2)
		derive_say(d, FACT_ADVANTAGENET_PERIOD, last, "%.4f",
		    derive_median(room, fits));
}

static void
find_steps(struct derivation *d, const struct gap *gaps, size_t n,
    const struct fact *last, double *room)
{
	size_t fits = 0;

	for (size_t i = 0; i < n; i++)
		if (gaps[i].periods > 0)
			room[fits++] =
			    (double)gaps[i].port_step / gaps[i].periods;
	if (fits == 0)
		return;
	derive_say(d, FACT_ADVANTAGENET_PORT_STEP, last, "%.0f",
	    round(derive_median(room, fits)));
	fits = 0;
	for (size_t i = 0; i < n; i++)
		if (gaps[i].periods > 0)
			room[fits++] =
			    (double)gaps[i].id_step / gaps[i].periods;
	derive_say(d, FACT_ADVANTAGENET_IPID_STEP, last, "%.0f",
	    round(derive_median(room, fits)));
}

void
derive_beacons(struct derivation *d)
{
	struct beacon *beacons = calloc(d->n, sizeof(*beacons));
	struct gap *gaps = calloc(d->n, sizeof(*gaps));
	double *room = calloc(d->n, sizeof(*room));
	const struct fact *last;
	size_t n, gaps_len;

	if (beacons == NULL || gaps == NULL || room == NULL)
		goto out;
	n = collect_beacons(d, beacons);
	if (n == 0)
		goto out;
	last = beacons[n - 1].fact;
	derive_say(d, FACT_ADVANTAGENET_BEACONS, last, "%zu", n);
	gaps_len = collect_gaps(beacons, n, true, gaps);
	if (gaps_len == 0)
		gaps_len = collect_gaps(beacons, n, false, gaps);
	find_period(d, gaps, gaps_len, last, room);
	find_steps(d, gaps, gaps_len, last, room);
out:
	free(beacons);
	free(gaps);
	free(room);
}
