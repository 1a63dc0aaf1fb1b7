/* SPDX-License-Identifier: ISC */
/* json_census - segments, their stations, their protocols. */
#include "reports/json_census.h"
#include "reports/view_census.h"

static void
put_counts(struct emit *e, const struct census_count *n)
{
	emit_number(e, "frames", (int64_t)n->frames);
	emit_number(e, "bytes", (int64_t)n->bytes);
	emit_number(e, "broadcast_frames", (int64_t)n->group_frames);
	emit_number(e, "broadcast_bytes", (int64_t)n->group_bytes);
}

static void
put_use(struct emit *e, const struct census_use *use)
{
	char text[CENSUS_TEXT];

	emit_object(e, NULL);
	emit_text(e, "name", census_protocol_text(use->protocol, text));
	if (use->evidence.number > 0)
		emit_number(e, "evidence", use->evidence.number);
	else
		emit_null(e, "evidence");
	put_counts(e, &use->count);
	emit_object_end(e);
}

static void
put_station(
    struct emit *e, const struct report *report, const struct census_station *s)
{
	const struct census *c = report->run->census;
	char mac[NET_MAC_TEXT], decnet[CENSUS_DECNET], ip[NET_IPV4_TEXT];

	emit_object(e, NULL);
	emit_text(e, "mac", mac_text(s->mac, mac));
	emit_text(e, "vendor", s->vendor);
	emit_array(e, "addresses");
	for (size_t i = 0; i < s->addresses_len; i++)
		emit_text(e, NULL, ipv4_text(s->addresses[i], ip));
	emit_array_end(e);
	emit_flag(e, "more_addresses", s->has_more);
	emit_text(e, "decnet", census_decnet(s->mac, decnet));
	emit_text(e, "name", s->name);
	emit_text(e, "likely", view_station_likely(report, s));
	emit_flag(e, "excluded", s->is_excluded);
	emit_real(e, "broadcast_share", census_share(c, s));
	emit_real(e, "broadcast_share_bytes", census_share_of_bytes(c, s));
	emit_array(e, "protocols");
	for (size_t i = 0; i < s->uses_len && !s->is_excluded; i++)
		put_use(e, &s->uses[i]);
	emit_array_end(e);
	put_counts(e, &s->count);
	emit_object_end(e);
}

static void
put_segment(struct emit *e, const struct report *report, size_t index)
{
	const struct census *c = report->run->census;
	const struct census_segment *s = census_segment_at(c, index);

	emit_object(e, NULL);
	emit_text(e, "interface", s->name);
	emit_number(e, "vlan", s->vlan);
	emit_real(e, "seconds", (double)(s->last_ns - s->first_ns) / 1e9);
	emit_number(e, "strangers_frames", (int64_t)s->strangers.frames);
	emit_array(e, "stations");
	for (size_t i = 0; i < census_stations(c); i++)
		if (census_station_at(c, i)->segment == index)
			put_station(e, report, census_station_at(c, i));
	emit_array_end(e);
	put_counts(e, &s->count);
	emit_object_end(e);
}

void
json_census(struct emit *e, const struct report *report)
{
	const struct census *c = report->run->census;

	emit_object(e, NULL);
	emit_array(e, "segments");
	for (size_t i = 0; c != NULL && i < census_segments(c); i++)
		put_segment(e, report, i);
	emit_array_end(e);
	emit_object_end(e);
}
