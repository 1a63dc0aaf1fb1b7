/* SPDX-License-Identifier: ISC */
/*
 * census_protocol - what a frame carries, as the census counts it: its
 * Ethernet type, 802.2 SAP or SNAP protocol, or what it is within IPv4.
 */
#ifndef CENSUS_PROTOCOL_H
#define CENSUS_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/decode.h"

enum census_framing {
	CENSUS_ETHERTYPE = 1, /* number is an Ethernet type */
	CENSUS_SAP,           /* number is a destination SAP of 802.2 */
	CENSUS_SNAP,          /* oui and number are SNAP's */
	CENSUS_RAW_IPX,       /* Novell's 802.3 without 802.2 */
	CENSUS_UDP,           /* number is a UDP port of IPv4 */
	CENSUS_IP,            /* number is a protocol of IPv4 */
	CENSUS_CUT            /* 802.3, but too little was captured to tell */
};

struct census_protocol {
	enum census_framing framing;
	uint16_t number;
	uint32_t oui;
};

/* What a protocol tells of whoever speaks it.  What is below stands for
 * systems from before TCP/IP, or beside it. */
enum census_family {
	FAMILY_OTHER = 0,
	FAMILY_IP, /* IPv4 and IPv6 and what belongs to them */
	FAMILY_ADVANTAGENET,
	FAMILY_MONITOR, /* patient monitoring */
	FAMILY_RARP,
	FAMILY_DECNET,
	FAMILY_LAT,
	FAMILY_MOP,
	FAMILY_LAVC,
	FAMILY_XNS,
	FAMILY_IPX,
	FAMILY_APPLETALK,
	FAMILY_NETBEUI,
	FAMILY_SNA,
	FAMILY_VINES,
	FAMILY_APOLLO,
	FAMILY_SGI,
	FAMILY_HP,
	FAMILY_TRAILER,
	FAMILY_OSI,
	FAMILY_BRIDGE, /* spanning tree, CDP, LLDP: network equipment */
	FAMILIES
};

/* Returns what the packet carries.  Pure; reads ahead in packet->payload
 * where that is an 802.3 frame. */
struct census_protocol census_protocol_of(const struct packet *packet);

bool census_protocol_equal(struct census_protocol a, struct census_protocol b);

enum census_family census_protocol_family(struct census_protocol);

/* Returns buf, such as "DECnet 60-03", "IPX LLC E0", "CDP SNAP 20-00",
 * "UDP 137 NetBIOS names", "type 12-34". */
enum { CENSUS_TEXT = 64 };
const char *census_protocol_text(
    struct census_protocol, char buf[static CENSUS_TEXT]);

/*
 * The bytes behind the framing: an 802.2 header or SNAP's is stepped over.
 * UDP: its payload.
 */
struct rd census_protocol_body(
    const struct packet *packet, struct census_protocol);

#endif
