/* SPDX-License-Identifier: ISC */
/*
 * ledger_parts - how a ledger finds a host, and what is known of it; private to
 * ledger.c (what is taken) and ledger_find.c.
 */
#ifndef LEDGER_PARTS_H
#define LEDGER_PARTS_H

#include "scanner/arena.h"
#include "scanner/byaddress.h"
#include "scanner/ledger.h"

enum { LEDGER_SERIES = 4 }; /* keys whose every instance is kept */

struct known {
	struct fact fact; /* .value points at value */
	uint32_t hash;
	char value[];
};

struct host {
	uint32_t address;
	const struct fact **facts; /* oldest first */
	size_t n, room;
	/* The same facts by hash, open addressing; NULL while they are few. */
	const struct known **table;
	size_t table_size; /* a power of two, at least twice n */
	size_t kept[LEDGER_SERIES];
};

struct ledger {
	struct arena arena; /* hosts, facts, and what points to them */
	struct byaddress hosts;
	struct host *latest;       /* found last: facts come in rows */
	const struct fact **facts; /* in the order they came */
	size_t n, room;
	size_t repeated, dropped;
	struct {
		void (*call)(void *arg, const struct fact *fact);
		void *arg;
	} hooks[LEDGER_HOOKS];
	size_t hooks_len;
};

/* Returns the number of a key of which every instance counts, or -1. */
int ledger_series(enum fact_key key);

/* Returns an address' host, or NULL. */
struct host *ledger_host_find(const struct ledger *, uint32_t address);

/* The same, made on first use; NULL when memory is out. */
struct host *ledger_host_of(struct ledger *, uint32_t address);

/* Of what tells a fact from the others of its host. */
uint32_t ledger_hash(const struct fact *f);

/* Does the host have this fact already? */
bool ledger_is_known(
    const struct host *host, const struct fact *f, uint32_t hash);

/* Room for one more among what is known; false when memory is out. */
bool ledger_known_room(struct ledger *, struct host *host);

/* What there is room for is known from now on. */
void ledger_known_put(struct host *host, const struct known *k);

/* Bytes of a value that are kept, without the NUL. */
size_t ledger_value_len(const char *value);

#endif
