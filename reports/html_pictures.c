/* SPDX-License-Identifier: ISC */
/*
 * html_pictures - how sure the verdicts are, and what it cost the hosts.
 *
 * Each picture has its numbers in words beside it, and in the picture's label.
 */
#include <stdio.h>
#include <string.h>

#include "reports/html_parts.h"
#include "reports/svg.h"
#include "reports/view.h"

enum {
	WIDTH = 360,
	HEIGHT = 190,
	LEFT = 8,
	RIGHT = 352,
	TOP = 26,
	FLOOR = 158,
	BINS_MAX = 80,
	LABEL = 1024
};

struct bins {
	size_t n[BINS_MAX];
	size_t len, most;
};

static void
bins_add(struct bins *b, size_t i)
{
	if (++b->n[i] > b->most)
		b->most = b->n[i];
}

static double
bin_width(const struct bins *b)
{
	return (double)(RIGHT - LEFT) / (double)b->len;
}

/* Columns from the floor up, each with its number on top. */
static void
put_columns(struct markup *h, const struct bins *b, size_t over,
    const char *const *classes)
{
	double width = bin_width(b);
	char number[VIEW_NUMBER];

	for (size_t i = 0; i < b->len; i++) {
		double share = (double)b->n[i] / (double)b->most;
		double top = FLOOR - share * (FLOOR - TOP);
		double left = LEFT + width * (double)i;

		if (b->n[i] == 0)
			continue;
		svg_rect(h,
		    i >= over     ? "over"
			: classes ? classes[i]
				  : "column",
		    left + width * 0.1, top, width * 0.8, FLOOR - top);
		if (width < 14)
			continue;
		snprintf(number, sizeof(number), "%zu", b->n[i]);
		svg_text(h, NULL, left + width / 2, top - 5, "middle", number);
	}
	svg_line(h, "axis", LEFT, FLOOR, RIGHT, FLOOR);
}

static void
caption(struct markup *h, const char *title, const char *words)
{
	markup_open(h, "figcaption", NULL);
	markup_leaf(h, "b", NULL, "%s", title);
	markup_text(h, " ");
	markup_leaf(h, "span", NULL, "%s", words);
	markup_close(h);
}

/* --- how sure ---------------------------------------------------------------- */

/* Decibans at which bins begin; their probabilities; their grades' colours. */
static const int edges[] = { 0, 5, 10, 15, 20, 25, 30, 40 };
static const char *const edge_texts[] = { "50", "76", "90", "97", "99", "99.7",
	"99.9", "99.99" };
static const char *const edge_classes[] = { "zone-possible stroke",
	"zone-possible stroke", "zone-probable stroke", "zone-probable stroke",
	"zone-confirmed stroke", "zone-confirmed stroke",
	"zone-confirmed stroke", "zone-confirmed stroke" };
enum { EDGES = 8 };

static size_t
edge_of(int sum)
{
	size_t i = EDGES - 1;

	while (i > 0 && sum < edges[i])
		i--;
	return i;
}

static void
put_probabilities(struct markup *h, const struct assets *assets)
{
	struct bins b = { .len = EDGES };
	char words[LABEL] = "";
	size_t total = 0, used = 0;

	for (size_t i = 0; i < assets->len; i++) {
		const struct asset *a = &assets->items[i];

		if (a->verdicts_len == 0 || a->verdicts[0].sum < 0)
			continue;
		bins_add(&b, edge_of(a->verdicts[0].sum));
		total++;
	}
	if (total == 0)
		return;
	for (size_t i = 0; i < EDGES; i++)
		if (b.n[i] > 0)
			used += (size_t)snprintf(words + used,
			    sizeof(words) - used, "%s%zu from %s %%",
			    used > 0 ? ", " : "", b.n[i], edge_texts[i]);
	markup_open(h, "figure", NULL);
	caption(h, "How sure the best verdicts are", words);
	svg_open(h, NULL, WIDTH, HEIGHT, words);
	put_columns(h, &b, EDGES, edge_classes);
	for (size_t i = 0; i < EDGES; i++)
		svg_text(h, "tick", LEFT + bin_width(&b) * ((double)i + 0.5),
		    FLOOR + 15, "middle", edge_texts[i]);
	svg_text(h, "tick", LEFT, HEIGHT - 3, "start",
	    "probability of at least so many per cent; columns count assets");
	markup_close(h);
	markup_close(h);
	markup_raw(h, "\n");
}

/* --- what it cost ------------------------------------------------------------ */

/* Counts hosts by their peak; returns how many were over the cap. */
static size_t
count_peaks(
    const struct report *report, struct bins *b, size_t *hosts, size_t *peak)
{
	size_t over = 0;

	*hosts = *peak = 0;
	for (size_t i = 0; i < report->assets->len; i++) {
		struct view_load load;
		size_t at;

		if (!view_load(&report->assets->items[i], &load))
			continue;
		at = load.peak < b->len ? load.peak : b->len - 1;
		bins_add(b, at);
		over += load.peak > report->run->host_packets_cap;
		if (load.peak > *peak)
			*peak = load.peak;
		++*hosts;
	}
	return over;
}

static void
put_load_axis(struct markup *h, const struct bins *b, unsigned cap)
{
	size_t step = b->len > 30 ? 10 : 2;
	double at = LEFT + bin_width(b) * (cap + 1);
	char number[VIEW_NUMBER];

	for (size_t i = 0; i < b->len; i += step) {
		snprintf(number, sizeof(number), "%zu", i);
		svg_text(h, "tick", LEFT + bin_width(b) * ((double)i + 0.5),
		    FLOOR + 15, "middle", number);
	}
	svg_line(h, "cap", at, TOP - 18, at, FLOOR);
	snprintf(number, sizeof(number), "cap %u", cap);
	svg_text(h, "cap-text", at + 5, TOP - 10, "start", number);
	svg_text(h, "tick", LEFT, HEIGHT - 3, "start",
	    "packets within the busiest second; columns count hosts");
}

/* Packets per host against what the level of care allows. */
static void
put_loads(struct markup *h, const struct report *report)
{
	unsigned cap = report->run->host_packets_cap;
	struct bins b = { .len = cap + 3 };
	size_t hosts, peak, over, halted = run_halted_hosts(report->run);
	char words[LABEL];

	if (cap == 0 || b.len > BINS_MAX)
		return;
	over = count_peaks(report, &b, &hosts, &peak);
	if (hosts == 0)
		return;
	snprintf(words, sizeof(words),
	    "Harm by gantry's own count: %zu. %zu hosts were spoken with; %zu "
	    "fell silent meanwhile, and %zu got more packets within a second "
	    "than the cap of %u allows. The busiest second of any was %zu.",
	    halted + over, hosts, halted, over, cap, peak);
	markup_open(h, "figure", NULL);
	markup_attr(h, "id", "load");
	caption(h, "What it cost the hosts", words);
	svg_open(h, NULL, WIDTH, HEIGHT, words);
	put_columns(h, &b, cap + 1, NULL);
	put_load_axis(h, &b, cap);
	markup_close(h);
	markup_close(h);
	markup_raw(h, "\n");
}

void
html_pictures(struct markup *h, const struct report *report)
{
	html_section(h, "pictures", NULL, "Pictures");
	markup_open(h, "div", "pictures");
	put_probabilities(h, report->assets);
	put_loads(h, report);
	html_trend(h, report);
	markup_close(h);
	if (report->assets->len == 0)
		markup_leaf(h, "p", NULL, "There is nothing to draw.");
	markup_close(h);
	markup_raw(h, "\n");
}
