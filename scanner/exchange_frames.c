/* SPDX-License-Identifier: ISC */
/*
 * exchange_frames - which frames go to the evidence file, and under which
 * number a fact finds the bytes it was read from.
 *
 * The numbers are given before anything is written, since the facts stand in
 * facts.ndjson first; a frame is written once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/exchange_parts.h"

enum { COMMENT_MAX = 600 };

void
exchange_frame_write(
    struct exchange *x, const struct stream *s, struct stream_frame *f)
{
	char part[64];

	if (f->is_written)
		return;
	snprintf(part, sizeof(part), "%s/%u: part of a conversation",
	    s->is_udp ? "udp" : "tcp", (unsigned)s->server_port);
	f->number = evidence_add(
	    x->evidence, &f->frame, f->comment ? f->comment : part);
	f->is_written = f->number != 0;
	if (exchange_is_live(x))
		lastwords_written(x->last, s->server, &f->frame, f->number);
}

/* Adds words to what a frame will be called. */
void
exchange_comment(struct stream_frame *f, const char *words)
{
	size_t used = f->comment ? strlen(f->comment) : 0;
	size_t len = strlen(words);
	char *grown;

	if (f->is_written || used + len + 3 > COMMENT_MAX)
		return;
	grown = realloc(f->comment, used + len + 3);
	if (grown == NULL)
		return;
	f->comment = grown;
	snprintf(grown + used, len + 3, "%s%s", used ? ", " : "", words);
}

/* Is a frame evidence, of a talk in which this much was read? */
static bool
is_wanted(const struct stream_frame *f, size_t heard)
{
	if (f->payload_len == 0 || f->flags & TCP_RST)
		return true;
	return f->len > 0 && (f->side == STREAM_CLIENT || f->at < heard);
}

/* Gives numbers to all frames that are to be written. */
void
exchange_frames_number(struct exchange *x, struct stream *s, size_t heard)
{
	uint32_t next = x->evidence ? evidence_frames(x->evidence) : 0;

	for (size_t i = 0; i < s->frames_len; i++) {
		struct stream_frame *f = &s->frames[i];

		if (f->is_written)
			continue;
		if (x->evidence == NULL)
			f->number = f->frame.number;
		else if (is_wanted(f, heard))
			f->number = ++next;
	}
}

void
exchange_frames_write(struct exchange *x, struct stream *s)
{
	for (size_t i = 0; x->evidence != NULL && i < s->frames_len; i++)
		if (s->frames[i].number != 0)
			exchange_frame_write(x, s, &s->frames[i]);
}

/* Do the bytes at offset of what the server said lie in this frame? */
static bool
holds(const struct place *p, const struct stream_frame *f,
    const struct evidence *e, uint32_t *skip)
{
	uint32_t offset = p->base + e->offset, n = e->raw_len;

	if (f->len == 0 || f->frame.time_ns > p->until_ns)
		return false;
	*skip = p->stream->is_udp ? e->offset : offset - f->at;
	if (*skip >= f->len)
		return false;
	if (n > f->len - *skip)
		n = f->len - *skip;
	return memcmp(stream_bytes(f) + *skip, e->raw, n) == 0;
}

/*
 * The frame a fact was read from: the one its bytes begin in.  Where it points
 * at none, the first the server sent shows that it is there, and anything else
 * was concluded from the last.
 */
static struct stream_frame *
frame_of(const struct place *p, const struct fact *fact, uint32_t *skip)
{
	const struct evidence *e = &fact->evidence;
	bool is_first =
	    fact->key == FACT_PORT_STATE || fact->key == FACT_HOST_ALIVE;
	struct stream_frame *found = NULL;

	for (size_t i = 0; i < p->stream->frames_len; i++) {
		struct stream_frame *f = &p->stream->frames[i];

		if (f->side != STREAM_SERVER || f->number == 0)
			continue;
		if (e->raw_len > 0 && holds(p, f, e, skip))
			return f;
		if (e->raw_len == 0 && f->frame.time_ns <= p->until_ns &&
		    (found == NULL || !is_first))
			found = f;
	}
	*skip = 0;
	return found;
}

/* The ledger's hook: a fact of a conversation finds its frame. */
void
exchange_locate(void *arg, struct fact *fact)
{
	const struct place *p = arg;
	uint32_t skip;
	struct stream_frame *f = frame_of(p, fact, &skip);
	char words[COMMENT_MAX];

	if (f == NULL)
		return;
	fact->evidence.kind = EVIDENCE_FRAME;
	fact->evidence.number = f->number;
	fact->evidence.offset =
	    fact->evidence.raw_len ? f->payload + f->from + skip : 0;
	snprintf(words, sizeof(words), "%s=%s", fact_key_text(fact->key),
	    fact->value);
	exchange_comment(f, words);
}
