/* SPDX-License-Identifier: ISC */
/*
 * asset_parts - what asset.c shares with the files that each fill in one part
 * of an asset; private to asset*.c.
 */
#ifndef ASSET_PARTS_H
#define ASSET_PARTS_H

#include "scanner/asset.h"
#include "scanner/pool.h"

/* Lines under construction. */
struct alerts {
	struct asset *asset;
	struct pool *pool;
	bool failed; /* memory ran out */
};

/* Adds a line, unless it is there already or there are too many. */
void asset_alert(struct alerts *, const char *line);

/* Adds what a device of its kind should not offer. */
void asset_alert_services(struct alerts *);

/* Fills ports from the facts.  Returns false when memory is out. */
bool asset_find_ports(struct asset *, struct pool *);

/* Fills names from the facts. */
void asset_find_names(struct asset *, struct pool *);

/*
 * Fills alerts; needs everything else filled.  Returns false when memory is
 * out.
 */
bool asset_find_alerts(struct asset *, struct pool *);

/* Adds alerts that concern several assets.  Returns false when memory is out.
 */
bool assets_find_alerts(struct assets *);

#endif
