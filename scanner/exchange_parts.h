/* SPDX-License-Identifier: ISC */
/*
 * exchange_parts - what exchange.c (conversations) and exchange_frames.c (their
 * frames in the evidence file) share; nobody else includes it.
 */
#ifndef EXCHANGE_PARTS_H
#define EXCHANGE_PARTS_H

#include "scanner/exchange.h"
#include "scanner/lastwords.h"
#include "scanner/stream.h"

/* A talk whose frames are still awaited. */
struct unsettled {
	struct unsettled *next;
	struct exchange_talk talk;
	struct facts *lists[EXCHANGE_LISTS];
	struct origin origin;
	int64_t due_ns;
};

struct exchange {
	struct ledger *ledger;
	struct evidence_file *evidence;
	const struct dispatch_hooks *hooks;
	struct streams *streams;
	struct lastwords *last;               /* NULL in a replay */
	struct facts *facts;                  /* scratch */
	struct unsettled *first, **last_link; /* the oldest first */
	/* Whose frame was taken last, and whether it is its last one. */
	struct stream *current;
	bool current_kept;
	bool (*excludes)(void *arg, uint32_t address); /* or NULL */
	void *excludes_arg;
};

/* Where the facts of one conversation find their bytes. */
struct place {
	struct stream *stream;
	uint32_t base;    /* of the facts' stream in what the server said */
	int64_t until_ns; /* what came later was not read for it */
};

static inline bool
exchange_is_live(const struct exchange *x)
{
	return x->hooks != NULL;
}

/* Writes one frame of a conversation, once. */
void exchange_frame_write(
    struct exchange *, const struct stream *stream, struct stream_frame *frame);

/* Adds words to what a frame will be called. */
void exchange_comment(struct stream_frame *frame, const char *words);

/* Gives numbers to all frames that are to be written of a talk in which
 * `heard` bytes were read, before any of its facts are taken. */
void exchange_frames_number(
    struct exchange *, struct stream *stream, size_t heard);

/* Writes all that have a number. */
void exchange_frames_write(struct exchange *, struct stream *stream);

/* The ledger's hook (struct origin), with a struct place: a fact of a
 * conversation finds its frame. */
void exchange_locate(void *place, struct fact *fact);

#endif
