/* SPDX-License-Identifier: ISC */
/*
 * census - who fills a segment: broadcasts, multicasts and everything that is
 * not IP, counted by station (MAC) and protocol.
 *
 * Ordinary unicast IP is not counted: a switch shows each listener another
 * part of it.  What is counted here reaches everybody, and every station's
 * processor pays for it.
 *
 * A station is a MAC on one segment (interface and VLAN).  Nothing is
 * allocated per frame: the table has its full size from the start, and frames
 * of stations that find no place in it are counted as strangers'.
 */
#ifndef CENSUS_H
#define CENSUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/census_name.h"
#include "scanner/census_protocol.h"
#include "scanner/ledger.h"

struct census;
struct oui;

struct census_count {
	uint64_t frames, bytes;             /* all that are counted */
	uint64_t group_frames, group_bytes; /* of them broadcast, multicast */
};

/* What a station sends of one protocol. */
struct census_use {
	struct census_protocol protocol;
	struct census_count count;
	struct evidence evidence; /* of the first such frame */
	int64_t time_ns;          /* when it came */
};

struct census_station {
	struct mac mac;
	size_t segment; /* index */
	uint32_t addresses[CENSUS_ADDRESSES_MAX];
	size_t addresses_len;
	bool has_more; /* addresses than that: a router, or a proxy */
	bool is_excluded;
	struct census_count count;
	/* Most frames first, once census_finish() was called. */
	struct census_use uses[CENSUS_USES_MAX];
	size_t uses_len;
	struct census_count rest; /* of protocols beyond those */
	char name[CENSUS_NAME];   /* what it calls itself, or "" */
	const char *vendor;       /* of its MAC, or ""; borrowed */
};

struct census_segment {
	uint16_t interface; /* index; 0 in a file */
	uint16_t vlan;
	const char *name; /* of the interface, or "" */
	struct census_count count;
	struct census_count strangers; /* part of it: no place for them */
	int64_t first_ns, last_ns;
	size_t stations;
};

/* Returns NULL when memory is out. */
struct census *census_new(void);
void census_free(struct census *); /* NULL ok */

/* The name is copied. */
void census_interface(struct census *, uint16_t interface, const char *name);

/* Frames from this MAC are our own and not counted. */
void census_own(struct census *, struct mac mac);

/*
 * Counts a packet.  Returns the use it is the first frame of, so that the
 * caller can give that its evidence; NULL for any other.
 */
struct census_use *census_take(struct census *, const struct packet *packet);

/*
 * The end: vendors' names are looked up (oui may be NULL), addresses for which
 * is_excluded() holds (it may be NULL) are struck out, all is put in order.
 */
void census_finish(struct census *, const struct oui *oui,
    bool (*is_excluded)(void *arg, uint32_t address), void *arg);

/*
 * After census_finish(): what is known of stations with an address becomes
 * facts of it, link.protocol and link.share, where may_tell() (which may be
 * NULL) holds for the address.
 */
void census_tell(const struct census *, struct ledger *ledger,
    bool (*may_tell)(void *arg, uint32_t address), void *arg);

/* Segments in the order they were first seen. */
size_t census_segments(const struct census *);
const struct census_segment *census_segment_at(const struct census *, size_t i);

/* Stations; after census_finish() by segment, most broadcasts first. */
size_t census_stations(const struct census *);
const struct census_station *census_station_at(const struct census *, size_t i);

/* Its part of its segment's broadcasts and multicasts, 0 to 1; of frames, or
 * of bytes. */
double census_share(const struct census *, const struct census_station *);
double census_share_of_bytes(
    const struct census *, const struct census_station *);

/*
 * Returns what a station most likely is by what it sends, as a text that says
 * no more than that; "" where that tells nothing.  Pure.
 */
const char *census_likely(const struct census_station *);

#endif
