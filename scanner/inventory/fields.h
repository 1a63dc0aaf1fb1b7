/* SPDX-License-Identifier: ISC */
/*
 * fields - how each kind of fact behaves from one run to the next.
 *
 * What a device is lasts, and a different answer is a change.  What a run
 * merely met (counters, times, reserved ports of one boot, what was lost on
 * the way) is no change, however different it looks.  The table that says which
 * is which is in fields.c and nowhere else; a key it does not name lasts.
 */
#ifndef FIELDS_H
#define FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/fact.h"

enum field_manner {
	FIELD_LASTING = 0, /* another answer is a change, and worth an event */
	FIELD_GROWING, /* values are learnt one by one; none denies another */
	FIELD_PASSING, /* the latest run's replace earlier ones, silently */
	FIELD_EPISODE, /* over as soon as a run met the host without it */
	FIELD_CLOSED,  /* lists of closed ports: see changes.c */
	FIELD_SERIES   /* one of many, of which a conclusion is kept */
};

enum field_manner field_manner(enum fact_key key);

/*
 * Writes a value without what no two runs have in common: dates, times of day,
 * process numbers in greetings.  Two values that are equal in this are the
 * same answer.  Returns out.
 */
const char *field_mask(const char *value, char out[static FACT_VALUE_MAX]);

/* Returns whether two values of a key are the same answer. */
bool field_equal(enum fact_key key, const char *a, const char *b);

/* Is it a port that a program gets anew at every boot, as far as its number
 * tells?  Those of bindresvport(); others are told by what they speak. */
bool field_is_reserved(struct about about);

/*
 * ports - a set of TCP ports, for lists such as "1-3,7,9-10".
 */
struct port_set {
	uint64_t bits[65536 / 64];
};

void port_set_add_text(struct port_set *, const char *list);
void port_set_add(struct port_set *, uint16_t port);
void port_set_remove(struct port_set *, uint16_t port);
bool port_set_has(const struct port_set *, uint16_t port);

/* Writes the set as ports.closed has it; "" where it is empty. */
const char *port_set_text(
    const struct port_set *, char out[static FACT_VALUE_MAX]);

#endif
