/* SPDX-License-Identifier: ISC */
/*
 * conflicts - what in a record contradicts itself: one address, MAC, serial
 * number, AE title or host name on two lines; the same device twice.
 *
 * Within a site: the same private network at two of them is two networks.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "scanner/pool.h"
#include "scanner/verify/compare_parts.h"

enum { KEY = 224 };

struct seen {
	char key[KEY];
	const struct record *record;
	UT_hash_handle hh;
};

static const struct {
	const char *text;
	enum field field;
	bool everywhere; /* not only within a site */
} kinds[CONFLICT_KINDS] = {
	[CONFLICT_DUPLICATE] = { "duplicate", FIELDS, false },
	[CONFLICT_ADDRESS] = { "address", FIELD_ADDRESS, false },
	[CONFLICT_MAC] = { "mac", FIELD_MAC, true },
	[CONFLICT_SERIAL] = { "serial", FIELD_SERIAL, true },
	[CONFLICT_AE_TITLE] = { "ae_title", FIELD_AE_TITLE, false },
	[CONFLICT_HOSTNAME] = { "hostname", FIELD_HOSTNAME, false },
};

const char *
conflict_text(enum conflict_kind kind)
{
	return kinds[kind].text;
}

/* A value as it is compared; "" where the line has none. */
static const char *
value_of(const struct record *r, enum field f, char buf[static RECORD_PLAIN])
{
	buf[0] = '\0';
	if (f == FIELD_ADDRESS && r->address != 0)
		ipv4_text(r->address, buf);
	else if (f == FIELD_MAC && mac_is_known(r->mac))
		mac_text(r->mac, buf);
	else if (f == FIELD_AE_TITLE) /* upper and lower case are two */
		snprintf(
		    buf, RECORD_PLAIN, "%.*s", RECORD_PLAIN - 1, r->text[f]);
	else if (f != FIELD_ADDRESS && f != FIELD_MAC)
		record_plain(r->text[f], buf);
	return buf;
}

/* Do two lines say nothing that differs? */
static bool
is_duplicate(const struct record *a, const struct record *b)
{
	char x[RECORD_PLAIN], y[RECORD_PLAIN];

	for (unsigned f = 0; f < FIELDS; f++) {
		value_of(a, f, x);
		value_of(b, f, y);
		if (x[0] != '\0' && y[0] != '\0' && strcmp(x, y) != 0)
			return false;
	}
	return true;
}

static bool
add(struct comparison *out, size_t *room, enum conflict_kind kind,
    const struct record *first, const struct record *second, const char *value)
{
	struct conflict *grown;

	/* The same two lines are one duplicate, however many fields agree. */
	for (size_t i = out->conflicts_len; i > 0; i--) {
		const struct conflict *c = &out->conflicts[i - 1];

		if (c->second != second)
			break;
		if (c->kind == CONFLICT_DUPLICATE && c->first == first)
			return true;
	}
	if (out->conflicts_len == *room) {
		*room = *room > 0 ? *room * 2 : 64;
		grown = realloc(out->conflicts, *room * sizeof(*grown));
		if (grown == NULL)
			return false;
		out->conflicts = grown;
	}
	out->conflicts[out->conflicts_len++] = (struct conflict){ .kind = kind,
		.first = first,
		.second = second,
		.value = pool_printf(out->pool, "%s", value) };
	return true;
}

static bool
check(struct seen **all, struct comparison *out, size_t *room,
    enum conflict_kind kind, const struct record *r)
{
	char value[RECORD_PLAIN], site[RECORD_PLAIN], key[KEY];
	struct seen *s;

	if (value_of(r, kinds[kind].field, value)[0] == '\0')
		return true;
	record_plain(kinds[kind].everywhere ? "" : r->text[FIELD_SITE], site);
	snprintf(key, sizeof(key), "%d|%s|%s", kind, site, value);
	HASH_FIND_STR(*all, key, s);
	if (s != NULL)
		return add(out, room,
		    is_duplicate(s->record, r) ? CONFLICT_DUPLICATE : kind,
		    s->record, r, value);
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return false;
	memcpy(s->key, key, sizeof(key));
	s->record = r;
	HASH_ADD_STR(*all, key, s);
	return true;
}

bool
conflicts_find(const struct records *records, struct comparison *out)
{
	struct seen *all = NULL, *s, *next;
	size_t room = 0;
	bool ok = true;

	for (size_t i = 0; i < records->len && ok; i++)
		for (unsigned k = CONFLICT_ADDRESS; k < CONFLICT_KINDS && ok;
		     k++)
			ok = check(&all, out, &room, k, &records->items[i]);
	HASH_ITER(hh, all, s, next)
	{
		HASH_DEL(all, s);
		free(s);
	}
	return ok;
}
