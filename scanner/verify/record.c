/* SPDX-License-Identifier: ISC */
/*
 * record - cells to values: addresses as CMDBs and NetBox write them, MACs in
 * every common spelling, ports.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/pool.h"
#include "scanner/verify/record.h"

enum { WORD = 64 };

static const char *const field_names[FIELDS] = {
	[FIELD_SITE] = "site",
	[FIELD_ADDRESS] = "address",
	[FIELD_MAC] = "mac",
	[FIELD_NAME] = "name",
	[FIELD_HOSTNAME] = "hostname",
	[FIELD_MANUFACTURER] = "manufacturer",
	[FIELD_MODEL] = "model",
	[FIELD_KIND] = "kind",
	[FIELD_EXPECTED] = "expected",
	[FIELD_SERIAL] = "serial",
	[FIELD_AE_TITLE] = "ae_title",
	[FIELD_PORT] = "port",
};

const char *
field_text(enum field field)
{
	return field_names[field];
}

enum field
field_find(const char *s)
{
	unsigned f = 0;

	while (f < FIELDS && strcmp(s, field_names[f]) != 0)
		f++;
	return f;
}

static bool
is_letter_or_digit(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c >= 0x80;
}

const char *
record_plain(const char *s, char buf[static RECORD_PLAIN])
{
	size_t n = 0;

	for (; *s != '\0' && n + 1 < RECORD_PLAIN; s++) {
		unsigned char c = (unsigned char)*s;

		if (c >= 'A' && c <= 'Z')
			c = (unsigned char)(c - 'A' + 'a');
		if (is_letter_or_digit(c))
			buf[n++] = (char)c;
	}
	buf[n] = '\0';
	return buf;
}

/* "10.1.2.3/24, fe80::1" is 10.1.2.3: the first word, without its prefix. */
static bool
read_address(const char *s, uint32_t *out)
{
	char word[WORD];
	size_t n = strcspn(s, " ,;\t\n/");

	if (n >= sizeof(word))
		return false;
	snprintf(word, sizeof(word), "%.*s", (int)n, s);
	return ipv4_parse(word, out) && *out != 0;
}

/* Twelve hex digits, whatever stands between them. */
static bool
read_mac(const char *s, struct mac *out)
{
	char tidy[NET_MAC_TEXT];
	size_t n = 0, digits = 0;

	for (; *s != '\0'; s++) {
		if (strchr(":-. ", *s) != NULL)
			continue;
		if (strchr("0123456789abcdefABCDEF", *s) == NULL ||
		    digits == 12)
			return false;
		if (digits > 0 && digits % 2 == 0)
			tidy[n++] = ':';
		tidy[n++] = *s;
		digits++;
	}
	tidy[n] = '\0';
	return digits == 12 && mac_parse(tidy, out);
}

static bool
read_port(const char *s, uint16_t *out)
{
	char *end;
	unsigned long v = strtoul(s, &end, 10);

	if (end == s || v == 0 || v > UINT16_MAX || strchr("+- ", *s) != NULL ||
	    (*end != '\0' && strcmp(end, "/tcp") != 0))
		return false;
	*out = (uint16_t)v;
	return true;
}

static void
complain(struct record *r, struct pool *pool, enum field f, const char *what)
{
	if (r->trouble == NULL)
		r->trouble = pool_printf(pool, "%s: \"%.60s\" is no %s",
		    field_text(f), r->text[f], what);
}

void
record_read_values(struct record *r, struct pool *pool)
{
	const char *const *t = r->text;
	const char *ae = t[FIELD_AE_TITLE];

	if (t[FIELD_ADDRESS][0] != '\0' &&
	    !read_address(t[FIELD_ADDRESS], &r->address))
		complain(r, pool, FIELD_ADDRESS, "IPv4 address");
	if (t[FIELD_MAC][0] != '\0' &&
	    (!read_mac(t[FIELD_MAC], &r->mac) || !mac_is_known(r->mac)))
		complain(r, pool, FIELD_MAC, "MAC");
	if (t[FIELD_PORT][0] != '\0' && !read_port(t[FIELD_PORT], &r->port))
		complain(r, pool, FIELD_PORT, "port");
	if (strlen(ae) > 16 || strchr(ae, '\\') != NULL)
		complain(r, pool, FIELD_AE_TITLE, "AE title");
	if (r->address == 0 && !mac_is_known(r->mac) && r->trouble == NULL)
		r->trouble = "it names neither an address nor a MAC";
}

struct records *
records_of_host(uint32_t address, const char *expected)
{
	struct records *all = calloc(1, sizeof(*all));
	char ip[NET_IPV4_TEXT];
	struct record *r;

	if (all == NULL)
		return NULL;
	all->pool = pool_new();
	all->items = r = calloc(1, sizeof(*r));
	if (all->pool == NULL || r == NULL) {
		records_free(all);
		return NULL;
	}
	all->len = 1;
	all->separator = ',';
	for (unsigned f = 0; f < FIELDS; f++) {
		all->columns[f] = -1;
		r->text[f] = "";
	}
	r->line = 1;
	r->address = address;
	r->text[FIELD_ADDRESS] =
	    pool_printf(all->pool, "%s", ipv4_text(address, ip));
	r->text[FIELD_EXPECTED] = pool_printf(all->pool, "%s", expected);
	return all;
}

void
records_free(struct records *all)
{
	if (all == NULL)
		return;
	for (size_t i = 0; i < all->len; i++)
		free(all->items[i].cells);
	free(all->items);
	free(all->headers);
	pool_free(all->pool);
	free(all);
}
