/* SPDX-License-Identifier: ISC */
/*
 * json_inventory - the inventory's answers as JSON and CSV, for other programs.
 *
 * Each writes one whole document and returns false when writing failed (errno)
 * or memory is out.
 */
#ifndef JSON_INVENTORY_H
#define JSON_INVENTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "scanner/inventory/store.h"

/* {"schema": "gantry-assets/1", "assets": [...]}; for the list as it is. */
bool inventory_json_assets(
    FILE *out, const struct store_asset *assets, size_t n);

/* {"schema": "gantry-changes/1", "changes": [...]}: events as told, where was
 * and now are those of the whole time. */
bool inventory_json_changes(
    FILE *out, const struct store_event *events, size_t n);

/*
 * What NetBox imports as devices, interfaces and addresses: three lists whose
 * objects have the names of NetBox's own fields.  Names are made of the MAC or
 * the asset's number where a device has told none.
 */
bool inventory_json_netbox(
    FILE *out, const struct store_asset *assets, size_t n);

/* A line per asset, RFC 4180; a cell that a spreadsheet would take for a
 * formula gets an apostrophe in front. */
bool inventory_csv_assets(
    FILE *out, const struct store_asset *assets, size_t n);

#endif
