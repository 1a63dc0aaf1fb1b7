/* SPDX-License-Identifier: ISC */
/*
 * asset - facts merged into devices, with their ports and verdicts.
 *
 * The rules that say which facts are of one device stand in asset.c and
 * nowhere else: site + MAC where ARP itself told the MAC, then address.  An
 * asset borrows the ledger's facts and the fingerprints; both must outlive it.
 */
#ifndef ASSET_H
#define ASSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fingerprints/match.h"
#include "scanner/ledger.h"

enum port_state {
	PORT_UNPROBED = 0,
	PORT_OPEN,
	PORT_CLOSED,
	PORT_FILTERED,
	PORT_OPEN_FILTERED
};

/* Returns "unprobed", "open", "closed", "filtered" or "open|filtered". */
const char *port_state_text(enum port_state state);

/* Returns the state called s, PORT_UNPROBED for anything else. */
enum port_state port_state_find(const char *s);

struct asset_port {
	struct about about; /* transport and port */
	enum port_state state;
	const char *service; /* what it was heard to speak, else "" */
	const char *product; /* implementation, program names, else "" */
};

enum { ASSET_VERDICTS_MAX = 8, ASSET_NAMES_MAX = 8 };

/* How an asset stands with us. */
enum asset_standing {
	ASSET_ANSWERED = 0, /* it said something */
	ASSET_HEARD,        /* only overheard, never asked */
	ASSET_SILENT,       /* alive by ARP alone, or only asked: no verdict */
	ASSET_EXCLUDED      /* left alone on purpose */
};

const char *asset_standing_text(enum asset_standing standing);

struct asset {
	uint32_t address;     /* its first, lowest */
	uint32_t *addresses;  /* all of them, ascending; owned */
	size_t addresses_len; /* 1 or more */
	struct mac mac;
	const char *vendor; /* OUI's owner, "" where unknown */
	enum asset_standing standing;
	const char *names[ASSET_NAMES_MAX]; /* station, host names heard */
	size_t names_len;
	struct asset_port *ports; /* by transport and number */
	size_t ports_len;
	const struct fact **facts; /* oldest first */
	size_t facts_len;
	/* in match_all()'s order */
	struct verdict *verdicts; /* NULL when there is none; owned */
	size_t verdicts_len;      /* at most ASSET_VERDICTS_MAX */
	/* things that need a person, one line each */
	const char **alerts;
	size_t alerts_len;
};

struct pool; /* strings */

struct assets {
	struct asset *items; /* by address */
	size_t len;
	struct pool *pool; /* holds what the items made up themselves */
};

/* Returns the grade of the best verdict, GRADE_NONE where there is none. */
enum grade asset_grade(const struct asset *);

/* Returns the fingerprint of the best verdict, or NULL. */
const struct fingerprint *asset_fingerprint(const struct asset *);

/*
 * Merges and matches everything in the ledger (derive_all() must have run).
 * Returns NULL when memory is out.
 */
struct assets *assets_build(const struct ledger *, const struct fingerprints *);

void assets_free(struct assets *); /* NULL ok */

#endif
