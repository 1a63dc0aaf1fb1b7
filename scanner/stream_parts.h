/* SPDX-License-Identifier: ISC */
/*
 * stream_parts - what the table of conversations (stream.c) and the taking of
 * their frames (stream_take.c) share; nobody else includes it.
 */
#ifndef STREAM_PARTS_H
#define STREAM_PARTS_H

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#include "scanner/stream.h"

/* The lower end stands first, so that both directions find the same. */
struct stream_key {
	uint32_t address[2];
	uint16_t port[2];
	uint32_t is_udp;
};

struct stream_node {
	struct stream stream; /* first: streams_drop() is handed this */
	struct stream_key key;
	size_t room; /* for frames, and as many places in order */
	UT_hash_handle hh;
};

struct streams {
	struct stream_node
	    *nodes; /* the one longest without a frame stands first */
	size_t bytes;
	stream_lost_fn *lost;
	void *arg;
};

/*
 * Takes a packet of a conversation, from one of its sides.  Returns whether
 * its frame was kept.
 */
bool stream_take_tcp(struct streams *, struct stream_node *,
    const struct packet *packet, enum stream_side side);
bool stream_take_udp(struct streams *, struct stream_node *,
    const struct packet *packet, enum stream_side side);

#endif
