/* SPDX-License-Identifier: ISC */
/*
 * UDP (RFC 768).  Old BSD stacks neither make nor check the checksum; that is
 * the personality's udp_checksum.  A wrong one is counted either way.
 */
#include "bytes.h"
#include "frail.h"
#include "net.h"

enum {
	AT_SOURCE = 0,
	AT_DEST = 2,
	AT_LEN = 4,
	AT_SUM = 6,
	EPHEMERAL_FIRST = 1024,
	EPHEMERAL_LAST = 5000,
};

static const uint8_t every_station[MAC_LEN] = { 255, 255, 255, 255, 255, 255 };

void
udp_send(struct host *h, uint16_t from_port, uint32_t dst, uint16_t dst_port,
    const uint8_t *mac, const uint8_t *bytes, size_t len)
{
	const struct conf_stack *s = &h->persona->conf->stack;
	uint8_t frame[HEAD_LEN + BODY_MAX];
	uint8_t *udp = frame + HEAD_LEN;
	struct ip_out o = { .dst = dst, .mac = mac ? mac : every_station };
	uint16_t sum = 0;

	if (len > BODY_MAX - UDP_LEN)
		return;
	o.proto = PROTO_UDP;
	o.ttl = s->udp_ttl;
	o.df = s->df && mac != NULL;
	set16(udp + AT_SOURCE, from_port);
	set16(udp + AT_DEST, dst_port);
	set16(udp + AT_LEN, (uint16_t)(UDP_LEN + len));
	set16(udp + AT_SUM, 0);
	if (len > 0)
		memcpy(udp + UDP_LEN, bytes, len);
	if (s->udp_checksum) {
		sum = ip_sum(udp, UDP_LEN + len,
		    ip_pseudo_sum(h->addr, dst, PROTO_UDP, UDP_LEN + len));
		set16(udp + AT_SUM, sum ? sum : 0xffff);
	}
	ip_send(h, &o, frame, UDP_LEN + len);
}

void
udp_reply(const struct datagram *d, const uint8_t *bytes, size_t len)
{
	udp_send(d->host, d->local_port, d->peer, d->peer_port, d->peer_mac,
	    bytes, len);
}

uint16_t
udp_new_port(struct host *h)
{
	uint16_t port = h->ephemeral++;

	if (h->ephemeral > EPHEMERAL_LAST)
		h->ephemeral = EPHEMERAL_FIRST;
	return port;
}

/* Returns the length of the payload, or -1 when the datagram is broken. */
static int
udp_check(const struct packet *p)
{
	size_t len = p->body_len < UDP_LEN ? 0 : be16(p->body + AT_LEN);

	if (len < UDP_LEN || len > p->body_len)
		return -1;
	if (!p->sums_pending && be16(p->body + AT_SUM) != 0 &&
	    ip_sum(p->body, len,
		ip_pseudo_sum(p->src, p->dst, PROTO_UDP, len)) != 0)
		return -1;
	return (int)(len - UDP_LEN);
}

static void
datagram_deliver(const struct packet *p, const struct port *port, size_t len)
{
	uint16_t number = be16(p->body + AT_DEST);
	struct port_stat *s = harm_port(&p->host->harm, false, number);
	struct datagram d = { .host = p->host, .port = port };

	if (s != NULL)
		s->hits++;
	d.peer = p->src;
	d.peer_port = be16(p->body + AT_SOURCE);
	d.local_port = number;
	d.peer_mac = p->mac;
	d.bytes = p->body + UDP_LEN;
	d.len = len;
	if (port->service->datagram != NULL)
		port->service->datagram(&d);
}

void
udp_input(const struct packet *p)
{
	int len = udp_check(p);
	const struct port *port;
	uint16_t number;

	if (len < 0) {
		frail_malformed(p->host);
		return;
	}
	number = be16(p->body + AT_DEST);
	harm_bytes(&p->host->harm, number, (uint64_t)len);
	port = persona_port(p->host->persona, false, number);
	if (port->state == PORT_CLOSED)
		icmp_unreachable(p, UNREACH_PORT);
	else if (port->state == PORT_UNREACHABLE)
		icmp_unreachable(p, UNREACH_ADMIN);
	else if (port->state == PORT_OPEN)
		datagram_deliver(p, port, (size_t)len);
}

/* A broadcast: to whoever listens; nobody complains of what he does not. */
void
udp_hear(const struct packet *p)
{
	int len = udp_check(p);
	const struct port *port;

	if (len < 0)
		return;
	port = persona_port(p->host->persona, false, be16(p->body + AT_DEST));
	if (port->state == PORT_OPEN)
		datagram_deliver(p, port, (size_t)len);
}
