/* SPDX-License-Identifier: ISC */
/*
 * derive_parts - what derive.c shares with the files that each draw one kind
 * of conclusion; private to derive*.c.
 */
#ifndef DERIVE_PARTS_H
#define DERIVE_PARTS_H

#include "scanner/ledger.h"

/* One address under consideration. */
struct derivation {
	struct ledger *ledger;
	uint32_t address;
	const struct fact **facts; /* oldest first; a copy: adding a fact
				      changes the ledger's own list */
	size_t n;
	size_t added;
};

/* Adds a fact about the host that follows from facts of which last is the
 * newest. */
void derive_say(struct derivation *, enum fact_key key, const struct fact *last,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Returns the median of n values, n at least 1; sorts them. */
double derive_median(double *values, size_t n);

/* The rhythm of AdvantageNet beacons. */
void derive_beacons(struct derivation *);

/* How initial sequence numbers and IP identifications go on. */
void derive_isn(struct derivation *);
void derive_ip_id(struct derivation *);

#endif
