/* SPDX-License-Identifier: ISC */
/* html_census - who fills the segment: a table for each. */
#include <inttypes.h>

#include "reports/html_parts.h"
#include "reports/view_census.h"

enum { PROTOCOLS_SHOWN = 6, STATIONS_SHOWN = 200 };

static void
put_station(struct markup *h, const struct report *report,
    const struct census_station *s)
{
	const struct census *c = report->run->census;
	char text[VIEW_STATION], mac[NET_MAC_TEXT];
	char protocols[VIEW_PROTOCOLS];

	markup_open(h, "tr", NULL);
	html_cell_open(h, "Share of frames", "number");
	markup_text(h, "%.1f %%", census_share(c, s) * 100);
	markup_close(h);
	html_cell_open(h, "Share of bytes", "number");
	markup_text(h, "%.1f %%", census_share_of_bytes(c, s) * 100);
	markup_close(h);
	html_cell_open(h, "Broadcasts", "number");
	markup_text(h, "%" PRIu64, s->count.group_frames);
	markup_close(h);
	html_cell(h, "MAC", "mono", mac_text(s->mac, mac));
	html_cell(h, "Vendor", "value", s->vendor);
	html_cell(h, "Addresses", "mono", view_station_addresses(s, text));
	html_cell(h, "Calls itself", "value", s->name);
	html_cell(h, "Most likely", NULL, view_station_likely(report, s));
	html_cell(h, "Protocols", NULL,
	    s->is_excluded ? ""
			   : view_protocols(s, PROTOCOLS_SHOWN, protocols));
	markup_close(h);
	markup_raw(h, "\n");
}

static void
put_segment(struct markup *h, const struct report *report, size_t index)
{
	static const char *const heads[] = { "Share of frames",
		"Share of bytes", "Broadcasts", "MAC", "Vendor", "Addresses",
		"Calls itself", "Most likely", "Protocols", NULL };
	const struct census *c = report->run->census;
	const struct census_segment *s = census_segment_at(c, index);
	char name[VIEW_SEGMENT], length[VIEW_NUMBER];
	size_t shown = 0;

	markup_leaf(h, "h3", NULL, "%s", view_segment(s, name));
	markup_leaf(h, "p", NULL,
	    "%" PRIu64 " broadcasts and multicasts of %zu stations in %s, "
	    "%.1f a second; %" PRIu64 " frames beside unicast IP in all.",
	    s->count.group_frames, s->stations,
	    view_duration(view_segment_seconds(s), length),
	    (double)s->count.group_frames / view_segment_seconds(s),
	    s->count.frames);
	html_table_open(h, "stack census",
	    "Stations by their share of what reaches everybody", heads);
	for (size_t i = 0; i < census_stations(c); i++) {
		const struct census_station *station = census_station_at(c, i);

		if (station->segment != index)
			continue;
		if (shown++ < STATIONS_SHOWN)
			put_station(h, report, station);
	}
	html_table_close(h);
	if (shown > STATIONS_SHOWN)
		markup_leaf(h, "p", NULL, "%zu more are in report.json.",
		    shown - STATIONS_SHOWN);
	if (s->strangers.frames > 0)
		markup_leaf(h, "p", NULL,
		    "%" PRIu64 " frames came from stations the table had no "
		    "place for.",
		    s->strangers.frames);
}

void
html_census(struct markup *h, const struct report *report)
{
	if (!view_has_census(report))
		return;
	html_section(h, "census", NULL, "Who fills this segment");
	for (size_t i = 0; i < census_segments(report->run->census); i++)
		put_segment(h, report, i);
	markup_close(h);
	markup_raw(h, "\n");
}
