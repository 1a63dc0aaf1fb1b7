/* SPDX-License-Identifier: ISC */
/*
 * Beacons.
 *
 * Each is due at first + n * period, so no error adds up however long the
 * ward runs.  A station of the old kind opens a new socket for every datagram,
 * which is why its source port goes up by one each time.
 */
#include "beacon.h"

#include <stdlib.h>
#include <string.h>

#include "loop.h"
#include "net.h"

enum { PAYLOAD_MAX = BODY_MAX - UDP_LEN };

struct beacon {
	struct timer timer;
	struct host *host;
	const struct conf_beacon *conf;
	const struct blob *payload;
	double first_s;
	uint64_t sent;
};

static uint32_t
beacon_target(const struct beacon *b)
{
	const struct ward *w = b->host->ward;

	switch (b->conf->to) {
	case TO_ZEROS:
		return w->network;
	case TO_ONES:
		return w->network | ~w->mask;
	default:
		return UINT32_MAX;
	}
}

static void
beacon_arm(struct beacon *b)
{
	double due_s = b->first_s + (double)b->sent * b->conf->period_s;
	double now_s = (double)loop_ward_ns(b->host->ward->loop) / 1e9;

	timer_ward(&b->timer, due_s - now_s);
}

static void
beacon_send(void *arg)
{
	struct beacon *b = arg;
	uint8_t bytes[PAYLOAD_MAX] = { 0 };
	size_t len = b->payload->len;
	uint16_t port = b->conf->source_port;

	if (len > sizeof(bytes))
		len = sizeof(bytes);
	if (len > 0)
		memcpy(bytes, b->payload->bytes, len);
	if (b->conf->length > len)
		len = b->conf->length;
	if (len > sizeof(bytes))
		len = sizeof(bytes);
	if (!b->conf->same_port)
		port = udp_new_port(b->host);
	udp_send(
	    b->host, port, beacon_target(b), b->conf->port, NULL, bytes, len);
	b->sent++;
	beacon_arm(b);
}

static bool
host_start(struct host *h)
{
	const struct conf_persona *p = h->persona->conf;
	uint16_t port = h->conf->beacon_source_port;

	/* A broadcast does not get past a router. */
	if (p->beacons_count == 0 || h->router != NULL)
		return true;
	h->beacons = calloc(p->beacons_count, sizeof(*h->beacons));
	if (h->beacons == NULL)
		return false;
	for (uint32_t i = 0; i < p->beacons_count; i++) {
		struct beacon *b = &h->beacons[i];

		b->host = h;
		b->conf = &p->beacons[i];
		b->payload = &h->persona->payloads[i];
		b->first_s = h->conf->first_beacon_s > 0
		    ? h->conf->first_beacon_s
		    : b->conf->first_s;
		if (port == 0 && !b->conf->same_port)
			port = b->conf->source_port;
		timer_init(&b->timer, h->ward->loop, beacon_send, b);
		beacon_arm(b);
	}
	if (port != 0)
		h->ephemeral = port;
	return true;
}

bool
beacons_start(struct ward *w)
{
	for (uint32_t i = 0; i < w->hosts_n; i++)
		if (!host_start(&w->hosts[i]))
			return false;
	return true;
}

void
beacons_stop(struct ward *w)
{
	for (uint32_t i = 0; i < w->hosts_n; i++) {
		struct host *h = &w->hosts[i];
		uint32_t n = h->persona->conf->beacons_count;

		for (uint32_t k = 0; h->beacons != NULL && k < n; k++)
			timer_stop(&h->beacons[k].timer);
		free(h->beacons);
		h->beacons = NULL;
	}
}
