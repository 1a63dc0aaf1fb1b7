/* SPDX-License-Identifier: ISC */
/*
 * decode - one captured frame into one struct packet, headers only.
 *
 * Reads Ethernet II with up to two 802.1Q tags, Linux cooked v1/v2, raw IP
 * and null/loopback link layers; ARP (RFC 826), IPv4 (RFC 791), ICMP (RFC
 * 792), UDP (RFC 768), TCP (RFC 9293).  Nothing is allocated; the packet
 * borrows the frame's bytes.  A frame cut by the snap length decodes as far
 * as it goes; lengths are then those the headers claim.  Where the cut goes
 * through a transport's or ICMP's header the packet is PACKET_IP_OTHER, and
 * PACKET_OTHER where it goes through IPv4's or ARP's.  A header that runs past
 * the end of a frame that is whole is a contradiction: PACKET_BROKEN.
 */
#ifndef DECODE_H
#define DECODE_H

#include <stdbool.h>
#include <stdint.h>

#include "scanner/net.h"
#include "scanner/wire.h"

/* A frame, live or from a file: the same thing from here on. */
struct frame {
	int64_t time_ns;    /* since the epoch */
	uint32_t number;    /* from 1 in its source */
	int link_type;      /* DLT_* as libpcap numbers them */
	uint16_t interface; /* the kernel's index, live; 0 in a file */
	const uint8_t *bytes;
	uint32_t len;      /* captured */
	uint32_t wire_len; /* on the wire */
};

enum packet_kind {
	PACKET_OTHER = 0, /* not IPv4, ARP, or not decodable further */
	PACKET_ARP,
	PACKET_ICMP,
	PACKET_UDP,
	PACKET_TCP,
	PACKET_IP_OTHER, /* IPv4 with a protocol or fragment not read */
	PACKET_BROKEN    /* headers contradict themselves */
};

enum { TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_PSH = 8, TCP_ACK = 16 };

struct packet {
	const struct frame *frame;
	enum packet_kind kind;
	bool has_link; /* source_mac and destination_mac are set */
	/* Linux cooked frames carry no destination: it is ff:ff:ff:ff:ff:ff
	 * where they say "broadcast", and has_link is false elsewhere, though
	 * source_mac is set where the sender is on Ethernet. */
	struct mac source_mac, destination_mac;
	/* Innermost; 0x0800 for raw IPv4; an 802.3 length stays below 1536. */
	uint16_t ethertype;
	uint16_t vlan; /* outermost tag's id, 0 without */

	/* PACKET_ARP: Ethernet/IPv4 only */
	struct {
		uint16_t operation; /* 1 request, 2 reply */
		struct mac sender_mac, target_mac;
		uint32_t sender, target;
	} arp;

	/* every IPv4 packet */
	uint32_t source, destination;
	uint8_t ttl, protocol;
	bool df, is_fragment;
	bool header_sum_bad; /* IPv4 header checksum is wrong */
	uint16_t ip_id, total_len;

	struct {
		uint16_t source_port, destination_port;
		uint16_t payload_len; /* as the header says */
		bool checksum_off;
	} udp;

	struct {
		uint16_t source_port, destination_port;
		uint32_t seq, ack;
		uint8_t flags;
		uint16_t window;
		struct rd options; /* ran_short where the frame cuts them */
	} tcp;

	struct {
		uint8_t type, code;
		uint16_t id, seq; /* echo and echo reply only */
		/* the datagram an error message quotes; quoted_protocol 0
		 * where there is none that can be read */
		uint8_t quoted_protocol;
		uint32_t quoted_source, quoted_destination;
		uint16_t quoted_source_port, quoted_destination_port;
		uint32_t quoted_seq; /* TCP only */
	} icmp;

	struct rd payload; /* behind the last header read, padding cut */
};

/* Returns whether decode_frame() reads this link type (DLT_*). */
bool decode_knows_link(int link_type);

/* Decodes frame into *out; out->kind says how far it went. */
void decode_frame(const struct frame *frame, struct packet *out);

/*
 * Writes TCP options as nmap does (M5B4 N W0 T11 S E; unknown kinds as
 * K<number>), such as "M5B4NW0NNT11".  T is followed by two digits that say
 * whether value and echo are non-zero.  What follows E is padding and not
 * shown; a "?" at the end says that the rest is malformed or was cut.  Returns
 * out.
 */
enum { DECODE_OPTIONS_TEXT = 128 };
const char *decode_tcp_options(
    struct rd options, char out[static DECODE_OPTIONS_TEXT]);

#endif
