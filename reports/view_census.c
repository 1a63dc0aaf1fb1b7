/* SPDX-License-Identifier: ISC */
/* view_census - words for stations and segments. */
#include <stdio.h>
#include <string.h>

#include "reports/view_census.h"

bool
view_has_census(const struct report *report)
{
	return report->run->census != NULL &&
	    census_stations(report->run->census) > 0;
}

static const struct asset *
asset_at(const struct assets *assets, uint32_t address)
{
	for (size_t i = 0; i < assets->len; i++)
		for (size_t k = 0; k < assets->items[i].addresses_len; k++)
			if (assets->items[i].addresses[k] == address)
				return &assets->items[i];
	return NULL;
}

const char *
view_station_likely(const struct report *report, const struct census_station *s)
{
	const struct asset *a = NULL;

	if (s->is_excluded)
		return "excluded by the operator";
	if (s->addresses_len > 0 && !s->has_more)
		a = asset_at(report->assets, s->addresses[0]);
	if (a != NULL && asset_grade(a) >= GRADE_POSSIBLE)
		return asset_fingerprint(a)->name;
	return census_likely(s);
}

const char *
view_station_addresses(
    const struct census_station *s, char buf[static VIEW_STATION])
{
	char ip[NET_IPV4_TEXT], decnet[CENSUS_DECNET];
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < s->addresses_len; i++)
		used +=
		    (size_t)snprintf(buf + used, VIEW_STATION - used, "%s%s",
			used > 0 ? " " : "", ipv4_text(s->addresses[i], ip));
	if (s->has_more)
		used += (size_t)snprintf(
		    buf + used, VIEW_STATION - used, " and more");
	if (census_decnet(s->mac, decnet) != NULL)
		snprintf(buf + used, VIEW_STATION - used, "%sDECnet %s",
		    used > 0 ? " " : "", decnet);
	return buf;
}

const char *
view_segment(const struct census_segment *s, char buf[static VIEW_SEGMENT])
{
	const char *name = s->name[0] != '\0' ? s->name : "segment";

	if (s->vlan != 0)
		snprintf(buf, VIEW_SEGMENT, "%.16s, VLAN %u", name,
		    (unsigned)s->vlan);
	else
		snprintf(buf, VIEW_SEGMENT, "%.16s", name);
	return buf;
}

double
view_segment_seconds(const struct census_segment *s)
{
	double seconds = (double)(s->last_ns - s->first_ns) / 1e9;

	return seconds > 1 ? seconds : 1;
}

const char *
view_protocols(const struct census_station *s, size_t most,
    char buf[static VIEW_PROTOCOLS])
{
	char text[CENSUS_TEXT], more[32];
	size_t used = 0, shown = 0;

	buf[0] = '\0';
	for (; shown < s->uses_len && shown < most; shown++) {
		census_protocol_text(s->uses[shown].protocol, text);
		if (used + strlen(text) + 2 + sizeof(more) > VIEW_PROTOCOLS)
			break;
		used += (size_t)snprintf(buf + used, VIEW_PROTOCOLS - used,
		    "%s%s", used > 0 ? ", " : "", text);
	}
	if (shown < s->uses_len)
		snprintf(buf + used, VIEW_PROTOCOLS - used, " and %zu more",
		    s->uses_len - shown);
	return buf;
}
