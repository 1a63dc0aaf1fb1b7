/* SPDX-License-Identifier: ISC */
/* json_census - segments, their stations, their protocols. */
#include "reports/json_census.h"
#include "reports/view_census.h"

static json_t *
integer(uint64_t n)
{
	return json_integer((json_int_t)n);
}

static bool
append(json_t *list, json_t *item)
{
	return json_array_append_new(list, item) == 0;
}

static json_t *
whole(json_t *list, bool ok)
{
	if (ok)
		return list;
	json_decref(list);
	return NULL;
}

/* Adds the counts to an object; takes it over. */
static json_t *
with_counts(json_t *j, const struct census_count *n)
{
	bool ok = j != NULL &&
	    json_object_set_new(j, "frames", integer(n->frames)) == 0 &&
	    json_object_set_new(j, "bytes", integer(n->bytes)) == 0 &&
	    json_object_set_new(
		j, "broadcast_frames", integer(n->group_frames)) == 0 &&
	    json_object_set_new(
		j, "broadcast_bytes", integer(n->group_bytes)) == 0;

	return whole(j, ok);
}

static json_t *
use_json(const struct census_use *use)
{
	char text[CENSUS_TEXT];

	return with_counts(
	    json_pack("{s:s, s:o}", "name",
		census_protocol_text(use->protocol, text), "evidence",
		use->evidence.number > 0 ? integer(use->evidence.number)
					 : json_null()),
	    &use->count);
}

static json_t *
uses_json(const struct census_station *s)
{
	json_t *list = json_array();
	bool ok = list != NULL;

	for (size_t i = 0; i < s->uses_len && ok && !s->is_excluded; i++)
		ok = append(list, use_json(&s->uses[i]));
	return whole(list, ok);
}

static json_t *
addresses_json(const struct census_station *s)
{
	json_t *list = json_array();
	bool ok = list != NULL;
	char ip[NET_IPV4_TEXT];

	for (size_t i = 0; i < s->addresses_len && ok; i++)
		ok = append(list, json_string(ipv4_text(s->addresses[i], ip)));
	return whole(list, ok);
}

static json_t *
station_json(const struct report *report, const struct census_station *s)
{
	const struct census *c = report->run->census;
	char mac[NET_MAC_TEXT], decnet[CENSUS_DECNET];

	return with_counts(
	    json_pack("{s:s, s:s, s:o, s:b, s:s?, s:s, s:s, s:b, s:f, s:f, "
		      "s:o}",
		"mac", mac_text(s->mac, mac), "vendor", s->vendor, "addresses",
		addresses_json(s), "more_addresses", (int)s->has_more, "decnet",
		census_decnet(s->mac, decnet), "name", s->name, "likely",
		view_station_likely(report, s), "excluded", (int)s->is_excluded,
		"broadcast_share", census_share(c, s), "broadcast_share_bytes",
		census_share_of_bytes(c, s), "protocols", uses_json(s)),
	    &s->count);
}

static json_t *
stations_json(const struct report *report, size_t segment)
{
	const struct census *c = report->run->census;
	json_t *list = json_array();
	bool ok = list != NULL;

	for (size_t i = 0; i < census_stations(c) && ok; i++)
		if (census_station_at(c, i)->segment == segment)
			ok = append(list,
			    station_json(report, census_station_at(c, i)));
	return whole(list, ok);
}

static json_t *
segment_json(const struct report *report, size_t i)
{
	const struct census_segment *s =
	    census_segment_at(report->run->census, i);

	return with_counts(json_pack("{s:s, s:i, s:f, s:o, s:o}", "interface",
			       s->name, "vlan", (int)s->vlan, "seconds",
			       (double)(s->last_ns - s->first_ns) / 1e9,
			       "strangers_frames", integer(s->strangers.frames),
			       "stations", stations_json(report, i)),
	    &s->count);
}

json_t *
json_census(const struct report *report)
{
	const struct census *c = report->run->census;
	json_t *list = json_array();
	bool ok = list != NULL;

	for (size_t i = 0; c != NULL && i < census_segments(c) && ok; i++)
		ok = append(list, segment_json(report, i));
	list = whole(list, ok);
	return list != NULL ? json_pack("{s:o}", "segments", list) : NULL;
}
