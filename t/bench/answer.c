/* SPDX-License-Identifier: ISC */
/*
 * answer - ARP, echo and TCP without a state.
 *
 * A SYN gets SYN-ACK or RST; data or FIN are acknowledged with a FIN, as a
 * server that hangs up at once; a last ACK and a RST get nothing.  Loss is
 * drawn for every frame each way, ARP included.
 */
#include "t/bench/answer.h"
#include "t/bench/packet.h"

/* xorshift64*; good enough for losing packets, and repeatable. */
static bool
is_lost(struct answer *a)
{
	uint64_t x = a->chance;

	if (a->loss == 0)
		return false;
	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	a->chance = x;
	return (uint32_t)((x * 0x2545f4914f6cdd1dULL) >> 32) < a->loss;
}

static bool
leave(struct answer *a, size_t len)
{
	if (is_lost(a)) {
		a->tally->lost_out++;
		return true;
	}
	return outbox_add(a->out, len);
}

static void
count_host(struct answer *a, const struct ring_frame *f, uint32_t address,
    bool is_initiation)
{
	tally_host(
	    a->tally, address - a->rule->first, f->time_ns, is_initiation);
}

static bool
on_arp(struct answer *a, const struct ring_frame *f)
{
	const uint8_t *arp = f->data + 14;
	uint32_t wanted;
	uint8_t mac[6];

	if (f->len < PACKET_ARP_LEN || packet_get16(arp + 6) != 1) {
		a->tally->odd++;
		return true;
	}
	a->tally->arp++;
	wanted = packet_get32(arp + 24);
	if (wanted != a->router) {
		if (!rule_has(a->rule, wanted))
			a->tally->stray++;
		else
			count_host(a, f, wanted, true);
		if (!a->rule->on_link || !rule_lives(a->rule, wanted))
			return true;
	}
	if (is_lost(a)) {
		a->tally->lost_in++;
		return true;
	}
	packet_mac(mac, wanted);
	return leave(a,
	    packet_arp(outbox_room(a->out), 2, arp + 8, mac, wanted,
		packet_get32(arp + 14)));
}

/* The request sent back: the checksum changes by the type alone. */
static bool
on_echo(struct answer *a, const struct ring_frame *f, size_t len)
{
	const uint8_t *in = f->data;
	uint8_t *out;

	a->tally->echo++;
	if (in[PACKET_L4] != 8 || PACKET_IP + len > f->len ||
	    PACKET_IP + len > PACKET_MAX)
		return true;
	out = outbox_room(a->out);
	memcpy(out, in, PACKET_IP + len);
	memcpy(out, in + 6, 6);
	memcpy(out + 6, in, 6);
	memcpy(out + PACKET_IP + 12, in + PACKET_IP + 16, 4);
	memcpy(out + PACKET_IP + 16, in + PACKET_IP + 12, 4);
	out[PACKET_L4] = 0;
	packet_put16(out + PACKET_L4 + 2, 0);
	packet_put16(out + PACKET_L4 + 2,
	    packet_fold(packet_sum(out + PACKET_L4, len - 20, 0)));
	return leave(a, PACKET_IP + len);
}

static uint8_t
answer_flags(struct answer *a, const struct packet_tcp *in, size_t data)
{
	struct tally *t = a->tally;

	if (in->flags & PACKET_RST)
		return t->rst++, 0;
	if (in->flags & PACKET_SYN) {
		if (rule_is_silent(a->rule, in->to, in->to_port))
			return 0;
		if (!rule_is_open(a->rule, in->to, in->to_port))
			return t->answered_closed++, PACKET_RST | PACKET_ACK;
		t->answered_open++;
		return PACKET_SYN | PACKET_ACK;
	}
	t->data += data > 0;
	if (in->flags & PACKET_FIN)
		return t->fin++, PACKET_FIN | PACKET_ACK;
	if (data > 0)
		return PACKET_FIN | PACKET_ACK;
	return t->ack++, 0;
}

static bool
tcp_answer(struct answer *a, const struct packet_tcp *in, size_t data)
{
	struct packet_tcp out = { .from = in->to,
		.to = in->from,
		.from_port = in->to_port,
		.to_port = in->from_port };

	out.flags = answer_flags(a, in, data);
	if (out.flags == 0)
		return true;
	out.ack = in->seq + (uint32_t)data +
	    ((in->flags & (PACKET_SYN | PACKET_FIN)) != 0);
	if (in->flags & PACKET_ACK)
		out.seq = in->ack;
	else if (out.flags & PACKET_SYN)
		out.seq = rule_hash(in->to, in->to_port, in->from_port);
	memcpy(out.to_mac, in->from_mac, 6);
	memcpy(out.from_mac, in->to_mac, 6);
	return leave(a, packet_tcp(outbox_room(a->out), &out));
}

/* The header's addresses and ports; len is that of the IP packet. */
static size_t
tcp_read(struct packet_tcp *tcp, const uint8_t *data, size_t len)
{
	const uint8_t *ip = data + PACKET_IP, *t = data + PACKET_L4;
	size_t header = (size_t)(t[12] >> 4) * 4;

	memcpy(tcp->to_mac, data, 6);
	memcpy(tcp->from_mac, data + 6, 6);
	tcp->from = packet_get32(ip + 12);
	tcp->to = packet_get32(ip + 16);
	tcp->from_port = packet_get16(t);
	tcp->to_port = packet_get16(t + 2);
	tcp->seq = packet_get32(t + 4);
	tcp->ack = packet_get32(t + 8);
	tcp->flags = t[13];
	return header + 20 < len ? len - 20 - header : 0;
}

static bool
on_tcp(struct answer *a, const struct ring_frame *f, size_t len)
{
	const uint8_t *ip = f->data + PACKET_IP, *tcp = f->data + PACKET_L4;
	struct packet_tcp in;
	size_t data;

	if (len < 40 || f->len < PACKET_IP + 40) {
		a->tally->odd++;
		return true;
	}
	/* What the ring cut off cannot be summed. */
	if (f->len >= PACKET_IP + len &&
	    packet_fold(
		packet_sum(tcp, len - 20, packet_pseudo(ip, len - 20))) != 0)
		a->tally->bad_checksum++;
	data = tcp_read(&in, f->data, len);
	if (in.flags & PACKET_SYN)
		tally_syn(a->tally, f->time_ns);
	return tcp_answer(a, &in, data);
}

/* A host on the link has a MAC of its own, the others have the router's. */
static bool
is_for(const struct answer *a, const uint8_t *to_mac, uint32_t to)
{
	uint8_t mac[6];

	packet_mac(mac, a->rule->on_link ? to : a->router);
	return rule_has(a->rule, to) && memcmp(mac, to_mac, 6) == 0;
}

static bool
on_ip(struct answer *a, const struct ring_frame *f)
{
	const uint8_t *ip = f->data + PACKET_IP;
	uint32_t to;
	size_t len;
	bool is_initiation;

	if (f->len < PACKET_L4 + 8 || ip[0] != 0x45) {
		a->tally->odd++;
		return true;
	}
	to = packet_get32(ip + 16);
	len = packet_get16(ip + 2);
	if (!is_for(a, f->data, to)) {
		a->tally->stray++;
		return true;
	}
	if (packet_fold(packet_sum(ip, 20, 0)) != 0)
		a->tally->bad_checksum++;
	is_initiation = ip[9] != 6 ||
	    (f->len > PACKET_L4 + 13 && f->data[PACKET_L4 + 13] == PACKET_SYN);
	count_host(a, f, to, is_initiation);
	if (!rule_lives(a->rule, to)) {
		a->tally->udp += ip[9] == 17;
		if (ip[9] == 6 && is_initiation)
			tally_syn(a->tally, f->time_ns);
		return true;
	}
	if (is_lost(a)) {
		a->tally->lost_in++;
		if (ip[9] == 6 && is_initiation)
			tally_syn(a->tally, f->time_ns);
		return true;
	}
	if (ip[9] == 6)
		return on_tcp(a, f, len);
	if (ip[9] == 1 && len >= 28)
		return on_echo(a, f, len);
	a->tally->udp++;
	return true;
}

bool
answer_frame(struct answer *a, const struct ring_frame *f)
{
	uint16_t type;

	if (f->len < 14)
		return true;
	tally_packet(a->tally, f->time_ns);
	type = packet_get16(f->data + 12);
	if (type == 0x0806)
		return on_arp(a, f);
	if (type == 0x0800)
		return on_ip(a, f);
	a->tally->odd++;
	return true;
}
