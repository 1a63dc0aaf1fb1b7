/* SPDX-License-Identifier: ISC */
/*
 * html_map - each /24 that holds an asset as 16 by 16 cells, a letter and a
 * colour in each; the letter carries the meaning.
 *
 * Cells of one kind are one path, and a row's letters one text, so that a
 * whole hospital is a few thousand elements.
 */
#include <stdio.h>
#include <string.h>

#include "reports/html_parts.h"
#include "reports/svg.h"
#include "reports/view.h"

enum {
	SIDE = 16,
	CELL = 12,
	LEFT = 24,
	TOP = 2,
	WIDTH = LEFT + SIDE * CELL + 2,
	HEIGHT = TOP + SIDE * CELL + 2,
	MAPS_MAX = 256,
	PATH = SIDE * SIDE * 32,
	LABEL = 256
};

enum cell {
	CELL_EMPTY = 0,
	CELL_CONFIRMED,
	CELL_PROBABLE,
	CELL_POSSIBLE,
	CELL_NONE,
	CELL_SILENT,
	CELL_EXCLUDED,
	CELL_HALTED,
	CELLS
};

static const struct {
	char letter;
	const char *name, *class;
} cells[CELLS] = {
	[CELL_CONFIRMED] = { 'C', "confirmed", "part-confirmed" },
	[CELL_PROBABLE] = { 'P', "probable", "part-probable" },
	[CELL_POSSIBLE] = { 'o', "possible", "part-possible" },
	[CELL_NONE] = { '?', "not recognised", "part-none" },
	[CELL_SILENT] = { '-', "silent", "part-silent" },
	[CELL_EXCLUDED] = { 'x', "left alone", "part-excluded" },
	[CELL_HALTED] = { '!', "halted", "part-halted" },
};

struct map {
	uint32_t network;
	unsigned char at[SIDE * SIDE]; /* enum cell */
	size_t n[CELLS];
};

static enum cell
cell_of(const struct asset *a)
{
	if (view_is_halted(a))
		return CELL_HALTED;
	switch (asset_grade(a)) {
	case GRADE_CONFIRMED:
		return CELL_CONFIRMED;
	case GRADE_PROBABLE:
		return CELL_PROBABLE;
	case GRADE_POSSIBLE:
		return CELL_POSSIBLE;
	default:
		break;
	}
	if (a->standing == ASSET_EXCLUDED)
		return CELL_EXCLUDED;
	return a->standing == ASSET_SILENT ? CELL_SILENT : CELL_NONE;
}

/* Writes all cells of a kind as one path. */
static void
put_cells(struct markup *h, const struct map *m, enum cell kind)
{
	char path[PATH];
	size_t used = 0;

	if (m->n[kind] == 0)
		return;
	for (int i = 0; i < SIDE * SIDE; i++)
		if (m->at[i] == kind)
			used +=
			    (size_t)snprintf(path + used, sizeof(path) - used,
				"M%d %dh%dv%dh-%dz", LEFT + i % SIDE * CELL,
				TOP + i / SIDE * CELL, CELL, CELL, CELL);
	markup_open(h, "path", cells[kind].class);
	markup_attr(h, "d", "%s", path);
	markup_close(h);
}

/* Writes a row's letters of one class as one text, each at its own place. */
static void
put_letters(struct markup *h, const struct map *m, int row, bool on_confirmed)
{
	char places[SIDE * 6] = "", letters[SIDE + 1];
	size_t used = 0, n = 0;

	for (int i = 0; i < SIDE; i++) {
		enum cell kind = (enum cell)m->at[row * SIDE + i];

		if (kind == CELL_EMPTY ||
		    (kind == CELL_CONFIRMED) != on_confirmed)
			continue;
		used += (size_t)snprintf(places + used, sizeof(places) - used,
		    "%s%d", used > 0 ? " " : "", LEFT + i * CELL + CELL / 2);
		letters[n++] = cells[kind].letter;
	}
	letters[n] = '\0';
	if (n == 0)
		return;
	markup_open(h, "text", on_confirmed ? "on-confirmed" : NULL);
	markup_attr(h, "x", "%s", places);
	markup_attr(h, "y", "%d", TOP + row * CELL + CELL - 3);
	markup_string(h, letters);
	markup_close(h);
}

static void
put_grid(struct markup *h)
{
	char path[SIDE * 2 * 24] = "";
	size_t used = 0;

	for (int i = 1; i < SIDE; i++)
		used += (size_t)snprintf(path + used, sizeof(path) - used,
		    "M%d %dv%dM%d %dh%d", LEFT + i * CELL, TOP, SIDE * CELL,
		    LEFT, TOP + i * CELL, SIDE * CELL);
	svg_rect(h, "back", LEFT, TOP, SIDE * CELL, SIDE * CELL);
	markup_open(h, "path", "grid");
	markup_attr(h, "d", "%s", path);
	markup_close(h);
}

static void
put_drawing(struct markup *h, const struct map *m, const char *words)
{
	char number[8];

	svg_open(h, "cells", WIDTH, HEIGHT, words);
	put_grid(h);
	for (int kind = 1; kind < CELLS; kind++)
		put_cells(h, m, (enum cell)kind);
	for (int row = 0; row < SIDE; row++) {
		put_letters(h, m, row, false);
		put_letters(h, m, row, true);
	}
	for (int row = 0; row < SIDE; row += 4) {
		snprintf(number, sizeof(number), ".%d", row * SIDE);
		svg_text(h, "edge-text", LEFT - 4, TOP + row * CELL + CELL - 3,
		    "end", number);
	}
	markup_close(h);
}

static void
put_map(struct markup *h, const struct report *report, const struct map *m)
{
	char words[LABEL] = "", network[NET_IPV4_TEXT], file[HTML_SEGMENT];
	size_t used = 0;

	for (int kind = 1; kind < CELLS; kind++)
		if (m->n[kind] > 0)
			used += (size_t)snprintf(words + used,
			    sizeof(words) - used, "%s%zu %s",
			    used > 0 ? ", " : "", m->n[kind], cells[kind].name);
	markup_open(h, "figure", NULL);
	markup_open(h, "figcaption", NULL);
	markup_open(h, "b", NULL);
	if (html_is_big(report)) {
		markup_open(h, "a", "mono");
		markup_attr(
		    h, "href", "%s", html_segment_file(m->network, file));
	}
	markup_text(h, "%s/24", ipv4_text(m->network, network));
	if (html_is_big(report))
		markup_close(h);
	markup_close(h);
	markup_text(h, " ");
	markup_leaf(h, "span", NULL, "%s", words);
	markup_close(h);
	put_drawing(h, m, words);
	markup_close(h);
	markup_raw(h, "\n");
}

static void
put_key(struct markup *h)
{
	char letter[2] = "";

	markup_open(h, "ul", "map-key");
	for (int kind = 1; kind < CELLS; kind++) {
		letter[0] = cells[kind].letter;
		markup_open(h, "li", NULL);
		markup_leaf(h, "b", NULL, "%s", letter);
		markup_text(h, " %s", cells[kind].name);
		markup_close(h);
	}
	markup_close(h);
	markup_raw(h, "\n");
}

/* Fills the map of the /24 that begins at items[i]; returns where it ends. */
static size_t
fill_map(const struct assets *assets, size_t i, struct map *m)
{
	*m = (struct map){ .network =
			       assets->items[i].address & ~UINT32_C(255) };
	for (; i < assets->len; i++) {
		const struct asset *a = &assets->items[i];
		enum cell kind = cell_of(a);

		if ((a->address & ~UINT32_C(255)) != m->network)
			break;
		m->at[a->address & 255] = (unsigned char)kind;
		m->n[kind]++;
	}
	return i;
}

void
html_maps(struct markup *h, const struct report *report)
{
	const struct assets *assets = report->assets;
	struct map map;
	size_t maps = 0, more = 0;

	html_section(h, "maps", NULL, "Addresses");
	put_key(h);
	markup_open(h, "div", "pictures maps");
	for (size_t i = 0; i < assets->len;) {
		i = fill_map(assets, i, &map);
		if (maps < MAPS_MAX)
			put_map(h, report, &map);
		else
			more++;
		maps++;
	}
	markup_close(h);
	if (more > 0)
		markup_leaf(h, "p", "quiet", "And %zu more networks.", more);
	markup_close(h);
	markup_raw(h, "\n");
}
