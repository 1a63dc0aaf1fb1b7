/* SPDX-License-Identifier: ISC */
/*
 * converse_frames - Ethernet frames of one conversation, made by hand and
 * decoded, for the tests of what listens to conversations.  Each frame's last
 * byte lies at the edge of a page.
 */
#ifndef CONVERSE_FRAMES_H
#define CONVERSE_FRAMES_H

#include <string.h>

#include "scanner/decode.h"
#include "t/unit.h"

enum {
	CF_CLIENT = 0x0a000001,
	CF_SERVER = 0x0a000002,
	CF_CLIENT_PORT = 40000,
	CF_CLIENT_ISN = 1000,
	CF_SERVER_ISN = -16, /* goes round soon */
	CF_HEADERS = 54,
	CF_FRAME_MAX = 4096
};

struct cf {
	uint16_t port;
	uint32_t said[2]; /* bytes, by side; 1 is the server */
	uint32_t number;
	struct frame frame;
	struct packet packet;
};

static inline void
cf_frame(struct cf *c, const struct wr *w, const uint8_t *bytes)
{
	unit_edge_free();
	c->frame = (struct frame){ .time_ns = 1000000000LL + c->number,
		.number = ++c->number,
		.link_type = 1,
		.len = (uint32_t)w->used,
		.wire_len = (uint32_t)w->used,
		.bytes = at_the_edge(bytes, w->used) };
	decode_frame(&c->frame, &c->packet);
}

static inline void
cf_ip(struct wr *w, bool is_server, uint8_t protocol, size_t len)
{
	static const uint8_t macs[2][6] = { { 2, 0, 0, 0, 0, 1 },
		{ 2, 0, 0, 0, 0, 2 } };

	wr_bytes(w, macs[!is_server], 6);
	wr_bytes(w, macs[is_server], 6);
	wr_u16(w, 0x0800);
	wr_u16(w, 0x4500);
	wr_u16(w, (uint16_t)(20 + len));
	wr_u32(w, 0x00010000);
	wr_u8(w, 64);
	wr_u8(w, protocol);
	wr_u16(w, 0);
	wr_u32(w, is_server ? CF_SERVER : CF_CLIENT);
	wr_u32(w, is_server ? CF_CLIENT : CF_SERVER);
}

/* A segment with its sequence number relative to the side's first byte. */
static inline const struct packet *
cf_tcp(struct cf *c, bool is_server, uint32_t at, uint8_t flags,
    const void *bytes, size_t len)
{
	static uint8_t room[CF_FRAME_MAX];
	struct wr w = { .at = room, .left = sizeof(room) };
	uint32_t isn = (uint32_t)(is_server ? CF_SERVER_ISN : CF_CLIENT_ISN);
	uint32_t other = (uint32_t)(is_server ? CF_CLIENT_ISN : CF_SERVER_ISN);

	cf_ip(&w, is_server, 6, 20 + len);
	wr_u16(&w, is_server ? c->port : CF_CLIENT_PORT);
	wr_u16(&w, is_server ? CF_CLIENT_PORT : c->port);
	wr_u32(&w, isn + at + !(flags & TCP_SYN));
	wr_u32(&w, flags & TCP_ACK ? other + 1 + c->said[!is_server] : 0);
	wr_u8(&w, 5 << 4);
	wr_u8(&w, flags);
	wr_u16(&w, 8192);
	wr_u32(&w, 0);
	wr_bytes(&w, bytes, len);
	ck_assert(wr_ok(&w));
	cf_frame(c, &w, room);
	ck_assert_int_eq(c->packet.kind, PACKET_TCP);
	return &c->packet;
}

/* The next bytes a side says. */
static inline const struct packet *
cf_says(struct cf *c, bool is_server, const void *bytes, size_t len)
{
	uint32_t at = c->said[is_server];

	cf_tcp(c, is_server, at, TCP_ACK | TCP_PSH, bytes, len);
	c->said[is_server] += (uint32_t)len;
	return &c->packet;
}

static inline const struct packet *
cf_udp(struct cf *c, bool is_server, const void *bytes, size_t len)
{
	static uint8_t room[CF_FRAME_MAX];
	struct wr w = { .at = room, .left = sizeof(room) };

	cf_ip(&w, is_server, 17, 8 + len);
	wr_u16(&w, is_server ? c->port : CF_CLIENT_PORT);
	wr_u16(&w, is_server ? CF_CLIENT_PORT : c->port);
	wr_u16(&w, (uint16_t)(8 + len));
	wr_u16(&w, 0);
	wr_bytes(&w, bytes, len);
	ck_assert(wr_ok(&w));
	cf_frame(c, &w, room);
	ck_assert_int_eq(c->packet.kind, PACKET_UDP);
	return &c->packet;
}

#endif
