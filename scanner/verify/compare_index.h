/* SPDX-License-Identifier: ISC */
/* compare_index - what a run found, and what a record says, by address and by
 * MAC. */
#ifndef COMPARE_INDEX_H
#define COMPARE_INDEX_H

#include <uthash.h>

#include "scanner/verify/compare.h"

struct by_address {
	uint32_t address;
	const struct asset *asset;
	const struct record *record; /* the first line of it */
	UT_hash_handle hh;
};

struct by_mac {
	struct mac mac;
	const struct asset *asset;
	const struct record *record;
	UT_hash_handle hh;
};

struct index {
	struct by_address *addresses;
	struct by_mac *macs;
};

/* Returns the entry, or NULL; make: one is made, NULL is out of memory. */
struct by_address *index_address(struct index *, uint32_t address, bool make);
struct by_mac *index_mac(struct index *, struct mac mac, bool make);

/* Both return false when memory is out. */
bool index_assets(struct index *, const struct assets *assets);
bool index_records(
    struct index *, const struct records *records, const struct run *run);

void index_clear(struct index *);

/* Is the line of the site that was looked at, or of none? */
bool index_is_of_site(const struct record *record, const struct run *run);

#endif
