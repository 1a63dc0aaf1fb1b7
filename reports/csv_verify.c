/* SPDX-License-Identifier: ISC */
/*
 * csv_verify - a record as it came, with what gantry found behind each line.
 *
 * Source:    RFC 4180; OWASP's page on CSV injection.
 * Limits:    written as UTF-8 whatever came.  A cell that a spreadsheet would
 *            take for a formula gets an apostrophe in front, in the record's
 *            own columns too.
 */
#include <string.h>

#include "reports/verify.h"

static const char *const own_columns[] = { "gantry_state", "gantry_reason",
	"gantry_differs", "gantry_settle", "gantry_address", "gantry_mac",
	"gantry_fingerprint", "gantry_grade", "gantry_conflicts" };

enum { OWN = sizeof(own_columns) / sizeof(own_columns[0]), LINE_TEXT = 1024 };

/* = + - @ begin a formula, a tab or CR hides one from some programs. */
static bool
is_formula(const char *s)
{
	return *s != '\0' && strchr("=+-@\t\r", *s) != NULL;
}

static void
put_cell(FILE *out, char separator, const char *s, bool is_first)
{
	const char special[] = { separator, '"', '\n', '\r', '\0' };
	bool quoted = is_formula(s) || strpbrk(s, special) != NULL ||
	    s[0] == ' ' || (s[0] != '\0' && s[strlen(s) - 1] == ' ');

	if (!is_first)
		fputc(separator, out);
	if (quoted)
		fputc('"', out);
	if (is_formula(s))
		fputc('\'', out);
	for (; *s != '\0'; s++) {
		if (*s == '"')
			fputc('"', out);
		fputc(*s, out);
	}
	if (quoted)
		fputc('"', out);
}

static void
put_own(FILE *out, const struct records *r, size_t column, const char *text)
{
	put_cell(out, r->separator, text, column == 0 && r->headers_len == 0);
}

/* Writes the names of fields that differ, blanks between. */
static void
list_differing(const struct line_result *l, char out[static LINE_TEXT])
{
	size_t used = 0;

	out[0] = '\0';
	for (unsigned f = 0; f < FIELDS; f++)
		if (l->fields[f].state == FIELD_DIFFERS)
			used += (size_t)snprintf(out + used, LINE_TEXT - used,
			    "%s%s", used > 0 ? " " : "", field_text(f));
}

static void
list_settling(const struct line_result *l, char out[static LINE_TEXT])
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < l->settle_len && used < LINE_TEXT; i++)
		used += (size_t)snprintf(out + used, LINE_TEXT - used, "%s%s",
		    used > 0 ? "; " : "", l->settle[i]);
}

/* "mac with line 12; address with line 40" */
static void
list_conflicts(const struct comparison *c, const struct record *r,
    char out[static LINE_TEXT])
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < c->conflicts_len && used < LINE_TEXT; i++) {
		const struct conflict *x = &c->conflicts[i];

		if (x->first == r || x->second == r)
			used += (size_t)snprintf(out + used, LINE_TEXT - used,
			    "%s%s with line %u", used > 0 ? "; " : "",
			    conflict_text(x->kind),
			    x->first == r ? x->second->line : x->first->line);
	}
}

static void
put_line(FILE *out, const struct verify_view *v, const struct line_result *l)
{
	const struct records *r = v->records;
	const struct fingerprint *f =
	    l->asset != NULL ? asset_fingerprint(l->asset) : NULL;
	char ip[NET_IPV4_TEXT], mac[NET_MAC_TEXT], text[LINE_TEXT];
	size_t n = 0;

	for (size_t i = 0; i < r->headers_len; i++)
		put_cell(out, r->separator, l->record->cells[i], i == 0);
	put_own(out, r, n++, verify_state_text(l->state));
	put_own(out, r, n++, l->reason);
	list_differing(l, text);
	put_own(out, r, n++, text);
	list_settling(l, text);
	put_own(out, r, n++, text);
	put_own(out, r, n++,
	    l->asset != NULL ? ipv4_text(l->asset->address, ip) : "");
	put_own(out, r, n++,
	    l->asset != NULL && mac_is_known(l->asset->mac)
		? mac_text(l->asset->mac, mac)
		: "");
	put_own(out, r, n++, f != NULL ? f->id : "");
	put_own(
	    out, r, n++, f != NULL ? grade_text(asset_grade(l->asset)) : "");
	list_conflicts(v->comparison, l->record, text);
	put_own(out, r, n, text);
	fputs("\r\n", out);
}

/* What the record lacks comes last, with its own columns empty. */
static void
put_unrecorded(FILE *out, const struct verify_view *v, const struct asset *a)
{
	const struct records *r = v->records;
	const struct fingerprint *f = asset_fingerprint(a);
	char ip[NET_IPV4_TEXT], mac[NET_MAC_TEXT];
	const char *cells[OWN] = { "unrecorded",
		"the network has it, the record does not", "", "", "", "", "",
		"", "" };

	cells[4] = ipv4_text(a->address, ip);
	if (mac_is_known(a->mac))
		cells[5] = mac_text(a->mac, mac);
	if (f != NULL) {
		cells[6] = f->id;
		cells[7] = grade_text(asset_grade(a));
	}
	for (size_t i = 0; i < r->headers_len; i++)
		put_cell(out, r->separator, "", i == 0);
	for (size_t i = 0; i < OWN; i++)
		put_own(out, r, i, cells[i]);
	fputs("\r\n", out);
}

bool
verify_csv(const struct verify_view *v, FILE *out)
{
	const struct records *r = v->records;

	if (r->has_bom || r->was_latin1)
		fputs("\xef\xbb\xbf", out);
	for (size_t i = 0; i < r->headers_len; i++)
		put_cell(out, r->separator, r->headers[i], i == 0);
	for (size_t i = 0; i < OWN; i++)
		put_own(out, r, i, own_columns[i]);
	fputs("\r\n", out);
	for (size_t i = 0; i < v->comparison->lines_len; i++)
		put_line(out, v, &v->comparison->lines[i]);
	for (size_t i = 0; i < v->comparison->unrecorded_len; i++)
		put_unrecorded(out, v, v->comparison->unrecorded[i]);
	return !ferror(out);
}
