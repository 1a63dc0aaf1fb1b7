/* SPDX-License-Identifier: ISC */
/* fields - the table, and values without what passes. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/inventory/fields.h"
#include "scanner/text.h"

/* "name" is that key, "name." every key that begins so; the first that fits
 * counts. */
static const struct {
	const char *key;
	enum field_manner manner;
} table[] = {
	{ "advantagenet.beacon", FIELD_SERIES },
	{ "ip.id", FIELD_SERIES },
	{ "tcp.isn", FIELD_SERIES },
	{ "udp.ip_id", FIELD_SERIES },
	{ "advantagenet.station", FIELD_LASTING },
	{ "advantagenet.suite", FIELD_LASTING },
	{ "advantagenet.destination", FIELD_LASTING },
	{ "advantagenet.", FIELD_PASSING },
	{ "dhcp.", FIELD_LASTING },
	/* What it answered this time, with somebody else's association open
	 * perhaps. */
	{ "dicom.abort", FIELD_PASSING },
	{ "dicom.broken", FIELD_PASSING },
	{ "dicom.reject", FIELD_PASSING },
	{ "dicom.released", FIELD_PASSING },
	/* Conclusions from the UID and the version by our own table: these
	 * tell the change, and the table may know more in time. */
	{ "dicom.maker", FIELD_PASSING },
	{ "dicom.product", FIELD_PASSING },
	{ "dicom.product_version", FIELD_PASSING },
	{ "dicom.toolkit", FIELD_PASSING },
	{ "host.every_port_open", FIELD_EPISODE },
	{ "host.excluded", FIELD_EPISODE },
	{ "host.halted", FIELD_EPISODE },
	{ "host.last_exchange", FIELD_EPISODE },
	{ "host.tarpit", FIELD_EPISODE },
	{ "host.packets_peak", FIELD_PASSING },
	{ "host.packets_sent", FIELD_PASSING },
	{ "host.", FIELD_GROWING },
	/* The stack's shape depends on what was sent, and at which care. */
	{ "icmp.", FIELD_PASSING },
	{ "ip.", FIELD_PASSING },
	{ "link.share", FIELD_PASSING },
	{ "link.", FIELD_GROWING },
	{ "listen.", FIELD_PASSING },
	{ "mac.vendor", FIELD_PASSING },
	{ "mdns.", FIELD_GROWING },
	{ "netbios.mac", FIELD_LASTING },
	{ "netbios.user", FIELD_PASSING },
	{ "nis.domain", FIELD_LASTING },
	{ "nis.", FIELD_GROWING },
	{ "ntp.", FIELD_PASSING },
	{ "port.manner", FIELD_PASSING },
	{ "port.speaks", FIELD_GROWING },
	{ "port.state", FIELD_LASTING },
	{ "port.", FIELD_PASSING },
	{ "ports.closed", FIELD_CLOSED },
	{ "ports.", FIELD_PASSING },
	{ "rpc.answered", FIELD_GROWING },
	{ "rpc.portmapper", FIELD_GROWING },
	{ "rpc.program", FIELD_LASTING },
	{ "rpc.", FIELD_PASSING },
	{ "ssdp.", FIELD_GROWING },
	{ "stack.", FIELD_PASSING },
	{ "syn.", FIELD_PASSING },
	{ "tcp.", FIELD_PASSING },
	{ "telnet.options", FIELD_PASSING },
	{ "udp.", FIELD_PASSING },
};

enum field_manner
field_manner(enum fact_key key)
{
	const char *text = fact_key_text(key);

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		size_t len = strlen(table[i].key);

		if (table[i].key[len - 1] == '.'
			? strncmp(text, table[i].key, len) == 0
			: strcmp(text, table[i].key) == 0)
			return table[i].manner;
	}
	return FIELD_LASTING;
}

/* --- values --------------------------------------------------------------- */

static const char *const days[] = { "Sunday", "Monday", "Tuesday", "Wednesday",
	"Thursday", "Friday", "Saturday", "Sun", "Mon", "Tue", "Wed", "Thu",
	"Fri", "Sat" };
static const char *const months[] = { "January", "February", "March", "April",
	"June", "July", "August", "September", "October", "November",
	"December", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
	"Sep", "Oct", "Nov", "Dec" };

/* Returns the length of a name of the list that stands here as a word. */
static size_t
word_here(const char *s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(list[i]);

		if (strncmp(s, list[i], len) == 0 &&
		    !isalpha((unsigned char)s[len]))
			return len;
	}
	return 0;
}

/* "12:05", "12:05:59", "12:05:59.123"; returns its length or 0. */
static size_t
clock_here(const char *s)
{
	int end = 0, n;
	char a[3], b[3];

	if (sscanf(s, "%2[0-9]:%2[0-9]%n", a, b, &end) != 2 || strlen(b) != 2)
		return 0;
	for (n = end;
	     s[n] == ':' || s[n] == '.' || isdigit((unsigned char)s[n]);)
		n++;
	return (size_t)n;
}

/* "1 Jan 1998", "Jan  1 1998", "Jan 1": the digits beside a month. */
static size_t
digits_here(const char *s)
{
	size_t n = strspn(s, " ,-/");
	size_t digits = strspn(s + n, "0123456789");

	if (digits == 0 || digits > 4 || isalpha((unsigned char)s[n + digits]))
		return 0;
	return s[n + digits] == ':' ? 0 : n + digits;
}

/* "1998-01-31", "31/01/98", "31.01.1998" */
static size_t
date_here(const char *s)
{
	int a, b, c, end = 0;
	char x, y;

	if (sscanf(s, "%4d%c%2d%c%4d%n", &a, &x, &b, &y, &c, &end) != 5 ||
	    x != y || strchr("-/.", x) == NULL || end == 0 ||
	    isdigit((unsigned char)s[end]) || s[end] == '.')
		return 0;
	/* Not a version or an address: one part must be a year. */
	return (a >= 1970 && a < 2100) || (c >= 1970 && c < 2100) ? (size_t)end
								  : 0;
}

/* A stamp as POP3's "<1896.697170952@host>": digits and dots before an @. */
static size_t
stamp_here(const char *s)
{
	size_t n;

	if (*s != '<')
		return 0;
	n = strspn(s + 1, "0123456789.abcdefABCDEF");
	return n >= 6 && s[n + 1] == '@' ? n + 1 : 0;
}

/* Returns how many characters at s pass with time; is_first: s stands at the
 * beginning of a word. */
static size_t
passing(const char *s, bool is_first, char *last)
{
	size_t n;

	if (!is_first)
		return stamp_here(s);
	if ((n = date_here(s)) > 0 || (n = clock_here(s)) > 0)
		return n;
	n = word_here(s, months, sizeof(months) / sizeof(months[0]));
	if (n > 0) {
		*last = 'm';
		return n;
	}
	n = word_here(s, days, sizeof(days) / sizeof(days[0]));
	if (n > 0)
		*last = 'd';
	return n > 0 ? n : stamp_here(s);
}

/* Digits right before a month, or a zone right behind a time. */
static size_t
beside(const char *s, const char *mask, size_t at)
{
	size_t n = strspn(s, "0123456789"), more;

	if (n > 0 && n <= 4) {
		more = strspn(s + n, " -/");
		if (more > 0 &&
		    word_here(s + n + more, months,
			sizeof(months) / sizeof(months[0])) > 0)
			return n;
	}
	if (at > 1 && mask[at - 2] == '~' && (*s == '+' || *s == '-') &&
	    strspn(s + 1, "0123456789") == 4)
		return 5;
	if (at > 1 && mask[at - 2] == '~' && n == 4 &&
	    !isalnum((unsigned char)s[4]))
		return 4; /* the year of "Jan 1 12:00:00 1998" */
	return 0;
}

const char *
field_mask(const char *value, char out[static FACT_VALUE_MAX])
{
	size_t at = 0;
	bool is_first = true;

	for (const char *s = value; *s != '\0' && at + 1 < FACT_VALUE_MAX;) {
		char last = 0;
		size_t n = is_first ? beside(s, out, at) : 0;

		if (n == 0)
			n = passing(s, is_first, &last);
		if (n == 0) {
			is_first = !isalnum((unsigned char)*s);
			out[at++] = *s++;
			continue;
		}
		s += n;
		if (last == 'm')
			s += digits_here(s);
		if (last == 'm')
			s += digits_here(s);
		out[at++] = '~';
		is_first = true;
	}
	out[at] = '\0';
	return out;
}

bool
field_equal(enum fact_key key, const char *a, const char *b)
{
	char x[FACT_VALUE_MAX], y[FACT_VALUE_MAX];

	if (strcmp(a, b) == 0)
		return true;
	if (fact_key_type(key) != FACT_TYPE_TEXT)
		return false;
	return strcmp(field_mask(a, x), field_mask(b, y)) == 0;
}

/* --- ports ------------------------------------------------------------------ */

bool
field_is_reserved(struct about about)
{
	return about.kind != ABOUT_HOST && about.port >= 600 &&
	    about.port <= 1023;
}

void
port_set_add(struct port_set *set, uint16_t port)
{
	set->bits[port >> 6] |= UINT64_C(1) << (port & 63);
}

void
port_set_remove(struct port_set *set, uint16_t port)
{
	set->bits[port >> 6] &= ~(UINT64_C(1) << (port & 63));
}

bool
port_set_has(const struct port_set *set, uint16_t port)
{
	return (set->bits[port >> 6] >> (port & 63) & 1) != 0;
}

void
port_set_add_text(struct port_set *set, const char *list)
{
	for (const char *s = list; *s != '\0';) {
		char *end;
		unsigned long first = strtoul(s, &end, 10), last = first;

		if (end == s)
			return; /* cut off */
		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		for (; first <= last && first <= UINT16_MAX; first++)
			port_set_add(set, (uint16_t)first);
		s = *end == ',' ? end + 1 : end;
		if (*end != ',' && *end != '\0')
			return;
	}
}

const char *
port_set_text(const struct port_set *set, char out[static FACT_VALUE_MAX])
{
	size_t n = 0;
	uint16_t *list = malloc(65536 * sizeof(*list));

	out[0] = '\0';
	if (list == NULL)
		return out;
	for (unsigned p = 0; p < 65536; p++) {
		if (p % 64 == 0 && set->bits[p >> 6] == 0)
			p += 63;
		else if (port_set_has(set, (uint16_t)p))
			list[n++] = (uint16_t)p;
	}
	if (n > 0)
		text_ports(out, FACT_VALUE_MAX, list, n);
	free(list);
	return out;
}
