/* SPDX-License-Identifier: ISC */
/*
 * scope - what may be touched: targets less exclusions, by address and port.
 *
 * Source:    RFC 1918, RFC 3927 and RFC 1122 for what is private; RFC 1122,
 *            3.2.1.3 for 0/8 and limited broadcast, RFC 5771 for multicast
 * Limits:    IPv4; SCOPE_RANGES_MAX ranges of each kind
 *
 * All sets are filled first and frozen once.  After that there is nothing but
 * questions, each a binary search or a bit, so the sending functions can ask
 * again for every packet.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/limits.h"
#include "scanner/ranges.h"
#include "scanner/scope.h"

enum { PORT_BYTES = 65536 / 8 };

/* One bit per port. */
struct port_set {
	uint8_t bits[PORT_BYTES];
};

/* What the operator wrote, kept for the report. */
struct words {
	char **word;
	size_t n;
};

struct scope {
	struct ranges allowed, denied, named; /* named: by a scope file */
	struct ranges result;                 /* allowed less denied */
	uint64_t *before; /* before[i]: addresses in front of result.r[i] */
	uint64_t size;
	struct port_set denied_tcp, denied_udp;
	/* What may not be touched: denied, or harmful and not permitted. */
	struct port_set shut_tcp, shut_udp;
	struct words allowed_text, denied_text;
	char *owner, *expiry;
};

/* Ports on which plain bytes make hardware or a screen do something. */
static const struct {
	uint16_t first, last;
} harmful[] = {
	{ 7, 7 },       /* echo: two of them can be set on each other */
	{ 9, 9 },       /* discard */
	{ 13, 13 },     /* daytime */
	{ 19, 19 },     /* chargen: never stops talking */
	{ 512, 514 },   /* exec, login, shell: write to the login records */
	{ 515, 515 },   /* printer spooler */
	{ 631, 631 },   /* IPP */
	{ 6000, 6063 }, /* X11: a grab can freeze the display */
	{ 9100, 9107 }  /* raw printing: every byte comes out on paper */
};

static const struct scope_range private_ranges[] = {
	{ 0x0a000000, 0x0affffff }, /* 10.0.0.0/8 */
	{ 0x7f000000, 0x7fffffff }, /* 127.0.0.0/8 */
	{ 0xa9fe0000, 0xa9feffff }, /* 169.254.0.0/16 */
	{ 0xac100000, 0xac1fffff }, /* 172.16.0.0/12 */
	{ 0xc0a80000, 0xc0a8ffff }  /* 192.168.0.0/16 */
};

/* Addresses that are no one host's, whoever names them. */
static const struct scope_range never_ranges[] = {
	{ 0x00000000, 0x00ffffff }, /* this network */
	{ 0xe0000000, 0xefffffff }, /* multicast */
	{ 0xffffffff, 0xffffffff }  /* limited broadcast */
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
port_add(struct port_set *set, uint16_t port)
{
	set->bits[port / 8] |= (uint8_t)(1u << port % 8);
}

static void
port_drop(struct port_set *set, uint16_t port)
{
	set->bits[port / 8] &= (uint8_t) ~(1u << port % 8);
}

static bool
port_in(const struct port_set *set, uint16_t port)
{
	return set->bits[port / 8] >> port % 8 & 1;
}

struct scope *
scope_new(void)
{
	struct scope *scope = calloc(1, sizeof(*scope));

	for (size_t i = 0; scope != NULL && i < COUNT(harmful); i++)
		for (unsigned port = harmful[i].first; port <= harmful[i].last;
		     port++) {
			port_add(&scope->shut_tcp, (uint16_t)port);
			port_add(&scope->shut_udp, (uint16_t)port);
		}
	return scope;
}

static void
words_free(struct words *words)
{
	for (size_t i = 0; i < words->n; i++)
		free(words->word[i]);
	free(words->word);
}

void
scope_free(struct scope *scope)
{
	if (scope == NULL)
		return;
	ranges_free(&scope->allowed);
	ranges_free(&scope->denied);
	ranges_free(&scope->named);
	ranges_free(&scope->result);
	free(scope->before);
	words_free(&scope->allowed_text);
	words_free(&scope->denied_text);
	free(scope->owner);
	free(scope->expiry);
	free(scope);
}

static bool
words_add(struct words *words, const char *text)
{
	char **more = realloc(words->word, (words->n + 1) * sizeof(*more));

	if (more == NULL)
		return false;
	words->word = more;
	words->word[words->n] = strdup(text);
	if (words->word[words->n] == NULL)
		return false;
	words->n++;
	return true;
}

static bool
add_target(struct ranges *set, struct words *words, const char *target,
    char error[static SCOPE_ERROR])
{
	bool ok = target[0] == '@' ? ranges_add_file(set, target + 1, error)
				   : ranges_add_text(set, target, error);

	if (ok && !words_add(words, target)) {
		snprintf(error, SCOPE_ERROR, "out of memory");
		return false;
	}
	return ok;
}

bool
scope_allow(
    struct scope *scope, const char *target, char error[static SCOPE_ERROR])
{
	return add_target(&scope->allowed, &scope->allowed_text, target, error);
}

bool
scope_deny(
    struct scope *scope, const char *target, char error[static SCOPE_ERROR])
{
	return add_target(&scope->denied, &scope->denied_text, target, error);
}

bool
scope_name_network(
    struct scope *scope, const char *network, char error[static SCOPE_ERROR])
{
	return ranges_add_text(&scope->named, network, error);
}

bool
scope_set_authority(struct scope *scope, const char *owner, const char *expiry,
    char error[static SCOPE_ERROR])
{
	char *new_owner = strdup(owner), *new_expiry = strdup(expiry);

	if (new_owner == NULL || new_expiry == NULL) {
		free(new_owner);
		free(new_expiry);
		snprintf(error, SCOPE_ERROR, "out of memory");
		return false;
	}
	free(scope->owner);
	free(scope->expiry);
	scope->owner = new_owner;
	scope->expiry = new_expiry;
	return true;
}

void
scope_deny_port(struct scope *scope, enum about_kind transport, uint16_t port)
{
	bool is_udp = transport == ABOUT_UDP;

	port_add(is_udp ? &scope->denied_udp : &scope->denied_tcp, port);
	port_add(is_udp ? &scope->shut_udp : &scope->shut_tcp, port);
}

void
scope_permit_port(struct scope *scope, enum about_kind transport, uint16_t port)
{
	bool is_udp = transport == ABOUT_UDP;

	if (!port_in(is_udp ? &scope->denied_udp : &scope->denied_tcp, port))
		port_drop(is_udp ? &scope->shut_udp : &scope->shut_tcp, port);
}

bool
scope_port_is_harmful(uint16_t port)
{
	for (size_t i = 0; i < COUNT(harmful); i++)
		if (port >= harmful[i].first && port <= harmful[i].last)
			return true;
	return false;
}

/* Looks for an address that nobody vouches for. */
static bool
check_covered(const struct scope *scope, struct ranges *cover,
    struct ranges *left, char error[static SCOPE_ERROR])
{
	const struct ranges *named = &scope->named;
	char text[NET_IPV4_TEXT];
	bool ok = true;

	for (size_t i = 0; i < named->n; i++)
		ok = ok &&
		    ranges_add(cover, named->r[i].first, named->r[i].last);
	for (size_t i = 0; named->n == 0 && i < COUNT(private_ranges); i++)
		ok = ok &&
		    ranges_add(
			cover, private_ranges[i].first, private_ranges[i].last);
	ranges_normalise(cover);
	if (!ok || !ranges_subtract(&scope->result, cover, left)) {
		snprintf(error, SCOPE_ERROR, "the scope has too many ranges");
		return false;
	}
	if (left->n == 0)
		return true;
	snprintf(error, SCOPE_ERROR,
	    named->n > 0
		? "%s is not in the networks the scope file names"
		: "%s is not a private address: a scope file must name it",
	    ipv4_text(left->r[0].first, text));
	return false;
}

static bool
is_covered(const struct scope *scope, char error[static SCOPE_ERROR])
{
	struct ranges cover = { 0 }, left = { 0 };
	bool ok = check_covered(scope, &cover, &left, error);

	ranges_free(&cover);
	ranges_free(&left);
	return ok;
}

static bool
count_addresses(struct scope *scope)
{
	const struct ranges *set = &scope->result;

	scope->size = 0;
	scope->before = calloc(set->n + 1, sizeof(scope->before[0]));
	if (scope->before == NULL)
		return false;
	for (size_t i = 0; i < set->n; i++) {
		scope->before[i] = scope->size;
		scope->size += (uint64_t)set->r[i].last - set->r[i].first + 1;
	}
	return true;
}

bool
scope_freeze(struct scope *scope, char error[static SCOPE_ERROR])
{
	bool ok = true;

	for (size_t i = 0; i < COUNT(never_ranges); i++)
		ok = ok &&
		    ranges_add(&scope->denied, never_ranges[i].first,
			never_ranges[i].last);
	ranges_normalise(&scope->allowed);
	ranges_normalise(&scope->denied);
	ok = ok &&
	    ranges_subtract(&scope->allowed, &scope->denied, &scope->result);
	if (!ok || !count_addresses(scope)) {
		snprintf(error, SCOPE_ERROR, "the scope has too many ranges");
		return false;
	}
	if (scope->allowed.n > 0 && scope->size == 0) {
		snprintf(error, SCOPE_ERROR,
		    "nothing is left to look at: every target is excluded "
		    "or no host's address");
		return false;
	}
	return is_covered(scope, error);
}

bool
scope_has_host(const struct scope *scope, uint32_t address)
{
	return ranges_has(&scope->result, address);
}

bool
scope_denies(const struct scope *scope, uint32_t address)
{
	return ranges_has(&scope->denied, address);
}

bool
scope_has_port(const struct scope *scope, uint32_t address,
    enum about_kind transport, uint16_t port)
{
	if (!scope_has_host(scope, address))
		return false;
	if (transport == ABOUT_HOST)
		return true;
	return port != 0 &&
	    !port_in(
		transport == ABOUT_UDP ? &scope->shut_udp : &scope->shut_tcp,
		port);
}

const struct scope_range *
scope_ranges(const struct scope *scope, size_t *n)
{
	*n = scope->result.n;
	return scope->result.r;
}

uint64_t
scope_size(const struct scope *scope)
{
	return scope->size;
}

uint32_t
scope_address_at(const struct scope *scope, uint64_t i)
{
	size_t low = 0, high = scope->result.n;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (scope->before[middle] <= i)
			low = middle;
		else
			high = middle;
	}
	return scope->result.r[low].first + (uint32_t)(i - scope->before[low]);
}

uint64_t
scope_index_of(const struct scope *scope, uint32_t address)
{
	size_t low = 0, high = scope->result.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct scope_range *r = &scope->result.r[middle];

		if (r->last < address)
			low = middle + 1;
		else if (r->first > address)
			high = middle;
		else
			return scope->before[middle] + (address - r->first);
	}
	return SCOPE_NOWHERE;
}

const char *const *
scope_allowed_text(const struct scope *scope, size_t *n)
{
	*n = scope->allowed_text.n;
	return (const char *const *)scope->allowed_text.word;
}

const char *const *
scope_denied_text(const struct scope *scope, size_t *n)
{
	*n = scope->denied_text.n;
	return (const char *const *)scope->denied_text.word;
}

const char *
scope_owner(const struct scope *scope)
{
	return scope->owner;
}

const char *
scope_expiry(const struct scope *scope)
{
	return scope->expiry;
}
