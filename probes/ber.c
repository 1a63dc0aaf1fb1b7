/* SPDX-License-Identifier: ISC */
/* ber - tag, length, value; the cursor's error is sticky. */
#include <inttypes.h>
#include <stdio.h>

#include "probes/ber.h"

enum { LONG_FORM = 0x80, MULTI_BYTE_TAG = 0x1f, LENGTH_BYTES_MAX = 4 };

static size_t
length_take(struct rd *r)
{
	uint8_t first = rd_u8(r);
	size_t len = 0;

	if (first < LONG_FORM)
		return first;
	first &= LONG_FORM - 1;
	if (first == 0 || first > LENGTH_BYTES_MAX)
		r->ran_short = true; /* indefinite, or absurd */
	for (uint8_t i = 0; i < first && rd_ok(r); i++)
		len = len << 8 | rd_u8(r);
	return len;
}

bool
ber_next(struct rd *r, uint8_t *tag, struct rd *inside)
{
	size_t len;

	*tag = rd_u8(r);
	if ((*tag & MULTI_BYTE_TAG) == MULTI_BYTE_TAG)
		r->ran_short = true;
	len = length_take(r);
	*inside = (struct rd){ .at = rd_bytes(r, len), .left = len };
	if (!rd_ok(r))
		*inside = (struct rd){ .ran_short = true };
	return rd_ok(r);
}

bool
ber_take(struct rd *r, uint8_t tag, struct rd *inside)
{
	uint8_t found;

	if (ber_next(r, &found, inside) && found != tag)
		r->ran_short = inside->ran_short = true;
	return rd_ok(r);
}

int32_t
ber_take_integer(struct rd *r)
{
	struct rd inside;
	uint32_t value;

	if (!ber_take(r, BER_INTEGER, &inside))
		return 0;
	if (inside.left == 0 || inside.left > 4) {
		r->ran_short = true;
		return 0;
	}
	value = inside.at[0] & 0x80 ? UINT32_MAX : 0;
	while (inside.left > 0)
		value = value << 8 | rd_u8(&inside);
	return (int32_t)value;
}

/* Takes one part of an identifier: seven bits a byte. */
static bool
part_take(struct rd *inside, uint32_t *part)
{
	uint8_t byte;

	*part = 0;
	do {
		byte = rd_u8(inside);
		if (*part > UINT32_MAX >> 7)
			return false;
		*part = *part << 7 | (byte & 0x7f);
	} while (byte & 0x80);
	return rd_ok(inside);
}

const char *
ber_oid_text(struct rd inside, char buf[static BER_OID_TEXT])
{
	size_t used = 0;
	bool is_first = true;

	if (inside.left == 0)
		return NULL;
	while (inside.left > 0) {
		uint32_t part, root = 2;
		int n;

		if (!part_take(&inside, &part))
			return NULL;
		if (is_first && part < 80)
			root = part / 40;
		n = is_first ? snprintf(buf, BER_OID_TEXT, "%u.%" PRIu32,
				   (unsigned)root, part - 40 * root)
			     : snprintf(buf + used, BER_OID_TEXT - used,
				   ".%" PRIu32, part);
		used += (size_t)n;
		if (used >= BER_OID_TEXT)
			return NULL;
		is_first = false;
	}
	return buf;
}
