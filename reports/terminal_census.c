/* SPDX-License-Identifier: ISC */
/* terminal_census - the loudest stations of each segment, a line each. */
#include <inttypes.h>
#include <string.h>

#include "reports/terminal_census.h"
#include "reports/view_census.h"

enum { STATIONS_SHOWN = 10, PROTOCOLS_SHOWN = 3, LINE = 512 };

static void
put_line(FILE *out, const char *line, size_t width)
{
	size_t len = strlen(line);

	if (width > 2 && len > width)
		fprintf(out, "%.*s..\n", (int)(width - 2), line);
	else
		fprintf(out, "%s\n", line);
}

/* What a person calls it: its address, its own name, or its card's maker. */
static const char *
title(const struct census_station *s, char buf[static VIEW_STATION])
{
	view_station_addresses(s, buf);
	if (buf[0] != '\0')
		return buf;
	return s->name[0] != '\0' ? s->name : s->vendor;
}

static void
put_station(FILE *out, const struct report *report,
    const struct census_station *s, size_t width)
{
	char address[VIEW_STATION], mac[NET_MAC_TEXT];
	char protocols[VIEW_PROTOCOLS], line[LINE];
	const char *likely = view_station_likely(report, s);

	if (s->is_excluded)
		protocols[0] = '\0';
	else
		view_protocols(s, PROTOCOLS_SHOWN, protocols);
	snprintf(line, sizeof(line), "  %5.1f %%  %s  %-24s  %s%s%s",
	    census_share(report->run->census, s) * 100, mac_text(s->mac, mac),
	    title(s, address), likely,
	    likely[0] != '\0' && protocols[0] != '\0' ? ": " : "", protocols);
	put_line(out, line, width);
}

static void
put_segment(FILE *out, const struct report *report, size_t index, size_t width)
{
	const struct census *c = report->run->census;
	const struct census_segment *s = census_segment_at(c, index);
	char name[VIEW_SEGMENT], length[VIEW_NUMBER], line[LINE];
	size_t shown = 0;

	snprintf(line, sizeof(line),
	    "  %s: %" PRIu64 " broadcasts of %zu stations in %s, %.1f a second",
	    view_segment(s, name), s->count.group_frames, s->stations,
	    view_duration(view_segment_seconds(s), length),
	    (double)s->count.group_frames / view_segment_seconds(s));
	put_line(out, line, width);
	for (size_t i = 0; i < census_stations(c); i++)
		if (census_station_at(c, i)->segment == index &&
		    shown++ < STATIONS_SHOWN)
			put_station(
			    out, report, census_station_at(c, i), width);
	if (shown > STATIONS_SHOWN)
		fprintf(out, "  and %zu more\n", shown - STATIONS_SHOWN);
}

void
terminal_census(
    FILE *out, const struct report *report, bool colour, size_t width)
{
	fprintf(out, "\n%sWho fills this segment%s\n", colour ? "\x1b[1m" : "",
	    colour ? "\x1b[0m" : "");
	for (size_t i = 0; i < census_segments(report->run->census); i++)
		put_segment(out, report, i, width);
}
