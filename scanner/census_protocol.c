/* SPDX-License-Identifier: ISC */
/*
 * census_protocol - names for what passes over a segment.
 *
 * Source:    IEEE 802.2; IEEE's and IANA's public lists of Ethernet types,
 *            SAPs and SNAP protocols; IANA's of ports
 * Limits:    an 802.3 frame is known by its destination SAP alone.  Raw 802.3
 *            is taken for IPX where its first two bytes are ff: nothing else
 *            was ever sent so.
 */
#include <stdio.h>

#include "scanner/census_protocol.h"

enum {
	ETHERTYPE_FIRST = 1536,
	ETHERTYPE_IPV4 = 0x0800,
	LINK_ETHERNET = 1,
	COOKED_RAW_802_3 = 1,
	COOKED_802_2 = 4,
	PROTOCOL_UDP = 17,
	SAP_SNAP = 0xaa,
	SAP_GROUP = 1, /* bit of a destination SAP; of a source SAP: answer */
	SNAP_HEADER = 8,
	LLC_HEADER = 3,
	OUI_CISCO = 0x00000c,
	OUI_APPLE = 0x080007
};

struct name {
	uint16_t number;
	uint8_t family;
	char text[28];
};

static const struct name ethertypes[] = {
	{ 0x0600, FAMILY_XNS, "XNS" },
	{ 0x0601, FAMILY_XNS, "XNS ARP" },
	{ 0x0800, FAMILY_IP, "IPv4" },
	{ 0x0804, FAMILY_OTHER, "Chaosnet" },
	{ 0x0805, FAMILY_OTHER, "X.25" },
	{ 0x0806, FAMILY_IP, "ARP" },
	{ 0x0807, FAMILY_XNS, "XNS compatibility" },
	{ 0x0900, FAMILY_OTHER, "Ungermann-Bass debugger" },
	{ 0x0a00, FAMILY_OTHER, "Xerox 802.3 PUP" },
	{ 0x0bad, FAMILY_VINES, "VINES" },
	{ 0x0bae, FAMILY_VINES, "VINES loopback" },
	{ 0x0baf, FAMILY_VINES, "VINES echo" },
	{ 0x1600, FAMILY_OTHER, "Valid Systems" },
	{ 0x22f0, FAMILY_OTHER, "AVTP" },
	{ 0x6000, FAMILY_MOP, "DEC unassigned" },
	{ 0x6001, FAMILY_MOP, "MOP dump/load" },
	{ 0x6002, FAMILY_MOP, "MOP remote console" },
	{ 0x6003, FAMILY_DECNET, "DECnet" },
	{ 0x6004, FAMILY_LAT, "LAT" },
	{ 0x6005, FAMILY_MOP, "DEC diagnostics" },
	{ 0x6006, FAMILY_MOP, "DEC customer" },
	{ 0x6007, FAMILY_LAVC, "LAVC/SCA" },
	{ 0x6010, FAMILY_OTHER, "3Com" },
	{ 0x7000, FAMILY_OTHER, "Ungermann-Bass download" },
	{ 0x7002, FAMILY_OTHER, "Ungermann-Bass loopback" },
	{ 0x7030, FAMILY_OTHER, "Proteon" },
	{ 0x8003, FAMILY_OTHER, "Cronus VLN" },
	{ 0x8004, FAMILY_OTHER, "Cronus direct" },
	{ 0x8005, FAMILY_HP, "HP probe" },
	{ 0x8013, FAMILY_SGI, "SGI diagnostics" },
	{ 0x8014, FAMILY_SGI, "SGI network games" },
	{ 0x8015, FAMILY_SGI, "SGI reserved" },
	{ 0x8016, FAMILY_SGI, "SGI bounce server" },
	{ 0x8019, FAMILY_APOLLO, "Apollo Domain" },
	{ 0x8035, FAMILY_RARP, "RARP" },
	{ 0x8038, FAMILY_BRIDGE, "DEC LANbridge" },
	{ 0x8039, FAMILY_LAVC, "DEC DSM" },
	{ 0x803c, FAMILY_DECNET, "DEC DNA naming" },
	{ 0x803d, FAMILY_OTHER, "DEC encryption" },
	{ 0x803e, FAMILY_DECNET, "DEC time service" },
	{ 0x803f, FAMILY_BRIDGE, "DEC traffic monitor" },
	{ 0x8040, FAMILY_NETBEUI, "DEC NetBIOS emulator" },
	{ 0x8041, FAMILY_LAT, "DEC local area storage" },
	{ 0x8048, FAMILY_LAVC, "DEC AMDS" },
	{ 0x809b, FAMILY_APPLETALK, "AppleTalk" },
	{ 0x80c4, FAMILY_VINES, "VINES (Banyan)" },
	{ 0x80d5, FAMILY_SNA, "SNA" },
	{ 0x80f3, FAMILY_APPLETALK, "AppleTalk ARP" },
	{ 0x8100, FAMILY_OTHER, "802.1Q" },
	{ 0x8137, FAMILY_IPX, "IPX" },
	{ 0x8138, FAMILY_IPX, "Novell" },
	{ 0x814c, FAMILY_OTHER, "SNMP over Ethernet" },
	{ 0x8191, FAMILY_NETBEUI, "NetBEUI" },
	{ 0x86dd, FAMILY_IP, "IPv6" },
	{ 0x8808, FAMILY_BRIDGE, "flow control" },
	{ 0x8809, FAMILY_BRIDGE, "slow protocols (LACP)" },
	{ 0x8847, FAMILY_OTHER, "MPLS" },
	{ 0x8863, FAMILY_OTHER, "PPPoE discovery" },
	{ 0x8864, FAMILY_OTHER, "PPPoE session" },
	{ 0x886d, FAMILY_OTHER, "NIC teaming" },
	{ 0x8892, FAMILY_OTHER, "PROFINET" },
	{ 0x88a2, FAMILY_OTHER, "ATA over Ethernet" },
	{ 0x88a4, FAMILY_OTHER, "EtherCAT" },
	{ 0x88cc, FAMILY_BRIDGE, "LLDP" },
	{ 0x888e, FAMILY_OTHER, "802.1X" },
	{ 0x88f7, FAMILY_OTHER, "PTP" },
	{ 0x9000, FAMILY_BRIDGE, "loopback test" },
};

static const struct name saps[] = {
	{ 0x00, FAMILY_OTHER, "802.2 null SAP" },
	{ 0x02, FAMILY_OTHER, "802.2 management" },
	{ 0x04, FAMILY_SNA, "SNA path control" },
	{ 0x06, FAMILY_IP, "IP" },
	{ 0x08, FAMILY_SNA, "SNA" },
	{ 0x0c, FAMILY_SNA, "SNA" },
	{ 0x0e, FAMILY_OTHER, "PROWAY" },
	{ 0x42, FAMILY_BRIDGE, "spanning tree" },
	{ 0x4e, FAMILY_OTHER, "RS-511 manufacturing" },
	{ 0x7e, FAMILY_OTHER, "X.25 over 802.2" },
	{ 0x80, FAMILY_XNS, "XNS" },
	{ 0x86, FAMILY_OTHER, "Nestar" },
	{ 0x8e, FAMILY_OTHER, "PROWAY active stations" },
	{ 0x98, FAMILY_IP, "ARP" },
	{ 0xbc, FAMILY_VINES, "VINES" },
	{ 0xe0, FAMILY_IPX, "IPX" },
	{ 0xf0, FAMILY_NETBEUI, "NetBEUI" },
	{ 0xf4, FAMILY_SNA, "IBM LAN management" },
	{ 0xf8, FAMILY_HP, "remote boot (IBM, HP)" },
	{ 0xfc, FAMILY_HP, "remote boot (HP)" },
	{ 0xfe, FAMILY_OSI, "OSI" },
};

static const struct name cisco_snaps[] = {
	{ 0x010b, FAMILY_BRIDGE, "spanning tree per VLAN" },
	{ 0x0111, FAMILY_BRIDGE, "UDLD" },
	{ 0x2000, FAMILY_BRIDGE, "CDP" },
	{ 0x2003, FAMILY_BRIDGE, "VTP" },
	{ 0x2004, FAMILY_BRIDGE, "DTP" },
};

static const struct name udp_ports[] = {
	{ 67, FAMILY_IP, "DHCP server" },
	{ 68, FAMILY_IP, "DHCP client" },
	{ 69, FAMILY_IP, "TFTP" },
	{ 111, FAMILY_IP, "portmapper" },
	{ 123, FAMILY_IP, "NTP" },
	{ 137, FAMILY_IP, "NetBIOS names" },
	{ 138, FAMILY_IP, "NetBIOS datagrams" },
	{ 161, FAMILY_IP, "SNMP" },
	{ 162, FAMILY_IP, "SNMP trap" },
	{ 177, FAMILY_IP, "XDMCP" },
	{ 513, FAMILY_IP, "rwho" },
	{ 514, FAMILY_IP, "syslog" },
	{ 520, FAMILY_IP, "RIP" },
	{ 525, FAMILY_IP, "timed" },
	{ 631, FAMILY_IP, "CUPS" },
	{ 1600, FAMILY_ADVANTAGENET, "AdvantageNet" },
	{ 1900, FAMILY_IP, "SSDP" },
	{ 2000, FAMILY_MONITOR, "CARESCAPE time" },
	{ 3702, FAMILY_IP, "WS-Discovery" },
	{ 5353, FAMILY_IP, "mDNS" },
	{ 5355, FAMILY_IP, "LLMNR" },
	{ 7000, FAMILY_MONITOR, "CARESCAPE RWHAT" },
	{ 17500, FAMILY_IP, "Dropbox" },
	{ 24005, FAMILY_MONITOR, "IntelliVue connect" },
	{ 47808, FAMILY_IP, "BACnet" },
};

static const struct name ip_protocols[] = {
	{ 1, FAMILY_IP, "ICMP" },
	{ 2, FAMILY_IP, "IGMP" },
	{ 6, FAMILY_IP, "TCP" },
	{ 17, FAMILY_IP, "UDP fragments" },
	{ 88, FAMILY_IP, "EIGRP" },
	{ 89, FAMILY_IP, "OSPF" },
	{ 103, FAMILY_IP, "PIM" },
	{ 112, FAMILY_IP, "VRRP" },
};

#define LENGTH(list) (sizeof(list) / sizeof((list)[0]))

static const struct name *
find(const struct name *names, size_t n, uint16_t number)
{
	for (size_t i = 0; i < n; i++)
		if (names[i].number == number)
			return &names[i];
	return NULL;
}

static const struct name *
name_of(struct census_protocol p)
{
	switch (p.framing) {
	case CENSUS_ETHERTYPE:
		/* 4.2BSD put the header last, and the length into the type. */
		if (p.number >= 0x1000 && p.number <= 0x100f) {
			static const struct name trailer = { 0x1000,
				FAMILY_TRAILER, "trailers" };

			return &trailer;
		}
		return find(ethertypes, LENGTH(ethertypes), p.number);
	case CENSUS_SNAP:
		if (p.oui == OUI_CISCO)
			return find(cisco_snaps, LENGTH(cisco_snaps), p.number);
		if (p.oui != 0 && p.oui != OUI_APPLE)
			return NULL;
		return find(ethertypes, LENGTH(ethertypes), p.number);
	case CENSUS_SAP:
		return find(saps, LENGTH(saps), p.number);
	case CENSUS_UDP:
		return find(udp_ports, LENGTH(udp_ports), p.number);
	case CENSUS_IP:
		return find(ip_protocols, LENGTH(ip_protocols), p.number);
	case CENSUS_RAW_IPX:
	case CENSUS_CUT:
		break;
	}
	return NULL;
}

/* Reads an 802.3 frame's first bytes. */
static struct census_protocol
llc_of(struct rd r)
{
	struct census_protocol p = { .framing = CENSUS_CUT };
	uint8_t destination = rd_u8(&r), source = rd_u8(&r);

	if (!rd_ok(&r))
		return p;
	if (destination == 0xff && source == 0xff)
		return (struct census_protocol){ .framing = CENSUS_RAW_IPX };
	p.framing = CENSUS_SAP;
	p.number = (uint16_t)(destination & ~(unsigned)SAP_GROUP);
	if (destination != SAP_SNAP ||
	    (source | SAP_GROUP) != (SAP_SNAP | SAP_GROUP))
		return p;
	rd_skip(&r, 1); /* control */
	p.oui = (uint32_t)rd_u8(&r) << 16;
	p.oui |= rd_u16(&r);
	p.number = rd_u16(&r);
	p.framing = rd_ok(&r) ? CENSUS_SNAP : CENSUS_CUT;
	return p;
}

static bool
is_802_3(const struct packet *p)
{
	if (p->frame->link_type == LINK_ETHERNET)
		return p->ethertype < ETHERTYPE_FIRST;
	return p->ethertype == COOKED_802_2 || p->ethertype == COOKED_RAW_802_3;
}

/* Of UDP the lower port says what it is, unless the other has a name. */
static struct census_protocol
udp_of(const struct packet *p)
{
	struct census_protocol to = { .framing = CENSUS_UDP,
		.number = p->udp.destination_port };
	struct census_protocol from = { .framing = CENSUS_UDP,
		.number = p->udp.source_port };

	if (name_of(to) == NULL && name_of(from) != NULL)
		return from;
	return to;
}

struct census_protocol
census_protocol_of(const struct packet *p)
{
	if (p->kind == PACKET_UDP)
		return udp_of(p);
	if (p->ethertype == ETHERTYPE_IPV4 && p->kind != PACKET_OTHER &&
	    p->kind != PACKET_BROKEN)
		return (struct census_protocol){ .framing = CENSUS_IP,
			.number = p->protocol };
	if (is_802_3(p))
		return llc_of(p->payload);
	return (struct census_protocol){ .framing = CENSUS_ETHERTYPE,
		.number = p->ethertype };
}

bool
census_protocol_equal(struct census_protocol a, struct census_protocol b)
{
	return a.framing == b.framing && a.number == b.number && a.oui == b.oui;
}

enum census_family
census_protocol_family(struct census_protocol p)
{
	const struct name *name = name_of(p);

	if (p.framing == CENSUS_RAW_IPX)
		return FAMILY_IPX;
	if (name != NULL)
		return (enum census_family)name->family;
	return p.framing == CENSUS_UDP || p.framing == CENSUS_IP ? FAMILY_IP
								 : FAMILY_OTHER;
}

const char *
census_protocol_text(struct census_protocol p, char buf[static CENSUS_TEXT])
{
	const struct name *name = name_of(p);
	const char *text = name != NULL ? name->text : "";
	const char *gap = name != NULL ? " " : "";
	unsigned high = p.number >> 8, low = p.number & 0xff;

	switch (p.framing) {
	case CENSUS_ETHERTYPE:
		snprintf(buf, CENSUS_TEXT, "%s %02X-%02X",
		    name != NULL ? text : "type", high, low);
		break;
	case CENSUS_SAP:
		snprintf(buf, CENSUS_TEXT, "%s%sLLC %02X", text, gap, low);
		break;
	case CENSUS_SNAP:
		if (name != NULL)
			snprintf(buf, CENSUS_TEXT, "%s SNAP %02X-%02X", text,
			    high, low);
		else
			snprintf(buf, CENSUS_TEXT, "SNAP %06X %02X-%02X",
			    (unsigned)p.oui, high, low);
		break;
	case CENSUS_RAW_IPX:
		snprintf(buf, CENSUS_TEXT, "IPX raw 802.3");
		break;
	case CENSUS_UDP:
		snprintf(buf, CENSUS_TEXT, "UDP %u%s%s", (unsigned)p.number,
		    gap, text);
		break;
	case CENSUS_IP:
		snprintf(buf, CENSUS_TEXT, "IPv4 protocol %u%s%s",
		    (unsigned)p.number, gap, text);
		break;
	case CENSUS_CUT:
		snprintf(buf, CENSUS_TEXT, "802.3, cut short");
		break;
	}
	return buf;
}

struct rd
census_protocol_body(const struct packet *packet, struct census_protocol p)
{
	struct rd r = packet->payload;

	if (p.framing == CENSUS_SNAP)
		rd_skip(&r, SNAP_HEADER);
	else if (p.framing == CENSUS_SAP)
		rd_skip(&r, LLC_HEADER);
	return r;
}
