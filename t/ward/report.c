/* SPDX-License-Identifier: ISC */
/*
 * The harm file: what was done to each host, as JSON (jansson).  Written
 * aside and renamed, so whoever reads it finds a whole one.
 */
#include "report.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "err.h"
#include "link.h"
#include "loop.h"
#include "ward.h"

enum { PATH_ROOM = 4096, TEXT_ROOM = 32 };

/* The highest peaks of all hosts. */
struct worst {
	uint32_t per_100ms;
	uint32_t per_second;
	uint32_t initiations;
	uint32_t connections;
	uint32_t half_open;
	uint64_t after_hang;
};

static void
number_set(json_t *o, const char *key, uint64_t v)
{
	json_object_set_new(o, key, json_integer((json_int_t)v));
}

static json_t *
address_json(uint32_t a)
{
	char text[TEXT_ROOM];

	snprintf(text, sizeof(text), "%u.%u.%u.%u", a >> 24, a >> 16 & 255,
	    a >> 8 & 255, a & 255);
	return json_string(text);
}

static json_t *
mac_json(const uint8_t *m)
{
	char text[TEXT_ROOM];

	snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x", m[0],
	    m[1], m[2], m[3], m[4], m[5]);
	return json_string(text);
}

static int
port_order(const void *a, const void *b)
{
	const struct port_stat *const *x = a, *const *y = b;

	return ((*x)->key > (*y)->key) - ((*x)->key < (*y)->key);
}

/* Ports in order, so that two runs can be compared. */
static json_t *
hits_json(const struct harm *h)
{
	const struct port_stat **list = calloc(h->ports_n + 1u, sizeof(*list));
	json_t *o = json_object();
	char key[TEXT_ROOM];
	size_t n = 0;

	for (uint32_t i = 0; list != NULL && i < h->ports_room; i++)
		if (h->ports[i].hits > 0)
			list[n++] = &h->ports[i];
	if (n > 0)
		qsort(list, n, sizeof(*list), port_order);
	for (size_t i = 0; i < n; i++) {
		snprintf(key, sizeof(key), "%s/%u",
		    harm_key_is_tcp(list[i]->key) ? "tcp" : "udp",
		    harm_key_port(list[i]->key));
		number_set(o, key, list[i]->hits);
	}
	free(list);
	return o;
}

static void
rates_set(json_t *o, const struct harm *h)
{
	number_set(o, "packets", h->packets);
	number_set(o, "initiations", h->initiations);
	number_set(o, "packets_after_hang", h->packets_after_hang);
	number_set(o, "peak_packets_per_100ms", h->per_100ms.peak);
	number_set(o, "peak_packets_per_second", h->per_second.peak);
	number_set(
	    o, "peak_initiations_per_second", h->initiations_per_second.peak);
	number_set(o, "half_open_peak", h->half_open_peak);
	number_set(o, "max_connections_per_port_per_minute",
	    h->connections_per_minute_peak);
	number_set(o, "resets_by_peer", h->resets_by_peer);
}

static void
harm_set(json_t *o, const struct harm *h)
{
	number_set(o, "half_open_abandoned", h->half_open_abandoned);
	number_set(o, "bare_connections", h->bare_connections);
	number_set(o, "unreleased_associations", h->unreleased_associations);
	number_set(o, "forbidden_bytes", h->forbidden_bytes);
	number_set(o, "foreign_bytes", h->foreign_bytes);
	number_set(o, "forbidden_calls", h->forbidden_calls);
	number_set(o, "malformed", h->malformed);
	number_set(o, "pages_printed", h->pages_printed);
	number_set(o, "lockouts", h->lockouts);
	number_set(o, "hung", h->hung);
	number_set(o, "harm", harm_sum(h));
}

static json_t *
host_json(const struct host *h)
{
	json_t *o = json_object();

	json_object_set_new(o, "address", address_json(h->addr));
	json_object_set_new(o, "mac", mac_json(h->mac));
	if (h->conf->name != NULL)
		json_object_set_new(o, "name", json_string(h->conf->name));
	json_object_set_new(o, "personality", json_string(h->persona->name));
	json_object_set_new(o, "alive", json_boolean(!h->harm.hung));
	rates_set(o, &h->harm);
	harm_set(o, &h->harm);
	json_object_set_new(o, "service_hits", hits_json(&h->harm));
	return o;
}

static void
worst_raise(struct worst *w, const struct harm *h)
{
	if (h->per_100ms.peak > w->per_100ms)
		w->per_100ms = h->per_100ms.peak;
	if (h->per_second.peak > w->per_second)
		w->per_second = h->per_second.peak;
	if (h->initiations_per_second.peak > w->initiations)
		w->initiations = h->initiations_per_second.peak;
	if (h->connections_per_minute_peak > w->connections)
		w->connections = h->connections_per_minute_peak;
	if (h->half_open_peak > w->half_open)
		w->half_open = h->half_open_peak;
	if (h->packets_after_hang > w->after_hang)
		w->after_hang = h->packets_after_hang;
}

static json_t *
worst_json(const struct ward *ward)
{
	struct worst w = { .per_100ms = 0 };
	json_t *o = json_object();

	for (uint32_t i = 0; i < ward->hosts_n; i++)
		worst_raise(&w, &ward->hosts[i].harm);
	number_set(o, "peak_packets_per_100ms", w.per_100ms);
	number_set(o, "peak_packets_per_second", w.per_second);
	number_set(o, "peak_initiations_per_second", w.initiations);
	number_set(o, "max_connections_per_port_per_minute", w.connections);
	number_set(o, "half_open_peak", w.half_open);
	number_set(o, "packets_after_hang", w.after_hang);
	return o;
}

static json_t *
ward_json(const struct ward *w)
{
	uint64_t now = loop_real_ns(w->loop), harm = 0, packets = 0, hung = 0;
	json_t *o = json_object(), *hosts = json_array();

	for (uint32_t i = 0; i < w->hosts_n; i++) {
		const struct host *h = &w->hosts[i];

		harm += harm_sum(&h->harm);
		packets += h->harm.packets;
		hung += h->harm.hung;
		json_array_append_new(hosts, host_json(h));
	}
	json_object_set_new(o, "schema", json_string("gantry-harm/1"));
	number_set(o, "harm_total", harm);
	number_set(o, "hosts_total", w->hosts_n);
	number_set(o, "hosts_hung", hung);
	number_set(o, "packets_total", packets);
	number_set(o, "broadcasts", w->broadcasts);
	number_set(o, "stray_frames", w->strays);
	number_set(o, "frames_lost_by_ward", link_dropped(w->link));
	json_object_set_new(
	    o, "seconds", json_real((double)(now - w->started_ns) / 1e9));
	json_object_set_new(o, "worst", worst_json(w));
	json_object_set_new(o, "hosts", hosts);
	return o;
}

static bool
json_store(const json_t *o, const char *path, struct err *e)
{
	char aside[PATH_ROOM];
	bool is_done;

	if (snprintf(aside, sizeof(aside), "%s.%ld", path, (long)getpid()) >=
	    (int)sizeof(aside))
		return err_set(e, "%.80s...: path is too long", path);
	is_done = json_dump_file(o, aside, JSON_INDENT(1)) == 0 &&
	    rename(aside, path) == 0;
	if (!is_done) {
		err_set(e, "%s: %s", path, strerror(errno));
		unlink(aside);
	}
	return is_done;
}

bool
report_write(const struct ward *w, const char *path, struct err *e)
{
	json_t *o = ward_json(w);
	bool is_done = json_store(o, path, e);

	json_decref(o);
	return is_done;
}

bool
report_ready(const struct ward *w, const char *path, struct err *e)
{
	json_t *o = json_object();
	bool is_done;

	number_set(o, "pid", (uint64_t)getpid());
	number_set(o, "hosts", w->hosts_n);
	is_done = json_store(o, path, e);
	json_decref(o);
	return is_done;
}
