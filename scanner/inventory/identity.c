/* SPDX-License-Identifier: ISC */
/*
 * identity - the rules, strongest first.
 *
 *  1. The MAC that ARP told.  Whoever has it is the device, wherever it is:
 *     DHCP gave it another address.
 *  2. At an address that is known, where no MAC speaks against it: the device
 *     that was there, unless a sign of one machine (beacon, SSH host key,
 *     certificate) says another.
 *  3. A sign of one machine, where exactly one unmet device has it.  Where both
 *     have MACs and these differ, only at the same address: a new network card
 *     in an old machine.  A look-alike has no such sign in common.
 *  4. Without a MAC, the DICOM identity: of a model rather than of a machine,
 *     so only where one such device is missing from an address that was looked
 *     at, and one such device has appeared.
 *
 * Otherwise it is new, also where another device was at its address: what was
 * known of that one is left to it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#include "scanner/inventory/identity.h"

/* --- signs ----------------------------------------------------------------- */

static void
add_sign(struct met_device *d, enum store_identity_kind kind, const char *value)
{
	struct sign *s = &d->signs[d->signs_len];

	if (d->signs_len == SIGNS_MAX || *value == '\0')
		return;
	for (size_t i = 0; i < d->signs_len; i++)
		if (d->signs[i].kind == kind &&
		    strncmp(d->signs[i].value, value, SIGN_VALUE - 1) == 0)
			return;
	*s = (struct sign){ .kind = kind };
	snprintf(s->value, sizeof(s->value), "%s", value);
	d->signs_len++;
}

/* Returns the latest value of a key, by its name, or NULL. */
static const char *
value_of(const struct asset *a, const char *key)
{
	const char *value = NULL;

	for (size_t i = 0; i < a->facts_len; i++)
		if (strcmp(fact_key_text(a->facts[i]->key), key) == 0)
			value = a->facts[i]->value;
	return value;
}

static bool
was_told_by_arp(const struct fact *f)
{
	return mac_is_known(f->mac) &&
	    (strcmp(f->probe, "arp") == 0 ||
		(f->key == FACT_HOST_ALIVE && strcmp(f->value, "arp") == 0) ||
		(f->key == FACT_HOST_HOPS && strcmp(f->value, "0") == 0));
}

static void
add_pair(struct met_device *d, const struct asset *a,
    enum store_identity_kind kind, const char *first, const char *second)
{
	const char *x = value_of(a, first), *y = value_of(a, second);
	char both[SIGN_VALUE];

	if (x == NULL || y == NULL)
		return;
	snprintf(both, sizeof(both), "%.120s/%.120s", x, y);
	add_sign(d, kind, both);
}

void
identity_signs(const struct asset *a, struct met_device *out)
{
	char text[NET_MAC_TEXT], address[NET_IPV4_TEXT];

	out->signs_len = 0;
	for (size_t i = 0; i < a->facts_len; i++)
		if (was_told_by_arp(a->facts[i])) {
			add_sign(out, IDENTITY_MAC,
			    mac_text(a->facts[i]->mac, text));
			break;
		}
	for (size_t i = 0; i < a->addresses_len && i < 8; i++)
		add_sign(
		    out, IDENTITY_ADDRESS, ipv4_text(a->addresses[i], address));
	add_pair(out, a, IDENTITY_BEACON, "advantagenet.suite",
	    "advantagenet.station");
	add_pair(out, a, IDENTITY_DICOM, "dicom.implementation_class_uid",
	    "dicom.implementation_version");
	for (size_t i = 0; i < a->facts_len; i++) {
		if (a->facts[i]->key == FACT_SSH_HOST_KEY)
			add_sign(out, IDENTITY_SSH, a->facts[i]->value);
		else if (a->facts[i]->key == FACT_TLS_SHA256)
			add_sign(out, IDENTITY_CERTIFICATE, a->facts[i]->value);
	}
}

/* --- looking up --------------------------------------------------------------- */

/* All known that have one sign. */
struct bearer {
	long who; /* of the known */
	struct bearer *next;
};

struct entry {
	struct bearer *bearers;
	UT_hash_handle hh;
	char key[]; /* kind, value */
};

struct recogniser {
	const struct known_device *known;
	const struct met_device *met;
	struct recognition *out;
	size_t m, n;
	struct entry *entries;
	struct bearer *bearers; /* all of them, one piece of memory */
	size_t bearers_len;
	bool *is_met; /* of the known */
};

enum { KEY_MAX = SIGN_VALUE + 4 };

static size_t
entry_key(const struct sign *s, char out[static KEY_MAX])
{
	return (size_t)snprintf(out, KEY_MAX, "%c%s", 'a' + s->kind, s->value);
}

static struct bearer *
bearers_of(const struct recogniser *r, const struct sign *s)
{
	char key[KEY_MAX];
	size_t len = entry_key(s, key);
	struct entry *e;

	HASH_FIND(hh, r->entries, key, len, e);
	return e != NULL ? e->bearers : NULL;
}

static bool
add_bearer(struct recogniser *r, const struct sign *s, long who)
{
	char key[KEY_MAX];
	size_t len = entry_key(s, key);
	struct bearer *b = &r->bearers[r->bearers_len++];
	struct entry *e;

	HASH_FIND(hh, r->entries, key, len, e);
	if (e == NULL) {
		e = calloc(1, sizeof(*e) + len + 1);
		if (e == NULL)
			return false;
		memcpy(e->key, key, len + 1);
		HASH_ADD_KEYPTR(hh, r->entries, e->key, len, e);
		if (e->hh.tbl == NULL) {
			free(e);
			return false;
		}
	}
	*b = (struct bearer){ .who = who, .next = e->bearers };
	e->bearers = b;
	return true;
}

/* --- comparing ------------------------------------------------------------------ */

static const struct sign *
find_kind(const struct sign *signs, size_t n, enum store_identity_kind kind)
{
	for (size_t i = 0; i < n; i++)
		if (signs[i].kind == kind)
			return &signs[i];
	return NULL;
}

/* Do both have signs of that kind, and have they none in common? */
static bool
contradicts(const struct known_device *k, const struct met_device *d,
    enum store_identity_kind kind)
{
	if (find_kind(k->signs, k->signs_len, kind) == NULL ||
	    find_kind(d->signs, d->signs_len, kind) == NULL)
		return false;
	for (size_t i = 0; i < k->signs_len; i++)
		for (size_t j = 0; j < d->signs_len; j++)
			if (k->signs[i].kind == kind &&
			    d->signs[j].kind == kind &&
			    strcmp(k->signs[i].value, d->signs[j].value) == 0)
				return false;
	return true;
}

/* A sign of one machine that says it is another.  A certificate may have been
 * renewed and a key made anew: where others agree these do not count. */
static bool
is_another(const struct known_device *k, const struct met_device *d)
{
	return contradicts(k, d, IDENTITY_BEACON) ||
	    contradicts(k, d, IDENTITY_SSH);
}

static bool
shares_address(const struct known_device *k, const struct met_device *d)
{
	for (size_t i = 0; i < k->signs_len; i++)
		for (size_t j = 0; j < d->signs_len; j++)
			if (k->signs[i].kind == IDENTITY_ADDRESS &&
			    d->signs[j].kind == IDENTITY_ADDRESS &&
			    strcmp(k->signs[i].value, d->signs[j].value) == 0)
				return true;
	return false;
}

/* --- the rules --------------------------------------------------------------------- */

static void
recognise(struct recogniser *r, size_t i, long who, enum store_identity_kind by)
{
	r->out[i].who = who;
	r->out[i].by = by;
	r->is_met[who] = true;
}

/* How many that were met, and are not recognised yet, have the sign? */
static size_t
met_with(const struct recogniser *r, const struct sign *s)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++) {
		const struct met_device *d = &r->met[i];
		const struct sign *mine =
		    find_kind(d->signs, d->signs_len, s->kind);

		n += r->out[i].who == IDENTITY_NOBODY && mine != NULL &&
		    strcmp(mine->value, s->value) == 0;
	}
	return n;
}

static void
by_mac(struct recogniser *r, size_t i)
{
	const struct met_device *d = &r->met[i];
	const struct sign *mac =
	    find_kind(d->signs, d->signs_len, IDENTITY_MAC);

	struct bearer *b = mac != NULL ? bearers_of(r, mac) : NULL;

	/* A MAC of several is a router's that answers for others. */
	if (b != NULL && b->next == NULL && !r->is_met[b->who] &&
	    met_with(r, mac) == 1)
		recognise(r, i, b->who, IDENTITY_MAC);
}

/* The same, where it was before. */
static void
by_mac_here(struct recogniser *r, size_t i)
{
	const struct met_device *d = &r->met[i];
	const struct sign *mac =
	    find_kind(d->signs, d->signs_len, IDENTITY_MAC);

	if (mac == NULL)
		return;
	for (struct bearer *b = bearers_of(r, mac); b != NULL; b = b->next)
		if (!r->is_met[b->who] &&
		    shares_address(&r->known[b->who], d)) {
			recognise(r, i, b->who, IDENTITY_MAC);
			return;
		}
}

static void
by_address(struct recogniser *r, size_t i)
{
	const struct met_device *d = &r->met[i];

	for (size_t k = 0; k < d->signs_len; k++) {
		if (d->signs[k].kind != IDENTITY_ADDRESS)
			continue;
		for (struct bearer *b = bearers_of(r, &d->signs[k]); b != NULL;
		     b = b->next) {
			const struct known_device *known = &r->known[b->who];

			if (r->is_met[b->who] || is_another(known, d) ||
			    contradicts(known, d, IDENTITY_MAC))
				continue;
			recognise(r, i, b->who, IDENTITY_ADDRESS);
			return;
		}
	}
}

/* The one unmet device that has the sign, or IDENTITY_NOBODY. */
static long
only_bearer(const struct recogniser *r, const struct sign *s)
{
	long who = IDENTITY_NOBODY;

	for (struct bearer *b = bearers_of(r, s); b != NULL; b = b->next) {
		if (r->is_met[b->who])
			return IDENTITY_NOBODY; /* no sign of one machine */
		if (who != IDENTITY_NOBODY)
			return IDENTITY_NOBODY;
		who = b->who;
	}
	return who;
}

static void
by_machine(struct recogniser *r, size_t i)
{
	const struct met_device *d = &r->met[i];

	for (size_t k = 0; k < d->signs_len; k++) {
		const struct sign *s = &d->signs[k];
		const struct known_device *known;
		long who;

		if (s->kind != IDENTITY_BEACON && s->kind != IDENTITY_SSH &&
		    s->kind != IDENTITY_CERTIFICATE)
			continue;
		who = only_bearer(r, s);
		if (who == IDENTITY_NOBODY)
			continue;
		known = &r->known[who];
		if (is_another(known, d) ||
		    (contradicts(known, d, IDENTITY_MAC) &&
			!shares_address(known, d)))
			continue;
		recognise(r, i, who, s->kind);
		return;
	}
}

static void
by_model(struct recogniser *r, size_t i)
{
	const struct met_device *d = &r->met[i];
	const struct sign *s =
	    find_kind(d->signs, d->signs_len, IDENTITY_DICOM);
	long who = IDENTITY_NOBODY;

	if (s == NULL ||
	    find_kind(d->signs, d->signs_len, IDENTITY_MAC) != NULL)
		return;
	for (struct bearer *b = bearers_of(r, s); b != NULL; b = b->next) {
		const struct known_device *k = &r->known[b->who];

		if (r->is_met[b->who])
			continue;
		if (who != IDENTITY_NOBODY)
			return;
		if (!k->was_looked_at || is_another(k, d) ||
		    find_kind(k->signs, k->signs_len, IDENTITY_MAC) != NULL)
			continue;
		who = b->who;
	}
	if (who != IDENTITY_NOBODY && met_with(r, s) == 1)
		recognise(r, i, who, IDENTITY_DICOM);
}

/* What follows once all are recognised. */
static void
conclude(struct recogniser *r, size_t i)
{
	const struct met_device *d = &r->met[i];
	struct recognition *out = &r->out[i];

	if (out->who != IDENTITY_NOBODY) {
		const struct known_device *k = &r->known[out->who];

		out->has_moved = contradicts(k, d, IDENTITY_ADDRESS);
		out->has_new_mac = contradicts(k, d, IDENTITY_MAC);
	}
	for (size_t j = 0; j < d->signs_len; j++) {
		if (d->signs[j].kind != IDENTITY_ADDRESS)
			continue;
		for (struct bearer *b = bearers_of(r, &d->signs[j]); b != NULL;
		     b = b->next)
			if (b->who != out->who && !r->is_met[b->who])
				out->displaced = b->who;
	}
}

static bool
index_known(struct recogniser *r)
{
	size_t all = 0;

	for (size_t k = 0; k < r->m; k++)
		all += r->known[k].signs_len;
	r->bearers = calloc(all + 1, sizeof(*r->bearers));
	r->is_met = calloc(r->m + 1, sizeof(*r->is_met));
	if (r->bearers == NULL || r->is_met == NULL)
		return false;
	for (size_t k = 0; k < r->m; k++)
		for (size_t i = 0; i < r->known[k].signs_len; i++)
			if (!add_bearer(r, &r->known[k].signs[i], (long)k))
				return false;
	return true;
}

static void
apply(struct recogniser *r, void (*rule)(struct recogniser *, size_t i))
{
	for (size_t i = 0; i < r->n; i++)
		if (r->out[i].who == IDENTITY_NOBODY)
			rule(r, i);
}

bool
identity_recognise(const struct known_device *known, size_t m,
    const struct met_device *met, size_t n, struct recognition *out)
{
	struct recogniser r = {
		.known = known, .met = met, .out = out, .m = m, .n = n
	};
	struct entry *e, *next;
	bool ok = index_known(&r);

	for (size_t i = 0; i < n; i++)
		out[i] = (struct recognition){ .who = IDENTITY_NOBODY,
			.displaced = IDENTITY_NOBODY };
	if (ok) {
		apply(&r, by_mac_here);
		apply(&r, by_mac);
		apply(&r, by_address);
		apply(&r, by_machine);
		apply(&r, by_model);
		for (size_t i = 0; i < n; i++)
			conclude(&r, i);
	}
	HASH_ITER(hh, r.entries, e, next)
	{
		HASH_DEL(r.entries, e);
		free(e);
	}
	free(r.bearers);
	free(r.is_met);
	return ok;
}
