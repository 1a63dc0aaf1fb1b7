/* SPDX-License-Identifier: ISC */
/* text: nothing a peer sends leaves as anything but printable ASCII. */
#include <string.h>

#include "scanner/text.h"
#include "t/unit.h"

/* Returns the printable form of a literal, in a buffer of `size` bytes that
 * must not be overrun. */
static const char *
printable(const char *s, size_t len, size_t size)
{
	static char out[256];
	size_t n;

	memset(out, '#', sizeof(out));
	n = text_printable(out, size, at_the_edge(s, len), len);
	ck_assert_uint_eq(n, strlen(out));
	ck_assert_uint_lt(n, size);
	for (size_t i = size; i < sizeof(out); i++)
		ck_assert_int_eq(out[i], '#');
	return out;
}

#define PRINTABLE(literal, size) \
	printable("" literal, sizeof(literal) - 1, size)

START_TEST(escapes)
{
	ck_assert_str_eq(PRINTABLE("", 8), "");
	ck_assert_str_eq(PRINTABLE("220 ready", 64), "220 ready");
	ck_assert_str_eq(PRINTABLE("a\\b", 64), "a\\x5cb");
	ck_assert_str_eq(PRINTABLE("\x1b[31m\x07<b>", 64), "\\x1b[31m\\x07<b>");
	ck_assert_str_eq(PRINTABLE("a\0b", 64), "a\\x00b");
	ck_assert_str_eq(
	    PRINTABLE("\x7f\x80\xff~ !", 64), "\\x7f\\x80\\xff~ !");
}
END_TEST

START_TEST(drops_trailing_blanks_only)
{
	ck_assert_str_eq(PRINTABLE("  IC0 \0\r\n\t", 64), "  IC0");
	ck_assert_str_eq(PRINTABLE("a\r\nb\r\n", 64), "a\\x0d\\x0ab");
	ck_assert_str_eq(PRINTABLE(" \r\n\0", 64), "");
}
END_TEST

START_TEST(cuts_with_a_mark)
{
	ck_assert_str_eq(PRINTABLE("1234567", 8), "1234567");
	ck_assert_str_eq(PRINTABLE("12345678", 8), "1234...");
	ck_assert_str_eq(PRINTABLE("\n\n\nx", 13), "\\x0a\\x0a...");
	ck_assert_str_eq(PRINTABLE("\n\n\nx", 14), "\\x0a\\x0a\\x0ax");
	ck_assert_str_eq(PRINTABLE("12\n45678", 8), "12...");
	ck_assert_str_eq(PRINTABLE("\n\nx", 8), "\\x0a...");
}
END_TEST

/* Every byte, in every place of every small buffer. */
START_TEST(is_always_printable_and_terminated)
{
	for (unsigned c = 0; c < 256; c++)
		for (size_t size = 8; size < 24; size++) {
			char s[8] = "abcdefg";

			s[c % 7] = (char)c;
			for (const char *p = printable(s, 7, size); *p; p++)
				ck_assert(*p >= 0x20 && *p < 0x7f);
			unit_edge_free();
		}
}
END_TEST

START_TEST(composed_text_is_not_escaped_twice)
{
	char out[32];

	ck_assert_uint_eq(text_composed(out, sizeof(out), "\\x0aand\n! "), 12);
	ck_assert_str_eq(out, "\\x0aand\\x0a!");
	text_composed(out, 8, "abcdefghij");
	ck_assert_str_eq(out, "abcd...");
}
END_TEST

START_TEST(writes_hex)
{
	static const uint8_t bytes[] = { 0x00, 0x7e, 0xff };
	char out[8];

	ck_assert_uint_eq(text_hex(out, 8, bytes, 3), 6);
	ck_assert_str_eq(out, "007eff");
	ck_assert_uint_eq(text_hex(out, 7, bytes, 3), 6);
	ck_assert_uint_eq(text_hex(out, 6, bytes, 3), 4);
	ck_assert_str_eq(out, "007e");
	ck_assert_uint_eq(text_hex(out, 1, bytes, 3), 0);
	ck_assert_str_eq(out, "");
	ck_assert_uint_eq(text_hex(out, 8, bytes, 0), 0);
}
END_TEST

START_TEST(writes_times)
{
	static const struct {
		int64_t ns;
		const char *text;
	} times[] = {
		{ 0, "1970-01-01T00:00:00.000000Z" },
		{ 951782399123456789, "2000-02-28T23:59:59.123456Z" },
		{ 951827696999999999, "2000-02-29T12:34:56.999999Z" },
		{ 1795475700123456000, "2026-11-23T23:15:00.123456Z" },
		{ -1, "1969-12-31T23:59:59.999999Z" },
		{ INT64_MAX, "2262-04-11T23:47:16.854775Z" },
		{ INT64_MIN, "1677-09-21T00:12:43.145224Z" },
	};
	char buf[TEXT_TIME];

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		ck_assert_str_eq(text_time(times[i].ns, buf), times[i].text);
}
END_TEST

START_TEST(writes_ports)
{
	static const uint16_t ports[] = { 1, 2, 3, 7, 9, 10, 65534, 65535 };
	static const uint16_t twice[] = { 104, 104, 655 };
	const char *all = "1-3,7,9-10,65534-65535";
	char out[64];

	ck_assert_str_eq(text_ports(out, sizeof(out), ports, 8), all);
	ck_assert_str_eq(text_ports(out, strlen(all) + 1, ports, 8), all);
	ck_assert_str_eq(
	    text_ports(out, strlen(all), ports, 8), "1-3,7,9-10,...");
	ck_assert_str_eq(text_ports(out, 10, ports, 8), "1-3,7,...");
	ck_assert_str_eq(text_ports(out, 9, ports, 8), "1-3,...");
	ck_assert_str_eq(text_ports(out, 7, ports, 8), "...");
	ck_assert_str_eq(text_ports(out, 1, ports, 8), "");
	ck_assert_str_eq(text_ports(out, sizeof(out), twice, 3), "104,655");
	ck_assert_str_eq(text_ports(out, sizeof(out), ports, 1), "1");
	ck_assert_str_eq(text_ports(out, sizeof(out), NULL, 0), "");
}
END_TEST

/* Piece by piece nothing is left out, whatever the size. */
START_TEST(writes_ports_in_parts)
{
	static const uint16_t ports[] = { 1, 2, 3, 7, 9, 10, 65534, 65535 };
	char out[64];

	ck_assert_uint_eq(text_ports_part(out, sizeof(out), ports, 8), 8);
	ck_assert_str_eq(out, "1-3,7,9-10,65534-65535");
	ck_assert_uint_eq(text_ports_part(out, 16, ports, 8), 6);
	ck_assert_str_eq(out, "1-3,7,9-10");
	ck_assert_uint_eq(text_ports_part(out, 16, ports + 6, 2), 2);
	ck_assert_str_eq(out, "65534-65535");
	ck_assert_uint_eq(text_ports_part(out, 6, ports, 8), 4);
	ck_assert_str_eq(out, "1-3,7");
	ck_assert_uint_eq(text_ports_part(out, 6, NULL, 0), 0);
	ck_assert_str_eq(out, "");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { escapes, drops_trailing_blanks_only,
		cuts_with_a_mark, is_always_printable_and_terminated,
		composed_text_is_not_escaped_twice, writes_hex, writes_times,
		writes_ports, writes_ports_in_parts, NULL };

	return unit_run("text", tests);
}
