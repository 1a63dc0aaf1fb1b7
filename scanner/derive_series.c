/* SPDX-License-Identifier: ISC */
/*
 * derive_series - how initial sequence numbers and IP identifications go on
 * from one SYN-ACK of a host to the next.
 *
 * A BSD kernel of the time raises its sequence counter in fixed steps (64000
 * or a multiple), so the steps' greatest common divisor is large and telling;
 * where numbers are drawn at random it is nearly always 1.  Limits: a SYN-ACK
 * sent again counts once; a host busy with others may hide its counter, and
 * then nothing is said of its IP identifications.
 */
#include <stdlib.h>
#include <string.h>

#include "scanner/derive_parts.h"

enum {
	SERIES_MIN = 3,
	STEP_SMALL = 1024, /* at most, for a counter we look at each second */
	STEP_WILD = 20000  /* no counter does this between two looks */
};

struct series {
	uint32_t *values;
	size_t n;
	const struct fact *last;
};

/* Collects the numbers under key in order of time.  Where unique, a value that
 * repeats the one before on the same port is the same packet sent again. */
static bool
collect(const struct derivation *d, enum fact_key key, bool unique,
    struct series *out)
{
	*out = (struct series){ .n = 0 };
	out->values = calloc(d->n, sizeof(*out->values));
	if (out->values == NULL)
		return false;
	for (size_t i = 0; i < d->n; i++) {
		const struct fact *f = d->facts[i];

		if (f->key != key)
			continue;
		if (unique && out->last != NULL &&
		    about_equal(f->about, out->last->about) &&
		    strcmp(f->value, out->last->value) == 0)
			continue;
		out->values[out->n++] = (uint32_t)strtoul(f->value, NULL, 10);
		out->last = f;
	}
	return true;
}

static uint32_t
gcd(uint32_t a, uint32_t b)
{
	while (b != 0) {
		uint32_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

void
derive_isn(struct derivation *d)
{
	struct series isn;
	uint32_t step = 0;

	if (!collect(d, FACT_TCP_ISN, true, &isn))
		return;
	for (size_t i = 1; i < isn.n; i++)
		step = gcd(isn.values[i] - isn.values[i - 1], step);
	if (isn.n >= SERIES_MIN)
		derive_say(d, FACT_TCP_ISN_STEP, isn.last, "%u", step);
	free(isn.values);
}

static uint16_t
swap(uint32_t v)
{
	return (uint16_t)(v << 8 | (v >> 8 & 0xff));
}

/* Returns the largest step, modulo 65536. */
static unsigned
largest_step(const struct series *s, bool swapped)
{
	unsigned largest = 0;

	for (size_t i = 1; i < s->n; i++) {
		uint32_t a = s->values[i - 1], b = s->values[i];
		uint16_t step =
		    swapped ? (uint16_t)(swap(b) - swap(a)) : (uint16_t)(b - a);

		if (step > largest)
			largest = step;
	}
	return largest;
}

/* Returns the kind, or NULL where it cannot be told. */
static const char *
ip_id_kind(const struct series *s)
{
	unsigned straight = largest_step(s, false);
	unsigned swapped = largest_step(s, true);

	if (straight == 0)
		return s->values[0] == 0 ? "zero" : "constant";
	if (straight <= STEP_SMALL && straight <= swapped)
		return "incremental";
	if (swapped <= STEP_SMALL)
		return "byte-swapped";
	if (straight > STEP_WILD && swapped > STEP_WILD)
		return "random";
	return NULL;
}

static void
derive_id_kind(
    struct derivation *d, enum fact_key key, enum fact_key conclusion)
{
	struct series id;
	const char *kind;

	if (!collect(d, key, false, &id))
		return;
	kind = id.n >= SERIES_MIN ? ip_id_kind(&id) : NULL;
	if (kind != NULL)
		derive_say(d, conclusion, id.last, "%s", kind);
	free(id.values);
}

void
derive_ip_id(struct derivation *d)
{
	derive_id_kind(d, FACT_IP_ID, FACT_IP_ID_KIND);
	derive_id_kind(d, FACT_UDP_IP_ID, FACT_UDP_IP_ID_KIND);
}
