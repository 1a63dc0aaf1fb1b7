/* SPDX-License-Identifier: ISC */
/*
 * send - crafting: ARP who-has, ICMP echo request, TCP SYN and RST, and a
 * datagram for all of a segment.
 *
 * Source:    RFC 826, 791, 792, 9293 (MSS option) and 1624 (checksums kept
 *            up incrementally)
 * Limits:    Ethernet interfaces, IPv4 without options
 *
 * A frame is built once by libnet and only patched from then on.  The fields
 * that vary all stand at fixed places:
 *
 *	 0 Ethernet   dst 0  src 6  type 12
 *	14 ARP        sender MAC 22, IP 28, target MAC 32, IP 38
 *	14 IPv4       id 18  checksum 24  src 26  dst 30
 *	34 ICMP echo  checksum 36  id 38  seq 40  data 42
 *	34 TCP        sport 34  dport 36  seq 38  checksum 50
 *
 * What a SYN looks like is what a plain BSD-like stack would send: TTL 64, no
 * DF, window 8192, MSS and nothing else.  No stack has cause to stumble.
 */
#include <arpa/inet.h>
#include <libnet.h>
#include <stdio.h>
#include <string.h>

#include "scanner/send.h"
#include "scanner/siphash.h"

enum {
	AT_ETHER_DST = 0,
	AT_ARP_TARGET_IP = 38,
	AT_IP_ID = 18,
	AT_IP_CHECKSUM = 24,
	AT_IP_DST = 30,
	AT_ICMP_CHECKSUM = 36,
	AT_ICMP_ID = 38,
	AT_ICMP_SEQ = 40,
	AT_ICMP_DATA = 42,
	AT_TCP_SPORT = 34,
	AT_TCP_DPORT = 36,
	AT_TCP_SEQ = 38,
	AT_TCP_CHECKSUM = 50,

	ARP_LEN = 42, /* whole frames */
	ICMP_LEN = 50,
	SYN_LEN = 58,
	RST_LEN = 54,

	TTL = 64,
	WINDOW = 8192,
	MAC_LEN = 6
};

static const uint8_t broadcast[MAC_LEN] = { 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff };
static const uint8_t nobody[MAC_LEN];

/* Puts a 4-byte address in the byte order libnet takes as bytes. */
static void
address_bytes(uint32_t address, uint8_t out[static 4])
{
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)(address >> (24 - 8 * i));
}

static bool
build_arp(libnet_t *net, const struct route *route)
{
	uint8_t sender[4], target[4] = { 0 };

	address_bytes(route->source, sender);
	return libnet_build_arp(ARPHRD_ETHER, ETHERTYPE_IP, MAC_LEN, 4,
		   ARPOP_REQUEST, route->mac.b, sender, nobody, target, NULL, 0,
		   net, 0) != -1 &&
	    libnet_build_ethernet(
		broadcast, route->mac.b, ETHERTYPE_ARP, NULL, 0, net, 0) != -1;
}

/* The headers in front of the transport's; payload_len is all after IP. */
static bool
build_ipv4(libnet_t *net, const struct route *route, uint8_t protocol,
    uint16_t payload_len)
{
	return libnet_build_ipv4((uint16_t)(LIBNET_IPV4_H + payload_len), 0, 0,
		   0, TTL, protocol, 0, htonl(route->source), 0, NULL, 0, net,
		   0) != -1 &&
	    libnet_build_ethernet(
		nobody, route->mac.b, ETHERTYPE_IP, NULL, 0, net, 0) != -1;
}

static bool
build_icmp(libnet_t *net, const struct route *route)
{
	/* the cookie's place, then a word for whoever reads a dump */
	static const uint8_t data[8] = { 0, 0, 0, 0, 'g', 'n', 't', 'r' };

	return libnet_build_icmpv4_echo(
		   ICMP_ECHO, 0, 0, 0, 0, data, sizeof(data), net, 0) != -1 &&
	    build_ipv4(
		net, route, IPPROTO_ICMP, LIBNET_ICMPV4_ECHO_H + sizeof(data));
}

static bool
build_syn(libnet_t *net, const struct route *route)
{
	static const uint8_t mss_1460[4] = { 2, 4, 0x05, 0xb4 };
	const uint16_t len = LIBNET_TCP_H + sizeof(mss_1460);

	return libnet_build_tcp_options(mss_1460, sizeof(mss_1460), net, 0) !=
	    -1 &&
	    libnet_build_tcp(
		0, 0, 0, 0, TH_SYN, WINDOW, 0, 0, len, NULL, 0, net, 0) != -1 &&
	    build_ipv4(net, route, IPPROTO_TCP, len);
}

static bool
build_rst(libnet_t *net, const struct route *route)
{
	return libnet_build_tcp(0, 0, 0, 0, TH_RST, 0, 0, 0, LIBNET_TCP_H, NULL,
		   0, net, 0) != -1 &&
	    build_ipv4(net, route, IPPROTO_TCP, LIBNET_TCP_H);
}

static bool
is_tcp(enum send_kind kind)
{
	return kind == SEND_TCP_SYN || kind == SEND_TCP_RST;
}

static size_t
kind_len(enum send_kind kind)
{
	switch (kind) {
	case SEND_ARP:
		return ARP_LEN;
	case SEND_ICMP_ECHO:
		return ICMP_LEN;
	case SEND_TCP_SYN:
		return SYN_LEN;
	case SEND_TCP_RST:
		return RST_LEN;
	}
	return 0;
}

static uint16_t
get16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static void
put16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void
put32(uint8_t *at, uint32_t value)
{
	put16(at, (uint16_t)(value >> 16));
	put16(at + 2, (uint16_t)value);
}

/* What a 32-bit field adds to a sum. */
static uint32_t
words(uint32_t value)
{
	return (value >> 16) + (value & 0xffff);
}

/* The checksum a sum comes to (RFC 1071); a few dozen words at most. */
static uint16_t
checksum_of(uint32_t sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/*
 * Every field that varies is zero in the template, so a patched frame's sum is
 * the template's plus the new words (RFC 1624, equation 3, with m = 0).
 */
static void
sums_note(struct send_template *t)
{
	if (t->kind == SEND_ARP)
		return;
	t->ip_sum = (uint16_t)~get16(t->bytes + AT_IP_CHECKSUM);
	t->transport_sum = (uint16_t)~get16(
	    t->bytes + (is_tcp(t->kind) ? AT_TCP_CHECKSUM : AT_ICMP_CHECKSUM));
}

static bool
build(libnet_t *net, const struct route *route, struct send_template *out)
{
	uint8_t *frame = NULL;
	uint32_t len = 0;
	bool ok = false;

	switch (out->kind) {
	case SEND_ARP:
		ok = build_arp(net, route);
		break;
	case SEND_ICMP_ECHO:
		ok = build_icmp(net, route);
		break;
	case SEND_TCP_SYN:
		ok = build_syn(net, route);
		break;
	case SEND_TCP_RST:
		ok = build_rst(net, route);
		break;
	}
	/* culling refuses without a device; coalescing gives the same bytes */
	if (!ok || libnet_pblock_coalesce(net, &frame, &len) == -1)
		return false;
	ok = len == kind_len(out->kind);
	if (ok)
		memcpy(out->bytes, frame, len);
	out->len = (uint16_t)len;
	sums_note(out);
	libnet_adv_free_packet(net, frame);
	return ok;
}

bool
send_template_init(struct send_template *template, enum send_kind kind,
    const struct route *route, char error[static ROUTE_ERROR])
{
	char why[LIBNET_ERRBUF_SIZE] = "";
	libnet_t *net;
	bool ok;

	memset(template, 0, sizeof(*template));
	template->kind = kind;
	if (!route->is_ethernet || !mac_is_known(route->mac)) {
		snprintf(error, ROUTE_ERROR,
		    "interface %.16s is not Ethernet: cannot craft for it",
		    route->interface_name);
		return false;
	}
	net = libnet_init(LIBNET_NONE, NULL, why);
	if (net == NULL) {
		snprintf(error, ROUTE_ERROR, "libnet: %.200s", why);
		return false;
	}
	ok = build(net, route, template);
	if (!ok)
		snprintf(
		    error, ROUTE_ERROR, "libnet: %.200s", libnet_geterror(net));
	libnet_destroy(net);
	return ok;
}

static void
patch_tcp(const struct send_template *template, uint8_t *frame,
    uint32_t address, uint16_t source_port, uint16_t port, uint32_t cookie)
{
	/* the pseudo header's destination changes with the IP header's */
	uint32_t sum = template->transport_sum + words(address) + source_port +
	    port + words(cookie);

	put16(frame + AT_TCP_SPORT, source_port);
	put16(frame + AT_TCP_DPORT, port);
	put32(frame + AT_TCP_SEQ, cookie);
	put16(frame + AT_TCP_CHECKSUM, checksum_of(sum));
}

static void
patch_icmp(
    const struct send_template *template, uint8_t *frame, uint32_t cookie)
{
	put32(frame + AT_ICMP_ID, cookie); /* and the sequence number */
	put32(frame + AT_ICMP_DATA, cookie);
	put16(frame + AT_ICMP_CHECKSUM,
	    checksum_of(template->transport_sum + 2 * words(cookie)));
}

size_t
send_patch(const struct send_template *template, uint8_t *out, uint32_t address,
    struct mac next_hop, uint16_t source_port, uint16_t port, uint32_t cookie)
{
	memcpy(out, template->bytes, template->len);
	if (template->kind != SEND_ARP || mac_is_known(next_hop))
		memcpy(out + AT_ETHER_DST, next_hop.b, MAC_LEN);
	if (template->kind == SEND_ARP) {
		put32(out + AT_ARP_TARGET_IP, address);
		return template->len;
	}
	if (is_tcp(template->kind))
		patch_tcp(template, out, address, source_port, port, cookie);
	else
		patch_icmp(template, out, cookie);
	put16(out + AT_IP_ID, (uint16_t)cookie);
	put32(out + AT_IP_DST, address);
	put16(out + AT_IP_CHECKSUM,
	    checksum_of(template->ip_sum + words(address) + (cookie & 0xffff)));
	return template->len;
}

static bool
build_datagram(
    libnet_t *net, const struct send_datagram *d, const struct route *route)
{
	const uint16_t len = (uint16_t)(LIBNET_UDP_H + d->len);

	return libnet_build_udp(d->source_port, d->port, len, 0, d->payload,
		   (uint32_t)d->len, net, 0) != -1 &&
	    libnet_build_ipv4((uint16_t)(LIBNET_IPV4_H + len), 0, d->ip_id, 0,
		TTL, IPPROTO_UDP, 0, htonl(route->source), htonl(d->to), NULL,
		0, net, 0) != -1 &&
	    libnet_build_ethernet(
		broadcast, route->mac.b, ETHERTYPE_IP, NULL, 0, net, 0) != -1;
}

size_t
send_broadcast(uint8_t *out, const struct send_datagram *d,
    const struct route *route, char error[static ROUTE_ERROR])
{
	char why[LIBNET_ERRBUF_SIZE] = "";
	libnet_t *net = libnet_init(LIBNET_NONE, NULL, why);
	uint8_t *frame = NULL;
	uint32_t len = 0;

	if (net == NULL) {
		snprintf(error, ROUTE_ERROR, "libnet: %.200s", why);
		return 0;
	}
	if (!build_datagram(net, d, route) ||
	    libnet_pblock_coalesce(net, &frame, &len) == -1) {
		snprintf(
		    error, ROUTE_ERROR, "libnet: %.200s", libnet_geterror(net));
		len = 0;
	} else if (len > SEND_FRAME_MAX) {
		snprintf(error, ROUTE_ERROR, "a datagram too long to send");
		len = 0;
	} else {
		memcpy(out, frame, len);
	}
	if (frame != NULL)
		libnet_adv_free_packet(net, frame);
	libnet_destroy(net);
	return len;
}

uint32_t
send_cookie(const uint8_t key[static 16], uint32_t address, uint16_t port,
    uint16_t what)
{
	uint8_t bytes[8];

	put32(bytes, address);
	put16(bytes + 4, port);
	put16(bytes + 6, what);
	return (uint32_t)siphash24(key, bytes, sizeof(bytes));
}
