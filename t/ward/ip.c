/* SPDX-License-Identifier: ISC */
/*
 * IPv4 (RFC 791) as far as end hosts need it: no options made, no fragments
 * put together.  What no well-behaved sender makes is counted and dropped.
 */
#include "bytes.h"
#include "frail.h"
#include "impair.h"
#include "link.h"
#include "net.h"
#include "tcp.h"

enum {
	TYPE_IP = 0x0800,
	TYPE_ARP = 0x0806,
	FLAG_DF = 0x4000,
	FRAGMENT = 0xbfff, /* more to come, reserved bit or an offset */
	TCP_SYN_BIT = 0x02,
	TCP_ACK_BIT = 0x10,
	ICMP_ECHO_REQUEST = 8,
};

uint16_t
ip_sum(const uint8_t *p, size_t len, uint32_t sum)
{
	uint64_t total = sum;

	for (; len > 1; p += 2, len -= 2)
		total += be16(p);
	if (len == 1)
		total += (uint64_t)p[0] << 8;
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return (uint16_t)~total;
}

uint32_t
ip_pseudo_sum(uint32_t src, uint32_t dst, uint8_t proto, size_t len)
{
	return (src >> 16) + (src & 0xffff) + (dst >> 16) + (dst & 0xffff) +
	    proto + (uint32_t)len;
}

static uint16_t
ip_next_id(struct host *h, const struct ip_out *o)
{
	const struct conf_stack *s = &h->persona->conf->stack;
	enum ip_id_kind kind = ID_TCP;
	uint16_t id;

	if (o->id_zero || s->ip_id == IP_ID_ZERO)
		return 0;
	if (s->ip_id == IP_ID_RANDOM)
		return (uint16_t)rng_u32(&h->ward->rng);
	if (!s->ip_id_shared && o->proto == PROTO_UDP)
		kind = ID_UDP;
	if (!s->ip_id_shared && o->proto == PROTO_ICMP)
		kind = ID_ICMP;
	id = h->ip_id[kind]++;
	if (s->ip_id == IP_ID_INCR_SWAPPED)
		id = (uint16_t)(id << 8 | id >> 8);
	return id;
}

void
ip_send(struct host *h, const struct ip_out *o, uint8_t *frame, size_t body_len)
{
	uint8_t *ip = frame + ETH_LEN;
	uint8_t hops = h->router ? h->hops : 0;

	if (h->harm.hung || body_len > BODY_MAX || o->ttl <= hops)
		return;
	memcpy(frame, o->mac, MAC_LEN);
	memcpy(frame + 6, h->router ? h->router->mac : h->mac, MAC_LEN);
	set16(frame + 12, TYPE_IP);
	set16(ip, 0x4500);
	set16(ip + 2, (uint16_t)(IP_LEN + body_len));
	set16(ip + 4, ip_next_id(h, o));
	set16(ip + 6, o->df ? FLAG_DF : 0);
	ip[8] = (uint8_t)(o->ttl - hops);
	ip[9] = o->proto;
	set16(ip + 10, 0);
	set32(ip + 12, h->addr);
	set32(ip + 16, o->dst);
	set16(ip + 10, ip_sum(ip, IP_LEN, 0));
	impair_send(h->ward->impair, frame, HEAD_LEN + body_len);
}

/* An ARP request, echo request, UDP datagram or SYN begins something. */
static bool
is_initiation(const struct packet *p)
{
	if (p->proto == PROTO_UDP)
		return true;
	if (p->proto == PROTO_TCP && p->body_len > 13)
		return (p->body[13] & (TCP_SYN_BIT | TCP_ACK_BIT)) ==
		    TCP_SYN_BIT;
	return p->proto == PROTO_ICMP && p->body_len > 0 &&
	    p->body[0] == ICMP_ECHO_REQUEST;
}

/* Finds body and protocol; false when the header is not a proper one. */
static bool
ip_parse(struct packet *p, size_t len)
{
	size_t head_len = (size_t)(p->ip[0] & 15) * 4;
	size_t total = be16(p->ip + 2);

	if (p->ip[0] >> 4 != 4 || head_len < IP_LEN || total < head_len ||
	    total > len || ip_sum(p->ip, head_len, 0) != 0)
		return false;
	p->proto = p->ip[9];
	p->body = p->ip + head_len;
	p->body_len = total - head_len;
	p->df = (be16(p->ip + 6) & FLAG_DF) != 0;
	return true;
}

/* No source may be a group, a network, nobody or the receiver itself. */
static bool
has_odd_source(const struct ward *w, const struct packet *p)
{
	return p->src == p->dst || p->src >> 28 >= 14 || p->src == 0 ||
	    ward_is_broadcast(w, p->src);
}

static void
packet_deliver(const struct packet *p)
{
	if (p->host->router != NULL && p->ip[8] <= p->host->hops)
		icmp_expired(p, p->host->router);
	else if (p->proto == PROTO_TCP)
		tcp_input(p);
	else if (p->proto == PROTO_UDP)
		udp_input(p);
	else if (p->proto == PROTO_ICMP)
		icmp_input(p);
}

/* For one of our hosts, to the right MAC address. */
static void
packet_receive(struct ward *w, struct packet *p, const struct link_frame *f)
{
	bool is_sound = ip_parse(p, f->len - ETH_LEN);
	bool is_fragment = (be16(p->ip + 6) & FRAGMENT) != 0;

	harm_packet(&p->host->harm, f->when_ns,
	    is_sound && !is_fragment && is_initiation(p));
	if (impair_loses(w->impair))
		return;
	if (!is_sound || is_fragment || has_odd_source(w, p))
		frail_malformed(p->host);
	else if (!p->host->harm.hung)
		packet_deliver(p);
}

/* For everybody on the link: only datagrams, to whoever listens. */
static void
broadcast_receive(struct ward *w, struct packet *p, const struct link_frame *f)
{
	w->broadcasts++;
	if (!ip_parse(p, f->len - ETH_LEN) || p->proto != PROTO_UDP ||
	    (be16(p->ip + 6) & FRAGMENT) != 0)
		return;
	for (uint32_t i = 0; i < w->hosts_n; i++) {
		struct host *h = &w->hosts[i];

		if (h->router != NULL || h->harm.hung ||
		    impair_loses(w->impair))
			continue;
		p->host = h;
		udp_hear(p);
	}
}

void
ip_input(struct ward *w, const struct link_frame *f)
{
	struct packet p = { .ip = f->bytes + ETH_LEN, .mac = f->bytes + 6 };
	const uint8_t *mac;

	p.sums_pending = f->sums_pending;
	if (f->len < HEAD_LEN) {
		w->strays++;
		return;
	}
	p.src = be32(p.ip + 12);
	p.dst = be32(p.ip + 16);
	p.host = ward_host(w, p.dst);
	mac = p.host && p.host->router ? p.host->router->mac
	    : p.host                   ? p.host->mac
				       : NULL;
	if (mac != NULL && memcmp(f->bytes, mac, MAC_LEN) == 0)
		packet_receive(w, &p, f);
	else if (ward_is_broadcast(w, p.dst))
		broadcast_receive(w, &p, f);
	else
		w->strays++;
}

void
ward_frame(void *arg, const struct link_frame *f)
{
	struct ward *w = arg;

	if (f->len < ETH_LEN)
		w->strays++;
	else if (be16(f->bytes + 12) == TYPE_ARP)
		arp_input(w, f);
	else if (be16(f->bytes + 12) == TYPE_IP)
		ip_input(w, f);
	else
		w->strays++;
}
