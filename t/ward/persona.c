/* SPDX-License-Identifier: ISC */
/*
 * From a personality file to something that can be looked up per packet.
 *
 * A host's own services come first in the list of ports, then those of the
 * personality, then the ports of its RPC programs: the first that fits wins.
 */
#include "persona.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "service.h"

void
blob_free(struct blob *b)
{
	free(b->bytes);
	*b = (struct blob){ .bytes = NULL };
}

static int
hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = strchr(digits, tolower((unsigned char)c));

	return c != '\0' && at != NULL ? (int)(at - digits) : -1;
}

/* Appends to a buffer that is large enough by construction. */
static bool
hex_add(struct blob *b, const char *hex)
{
	while (*hex != '\0') {
		int high = hex_digit(hex[0]);
		int low = high < 0 ? -1 : hex_digit(hex[1]);

		if (isspace((unsigned char)*hex)) {
			hex++;
			continue;
		}
		if (low < 0)
			return false;
		b->bytes[b->len++] = (uint8_t)(high << 4 | low);
		hex += 2;
	}
	return true;
}

bool
blob_make(struct blob *b, const char *hex, const char *text)
{
	size_t text_len = text ? strlen(text) : 0;
	size_t room = (hex ? strlen(hex) / 2 : 0) + text_len;

	*b = (struct blob){ .bytes = NULL };
	if (room == 0)
		return hex == NULL || strspn(hex, " ") == strlen(hex);
	b->bytes = calloc(1, room);
	if (b->bytes == NULL || (hex != NULL && !hex_add(b, hex))) {
		blob_free(b);
		return false;
	}
	if (text_len > 0)
		memcpy(b->bytes + b->len, text, text_len);
	b->len += text_len;
	return true;
}

static bool
state_named(const char *name, enum conf_port *state)
{
	if (strcmp(name, "closed") == 0)
		*state = PORT_CLOSED;
	else if (strcmp(name, "filtered") == 0)
		*state = PORT_FILTERED;
	else if (strcmp(name, "unreachable") == 0)
		*state = PORT_UNREACHABLE;
	else
		return false;
	return true;
}

static bool
port_add(struct persona *p, bool is_tcp, const struct conf_service *c,
    const struct conf_host *over, struct err *e)
{
	struct port *at = &p->ports[p->ports_n];
	struct err why;

	*at = (struct port){ .first = c->port, .is_tcp = is_tcp };
	at->last = c->to > c->port ? c->to : c->port;
	at->is_inetd = c->inetd;
	p->ports_n++;
	if (state_named(c->service, &at->state))
		return true;
	at->state = PORT_OPEN;
	at->service = service_find(c->service);
	if (at->service == NULL)
		return err_set(e, "%s: port %u: there is no service \"%s\"",
		    p->name, c->port, c->service);
	if (at->service->prepare == NULL ||
	    at->service->prepare(c, over, &at->setup, &why))
		return true;
	return err_set(e, "%s: %s", p->name, why.text);
}

static bool
ports_add(struct persona *p, const struct conf_service *list, uint32_t n,
    const struct conf_host *over, struct err *e)
{
	for (uint32_t i = 0; i < n; i++) {
		enum conf_transport t = list[i].transport;

		if (t != OVER_UDP && !port_add(p, true, &list[i], over, e))
			return false;
		if (t != OVER_TCP && !port_add(p, false, &list[i], over, e))
			return false;
	}
	return true;
}

static bool
rpc_ports_add(struct persona *p, struct err *e)
{
	struct conf_service c = { .port = 0 };
	static char name[] = "rpc";

	c.service = name;
	for (uint32_t i = 0; i < p->conf->rpc_count; i++) {
		const struct conf_rpc *r = &p->conf->rpc[i];

		c.port = r->tcp;
		if (c.port != 0 && !port_add(p, true, &c, NULL, e))
			return false;
		c.port = r->udp;
		if (c.port != 0 && !port_add(p, false, &c, NULL, e))
			return false;
	}
	return true;
}

size_t
persona_option_len(char kind)
{
	switch (kind) {
	case 'M':
		return 4;
	case 'W':
		return 3;
	case 'T':
		return 10;
	default:
		return 2;
	}
}

/* One option letter and its value; NULL means that it makes no sense. */
static const char *
option_read(const char *s, struct tcp_option *o)
{
	char *end;

	o->kind = *s;
	if (*s == 'M') {
		o->value = (uint16_t)strtoul(s + 1, &end, 16);
		return end > s + 1 ? end : NULL;
	}
	if (*s == 'W') {
		o->value = (uint16_t)strtoul(s + 1, &end, 10);
		return end > s + 1 && o->value <= 14 ? end : NULL;
	}
	if (*s == 'T' && strspn(s + 1, "01") >= 2) {
		o->no_value = s[1] == '0';
		o->no_echo = s[2] == '0';
		return s + 3;
	}
	return *s == 'S' ? s + 1 : NULL;
}

/* Whole words, as written and with each option made to end on one. */
static bool
options_fit(const struct persona *p)
{
	size_t written = p->nops_after, aligned = 0;

	for (unsigned i = 0; i < p->options_n; i++) {
		size_t len = persona_option_len(p->options[i].kind);

		written += p->options[i].nops + len;
		aligned += (len + 3) / 4 * 4;
	}
	return written % 4 == 0 && written <= 40 && aligned <= 40;
}

static bool
options_read(struct persona *p, struct err *e)
{
	const char *all = p->conf->stack.options, *s = all ? all : "";
	uint8_t nops = 0;

	while (s != NULL && *s != '\0') {
		struct tcp_option o = { .nops = nops };

		if (*s == 'N') {
			nops++;
			s++;
			continue;
		}
		s = option_read(s, &o);
		if (p->options_n == PERSONA_OPTIONS)
			s = NULL;
		if (s != NULL)
			p->options[p->options_n++] = o;
		nops = 0;
	}
	p->nops_after = nops;
	return (s != NULL && options_fit(p)) ||
	    err_set(e, "%s: \"%s\" is no TCP option layout", p->name, all);
}

static bool
payloads_make(struct persona *p, struct err *e)
{
	uint32_t n = p->conf->beacons_count;

	if (n == 0)
		return true;
	p->payloads = calloc(n, sizeof(*p->payloads));
	if (p->payloads == NULL)
		return err_set(e, "out of memory");
	for (uint32_t i = 0; i < n; i++) {
		const struct conf_beacon *b = &p->conf->beacons[i];

		if (!blob_make(&p->payloads[i], b->payload_hex, NULL))
			return err_set(e, "%s: beacon %u: payload is not hex",
			    p->name, i + 1);
		if (b->period_s < 0.001)
			return err_set(e, "%s: beacon %u: period is too short",
			    p->name, i + 1);
	}
	return true;
}

static bool
defaults_make(struct persona *p, struct err *e)
{
	const char *name = p->conf->default_service;

	p->tcp_default = (struct port){ .last = 65535, .is_tcp = true };
	p->tcp_default.state = p->conf->tcp_default;
	p->udp_default = (struct port){ .last = 65535 };
	p->udp_default.state = p->conf->udp_default;
	p->tcp_default.service = service_find(name ? name : "silent");
	p->udp_default.service = service_find("silent");
	if (p->tcp_default.service == NULL)
		return err_set(
		    e, "%s: there is no service \"%s\"", p->name, name);
	if (p->tcp_default.service->prepare != NULL)
		return err_set(
		    e, "%s: \"%s\" cannot be a default service", p->name, name);
	return true;
}

static bool
persona_fill(struct persona *p, const struct conf_host *over, struct err *e)
{
	const struct conf_persona *c = p->conf;
	size_t n = 2 * (c->services_count + c->rpc_count) +
	    2 * (over ? over->services_count : 0);

	p->ports = calloc(n + 1, sizeof(*p->ports));
	if (p->ports == NULL)
		return err_set(e, "out of memory");
	if (over != NULL &&
	    !ports_add(p, over->services, over->services_count, over, e))
		return false;
	return ports_add(p, c->services, c->services_count, over, e) &&
	    rpc_ports_add(p, e) && options_read(p, e) && payloads_make(p, e) &&
	    defaults_make(p, e);
}

struct persona *
persona_new(const struct conf_persona *conf, const char *name,
    const struct conf_host *over, struct err *e)
{
	struct persona *p = calloc(1, sizeof(*p));

	if (p == NULL) {
		err_set(e, "out of memory");
		return NULL;
	}
	p->conf = conf;
	p->name = name;
	if (!persona_fill(p, over, e)) {
		persona_free(p);
		return NULL;
	}
	return p;
}

void
persona_free(struct persona *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->ports_n; i++) {
		const struct port *at = &p->ports[i];

		if (at->service != NULL && at->service->discard != NULL)
			at->service->discard(at->setup);
	}
	for (uint32_t i = 0; p->payloads && i < p->conf->beacons_count; i++)
		blob_free(&p->payloads[i]);
	free(p->payloads);
	free(p->ports);
	conf_free_persona(p->own);
	free(p);
}

const struct port *
persona_port(const struct persona *p, bool is_tcp, uint16_t port)
{
	for (size_t i = 0; i < p->ports_n; i++) {
		const struct port *at = &p->ports[i];

		if (at->is_tcp == is_tcp && port >= at->first &&
		    port <= at->last)
			return at;
	}
	return is_tcp ? &p->tcp_default : &p->udp_default;
}
