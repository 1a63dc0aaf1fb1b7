/* SPDX-License-Identifier: ISC */
/*
 * asset_names - what a device calls itself: its AdvantageNet suite and
 * station, the host name in a greeting or in what it broadcasts, and its
 * NetBIOS and SNMP names.
 *
 * Limits: names are claims.  A greeting may be set to any text; only forms in
 * which a name has a place of its own are read.
 */
#include <string.h>

#include "scanner/asset_parts.h"

enum { NAME_MAX_LEN = 64 };

static void
add_name(struct asset *a, const char *name)
{
	if (a->names_len == ASSET_NAMES_MAX || name[0] == '\0')
		return;
	for (size_t i = 0; i < a->names_len; i++)
		if (strcmp(a->names[i], name) == 0)
			return;
	a->names[a->names_len++] = name;
}

/* Adds the len bytes at s where they can be a host's name. */
static void
add_host_name(struct asset *a, struct pool *pool, const char *s, size_t len)
{
	static const char letters[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789.-_";
	bool has_letter = false;

	if (len > 0 && s[len - 1] == '.') /* a fully qualified name's root */
		len--;
	if (len == 0 || len > NAME_MAX_LEN)
		return;
	for (size_t i = 0; i < len; i++) {
		if (strchr(letters, s[i]) == NULL)
			return;
		has_letter |= strchr("0123456789.-_", s[i]) == NULL;
	}
	if (has_letter)
		add_name(a, pool_printf(pool, "%.*s", (int)len, s));
}

/* "220 ic1 FTP server (SunOS 4.1) ready." -> "ic1", also without the code. */
static void
name_before(
    struct asset *a, struct pool *pool, const char *value, const char *word)
{
	const char *end = strstr(value, word);
	const char *start = end;

	if (end == NULL)
		return;
	while (start > value && start[-1] != ' ' && start[-1] != '-')
		start--;
	add_host_name(a, pool, start, (size_t)(end - start));
}

/* "220 ic1 ESMTP ..." -> "ic1": RFC 5321, 4.2, has the name come first. */
static void
name_first(struct asset *a, struct pool *pool, const char *value)
{
	if (strncmp(value, "220 ", 4) == 0 || strncmp(value, "220-", 4) == 0)
		value += 4;
	add_host_name(a, pool, value, strcspn(value, " "));
}

/* "SunOS UNIX (ic1)" -> "ic1" */
static void
name_in_parentheses(struct asset *a, struct pool *pool, const char *value)
{
	const char *start = strchr(value, '(');
	const char *end = start != NULL ? strchr(start, ')') : NULL;

	if (end != NULL && strchr("\r\n ", end[1]) != NULL)
		add_host_name(a, pool, start + 1, (size_t)(end - start - 1));
}

/* Is the whole value what the host calls itself? */
static bool
is_host_name(enum fact_key key)
{
	switch (key) {
	case FACT_DHCP_HOST_NAME:
	case FACT_MDNS_NAME:
	case FACT_NETBIOS_NAME:
	case FACT_RWHO_HOST:
	case FACT_SNMP_SYSNAME:
		return true;
	default:
		return false;
	}
}

void
asset_find_names(struct asset *a, struct pool *pool)
{
	const char *suite = NULL;

	for (size_t i = 0; i < a->facts_len; i++) {
		const struct fact *f = a->facts[i];

		if (f->key == FACT_ADVANTAGENET_SUITE)
			suite = f->value;
		else if (f->key == FACT_ADVANTAGENET_STATION && suite != NULL)
			add_name(
			    a, pool_printf(pool, "%s/%s", suite, f->value));
		else if (f->key == FACT_FTP_GREETING)
			name_before(a, pool, f->value, " FTP server");
		else if (f->key == FACT_SMTP_GREETING)
			name_first(a, pool, f->value);
		else if (f->key == FACT_TELNET_GREETING)
			name_in_parentheses(a, pool, f->value);
		else if (is_host_name(f->key))
			add_host_name(a, pool, f->value, strlen(f->value));
	}
}
