/* SPDX-License-Identifier: ISC */
/*
 * decode_link - from a frame's first byte to the type of what it carries.
 *
 * Source:    IEEE 802.3 and 802.1Q; the tcpdump group's list of link types for
 *            cooked, null, loopback and raw framing
 * Limits:    two VLAN tags; no 802.2 LLC or SNAP behind an 802.3 length.
 */
#include "scanner/decode_parts.h"

/* Link types, as libpcap numbers them on Linux. */
enum {
	LINK_NULL = 0,
	LINK_ETHERNET = 1,
	LINK_RAW = 12,
	LINK_LOOP = 108,
	LINK_COOKED = 113,
	LINK_IPV4 = 228,
	LINK_COOKED_2 = 276
};

enum {
	VLAN_TAGS_MAX = 2,
	VLAN_ID_MASK = 0x0fff,
	FAMILY_IPV4 = 2,     /* AF_INET: the same on every system */
	COOKED_BROADCAST = 1 /* packet type: sent to everybody */
};

static bool
ethernet_read(struct reading *in)
{
	const uint8_t *header = header_take(in, 14);
	struct rd h = { .at = header, .left = 14 };

	if (header == NULL)
		return false;
	in->out->has_link = true;
	in->out->destination_mac = mac_read(&h);
	in->out->source_mac = mac_read(&h);
	in->out->ethertype = rd_u16(&h);
	return true;
}

/* Takes what a cooked header tells of the sender and the addressee. */
static void
cooked_macs(struct packet *out, unsigned packet_type, unsigned hardware,
    unsigned mac_len, struct rd address)
{
	if (hardware != HARDWARE_ETHERNET || mac_len != 6)
		return;
	out->source_mac = mac_read(&address);
	if (packet_type != COOKED_BROADCAST)
		return;
	memset(out->destination_mac.b, 0xff, sizeof(out->destination_mac.b));
	out->has_link = true;
}

static bool
cooked_read(struct reading *in)
{
	const uint8_t *header = header_take(in, 16);
	struct rd h = { .at = header, .left = 16 };
	unsigned packet_type, hardware, mac_len;

	if (header == NULL)
		return false;
	packet_type = rd_u16(&h);
	hardware = rd_u16(&h);
	mac_len = rd_u16(&h);
	cooked_macs(in->out, packet_type, hardware, mac_len, h);
	rd_skip(&h, 8);
	in->out->ethertype = rd_u16(&h);
	return true;
}

static bool
cooked_2_read(struct reading *in)
{
	const uint8_t *header = header_take(in, 20);
	struct rd h = { .at = header, .left = 20 };
	unsigned packet_type, hardware, mac_len;

	if (header == NULL)
		return false;
	in->out->ethertype = rd_u16(&h);
	rd_skip(&h, 2 + 4); /* reserved, interface */
	hardware = rd_u16(&h);
	packet_type = rd_u8(&h);
	mac_len = rd_u8(&h);
	cooked_macs(in->out, packet_type, hardware, mac_len, h);
	return true;
}

/* Reads the address family that stands for an Ethernet type. */
static bool
family_read(struct reading *in, bool any_order)
{
	const uint8_t *header = header_take(in, 4);
	struct rd h = { .at = header, .left = 4 }, swapped = h;

	if (header == NULL)
		return false;
	if (rd_u32(&h) == FAMILY_IPV4 ||
	    (any_order && rd_u32le(&swapped) == FAMILY_IPV4))
		in->out->ethertype = ETHERTYPE_IPV4;
	return true;
}

/* No link header: the version number tells what it is. */
static bool
raw_read(struct reading *in)
{
	struct rd ahead = in->out->payload;
	unsigned version = rd_u8(&ahead) >> 4;

	if (in->wire == 0)
		in->out->kind = PACKET_BROKEN;
	if (version == 4)
		in->out->ethertype = ETHERTYPE_IPV4;
	else if (version == 6)
		in->out->ethertype = ETHERTYPE_IPV6;
	return rd_ok(&ahead);
}

static bool
header_read(struct reading *in)
{
	switch (in->out->frame->link_type) {
	case LINK_ETHERNET:
		return ethernet_read(in);
	case LINK_COOKED:
		return cooked_read(in);
	case LINK_COOKED_2:
		return cooked_2_read(in);
	case LINK_NULL:
		return family_read(in, true);
	case LINK_LOOP:
		return family_read(in, false);
	case LINK_RAW:
	case LINK_IPV4:
		return raw_read(in);
	default:
		return false;
	}
}

bool
decode_knows_link(int link_type)
{
	switch (link_type) {
	case LINK_ETHERNET:
	case LINK_COOKED:
	case LINK_COOKED_2:
	case LINK_NULL:
	case LINK_LOOP:
	case LINK_RAW:
	case LINK_IPV4:
		return true;
	default:
		return false;
	}
}

static bool
is_tag(uint16_t ethertype)
{
	return ethertype == ETHERTYPE_VLAN ||
	    ethertype == ETHERTYPE_VLAN_OUTER ||
	    ethertype == ETHERTYPE_VLAN_OLD;
}

/* Steps over VLAN tags to the type they hide. */
static bool
tags_read(struct reading *in)
{
	for (int n = 0; n < VLAN_TAGS_MAX && is_tag(in->out->ethertype); n++) {
		const uint8_t *tag = header_take(in, 4);
		struct rd h = { .at = tag, .left = 4 };
		uint16_t control;

		if (tag == NULL)
			return false;
		control = rd_u16(&h);
		if (n == 0)
			in->out->vlan = control & VLAN_ID_MASK;
		in->out->ethertype = rd_u16(&h);
	}
	return true;
}

bool
decode_link(struct reading *in)
{
	struct packet *out = in->out;

	if (!header_read(in) || !tags_read(in))
		return false;
	if (out->frame->link_type == LINK_ETHERNET &&
	    out->ethertype < ETHERTYPE_FIRST && out->ethertype <= in->wire)
		layer_limit(in, out->ethertype);
	return true;
}
