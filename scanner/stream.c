/* SPDX-License-Identifier: ISC */
/*
 * stream - the table of conversations: found by their ports, forgotten when
 * they have been quiet for the longest time.
 *
 * Limits:    STREAMS_MAX of them, STREAMS_BYTES_MAX of frames.
 */
#include <stdlib.h>
#include <string.h>

#include "scanner/limits.h"
#include "scanner/stream_parts.h"

struct streams *
streams_new(stream_lost_fn *lost, void *arg)
{
	struct streams *all = calloc(1, sizeof(*all));

	if (all == NULL)
		return NULL;
	all->lost = lost;
	all->arg = arg;
	return all;
}

void
streams_forget_frames(struct streams *all, struct stream *s)
{
	struct stream_node *n = (struct stream_node *)s;

	for (size_t i = 0; i < s->frames_len; i++) {
		all->bytes -= s->frames[i].frame.len;
		free((void *)(uintptr_t)s->frames[i].frame.bytes);
		free(s->frames[i].comment);
	}
	free(s->frames);
	free(s->order);
	s->frames = NULL;
	s->order = NULL;
	s->frames_len = s->order_len = n->room = 0;
	s->half[0].early = s->half[1].early = 0;
}

void
streams_drop(struct streams *all, struct stream *s)
{
	struct stream_node *n = (struct stream_node *)s;

	streams_forget_frames(all, s);
	HASH_DELETE(hh, all->nodes, n);
	free(n);
}

void
streams_free(struct streams *all)
{
	if (all == NULL)
		return;
	while (all->nodes != NULL)
		streams_drop(all, &all->nodes->stream);
	free(all);
}

static void
lose(struct streams *all, struct stream_node *n)
{
	all->lost(all->arg, &n->stream);
	streams_drop(all, &n->stream);
}

void
streams_flush(struct streams *all)
{
	while (all->nodes != NULL)
		lose(all, all->nodes);
}

size_t
streams_count(const struct streams *all)
{
	return HASH_COUNT(all->nodes);
}

size_t
streams_bytes(const struct streams *all)
{
	return all->bytes;
}

static struct stream_key
key_of(bool is_udp, uint32_t a, uint16_t a_port, uint32_t b, uint16_t b_port)
{
	bool swap = a > b || (a == b && a_port > b_port);

	return (struct stream_key){
		.address = { swap ? b : a, swap ? a : b },
		.port = { swap ? b_port : a_port, swap ? a_port : b_port },
		.is_udp = is_udp,
	};
}

static struct stream_node *
node_find(const struct streams *all, const struct stream_key *key)
{
	struct stream_node *n;

	HASH_FIND(hh, all->nodes, key, sizeof(*key), n);
	return n;
}

struct stream *
streams_find(const struct streams *all, bool is_udp, uint32_t client,
    uint16_t client_port, uint32_t server, uint16_t server_port)
{
	struct stream_key key =
	    key_of(is_udp, client, client_port, server, server_port);
	struct stream_node *n = node_find(all, &key);

	if (n == NULL || n->stream.client != client ||
	    n->stream.client_port != client_port)
		return NULL;
	return &n->stream;
}

/* The ports of a packet, TCP or UDP. */
static void
ports_of(const struct packet *p, uint16_t *source, uint16_t *destination)
{
	bool is_udp = p->kind == PACKET_UDP;

	*source = is_udp ? p->udp.source_port : p->tcp.source_port;
	*destination =
	    is_udp ? p->udp.destination_port : p->tcp.destination_port;
}

static struct stream_node *
node_begin(
    struct streams *all, const struct packet *p, const struct stream_key *key)
{
	struct stream_node *n = calloc(1, sizeof(*n));
	struct stream *s;
	bool is_answer = p->kind == PACKET_TCP &&
	    (p->tcp.flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK);
	uint16_t from, to;

	if (n == NULL)
		return NULL;
	ports_of(p, &from, &to);
	s = &n->stream;
	s->client = is_answer ? p->destination : p->source;
	s->server = is_answer ? p->source : p->destination;
	s->client_port = is_answer ? to : from;
	s->server_port = is_answer ? from : to;
	s->is_udp = p->kind == PACKET_UDP;
	s->has_handshake = !s->is_udp && (p->tcp.flags & TCP_SYN) != 0;
	n->key = *key;
	HASH_ADD(hh, all->nodes, key, sizeof(n->key), n);
	if (n->hh.tbl == NULL) {
		free(n);
		return NULL;
	}
	if (HASH_COUNT(all->nodes) > STREAMS_MAX)
		lose(all, all->nodes);
	return n;
}

/* The newest stands last. */
static void
node_touch(struct streams *all, struct stream_node *n)
{
	if (n->hh.next == NULL)
		return;
	HASH_DELETE(hh, all->nodes, n);
	HASH_ADD(hh, all->nodes, key, sizeof(n->key), n);
}

/* Do these ports begin something new with this SYN? */
static bool
begins_anew(const struct stream *s, const struct packet *p)
{
	const struct stream_half *c = &s->half[STREAM_CLIENT];

	if (s->is_udp || (p->tcp.flags & (TCP_SYN | TCP_ACK)) != TCP_SYN)
		return false;
	if (p->source != s->client || p->tcp.source_port != s->client_port)
		return true;
	return s->is_over || !c->is_synced ||
	    p->tcp.seq + 1 != c->next - c->total;
}

struct stream *
streams_take(
    struct streams *all, const struct packet *p, bool may_begin, bool *kept)
{
	struct stream_node *n;
	struct stream_key key;
	enum stream_side side;
	uint16_t from, to;
	bool was_kept;

	if (kept != NULL)
		*kept = false;
	ports_of(p, &from, &to);
	key =
	    key_of(p->kind == PACKET_UDP, p->source, from, p->destination, to);
	n = node_find(all, &key);
	if (n != NULL && begins_anew(&n->stream, p)) {
		lose(all, n);
		n = NULL;
	}
	if (n == NULL && may_begin)
		n = node_begin(all, p, &key);
	if (n == NULL)
		return NULL;
	node_touch(all, n);
	side = p->source == n->stream.client && from == n->stream.client_port
	    ? STREAM_CLIENT
	    : STREAM_SERVER;
	was_kept = n->stream.is_udp ? stream_take_udp(all, n, p, side)
				    : stream_take_tcp(all, n, p, side);
	while (all->bytes > STREAMS_BYTES_MAX && all->nodes != n)
		lose(all, all->nodes);
	if (kept != NULL)
		*kept = was_kept;
	return &n->stream;
}

bool
stream_has_hole(const struct stream *s)
{
	const struct stream_half *h = &s->half[STREAM_SERVER];

	return h->is_lost || h->early > 0 || (h->has_fin && !h->is_ended);
}

const uint8_t *
stream_bytes(const struct stream_frame *f)
{
	if (f->len == 0)
		return NULL;
	return f->frame.bytes + f->payload + f->from;
}
