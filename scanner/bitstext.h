/* SPDX-License-Identifier: ISC */
/*
 * bitstext - a field of bits as text: hex, long runs of one byte shortened.
 *
 * "00*4096,ff10" is 4096 zero bytes, then 0xff, then 0x10.  Dark space and
 * finished rounds are long runs, so that a /8 takes a few bytes and not
 * megabytes.
 */
#ifndef BITSTEXT_H
#define BITSTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Returns the text of len bytes, the caller's to free(); NULL when memory is
 * out. */
char *bits_text(const uint8_t *bytes, size_t len);

/* Reads text that stands for exactly len bytes.  Returns false for any other
 * (then out holds anything). */
bool bits_parse(const char *text, uint8_t *out, size_t len);

#endif
