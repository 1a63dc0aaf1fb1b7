/* SPDX-License-Identifier: ISC */
/*
 * asset - which facts are of one device.
 *
 * One address is one device, unless ARP told the same MAC for a few addresses:
 * then these are one device with several addresses.  Nothing but ARP will do,
 * because the frames of everything behind a router carry the router's MAC.
 * Many addresses behind one MAC are a router that answers ARP for others; they
 * stay apart.
 */
#include <stdlib.h>
#include <string.h>

#include "scanner/asset_parts.h"
#include "scanner/hands.h"

enum { ADDRESSES_PER_MAC = 4 }; /* of one device, at most */

const char *
port_state_text(enum port_state state)
{
	static const char *const names[] = {
		[PORT_UNPROBED] = "unprobed",
		[PORT_OPEN] = "open",
		[PORT_CLOSED] = "closed",
		[PORT_FILTERED] = "filtered",
		[PORT_OPEN_FILTERED] = "open|filtered",
	};

	return names[state];
}

enum port_state
port_state_find(const char *s)
{
	for (int i = PORT_OPEN; i <= PORT_OPEN_FILTERED; i++)
		if (strcmp(s, port_state_text((enum port_state)i)) == 0)
			return (enum port_state)i;
	return PORT_UNPROBED;
}

const char *
asset_standing_text(enum asset_standing standing)
{
	static const char *const names[] = {
		[ASSET_ANSWERED] = "answered",
		[ASSET_HEARD] = "heard",
		[ASSET_SILENT] = "silent",
		[ASSET_EXCLUDED] = "excluded",
	};

	return names[standing];
}

enum grade
asset_grade(const struct asset *a)
{
	return a->verdicts_len > 0 ? a->verdicts[0].grade : GRADE_NONE;
}

const struct fingerprint *
asset_fingerprint(const struct asset *a)
{
	return a->verdicts_len > 0 ? a->verdicts[0].fingerprint : NULL;
}

/* One address and the MAC that ARP told for it. */
struct seat {
	uint32_t address;
	struct mac mac;  /* all zero where ARP told none */
	uint32_t leader; /* first address of the device it is of */
};

static bool
was_told_by_arp(const struct fact *f)
{
	return mac_is_known(f->mac) &&
	    (strcmp(f->probe, "arp") == 0 ||
		(f->key == FACT_HOST_ALIVE && strcmp(f->value, "arp") == 0) ||
		(f->key == FACT_HOST_HOPS && strcmp(f->value, "0") == 0));
}

static void
seat_fill(struct seat *seat, const struct ledger *ledger, uint32_t address)
{
	const struct fact *const *facts;
	size_t n;

	*seat = (struct seat){ .address = address, .leader = address };
	facts = ledger_host(ledger, address, &n);
	for (size_t i = 0; i < n; i++) {
		if (was_told_by_arp(facts[i])) {
			seat->mac = facts[i]->mac;
			return;
		}
	}
}

static int
compare_mac(const void *pa, const void *pb)
{
	const struct seat *a = pa, *b = pb;
	int order = memcmp(a->mac.b, b->mac.b, sizeof(a->mac.b));

	if (order != 0)
		return order;
	return (a->address > b->address) - (a->address < b->address);
}

static int
compare_leader(const void *pa, const void *pb)
{
	const struct seat *a = pa, *b = pb;

	if (a->leader != b->leader)
		return a->leader > b->leader ? 1 : -1;
	return (a->address > b->address) - (a->address < b->address);
}

/* Gives addresses of one MAC one leader; orders by leader, then address. */
static void
seats_join(struct seat *seats, size_t n)
{
	qsort(seats, n, sizeof(*seats), compare_mac);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n; end++)
			if (!mac_equal(seats[end].mac, seats[i].mac))
				break;
		if (!mac_is_known(seats[i].mac) || end - i > ADDRESSES_PER_MAC)
			continue;
		for (size_t j = i; j < end; j++)
			seats[j].leader = seats[i].address;
	}
	qsort(seats, n, sizeof(*seats), compare_leader);
}

/* Returns one seat per address, or NULL. */
static struct seat *
seats_make(const struct ledger *ledger, size_t *n)
{
	uint32_t *addresses = ledger_addresses(ledger, n);
	struct seat *seats = calloc(*n + 1, sizeof(*seats));

	if (seats != NULL) {
		for (size_t i = 0; i < *n; i++)
			seat_fill(&seats[i], ledger, addresses[i]);
		seats_join(seats, *n);
	}
	free(addresses);
	return seats;
}

/* Merges n more facts into the asset's own, both oldest first. */
static bool
merge_facts(struct asset *a, const struct fact *const *more, size_t n)
{
	size_t len = a->facts_len + n, i = 0, j = 0, k = 0;
	const struct fact **all = malloc((len + 1) * sizeof(*all));

	if (all == NULL)
		return false;
	while (i < a->facts_len && j < n)
		all[k++] = more[j]->time_ns < a->facts[i]->time_ns
		    ? more[j++]
		    : a->facts[i++];
	while (i < a->facts_len)
		all[k++] = a->facts[i++];
	while (j < n)
		all[k++] = more[j++];
	free(a->facts);
	a->facts = all;
	a->facts_len = len;
	return true;
}

static bool
take_seats(struct asset *a, const struct ledger *ledger,
    const struct seat *seats, size_t n)
{
	a->addresses = calloc(n, sizeof(*a->addresses));
	if (a->addresses == NULL)
		return false;
	a->address = seats[0].leader;
	a->mac = seats[0].mac;
	a->vendor = "";
	for (size_t i = 0; i < n; i++) {
		const struct fact *const *facts;
		size_t len;

		a->addresses[a->addresses_len++] = seats[i].address;
		facts = ledger_host(ledger, seats[i].address, &len);
		if (!merge_facts(a, facts, len))
			return false;
	}
	return true;
}

/* Did somebody have to answer us for this fact to be? */
static bool
is_answer(const struct fact *f)
{
	switch (f->key) {
	case FACT_HOST_ALIVE:
		return strcmp(f->value, "arp") != 0 &&
		    strcmp(f->value, "heard") != 0;
	case FACT_PORT_STATE:
		return strcmp(f->value, "open") == 0 ||
		    strcmp(f->value, "closed") == 0;
	case FACT_ICMP_ECHO_TTL:
	case FACT_PORTS_CLOSED:
		return true;
	default:
		return f->evidence.kind == EVIDENCE_TALK ||
		    (f->about.kind == ABOUT_TCP &&
			f->evidence.kind == EVIDENCE_FRAME);
	}
}

static bool
is_heard(const struct fact *f)
{
	return (f->key == FACT_HOST_ALIVE && strcmp(f->value, "heard") == 0) ||
	    (f->about.kind == ABOUT_UDP && f->evidence.kind == EVIDENCE_FRAME);
}

static void
find_standing(struct asset *a)
{
	bool answered = false, heard = false, excluded = false;

	for (size_t i = 0; i < a->facts_len; i++) {
		answered |= is_answer(a->facts[i]);
		heard |= is_heard(a->facts[i]);
		excluded |= a->facts[i]->key == FACT_HOST_EXCLUDED;
	}
	if (excluded)
		a->standing = ASSET_EXCLUDED;
	else if (answered)
		a->standing = ASSET_ANSWERED;
	else
		a->standing = heard ? ASSET_HEARD : ASSET_SILENT;
}

static void
find_mac(struct asset *a)
{
	for (size_t i = 0; i < a->facts_len; i++) {
		const struct fact *f = a->facts[i];

		if (!mac_is_known(a->mac))
			a->mac = f->mac;
		if (f->key == FACT_MAC_VENDOR && a->vendor[0] == '\0')
			a->vendor = f->value;
	}
}

/* Silence is not evidence: a silent asset gets no verdict at all. */
static bool
find_verdicts(struct asset *a, const struct fingerprints *fingerprints)
{
	struct verdict found[ASSET_VERDICTS_MAX];
	size_t n = 0;

	if (a->standing != ASSET_SILENT)
		n = match_all(fingerprints, a->facts, a->facts_len, found,
		    ASSET_VERDICTS_MAX);
	if (n == 0)
		return true;
	a->verdicts = malloc(n * sizeof(*a->verdicts));
	if (a->verdicts == NULL) {
		while (n > 0)
			verdict_clear(&found[--n]);
		return false;
	}
	memcpy(a->verdicts, found, n * sizeof(*a->verdicts));
	a->verdicts_len = n;
	return true;
}

static bool
asset_fill(
    struct asset *a, const struct fingerprints *fingerprints, struct pool *pool)
{
	find_mac(a);
	find_standing(a);
	asset_find_names(a, pool);
	return asset_find_ports(a, pool) && find_verdicts(a, fingerprints) &&
	    asset_find_alerts(a, pool);
}

/* What all assets are made of. */
struct making {
	struct assets *all;
	const struct ledger *ledger;
	const struct fingerprints *fingerprints;
	const struct seat *seats;
	size_t *first; /* seat of each asset, and where the last one's end */
	unsigned hands;
	bool failed[HANDS_MAX];
};

/* One hand's share of them. */
static void
make_assets(void *arg, unsigned hand)
{
	struct making *m = arg;
	struct assets *all = m->all;
	size_t end = all->len * (hand + 1) / m->hands;

	for (size_t i = all->len * hand / m->hands; i < end; i++) {
		struct asset *a = &all->items[i];

		if (take_seats(a, m->ledger, &m->seats[m->first[i]],
			m->first[i + 1] - m->first[i]) &&
		    asset_fill(a, m->fingerprints, all->pool))
			continue;
		m->failed[hand] = true;
		break;
	}
}

static bool
assets_fill(struct assets *all, const struct ledger *ledger,
    const struct fingerprints *fingerprints, const struct seat *seats, size_t n)
{
	struct making m = { .all = all,
		.ledger = ledger,
		.fingerprints = fingerprints,
		.seats = seats,
		.first = calloc(n + 1, sizeof(*m.first)) };
	bool failed = m.first == NULL;

	if (failed)
		return false;
	for (size_t i = 0; i < n; i++)
		if (i == 0 || seats[i].leader != seats[i - 1].leader)
			m.first[all->len++] = i;
	m.first[all->len] = n;
	m.hands = hands_for(all->len);
	hands_run(m.hands, make_assets, &m);
	free(m.first);
	for (unsigned i = 0; i < m.hands; i++)
		failed |= m.failed[i];
	return !failed && assets_find_alerts(all) && !pool_ran_out(all->pool);
}

struct assets *
assets_build(
    const struct ledger *ledger, const struct fingerprints *fingerprints)
{
	struct assets *all = calloc(1, sizeof(*all));
	struct seat *seats;
	bool ok = false;
	size_t n;

	if (all == NULL)
		return NULL;
	seats = seats_make(ledger, &n);
	all->pool = pool_new();
	all->items = calloc(n + 1, sizeof(*all->items));
	if (seats != NULL && all->pool != NULL && all->items != NULL)
		ok = assets_fill(all, ledger, fingerprints, seats, n);
	free(seats);
	if (ok)
		return all;
	assets_free(all);
	return NULL;
}

static void
asset_clear(struct asset *a)
{
	for (size_t i = 0; i < a->verdicts_len; i++)
		verdict_clear(&a->verdicts[i]);
	free(a->verdicts);
	free(a->addresses);
	free(a->ports);
	free(a->facts);
	free(a->alerts);
}

void
assets_free(struct assets *all)
{
	if (all == NULL)
		return;
	for (size_t i = 0; i < all->len; i++)
		asset_clear(&all->items[i]);
	free(all->items);
	pool_free(all->pool);
	free(all);
}
