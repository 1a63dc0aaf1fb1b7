/* SPDX-License-Identifier: ISC */
/*
 * identity - who implements DICOM, by implementation class UID and version
 * name: data/dicom.yaml.
 *
 * Toolkit, device maker, product and product version are told apart, because
 * a toolkit's own identity is shipped by makers of every kind of device.
 */
#ifndef IDENTITY_H
#define IDENTITY_H

#include <stdbool.h>
#include <stddef.h>

struct identities; /* the table */
struct ledger;

enum { IDENTITY_ERROR = 320, IDENTITY_TEXT = 96 };

enum identity_part {
	IDENTITY_TOOLKIT = 0, /* with its version where that is known */
	IDENTITY_MAKER,
	IDENTITY_PRODUCT,
	IDENTITY_PRODUCT_VERSION,
	IDENTITY_PARTS
};

/* Texts of printable ASCII, "" where nothing is known. */
struct identity {
	char part[IDENTITY_PARTS][IDENTITY_TEXT];
	bool is_placeholder; /* the UID is one that says nothing */
};

/*
 * Reads the table.  Every entry must have a source with its mark, something to
 * fit and something to tell.  Returns NULL and one line in error.
 */
struct identities *identities_load(
    const char *path, char error[static IDENTITY_ERROR]);

void identities_free(struct identities *); /* NULL ok */

/* Returns how many entries there are. */
size_t identities_len(const struct identities *);

/* Fills *out from what fits; uid and version may be NULL.  Returns whether
 * anything is told. */
bool identities_find(const struct identities *, const char *uid,
    const char *version, struct identity *out);

/*
 * Adds dicom.toolkit, dicom.maker, dicom.product and dicom.product_version for
 * every port that named an implementation.  Returns how many were new; saying
 * it again adds nothing.
 */
size_t identities_derive(const struct identities *, struct ledger *);

#endif
