/* SPDX-License-Identifier: ISC */
/*
 * ledger - all facts of a run, in the order they came, committed as they come.
 *
 * A fact that says again what is known (same address, about, key and value)
 * is counted, not stored, except the ones whose every instance matters
 * (advantagenet.beacon, tcp.isn, ip.id, udp.ip_id: see ledger.c).  Ceilings per host are
 * in limits.h; what falls over them is counted.  A hook sees each fact as it is
 * stored, so that facts.ndjson can be written as facts come in.
 */
#ifndef LEDGER_H
#define LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "scanner/fact.h"

struct ledger;

/* Returns an empty ledger, or NULL when memory is out. */
struct ledger *ledger_new(void);

/* Safe to call with NULL.  Every fact handed out dies with it. */
void ledger_free(struct ledger *);

/* Each fact stored from now on is also handed to hook(arg, fact), and to the
 * hooks given before, at most LEDGER_HOOKS in all. */
enum { LEDGER_HOOKS = 4 };
void ledger_on_fact(struct ledger *,
    void (*hook)(void *arg, const struct fact *fact), void *arg);

/* Copy a fact in.  Returns whether it was new. */
bool ledger_add(struct ledger *, const struct fact *fact);

/* Where a batch of facts came from. */
struct origin {
	uint32_t address;
	struct mac mac;    /* all zero where not known */
	const char *probe; /* literal */
	int64_t time_ns;
	uint32_t evidence_number; /* of the frame or the talk */
	bool from_talk;
	/* NULL, or told of each fact before it is looked up: may give it
	 * better evidence than all of the batch have. */
	void (*locate)(void *arg, struct fact *fact);
	void *locate_arg;
};

/*
 * Copy all of a batch in, stamped with its origin; evidence number 0 means
 * that nothing was read for them: our own conclusion.  Returns how many were
 * new.
 */
size_t ledger_take(
    struct ledger *, const struct facts *facts, const struct origin *origin);

size_t ledger_count(const struct ledger *);

/* Returns the i-th fact; stays valid until ledger_free(). */
const struct fact *ledger_at(const struct ledger *, size_t i);

/* Returns how many facts fell over a ceiling, or found no memory. */
size_t ledger_dropped(const struct ledger *);

/* Returns how many said again what was known. */
size_t ledger_repeated(const struct ledger *);

/*
 * Returns all facts about one address, oldest first, and their number; the
 * array is valid until the next change of the ledger.  NULL and 0 when none.
 */
const struct fact *const *ledger_host(
    const struct ledger *, uint32_t address, size_t *n);

/* Returns the first fact of an address under key about `about`, or NULL. */
const struct fact *ledger_find(const struct ledger *, uint32_t address,
    enum fact_key key, struct about about);

/* Returns every address there is a fact of, ascending, and their number; the
 * array is the caller's to free().  NULL and 0 when none. */
uint32_t *ledger_addresses(const struct ledger *, size_t *n);

#endif
