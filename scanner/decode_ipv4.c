/* SPDX-License-Identifier: ISC */
/*
 * decode_ipv4 - IPv4 and what it carries: ICMP, UDP, TCP.
 *
 * Source:    RFC 791, RFC 792, RFC 768, RFC 9293
 * Limits:    no reassembly: a fragment is reported as one and not read
 *            further.  Of the checksums only IPv4's is verified; interfaces
 *            that fill in the others late would look broken.
 */
#include "scanner/decode_parts.h"

enum {
	IPV4_HEADER_LEN = 20,
	IPV4_DF = 0x4000,
	IPV4_MF = 0x2000,
	IPV4_OFFSET_MASK = 0x1fff,
	PROTOCOL_ICMP = 1,
	PROTOCOL_TCP = 6,
	PROTOCOL_UDP = 17,
	UDP_HEADER_LEN = 8,
	TCP_HEADER_LEN = 20,
	ICMP_HEADER_LEN = 8
};

enum {
	ICMP_ECHO_REPLY = 0,
	ICMP_UNREACHABLE = 3,
	ICMP_SOURCE_QUENCH = 4,
	ICMP_REDIRECT = 5,
	ICMP_ECHO = 8,
	ICMP_TIME_EXCEEDED = 11,
	ICMP_PARAMETER = 12
};

static void
udp_read(struct reading *in)
{
	size_t have = in->wire;
	const uint8_t *header = header_take(in, UDP_HEADER_LEN);
	struct rd h = { .at = header, .left = UDP_HEADER_LEN };
	uint16_t len;

	if (header == NULL)
		return;
	in->out->udp.source_port = rd_u16(&h);
	in->out->udp.destination_port = rd_u16(&h);
	len = rd_u16(&h);
	in->out->udp.checksum_off = rd_u16(&h) == 0;
	if (len < UDP_HEADER_LEN || len > have) {
		in->out->kind = PACKET_BROKEN;
		return;
	}
	in->out->kind = PACKET_UDP;
	in->out->udp.payload_len = (uint16_t)(len - UDP_HEADER_LEN);
	layer_limit(in, in->out->udp.payload_len);
}

/* Cuts the options off the payload, as many as were captured. */
static void
tcp_options_take(struct reading *in, size_t len)
{
	struct rd *payload = &in->out->payload;
	struct rd *options = &in->out->tcp.options;

	*options = *payload;
	if (options->left > len)
		options->left = len;
	else if (options->left < len)
		options->ran_short = true;
	in->wire -= len;
	rd_skip(payload, options->left);
}

static void
tcp_read(struct reading *in)
{
	const uint8_t *header = header_take(in, TCP_HEADER_LEN);
	struct rd h = { .at = header, .left = TCP_HEADER_LEN };
	size_t header_len;

	if (header == NULL)
		return;
	in->out->tcp.source_port = rd_u16(&h);
	in->out->tcp.destination_port = rd_u16(&h);
	in->out->tcp.seq = rd_u32(&h);
	in->out->tcp.ack = rd_u32(&h);
	header_len = (size_t)(rd_u8(&h) >> 4) * 4;
	in->out->tcp.flags = rd_u8(&h);
	in->out->tcp.window = rd_u16(&h);
	if (header_len < TCP_HEADER_LEN ||
	    header_len - TCP_HEADER_LEN > in->wire) {
		in->out->kind = PACKET_BROKEN;
		return;
	}
	in->out->kind = PACKET_TCP;
	tcp_options_take(in, header_len - TCP_HEADER_LEN);
}

/* Reads the beginning of the datagram an ICMP error quotes. */
static void
quote_read(struct packet *out)
{
	struct rd q = out->payload;
	const uint8_t *header = rd_bytes(&q, IPV4_HEADER_LEN);
	struct rd h = { .at = header, .left = IPV4_HEADER_LEN };
	size_t header_len;
	uint16_t fragment;
	uint8_t protocol;

	if (header == NULL || header[0] >> 4 != 4)
		return;
	header_len = (size_t)(header[0] & 0x0f) * 4;
	if (header_len < IPV4_HEADER_LEN)
		return;
	rd_skip(&h, 6);
	fragment = rd_u16(&h);
	rd_skip(&h, 1); /* time to live */
	protocol = rd_u8(&h);
	rd_skip(&h, 2); /* checksum */
	out->icmp.quoted_protocol = protocol;
	out->icmp.quoted_source = rd_u32(&h);
	out->icmp.quoted_destination = rd_u32(&h);
	if ((protocol != PROTOCOL_TCP && protocol != PROTOCOL_UDP) ||
	    (fragment & IPV4_OFFSET_MASK) != 0)
		return;
	rd_skip(&q, header_len - IPV4_HEADER_LEN);
	if (q.ran_short || q.left < 4)
		return;
	out->icmp.quoted_source_port = rd_u16(&q);
	out->icmp.quoted_destination_port = rd_u16(&q);
	if (protocol == PROTOCOL_TCP && q.left >= 4)
		out->icmp.quoted_seq = rd_u32(&q);
}

static void
icmp_read(struct reading *in)
{
	const uint8_t *header = header_take(in, ICMP_HEADER_LEN);
	struct rd h = { .at = header, .left = ICMP_HEADER_LEN };

	if (header == NULL)
		return;
	in->out->kind = PACKET_ICMP;
	in->out->icmp.type = rd_u8(&h);
	in->out->icmp.code = rd_u8(&h);
	rd_skip(&h, 2); /* checksum */
	switch (in->out->icmp.type) {
	case ICMP_ECHO:
	case ICMP_ECHO_REPLY:
		in->out->icmp.id = rd_u16(&h);
		in->out->icmp.seq = rd_u16(&h);
		break;
	case ICMP_UNREACHABLE:
	case ICMP_SOURCE_QUENCH:
	case ICMP_REDIRECT:
	case ICMP_TIME_EXCEEDED:
	case ICMP_PARAMETER:
		quote_read(in->out);
		break;
	default:
		break;
	}
}

/* Returns whether a header with its checksum in place does not add up. */
static bool
is_sum_bad(const uint8_t *header, size_t len)
{
	struct rd h = { .at = header, .left = len };
	uint32_t sum = 0;

	while (h.left >= 2)
		sum += rd_u16(&h);
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum != 0xffff;
}

/* Takes the fixed fields of an IPv4 header.  Returns its whole length. */
static size_t
ipv4_fields(struct packet *out, const uint8_t *header)
{
	struct rd h = { .at = header, .left = IPV4_HEADER_LEN };
	size_t header_len = (size_t)(rd_u8(&h) & 0x0f) * 4;
	uint16_t fragment;

	rd_skip(&h, 1); /* type of service */
	out->total_len = rd_u16(&h);
	out->ip_id = rd_u16(&h);
	fragment = rd_u16(&h);
	out->df = (fragment & IPV4_DF) != 0;
	out->is_fragment = (fragment & (IPV4_MF | IPV4_OFFSET_MASK)) != 0;
	out->ttl = rd_u8(&h);
	out->protocol = rd_u8(&h);
	rd_skip(&h, 2); /* checksum */
	out->source = rd_u32(&h);
	out->destination = rd_u32(&h);
	return header_len;
}

/* Reads the IPv4 header.  False: no further. */
static bool
ipv4_header_read(struct reading *in)
{
	const uint8_t *header = header_take(in, IPV4_HEADER_LEN);
	size_t header_len;

	if (header == NULL)
		return false;
	header_len = ipv4_fields(in->out, header);
	if (header[0] >> 4 != 4 || header_len < IPV4_HEADER_LEN ||
	    in->out->total_len < header_len ||
	    in->out->total_len - (size_t)IPV4_HEADER_LEN > in->wire) {
		in->out->kind = PACKET_BROKEN;
		return false;
	}
	layer_limit(in, in->out->total_len - (size_t)IPV4_HEADER_LEN);
	if (header_take(in, header_len - IPV4_HEADER_LEN) == NULL)
		return false;
	in->out->header_sum_bad = is_sum_bad(header, header_len);
	in->out->kind = PACKET_IP_OTHER;
	return !in->out->is_fragment;
}

void
decode_ipv4(struct reading *in)
{
	if (!ipv4_header_read(in))
		return;
	switch (in->out->protocol) {
	case PROTOCOL_ICMP:
		icmp_read(in);
		break;
	case PROTOCOL_TCP:
		tcp_read(in);
		break;
	case PROTOCOL_UDP:
		udp_read(in);
		break;
	default:
		break;
	}
}
