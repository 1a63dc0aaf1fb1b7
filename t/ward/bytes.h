/* SPDX-License-Identifier: ISC */
/*
 * bytes - reading and writing the bytes of packets, without overrunning them.
 *
 * Two kinds: plain accessors for headers whose length was already checked,
 * and two cursors for everything of varying length.  A cursor that runs out
 * stays out: it reads zeros and writes nothing until somebody asks.
 */
#ifndef WARD_BYTES_H
#define WARD_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Network order.  The caller has made sure that the bytes are there. */
static inline uint16_t
be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t
be32(const uint8_t *p)
{
	return (uint32_t)be16(p) << 16 | be16(p + 2);
}

static inline void
set16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline void
set32(uint8_t *p, uint32_t v)
{
	set16(p, (uint16_t)(v >> 16));
	set16(p + 2, (uint16_t)v);
}

/* Little-endian, as in a DICOM command set. */
static inline uint16_t
le16(const uint8_t *p)
{
	return (uint16_t)(p[1] << 8 | p[0]);
}

static inline uint32_t
le32(const uint8_t *p)
{
	return (uint32_t)le16(p + 2) << 16 | le16(p);
}

/* Bytes still to be read; borrowed from whoever owns the packet. */
struct view {
	const uint8_t *p;
	size_t left;
	bool over; /* somebody wanted more than there was */
};

/* Returns the next n bytes, or NULL when there are fewer. */
static inline const uint8_t *
view_take(struct view *v, size_t n)
{
	const uint8_t *p = v->p;

	if (v->over || v->left < n) {
		v->over = true;
		v->left = 0;
		return NULL;
	}
	v->p += n;
	v->left -= n;
	return p;
}

/* Returns a view of the next n bytes and steps over them; empty if short. */
static inline struct view
view_cut(struct view *v, size_t n)
{
	const uint8_t *p = view_take(v, n);

	return (struct view){ .p = p, .left = p ? n : 0, .over = p == NULL };
}

static inline uint8_t
view_u8(struct view *v)
{
	const uint8_t *p = view_take(v, 1);

	return p ? p[0] : 0;
}

static inline uint16_t
view_u16(struct view *v)
{
	const uint8_t *p = view_take(v, 2);

	return p ? be16(p) : 0;
}

static inline uint32_t
view_u32(struct view *v)
{
	const uint8_t *p = view_take(v, 4);

	return p ? be32(p) : 0;
}

/* A buffer being filled; the caller owns the memory. */
struct pen {
	uint8_t *buf;
	size_t room; /* size of buf */
	size_t used;
	bool over; /* something did not fit and was left out */
};

static inline void
pen_bytes(struct pen *w, const void *src, size_t n)
{
	if (w->over || w->room - w->used < n) {
		w->over = true;
		return;
	}
	if (n > 0)
		memcpy(w->buf + w->used, src, n);
	w->used += n;
}

static inline void
pen_u8(struct pen *w, uint8_t v)
{
	pen_bytes(w, &v, 1);
}

static inline void
pen_u16(struct pen *w, uint16_t v)
{
	uint8_t b[2];

	set16(b, v);
	pen_bytes(w, b, sizeof(b));
}

static inline void
pen_u32(struct pen *w, uint32_t v)
{
	uint8_t b[4];

	set32(b, v);
	pen_bytes(w, b, sizeof(b));
}

static inline void
pen_fill(struct pen *w, uint8_t v, size_t n)
{
	while (n-- > 0)
		pen_u8(w, v);
}

/* Leaves two bytes for a length and returns their place for pen_close16(). */
static inline size_t
pen_open16(struct pen *w)
{
	pen_u16(w, 0);
	return w->used;
}

/* Fills in the 16-bit length of what was written since pen_open16(). */
static inline void
pen_close16(struct pen *w, size_t from)
{
	if (!w->over)
		set16(w->buf + from - 2, (uint16_t)(w->used - from));
}

#endif
