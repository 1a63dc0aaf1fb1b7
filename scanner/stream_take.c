/* SPDX-License-Identifier: ISC */
/*
 * stream_take - passive reassembly of one conversation.
 *
 * Source:    RFC 9293, 3.4 (sequence numbers) and 3.6 (closing)
 * Limits:    a segment more than 64 KiB ahead is taken for somebody else's;
 *            of bytes that come twice the first are believed; IP fragments
 *            are not put together.  A pure acknowledgement is kept where it
 *            ends the handshake or follows a FIN, a repeated segment never.
 */
#include <stdlib.h>
#include <string.h>

#include "scanner/limits.h"
#include "scanner/stream_parts.h"

enum {
	AHEAD_MAX = 65536,  /* how far ahead a segment may be */
	GOODBYE_FRAMES = 8, /* of a conversation's frames, for its end */
	FRAMES_FIRST = 8    /* room made at first; doubled */
};

static bool
make_room(struct stream_node *n)
{
	size_t room = n->room ? 2 * n->room : FRAMES_FIRST;
	struct stream *s = &n->stream;
	struct stream_frame *frames;
	uint16_t *order;

	if (s->frames_len < n->room)
		return true;
	frames = realloc(s->frames, room * sizeof(*frames));
	if (frames != NULL)
		s->frames = frames;
	order = realloc(s->order, room * sizeof(*order));
	if (order != NULL)
		s->order = order;
	if (frames == NULL || order == NULL)
		return false;
	n->room = room;
	return true;
}

/* Keeps a frame as the conversation's last.  NULL where it may not. */
static struct stream_frame *
frame_keep(struct streams *all, struct stream_node *n, const struct packet *p,
    enum stream_side side)
{
	struct stream *s = &n->stream;
	const struct frame *frame = p->frame;
	bool is_end = !s->is_udp && (p->tcp.flags & (TCP_FIN | TCP_RST)) != 0;
	size_t max = STREAM_FRAMES_MAX - (is_end ? 0 : GOODBYE_FRAMES);
	struct stream_frame *f;
	uint8_t *copy;

	if (s->frames_len >= max || !make_room(n))
		return NULL;
	copy = malloc(frame->len ? frame->len : 1);
	if (copy == NULL)
		return NULL;
	memcpy(copy, frame->bytes, frame->len);
	f = &s->frames[s->frames_len++];
	*f = (struct stream_frame){ .frame = *frame,
		.side = side,
		.flags = s->is_udp ? 0 : p->tcp.flags,
		.seq = s->is_udp ? 0 : p->tcp.seq,
		.ack = s->is_udp ? 0 : p->tcp.ack,
		.payload = (uint32_t)(p->payload.at - frame->bytes),
		.payload_len = (uint32_t)p->payload.left };
	f->frame.bytes = copy;
	if (f->flags & TCP_SYN)
		f->seq++; /* which counts as one before the payload */
	all->bytes += frame->len;
	return f;
}

/* Ends a side's bytes here: a ceiling, a gap, or a cut. */
static void
lose_rest(struct stream *s, enum stream_side side)
{
	s->half[side].is_lost = true;
}

/* Adds a frame's new bytes to what its side has said. */
static void
deliver(struct stream *s, size_t i, uint32_t skip)
{
	struct stream_frame *f = &s->frames[i];
	struct stream_half *h = &s->half[f->side];
	uint32_t max =
	    f->side == STREAM_CLIENT ? STREAM_CLIENT_MAX : TALK_STREAM_MAX;

	f->is_early = false;
	if (h->is_lost || skip >= f->payload_len)
		return;
	f->from = skip;
	f->len = f->payload_len - skip;
	f->at = h->total;
	h->next = f->seq + f->payload_len;
	if (f->len >= max - h->total) {
		f->len = max - h->total;
		lose_rest(s, f->side);
	}
	h->total += f->len;
	if (f->len > 0)
		s->order[s->order_len++] = (uint16_t)i;
	/* What the snap length cut off is missing from here on. */
	if (f->frame.wire_len > f->frame.len)
		lose_rest(s, f->side);
}

/* Delivers what waited for the bytes that have just come. */
static void
deliver_early(struct stream *s, enum stream_side side)
{
	struct stream_half *h = &s->half[side];
	bool again = true;

	while (again && h->early > 0) {
		again = false;
		for (size_t i = 0; i < s->frames_len; i++) {
			struct stream_frame *f = &s->frames[i];
			uint32_t behind = h->next - f->seq;

			if (!f->is_early || f->side != side ||
			    behind > AHEAD_MAX)
				continue;
			h->early--;
			deliver(s, i, behind);
			again = true;
		}
	}
}

/* Is a packet without new bytes part of the handshake or the goodbye? */
static bool
is_milestone(const struct stream *s, const struct packet *p)
{
	const struct stream_half *c = &s->half[STREAM_CLIENT],
				 *v = &s->half[STREAM_SERVER];

	if (p->tcp.flags & (TCP_SYN | TCP_FIN | TCP_RST))
		return true;
	return c->has_fin || v->has_fin ||
	    (c->total + v->total == 0 && s->frames_len <= 2);
}

static void
note_fin(struct stream *s, const struct packet *p, enum stream_side side)
{
	struct stream_half *h = &s->half[side], *other = &s->half[!side];
	bool both = h->is_ended && other->is_ended;

	if (p->tcp.flags & TCP_FIN && !h->has_fin) {
		h->has_fin = true;
		h->fin_seq = p->tcp.seq + (uint32_t)p->payload.left;
	}
	/* Behind a gap nothing can be waited for. */
	h->is_ended =
	    h->has_fin && (h->next == h->fin_seq || h->is_lost || h->is_ended);
	if (p->tcp.flags & TCP_RST)
		s->is_reset = s->is_over = true;
	else if (both && !(p->tcp.flags & TCP_FIN))
		s->is_over = true;
}

/* Sets where the sides' bytes begin, from a SYN or from what is acknowledged. */
static void
synchronise(struct stream *s, const struct packet *p, enum stream_side side)
{
	struct stream_half *h = &s->half[side], *other = &s->half[!side];

	if (!h->is_synced) {
		h->is_synced = true;
		h->next = p->tcp.seq + ((p->tcp.flags & TCP_SYN) != 0);
	}
	if (!other->is_synced && p->tcp.flags & TCP_ACK) {
		other->is_synced = true;
		other->next = p->tcp.ack;
	}
}

/* Returns whether the frame was kept. */
bool
stream_take_tcp(struct streams *all, struct stream_node *n,
    const struct packet *p, enum stream_side side)
{
	struct stream *s = &n->stream;
	struct stream_half *h = &s->half[side];
	bool is_synced = h->is_synced;
	uint32_t len = (uint32_t)p->payload.left, ahead, behind;
	bool has_new, is_early, is_again;
	struct stream_frame *f = NULL;

	synchronise(s, p, side);
	ahead = p->tcp.seq + ((p->tcp.flags & TCP_SYN) != 0) - h->next;
	behind = 0U - ahead;
	is_early = ahead > 0 && ahead <= AHEAD_MAX;
	has_new =
	    len > 0 && !h->is_lost && (is_early || behind < len || ahead == 0);
	is_again = p->tcp.flags & TCP_SYN ? is_synced
	    : p->tcp.flags & TCP_FIN      ? h->has_fin
					  : false;
	if (has_new && is_early && h->early == STREAM_EARLY_MAX) {
		lose_rest(s, side);
		has_new = false;
	}
	if (has_new || (len == 0 && !is_again && is_milestone(s, p)) ||
	    p->tcp.flags & TCP_RST)
		f = frame_keep(all, n, p, side);
	if (has_new && f == NULL)
		lose_rest(s, side);
	if (has_new && f != NULL && is_early) {
		f->is_early = true;
		h->early++;
	} else if (has_new && f != NULL) {
		deliver(s, s->frames_len - 1, behind);
		deliver_early(s, side);
	}
	note_fin(s, p, side);
	return f != NULL;
}

bool
stream_take_udp(struct streams *all, struct stream_node *n,
    const struct packet *p, enum stream_side side)
{
	struct stream *s = &n->stream;
	struct stream_frame *f = frame_keep(all, n, p, side);

	if (f == NULL || p->payload.left < p->udp.payload_len)
		lose_rest(s, side); /* half a datagram is none */
	else
		deliver(s, s->frames_len - 1, 0);
	return f != NULL;
}
