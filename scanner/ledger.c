/* SPDX-License-Identifier: ISC */
/*
 * ledger - every fact of a run, once, by address.
 *
 * A fact is one allocation: the fact, its place in the table of known facts
 * and the bytes it is known by, which end in its value.  Facts never move;
 * only the arrays that point to them do.
 *
 * Limits: FACTS_PER_HOST facts of one address.  What gantry itself concludes
 * (facts about the host as a whole, or without evidence) has room of its own
 * above that, so that a host that talks too much cannot hide that it was
 * halted.  Of beacons, initial sequence numbers and IP identifications every
 * instance counts, up to a ceiling of each: their series tells what one value
 * does not.
 */
#include <stdlib.h>
#include <string.h>

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#include "scanner/ledger.h"

enum {
	SAMPLES_PER_HOST = 64, /* of one key that is only sampled */
	FACTS_OF_OURS = 128,   /* room above FACTS_PER_HOST */
	FACTS_OF_HOST = 64,    /* and more for what holds of the whole host */
	KEY_HEAD = 17, /* bytes of a known fact's key before its value */
	KEY_MAX = KEY_HEAD + FACT_VALUE_MAX,
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
	{ FACT_UDP_IP_ID, SAMPLES_PER_HOST, true },
};
enum { SERIES_LEN = sizeof(series) / sizeof(series[0]) };

struct known {
	struct fact fact; /* .value points into key */
	UT_hash_handle hh;
	char key[];
};

struct host {
	uint32_t address;
	const struct fact **facts; /* oldest first */
	size_t n, room;
	size_t kept[SERIES_LEN];
	UT_hash_handle hh;
};

struct ledger {
	struct known *known;
	struct host *hosts;
	const struct fact **facts; /* in the order they came */
	size_t n, room;
	size_t repeated, dropped;
	void (*hook)(void *arg, const struct fact *fact);
	void *arg;
};

struct ledger *
ledger_new(void)
{
	return calloc(1, sizeof(struct ledger));
}

void
ledger_free(struct ledger *l)
{
	struct host *host, *next_host;

	if (l == NULL)
		return;
	HASH_ITER(hh, l->hosts, host, next_host)
	{
		HASH_DELETE(hh, l->hosts, host);
		free(host->facts);
		free(host);
	}
	HASH_CLEAR(hh, l->known);
	for (size_t i = 0; i < l->n; i++) {
		/* The fact is the first member of what was allocated. */
		free((struct known *)(uintptr_t)l->facts[i]);
	}
	free(l->facts);
	free(l);
}

void
ledger_on_fact(struct ledger *l,
    void (*hook)(void *arg, const struct fact *fact), void *arg)
{
	l->hook = hook;
	l->arg = arg;
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

static char *
put(char *at, const void *src, size_t n)
{
	memcpy(at, src, n);
	return at + n;
}

/*
 * Writes what tells a fact from all others; returns its length.  The time is
 * part of it only where every instance counts.
 */
static size_t
known_key(const struct fact *f, char out[static KEY_MAX])
{
	int64_t time = series_find(f->key) == NOT_A_SERIES ? 0 : f->time_ns;
	uint8_t about = (uint8_t)f->about.kind;
	uint16_t key = (uint16_t)f->key;
	size_t len = strlen(f->value);
	char *at = out;

	if (len >= FACT_VALUE_MAX)
		len = FACT_VALUE_MAX - 1;
	at = put(at, &f->address, sizeof(f->address));
	at = put(at, &about, sizeof(about));
	at = put(at, &f->about.port, sizeof(f->about.port));
	at = put(at, &key, sizeof(key));
	at = put(at, &time, sizeof(time));
	at = put(at, f->value, len);
	*at = '\0';
	return (size_t)(at - out);
}

/* Makes room for one more pointer. */
static bool
grow(const struct fact ***facts, size_t n, size_t *room)
{
	size_t wanted = *room == 0 ? 16 : *room * 2;
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

static struct host *
host_find(const struct ledger *l, uint32_t address)
{
	struct host *host;

	HASH_FIND(hh, l->hosts, &address, sizeof(address), host);
	return host;
}

static struct host *
host_of(struct ledger *l, uint32_t address)
{
	struct host *host = host_find(l, address);

	if (host != NULL)
		return host;
	host = calloc(1, sizeof(*host));
	if (host == NULL)
		return NULL;
	host->address = address;
	HASH_ADD(hh, l->hosts, address, sizeof(host->address), host);
	if (host->hh.tbl == NULL) {
		free(host);
		return NULL;
	}
	return host;
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
known_new(const struct fact *f, const char *key, size_t key_len)
{
	struct known *k = calloc(1, sizeof(*k) + key_len + 1);

	if (k == NULL)
		return NULL;
	k->fact = *f;
	memcpy(k->key, key, key_len + 1);
	k->fact.value = k->key + KEY_HEAD;
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
store(struct ledger *l, struct host *host, const struct fact *f,
    const char *key, size_t key_len)
{
	int s = series_find(f->key);
	struct known *k;

	if (!grow(&l->facts, l->n, &l->room) ||
	    !grow(&host->facts, host->n, &host->room))
		return false;
	k = known_new(f, key, key_len);
	if (k == NULL)
		return false;
	HASH_ADD_KEYPTR(hh, l->known, k->key, key_len, k);
	if (k->hh.tbl == NULL) {
		free(k);
		return false;
	}
	l->facts[l->n++] = &k->fact;
	host_insert(host, &k->fact);
	if (s != NOT_A_SERIES)
		host->kept[s]++;
	if (l->hook != NULL)
		l->hook(l->arg, &k->fact);
	return true;
}

bool
ledger_add(struct ledger *l, const struct fact *f)
{
	char key[KEY_MAX];
	size_t key_len = known_key(f, key);
	struct known *k;
	struct host *host;

	HASH_FIND(hh, l->known, key, key_len, k);
	if (k != NULL) {
		l->repeated++;
		return false;
	}
	host = host_of(l, f->address);
	if (host == NULL) {
		l->dropped++;
		return false;
	}
	if (!has_room(l, host, f))
		return false;
	if (!store(l, host, f, key, key_len)) {
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
	size_t max = HASH_COUNT(l->hosts);
	uint32_t *all = max > 0 ? malloc(max * sizeof(*all)) : NULL;

	*n = 0;
	if (all == NULL)
		return NULL;
	/* A host whose only fact found no memory is none. */
	for (const struct host *h = l->hosts; h != NULL; h = h->hh.next)
		if (h->n > 0)
			all[(*n)++] = h->address;
	qsort(all, *n, sizeof(*all), compare_address);
	return all;
}
