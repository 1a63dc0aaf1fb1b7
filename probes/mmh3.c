/* SPDX-License-Identifier: ISC */
/*
 * mmh3 - base64 and hash at once.
 *
 * Source: RFC 4648 section 4; MurmurHash3_x86_32 is in the public domain.  The
 * line ends are those of Python's base64.encodebytes(): one after every 76
 * characters and one at the end.
 */
#include "probes/mmh3.h"

enum { LINE_LEN = 76, SIX_BITS = 0x3f };

static uint32_t
turn_left(uint32_t x, unsigned by)
{
	return x << by | x >> (32 - by);
}

static uint32_t
mix(uint32_t block)
{
	return turn_left(block * 0xcc9e2d51U, 15) * 0x1b873593U;
}

static void
put_char(struct mmh3 *m, uint8_t c)
{
	m->block |= (uint32_t)c << 8 * (m->len & 3);
	m->len++;
	if ((m->len & 3) != 0)
		return;
	m->hash = turn_left(m->hash ^ mix(m->block), 13) * 5 + 0xe6546b64U;
	m->block = 0;
}

/* The four characters of the group, so many of them written as "=". */
static void
put_group(struct mmh3 *m, unsigned padding)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz0123456789+/";

	for (unsigned i = 0; i < 4; i++)
		put_char(m,
		    (uint8_t)(i < 4 - padding
			    ? alphabet[m->group >> (18 - 6 * i) & SIX_BITS]
			    : '='));
	m->group = m->group_len = 0;
	m->line_len += 4;
	if (m->line_len == LINE_LEN) {
		put_char(m, '\n');
		m->line_len = 0;
	}
}

void
mmh3_put(struct mmh3 *m, uint8_t byte)
{
	m->group = m->group << 8 | byte;
	if (++m->group_len == 3)
		put_group(m, 0);
}

int32_t
mmh3_end(struct mmh3 *m)
{
	unsigned missing = 3 - m->group_len;
	uint32_t h;

	if (m->group_len > 0) {
		m->group <<= 8 * missing;
		put_group(m, missing);
	}
	if (m->line_len > 0)
		put_char(m, '\n');
	h = m->hash ^ ((m->len & 3) != 0 ? mix(m->block) : 0) ^ m->len;
	h = (h ^ h >> 16) * 0x85ebca6bU;
	h = (h ^ h >> 13) * 0xc2b2ae35U;
	return (int32_t)(h ^ h >> 16);
}
