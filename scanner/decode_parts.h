/* SPDX-License-Identifier: ISC */
/* decode_parts - what the layers of decode share; nobody else includes it. */
#ifndef DECODE_PARTS_H
#define DECODE_PARTS_H

#include "scanner/decode.h"

enum {
	ETHERTYPE_IPV4 = 0x0800,
	ETHERTYPE_ARP = 0x0806,
	ETHERTYPE_VLAN = 0x8100,
	ETHERTYPE_VLAN_OUTER = 0x88a8, /* 802.1ad */
	ETHERTYPE_VLAN_OLD = 0x9100,   /* the same before the standard */
	ETHERTYPE_IPV6 = 0x86dd,
	ETHERTYPE_FIRST = 1536 /* what is less is an 802.3 length */
};

enum { HARDWARE_ETHERNET = 1 };

/*
 * A frame being read.  The cursor is out->payload: what was captured and not
 * yet read.  wire is how much the layer in hand claims from there on; it is
 * never less than what was captured.
 */
struct reading {
	struct packet *out;
	size_t wire;
};

/*
 * Steps over a header of n bytes and returns it.  NULL: the frame is cut
 * before its end, or else it never was so long and the packet is broken.
 */
static inline const uint8_t *
header_take(struct reading *in, size_t n)
{
	struct rd *rd = &in->out->payload;

	if (n > in->wire) {
		in->out->kind = PACKET_BROKEN;
		return NULL;
	}
	if (n > rd->left)
		return NULL;
	in->wire -= n;
	return rd_bytes(rd, n);
}

/* Narrows what follows to n bytes; the rest is padding.  n must be there. */
static inline void
layer_limit(struct reading *in, size_t n)
{
	in->wire = n;
	if (in->out->payload.left > n)
		in->out->payload.left = n;
}

static inline struct mac
mac_read(struct rd *h)
{
	const uint8_t *bytes = rd_bytes(h, 6);
	struct mac m = { { 0 } };

	if (bytes != NULL)
		memcpy(m.b, bytes, sizeof(m.b));
	return m;
}

/* Reads the link header and VLAN tags up to the type they name.  False: no
 * further.  An 802.3 length narrows what follows. */
bool decode_link(struct reading *in);

/* Reads IPv4 and the transport behind it, and sets out->kind. */
void decode_ipv4(struct reading *in);

#endif
