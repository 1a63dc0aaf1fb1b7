/* SPDX-License-Identifier: ISC */
/* bitstext: golden texts both ways, any bytes there and back, nothing else. */
#include <stdlib.h>
#include <string.h>

#include "scanner/bitstext.h"
#include "t/unit.h"

static void
goes_both_ways(const uint8_t *bytes, size_t len, const char *text)
{
	uint8_t back[64];
	char *made = bits_text(bytes, len);

	ck_assert_ptr_nonnull(made);
	ck_assert_str_eq(made, text);
	ck_assert(bits_parse(text, back, len));
	ck_assert_mem_eq(back, bytes, len);
	free(made);
}

START_TEST(golden)
{
	uint8_t zeros[64] = { 0 };
	static const uint8_t few[] = { 0xff, 0x10, 0x00, 0xa5 };

	goes_both_ways(few, 0, "");
	goes_both_ways(few, sizeof(few), "ff1000a5");
	goes_both_ways(zeros, 3, "000000");
	goes_both_ways(zeros, 64, "00*64,");
	zeros[63] = 0x80;
	goes_both_ways(zeros, 64, "00*63,80");
	zeros[0] = 1;
	goes_both_ways(zeros, 64, "0100*62,80");
}
END_TEST

START_TEST(any_bytes_come_back)
{
	enum { LEN = 4000 };
	uint8_t bytes[LEN], back[LEN];
	unsigned seed = 1;

	for (unsigned pass = 0; pass < 200; pass++) {
		size_t len = pass < 60 ? pass : LEN - pass;
		char *text;

		for (size_t i = 0; i < len; i++) {
			seed = seed * 1103515245 + 12345;
			bytes[i] = i > 0 && (seed >> 16) % 40 != 0
			    ? bytes[i - 1]
			    : (uint8_t)(seed >> 20);
		}
		text = bits_text(bytes, len);
		ck_assert_ptr_nonnull(text);
		ck_assert_uint_le(strlen(text), 2 * len + 8);
		ck_assert(bits_parse(text, back, len));
		ck_assert_mem_eq(back, bytes, len);
		ck_assert(!bits_parse(text, back, len + 1));
		if (len > 0)
			ck_assert(!bits_parse(text, back, len - 1));
		free(text);
	}
}
END_TEST

START_TEST(nothing_else_is_read)
{
	static const char *const wrong[] = { "0", "000", "0000000", "0g0000",
		"000000 ", " 000000", "00*3", "00*0,000000", "00*4,", "*3,",
		"00*18446744073709551619,", "00*-3,", "00*+3,", "00**3,",
		"AA*3,", "00*3,00", "00*3;" };
	uint8_t out[3];

	ck_assert(bits_parse("00*3,", out, 3));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const char *edge =
		    (const char *)at_the_edge(wrong[i], strlen(wrong[i]) + 1);

		ck_assert_msg(!bits_parse(edge, out, 3), "%s", wrong[i]);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { golden, any_bytes_come_back,
		nothing_else_is_read, NULL };

	return unit_run("bitstext", tests);
}
