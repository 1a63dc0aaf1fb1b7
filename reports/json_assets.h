/* SPDX-License-Identifier: ISC */
/* json_assets - all assets of a report in JSON, a line each. */
#ifndef JSON_ASSETS_H
#define JSON_ASSETS_H

#include <stdbool.h>
#include <stdio.h>

#include "scanner/asset.h"

/*
 * Writes the members of an array, without its brackets.  Very many are written
 * by several threads, which are gone when it returns; the text is the same.
 * Returns false with errno on failure.
 */
bool json_assets(const struct assets *assets, FILE *out);

#endif
