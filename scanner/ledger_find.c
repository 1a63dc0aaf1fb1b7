/* SPDX-License-Identifier: ISC */
/*
 * ledger_find - hosts by address, facts among their host's (open addressing,
 * as byaddress.h).
 */
#include <string.h>

#include "scanner/ledger_parts.h"

enum { TABLE_FROM = 24 }; /* facts of a host that get a table */

static bool
is_series(enum fact_key key)
{
	return ledger_series(key) >= 0;
}

size_t
ledger_value_len(const char *value)
{
	return strnlen(value, FACT_VALUE_MAX - 1);
}

/* FNV-1a.  A host that makes facts collide on purpose has FACTS_PER_HOST of
 * them to do it with. */
uint32_t
ledger_hash(const struct fact *f)
{
	uint32_t head[2] = { (uint32_t)f->key << 2 | (uint32_t)f->about.kind,
		f->about.port };
	uint32_t hash = 2166136261U;
	size_t len = ledger_value_len(f->value);

	hash = (hash ^ head[0]) * 16777619U;
	hash = (hash ^ head[1]) * 16777619U;
	if (is_series(f->key))
		hash = (hash ^ (uint32_t)f->time_ns) * 16777619U;
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (uint8_t)f->value[i]) * 16777619U;
	return hash;
}

/* Do both say the same of one host?  The time is part of what a fact says only
 * where every instance counts. */
static bool
is_same(const struct fact *known, const struct fact *f)
{
	size_t len = ledger_value_len(f->value);

	return known->key == f->key && about_equal(known->about, f->about) &&
	    (known->time_ns == f->time_ns || !is_series(f->key)) &&
	    strncmp(known->value, f->value, len) == 0 &&
	    known->value[len] == '\0';
}

/* Returns the slot a fact is in, or would be. */
static const struct known **
slot_of(const struct host *host, const struct fact *f, uint32_t hash)
{
	size_t mask = host->table_size - 1, i = hash & mask;

	while (host->table[i] != NULL &&
	    (host->table[i]->hash != hash ||
		!is_same(&host->table[i]->fact, f)))
		i = (i + 1) & mask;
	return &host->table[i];
}

bool
ledger_is_known(const struct host *host, const struct fact *f, uint32_t hash)
{
	if (host->table != NULL)
		return *slot_of(host, f, hash) != NULL;
	for (size_t i = 0; i < host->n; i++)
		if (is_same(host->facts[i], f))
			return true;
	return false;
}

/* A fact is the first member of what was allocated for it. */
static const struct known *
known_of(const struct fact *f)
{
	return (const struct known *)(const void *)f;
}

bool
ledger_known_room(struct ledger *l, struct host *host)
{
	size_t size = host->table == NULL ? 64 : host->table_size;

	if (host->n < TABLE_FROM ||
	    (host->table != NULL && 2 * (host->n + 1) <= size))
		return true;
	while (size < 4 * (host->n + 1))
		size *= 2;
	host->table = arena_zeroed(&l->arena, size * sizeof(*host->table));
	host->table_size = size;
	for (size_t i = 0; host->table != NULL && i < host->n; i++) {
		const struct known *k = known_of(host->facts[i]);

		*slot_of(host, &k->fact, k->hash) = k;
	}
	return host->table != NULL;
}

void
ledger_known_put(struct host *host, const struct known *k)
{
	if (host->table != NULL)
		*slot_of(host, &k->fact, k->hash) = k;
}

struct host *
ledger_host_find(const struct ledger *l, uint32_t address)
{
	if (l->latest != NULL && l->latest->address == address)
		return l->latest;
	return byaddress_find(&l->hosts, address);
}

struct host *
ledger_host_of(struct ledger *l, uint32_t address)
{
	struct host *host = ledger_host_find(l, address);

	if (host != NULL)
		return l->latest = host;
	host = arena_zeroed(&l->arena, sizeof(*host));
	if (host == NULL || !byaddress_add(&l->hosts, address, host))
		return NULL;
	host->address = address;
	return l->latest = host;
}
