/* SPDX-License-Identifier: ISC */
/*
 * condition - one asset's facts by key, and which of them meet a condition.
 *
 * Facts are put in order by key once per asset, so that sixty fingerprints
 * with a dozen clues each look only at the few facts they ask for.
 */
#ifndef CONDITION_H
#define CONDITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fingerprints/fingerprint.h"

/* Facts under key k: by_key[first[k]] up to by_key[first[k + 1]]. */
struct fact_index {
	const struct fact **by_key; /* within a key in the order given */
	size_t first[FACT_KEYS + 1];
	struct key_set keys; /* those there is a fact under */
};

/* Returns false when memory is out.  Borrows the facts; clear it in the end. */
bool fact_index_build(
    struct fact_index *, const struct fact *const *facts, size_t n);

void fact_index_clear(struct fact_index *);

/* Returns whether enough facts meet c. */
bool condition_met(const struct condition *c, const struct fact_index *);

/* Returns whether there is a fact under c's key about what c names. */
bool condition_asked(const struct condition *c, const struct fact_index *);

/*
 * Writes the facts that meet c (with any_value: those under its key and about
 * what it names) into out, at most max.  Returns how many there are, which may
 * be more than max; out may be NULL then.
 */
size_t condition_facts(const struct condition *c, const struct fact_index *,
    bool any_value, const struct fact **out, size_t max);

/* Reads "host", "tcp", "udp/1600" or "tcp/600-1023" into c's about. */
bool condition_about_parse(const char *s, struct condition *c);

/* Reads a plain decimal number, such as -12 or 120.0103, whatever the locale.
 * Returns false, *out untouched, on anything else. */
bool number_parse(const char *s, double *out);

/* Returns whether a list such as "21,600-654" holds port. */
bool port_list_holds(const char *list, uint16_t port);

#endif
