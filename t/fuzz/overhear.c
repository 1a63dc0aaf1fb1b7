/* SPDX-License-Identifier: ISC */
/*
 * Frames of one conversation, in any order and of any content, through
 * reassembly and every probe's ear.
 *
 *	byte 0	which of a few ports
 *	byte 1	options: 1 over UDP, 2 a handshake comes first
 *	then	frames: flags (bit 7: the server's), how far from the side's
 *		next byte it stands (signed), how many bytes, and those
 *
 * Built with -fsanitize=fuzzer it hunts; linked with replay.c it runs what is
 * in the corpus.
 */
#include <stdlib.h>

#include "scanner/overhear.h"

enum { OPTION_UDP = 1, OPTION_HANDSHAKE = 2, FROM_SERVER = 0x80 };

struct side {
	uint32_t next;
	uint32_t number;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
on_talk(void *arg, const struct overheard_talk *talk)
{
	(void)arg;
	if (talk->probe == NULL || talk->facts == NULL)
		abort();
}

static void
on_lost(void *arg, struct stream *s)
{
	(void)arg;
	overhear_stream(s, on_talk, NULL);
}

/* A packet without the trouble of a frame's headers. */
static void
give(struct streams *all, struct side sides[2], uint16_t port, bool is_udp,
    uint8_t flags, int8_t skew, struct rd bytes)
{
	bool is_server = (flags & FROM_SERVER) != 0;
	struct side *side = &sides[is_server];
	struct frame frame = { .time_ns = ++side->number,
		.bytes = bytes.at,
		.len = (uint32_t)bytes.left,
		.wire_len = (uint32_t)bytes.left };
	struct packet p = { .frame = &frame,
		.kind = is_udp ? PACKET_UDP : PACKET_TCP,
		.source = 1 + is_server,
		.destination = 2U - is_server,
		.payload = bytes };

	if (is_udp) {
		p.udp.source_port = is_server ? port : 40000;
		p.udp.destination_port = is_server ? 40000 : port;
		p.udp.payload_len = (uint16_t)bytes.left;
	} else {
		p.tcp.source_port = is_server ? port : 40000;
		p.tcp.destination_port = is_server ? 40000 : port;
		p.tcp.flags = flags & 0x1f;
		p.tcp.seq = side->next + (uint32_t)(int32_t)skew;
		p.tcp.ack = sides[!is_server].next;
	}
	side->next += (uint32_t)bytes.left + ((flags & TCP_SYN) != 0);
	(void)streams_take(all, &p, true, NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint16_t ports[] = { 104, 111, 21, 23, 700, 8080 };
	struct rd r = { .at = data, .left = size };
	const struct rd none = { .at = data };
	struct side sides[2] = { { 100, 0 }, { UINT32_MAX - 20, 0 } };
	struct streams *all = streams_new(on_lost, NULL);
	uint16_t port = ports[rd_u8(&r) % 6];
	uint8_t options = rd_u8(&r);
	bool is_udp = (options & OPTION_UDP) != 0;

	if (all == NULL)
		return 0;
	if (options & OPTION_HANDSHAKE && !is_udp) {
		give(all, sides, port, false, TCP_SYN, 0, none);
		give(all, sides, port, false, FROM_SERVER | TCP_SYN | TCP_ACK,
		    0, none);
	}
	while (rd_ok(&r) && r.left > 0) {
		uint8_t flags = rd_u8(&r);
		int8_t skew = (int8_t)rd_u8(&r);
		struct rd bytes = { .left = rd_u8(&r) };

		if (bytes.left > r.left)
			bytes.left = r.left;
		bytes.at = rd_bytes(&r, bytes.left);
		if (bytes.at == NULL)
			break;
		give(all, sides, port, is_udp, flags, skew, bytes);
	}
	streams_flush(all);
	streams_free(all);
	return 0;
}
