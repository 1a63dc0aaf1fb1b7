/* SPDX-License-Identifier: ISC */
/*
 * Hosts: made from the ward file, found by address.
 *
 * The table of hosts is laid out once, so a host's place never moves, and an
 * index with open addressing finds it in a step or two however many there are.
 */
#include "ward.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "err.h"

enum { HOSTS_MAX = 1 << 20 };

static uint32_t
index_start(const struct ward *w, uint32_t addr)
{
	return (addr * 2654435761u >> 7) & (w->index_room - 1);
}

struct host *
ward_host(const struct ward *w, uint32_t addr)
{
	uint32_t i = index_start(w, addr);

	while (w->index[i] != 0) {
		struct host *h = &w->hosts[w->index[i] - 1];

		if (h->addr == addr)
			return h;
		i = (i + 1) & (w->index_room - 1);
	}
	return NULL;
}

bool
ward_is_broadcast(const struct ward *w, uint32_t addr)
{
	return addr == UINT32_MAX || addr == w->network ||
	    addr == (w->network | ~w->mask);
}

static void
index_add(struct ward *w, uint32_t position)
{
	uint32_t i = index_start(w, w->hosts[position].addr);

	while (w->index[i] != 0)
		i = (i + 1) & (w->index_room - 1);
	w->index[i] = position + 1;
}

static bool
address_read(const char *text, uint32_t *addr)
{
	struct in_addr a;

	if (inet_pton(AF_INET, text, &a) != 1)
		return false;
	*addr = ntohl(a.s_addr);
	return true;
}

static bool
network_read(struct ward *w, const char *text, struct err *e)
{
	char addr[INET_ADDRSTRLEN];
	unsigned bits;
	int used = 0;

	if (sscanf(text, "%15[0-9.]/%2u%n", addr, &bits, &used) != 2 ||
	    text[used] != '\0' || bits < 1 || bits > 30 ||
	    !address_read(addr, &w->network))
		return err_set(e, "network: \"%s\" is not ADDRESS/1..30", text);
	w->mask = UINT32_MAX << (32 - bits);
	if (w->network & ~w->mask)
		return err_set(
		    e, "network: \"%s\" has bits beyond its length", text);
	return true;
}

static bool
mac_read(const char *text, uint8_t mac[static MAC_LEN])
{
	unsigned v[MAC_LEN];
	int used = 0;

	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%n", &v[0], &v[1], &v[2],
		&v[3], &v[4], &v[5], &used) != MAC_LEN ||
	    text[used] != '\0')
		return false;
	for (unsigned i = 0; i < MAC_LEN; i++)
		mac[i] = (uint8_t)v[i];
	return (mac[0] & 1) == 0;
}

/* The MAC so many further on. */
static void
mac_add(uint8_t mac[static MAC_LEN], uint32_t n)
{
	for (unsigned i = MAC_LEN; i-- > 0 && n > 0;) {
		n += mac[i];
		mac[i] = (uint8_t)n;
		n >>= 8;
	}
}

/* Adds to the ward's list; own is freed with it. */
static struct persona *
persona_make(struct ward *w, const struct conf_persona *conf, const char *name,
    const struct conf_host *over, struct err *e)
{
	struct persona *p = persona_new(conf, name, over, e);

	if (p != NULL) {
		p->next = w->personas;
		w->personas = p;
	}
	return p;
}

static struct persona *
persona_load(struct ward *w, const char *dir, const char *name, struct err *e)
{
	struct conf_persona *conf = conf_load_persona(dir, name, e);
	struct persona *p;

	if (conf == NULL)
		return NULL;
	p = persona_make(w, conf, name, NULL, e);
	if (p == NULL)
		conf_free_persona(conf);
	else
		p->own = conf;
	return p;
}

/* The plain personality of that name, loaded when it is the first time. */
static struct persona *
persona_get(struct ward *w, const char *dir, const char *name, struct err *e)
{
	for (struct persona *p = w->personas; p != NULL; p = p->next)
		if (p->own != NULL && strcmp(p->name, name) == 0)
			return p;
	return persona_load(w, dir, name, e);
}

static bool
has_overrides(const struct conf_host *c)
{
	return c->services_count + c->called_ae_count + c->calling_ae_count > 0;
}

static void
host_start(struct host *h, const struct conf_host *c)
{
	const struct conf_stack *stack = &h->persona->conf->stack;
	uint16_t first = c->ip_id_first ? c->ip_id_first : stack->ip_id_first;

	for (unsigned i = 0; i < ID_KINDS; i++)
		h->ip_id[i] = first ? first : (uint16_t)rng_u32(&h->ward->rng);
	h->isn_base = rng_u32(&h->ward->rng);
	h->ephemeral = 1024;
	harm_init(&h->harm);
}

static bool
hosts_add(
    struct ward *w, const struct conf_host *c, const char *dir, struct err *e)
{
	struct persona *p = persona_get(w, dir, c->personality, e);
	struct host model = { .ward = w, .conf = c, .hops = c->hops };

	if (p != NULL && has_overrides(c))
		p = persona_make(w, p->conf, p->name, c, e);
	if (p == NULL)
		return false;
	model.persona = p;
	if (!address_read(c->address, &model.addr))
		return err_set(e, "\"%s\" is not an IPv4 address", c->address);
	if (!mac_read(c->mac, model.mac))
		return err_set(e, "%s: \"%s\" is not a host's MAC address",
		    c->address, c->mac);
	for (uint32_t i = 0; i < (c->count ? c->count : 1); i++) {
		struct host *h = &w->hosts[w->hosts_n];

		*h = model;
		h->addr += i;
		mac_add(h->mac, i);
		if (ward_host(w, h->addr) != NULL)
			return err_set(e, "%s: host %u: the address is taken",
			    c->address, i + 1);
		host_start(h, c);
		index_add(w, w->hosts_n++);
	}
	return true;
}

static bool
routers_join(struct ward *w, const struct conf_ward *c, struct err *e)
{
	struct host *h = w->hosts;

	for (uint32_t i = 0; i < c->hosts_count; i++) {
		const struct conf_host *ch = &c->hosts[i];
		struct host *router = NULL;
		uint32_t addr;

		if (ch->behind != NULL && address_read(ch->behind, &addr))
			router = ward_host(w, addr);
		if (ch->behind != NULL &&
		    (router == NULL || router->conf->behind != NULL))
			return err_set(e, "%s: no router %s on the link",
			    ch->address, ch->behind);
		for (uint32_t n = 0; n < (ch->count ? ch->count : 1);
		     n++, h++) {
			h->router = router;
			if (router != NULL && h->hops == 0)
				h->hops = 1;
		}
	}
	return true;
}

static bool
tables_make(struct ward *w, const struct conf_ward *c, struct err *e)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < c->hosts_count; i++)
		n += c->hosts[i].count ? c->hosts[i].count : 1;
	if (n > HOSTS_MAX)
		return err_set(e, "more than %d hosts", HOSTS_MAX);
	for (w->index_room = 16; w->index_room < 2 * n;)
		w->index_room *= 2;
	w->hosts = calloc(n + 1, sizeof(*w->hosts));
	w->index = calloc(w->index_room, sizeof(*w->index));
	return (w->hosts != NULL && w->index != NULL) ||
	    err_set(e, "out of memory for %u hosts", (unsigned)n);
}

bool
ward_populate(
    struct ward *w, const struct conf_ward *c, const char *dir, struct err *e)
{
	if (!network_read(w, c->network, e) || !tables_make(w, c, e))
		return false;
	for (uint32_t i = 0; i < c->hosts_count; i++)
		if (!hosts_add(w, &c->hosts[i], dir, e))
			return false;
	return routers_join(w, c, e);
}

void
ward_clear(struct ward *w)
{
	for (uint32_t i = 0; i < w->hosts_n; i++)
		harm_free(&w->hosts[i].harm);
	while (w->personas != NULL) {
		struct persona *p = w->personas;

		w->personas = p->next;
		persona_free(p);
	}
	free(w->hosts);
	free(w->index);
	w->hosts = NULL;
	w->index = NULL;
	w->hosts_n = 0;
}
