/* SPDX-License-Identifier: ISC */
/*
 * ARP (RFC 826): hosts on the link answer whoever asks for their address, by
 * broadcast or unicast.  Hosts behind a router are not asked for here.
 */
#include "bytes.h"
#include "impair.h"
#include "link.h"
#include "net.h"

enum {
	ARP_LEN = 28,
	ARP_REQUEST = 1,
	ARP_REPLY = 2,
	FRAME_MIN = 60, /* without the check sequence */
	AT_HEAD = 0,
	AT_OP = 6,
	AT_SENDER_MAC = 8,
	AT_SENDER_IP = 14,
	AT_TARGET_MAC = 18,
	AT_TARGET_IP = 24,
};

/* Ethernet and IPv4, with lengths 6 and 4. */
static const uint8_t arp_head[6] = { 0, 1, 8, 0, 6, 4 };

static void
arp_answer(struct host *h, const uint8_t *asked)
{
	uint8_t frame[FRAME_MIN] = { 0 };
	uint8_t *arp = frame + ETH_LEN;

	memcpy(frame, asked + AT_SENDER_MAC, MAC_LEN);
	memcpy(frame + 6, h->mac, MAC_LEN);
	set16(frame + 12, 0x0806);
	memcpy(arp, arp_head, sizeof(arp_head));
	set16(arp + AT_OP, ARP_REPLY);
	memcpy(arp + AT_SENDER_MAC, h->mac, MAC_LEN);
	set32(arp + AT_SENDER_IP, h->addr);
	memcpy(arp + AT_TARGET_MAC, asked + AT_SENDER_MAC, 10);
	impair_send(h->ward->impair, frame, sizeof(frame));
}

void
arp_input(struct ward *w, const struct link_frame *f)
{
	const uint8_t *arp = f->bytes + ETH_LEN;
	struct host *h;

	if (f->len < ETH_LEN + ARP_LEN ||
	    memcmp(arp + AT_HEAD, arp_head, sizeof(arp_head)) != 0 ||
	    be16(arp + AT_OP) != ARP_REQUEST)
		return;
	h = ward_host(w, be32(arp + AT_TARGET_IP));
	if (h == NULL || h->router != NULL)
		return;
	if ((f->bytes[0] & 1) == 0 && memcmp(f->bytes, h->mac, MAC_LEN) != 0)
		return;
	harm_packet(&h->harm, f->when_ns, true);
	/* One who asks for its own address only looks whether it is free. */
	if (!h->harm.hung && !impair_loses(w->impair))
		arp_answer(h, arp);
}
