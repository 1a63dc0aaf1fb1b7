/* SPDX-License-Identifier: ISC */
/*
 * stream - conversations put together again from the frames that carried
 * them: TCP in the order of its sequence numbers, UDP datagram by datagram.
 *
 * Passive, and bounded by limits.h in every direction: how many conversations
 * at once, how many bytes and frames of each, how far ahead of a gap a segment
 * may be.  What is kept of a conversation is its frames, as they came; nothing
 * is copied twice.  Whoever sent the SYN is the client; where no SYN was seen,
 * whoever said the first byte.
 */
#ifndef STREAM_H
#define STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/decode.h"

enum stream_side { STREAM_CLIENT = 0, STREAM_SERVER = 1 };

/* One frame of a conversation. */
struct stream_frame {
	struct frame frame;    /* .bytes is a copy, owned by the conversation */
	enum stream_side side; /* who sent it */
	uint8_t flags;         /* TCP's */
	uint32_t seq;          /* TCP's, of the first byte of the payload */
	uint32_t ack;          /* what its sender has heard of the other side */
	uint32_t payload;      /* where in the frame it begins */
	uint32_t payload_len;  /* as captured */
	bool is_early;         /* waits for bytes before it */
	/* What it brought that was new, once all before it had come: */
	uint32_t at;   /* where that stands in all the side said */
	uint32_t from; /* where it begins in the payload */
	uint32_t len;  /* 0: nothing */
	/* For whoever writes evidence. */
	uint32_t number; /* in the evidence file; 0: none */
	bool is_written;
	char *comment; /* NULL, or owned by the conversation */
};

struct stream_half {
	bool is_synced; /* next is known */
	uint32_t next;  /* sequence number of the next byte */
	uint32_t total; /* bytes said, in order, and kept */
	unsigned early; /* frames that wait */
	bool has_fin;   /* a FIN was seen, at fin_seq */
	uint32_t fin_seq;
	bool is_ended; /* the FIN, and all before it */
	bool is_lost;  /* a ceiling, a gap or a cut frame: no more comes */
};

struct stream {
	uint32_t client, server; /* addresses, host order */
	uint16_t client_port, server_port;
	bool is_udp;
	bool has_handshake; /* its SYN or SYN-ACK was seen */
	bool is_reset;
	bool is_over; /* reset, or both goodbyes said and heard */
	struct stream_half half[2];
	struct stream_frame *frames; /* in the order they came */
	size_t frames_len;
	uint16_t *order; /* indices of frames with .len > 0, as the bytes go */
	size_t order_len;
	/* For whoever writes evidence. */
	bool is_settled;   /* its facts are taken, its frames forgotten */
	unsigned goodbyes; /* frames written since */
};

struct streams;

/* Called with a conversation that is about to be forgotten: for another one's
 * sake, because its ports begin a new one, or by streams_flush(). */
typedef void stream_lost_fn(void *arg, struct stream *stream);

/* Returns NULL when memory is out. */
struct streams *streams_new(stream_lost_fn *lost, void *arg);

/* Forgets all without calling lost.  NULL ok. */
void streams_free(struct streams *);

/*
 * Takes a TCP or UDP packet.  may_begin: it may begin a conversation where
 * none is known of these ports.  Returns the conversation, valid until the
 * next call, or NULL where it belongs to none.  *kept (may be NULL) tells
 * whether the frame became the last of its frames.
 */
struct stream *streams_take(
    struct streams *, const struct packet *packet, bool may_begin, bool *kept);

/* Returns a conversation under way, or NULL. */
struct stream *streams_find(const struct streams *, bool is_udp,
    uint32_t client, uint16_t client_port, uint32_t server,
    uint16_t server_port);

/* Forgets its frames, and goes on with what comes. */
void streams_forget_frames(struct streams *, struct stream *);

/* Forgets it altogether, without calling lost. */
void streams_drop(struct streams *, struct stream *);

/* Hands every conversation to lost, oldest first, and forgets it. */
void streams_flush(struct streams *);

size_t streams_count(const struct streams *);
size_t streams_bytes(const struct streams *); /* of frames kept */

/* Returns whether bytes are missing of what the server said. */
bool stream_has_hole(const struct stream *);

/* Returns the frame's new bytes; NULL for none. */
const uint8_t *stream_bytes(const struct stream_frame *);

#endif
