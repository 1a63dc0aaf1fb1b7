/* SPDX-License-Identifier: ISC */
/*
 * decode - one frame, from its link layer to its transport header; and ARP.
 *
 * The link layers are in decode_link.c, IPv4 and what it carries is in
 * decode_ipv4.c, the text of TCP options in decode_options.c.
 *
 * Source:    RFC 826
 * Limits:    ARP for IPv4 over Ethernet only.
 */
#include <string.h>

#include "scanner/decode_parts.h"

/* Anything but IPv4 over Ethernet stays PACKET_OTHER. */
static void
arp_read(struct reading *in)
{
	struct rd ahead = in->out->payload, h;
	const uint8_t *header;

	if (in->wire >= 8 && ahead.left >= 8 &&
	    (rd_u16(&ahead) != HARDWARE_ETHERNET ||
		rd_u16(&ahead) != ETHERTYPE_IPV4 || rd_u8(&ahead) != 6 ||
		rd_u8(&ahead) != 4))
		return;
	header = header_take(in, 28);
	if (header == NULL)
		return;
	h = (struct rd){ .at = header + 6, .left = 22 };
	in->out->kind = PACKET_ARP;
	in->out->arp.operation = rd_u16(&h);
	in->out->arp.sender_mac = mac_read(&h);
	in->out->arp.sender = rd_u32(&h);
	in->out->arp.target_mac = mac_read(&h);
	in->out->arp.target = rd_u32(&h);
	layer_limit(in, 0);
}

void
decode_frame(const struct frame *frame, struct packet *out)
{
	struct reading in = { .out = out };

	memset(out, 0, sizeof(*out));
	out->frame = frame;
	out->payload = (struct rd){ .at = frame->bytes, .left = frame->len };
	in.wire = frame->wire_len > frame->len ? frame->wire_len : frame->len;
	if (!decode_link(&in))
		return;
	if (out->ethertype == ETHERTYPE_IPV4)
		decode_ipv4(&in);
	else if (out->ethertype == ETHERTYPE_ARP)
		arp_read(&in);
}
