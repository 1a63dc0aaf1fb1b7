/* SPDX-License-Identifier: ISC */
/*
 * The counters behind the harm file.
 *
 * The ports nobody may write to are those of printers (what arrives is
 * printed), of the small services, of the r-commands and of X11.
 */
#include "harm.h"

#include <stdlib.h>
#include <string.h>

enum {
	KEY_USED = 1 << 17,
	KEY_TCP = 1 << 16,
	FIRST_ROOM = 16,
};

static const uint64_t second_ns = 1000000000u;

/* Pairs of first and last port. */
static const uint16_t forbidden[][2] = {
	{ 7, 7 },
	{ 9, 9 },
	{ 13, 13 },
	{ 19, 19 },
	{ 512, 515 },
	{ 631, 631 },
	{ 6000, 6063 },
	{ 9100, 9107 },
};

void
harm_init(struct harm *h)
{
	*h = (struct harm){ .hung = false };
	h->per_100ms.span_ns = second_ns / 10;
	h->per_second.span_ns = second_ns;
	h->initiations_per_second.span_ns = second_ns;
}

void
harm_free(struct harm *h)
{
	for (uint32_t i = 0; i < h->ports_room; i++) {
		window_free(&h->ports[i].minute);
		window_free(&h->ports[i].inetd);
	}
	free(h->ports);
	h->ports = NULL;
	h->ports_room = h->ports_n = 0;
	window_free(&h->per_100ms);
	window_free(&h->per_second);
	window_free(&h->initiations_per_second);
}

void
harm_packet(struct harm *h, uint64_t when, bool is_initiation)
{
	h->packets++;
	h->packets_after_hang += h->hung;
	window_add(&h->per_100ms, when);
	window_add(&h->per_second, when);
	if (is_initiation) {
		h->initiations++;
		window_add(&h->initiations_per_second, when);
	}
}

/* Returns where the key is, or the free place where it belongs. */
static struct port_stat *
place_find(struct port_stat *table, uint32_t room, uint32_t key)
{
	uint32_t i = key * 2654435761u;

	for (i = (i >> 8) & (room - 1); table[i].key != 0;
	     i = (i + 1) & (room - 1))
		if (table[i].key == key)
			break;
	return &table[i];
}

static bool
ports_grow(struct harm *h)
{
	uint32_t room = h->ports_room ? h->ports_room * 2 : FIRST_ROOM;
	struct port_stat *table = calloc(room, sizeof(*table));

	if (table == NULL)
		return false;
	for (uint32_t i = 0; i < h->ports_room; i++)
		if (h->ports[i].key != 0)
			*place_find(table, room, h->ports[i].key) = h->ports[i];
	free(h->ports);
	h->ports = table;
	h->ports_room = room;
	return true;
}

struct port_stat *
harm_port(struct harm *h, bool is_tcp, uint16_t port)
{
	uint32_t key = KEY_USED | (is_tcp ? KEY_TCP : 0u) | port;
	struct port_stat *s;

	if (h->ports_n * 2 >= h->ports_room && !ports_grow(h))
		return NULL;
	s = place_find(h->ports, h->ports_room, key);
	if (s->key == 0) {
		s->key = key;
		s->minute.span_ns = 60 * second_ns;
		h->ports_n++;
	}
	return s;
}

bool
harm_key_is_tcp(uint32_t key)
{
	return key & KEY_TCP;
}

uint16_t
harm_key_port(uint32_t key)
{
	return (uint16_t)key;
}

void
harm_bytes(struct harm *h, uint16_t port, uint64_t len)
{
	for (size_t i = 0; i < sizeof(forbidden) / sizeof(*forbidden); i++)
		if (port >= forbidden[i][0] && port <= forbidden[i][1])
			h->forbidden_bytes += len;
}

uint64_t
harm_sum(const struct harm *h)
{
	return h->half_open_abandoned + h->bare_connections +
	    h->unreleased_associations + h->forbidden_bytes + h->foreign_bytes +
	    h->forbidden_calls + h->malformed + h->pages_printed + h->lockouts +
	    h->hung;
}
