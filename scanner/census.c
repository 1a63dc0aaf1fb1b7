/* SPDX-License-Identifier: ISC */
/*
 * census - the table of stations, and what is counted in it.
 *
 * Open addressing, keyed by a hash a peer cannot foresee; nothing is ever
 * taken out, so that a place found once stays.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "scanner/census.h"
#include "scanner/oui.h"
#include "scanner/siphash.h"

enum {
	SLOTS = CENSUS_STATIONS_MAX * 2, /* a power of two */
	INTERFACES_MAX = 64,
	INTERFACE_NAME = 16,
	OWN_MAX = 64,
	KEY_LEN = 10,
	ETHERTYPE_IPV4 = 0x0800,
	ETHERTYPE_ARP = 0x0806,
	ETHERTYPE_IPV6 = 0x86dd
};

struct interface {
	uint16_t index;
	char name[INTERFACE_NAME];
};

struct census {
	struct census_station *stations;
	size_t stations_len;
	struct census_segment segments[CENSUS_SEGMENTS_MAX];
	size_t segments_len;
	struct interface interfaces[INTERFACES_MAX];
	size_t interfaces_len;
	struct mac own[OWN_MAX];
	size_t own_len;
	uint8_t key[16];
	uint16_t slots[SLOTS]; /* place in stations plus one; 0: free */
};

struct census *
census_new(void)
{
	struct census *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->stations = calloc(CENSUS_STATIONS_MAX, sizeof(*c->stations));
	if (c->stations == NULL ||
	    getrandom(c->key, sizeof(c->key), 0) != sizeof(c->key)) {
		census_free(c);
		return NULL;
	}
	return c;
}

void
census_free(struct census *c)
{
	if (c == NULL)
		return;
	free(c->stations);
	free(c);
}

void
census_interface(struct census *c, uint16_t index, const char *name)
{
	struct interface *i;

	if (c->interfaces_len == INTERFACES_MAX)
		return;
	i = &c->interfaces[c->interfaces_len++];
	i->index = index;
	snprintf(i->name, sizeof(i->name), "%s", name);
}

void
census_own(struct census *c, struct mac mac)
{
	if (mac_is_known(mac) && c->own_len < OWN_MAX)
		c->own[c->own_len++] = mac;
}

static bool
is_own(const struct census *c, struct mac mac)
{
	for (size_t i = 0; i < c->own_len; i++)
		if (mac_equal(c->own[i], mac))
			return true;
	return false;
}

static const char *
interface_name(const struct census *c, uint16_t index)
{
	for (size_t i = 0; i < c->interfaces_len; i++)
		if (c->interfaces[i].index == index)
			return c->interfaces[i].name;
	return "";
}

/* Returns the segment a packet came over; beyond the ceiling the last one. */
static size_t
segment_of(struct census *c, const struct packet *p)
{
	struct census_segment *s;

	for (size_t i = 0; i < c->segments_len; i++)
		if (c->segments[i].interface == p->frame->interface &&
		    c->segments[i].vlan == p->vlan)
			return i;
	if (c->segments_len == CENSUS_SEGMENTS_MAX)
		return CENSUS_SEGMENTS_MAX - 1;
	s = &c->segments[c->segments_len];
	*s = (struct census_segment){ .interface = p->frame->interface,
		.vlan = p->vlan,
		.name = interface_name(c, p->frame->interface),
		.first_ns = p->frame->time_ns };
	return c->segments_len++;
}

/* Returns the station, a new one where there is room, or NULL. */
static struct census_station *
station_of(struct census *c, struct mac mac, size_t segment)
{
	uint8_t key[KEY_LEN] = { 0 };
	struct census_station *s;
	size_t slot;

	memcpy(key, mac.b, sizeof(mac.b));
	key[6] = (uint8_t)segment;
	slot = (size_t)siphash24(c->key, key, sizeof(key)) % SLOTS;
	for (; c->slots[slot] != 0; slot = (slot + 1) % SLOTS) {
		s = &c->stations[c->slots[slot] - 1];
		if (s->segment == segment && mac_equal(s->mac, mac))
			return s;
	}
	if (c->stations_len == CENSUS_STATIONS_MAX)
		return NULL;
	s = &c->stations[c->stations_len++];
	s->mac = mac;
	s->segment = segment;
	s->vendor = "";
	c->slots[slot] = (uint16_t)c->stations_len;
	c->segments[segment].stations++;
	return s;
}

static void
count(struct census_count *n, const struct packet *p)
{
	bool is_group = p->destination_mac.b[0] & 1;

	n->frames++;
	n->bytes += p->frame->wire_len;
	n->group_frames += is_group;
	n->group_bytes += is_group ? p->frame->wire_len : 0;
}

/* Whose address it is: ARP says so, and a broadcast crossed no router. */
static void
note_address(struct census_station *s, const struct packet *p)
{
	static const struct mac all = { { 255, 255, 255, 255, 255, 255 } };
	uint32_t address = 0;

	if (p->kind == PACKET_ARP && mac_equal(p->arp.sender_mac, s->mac))
		address = p->arp.sender;
	else if (p->ethertype == ETHERTYPE_IPV4 && p->kind != PACKET_BROKEN &&
	    mac_equal(p->destination_mac, all))
		address = p->source;
	if (address == 0 || s->has_more)
		return;
	for (size_t i = 0; i < s->addresses_len; i++)
		if (s->addresses[i] == address)
			return;
	if (s->addresses_len == CENSUS_ADDRESSES_MAX)
		s->has_more = true;
	else
		s->addresses[s->addresses_len++] = address;
}

static void
note_evidence(struct census_use *use, const struct packet *p)
{
	size_t len =
	    p->frame->len < FACT_RAW_MAX ? p->frame->len : FACT_RAW_MAX;

	use->time_ns = p->frame->time_ns;
	use->evidence.raw_len = (uint16_t)len;
	memcpy(use->evidence.raw, p->frame->bytes, len);
}

/* Returns the use where it is a new one. */
static struct census_use *
count_use(struct census_station *s, const struct packet *p,
    struct census_protocol protocol)
{
	struct census_use *use;

	for (size_t i = 0; i < s->uses_len; i++) {
		use = &s->uses[i];
		if (census_protocol_equal(use->protocol, protocol)) {
			count(&use->count, p);
			return NULL;
		}
	}
	if (s->uses_len == CENSUS_USES_MAX) {
		count(&s->rest, p);
		return NULL;
	}
	use = &s->uses[s->uses_len++];
	use->protocol = protocol;
	count(&use->count, p);
	note_evidence(use, p);
	return use;
}

/* Does the census count it: sent to a group, or not IP at all? */
static bool
is_counted(const struct packet *p)
{
	if (!p->has_link)
		return false;
	return p->destination_mac.b[0] & 1 ||
	    (p->ethertype != ETHERTYPE_IPV4 && p->ethertype != ETHERTYPE_ARP &&
		p->ethertype != ETHERTYPE_IPV6);
}

struct census_use *
census_take(struct census *c, const struct packet *p)
{
	struct census_protocol protocol;
	struct census_station *s;
	struct census_segment *segment;
	size_t index;

	if (!is_counted(p) || is_own(c, p->source_mac))
		return NULL;
	index = segment_of(c, p);
	segment = &c->segments[index];
	segment->last_ns = p->frame->time_ns;
	count(&segment->count, p);
	s = station_of(c, p->source_mac, index);
	if (s == NULL) {
		count(&segment->strangers, p);
		return NULL;
	}
	count(&s->count, p);
	note_address(s, p);
	protocol = census_protocol_of(p);
	if (s->name[0] == '\0')
		(void)census_name(p, protocol, s->name);
	return count_use(s, p, protocol);
}

size_t
census_segments(const struct census *c)
{
	return c->segments_len;
}

const struct census_segment *
census_segment_at(const struct census *c, size_t i)
{
	return i < c->segments_len ? &c->segments[i] : NULL;
}

size_t
census_stations(const struct census *c)
{
	return c->stations_len;
}

const struct census_station *
census_station_at(const struct census *c, size_t i)
{
	return i < c->stations_len ? &c->stations[i] : NULL;
}

/* --- the end ------------------------------------------------------------ */

/* By segment, then the most broadcasts, then by MAC. */
static int
compare_stations(const void *pa, const void *pb)
{
	const struct census_station *a = pa, *b = pb;

	if (a->segment != b->segment)
		return a->segment < b->segment ? -1 : 1;
	if (a->count.group_frames != b->count.group_frames)
		return a->count.group_frames > b->count.group_frames ? -1 : 1;
	if (a->count.frames != b->count.frames)
		return a->count.frames > b->count.frames ? -1 : 1;
	return memcmp(a->mac.b, b->mac.b, sizeof(a->mac.b));
}

static int
compare_uses(const void *pa, const void *pb)
{
	const struct census_use *a = pa, *b = pb;

	if (a->count.frames != b->count.frames)
		return a->count.frames > b->count.frames ? -1 : 1;
	if (a->protocol.framing != b->protocol.framing)
		return a->protocol.framing < b->protocol.framing ? -1 : 1;
	return (a->protocol.number > b->protocol.number) -
	    (a->protocol.number < b->protocol.number);
}

static void
strike_out(struct census_station *s)
{
	s->is_excluded = true;
	s->name[0] = '\0';
	s->addresses_len = 0;
}

void
census_finish(struct census *c, const struct oui *oui,
    bool (*is_excluded)(void *arg, uint32_t address), void *arg)
{
	for (size_t i = 0; i < c->stations_len; i++) {
		struct census_station *s = &c->stations[i];
		const char *vendor =
		    oui != NULL ? oui_vendor(oui, s->mac) : NULL;

		s->vendor = vendor != NULL ? vendor : "";
		qsort(s->uses, s->uses_len, sizeof(s->uses[0]), compare_uses);
		for (size_t k = 0; is_excluded && k < s->addresses_len; k++)
			if (is_excluded(arg, s->addresses[k]))
				strike_out(s);
	}
	qsort(c->stations, c->stations_len, sizeof(c->stations[0]),
	    compare_stations);
	memset(c->slots, 0, sizeof(c->slots)); /* places have moved */
}

static double
part(uint64_t n, uint64_t all)
{
	return all > 0 ? (double)n / (double)all : 0;
}

double
census_share(const struct census *c, const struct census_station *s)
{
	return part(
	    s->count.group_frames, c->segments[s->segment].count.group_frames);
}

double
census_share_of_bytes(const struct census *c, const struct census_station *s)
{
	return part(
	    s->count.group_bytes, c->segments[s->segment].count.group_bytes);
}
