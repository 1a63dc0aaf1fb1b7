/* SPDX-License-Identifier: ISC */
/*
 * lastwords - the last few frames to and from each host we talk with, so that
 * a host that falls silent leaves behind what was said to it.
 *
 * Bounded by limits.h; the host not heard of for the longest time gives way.
 */
#ifndef LASTWORDS_H
#define LASTWORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/decode.h"

struct lastwords;

struct lastwords_frame {
	struct frame frame; /* at most LAST_BYTES_MAX bytes of it */
	bool is_from_host;
	uint32_t number; /* in the evidence file; 0: not there */
};

/* Returns NULL when memory is out. */
struct lastwords *lastwords_new(void);
void lastwords_free(struct lastwords *); /* NULL ok */

/* Notes a frame to or from a host; begin says whether the host may be new. */
void lastwords_note(struct lastwords *, uint32_t address,
    const struct frame *frame, bool is_from_host, bool begin);

/* The frame has gone to the evidence file already, under this number. */
void lastwords_written(struct lastwords *, uint32_t address,
    const struct frame *frame, uint32_t number);

/* Returns a host's frames, oldest first, and their number (0: NULL); valid
 * until the next call. */
struct lastwords_frame *lastwords_of(
    struct lastwords *, uint32_t address, size_t *n);

enum { LASTWORDS_TEXT = 400 };

/*
 * Returns buf: frames in a few words each with the time before the last, such
 * as "-3.001 s to tcp/104 SYN, -2.000 s from tcp/21 FIN ACK".
 */
const char *lastwords_text(const struct lastwords_frame *frames, size_t n,
    char buf[static LASTWORDS_TEXT]);

#endif
