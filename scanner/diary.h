/* SPDX-License-Identifier: ISC */
/*
 * diary - what a run is about to do, on the disk before it is done.
 *
 * Records go to the end of a file in frames, each with a keyed checksum, so
 * that whatever a kill cuts off is seen and left out.  A frame that was written
 * survives the process; a machine that loses its power may lose the last
 * seconds.  Which records there are is audit_diary.h's business.
 */
#ifndef DIARY_H
#define DIARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct diary;

/* Both return NULL and errno; EWOULDBLOCK: another process is writing it. */

/* An empty one of that generation in place of any other. */
struct diary *diary_create(
    const char *path, const uint8_t key[static 16], uint32_t generation);

/*
 * The one that is there, if it is whole in its beginning and of that
 * generation (ENOENT otherwise): each record is handed to took(), then the file
 * ends behind the last whole frame and goes on from there.
 */
struct diary *diary_continue(const char *path, const uint8_t key[static 16],
    uint32_t generation,
    void (*took)(void *arg, uint8_t kind, const uint8_t *bytes, size_t len),
    void *arg);

/* NULL ok.  What was not flushed is lost. */
void diary_close(struct diary *);

/* One more record, to be written with the next flush. */
void diary_put(struct diary *, uint8_t kind, const uint8_t *bytes, size_t len);

/* Writes all records put since the last flush, as one frame.  Returns false
 * and errno when it or an earlier one could not be written. */
bool diary_flush(struct diary *);

#endif
