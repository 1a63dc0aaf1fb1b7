/* SPDX-License-Identifier: ISC */
/*
 * census_likely - what a station is, by the protocols it speaks.
 *
 * The first rule that holds is taken: the telling protocols stand first.
 * Inferred from what the protocols were made for; no more is claimed than
 * that, and a fingerprint's verdict on the same device goes before.
 */
#include "scanner/census.h"

struct rule {
	enum census_family has, also; /* FAMILY_OTHER: asks for nothing */
	const char *likely;
};

static const struct rule rules[] = {
	{ FAMILY_ADVANTAGENET, FAMILY_OTHER,
	    "sends to the port imaging stations call each other on" },
	{ FAMILY_MONITOR, FAMILY_OTHER, "patient monitoring: leave it alone" },
	{ FAMILY_LAVC, FAMILY_OTHER, "VAX/VMS cluster member" },
	{ FAMILY_LAT, FAMILY_DECNET, "VAX/VMS or Ultrix host with LAT" },
	{ FAMILY_LAT, FAMILY_OTHER,
	    "terminal server, or host it serves (LAT)" },
	{ FAMILY_DECNET, FAMILY_OTHER,
	    "DECnet Phase IV node: VAX/VMS, Ultrix, RSX or a PC with "
	    "Pathworks" },
	{ FAMILY_APOLLO, FAMILY_OTHER, "Apollo/Domain workstation" },
	{ FAMILY_SGI, FAMILY_OTHER, "Silicon Graphics workstation" },
	{ FAMILY_RARP, FAMILY_OTHER,
	    "diskless workstation asking for its address (RARP)" },
	{ FAMILY_MOP, FAMILY_OTHER,
	    "DEC device that loads or announces itself by MOP" },
	{ FAMILY_APPLETALK, FAMILY_OTHER,
	    "Macintosh, LaserWriter or another AppleTalk device" },
	{ FAMILY_IPX, FAMILY_NETBEUI,
	    "DOS, OS/2 or Windows PC with IPX and NetBEUI" },
	{ FAMILY_IPX, FAMILY_OTHER,
	    "NetWare server, print server, or PC with IPX" },
	{ FAMILY_NETBEUI, FAMILY_OTHER, "DOS, OS/2 or Windows PC (NetBEUI)" },
	{ FAMILY_SNA, FAMILY_OTHER, "SNA gateway or 3270 controller" },
	{ FAMILY_VINES, FAMILY_OTHER, "Banyan VINES server or client" },
	{ FAMILY_XNS, FAMILY_OTHER,
	    "XNS device of the 1980s (Xerox, 3Com, Ungermann-Bass)" },
	{ FAMILY_HP, FAMILY_OTHER, "HP 3000, 9000 or JetDirect" },
	{ FAMILY_TRAILER, FAMILY_OTHER, "4.2BSD host with trailers" },
	{ FAMILY_OSI, FAMILY_OTHER, "OSI host or router" },
	{ FAMILY_BRIDGE, FAMILY_OTHER, "switch, bridge or router" },
};

const char *
census_likely(const struct census_station *s)
{
	bool has[FAMILIES] = { false };

	for (size_t i = 0; i < s->uses_len; i++)
		has[census_protocol_family(s->uses[i].protocol)] = true;
	has[FAMILY_OTHER] = true;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (has[rules[i].has] && has[rules[i].also])
			return rules[i].likely;
	if (census_decnet(s->mac, (char[CENSUS_DECNET]){ "" }) != NULL)
		return "DECnet Phase IV node, by its MAC";
	return "";
}
