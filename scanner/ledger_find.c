/* SPDX-License-Identifier: ISC */
/*
 * ledger_find - hosts by address, facts among their host's.
 *
 * Both tables are open addressing: finding touches little memory, which is what
 * counts where there are many.
 */
#include <stdlib.h>
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
ledger_known_room(struct host *host)
{
	size_t size = host->table == NULL ? 64 : host->table_size;

	if (host->n < TABLE_FROM ||
	    (host->table != NULL && 2 * (host->n + 1) <= size))
		return true;
	while (size < 4 * (host->n + 1))
		size *= 2;
	free(host->table);
	host->table = calloc(size, sizeof(struct known *));
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

/* Returns the place an address has, or would have. */
static struct place *
place_of(const struct ledger *l, uint32_t address)
{
	size_t mask = l->places_size - 1;
	uint32_t x = address;

	/* Every bit of an address is to count: neighbours, and networks. */
	x = (x ^ x >> 16) * 0x45d9f3bU;
	x = (x ^ x >> 16) * 0x45d9f3bU;
	x ^= x >> 16;
	while (l->places[x & mask].host != NULL &&
	    l->places[x & mask].address != address)
		x++;
	return &l->places[x & mask];
}

/* Has the table room for one more?  False: out of memory. */
static bool
places_grow(struct ledger *l)
{
	struct ledger larger = *l;

	if (2 * (l->hosts_len + 1) <= l->places_size)
		return true;
	larger.places_size = l->places_size == 0 ? 64 : 4 * l->places_size;
	larger.places = calloc(larger.places_size, sizeof(*larger.places));
	if (larger.places == NULL)
		return false;
	for (size_t i = 0; i < l->places_size; i++)
		if (l->places[i].host != NULL)
			*place_of(&larger, l->places[i].address) = l->places[i];
	free(l->places);
	l->places = larger.places;
	l->places_size = larger.places_size;
	return true;
}

struct host *
ledger_host_find(const struct ledger *l, uint32_t address)
{
	if (l->latest != NULL && l->latest->address == address)
		return l->latest;
	return l->places_size > 0 ? place_of(l, address)->host : NULL;
}

struct host *
ledger_host_of(struct ledger *l, uint32_t address)
{
	struct host *host = ledger_host_find(l, address);

	if (host != NULL)
		return l->latest = host;
	if (!places_grow(l))
		return NULL;
	host = calloc(1, sizeof(*host));
	if (host == NULL)
		return NULL;
	host->address = address;
	*place_of(l, address) =
	    (struct place){ .address = address, .host = host };
	l->hosts_len++;
	return l->latest = host;
}
