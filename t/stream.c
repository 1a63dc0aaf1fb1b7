/* SPDX-License-Identifier: ISC */
/* stream: conversations put together from frames. */
#include <stdlib.h>

#include "scanner/limits.h"
#include "scanner/stream.h"
#include "t/converse_frames.h"

static struct cf c;
static struct streams *all;
static struct stream *s;
static bool kept;
static unsigned lost;

static void
on_lost(void *arg, struct stream *stream)
{
	(void)arg;
	(void)stream;
	lost++;
}

static void
begin(void)
{
	streams_free(all);
	all = streams_new(on_lost, NULL);
	ck_assert_ptr_nonnull(all);
	c = (struct cf){ .port = 104 };
	s = NULL;
	lost = 0;
}

static struct stream *
take(const struct packet *p)
{
	s = streams_take(all, p, true, &kept);
	return s;
}

static void
handshake(void)
{
	begin();
	take(cf_tcp(&c, false, 0, TCP_SYN, NULL, 0));
	take(cf_tcp(&c, true, 0, TCP_SYN | TCP_ACK, NULL, 0));
	take(cf_tcp(&c, false, 0, TCP_ACK, NULL, 0));
	ck_assert_ptr_nonnull(s);
	ck_assert(s->has_handshake);
	ck_assert_uint_eq(s->frames_len, 3);
}

/* All that a side has said, in order. */
static const char *
said(enum stream_side side)
{
	static char buf[TALK_STREAM_MAX + 1];
	size_t n = 0;

	for (size_t i = 0; i < s->order_len; i++) {
		const struct stream_frame *f = &s->frames[s->order[i]];

		if (f->side != side)
			continue;
		ck_assert_uint_eq(f->at, n);
		memcpy(buf + n, stream_bytes(f), f->len);
		n += f->len;
	}
	ck_assert_uint_eq(n, s->half[side].total);
	buf[n] = '\0';
	return buf;
}

static void
server_at(uint32_t at, const char *text)
{
	take(cf_tcp(&c, true, at, TCP_ACK, text, strlen(text)));
}

START_TEST(whole_conversation)
{
	handshake();
	take(cf_says(&c, false, "hello", 5));
	take(cf_says(&c, true, "good ", 5));
	take(cf_says(&c, true, "day", 3));
	ck_assert_str_eq(said(STREAM_CLIENT), "hello");
	ck_assert_str_eq(said(STREAM_SERVER), "good day");
	ck_assert(stream_has_hole(s) == false && !s->is_over);
	take(cf_tcp(&c, false, 5, TCP_ACK | TCP_FIN, NULL, 0));
	take(cf_tcp(&c, true, 8, TCP_ACK | TCP_FIN, NULL, 0));
	ck_assert(s->half[0].is_ended && s->half[1].is_ended && !s->is_over);
	take(cf_tcp(&c, false, 6, TCP_ACK, NULL, 0));
	ck_assert(s->is_over && kept);
	ck_assert_uint_eq(s->frames_len, 9);
	ck_assert_ptr_eq(
	    streams_find(all, false, CF_CLIENT, CF_CLIENT_PORT, CF_SERVER, 104),
	    s);
	ck_assert_ptr_null(streams_find(
	    all, false, CF_SERVER, 104, CF_CLIENT, CF_CLIENT_PORT));
	streams_drop(all, s);
	ck_assert_uint_eq(streams_count(all), 0);
	ck_assert_uint_eq(streams_bytes(all), 0);
	ck_assert_uint_eq(lost, 0);
}
END_TEST

START_TEST(order_is_restored)
{
	handshake();
	server_at(3, "def");
	ck_assert_str_eq(said(STREAM_SERVER), "");
	ck_assert(stream_has_hole(s));
	server_at(6, "ghi");
	server_at(0, "abc");
	ck_assert_str_eq(said(STREAM_SERVER), "abcdefghi");
	ck_assert(!stream_has_hole(s));
	/* over the turn of the sequence numbers, a FIN before its bytes */
	take(cf_tcp(&c, true, 18, TCP_ACK | TCP_FIN, NULL, 0));
	ck_assert(stream_has_hole(s) && !s->half[1].is_ended);
	server_at(9, "jklmnopqr");
	ck_assert_str_eq(said(STREAM_SERVER), "abcdefghijklmnopqr");
	ck_assert(!stream_has_hole(s) && s->half[1].is_ended);
}
END_TEST

/* The first bytes are believed, and what is repeated is not kept. */
START_TEST(repeats_say_nothing)
{
	handshake();
	server_at(0, "abc");
	server_at(0, "xyz");
	ck_assert(!kept);
	server_at(1, "XYde");
	ck_assert(kept);
	ck_assert_str_eq(said(STREAM_SERVER), "abcde");
	ck_assert_uint_eq(s->frames[s->frames_len - 1].from, 2);
	server_at(4, "E");
	ck_assert(!kept);
	take(cf_tcp(&c, false, 0, TCP_SYN, NULL, 0));
	ck_assert(!kept);
	ck_assert_uint_eq(lost, 0);
	take(cf_tcp(&c, true, 0, TCP_SYN | TCP_ACK, NULL, 0));
	ck_assert(!kept);
	server_at(UINT32_MAX, "?"); /* keep-alive: the byte before */
	ck_assert(!kept);
	/* ahead and overlapping: two that wait, the middle between them */
	server_at(8, "ijk");
	server_at(7, "hij");
	server_at(5, "fgh");
	ck_assert_str_eq(said(STREAM_SERVER), "abcdefghijk");
}
END_TEST

START_TEST(gap_is_the_end)
{
	handshake();
	server_at(0, "a");
	for (uint32_t i = 0; i < STREAM_EARLY_MAX; i++)
		server_at(10 + i, "x");
	ck_assert(!s->half[1].is_lost);
	server_at(10 + STREAM_EARLY_MAX, "x");
	ck_assert(s->half[1].is_lost && !kept);
	server_at(1, "bcdefghijklm");
	ck_assert_str_eq(said(STREAM_SERVER), "a");
	ck_assert(stream_has_hole(s));
	/* too far ahead: not of this conversation */
	handshake();
	server_at(200000, "x");
	ck_assert(!kept && !stream_has_hole(s));
	server_at(UINT32_MAX - 200000, "x");
	ck_assert(!kept && !stream_has_hole(s));
}
END_TEST

START_TEST(frame_cut_by_the_snap_length)
{
	const struct packet *p;

	handshake();
	p = cf_tcp(&c, true, 0, TCP_ACK, "abcdef", 6);
	ck_assert_ptr_nonnull(p);
	c.frame.len -= 2;
	decode_frame(&c.frame, &c.packet);
	take(&c.packet);
	ck_assert_str_eq(said(STREAM_SERVER), "abcd");
	ck_assert(stream_has_hole(s));
	server_at(4, "ef");
	ck_assert_str_eq(said(STREAM_SERVER), "abcd");
}
END_TEST

/* No frame, cut anywhere, makes it read past the end or keep more than came. */
START_TEST(every_truncation)
{
	struct frame whole;

	handshake();
	cf_tcp(&c, true, 0, TCP_ACK, "abcdef", 6);
	whole = c.frame;
	for (uint32_t cut = 0; cut <= whole.len; cut++) {
		uint8_t copy[CF_HEADERS + 6];
		struct frame f = whole;

		memcpy(copy, whole.bytes, whole.len);
		handshake();
		f.len = cut;
		f.wire_len = sizeof(copy);
		f.bytes = at_the_edge(copy, cut);
		decode_frame(&f, &c.packet);
		if (c.packet.kind == PACKET_TCP && take(&c.packet) != NULL)
			ck_assert_uint_le(s->half[1].total, 6);
		whole.bytes = at_the_edge(copy, sizeof(copy));
		whole.len = sizeof(copy);
	}
}
END_TEST

START_TEST(who_is_the_client)
{
	begin(); /* SYN-ACK first */
	take(cf_tcp(&c, true, 0, TCP_SYN | TCP_ACK, NULL, 0));
	ck_assert_uint_eq(s->client, CF_CLIENT);
	ck_assert(s->has_handshake);
	take(cf_says(&c, true, "x", 1));
	take(cf_says(&c, false, "y", 1));
	ck_assert_str_eq(said(STREAM_CLIENT), "y");
	begin(); /* in the middle */
	take(cf_says(&c, false, "y", 1));
	take(cf_says(&c, true, "x", 1));
	ck_assert_uint_eq(s->server_port, 104);
	ck_assert(!s->has_handshake);
	ck_assert_str_eq(said(STREAM_SERVER), "x");
	begin(); /* not without leave */
	ck_assert_ptr_null(streams_take(
	    all, cf_tcp(&c, false, 0, TCP_SYN, NULL, 0), false, NULL));
	ck_assert_uint_eq(streams_count(all), 0);
}
END_TEST

START_TEST(resets_and_new_beginnings)
{
	handshake();
	take(cf_says(&c, true, "x", 1));
	take(cf_tcp(&c, true, 1, TCP_RST, NULL, 0));
	ck_assert(s->is_over && s->is_reset && kept);
	take(cf_tcp(&c, false, 0, TCP_SYN, NULL, 0));
	ck_assert_uint_eq(lost, 1);
	ck_assert_uint_eq(s->frames_len, 1);
	ck_assert(!s->is_over);
	/* another sequence number: another conversation */
	take(cf_tcp(&c, false, 77777, TCP_SYN, NULL, 0));
	ck_assert_uint_eq(lost, 2);
	ck_assert_uint_eq(s->frames_len, 1);
	streams_flush(all);
	ck_assert_uint_eq(lost, 3);
	ck_assert_uint_eq(streams_count(all), 0);
}
END_TEST

START_TEST(ceilings_of_one)
{
	static const uint8_t block[1400];

	handshake();
	for (int i = 0; i < 100; i++)
		take(cf_says(&c, false, block, sizeof(block)));
	ck_assert_uint_eq(s->half[0].total, STREAM_CLIENT_MAX);
	ck_assert(!stream_has_hole(s)); /* the server's side is whole */
	for (int i = 0; i < 100; i++)
		take(cf_says(&c, true, block, sizeof(block)));
	ck_assert_uint_eq(s->half[1].total, TALK_STREAM_MAX);
	ck_assert(stream_has_hole(s));
	handshake();
	for (int i = 0; i < 1000; i++)
		take(cf_says(&c, true, "x", 1));
	ck_assert_uint_lt(s->frames_len, STREAM_FRAMES_MAX);
	take(cf_tcp(&c, true, c.said[1], TCP_ACK | TCP_FIN, NULL, 0));
	ck_assert(kept); /* there is room for the end */
	for (int i = 0; i < 1000; i++)
		take(cf_tcp(&c, true, 0, TCP_RST, NULL, 0));
	ck_assert_uint_eq(s->frames_len, STREAM_FRAMES_MAX);
}
END_TEST

START_TEST(ceilings_of_all)
{
	static const uint8_t block[1400];

	begin();
	for (unsigned i = 0; i < STREAMS_MAX + 10; i++) {
		c.port = (uint16_t)(1 + i);
		take(cf_tcp(&c, false, 0, TCP_SYN, NULL, 0));
	}
	ck_assert_uint_eq(streams_count(all), STREAMS_MAX);
	ck_assert_uint_eq(lost, 10);
	/* the oldest went, but what is under way is not the oldest */
	ck_assert_ptr_null(
	    streams_find(all, false, CF_CLIENT, CF_CLIENT_PORT, CF_SERVER, 10));
	ck_assert_ptr_nonnull(
	    streams_find(all, false, CF_CLIENT, CF_CLIENT_PORT, CF_SERVER, 11));
	for (unsigned i = 0; i < STREAMS_MAX; i++) {
		c.port = (uint16_t)(2000 + i);
		c.said[1] = 0;
		take(cf_tcp(&c, true, 0, TCP_SYN | TCP_ACK, NULL, 0));
		for (int k = 0; k < 8; k++)
			take(cf_says(&c, true, block, sizeof(block)));
		ck_assert_uint_le(streams_bytes(all), STREAMS_BYTES_MAX);
	}
	ck_assert_uint_eq(s->half[1].total, 8 * sizeof(block));
}
END_TEST

START_TEST(datagrams)
{
	begin();
	c.port = 111;
	take(cf_udp(&c, false, "call", 4));
	take(cf_udp(&c, false, "call", 4));
	take(cf_udp(&c, true, "reply", 5));
	ck_assert(s->is_udp);
	ck_assert_str_eq(said(STREAM_CLIENT), "callcall");
	ck_assert_str_eq(said(STREAM_SERVER), "reply");
	take(cf_udp(&c, true, "", 0));
	ck_assert_str_eq(said(STREAM_SERVER), "reply");
	/* cut: half a datagram is none */
	cf_udp(&c, true, "reply", 5);
	c.frame.len -= 1;
	decode_frame(&c.frame, &c.packet);
	take(&c.packet);
	ck_assert_str_eq(said(STREAM_SERVER), "reply");
	ck_assert(stream_has_hole(s));
	/* TCP of the same ports is another matter */
	take(cf_tcp(&c, false, 0, TCP_SYN, NULL, 0));
	ck_assert_uint_eq(streams_count(all), 2);
}
END_TEST

/* Segments of any place, length and flags: nothing but bounds must hold. */
START_TEST(hostile_segments)
{
	uint32_t seed = 1;
	static const uint8_t block[1024];

	begin();
	for (int i = 0; i < 20000; i++) {
		uint32_t at, r;

		seed = seed * 1664525U + 1013904223U;
		r = seed >> 8;
		at = r & 1 ? r >> 16 : r * 2654435761U;
		c.port = (uint16_t)(100 + (r >> 4 & 3));
		cf_tcp(&c, r & 2, at, (uint8_t)(r >> 6 & 0x1f), block,
		    r >> 12 & 1023);
		c.said[r & 1] = r;
		if (take(&c.packet) == NULL)
			continue;
		(void)said(STREAM_CLIENT);
		(void)said(STREAM_SERVER);
		(void)stream_has_hole(s);
		ck_assert_uint_le(s->frames_len, STREAM_FRAMES_MAX);
		ck_assert_uint_le(s->order_len, s->frames_len);
		ck_assert_uint_le(s->half[1].early, STREAM_EARLY_MAX);
		if (s->is_over)
			streams_drop(all, s);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { whole_conversation, order_is_restored,
		repeats_say_nothing, gap_is_the_end,
		frame_cut_by_the_snap_length, every_truncation,
		who_is_the_client, resets_and_new_beginnings, ceilings_of_one,
		ceilings_of_all, datagrams, hostile_segments, NULL };

	return unit_run("stream", tests);
}
