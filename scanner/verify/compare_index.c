/* SPDX-License-Identifier: ISC */
/* compare_index - assets and lines by address and by MAC. */
#include <stdlib.h>
#include <string.h>

#include "scanner/verify/compare_index.h"

struct by_address *
index_address(struct index *x, uint32_t address, bool make)
{
	struct by_address *e;

	HASH_FIND(hh, x->addresses, &address, sizeof(address), e);
	if (e != NULL || !make)
		return e;
	e = calloc(1, sizeof(*e));
	if (e == NULL)
		return NULL;
	e->address = address;
	HASH_ADD(hh, x->addresses, address, sizeof(address), e);
	return e;
}

struct by_mac *
index_mac(struct index *x, struct mac mac, bool make)
{
	struct by_mac *e;

	HASH_FIND(hh, x->macs, &mac, sizeof(mac), e);
	if (e != NULL || !make)
		return e;
	e = calloc(1, sizeof(*e));
	if (e == NULL)
		return NULL;
	e->mac = mac;
	HASH_ADD(hh, x->macs, mac, sizeof(mac), e);
	return e;
}

void
index_clear(struct index *x)
{
	struct by_address *a, *a_next;
	struct by_mac *m, *m_next;

	HASH_ITER(hh, x->addresses, a, a_next)
	{
		HASH_DEL(x->addresses, a);
		free(a);
	}
	HASH_ITER(hh, x->macs, m, m_next)
	{
		HASH_DEL(x->macs, m);
		free(m);
	}
}

bool
index_assets(struct index *x, const struct assets *assets)
{
	for (size_t i = 0; i < assets->len; i++) {
		const struct asset *a = &assets->items[i];

		for (size_t k = 0; k < a->addresses_len; k++) {
			struct by_address *e =
			    index_address(x, a->addresses[k], true);

			if (e == NULL)
				return false;
			e->asset = a;
		}
		if (mac_is_known(a->mac)) {
			struct by_mac *e = index_mac(x, a->mac, true);

			if (e == NULL)
				return false;
			e->asset = a;
		}
	}
	return true;
}

/* Is the line of the site that was looked at? */
bool
index_is_of_site(const struct record *r, const struct run *run)
{
	char a[RECORD_PLAIN], b[RECORD_PLAIN];

	return run->site[0] == '\0' || r->text[FIELD_SITE][0] == '\0' ||
	    strcmp(record_plain(run->site, a),
		record_plain(r->text[FIELD_SITE], b)) == 0;
}

bool
index_records(
    struct index *x, const struct records *records, const struct run *run)
{
	for (size_t i = 0; i < records->len; i++) {
		const struct record *r = &records->items[i];

		if (!index_is_of_site(r, run))
			continue;
		if (r->address != 0) {
			struct by_address *e =
			    index_address(x, r->address, true);

			if (e == NULL)
				return false;
			if (e->record == NULL)
				e->record = r;
		}
		if (mac_is_known(r->mac)) {
			struct by_mac *e = index_mac(x, r->mac, true);

			if (e == NULL)
				return false;
			if (e->record == NULL)
				e->record = r;
		}
	}
	return true;
}
