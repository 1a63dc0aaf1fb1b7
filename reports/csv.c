/* SPDX-License-Identifier: ISC */
/*
 * csv - one line per asset for spreadsheets and scripts, as RFC 4180 has it.
 *
 * Every cell of text is quoted.  A spreadsheet takes a cell that begins with
 * "=", "+", "-" or "@" for a formula and computes it, quoted or not; such a
 * cell gets an apostrophe in front, which the spreadsheet takes for "text".
 * Cells with several values part them by "; ".
 */
#include <string.h>

#include "reports/report.h"
#include "reports/view.h"
#include "scanner/text.h"

static const char head[] =
    "site,address,addresses,mac,mac_vendor,standing,grade,probability,kind,"
    "fingerprint,device,maker,names,open_ports,services,packets_sent,"
    "packets_peak,last_seen,needs_a_person\r\n";

/* A cell of one value after another. */
struct cell {
	FILE *out;
	bool has_begun;
};

static void
put_quoted(FILE *out, const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '"')
			fputc('"', out);
		fputc(*s, out);
	}
}

static void
cell_add(struct cell *c, const char *s)
{
	if (c->has_begun)
		fputs("; ", c->out);
	else if (*s != '\0' && strchr("=+-@\t\r", *s) != NULL)
		fputc('\'', c->out);
	put_quoted(c->out, s);
	c->has_begun = true;
}

static struct cell
cell_begin(FILE *out)
{
	fputc('"', out);
	return (struct cell){ .out = out };
}

static void
cell_end(struct cell *c)
{
	fputs("\",", c->out);
}

static void
put_text(FILE *out, const char *s)
{
	struct cell c = cell_begin(out);

	cell_add(&c, s != NULL ? s : "");
	cell_end(&c);
}

static void
put_texts(FILE *out, const char *const *texts, size_t n)
{
	struct cell c = cell_begin(out);

	for (size_t i = 0; i < n; i++)
		cell_add(&c, texts[i]);
	cell_end(&c);
}

static void
put_identity(FILE *out, const struct run *run, const struct asset *a)
{
	char ip[NET_IPV4_TEXT], mac[NET_MAC_TEXT], site[VIEW_SAFE];
	struct cell addresses;

	put_text(out, view_safe(run->site, site));
	put_text(out, ipv4_text(a->address, ip));
	addresses = cell_begin(out);
	for (size_t i = 0; i < a->addresses_len; i++)
		cell_add(&addresses, ipv4_text(a->addresses[i], ip));
	cell_end(&addresses);
	put_text(out, mac_is_known(a->mac) ? mac_text(a->mac, mac) : "");
	put_text(out, a->vendor);
	put_text(out, asset_standing_text(a->standing));
}

static void
put_verdict(FILE *out, const struct asset *a)
{
	const struct fingerprint *f = asset_fingerprint(a);

	put_text(out, view_grade(a));
	if (f != NULL)
		fprintf(
		    out, "%.6f", view_probability(a->verdicts[0].probability));
	fputc(',', out);
	put_text(out, view_kind(a));
	put_text(out, f != NULL ? f->id : "");
	put_text(out, view_device(a));
	put_text(out, f != NULL ? f->maker : "");
}

static void
put_load(FILE *out, const struct asset *a)
{
	struct view_load load;

	if (view_load(a, &load))
		fprintf(out, "%u,%u,", load.sent, load.peak);
	else
		fputs(",,", out);
}

static void
put_asset(FILE *out, const struct run *run, const struct asset *a)
{
	char services[VIEW_SERVICES], time[TEXT_TIME];
	int64_t seen = view_last_seen(a);
	struct cell alerts;

	put_identity(out, run, a);
	put_verdict(out, a);
	put_texts(out, a->names, a->names_len);
	fprintf(out, "%zu,", view_open_ports(a));
	put_text(out, view_services(a, services));
	put_load(out, a);
	put_text(out, seen != 0 ? text_time(seen, time) : "");
	alerts = cell_begin(out);
	for (size_t i = 0; i < a->alerts_len; i++)
		cell_add(&alerts, a->alerts[i]);
	fputs("\"\r\n", out);
}

static bool
csv_write(const struct report *report, FILE *out)
{
	fputs(head, out);
	for (size_t i = 0; i < report->assets->len; i++)
		put_asset(out, report->run, &report->assets->items[i]);
	return !ferror(out);
}

const struct report_format report_csv = {
	.name = "csv",
	.file = "assets.csv",
	.summary = "one line per asset, for spreadsheets (RFC 4180)",
	.write = csv_write,
};
