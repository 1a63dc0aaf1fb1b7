/* SPDX-License-Identifier: ISC */
/*
 * census_name - names in announcements.
 *
 *	CDP	version, TTL, checksum, then type(2) length(2) value: 1 is the
 *		device, 6 its platform
 *	LLDP	type(7 bits) length(9 bits) value: 5 is the system's name
 *	LAT	service announcement (message 0x28): the node's name stands
 *		behind the list of its groups
 *	IPX	SAP answers (socket 0x452): type and name of the servers
 *	NBF	frames of NetBEUI with a sender's name of 16 bytes
 *	NBP	AppleTalk's answers to name lookups: object and type
 *	DHCP	options 12 (host name) and 60 (vendor class) of a request
 *
 * Source:    RFC 2132; the public dissectors' descriptions of CDP, LLDP
 *            (802.1AB), LAT, SAP, NBF and NBP, each checked against tshark's
 *            reading of the same frames (t/lab/listen.t)
 * Limits:    the first name of an announcement; no names over 32 characters.
 */
#include <stdio.h>
#include <string.h>

#include "scanner/census_name.h"
#include "scanner/text.h"

enum { PART = 33, OPTIONS_MAX = 64 };

/* A name as a peer wrote it; len 0: none. */
struct part {
	const uint8_t *at;
	size_t len;
};

static struct part
part_read(struct rd *r, size_t len)
{
	struct part p = { rd_bytes(r, len), len };

	if (p.at == NULL)
		p.len = 0;
	return p;
}

static const char *
part_text(struct part p, char out[static PART])
{
	out[0] = '\0';
	if (p.len > 0)
		text_printable(out, PART, p.at, p.len);
	return out;
}

/* Writes "PROTOCOL name (more)". */
static bool
say(char *out, const char *protocol, struct part name, struct part more)
{
	char first[PART], second[PART];

	part_text(name, first);
	part_text(more, second);
	if (first[0] == '\0' && second[0] == '\0')
		return false;
	if (second[0] == '\0')
		snprintf(out, CENSUS_NAME, "%s %s", protocol, first);
	else
		snprintf(out, CENSUS_NAME, "%s %s%s(%s)", protocol, first,
		    first[0] != '\0' ? " " : "", second);
	return true;
}

static bool
cdp_name(struct rd r, char *out)
{
	struct part device = { NULL, 0 }, platform = { NULL, 0 };

	rd_skip(&r, 4);
	while (r.left >= 4) {
		uint16_t type = rd_u16(&r), len = rd_u16(&r);
		struct part value;

		if (len < 4)
			break;
		value = part_read(&r, len - 4U);
		if (type == 1)
			device = value;
		else if (type == 6)
			platform = value;
	}
	return say(out, "CDP", device, platform);
}

static bool
lldp_name(struct rd r, char *out)
{
	while (r.left >= 2) {
		uint16_t head = rd_u16(&r);
		struct part value = part_read(&r, head & 0x1ff);

		if (head >> 9 == 5)
			return say(
			    out, "LLDP", value, (struct part){ NULL, 0 });
		if (head >> 9 == 0)
			break;
	}
	return false;
}

static bool
lat_name(struct rd r, char *out)
{
	struct part name, description;
	uint8_t command = rd_u8(&r);

	if (command >> 2 != 0x0a) /* service announcement */
		return false;
	/* circuit timer, three versions and a level, incarnation, changes,
	 * frame size (2), multicast timer, status */
	rd_skip(&r, 1 + 3 + 1 + 1 + 1 + 2 + 1 + 1);
	rd_skip(&r, rd_u8(&r)); /* groups */
	name = part_read(&r, rd_u8(&r));
	description = part_read(&r, rd_u8(&r));
	return say(out, "LAT node", name, description);
}

static bool
ipx_name(struct rd r, char *out)
{
	uint16_t socket, operation, type;
	char protocol[24];

	rd_skip(&r, 28); /* to the source's socket */
	socket = rd_u16(&r);
	operation = rd_u16(&r);
	type = rd_u16(&r);
	if (!rd_ok(&r) || socket != 0x0452 ||
	    (operation != 2 && operation != 4))
		return false;
	snprintf(
	    protocol, sizeof(protocol), "NetWare type %04X", (unsigned)type);
	return say(out, protocol, part_read(&r, r.left < 48 ? r.left : 48),
	    (struct part){ NULL, 0 });
}

/* Names are padded with blanks; the last byte is no letter of it. */
static bool
netbeui_name(struct rd r, char *out)
{
	uint8_t length = rd_u8(&r);
	struct part name;

	rd_skip(&r, 1);
	if (length != 44 || rd_u16(&r) != 0xffef)
		return false;
	switch (rd_u8(&r)) {
	case 0x00: /* asks whether a group's name is free */
	case 0x01: /* or its own */
	case 0x08: /* datagram */
	case 0x0a: /* looks for a name */
		break;
	default:
		return false;
	}
	rd_skip(&r, 7 + 16);
	name = part_read(&r, 15);
	return say(out, "NetBIOS", name, (struct part){ NULL, 0 });
}

static bool
appletalk_name(struct rd r, char *out)
{
	struct part object, type;
	uint8_t protocol, control;

	rd_skip(&r, 12); /* length, checksum, addresses and sockets */
	protocol = rd_u8(&r);
	control = rd_u8(&r);
	/* An answer; what is looked for is no name of the sender's. */
	if (protocol != 2 || control >> 4 != 3)
		return false;
	rd_skip(&r, 1 + 5); /* number of the lookup, address */
	object = part_read(&r, rd_u8(&r));
	type = part_read(&r, rd_u8(&r));
	return say(out, "AppleTalk", object, type);
}

static bool
dhcp_name(struct rd r, char *out)
{
	struct part host = { NULL, 0 }, class = { NULL, 0 };

	if (rd_u8(&r) != 1)
		return false;
	rd_skip(&r, 235);
	if (rd_u32(&r) != 0x63825363)
		return false;
	for (int i = 0; i < OPTIONS_MAX && r.left > 0; i++) {
		uint8_t code = rd_u8(&r);
		struct part value;

		if (code == 0)
			continue;
		if (code == 255)
			break;
		value = part_read(&r, rd_u8(&r));
		if (code == 12)
			host = value;
		else if (code == 60)
			class = value;
	}
	return say(out, "DHCP", host, class);
}

bool
census_name(const struct packet *packet, struct census_protocol p,
    char out[static CENSUS_NAME])
{
	struct rd r = census_protocol_body(packet, p);

	out[0] = '\0';
	if (p.framing == CENSUS_RAW_IPX)
		return ipx_name(r, out);
	if (p.framing == CENSUS_UDP)
		return p.number == 67 && dhcp_name(r, out);
	if (p.framing == CENSUS_SAP && p.number == 0xe0)
		return ipx_name(r, out);
	if (p.framing == CENSUS_SAP && p.number == 0xf0)
		return netbeui_name(r, out);
	if (p.framing == CENSUS_SNAP && p.number == 0x2000)
		return cdp_name(r, out);
	if (p.framing != CENSUS_ETHERTYPE && p.framing != CENSUS_SNAP)
		return false;
	switch (p.number) {
	case 0x6004:
		return lat_name(r, out);
	case 0x8137:
		return ipx_name(r, out);
	case 0x809b:
		if (p.framing == CENSUS_ETHERTYPE)
			rd_skip(&r, 3); /* LocalTalk's header (phase 1) */
		return appletalk_name(r, out);
	case 0x88cc:
		return lldp_name(r, out);
	default:
		return false;
	}
}

const char *
census_decnet(struct mac mac, char buf[static CENSUS_DECNET])
{
	static const uint8_t prefix[4] = { 0xaa, 0x00, 0x04, 0x00 };
	unsigned address = (unsigned)mac.b[5] << 8 | mac.b[4];

	if (memcmp(mac.b, prefix, sizeof(prefix)) != 0 || address == 0)
		return NULL;
	snprintf(buf, CENSUS_DECNET, "%u.%u", address >> 10, address & 0x3ff);
	return buf;
}
