/* SPDX-License-Identifier: ISC */
/* decode: golden frames, every cut of them, every byte of them corrupted. */
#include <string.h>

#include "scanner/decode.h"
#include "t/unit.h"

enum {
	NULL_LINK = 0,
	ETHERNET = 1,
	RAW = 12,
	LOOP = 108,
	COOKED = 113,
	IPV4 = 228,
	COOKED_2 = 276
};

/* clang-format off */

/* The four datagrams of the origin note, as much as was captured of them:
 * 54 of 74 bytes, from 16:25:08 on. */
#define ORIGIN_PAYLOAD \
	"\x00\x00\x00\x7e\x00\x00\x05\xe8" "NMR1\x00\x00" "IC0\x00" \
	"\x00\x00\x00\x00\x00\x00\x00\x00"
static const char *const origin[] = {
	"\x45\x00\x00\x4a\x60\xee\x00\x00\x3c\x11\x72\xe1"
	"\x80\xe7\xd5\x04\x80\xe7\xd4\x00"
	"\x0e\x75\x06\x40\x00\x36\x00\x00" ORIGIN_PAYLOAD,
	"\x45\x00\x00\x4a\x60\xef\x00\x00\x3c\x11\x72\xe0"
	"\x80\xe7\xd5\x04\x80\xe7\xd4\x00"
	"\x0e\x76\x06\x40\x00\x36\x00\x00" ORIGIN_PAYLOAD,
	"\x45\x00\x00\x4a\x60\xf1\x00\x00\x3c\x11\x72\xde"
	"\x80\xe7\xd5\x04\x80\xe7\xd4\x00"
	"\x0e\x78\x06\x40\x00\x36\x00\x00" ORIGIN_PAYLOAD,
	"\x45\x00\x00\x4a\x60\xf2\x00\x00\x3c\x11\x72\xdd"
	"\x80\xe7\xd5\x04\x80\xe7\xd4\x00"
	"\x0e\x79\x06\x40\x00\x36\x00\x00" ORIGIN_PAYLOAD
};
enum { ORIGIN_LEN = 54, ORIGIN_WIRE_LEN = 74 };

/* From the console to everybody, the type to follow. */
#define MACS "\xff\xff\xff\xff\xff\xff" "\x08\x00\x20\x01\x02\x03"

/* 192.0.2.1 asks 192.0.2.9 on UDP 1600 with "hello"; checksum is on. */
#define HELLO \
	"\x45\x00\x00\x21\x12\x34\x40\x00\x40\x11\xa4\x8d" \
	"\xc0\x00\x02\x01\xc0\x00\x02\x09" \
	"\x10\x00\x06\x40\x00\x0d\xbe\xef" "hello"
enum { HELLO_LEN = 33 };

static const char arp_reply[] =
	"\x08\x00\x20\x01\x02\x03" "\x02\x00\x00\x00\x00\x09" "\x08\x06"
	"\x00\x01\x08\x00\x06\x04\x00\x02"
	"\x02\x00\x00\x00\x00\x09" "\xc0\x00\x02\x09"
	"\x08\x00\x20\x01\x02\x03" "\xc0\x00\x02\x01"
	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
enum { ARP_LEN = 42, ARP_PADDED_LEN = 60 };

/* A SYN-ACK with every option that is common, padded by two bytes. */
static const char syn_ack[] =
	MACS "\x08\x00"
	"\x45\x00\x00\x40\x00\x00\x40\x00\x40\x06\xb6\xad"
	"\xc0\x00\x02\x09\xc0\x00\x02\x01"
	"\x00\x68\x80\x00\x01\x02\x03\x04\x05\x06\x07\x08"
	"\xb0\x12\x71\x20\x00\x00\x00\x00"
	"\x02\x04\x05\xb4\x01\x03\x03\x00\x04\x02"
	"\x08\x0a\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00"
	"\xaa\xbb";
enum { SYN_ACK_LEN = 78 };

/* Port unreachable from 192.0.2.9 for UDP 192.0.2.1:4096 to :111. */
static const char unreachable[] =
	MACS "\x08\x00"
	"\x45\x00\x00\x38\x00\x07\x00\x00\xff\x01\x37\xb3"
	"\xc0\x00\x02\x09\xc0\x00\x02\x01"
	"\x03\x03\x00\x00\x00\x00\x00\x00"
	"\x45\x00\x00\x44\x12\x34\x40\x00\x40\x11\x00\x00"
	"\xc0\x00\x02\x01\xc0\x00\x02\x09"
	"\x10\x00\x00\x6f\x00\x30\x00\x00";
enum { UNREACHABLE_LEN = 70 };

static const char echo_reply[] =
	MACS "\x08\x00"
	"\x45\x00\x00\x20\x00\x08\x00\x00\xff\x01\x37\xca"
	"\xc0\x00\x02\x09\xc0\x00\x02\x01"
	"\x00\x00\x00\x00\xab\xcd\x00\x05" "ping";
enum { ECHO_REPLY_LEN = 46 };

static const char hello_ethernet[] = MACS "\x08\x00" HELLO;
static const char hello_tagged[] = MACS "\x81\x00\xe0\x65\x08\x00" HELLO;
static const char hello_twice[] =
	MACS "\x88\xa8\x00\x65\x81\x00\x00\x66\x08\x00" HELLO;
static const char hello_thrice[] =
	MACS "\x88\xa8\x00\x65\x81\x00\x00\x66\x81\x00\x00\x67\x08\x00" HELLO;
static const char hello_cooked[] =
	"\x00\x01\x00\x01\x00\x06\x08\x00\x20\x01\x02\x03\x00\x00\x08\x00"
	HELLO;
static const char hello_cooked_2[] =
	"\x08\x00\x00\x00\x00\x00\x00\x02\x00\x01\x01\x06"
	"\x08\x00\x20\x01\x02\x03\x00\x00" HELLO;
static const char hello_null[] = "\x02\x00\x00\x00" HELLO;
static const char hello_null_big[] = "\x00\x00\x00\x02" HELLO;

static const struct golden {
	int link_type;
	const char *bytes;
	uint32_t len;	/* with padding */
	uint32_t need;	/* without */
	enum packet_kind kind;
} goldens[] = {
	{ ETHERNET, arp_reply, ARP_PADDED_LEN, ARP_LEN, PACKET_ARP },
	{ ETHERNET, syn_ack, SYN_ACK_LEN + 2, SYN_ACK_LEN, PACKET_TCP },
	{ ETHERNET, unreachable, UNREACHABLE_LEN, UNREACHABLE_LEN,
	    PACKET_ICMP },
	{ ETHERNET, echo_reply, ECHO_REPLY_LEN, ECHO_REPLY_LEN, PACKET_ICMP },
	{ ETHERNET, hello_ethernet, 14 + HELLO_LEN, 14 + HELLO_LEN,
	    PACKET_UDP },
	{ ETHERNET, hello_tagged, 18 + HELLO_LEN, 18 + HELLO_LEN, PACKET_UDP },
	{ ETHERNET, hello_twice, 22 + HELLO_LEN, 22 + HELLO_LEN, PACKET_UDP },
	{ COOKED, hello_cooked, 16 + HELLO_LEN, 16 + HELLO_LEN, PACKET_UDP },
	{ COOKED_2, hello_cooked_2, 20 + HELLO_LEN, 20 + HELLO_LEN,
	    PACKET_UDP },
	{ NULL_LINK, hello_null, 4 + HELLO_LEN, 4 + HELLO_LEN, PACKET_UDP },
	{ NULL_LINK, hello_null_big, 4 + HELLO_LEN, 4 + HELLO_LEN,
	    PACKET_UDP },
	{ LOOP, hello_null_big, 4 + HELLO_LEN, 4 + HELLO_LEN, PACKET_UDP },
	{ RAW, HELLO, HELLO_LEN, HELLO_LEN, PACKET_UDP },
	{ IPV4, HELLO, HELLO_LEN, HELLO_LEN, PACKET_UDP },
};
/* clang-format on */

enum { GOLDENS = sizeof(goldens) / sizeof(goldens[0]) };

static struct frame frame;
static struct packet packet;

static void
assert_inside(const struct rd *r)
{
	if (r->left == 0)
		return;
	ck_assert(r->at >= frame.bytes);
	ck_assert_uint_le((size_t)(r->at - frame.bytes) + r->left, frame.len);
}

/* Decodes len bytes at the edge of a page as wire_len bytes on the wire. */
static const struct packet *
decode(int link_type, const void *bytes, uint32_t len, uint32_t wire_len)
{
	frame = (struct frame){ .number = 1,
		.link_type = link_type,
		.bytes = at_the_edge(bytes, len),
		.len = len,
		.wire_len = wire_len };
	memset(&packet, 0xa5, sizeof(packet));
	decode_frame(&frame, &packet);
	ck_assert_ptr_eq(packet.frame, &frame);
	ck_assert_int_le(packet.kind, PACKET_BROKEN);
	assert_inside(&packet.payload);
	assert_inside(&packet.tcp.options);
	return &packet;
}

static const struct packet *
decode_whole(int link_type, const void *bytes, uint32_t len)
{
	return decode(link_type, bytes, len, len);
}

/* Decodes an Ethernet frame with one 16-bit field set to another value. */
static const struct packet *
decode_with(const char *bytes, uint32_t len, size_t at, uint16_t value)
{
	uint8_t copy[128];

	memcpy(copy, bytes, len);
	copy[at] = (uint8_t)(value >> 8);
	copy[at + 1] = (uint8_t)value;
	return decode_whole(ETHERNET, copy, len);
}

START_TEST(reads_the_datagrams_of_the_note)
{
	uint8_t bytes[14 + ORIGIN_LEN] = MACS "\x08\x00";

	for (uint16_t i = 0; i < 4; i++) {
		static const uint16_t step[] = { 0, 1, 3, 4 };
		const struct packet *p;

		memcpy(bytes + 14, origin[i], ORIGIN_LEN);
		p = decode(
		    ETHERNET, bytes, 14 + ORIGIN_LEN, 14 + ORIGIN_WIRE_LEN);
		ck_assert_int_eq(p->kind, PACKET_UDP);
		ck_assert(p->has_link);
		ck_assert_uint_eq(p->source, 0x80e7d504);
		ck_assert_uint_eq(p->destination, 0x80e7d400);
		ck_assert_uint_eq(p->ttl, 60);
		ck_assert_uint_eq(p->protocol, 17);
		ck_assert_uint_eq(p->total_len, ORIGIN_WIRE_LEN);
		ck_assert_uint_eq(p->ip_id, 0x60ee + step[i]);
		ck_assert(!p->df && !p->is_fragment && !p->header_sum_bad);
		ck_assert_uint_eq(p->udp.source_port, 3701 + step[i]);
		ck_assert_uint_eq(p->udp.destination_port, 1600);
		ck_assert_uint_eq(p->udp.payload_len, 46);
		ck_assert(p->udp.checksum_off);
		ck_assert_uint_eq(p->payload.left, 26);
		ck_assert_mem_eq(p->payload.at + 8, "NMR1\0\0IC0", 9);

		p = decode(RAW, origin[i], ORIGIN_LEN, ORIGIN_WIRE_LEN);
		ck_assert_int_eq(p->kind, PACKET_UDP);
		ck_assert(!p->has_link);
	}
}
END_TEST

START_TEST(reads_udp_behind_every_link_layer)
{
	for (size_t i = 0; i < GOLDENS; i++) {
		const struct golden *g = &goldens[i];
		const struct packet *p =
		    decode_whole(g->link_type, g->bytes, g->len);

		ck_assert_int_eq(p->kind, g->kind);
		ck_assert(decode_knows_link(g->link_type));
		ck_assert(!p->header_sum_bad);
		if (g->kind != PACKET_UDP)
			continue;
		ck_assert_uint_eq(p->ethertype, 0x0800);
		ck_assert_uint_eq(p->source, 0xc0000201);
		ck_assert_uint_eq(p->destination, 0xc0000209);
		ck_assert_uint_eq(p->udp.source_port, 4096);
		ck_assert_uint_eq(p->udp.destination_port, 1600);
		ck_assert_uint_eq(p->udp.payload_len, 5);
		ck_assert(!p->udp.checksum_off && p->df);
		ck_assert_uint_eq(p->payload.left, 5);
		ck_assert_mem_eq(p->payload.at, "hello", 5);
	}
	ck_assert(!decode_knows_link(105));
	ck_assert(!decode_knows_link(-1));
	ck_assert_int_eq(
	    decode_whole(105, hello_ethernet, 47)->kind, PACKET_OTHER);
}
END_TEST

START_TEST(reads_link_addresses_and_tags)
{
	static const struct mac all = { { 255, 255, 255, 255, 255, 255 } };
	static const struct mac sun = { { 8, 0, 0x20, 1, 2, 3 } };
	const struct packet *p;
	uint8_t unicast[16 + HELLO_LEN];

	p = decode_whole(ETHERNET, hello_ethernet, 47);
	ck_assert(p->has_link && mac_equal(p->source_mac, sun));
	ck_assert(mac_equal(p->destination_mac, all));
	ck_assert_uint_eq(p->vlan, 0);
	ck_assert_uint_eq(decode_whole(ETHERNET, hello_tagged, 51)->vlan, 101);
	ck_assert_uint_eq(decode_whole(ETHERNET, hello_twice, 55)->vlan, 101);
	p = decode_whole(ETHERNET, hello_thrice, 59);
	ck_assert_int_eq(p->kind, PACKET_OTHER);
	ck_assert_uint_eq(p->ethertype, 0x8100);

	p = decode_whole(COOKED, hello_cooked, 49);
	ck_assert(p->has_link && mac_equal(p->source_mac, sun));
	ck_assert(mac_equal(p->destination_mac, all));
	p = decode_whole(COOKED_2, hello_cooked_2, 53);
	ck_assert(p->has_link && mac_equal(p->source_mac, sun));
	ck_assert(mac_equal(p->destination_mac, all));
	memcpy(unicast, hello_cooked, sizeof(unicast));
	unicast[1] = 0; /* sent to us alone: where to is not said */
	p = decode_whole(COOKED, unicast, sizeof(unicast));
	ck_assert(!p->has_link && mac_equal(p->source_mac, sun));
	ck_assert(!mac_is_known(p->destination_mac));
}
END_TEST

START_TEST(reads_arp)
{
	const struct packet *p =
	    decode_whole(ETHERNET, arp_reply, ARP_PADDED_LEN);
	char buf[NET_MAC_TEXT];

	ck_assert_int_eq(p->kind, PACKET_ARP);
	ck_assert_uint_eq(p->arp.operation, 2);
	ck_assert_uint_eq(p->arp.sender, 0xc0000209);
	ck_assert_uint_eq(p->arp.target, 0xc0000201);
	ck_assert_str_eq(mac_text(p->arp.sender_mac, buf), "02:00:00:00:00:09");
	ck_assert_str_eq(mac_text(p->arp.target_mac, buf), "08:00:20:01:02:03");
	ck_assert_uint_eq(p->payload.left, 0);
	/* Hardware, protocol and address sizes other than ours. */
	for (size_t at = 14; at < 20; at += 2)
		ck_assert_int_eq(
		    decode_with(arp_reply, ARP_LEN, at, 0x0707)->kind,
		    PACKET_OTHER);
}
END_TEST

START_TEST(reads_a_syn_ack)
{
	const struct packet *p =
	    decode_whole(ETHERNET, syn_ack, SYN_ACK_LEN + 2);
	char text[DECODE_OPTIONS_TEXT];

	ck_assert_int_eq(p->kind, PACKET_TCP);
	ck_assert_uint_eq(p->tcp.source_port, 104);
	ck_assert_uint_eq(p->tcp.destination_port, 32768);
	ck_assert_uint_eq(p->tcp.seq, 0x01020304);
	ck_assert_uint_eq(p->tcp.ack, 0x05060708);
	ck_assert_uint_eq(p->tcp.flags, TCP_SYN | TCP_ACK);
	ck_assert_uint_eq(p->tcp.window, 0x7120);
	ck_assert_uint_eq(p->tcp.options.left, 24);
	ck_assert_uint_eq(p->payload.left, 0);
	ck_assert(!p->header_sum_bad);
	ck_assert_str_eq(
	    decode_tcp_options(p->tcp.options, text), "M5B4NW0ST10E");
}
END_TEST

START_TEST(a_tcp_header_must_fit)
{
	/* Data offset: too small, as large as can be, one too large. */
	ck_assert_int_eq(
	    decode_with(syn_ack, SYN_ACK_LEN, 46, 0x4012)->kind, PACKET_BROKEN);
	ck_assert_int_eq(
	    decode_with(syn_ack, SYN_ACK_LEN, 46, 0xb012)->kind, PACKET_TCP);
	ck_assert_int_eq(
	    decode_with(syn_ack, SYN_ACK_LEN, 46, 0xc012)->kind, PACKET_BROKEN);
}
END_TEST

START_TEST(options_cut_by_the_snap_length_say_so)
{
	const struct packet *p =
	    decode(ETHERNET, syn_ack, SYN_ACK_LEN - 16, SYN_ACK_LEN);
	char text[DECODE_OPTIONS_TEXT];

	ck_assert_int_eq(p->kind, PACKET_TCP);
	ck_assert(p->tcp.options.ran_short);
	ck_assert_uint_eq(p->payload.left, 0);
	ck_assert_str_eq(decode_tcp_options(p->tcp.options, text), "M5B4NW0?");
}
END_TEST

START_TEST(reads_icmp)
{
	const struct packet *p =
	    decode_whole(ETHERNET, unreachable, UNREACHABLE_LEN);

	ck_assert_int_eq(p->kind, PACKET_ICMP);
	ck_assert_uint_eq(p->icmp.type, 3);
	ck_assert_uint_eq(p->icmp.code, 3);
	ck_assert_uint_eq(p->icmp.quoted_protocol, 17);
	ck_assert_uint_eq(p->icmp.quoted_source, 0xc0000201);
	ck_assert_uint_eq(p->icmp.quoted_destination, 0xc0000209);
	ck_assert_uint_eq(p->icmp.quoted_source_port, 4096);
	ck_assert_uint_eq(p->icmp.quoted_destination_port, 111);

	p = decode_whole(ETHERNET, echo_reply, ECHO_REPLY_LEN);
	ck_assert_uint_eq(p->icmp.type, 0);
	ck_assert_uint_eq(p->icmp.id, 0xabcd);
	ck_assert_uint_eq(p->icmp.seq, 5);
	ck_assert_uint_eq(p->icmp.quoted_protocol, 0);
	ck_assert_mem_eq(p->payload.at, "ping", 4);
	ck_assert_uint_eq(p->payload.left, 4);
}
END_TEST

START_TEST(a_quote_that_cannot_be_read_names_nobody)
{
	const struct packet *p;

	/* Version 6; header of 16 bytes. */
	p = decode_with(unreachable, UNREACHABLE_LEN, 42, 0x6500);
	ck_assert_int_eq(p->kind, PACKET_ICMP);
	ck_assert_uint_eq(p->icmp.quoted_protocol, 0);
	p = decode_with(unreachable, UNREACHABLE_LEN, 42, 0x4400);
	ck_assert_uint_eq(p->icmp.quoted_protocol, 0);
	/* Options that take the place of the ports; a later fragment. */
	p = decode_with(unreachable, UNREACHABLE_LEN, 42, 0x4700);
	ck_assert_uint_eq(p->icmp.quoted_protocol, 17);
	ck_assert_uint_eq(p->icmp.quoted_source_port, 0);
	p = decode_with(unreachable, UNREACHABLE_LEN, 48, 0x0001);
	ck_assert_uint_eq(p->icmp.quoted_protocol, 17);
	ck_assert_uint_eq(p->icmp.quoted_source_port, 0);
	/* An echo's data is not a quote. */
	p = decode_with(unreachable, UNREACHABLE_LEN, 34, 0x0800);
	ck_assert_uint_eq(p->icmp.quoted_protocol, 0);
}
END_TEST

START_TEST(lengths_must_agree)
{
	static const struct {
		size_t at;
		uint16_t value;
		enum packet_kind kind;
	} cases[] = {
		{ 14, 0x6500, PACKET_BROKEN }, /* IP version */
		{ 14, 0x4400, PACKET_BROKEN }, /* header of 16 bytes */
		{ 14, 0x4f00, PACKET_BROKEN }, /* header past the end */
		{ 16, 0, PACKET_BROKEN },      /* total length */
		{ 16, 19, PACKET_BROKEN },
		{ 16, 20, PACKET_BROKEN }, /* no room for UDP */
		{ 16, 27, PACKET_BROKEN },
		{ 16, 28, PACKET_BROKEN }, /* UDP says more */
		{ 16, 32, PACKET_BROKEN },
		{ 16, 33, PACKET_UDP },
		{ 16, 34, PACKET_BROKEN }, /* more than the wire carried */
		{ 16, 0xffff, PACKET_BROKEN },
		{ 38, 0, PACKET_BROKEN }, /* UDP length */
		{ 38, 7, PACKET_BROKEN },
		{ 38, 8, PACKET_UDP },
		{ 38, 12, PACKET_UDP },
		{ 38, 14, PACKET_BROKEN },
		{ 38, 0xffff, PACKET_BROKEN },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct packet *p = decode_with(hello_ethernet,
		    14 + HELLO_LEN, cases[i].at, cases[i].value);

		ck_assert_msg(p->kind == cases[i].kind, "%zu: %u gives %d",
		    cases[i].at, cases[i].value, (int)p->kind);
		if (p->kind == PACKET_UDP)
			ck_assert_uint_eq(p->payload.left, p->udp.payload_len);
	}
}
END_TEST

START_TEST(fragments_are_named_and_left_alone)
{
	static const uint16_t fields[] = { 0x2000, 0x0001, 0x3fff };
	const struct packet *p;

	for (size_t i = 0; i < 3; i++) {
		p = decode_with(hello_ethernet, 14 + HELLO_LEN, 20, fields[i]);
		ck_assert_int_eq(p->kind, PACKET_IP_OTHER);
		ck_assert(p->is_fragment && !p->df);
		ck_assert(p->header_sum_bad);
		ck_assert_uint_eq(p->source, 0xc0000201);
		ck_assert_uint_eq(p->payload.left, HELLO_LEN - 20);
	}
	p = decode_with(hello_ethernet, 14 + HELLO_LEN, 20, 0x4000);
	ck_assert(!p->is_fragment && p->df && !p->header_sum_bad);
}
END_TEST

START_TEST(other_protocols_are_left_alone)
{
	const struct packet *p;

	p = decode_with(hello_ethernet, 14 + HELLO_LEN, 22, 0x4059); /* OSPF */
	ck_assert_int_eq(p->kind, PACKET_IP_OTHER);
	ck_assert_uint_eq(p->protocol, 89);
	p = decode_with(hello_ethernet, 14 + HELLO_LEN, 12, 0x86dd);
	ck_assert_int_eq(p->kind, PACKET_OTHER);
	ck_assert_uint_eq(p->ethertype, 0x86dd);
	p = decode_with(hello_ethernet, 14 + HELLO_LEN, 12, 20); /* 802.3 */
	ck_assert_int_eq(p->kind, PACKET_OTHER);
	ck_assert_uint_eq(p->ethertype, 20);
	ck_assert_uint_eq(p->payload.left, 20);
	p = decode_whole(RAW, "\x60\0\0\0", 4);
	ck_assert_int_eq(p->kind, PACKET_OTHER);
	ck_assert_uint_eq(p->ethertype, 0x86dd);
	ck_assert_int_eq(
	    decode_whole(LOOP, hello_null, 37)->kind, PACKET_OTHER);
}
END_TEST

START_TEST(ip_options_are_stepped_over)
{
	/* Router alert, then the same UDP datagram. */
	static const char bytes[] = "\x46\x00\x00\x25\x12\x34\x40\x00\x40\x11"
				    "\x0f\x85\xc0\x00\x02\x01\xc0\x00\x02\x09"
				    "\x94\x04\x00\x00\x10\x00\x06\x40\x00\x0d"
				    "\xbe\xefhello";
	const struct packet *p = decode_whole(RAW, bytes, HELLO_LEN + 4);

	ck_assert_int_eq(p->kind, PACKET_UDP);
	ck_assert(!p->header_sum_bad);
	ck_assert_uint_eq(p->udp.source_port, 4096);
	ck_assert_mem_eq(p->payload.at, "hello", 5);
}
END_TEST

/* A frame the snap length cut is never broken, and never invents a port. */
START_TEST(every_cut_decodes_as_far_as_it_goes)
{
	for (size_t i = 0; i < GOLDENS; i++) {
		const struct golden *g = &goldens[i];

		for (uint32_t len = 0; len < g->len; len++) {
			const struct packet *p =
			    decode(g->link_type, g->bytes, len, g->len);

			ck_assert_int_ne(p->kind, PACKET_BROKEN);
			if (len >= g->need)
				ck_assert_int_eq(p->kind, g->kind);
			if (p->kind == PACKET_UDP) {
				ck_assert_uint_eq(
				    p->udp.destination_port, 1600);
				ck_assert_uint_eq(p->udp.payload_len, 5);
				ck_assert_uint_eq(
				    p->payload.left, 5 - (g->len - len));
			}
		}
		unit_edge_free();
	}
}
END_TEST

/* The same bytes as a whole frame contradict their own lengths. */
START_TEST(every_short_frame_is_broken)
{
	for (size_t i = 0; i < GOLDENS; i++) {
		const struct golden *g = &goldens[i];

		for (uint32_t len = 0; len < g->need; len++)
			ck_assert_int_eq(
			    decode_whole(g->link_type, g->bytes, len)->kind,
			    PACKET_BROKEN);
		for (uint32_t len = g->need; len <= g->len; len++)
			ck_assert_int_eq(
			    decode_whole(g->link_type, g->bytes, len)->kind,
			    g->kind);
		unit_edge_free();
	}
}
END_TEST

/* decode() asserts that what comes out lies inside the frame. */
START_TEST(every_corrupt_byte_is_survived)
{
	uint8_t copy[128];
	size_t changed = 0;

	for (size_t i = 0; i < GOLDENS; i++) {
		const struct golden *g = &goldens[i];
		char text[DECODE_OPTIONS_TEXT];

		memcpy(copy, g->bytes, g->len);
		for (size_t at = 0; at < g->len; at++) {
			for (unsigned bits = 1; bits < 256; bits++) {
				const struct packet *p;

				if (at < 14 && (bits & (bits - 1)) != 0)
					continue;
				copy[at] ^= (uint8_t)bits;
				p = decode_whole(g->link_type, copy, g->len);
				changed += p->kind != g->kind;
				decode_tcp_options(p->tcp.options, text);
				decode(
				    g->link_type, copy, g->len, g->len + 1000);
				copy[at] ^= (uint8_t)bits;
				unit_edge_free();
			}
		}
	}
	ck_assert_uint_gt(changed, 1000);
}
END_TEST

START_TEST(writes_options_as_nmap_does)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *text;
	} cases[] = {
		{ "", 0, "" }, { "\x02\x04\x05\xb4", 4, "M5B4" },
		{ "\x02\x04\x05\xb4\x01\x03\x03\x00\x01\x01"
		  "\x08\x0a\0\0\0\1\0\0\0\2",
		    20, "M5B4NW0NNT11" },
		{ "\x08\x0a\0\0\0\0\0\0\0\2", 10, "T01" },
		{ "\x04\x02\x08\x0a\0\0\0\1\0\0\0\0\x01\x03\x03\x0a", 16,
		    "ST10NWA" },
		{ "\x00\x01\x01", 3, "E" },
		{ "\x1e\x04\xaa\xbb\xfe\x02", 6, "K30K254" },
		{ "\x02\x03\x05\x03\x02\x04\x03\xaa", 8, "K2K3K4" },
		{ "\x01\x02", 2, "N?" },             /* kind without length */
		{ "\x01\x02\x05\x05\xb4", 5, "N?" }, /* past the end */
		{ "\x01\x05\x00\x01", 4, "N?" },     /* length 0 */
		{ "\x01\x05\x01\x01", 4, "N?" },     /* length 1 */
	};
	char text[DECODE_OPTIONS_TEXT];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rd r = { .at = at_the_edge(cases[i].bytes, cases[i].len),
			.left = cases[i].len };

		ck_assert_str_eq(decode_tcp_options(r, text), cases[i].text);
	}
}
END_TEST

/* No header is so long, yet the text must stay in its room. */
START_TEST(options_text_is_bounded)
{
	uint8_t many[512];
	char text[DECODE_OPTIONS_TEXT];
	struct rd r = { .at = many, .left = sizeof(many) };

	for (size_t i = 0; i < sizeof(many); i += 2) {
		many[i] = 0xfd;
		many[i + 1] = 2;
	}
	decode_tcp_options(r, text);
	ck_assert_uint_lt(strlen(text), DECODE_OPTIONS_TEXT);
	ck_assert_int_eq(text[strlen(text) - 1], '?');
	memset(many, 1, sizeof(many));
	decode_tcp_options(r, text);
	ck_assert_uint_lt(strlen(text), DECODE_OPTIONS_TEXT);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { reads_the_datagrams_of_the_note,
		reads_udp_behind_every_link_layer,
		reads_link_addresses_and_tags, reads_arp, reads_a_syn_ack,
		a_tcp_header_must_fit, options_cut_by_the_snap_length_say_so,
		reads_icmp, a_quote_that_cannot_be_read_names_nobody,
		lengths_must_agree, fragments_are_named_and_left_alone,
		other_protocols_are_left_alone, ip_options_are_stepped_over,
		every_cut_decodes_as_far_as_it_goes,
		every_short_frame_is_broken, every_corrupt_byte_is_survived,
		writes_options_as_nmap_does, options_text_is_bounded, NULL };

	return unit_run("decode", tests);
}
