/* SPDX-License-Identifier: ISC */
/*
 * wire - bounded reading and writing of network-order bytes.
 *
 * The error is sticky: the first access past the end marks the cursor and
 * every later read yields zero or NULL, every later write is dropped.  A
 * parser therefore reads straight through its format and asks once, at the
 * end, whether it ran short.
 */
#ifndef WIRE_H
#define WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A reading cursor.  Borrows the bytes; copy the struct to look ahead. */
struct rd {
	const uint8_t *at;
	size_t left; /* bytes not yet read */
	bool ran_short;
};

/* A writing cursor over a buffer the caller owns. */
struct wr {
	uint8_t *at;
	size_t left; /* bytes still free */
	size_t used; /* bytes written */
	bool ran_short;
};

static inline bool
rd_ok(const struct rd *r)
{
	return !r->ran_short;
}

/* Returns n bytes inside the caller's buffer, or NULL when fewer are left. */
static inline const uint8_t *
rd_bytes(struct rd *r, size_t n)
{
	const uint8_t *here = r->at;

	if (r->ran_short || n > r->left) {
		r->ran_short = true;
		return NULL;
	}
	if (n == 0)
		return here; /* which may be NULL */
	r->at += n;
	r->left -= n;
	return here;
}

static inline void
rd_skip(struct rd *r, size_t n)
{
	(void)rd_bytes(r, n);
}

static inline uint8_t
rd_u8(struct rd *r)
{
	const uint8_t *b = rd_bytes(r, 1);

	return b ? b[0] : 0;
}

static inline uint16_t
rd_u16(struct rd *r)
{
	const uint8_t *b = rd_bytes(r, 2);

	return (uint16_t)(b ? b[0] << 8 | b[1] : 0);
}

static inline uint32_t
rd_u32(struct rd *r)
{
	const uint8_t *b = rd_bytes(r, 4);

	if (b == NULL)
		return 0;
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 |
	    (uint32_t)b[2] << 8 | b[3];
}

/* Little-endian, for what a machine wrote in its own order. */
static inline uint32_t
rd_u32le(struct rd *r)
{
	const uint8_t *b = rd_bytes(r, 4);

	if (b == NULL)
		return 0;
	return (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 |
	    (uint32_t)b[1] << 8 | b[0];
}

static inline bool
wr_ok(const struct wr *w)
{
	return !w->ran_short;
}

static inline void
wr_bytes(struct wr *w, const void *src, size_t n)
{
	if (w->ran_short || n > w->left) {
		w->ran_short = true;
		return;
	}
	if (n == 0)
		return; /* either pointer may be NULL */
	memcpy(w->at, src, n);
	w->at += n;
	w->left -= n;
	w->used += n;
}

static inline void
wr_u8(struct wr *w, uint8_t v)
{
	wr_bytes(w, &v, 1);
}

static inline void
wr_u16(struct wr *w, uint16_t v)
{
	const uint8_t b[2] = { (uint8_t)(v >> 8), (uint8_t)v };

	wr_bytes(w, b, sizeof(b));
}

static inline void
wr_u32(struct wr *w, uint32_t v)
{
	const uint8_t b[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16),
		(uint8_t)(v >> 8), (uint8_t)v };

	wr_bytes(w, b, sizeof(b));
}

#endif
