/* SPDX-License-Identifier: ISC */
/*
 * net - ARP, IPv4, ICMP and UDP as the simulated hosts speak them, and what
 * TCP needs from below.  All numbers are in host order.
 */
#ifndef WARD_NET_H
#define WARD_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "service.h"
#include "ward.h"

enum {
	ETH_LEN = 14,
	IP_LEN = 20,
	HEAD_LEN = ETH_LEN + IP_LEN, /* what ip_send() puts before a body */
	MTU = 1500,
	BODY_MAX = MTU - IP_LEN,
	UDP_LEN = 8,
	ICMP_LEN = 8,

	PROTO_ICMP = 1,
	PROTO_TCP = 6,
	PROTO_UDP = 17,

	UNREACH_PORT = 3,
	UNREACH_ADMIN = 13,
};

/* A datagram that passed all checks of IP; borrowed for the call. */
struct packet {
	struct host *host;  /* it is for this one */
	const uint8_t *mac; /* the sender's */
	const uint8_t *ip;  /* the whole datagram */
	const uint8_t *body;
	size_t body_len;
	uint32_t src;
	uint32_t dst;
	uint8_t proto;
	bool df;
	bool sums_pending; /* TCP and UDP checksums are not there yet */
};

/* What a leaving datagram's header says beside the host's own habits. */
struct ip_out {
	uint32_t dst;
	const uint8_t *mac; /* the receiver's */
	uint8_t proto;
	uint8_t ttl;
	bool df;
	bool id_zero; /* whatever the stack's habit */
};

/*
 * Sends body_len bytes that stand HEAD_LEN bytes into frame; the head is
 * written here.  A host that hangs sends nothing.
 */
void ip_send(
    struct host *, const struct ip_out *, uint8_t *frame, size_t body_len);

/* Returns the Internet checksum of the bytes, continued from sum. */
uint16_t ip_sum(const uint8_t *, size_t len, uint32_t sum);

/* Returns what TCP's and UDP's checksums start from. */
uint32_t ip_pseudo_sum(uint32_t src, uint32_t dst, uint8_t proto, size_t len);

void arp_input(struct ward *, const struct link_frame *);
void ip_input(struct ward *, const struct link_frame *);
void icmp_input(const struct packet *);
void udp_input(const struct packet *);

/* The same for a broadcast, which only listeners answer. */
void udp_hear(const struct packet *);

/* Tells the sender that its packet got nowhere (one of UNREACH_*). */
void icmp_unreachable(const struct packet *, uint8_t code);

/* Tells the sender that its packet died of old age at the router. */
void icmp_expired(const struct packet *, struct host *router);

/*
 * Sends a datagram from the host; to mac NULL it goes to every station on the
 * link.  Longer ones than a packet holds are not sent.
 */
void udp_send(struct host *, uint16_t from_port, uint32_t dst,
    uint16_t dst_port, const uint8_t *mac, const uint8_t *bytes, size_t len);

/* Answers a datagram. */
void udp_reply(const struct datagram *, const uint8_t *bytes, size_t len);

/* Returns the host's next anonymous port, 1024 to 5000 and around. */
uint16_t udp_new_port(struct host *);

#endif
