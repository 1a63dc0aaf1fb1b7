/* SPDX-License-Identifier: ISC */
/*
 * text - bytes from the wire made printable, once.
 *
 * What comes out is printable ASCII only: everything else, the backslash too,
 * becomes \xNN.  So no report, terminal, CSV cell or log line can be attacked
 * by a banner, and the original bytes can be told from the text.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stddef.h>
#include <stdint.h>

/*
 * Writes len bytes of s into out, escaped and NUL-terminated; trailing blanks,
 * NULs, CRs and LFs are dropped.  Returns the length written.  Text that does
 * not fit ends in "..." within size (size must be 8 or more).
 */
size_t text_printable(char *out, size_t size, const uint8_t *s, size_t len);

/*
 * The same for a string composed of pieces that were made printable before:
 * backslashes are kept, so that nothing is escaped twice.
 */
size_t text_composed(char *out, size_t size, const char *s);

/* Writes hex digits, as many whole bytes as fit.  Returns the length. */
size_t text_hex(char *out, size_t size, const uint8_t *s, size_t len);

/* Formats ns since the epoch as RFC 3339 UTC with microseconds. */
enum { TEXT_TIME = 32 };
const char *text_time(int64_t ns, char buf[static TEXT_TIME]);

/*
 * Writes a sorted list of n ports as "1-3,7,9-10"; cut with ",..." when it
 * does not fit.  Returns out.
 */
const char *text_ports(char *out, size_t size, const uint16_t *ports, size_t n);

/* The same, as many as fit and nothing behind them.  Returns how many of the
 * ports that were: at least 1 where size is 16 or more. */
size_t text_ports_part(char *out, size_t size, const uint16_t *ports, size_t n);

#endif
