/* SPDX-License-Identifier: ISC */
/* wires - interfaces, each with its capture, sender and templates. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/dispatch.h"
#include "scanner/log.h"
#include "scanner/loop.h"
#include "scanner/wires.h"

enum { READ_AT_ONCE = 512, GATEWAYS_MAX = 64 };

enum { FILTER_MAX = 4096, FILTER_NETS_MAX = 32 };

/* Packets from which on a ring's own cost no longer shows. */
enum { WORTH_A_RING = 50000 };

struct wire {
	struct wires *all;
	struct route route;
	struct capture *capture;
	struct sender *sender;
	struct loop_watch *watch;
	struct send_template templates[SEND_KINDS];
	bool broken;
};

struct gateway {
	uint32_t address;
	size_t wire;
	struct mac mac;
};

struct wires {
	struct wire *items;
	size_t len;
	struct gateway gateways[GATEWAYS_MAX];
	size_t gateways_len;
	uint8_t key[16];
	capture_fn *on_frame;
	void *arg;
	char filter[FILTER_MAX];
	uint64_t burst; /* see wires.h */
};

static void __attribute__((format(printf, 2, 3)))
filter_add(char filter[static FILTER_MAX], const char *fmt, ...)
{
	size_t used = strlen(filter);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(filter + used, FILTER_MAX - used, fmt, ap);
	va_end(ap);
}

/* The least network both ends of a segment lie in. */
static void
filter_add_net(char filter[static FILTER_MAX], const struct segment *s)
{
	char text[NET_IPV4_TEXT];
	unsigned len = 32;
	uint32_t mask = UINT32_MAX;

	while ((s->first & mask) != (s->last & mask)) {
		len--;
		mask <<= 1;
	}
	if (len == 0)
		filter_add(filter, "ip");
	else
		filter_add(
		    filter, "net %s/%u", ipv4_text(s->first & mask, text), len);
}

/*
 * All a run may want to see: ARP, echo replies and ICMP errors, UDP (for what
 * is broadcast), and of TCP what passes between us and the scope, but not the
 * SYN shots themselves; on Ethernet what is sent to groups or is no IP, for
 * the census (filter_ethernet).  More segments than the expression holds are
 * left to the one that looks at each frame.
 */
static void
filter_make(char filter[static FILTER_MAX], const struct segments *segments)
{
	char text[NET_IPV4_TEXT];
	size_t nets = segments->len <= FILTER_NETS_MAX ? segments->len : 0;

	filter[0] = '\0';
	filter_add(filter, "arp or icmp or udp or (tcp and not src port %d",
	    DISPATCH_SYN_PORT);
	for (size_t i = 0; i < nets; i++) {
		const struct segment *s = &segments->items[i];

		filter_add(filter, "%s(host %s and ", i ? " or " : " and (",
		    ipv4_text(s->route.source, text));
		filter_add_net(filter, s);
		filter_add(filter, ")");
	}
	filter_add(filter, nets > 0 ? "))" : ")");
}

static struct wire *
wire_find(struct wires *all, int interface)
{
	for (size_t i = 0; i < all->len; i++)
		if (all->items[i].route.interface == interface)
			return &all->items[i];
	return NULL;
}

static void
wire_readable(void *arg, bool readable, bool writable)
{
	struct wire *w = arg;
	char error[CAPTURE_ERROR];

	(void)writable;
	if (!readable || w->broken)
		return;
	if (capture_read(w->capture, READ_AT_ONCE, w->all->on_frame,
		w->all->arg, error) < 0) {
		w->broken = true;
		loop_watch_set(w->watch, false, false);
		log_error("capture", "%s", error);
	}
	if (w->sender != NULL)
		sender_flush(w->sender); /* what was reset */
}

static const char filter_ethernet[] =
    " or (ether multicast and not (ip or arp)) or not (ip or ip6 or arp)";

/* One socket to send and capture is soon closed; but each frame it sends wakes
 * whoever waits for it to be readable, which many frames do not pay for. */
static bool
is_small_burst(const struct wires *all)
{
	return all->burst > 0 && all->burst < WORTH_A_RING;
}

static bool
wire_open(struct wire *w, struct loop *loop, const struct scope *scope,
    char error[static CAPTURE_ERROR])
{
	char why[ROUTE_ERROR], filter[FILTER_MAX + sizeof(filter_ethernet)];

	snprintf(filter, sizeof(filter), "%s%s", w->all->filter,
	    w->route.is_ethernet ? filter_ethernet : "");
	w->capture = capture_open_live(
	    w->route.interface_name, filter, w->all->burst, error);
	if (w->capture == NULL)
		return false;
	if (w->route.is_ethernet && !capture_hear_groups(w->capture))
		log_info("capture", "%s: multicasts may not be heard",
		    w->route.interface_name);
	w->watch =
	    loop_watch_new(loop, capture_fd(w->capture), wire_readable, w);
	if (w->watch == NULL) {
		snprintf(error, CAPTURE_ERROR, "out of memory");
		return false;
	}
	if (w->route.is_loopback || !w->route.is_ethernet)
		return true;
	w->sender = is_small_burst(w->all)
	    ? sender_new_on(&w->route, scope, capture_fd(w->capture), why)
	    : sender_new(&w->route, scope, why);
	for (unsigned kind = SEND_ARP; w->sender && kind < SEND_KINDS; kind++)
		if (!send_template_init(&w->templates[kind],
			(enum send_kind)kind, &w->route, why)) {
			snprintf(error, CAPTURE_ERROR, "%s", why);
			return false;
		}
	if (w->sender == NULL)
		snprintf(error, CAPTURE_ERROR, "%s", why);
	return w->sender != NULL;
}

static bool
gateway_note(struct wires *all, const struct route *r, size_t wire)
{
	struct gateway *g;

	for (size_t i = 0; i < all->gateways_len; i++)
		if (all->gateways[i].address == r->gateway &&
		    all->gateways[i].wire == wire)
			return true;
	if (all->gateways_len == GATEWAYS_MAX)
		return false;
	g = &all->gateways[all->gateways_len++];
	*g = (struct gateway){ .address = r->gateway, .wire = wire };
	route_neighbour(r->interface, r->gateway, &g->mac);
	return true;
}

struct wires *
wires_open(struct loop *loop, const struct segments *segments,
    const struct scope *scope, const uint8_t key[static 16], uint64_t burst,
    capture_fn *on_frame, void *arg, char error[static CAPTURE_ERROR])
{
	struct wires *all = calloc(1, sizeof(*all));

	snprintf(error, CAPTURE_ERROR, "out of memory");
	if (all == NULL)
		return NULL;
	memcpy(all->key, key, sizeof(all->key));
	all->burst = burst;
	all->on_frame = on_frame;
	all->arg = arg;
	filter_make(all->filter, segments);
	/* At most one per segment; the array never moves: watches point in. */
	all->items = calloc(segments->len + 1, sizeof(*all->items));
	if (all->items == NULL)
		goto fail;
	for (size_t i = 0; i < segments->len; i++) {
		const struct route *r = &segments->items[i].route;
		struct wire *w = wire_find(all, r->interface);

		if (w == NULL) {
			w = &all->items[all->len++];
			w->all = all;
			w->route = *r;
			if (!wire_open(w, loop, scope, error))
				goto fail;
		}
		if (r->gateway != 0 && w->sender != NULL &&
		    !gateway_note(all, r, (size_t)(w - all->items))) {
			snprintf(error, CAPTURE_ERROR, "more than %d gateways",
			    GATEWAYS_MAX);
			goto fail;
		}
	}
	return all;
fail:
	wires_free(all);
	return NULL;
}

void
wires_free(struct wires *all)
{
	if (all == NULL)
		return;
	for (size_t i = 0; i < all->len; i++) {
		loop_watch_free(all->items[i].watch);
		capture_free(all->items[i].capture);
		sender_free(all->items[i].sender);
	}
	free(all->items);
	free(all);
}

void
wires_skip_queue(struct wires *all)
{
	bool by_ring = all->burst >= WORTH_A_RING;

	for (size_t i = 0; i < all->len; i++) {
		struct sender *sender = all->items[i].sender;

		if (sender == NULL)
			continue;
		if (!by_ring || !sender_use_ring(sender))
			sender_bypass_queue(sender, true);
	}
}

/* The MAC a frame behind a gateway goes to; unknown while it is not known. */
static struct mac
gateway_mac(const struct wires *all, uint32_t gateway)
{
	for (size_t i = 0; i < all->gateways_len; i++)
		if (all->gateways[i].address == gateway)
			return all->gateways[i].mac;
	return (struct mac){ { 0 } };
}

static bool
craft(struct wires *all, const struct segment *segment, enum send_kind kind,
    uint32_t address, uint16_t port, struct mac mac, uint32_t cookie)
{
	struct wire *w = wire_find(all, segment->route.interface);
	uint8_t *frame;
	size_t len;

	if (w == NULL || w->sender == NULL)
		return false;
	if (segment->route.gateway != 0)
		mac = gateway_mac(all, segment->route.gateway);
	if (kind != SEND_ARP && !mac_is_known(mac))
		return false;
	frame = sender_room(w->sender);
	len = send_patch(&w->templates[kind], frame, address, mac,
	    DISPATCH_SYN_PORT, port, cookie);
	return sender_put(w->sender, address, port, frame, len);
}

bool
wires_shoot(struct wires *all, const struct segment *segment,
    enum send_kind kind, uint32_t address, uint16_t port, struct mac mac)
{
	return craft(all, segment, kind, address, port, mac,
	    send_cookie(all->key, address, port, (uint16_t)kind));
}

void
wires_reset(struct wires *all, const struct segment *segment, uint32_t address,
    uint16_t port, struct mac mac)
{
	craft(all, segment, SEND_TCP_RST, address, port, mac,
	    send_cookie(all->key, address, port, SEND_TCP_SYN) + 1);
}

bool
wires_broadcast(struct wires *all, const struct segment *segment,
    const struct send_datagram *datagram)
{
	struct wire *w = wire_find(all, segment->route.interface);
	uint8_t frame[SEND_FRAME_MAX];
	char error[ROUTE_ERROR];
	size_t len;

	if (w == NULL || w->sender == NULL)
		return false;
	len = send_broadcast(frame, datagram, &segment->route, error);
	if (len == 0) {
		log_warn("broadcast", "%s", error);
		return false;
	}
	return sender_put_broadcast(w->sender, segment->host_zeros,
		   segment->host_ones, datagram->port, frame, len) &&
	    sender_flush(w->sender);
}

void
wires_ask_gateways(struct wires *all)
{
	for (size_t i = 0; i < all->gateways_len; i++) {
		const struct gateway *g = &all->gateways[i];
		struct wire *w = &all->items[g->wire];
		uint8_t frame[SEND_FRAME_MAX];
		size_t len;

		if (mac_is_known(g->mac))
			continue;
		len = send_patch(&w->templates[SEND_ARP], frame, g->address,
		    g->mac, 0, 0, 0);
		sender_put_gateway(w->sender, g->address, frame, len);
	}
}

void
wires_gateway_is(struct wires *all, uint32_t address, struct mac mac)
{
	for (size_t i = 0; i < all->gateways_len; i++)
		if (all->gateways[i].address == address)
			all->gateways[i].mac = mac;
}

bool
wires_gateways_known(const struct wires *all)
{
	for (size_t i = 0; i < all->gateways_len; i++)
		if (!mac_is_known(all->gateways[i].mac))
			return false;
	return true;
}

void
wires_drop(struct wires *all)
{
	for (size_t i = 0; i < all->len; i++)
		if (all->items[i].sender != NULL)
			sender_drop(all->items[i].sender);
}

bool
wires_flush(struct wires *all, const char **name)
{
	for (size_t i = 0; i < all->len; i++) {
		struct wire *w = &all->items[i];

		if (w->sender != NULL && !sender_flush(w->sender)) {
			*name = w->route.interface_name;
			return false;
		}
	}
	return true;
}

struct sender_counts
wires_sent(const struct wires *all)
{
	struct sender_counts sum = { 0 };

	for (size_t i = 0; i < all->len; i++) {
		struct sender_counts c;

		if (all->items[i].sender == NULL)
			continue;
		c = sender_counts(all->items[i].sender);
		sum.sent += c.sent;
		sum.refused_by_scope += c.refused_by_scope;
		sum.refused_by_device += c.refused_by_device;
	}
	return sum;
}

struct capture_counts
wires_captured(const struct wires *all)
{
	struct capture_counts sum = { 0 };

	for (size_t i = 0; i < all->len; i++) {
		struct capture_counts c = capture_counts(all->items[i].capture);

		sum.received += c.received;
		sum.dropped += c.dropped;
	}
	return sum;
}

const char *
wires_broken(const struct wires *all)
{
	for (size_t i = 0; i < all->len; i++)
		if (all->items[i].broken)
			return all->items[i].route.interface_name;
	return NULL;
}

const char *
wires_down(const struct wires *all)
{
	for (size_t i = 0; i < all->len; i++)
		if (all->items[i].broken ||
		    !capture_is_up(all->items[i].capture))
			return all->items[i].route.interface_name;
	return NULL;
}
