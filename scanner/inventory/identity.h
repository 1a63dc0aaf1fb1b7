/* SPDX-License-Identifier: ISC */
/*
 * identity - which device of the inventory is it that a run has met?
 *
 * The rules that hold from run to run stand in identity.c and nowhere else;
 * within one run asset.c has grouped addresses already.  One site is one
 * network: the same private address at two sites is two devices, so whoever
 * calls hands over one site at a time.
 *
 * Pure.  What is known and what was met go in; for each that was met comes out
 * who it is, and how that is known.
 */
#ifndef INVENTORY_IDENTITY_H
#define INVENTORY_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/asset.h"
#include "scanner/inventory/store.h"

enum { SIGNS_MAX = 24, SIGN_VALUE = STORE_TEXT };

/* One thing a device is known by. */
struct sign {
	enum store_identity_kind kind;
	char value[SIGN_VALUE];
};

/* A device as it is known, or as it was met. */
struct known_device {
	const struct sign *signs;
	size_t signs_len;
	bool is_gone;
	/* Was one of its addresses looked at in this run? */
	bool was_looked_at;
};

struct met_device {
	struct sign signs[SIGNS_MAX];
	size_t signs_len;
};

/* Fills the signs of an asset of a run. */
void identity_signs(const struct asset *asset, struct met_device *out);

enum { IDENTITY_NOBODY = -1 };

struct recognition {
	long who; /* index into the known, or IDENTITY_NOBODY: new */
	enum store_identity_kind by; /* what decided; 0 for who is new */
	bool has_moved;              /* none of its addresses is an old one */
	bool has_new_mac;            /* another network card */
	/* Another device of the known that was at its address until now, or
	 * IDENTITY_NOBODY. */
	long displaced;
};

/*
 * Recognises all n that were met among the m that are known; each of the
 * known is found at most once.  Writes n recognitions.  Returns false when
 * memory is out.
 */
bool identity_recognise(const struct known_device *known, size_t m,
    const struct met_device *met, size_t n, struct recognition *out);

#endif
