/* SPDX-License-Identifier: ISC */
/*
 * ledger - every fact of a run, once, by address.
 *
 * A fact has its value behind it and never moves; only the arrays that point to
 * facts do.  All of it lies in one arena and ends with the ledger.  Whether a
 * fact is known is looked up among its host's: most hosts have so few that they
 * are gone through, the others get a table.
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

#include "scanner/ledger_parts.h"

enum {
	SAMPLES_PER_HOST = 64, /* of one key that is only sampled */
	FACTS_OF_OURS = 128,   /* room above FACTS_PER_HOST */
	FACTS_OF_HOST = 64     /* and more for what holds of the whole host */
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
	{ FACT_UDP_IP_ID, SAMPLES_PER_HOST, true },
};
static_assert(sizeof(series) / sizeof(series[0]) == LEDGER_SERIES,
    "a host counts each of them");

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
	arena_end(&l->arena);
	byaddress_end(&l->hosts);
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

int
ledger_series(enum fact_key key)
{
	for (int i = 0; i < LEDGER_SERIES; i++)
		if (series[i].key == key)
			return i;
	return -1;
}

/* Makes room for one more pointer. */
static bool
ledger_grow(struct ledger *l)
{
	size_t wanted = l->room == 0 ? 64 : l->room * 2;
	const struct fact **more;

	if (l->n < l->room)
		return true;
	more = realloc(l->facts, wanted * sizeof(*more));
	if (more == NULL)
		return false;
	l->facts = more;
	l->room = wanted;
	return true;
}

/* The same of one host; what it had before stays in the arena. */
static bool
host_grow(struct ledger *l, struct host *host)
{
	size_t wanted = host->room == 0 ? 4 : host->room * 2;
	const struct fact **more;

	if (host->n < host->room)
		return true;
	more = arena_take(&l->arena, wanted * sizeof(*more));
	if (more == NULL)
		return false;
	if (host->n > 0)
		memcpy(more, host->facts, host->n * sizeof(*more));
	host->facts = more;
	host->room = wanted;
	return true;
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
	int s = ledger_series(f->key);

	if (f->about.kind == ABOUT_HOST)
		max += FACTS_OF_HOST;
	if (s >= 0 && host->kept[s] >= series[s].max) {
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
known_new(struct ledger *l, const struct fact *f, uint32_t hash)
{
	size_t len = ledger_value_len(f->value);
	struct known *k = arena_take(&l->arena, sizeof(*k) + len + 1);

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
	int s = ledger_series(f->key);
	struct known *k;

	if (!ledger_grow(l) || !host_grow(l, host) ||
	    !ledger_known_room(l, host))
		return false;
	k = known_new(l, f, hash);
	if (k == NULL)
		return false;
	ledger_known_put(host, k);
	l->facts[l->n++] = &k->fact;
	host_insert(host, &k->fact);
	if (s >= 0)
		host->kept[s]++;
	for (size_t i = 0; i < l->hooks_len; i++)
		l->hooks[i].call(l->hooks[i].arg, &k->fact);
	return true;
}

bool
ledger_add(struct ledger *l, const struct fact *f)
{
	struct host *host = ledger_host_of(l, f->address);
	uint32_t hash = ledger_hash(f);

	if (host == NULL) {
		l->dropped++;
		return false;
	}
	if (ledger_is_known(host, f, hash)) {
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
	const struct host *host = ledger_host_find(l, address);

	*n = host != NULL ? host->n : 0;
	return *n > 0 ? host->facts : NULL;
}

const struct fact *
ledger_find(const struct ledger *l, uint32_t address, enum fact_key key,
    struct about about)
{
	const struct host *host = ledger_host_find(l, address);

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
	uint32_t *all =
	    l->hosts.len > 0 ? malloc(l->hosts.len * sizeof(*all)) : NULL;

	*n = 0;
	if (all == NULL)
		return NULL;
	/* A host whose only fact found no memory is none. */
	for (size_t i = 0; i < l->hosts.size; i++) {
		const struct host *host = l->hosts.places[i].thing;

		if (host != NULL && host->n > 0)
			all[(*n)++] = host->address;
	}
	qsort(all, *n, sizeof(*all), compare_address);
	return all;
}
