/* SPDX-License-Identifier: ISC */
/*
 * net - addresses and ranges between text and value.
 *
 * Source:    RFC 791 (addresses), RFC 4632 (prefixes), RFC 1918, RFC 3927 and
 *            RFC 1122, 3.2.1.3 (what is private)
 * Limits:    dotted quads only.  A number with a leading zero is refused: some
 *            programs read it as octal, and a scanner must not guess which
 *            host an operator meant.
 */
#include <stdio.h>
#include <string.h>

#include "scanner/net.h"

bool
mac_is_known(struct mac m)
{
	static const struct mac none;

	return !mac_equal(m, none);
}

bool
mac_equal(struct mac a, struct mac b)
{
	return memcmp(a.b, b.b, sizeof(a.b)) == 0;
}

const char *
mac_text(struct mac m, char buf[static NET_MAC_TEXT])
{
	snprintf(buf, NET_MAC_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", m.b[0],
	    m.b[1], m.b[2], m.b[3], m.b[4], m.b[5]);
	return buf;
}

/* Returns the digit's value, or -1. */
static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool
mac_parse(const char *s, struct mac *out)
{
	struct mac m;
	char separator;

	if (strlen(s) != NET_MAC_TEXT - 1)
		return false;
	separator = s[2];
	if (separator != ':' && separator != '-')
		return false;
	for (size_t i = 0; i < sizeof(m.b); i++, s += 3) {
		int high = hex_digit(s[0]), low = hex_digit(s[1]);

		if (high < 0 || low < 0)
			return false;
		if (i < sizeof(m.b) - 1 && s[2] != separator)
			return false;
		m.b[i] = (uint8_t)(high << 4 | low);
	}
	*out = m;
	return true;
}

const char *
ipv4_text(uint32_t address, char buf[static NET_IPV4_TEXT])
{
	snprintf(buf, NET_IPV4_TEXT, "%u.%u.%u.%u", address >> 24,
	    address >> 16 & 0xff, address >> 8 & 0xff, address & 0xff);
	return buf;
}

/* Reads a decimal number up to max at *s and steps over it. */
static bool
number_read(const char **s, uint32_t max, uint32_t *out)
{
	const char *p = *s;
	uint32_t value = 0;

	if (*p < '0' || *p > '9' || (p[0] == '0' && p[1] >= '0' && p[1] <= '9'))
		return false;
	for (; *p >= '0' && *p <= '9'; p++) {
		value = value * 10 + (uint32_t)(*p - '0');
		if (value > max)
			return false;
	}
	*s = p;
	*out = value;
	return true;
}

/* Reads a dotted quad at *s and steps over it. */
static bool
quad_read(const char **s, uint32_t *out)
{
	const char *p = *s;
	uint32_t address = 0, part;

	for (int i = 0; i < 4; i++) {
		if (i > 0 && *p++ != '.')
			return false;
		if (!number_read(&p, 255, &part))
			return false;
		address = address << 8 | part;
	}
	*s = p;
	*out = address;
	return true;
}

bool
ipv4_parse(const char *s, uint32_t *out)
{
	uint32_t address;

	if (!quad_read(&s, &address) || *s != '\0')
		return false;
	*out = address;
	return true;
}

/* Reads what stands behind the slash of A/len. */
static bool
prefix_read(const char **s, uint32_t address, uint32_t *first, uint32_t *last)
{
	uint32_t len, hosts;

	if (!number_read(s, 32, &len))
		return false;
	hosts = len == 0 ? UINT32_MAX : (uint32_t)((1ULL << (32 - len)) - 1);
	*first = address & ~hosts;
	*last = address | hosts;
	return true;
}

/* Reads what stands behind the dash: a whole address or its last number. */
static bool
end_read(const char **s, uint32_t address, uint32_t *last)
{
	uint32_t part;

	if (quad_read(s, last))
		return true;
	if (!number_read(s, 255, &part))
		return false;
	*last = (address & ~UINT32_C(0xff)) | part;
	return true;
}

bool
ipv4_range_parse(const char *s, uint32_t *first, uint32_t *last)
{
	uint32_t address, from, to;
	bool is_good = true;

	if (!quad_read(&s, &address))
		return false;
	from = to = address;
	if (*s == '/') {
		s++;
		is_good = prefix_read(&s, address, &from, &to);
	} else if (*s == '-') {
		s++;
		is_good = end_read(&s, address, &to);
	}
	if (!is_good || *s != '\0' || from > to)
		return false;
	*first = from;
	*last = to;
	return true;
}

bool
ipv4_is_private(uint32_t address)
{
	static const struct {
		uint32_t network, mask;
	} private[] = {
		{ 0x0a000000, 0xff000000 }, /* 10/8 */
		{ 0x7f000000, 0xff000000 }, /* 127/8 */
		{ 0xa9fe0000, 0xffff0000 }, /* 169.254/16 */
		{ 0xac100000, 0xfff00000 }, /* 172.16/12 */
		{ 0xc0a80000, 0xffff0000 }, /* 192.168/16 */
	};

	for (size_t i = 0; i < sizeof(private) / sizeof(private[0]); i++)
		if ((address & private[i].mask) == private[i].network)
			return true;
	return false;
}
