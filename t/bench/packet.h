/* SPDX-License-Identifier: ISC */
/*
 * packet - the few frames the bench makes: ARP, TCP without data, echo reply.
 *
 * Addresses and ports are in host byte order here and in network order in the
 * frame.  It shares no code with the scanner it measures.
 */
#ifndef BENCH_PACKET_H
#define BENCH_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
	PACKET_ARP_LEN = 42,
	PACKET_IP = 14, /* where the parts begin */
	PACKET_L4 = 34,
	PACKET_TCP_LEN = 58, /* with the one option, MSS */
	PACKET_MAX = 192,
	PACKET_FIN = 1,
	PACKET_SYN = 2,
	PACKET_RST = 4,
	PACKET_ACK = 16,
};

struct packet_tcp {
	uint8_t to_mac[6], from_mac[6];
	uint32_t from, to;
	uint16_t from_port, to_port;
	uint32_t seq, ack;
	uint8_t flags;
};

/* Writes a frame, returns its length. */
size_t packet_tcp(
    uint8_t frame[static PACKET_TCP_LEN], const struct packet_tcp *tcp);
size_t packet_arp(uint8_t frame[static PACKET_ARP_LEN], uint16_t operation,
    const uint8_t to_mac[static 6], const uint8_t from_mac[static 6],
    uint32_t from, uint32_t to);

/* The ones' complement sum of len bytes, added to sum, not folded. */
uint32_t packet_sum(const uint8_t *data, size_t len, uint32_t sum);

/* The checksum a sum stands for. */
uint16_t packet_fold(uint32_t sum);

/* The unfolded sum of the pseudo header of an IPv4 header. */
uint32_t packet_pseudo(const uint8_t *ip, size_t len);

/* 02:00 and the address: every simulated host's. */
void packet_mac(uint8_t mac[static 6], uint32_t address);

static inline uint16_t
packet_get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t
packet_get32(const uint8_t *p)
{
	return (uint32_t)packet_get16(p) << 16 | packet_get16(p + 2);
}

static inline void
packet_put16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline void
packet_put32(uint8_t *p, uint32_t v)
{
	packet_put16(p, (uint16_t)(v >> 16));
	packet_put16(p + 2, (uint16_t)v);
}

#endif
