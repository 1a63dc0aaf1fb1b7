/* SPDX-License-Identifier: ISC */
/*
 * ledger - every fact of a run, once, by address.
 *
 * A fact is one allocation, with its value behind it.  Facts never move; only
 * the arrays that point to them do.  Whether a fact is known is looked up among
 * its host's: most hosts have so few that they are gone through, the others
 * get a table.
 *
 * Limits: FACTS_PER_HOST facts of one address.  What gantry itself concludes
 * (facts about the host as a whole, or without evidence) has room of its own
 * above that, so that a host that talks too much cannot hide that it was
 * halted.  Of beacons, initial sequence numbers and IP identifications every
 * instance counts, up to a ceiling of each: their series tells what one value
 * does not.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/ledger.h"

enum {
	SAMPLES_PER_HOST = 64, /* of one key that is only sampled */
	FACTS_OF_OURS = 128,   /* room above FACTS_PER_HOST */
	FACTS_OF_HOST = 64,    /* and more for what holds of the whole host */
	TABLE_FROM = 24,       /* facts of a host that get a table */
	NOT_A_SERIES = -1
};

/* Keys whose every instance is kept. */
static const struct series {
	enum fact_key key;
	size_t max;
	bool is_sample; /* the rest is no loss */
} series[] = {
	{ FACT_ADVANTAGENET_BEACON, BEACONS_PER_HOST, false },
	{ FACT_TCP_ISN, SAMPLES_PER_HOST, true },
	{ FACT_IP_ID, SAMPLES_PER_HOST, true },
};
enum { SERIES_LEN = sizeof(series) / sizeof(series[0]) };

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
	size_t kept[SERIES_LEN];
};

/* A place for a host, by its address: open addressing, so that finding one
 * touches little memory. */
struct place {
	uint32_t address;
	struct host *host; /* NULL: empty */
};

struct ledger {
	struct place *places;
	size_t places_size; /* 0, or a power of two at least twice hosts_len */
	size_t hosts_len;
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

struct ledger *
ledger_new(void)
{
	return calloc(1, sizeof(struct ledger));
}

void
ledger_free(struct ledger *l)
{
	if (l == NULL)
		return;
	for (size_t i = 0; i < l->places_size; i++) {
		struct host *host = l->places[i].host;

		if (host == NULL)
			continue;
		free(host->facts);
		free(host->table);
		free(host);
	}
	free(l->places);
	for (size_t i = 0; i < l->n; i++) {
		/* The fact is the first member of what was allocated. */
		free((void *)(uintptr_t)l->facts[i]);
	}
	free(l->facts);
	free(l);
}

void
ledger_on_fact(struct ledger *l,
    void (*hook)(void *arg, const struct fact *fact), void *arg)
{
	assert(l->hooks_len < LEDGER_HOOKS);
	l->hooks[l->hooks_len].call = hook;
	l->hooks[l->hooks_len++].arg = arg;
}

/* Returns the place of the key in series[], or NOT_A_SERIES. */
static int
series_find(enum fact_key key)
{
	for (int i = 0; i < (int)SERIES_LEN; i++)
		if (series[i].key == key)
			return i;
	return NOT_A_SERIES;
}

static bool
is_series(enum fact_key key)
{
	return series_find(key) != NOT_A_SERIES;
}

static size_t
value_len(const char *value)
{
	return strnlen(value, FACT_VALUE_MAX - 1);
}

/* Of what tells a fact from the others of its host (FNV-1a).  A host that
 * makes them collide on purpose has FACTS_PER_HOST of them to do it with. */
static uint32_t
hash_of(const struct fact *f)
{
	uint32_t head[2] = { (uint32_t)f->key << 2 | (uint32_t)f->about.kind,
		f->about.port };
	uint32_t hash = 2166136261U;
	size_t len = value_len(f->value);

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
	size_t len = value_len(f->value);

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

static bool
is_known(const struct host *host, const struct fact *f, uint32_t hash)
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

/* Has the host's table room for one more?  False: out of memory. */
static bool
table_grow(struct host *host)
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

/* Makes room for one more pointer. */
static bool
grow(const struct fact ***facts, size_t n, size_t *room)
{
	size_t wanted = *room == 0 ? 4 : *room * 2;
	const struct fact **more;

	if (n < *room)
		return true;
	more = realloc(*facts, wanted * sizeof(*more));
	if (more == NULL)
		return false;
	*facts = more;
	*room = wanted;
	return true;
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

static struct host *
host_find(const struct ledger *l, uint32_t address)
{
	if (l->latest != NULL && l->latest->address == address)
		return l->latest;
	return l->places_size > 0 ? place_of(l, address)->host : NULL;
}

static struct host *
host_of(struct ledger *l, uint32_t address)
{
	struct host *host = host_find(l, address);

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

static bool
is_ours(const struct fact *f)
{
	return f->about.kind == ABOUT_HOST || f->evidence.kind == EVIDENCE_NONE;
}

/* Returns whether the host may have one more such fact. */
static bool
has_room(struct ledger *l, const struct host *host, const struct fact *f)
{
	size_t max = FACTS_PER_HOST + (is_ours(f) ? FACTS_OF_OURS : 0);
	int s = series_find(f->key);

	if (f->about.kind == ABOUT_HOST)
		max += FACTS_OF_HOST;
	if (s != NOT_A_SERIES && host->kept[s] >= series[s].max) {
		*(series[s].is_sample ? &l->repeated : &l->dropped) += 1;
		return false;
	}
	if (host->n >= max) {
		l->dropped++;
		return false;
	}
	return true;
}

static struct known *
known_new(const struct fact *f, uint32_t hash)
{
	size_t len = value_len(f->value);
	struct known *k = malloc(sizeof(*k) + len + 1);

	if (k == NULL)
		return NULL;
	k->fact = *f;
	k->hash = hash;
	memcpy(k->value, f->value, len);
	k->value[len] = '\0';
	k->fact.value = k->value;
	return k;
}

/* Puts it behind everything of the same time or older. */
static void
host_insert(struct host *host, const struct fact *f)
{
	size_t at = host->n;

	while (at > 0 && host->facts[at - 1]->time_ns > f->time_ns)
		at--;
	memmove(&host->facts[at + 1], &host->facts[at],
	    (host->n - at) * sizeof(*host->facts));
	host->facts[at] = f;
	host->n++;
}

/* Stores a fact nothing is known of yet; false when memory is out. */
static bool
store(struct ledger *l, struct host *host, const struct fact *f, uint32_t hash)
{
	int s = series_find(f->key);
	struct known *k;

	if (!grow(&l->facts, l->n, &l->room) ||
	    !grow(&host->facts, host->n, &host->room) || !table_grow(host))
		return false;
	k = known_new(f, hash);
	if (k == NULL)
		return false;
	if (host->table != NULL)
		*slot_of(host, f, hash) = k;
	l->facts[l->n++] = &k->fact;
	host_insert(host, &k->fact);
	if (s != NOT_A_SERIES)
		host->kept[s]++;
	for (size_t i = 0; i < l->hooks_len; i++)
		l->hooks[i].call(l->hooks[i].arg, &k->fact);
	return true;
}

bool
ledger_add(struct ledger *l, const struct fact *f)
{
	struct host *host = host_of(l, f->address);
	uint32_t hash = hash_of(f);

	if (host == NULL) {
		l->dropped++;
		return false;
	}
	if (is_known(host, f, hash)) {
		l->repeated++;
		return false;
	}
	if (!has_room(l, host, f))
		return false;
	if (!store(l, host, f, hash)) {
		l->dropped++;
		return false;
	}
	return true;
}

size_t
ledger_take(
    struct ledger *l, const struct facts *facts, const struct origin *origin)
{
	size_t added = 0;

	for (size_t i = 0; i < facts_count(facts); i++) {
		struct fact f = *facts_at(facts, i);

		f.address = origin->address;
		f.mac = origin->mac;
		f.probe = origin->probe;
		f.time_ns = origin->time_ns;
		f.evidence.number = origin->evidence_number;
		if (origin->evidence_number == 0)
			f.evidence.kind = EVIDENCE_NONE;
		else if (origin->from_talk)
			f.evidence.kind = EVIDENCE_TALK;
		else
			f.evidence.kind = EVIDENCE_FRAME;
		if (origin->locate != NULL)
			origin->locate(origin->locate_arg, &f);
		added += ledger_add(l, &f);
	}
	l->dropped += facts_dropped(facts);
	return added;
}

size_t
ledger_count(const struct ledger *l)
{
	return l->n;
}

const struct fact *
ledger_at(const struct ledger *l, size_t i)
{
	return i < l->n ? l->facts[i] : NULL;
}

size_t
ledger_dropped(const struct ledger *l)
{
	return l->dropped;
}

size_t
ledger_repeated(const struct ledger *l)
{
	return l->repeated;
}

const struct fact *const *
ledger_host(const struct ledger *l, uint32_t address, size_t *n)
{
	const struct host *host = host_find(l, address);

	*n = host != NULL ? host->n : 0;
	return *n > 0 ? host->facts : NULL;
}

const struct fact *
ledger_find(const struct ledger *l, uint32_t address, enum fact_key key,
    struct about about)
{
	const struct host *host = host_find(l, address);

	for (size_t i = 0; host != NULL && i < host->n; i++)
		if (host->facts[i]->key == key &&
		    about_equal(host->facts[i]->about, about))
			return host->facts[i];
	return NULL;
}

static int
compare_address(const void *pa, const void *pb)
{
	uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;

	return (a > b) - (a < b);
}

uint32_t *
ledger_addresses(const struct ledger *l, size_t *n)
{
	size_t max = l->hosts_len;
	uint32_t *all = max > 0 ? malloc(max * sizeof(*all)) : NULL;

	*n = 0;
	if (all == NULL)
		return NULL;
	/* A host whose only fact found no memory is none. */
	for (size_t i = 0; i < l->places_size; i++)
		if (l->places[i].host != NULL && l->places[i].host->n > 0)
			all[(*n)++] = l->places[i].address;
	qsort(all, *n, sizeof(*all), compare_address);
	return all;
}
