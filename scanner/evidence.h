/* SPDX-License-Identifier: ISC */
/*
 * evidence - the frames behind facts, kept in a pcapng file
 * (draft-ietf-opsawg-pcapng) with one packet comment per frame.
 *
 * Written as it comes, so that a killed run keeps what it had; numbers count
 * from 1 over the file, as Wireshark counts them.  libpcap reads pcapng but
 * cannot write it, hence this small writer.
 */
#ifndef EVIDENCE_H
#define EVIDENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "scanner/decode.h"

struct evidence_file;

/* Creates (or truncates) path.  Returns NULL and errno. */
struct evidence_file *evidence_create(const char *path, const char *program);

/*
 * Goes on with a file evidence_create() began: numbers and link types count
 * on, half a block at its end is cut off.  A file that is not there is
 * created.  Returns NULL and errno, EINVAL for a file that is not one of ours.
 */
struct evidence_file *evidence_continue(const char *path, const char *program);

/* Flushes and closes.  Safe to call with NULL.  Returns false where any write
 * failed; errno says why. */
bool evidence_close(struct evidence_file *);

/*
 * Appends a frame with a comment.  Returns its number in the file, from 1, or
 * 0 and errno when it could not be written; the file then still ends with a
 * whole block.  Each link type seen gets an interface description of its own.
 */
uint32_t evidence_add(
    struct evidence_file *, const struct frame *frame, const char *comment);

/* Returns how many frames it holds: the next one's number less one. */
uint32_t evidence_frames(const struct evidence_file *);

#endif
