/* SPDX-License-Identifier: ISC */
/* json_asset - one asset of report.json. */
#ifndef JSON_ASSET_H
#define JSON_ASSET_H

#include "reports/emit.h"
#include "scanner/asset.h"

/* Says the asset as one object; nothing is flushed. */
void json_asset(struct emit *, const struct asset *asset);

#endif
