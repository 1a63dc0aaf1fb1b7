/* SPDX-License-Identifier: ISC */
/*
 * terminal - the summary for whoever ran gantry: one line per asset, what
 * needs a person, and what it cost.
 *
 * Colour only repeats what the words say.  On a terminal too narrow for all
 * columns the widest are cut, then the rightmost left out; into a file or a
 * pipe everything goes whole.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/report.h"
#include "reports/terminal_census.h"
#include "reports/view_census.h"

enum column {
	COLUMN_ADDRESS,
	COLUMN_VERDICT,
	COLUMN_PROBABILITY,
	COLUMN_DEVICE,
	COLUMN_NAMES,
	COLUMN_OPEN,
	COLUMN_VENDOR,
	COLUMNS
};

enum {
	CELL = 128,
	GAP = 2,
	COLUMN_LEAST = 10,
	TEXT_LEAST = 40,
	LINE = 1024,
	HEAD = 4 + NET_IPV4_TEXT, /* before an alert */
	SCOPE_SHOWN = 4
};

static const struct {
	const char *title;
	bool shrinks, is_number;
} columns[COLUMNS] = {
	[COLUMN_ADDRESS] = { .title = "ADDRESS" },
	[COLUMN_VERDICT] = { .title = "VERDICT" },
	[COLUMN_PROBABILITY] = { .title = "PROBABLY", .is_number = true },
	[COLUMN_DEVICE] = { .title = "DEVICE", .shrinks = true },
	[COLUMN_NAMES] = { .title = "NAMES", .shrinks = true },
	[COLUMN_OPEN] = { .title = "OPEN", .is_number = true },
	[COLUMN_VENDOR] = { .title = "MAC VENDOR", .shrinks = true },
};

struct row {
	char cells[COLUMNS][CELL];
};

/* Where to write, and how. */
struct screen {
	FILE *out;
	bool colour;
	size_t width; /* 0: endless */
	size_t widths[COLUMNS];
};

static const char *
colour_of(const char *grade)
{
	if (strcmp(grade, "confirmed") == 0)
		return "\x1b[1;32m";
	if (strcmp(grade, "probable") == 0)
		return "\x1b[32m";
	return strcmp(grade, "possible") == 0 ? "\x1b[33m" : "";
}

static void
join_names(const struct asset *a, char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < a->names_len && used < size; i++)
		used += (size_t)snprintf(out + used, size - used, "%s%s",
		    i > 0 ? " " : "", a->names[i]);
}

static void
fill_row(const struct asset *a, struct row *row)
{
	char percent[VIEW_NUMBER], ip[NET_IPV4_TEXT];

	memset(row, 0, sizeof(*row));
	snprintf(
	    row->cells[COLUMN_ADDRESS], CELL, "%s", ipv4_text(a->address, ip));
	snprintf(row->cells[COLUMN_VERDICT], CELL, "%s", view_grade(a));
	if (a->verdicts_len > 0)
		snprintf(row->cells[COLUMN_PROBABILITY], CELL, "%s",
		    view_percent(a->verdicts[0].probability, percent));
	snprintf(row->cells[COLUMN_DEVICE], CELL, "%s", view_device(a));
	join_names(a, row->cells[COLUMN_NAMES], CELL);
	if (a->standing == ASSET_ANSWERED)
		snprintf(
		    row->cells[COLUMN_OPEN], CELL, "%zu", view_open_ports(a));
	snprintf(row->cells[COLUMN_VENDOR], CELL, "%s", a->vendor);
}

/* Returns how wide a line is; *widest gets the column that can give most, or
 * COLUMNS. */
static size_t
line_width(const struct screen *s, size_t *widest)
{
	size_t total = 0;

	*widest = COLUMNS;
	for (size_t c = 0; c < COLUMNS; c++) {
		if (s->widths[c] > 0)
			total += s->widths[c] + (c > 0 ? GAP : 0);
		if (columns[c].shrinks && s->widths[c] > COLUMN_LEAST &&
		    (*widest == COLUMNS || s->widths[c] > s->widths[*widest]))
			*widest = c;
	}
	return total;
}

/* Takes width from the widest column that can give, until all fit; then leaves
 * out columns from the right. */
static void
shrink(struct screen *s)
{
	size_t widest, last = COLUMNS - 1;

	while (s->width > 0 && line_width(s, &widest) > s->width) {
		if (widest < COLUMNS)
			s->widths[widest]--;
		else if (last > COLUMN_DEVICE)
			s->widths[last--] = 0;
		else
			return;
	}
}

static void
measure(struct screen *s, const struct row *rows, size_t n)
{
	for (size_t c = 0; c < COLUMNS; c++) {
		s->widths[c] = strlen(columns[c].title);
		for (size_t i = 0; i < n; i++) {
			size_t len = strlen(rows[i].cells[c]);

			if (len > s->widths[c])
				s->widths[c] = len;
		}
	}
	shrink(s);
}

/* Writes a cell, cut with ".." where it is too long. */
static void
put_cell(struct screen *s, enum column c, const char *text, bool is_last)
{
	size_t len = strlen(text), width = s->widths[c];
	const char *on =
	    s->colour && c == COLUMN_VERDICT ? colour_of(text) : "";
	char cut[CELL];

	if (len > width) {
		snprintf(cut, sizeof(cut), "%.*s..", (int)(width - 2), text);
		text = cut;
		len = width;
	}
	if (columns[c].is_number)
		fprintf(s->out, "%*s", (int)(width - len), "");
	fprintf(s->out, "%s%s%s", on, text, on[0] != '\0' ? "\x1b[0m" : "");
	if (!is_last)
		fprintf(s->out, "%*s", GAP, "");
	if (!is_last && !columns[c].is_number)
		fprintf(s->out, "%*s", (int)(width - len), "");
}

static void
put_row(struct screen *s, const struct row *row)
{
	size_t last = COLUMNS - 1;

	while (
	    last > 0 && (row->cells[last][0] == '\0' || s->widths[last] == 0))
		last--;
	for (size_t c = 0; c <= last; c++)
		put_cell(s, (enum column)c, row->cells[c], c == last);
	fputc('\n', s->out);
}

static bool
put_assets(struct screen *s, const struct asset *const *order, size_t n)
{
	struct row *rows = calloc(n + 1, sizeof(*rows));

	if (rows == NULL)
		return false;
	for (size_t c = 0; c < COLUMNS; c++)
		snprintf(rows[0].cells[c], CELL, "%s", columns[c].title);
	for (size_t i = 0; i < n; i++)
		fill_row(order[i], &rows[i + 1]);
	measure(s, rows, n + 1);
	if (n == 0)
		fputs("Nothing was found.\n", s->out);
	for (size_t i = 0; n > 0 && i <= n; i++)
		put_row(s, &rows[i]);
	free(rows);
	return true;
}

/* Writes text behind head, broken between words, all lines set in alike. */
static void
put_wrapped(
    struct screen *s, const char *head, int head_width, const char *text)
{
	size_t room = s->width;

	if (room > 0 && room < (size_t)head_width + TEXT_LEAST)
		room = (size_t)head_width + TEXT_LEAST;
	fprintf(s->out, "%-*s", head_width, head);
	while (room > 0 && strlen(text) > room - (size_t)head_width) {
		size_t at = room - (size_t)head_width;

		while (at > 0 && text[at] != ' ')
			at--;
		if (at == 0)
			break; /* one endless word */
		fprintf(s->out, "%.*s\n%*s", (int)at, text, head_width, "");
		text += at + 1;
	}
	fprintf(s->out, "%s\n", text);
}

/* Writes the alerts of the halted assets, or of all others. */
static void
put_asset_alerts(
    struct screen *s, const struct asset *const *order, size_t n, bool halted)
{
	char head[32], ip[NET_IPV4_TEXT];

	for (size_t i = 0; i < n; i++) {
		if (view_is_halted(order[i]) != halted)
			continue;
		for (size_t j = 0; j < order[i]->alerts_len; j++) {
			snprintf(head, sizeof(head), "  %s",
			    j == 0 ? ipv4_text(order[i]->address, ip) : "");
			put_wrapped(s, head, HEAD, order[i]->alerts[j]);
		}
	}
}

static void
put_alerts(struct screen *s, const struct report *report,
    const struct asset *const *order, size_t n)
{
	char lines[VIEW_LINES][VIEW_LINE];
	size_t len = view_run_alerts(report, lines);
	bool any = len > 0;

	for (size_t i = 0; i < n; i++)
		any |= order[i]->alerts_len > 0;
	if (!any)
		return;
	fprintf(s->out, "\n%sNeeds a person%s\n", s->colour ? "\x1b[1m" : "",
	    s->colour ? "\x1b[0m" : "");
	for (size_t i = 0; i < len; i++)
		put_wrapped(s, "  run", HEAD, lines[i]);
	put_asset_alerts(s, order, n, true);
	put_asset_alerts(s, order, n, false);
}

/* Appends to line; what does not fit is left out. */
static void append(char *line, size_t size, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void
append(char *line, size_t size, const char *fmt, ...)
{
	size_t used = strlen(line);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line + used, size - used, fmt, ap);
	va_end(ap);
}

static void
put_head(struct screen *s, const struct run *run)
{
	char line[LINE] = "", time[VIEW_NUMBER], safe[VIEW_SAFE];

	append(line, LINE, "%s", run->command);
	for (size_t i = 0; i < run->scope_len && i < SCOPE_SHOWN; i++)
		append(line, LINE, "%s %s", i > 0 ? "," : " of",
		    view_safe(run->scope[i], safe));
	if (run->scope_len > SCOPE_SHOWN)
		append(
		    line, LINE, " and %zu more", run->scope_len - SCOPE_SHOWN);
	append(line, LINE, ": %s after %s", run_outcome_text(run->outcome),
	    view_duration(
		(double)(run->finished_ns - run->started_ns) / 1e9, time));
	put_wrapped(s, "", 0, line);
	fputc('\n', s->out);
}

static void
put_counters(struct screen *s, const struct report *report)
{
	const struct run *run = report->run;
	char line[LINE] = "", time[VIEW_NUMBER];
	struct view_counts counts;

	view_count(report->assets, &counts);
	if (run->addresses > 0)
		append(line, LINE,
		    "%" PRIu64 " addresses in scope: ", run->addresses);
	append(line, LINE,
	    "%zu answered, %zu only heard, %zu silent, %zu left alone, "
	    "%zu halted",
	    counts.standings[ASSET_ANSWERED], counts.standings[ASSET_HEARD],
	    counts.standings[ASSET_SILENT], counts.standings[ASSET_EXCLUDED],
	    run_halted_hosts(run));
	fputc('\n', s->out);
	put_wrapped(s, "", 0, line);
	line[0] = '\0';
	append(line, LINE,
	    "%" PRIu64 " packets sent, %" PRIu64 " conversations, %" PRIu64
	    " frames read, %zu facts, listened for %s",
	    run->packets_sent, run->talks, run->frames_read,
	    ledger_count(report->ledger), view_duration(run->listened_s, time));
	put_wrapped(s, "", 0, line);
}

static bool
terminal_write(const struct report *report, FILE *out)
{
	struct screen s = {
		.out = out, .colour = report->colour, .width = report->columns
	};
	const struct asset **order = view_order(report->assets);
	size_t n = report->assets->len;
	bool ok;

	if (order == NULL)
		return false;
	put_head(&s, report->run);
	ok = put_assets(&s, order, n);
	put_alerts(&s, report, order, n);
	if (view_has_census(report))
		terminal_census(out, report, s.colour, s.width);
	put_counters(&s, report);
	free(order);
	return ok && !ferror(out);
}

const struct report_format report_terminal = {
	.name = "terminal",
	.file = NULL,
	.summary = "one line per asset, then what needs a person",
	.write = terminal_write,
};
