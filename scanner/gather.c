/* SPDX-License-Identifier: ISC */
/* gather - a list of networks, a list of questions, and a timer. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scanner/gather.h"
#include "scanner/log.h"
#include "scanner/loop.h"
#include "scanner/net.h"
#include "scanner/probe.h"
#include "scanner/segment.h"
#include "scanner/socket.h"
#include "scanner/wires.h"

const struct gather_question gather_questions[] = {
	{ &probe_portmapall, false },
	{ &probe_portmapall, true },
	{ &probe_netbiosall, false },
};
const unsigned gather_questions_len =
    sizeof(gather_questions) / sizeof(gather_questions[0]);

enum { COOKIE_KIND = 96, PAYLOAD_MAX = 64 };

/* More than a second: what a host may get in one is for its visit. */
static const int64_t gap_ns = 1100000000;

/* One network, and the socket its answers come to. */
struct place {
	const struct segment *segment;
	int fd;
	uint16_t local_port;
};

struct gather {
	struct wires *wires;
	const uint8_t *key;
	gather_done_fn *done;
	void *arg;
	struct loop_timer *timer;
	struct place *places;
	size_t places_len;
	unsigned next; /* question */
	bool is_over;
};

static bool
is_placed(const struct gather *g, const struct segment *s)
{
	for (size_t i = 0; i < g->places_len; i++) {
		const struct segment *other = g->places[i].segment;

		if (other->route.interface == s->route.interface &&
		    other->host_ones == s->host_ones &&
		    other->host_zeros == s->host_zeros)
			return true;
	}
	return false;
}

/* A port of ours, held so that answers to it are not refused. */
static bool
place_open(struct place *p)
{
	struct sockaddr_in self = { 0 };
	socklen_t len = sizeof(self);

	p->fd = socket_open(
	    true, p->segment->route.source, p->segment->route.interface_name);
	if (p->fd < 0)
		return false;
	if (getsockname(p->fd, (struct sockaddr *)&self, &len) != 0 ||
	    self.sin_port == 0) {
		close(p->fd);
		return false;
	}
	p->local_port = ntohs(self.sin_port);
	return true;
}

/* May the network be asked as a whole? */
static bool
is_allowed(const struct scope *scope, const struct segment *s)
{
	char zeros[NET_IPV4_TEXT], ones[NET_IPV4_TEXT];
	uint32_t outside = 0;

	for (unsigned i = 0; i < gather_questions_len; i++)
		outside += send_broadcast_outside(scope, s->host_zeros,
		    s->host_ones, gather_questions[i].probe->udp_ports[0]);
	if (outside == 0)
		return true;
	log_warn("broadcast",
	    "%s to %s is not asked as a whole: not all of it may be touched",
	    ipv4_text(s->host_zeros, zeros), ipv4_text(s->host_ones, ones));
	return false;
}

static void
place_add(struct gather *g, const struct scope *scope, const struct segment *s)
{
	struct place *p = &g->places[g->places_len];

	if (s->host_ones == 0 || s->assume_up || is_placed(g, s) ||
	    !is_allowed(scope, s))
		return;
	p->segment = s;
	if (place_open(p))
		g->places_len++;
	else
		log_warn(
		    "broadcast", "no socket on %s", s->route.interface_name);
}

static uint32_t
cookie_of(const struct gather *g, const struct probe *probe)
{
	return send_cookie(g->key, 0, probe->udp_ports[0], COOKIE_KIND);
}

static void
ask(const struct gather *g, const struct gather_question *q,
    const struct place *p)
{
	const uint16_t port = q->probe->udp_ports[0];
	struct ask how = { .cookie = cookie_of(g, q->probe), .port = port };
	uint8_t payload[PAYLOAD_MAX];
	struct wr w = { .at = payload, .left = sizeof(payload) };
	struct send_datagram d = { .to = q->to_zeros ? p->segment->host_zeros
						     : p->segment->host_ones,
		.source_port = p->local_port,
		.port = port,
		.ip_id = (uint16_t)how.cookie,
		.payload = payload };

	if (!q->probe->build(&w, &how))
		return;
	d.len = w.used;
	if (!wires_broadcast(g->wires, p->segment, &d))
		log_warn("broadcast", "a question could not be sent on %s",
		    p->segment->route.interface_name);
}

static void
ring(void *arg)
{
	struct gather *g = arg;

	if (g->is_over)
		return;
	if (g->next < gather_questions_len && g->places_len > 0) {
		for (size_t i = 0; i < g->places_len; i++)
			ask(g, &gather_questions[g->next], &g->places[i]);
		g->next++;
		loop_timer_at(g->timer, loop_now() + gap_ns);
		return;
	}
	g->is_over = true;
	g->done(g->arg);
}

struct gather *
gather_new(struct loop *loop, const struct scope *scope,
    const struct segments *segments, struct wires *wires,
    const uint8_t key[static 16], gather_done_fn *done, void *arg)
{
	struct gather *g = calloc(1, sizeof(*g));

	if (g == NULL)
		return NULL;
	g->wires = wires;
	g->key = key;
	g->done = done;
	g->arg = arg;
	g->timer = loop_timer_new(loop, ring, g);
	g->places = calloc(segments->len + 1, sizeof(*g->places));
	if (g->timer == NULL || g->places == NULL) {
		gather_free(g);
		return NULL;
	}
	for (size_t i = 0; i < segments->len; i++)
		place_add(g, scope, &segments->items[i]);
	return g;
}

void
gather_free(struct gather *g)
{
	if (g == NULL)
		return;
	for (size_t i = 0; i < g->places_len; i++)
		close(g->places[i].fd);
	loop_timer_free(g->timer);
	free(g->places);
	free(g);
}

void
gather_start(struct gather *g)
{
	loop_timer_at(g->timer, loop_now());
}

void
gather_stop(struct gather *g)
{
	if (g->is_over)
		return;
	g->next = gather_questions_len;
	loop_timer_at(g->timer, loop_now());
}

bool
gather_asked(const struct gather *g, const struct probe *probe,
    uint16_t local_port, uint32_t *cookie)
{
	*cookie = cookie_of(g, probe);
	for (size_t i = 0; i < g->places_len; i++)
		if (g->places[i].local_port == local_port)
			return g->next > 0;
	return false;
}
