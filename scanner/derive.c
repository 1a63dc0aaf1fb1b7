/* SPDX-License-Identifier: ISC */
/*
 * derive - conclusions drawn from the facts of one address alone.
 *
 * A conclusion is a fact without evidence of its own, dated by the newest fact
 * it rests on.  Saying one again adds nothing, because the ledger knows it.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/derive.h"
#include "scanner/derive_parts.h"

enum {
	RESERVED_FIRST = 600, /* where bindresvport() of SunOS 4 begins */
	RESERVED_LAST = 1023,
	TRAP_PORTS = 20,    /* fewer may all be open on an honest host */
	TRAP_UNLIKELY = 2,  /* but not these two among them (visit.c) */
	TRAP_FEW = 10,      /* nor so many, where this many are mute, echo or */
	TRAP_STRANGE = 8,   /* the like, or so many are of programs that no */
	TRAP_UNRELATED = 4, /* one machine runs together */
	UNLIKELY_FIRST = 40000,
	UNLIKELY_LAST = 59999
};

void
derive_say(struct derivation *d, enum fact_key key, const struct fact *last,
    const char *fmt, ...)
{
	char value[FACT_VALUE_MAX];
	struct fact f = {
		.address = d->address,
		.mac = last->mac,
		.about = { .kind = ABOUT_HOST },
		.key = key,
		.value = value,
		.probe = "derive",
		.time_ns = last->time_ns,
	};
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(value, sizeof(value), fmt, ap);
	va_end(ap);
	d->added += ledger_add(d->ledger, &f);
}

static int
compare_double(const void *pa, const void *pb)
{
	double a = *(const double *)pa, b = *(const double *)pb;

	return (a > b) - (a < b);
}

double
derive_median(double *values, size_t n)
{
	qsort(values, n, sizeof(*values), compare_double);
	if (n % 2 == 1)
		return values[n / 2];
	return (values[n / 2 - 1] + values[n / 2]) / 2;
}

/* One bit per TCP port. */
struct ports {
	uint8_t bits[65536 / 8];
	unsigned n;
};

static void
ports_add(struct ports *p, uint16_t port)
{
	uint8_t bit = (uint8_t)(1 << port % 8);

	p->n += (p->bits[port / 8] & bit) == 0;
	p->bits[port / 8] |= bit;
}

/* Is there a fact under key at all?  Most hosts have few. */
static bool
has_key(const struct derivation *d, enum fact_key key)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->facts[i]->key == key)
			return true;
	return false;
}

static void
derive_reserved(struct derivation *d)
{
	const struct fact *last = NULL;
	struct ports ports = { .n = 0 };

	for (size_t i = 0; i < d->n; i++) {
		const struct fact *f = d->facts[i];

		if (f->key != FACT_RPC_SPEAKS || f->about.kind != ABOUT_TCP ||
		    f->about.port < RESERVED_FIRST ||
		    f->about.port > RESERVED_LAST ||
		    strcmp(f->value, "yes") != 0)
			continue;
		ports_add(&ports, f->about.port);
		last = f;
	}
	if (last != NULL)
		derive_say(d, FACT_RPC_RESERVED, last, "%u", ports.n);
}

/* Another registered service and a trojan, two archives, two modalities. */
static bool
is_unrelated(uint16_t port)
{
	static const uint16_t ports[] = { 1600, 2345, 4006, 4242, 5678 };

	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++)
		if (ports[i] == port)
			return true;
	return false;
}

/* What is known of the ports of a host none of which refused. */
struct open_ports {
	struct ports all, unlikely, strange, unrelated;
	bool is_silent; /* at some port: a packet lost, or a filter */
};

static bool
takes_every_port(const struct open_ports *o)
{
	if (o->all.n >= TRAP_FEW && o->unrelated.n >= TRAP_UNRELATED)
		return true;
	return !o->is_silent &&
	    (o->all.n >= TRAP_PORTS || o->unlikely.n >= TRAP_UNLIKELY ||
		(o->all.n >= TRAP_FEW && o->strange.n >= TRAP_STRANGE));
}

static void
open_ports_add(struct open_ports *o, uint16_t port)
{
	ports_add(&o->all, port);
	if (is_unrelated(port))
		ports_add(&o->unrelated, port);
	if (port >= UNLIKELY_FIRST && port <= UNLIKELY_LAST)
		ports_add(&o->unlikely, port);
}

/* Of a host that has no port said to be closed. */
static void
derive_every_port_open(struct derivation *d)
{
	const struct fact *last = NULL;
	struct open_ports o = { .is_silent = false };

	for (size_t i = 0; i < d->n; i++) {
		const struct fact *f = d->facts[i];

		o.is_silent |= f->key == FACT_PORTS_FILTERED;
		if (f->about.kind != ABOUT_TCP)
			continue;
		if (f->key == FACT_PORT_MANNER)
			ports_add(&o.strange, f->about.port);
		if (f->key != FACT_PORT_STATE ||
		    strcmp(f->value, "unprobed") == 0)
			continue;
		if (strcmp(f->value, "closed") == 0)
			return;
		if (strcmp(f->value, "open") != 0) {
			o.is_silent = true;
			continue;
		}
		open_ports_add(&o, f->about.port);
		last = f;
	}
	if (takes_every_port(&o))
		derive_say(d, FACT_HOST_EVERY_PORT_OPEN, last, "yes");
}

size_t
derive_host(struct ledger *ledger, uint32_t address)
{
	struct derivation d = { .ledger = ledger, .address = address };
	const struct fact *const *facts = ledger_host(ledger, address, &d.n);

	if (d.n == 0)
		return 0;
	d.facts = malloc(d.n * sizeof(*d.facts));
	if (d.facts == NULL)
		return 0;
	memcpy(d.facts, facts, d.n * sizeof(*d.facts));
	if (has_key(&d, FACT_ADVANTAGENET_BEACON))
		derive_beacons(&d);
	if (has_key(&d, FACT_TCP_ISN))
		derive_isn(&d);
	if (has_key(&d, FACT_IP_ID))
		derive_ip_id(&d);
	if (has_key(&d, FACT_RPC_SPEAKS))
		derive_reserved(&d);
	if (has_key(&d, FACT_PORT_STATE) && !has_key(&d, FACT_PORTS_CLOSED))
		derive_every_port_open(&d);
	free(d.facts);
	return d.added;
}

size_t
derive_all(struct ledger *ledger)
{
	size_t n, added = 0;
	uint32_t *addresses = ledger_addresses(ledger, &n);

	for (size_t i = 0; i < n; i++)
		added += derive_host(ledger, addresses[i]);
	free(addresses);
	return added;
}
