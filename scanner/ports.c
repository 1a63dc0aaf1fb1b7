/* SPDX-License-Identifier: ISC */
/*
 * ports - "22,80,U:111,default" into sorted lists of ports.
 *
 * One byte per port number holds what is known of it while the text is read,
 * so order and repetition in the text do not matter.
 *
 * Limits:    names come from the system's services list (services(5)) and so
 *            differ between systems; a report should show numbers
 */
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/limits.h"
#include "scanner/ports.h"
#include "scanner/scope.h"

enum {
	TCP = 1, /* bits of a port's byte */
	UDP = 2,
	NAMED_SHIFT = 2, /* TCP and UDP again, asked for one by one */
	WORD_MAX = 64
};

/*
 * What a console of the 1990s, its neighbours and the image archives of today
 * listen on (FACTS: DICOM ports as seen in use).  Nothing that prints.
 */
/*
 * Only ports whose protocol we speak, and two (1024, 1600) that have none of
 * their own: connecting and saying nothing to a server that waits for a word is
 * no way to behave.  A closed one costs a host one packet, an open one a
 * conversation.
 */
const uint16_t ports_default_tcp[] = { 21, 22, 23, 25, 80, 104, 111, 443, 1024,
	1600, 2345, 2762, 4006, 4242, 5678, 5900, 8042, 8080, 11112 };
const size_t ports_default_tcp_len =
    sizeof(ports_default_tcp) / sizeof(ports_default_tcp[0]);

/* 1600 is listened to, never asked; 161 comes with --snmp. */
const uint16_t ports_default_udp[] = { 111, 123, 137, 1600 };
const size_t ports_default_udp_len =
    sizeof(ports_default_udp) / sizeof(ports_default_udp[0]);

/* The text being read. */
struct reading {
	uint8_t *known; /* one byte for each of PORTS_MAX ports */
	unsigned transport;
	char *error; /* PORTS_ERROR bytes */
};

static void
add_default(struct reading *r)
{
	for (size_t i = 0; i < ports_default_tcp_len; i++)
		r->known[ports_default_tcp[i]] |= TCP;
	for (size_t i = 0; i < ports_default_udp_len; i++)
		r->known[ports_default_udp[i]] |= UDP;
}

static void
add_range(struct reading *r, unsigned long first, unsigned long last)
{
	unsigned bits = r->transport;

	if (first == last)
		bits |= r->transport << NAMED_SHIFT;
	for (unsigned long port = first; port <= last; port++)
		r->known[port] |= (uint8_t)bits;
}

/* Returns whether the services list calls the entry by that name. */
static bool
is_called(const struct servent *entry, const char *name)
{
	if (strcmp(entry->s_name, name) == 0)
		return true;
	for (char **alias = entry->s_aliases; *alias != NULL; alias++)
		if (strcmp(*alias, name) == 0)
			return true;
	return false;
}

/*
 * getservbyname() would stop at the first entry, but "dicom" is an alias of
 * 104 and the name of 11112, and who asks for it means both.
 */
static bool
add_service(struct reading *r, const char *name)
{
	const char *transport = r->transport == UDP ? "udp" : "tcp";
	const struct servent *entry;
	bool found = false;

	setservent(0);
	while ((entry = getservent()) != NULL) {
		uint16_t port = ntohs((uint16_t)entry->s_port);

		if (strcmp(entry->s_proto, transport) == 0 && port != 0 &&
		    is_called(entry, name)) {
			add_range(r, port, port);
			found = true;
		}
	}
	endservent();
	return found;
}

/* Reads "N" or "N-M"; false where the word is no number at all. */
static bool
read_numbers(const char *word, unsigned long *first, unsigned long *last)
{
	size_t digits = strspn(word, "0123456789");
	char *end;

	if (digits == 0 || digits > 9)
		return false;
	*first = *last = strtoul(word, &end, 10);
	if (*end == '\0')
		return true;
	digits = strspn(end + 1, "0123456789");
	if (*end != '-' || digits == 0 || digits > 9)
		return false;
	*last = strtoul(end + 1, &end, 10);
	return *end == '\0';
}

static bool
read_word(struct reading *r, const char *word)
{
	unsigned long first, last;

	if (strcmp(word, "default") == 0) {
		add_default(r);
		return true;
	}
	if (!read_numbers(word, &first, &last)) {
		if (add_service(r, word))
			return true;
		snprintf(r->error, PORTS_ERROR,
		    "ports: \"%s\" is not a port, a range or a %s service",
		    word, r->transport == UDP ? "UDP" : "TCP");
		return false;
	}
	if (first == 0 || last >= PORTS_MAX || first > last) {
		snprintf(r->error, PORTS_ERROR,
		    "ports: \"%s\": ports go from 1 to 65535", word);
		return false;
	}
	add_range(r, first, last);
	return true;
}

/* Reads one entry of len bytes: a transport perhaps, then the word. */
static bool
read_entry(struct reading *r, const char *text, size_t len)
{
	char word[WORD_MAX];

	if (len >= 2 && text[1] == ':' && strchr("TtUu", text[0]) != NULL) {
		r->transport = text[0] == 'U' || text[0] == 'u' ? UDP : TCP;
		text += 2;
		len -= 2;
	}
	if (len == 0) {
		snprintf(r->error, PORTS_ERROR, "ports: an entry is empty");
		return false;
	}
	if (len >= sizeof(word)) {
		snprintf(r->error, PORTS_ERROR,
		    "ports: \"%.20s...\" is too long", text);
		return false;
	}
	memcpy(word, text, len);
	word[len] = '\0';
	return read_word(r, word);
}

static bool
read_all(struct reading *r, const char *text)
{
	for (;;) {
		size_t len;

		text += strspn(text, " \t");
		len = strcspn(text, ",");
		while (
		    len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
			len--;
		if (!read_entry(r, text, len))
			return false;
		text += strcspn(text, ",");
		if (*text++ == '\0')
			return true;
	}
}

/* Returns the ports that have the bit, or NULL when memory is out. */
static uint16_t *
collect(const uint8_t *known, unsigned bit, size_t *len)
{
	uint16_t *list;
	size_t n = 0;

	for (unsigned port = 1; port < PORTS_MAX; port++)
		n += (known[port] & bit) != 0;
	list = calloc(n + 1, sizeof(*list));
	*len = 0;
	for (unsigned port = 1; list != NULL && port < PORTS_MAX; port++)
		if (known[port] & bit)
			list[(*len)++] = (uint16_t)port;
	return list;
}

static bool
collect_all(const uint8_t *known, struct ports *out)
{
	out->tcp = collect(known, TCP, &out->tcp_len);
	out->udp = collect(known, UDP, &out->udp_len);
	out->named_tcp =
	    collect(known, TCP << NAMED_SHIFT, &out->named_tcp_len);
	out->named_udp =
	    collect(known, UDP << NAMED_SHIFT, &out->named_udp_len);
	return out->tcp != NULL && out->udp != NULL && out->named_tcp != NULL &&
	    out->named_udp != NULL;
}

bool
ports_parse(const char *text, struct ports *out, char error[static PORTS_ERROR])
{
	struct reading r = { calloc(PORTS_MAX, 1), TCP, error };
	bool ok;

	*out = (struct ports){ 0 };
	if (r.known == NULL) {
		snprintf(error, PORTS_ERROR, "ports: out of memory");
		return false;
	}
	ok = read_all(&r, text);
	if (ok && !collect_all(r.known, out)) {
		snprintf(error, PORTS_ERROR, "ports: out of memory");
		ports_free(out);
		ok = false;
	}
	free(r.known);
	return ok;
}

bool
ports_put_udp(struct ports *ports, uint16_t port, bool is_among)
{
	uint16_t *list = calloc(ports->udp_len + 2, sizeof(*list));
	size_t n = 0, i = 0;

	if (list == NULL)
		return false;
	while (i < ports->udp_len && ports->udp[i] < port)
		list[n++] = ports->udp[i++];
	if (i < ports->udp_len && ports->udp[i] == port)
		i++;
	if (is_among)
		list[n++] = port;
	while (i < ports->udp_len)
		list[n++] = ports->udp[i++];
	free(ports->udp);
	ports->udp = list;
	ports->udp_len = n;
	return true;
}

void
ports_permit(const struct ports *ports, struct scope *scope)
{
	for (size_t i = 0; i < ports->named_tcp_len; i++)
		if (scope_port_is_harmful(ports->named_tcp[i]))
			scope_permit_port(
			    scope, ABOUT_TCP, ports->named_tcp[i]);
	for (size_t i = 0; i < ports->named_udp_len; i++)
		if (scope_port_is_harmful(ports->named_udp[i]))
			scope_permit_port(
			    scope, ABOUT_UDP, ports->named_udp[i]);
}

void
ports_free(struct ports *ports)
{
	free(ports->tcp);
	free(ports->udp);
	free(ports->named_tcp);
	free(ports->named_udp);
	*ports = (struct ports){ 0 };
}
