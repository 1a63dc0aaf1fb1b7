/* SPDX-License-Identifier: ISC */
/* packet - frames of RFC 826, 791 and 793, byte by byte. */
#include "t/bench/packet.h"

uint32_t
packet_sum(const uint8_t *data, size_t len, uint32_t sum)
{
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += packet_get16(data + i);
	if (i < len)
		sum += (uint32_t)data[i] << 8;
	return sum;
}

uint16_t
packet_fold(uint32_t sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

uint32_t
packet_pseudo(const uint8_t *ip, size_t len)
{
	return packet_sum(ip + 12, 8, (uint32_t)ip[9] + (uint32_t)len);
}

void
packet_mac(uint8_t mac[static 6], uint32_t address)
{
	packet_put16(mac, 0x0200);
	packet_put32(mac + 2, address);
}

static void
put_ip(uint8_t *ip, size_t len, const struct packet_tcp *t)
{
	memset(ip, 0, 20);
	ip[0] = 0x45;
	packet_put16(ip + 2, (uint16_t)len);
	packet_put16(ip + 6, 0x4000);
	ip[8] = 64;
	ip[9] = 6;
	packet_put32(ip + 12, t->from);
	packet_put32(ip + 16, t->to);
	packet_put16(ip + 10, packet_fold(packet_sum(ip, 20, 0)));
}

size_t
packet_tcp(uint8_t frame[static PACKET_TCP_LEN], const struct packet_tcp *t)
{
	uint8_t *tcp = frame + PACKET_L4;
	size_t len = t->flags & PACKET_SYN ? 24 : 20;

	memcpy(frame, t->to_mac, 6);
	memcpy(frame + 6, t->from_mac, 6);
	packet_put16(frame + 12, 0x0800);
	put_ip(frame + PACKET_IP, 20 + len, t);
	packet_put16(tcp, t->from_port);
	packet_put16(tcp + 2, t->to_port);
	packet_put32(tcp + 4, t->seq);
	packet_put32(tcp + 8, t->ack);
	tcp[12] = (uint8_t)(len << 2);
	tcp[13] = t->flags;
	packet_put16(tcp + 14, t->flags & PACKET_RST ? 0 : 16384);
	packet_put32(tcp + 16, 0);
	if (t->flags & PACKET_SYN)
		packet_put32(tcp + 20, 0x020405b4); /* MSS 1460 */
	packet_put16(tcp + 16,
	    packet_fold(
		packet_sum(tcp, len, packet_pseudo(frame + PACKET_IP, len))));
	return PACKET_L4 + len;
}

size_t
packet_arp(uint8_t frame[static PACKET_ARP_LEN], uint16_t operation,
    const uint8_t to_mac[static 6], const uint8_t from_mac[static 6],
    uint32_t from, uint32_t to)
{
	uint8_t *arp = frame + 14;

	memcpy(frame, to_mac, 6);
	memcpy(frame + 6, from_mac, 6);
	packet_put16(frame + 12, 0x0806);
	packet_put32(arp, 0x00010800);
	packet_put16(arp + 4, 0x0604);
	packet_put16(arp + 6, operation);
	memcpy(arp + 8, from_mac, 6);
	packet_put32(arp + 14, from);
	memcpy(arp + 18, to_mac, 6);
	packet_put32(arp + 24, to);
	return PACKET_ARP_LEN;
}
