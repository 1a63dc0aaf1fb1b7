/* SPDX-License-Identifier: ISC */
/* html_asset - one asset's section: verdict, ports, every fact. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "reports/html_parts.h"
#include "reports/view.h"
#include "scanner/text.h"

const char *
html_id(const struct asset *a, char buf[static HTML_ID])
{
	snprintf(buf, HTML_ID, "h%u-%u-%u-%u", a->address >> 24,
	    a->address >> 16 & 0xff, a->address >> 8 & 0xff, a->address & 0xff);
	return buf;
}

void
html_badge(struct markup *h, const struct asset *a)
{
	const char *grade = view_grade(a);
	char class[32];

	snprintf(class, sizeof(class), "badge %s", grade);
	markup_leaf(h, "span", class, "%s", grade);
}

/* Writes the bytes as text, what is not printable as a dot. */
static void
put_bytes(struct markup *h, const struct evidence *e)
{
	char hex[3 * FACT_RAW_MAX + 1] = "", text[FACT_RAW_MAX + 1];
	size_t i, used = 0;

	for (i = 0; i < e->raw_len && i < FACT_RAW_MAX; i++) {
		used += (size_t)snprintf(hex + used, sizeof(hex) - used,
		    "%s%02x", i > 0 ? " " : "", e->raw[i]);
		text[i] = e->raw[i] >= 0x20 && e->raw[i] < 0x7f
		    ? (char)e->raw[i]
		    : '.';
	}
	text[i] = '\0';
	markup_leaf(h, "code", "hex", "%s", hex);
	markup_text(h, " ");
	markup_leaf(h, "code", "ascii", "%s", text);
}

void
html_evidence(struct markup *h, const struct fact *f)
{
	char where[VIEW_EVIDENCE];

	markup_open(h, "span", "evidence");
	markup_text(h, "%s", view_evidence(&f->evidence, where));
	if (f->evidence.raw_len > 0) {
		markup_text(h, ": ");
		put_bytes(h, &f->evidence);
	}
	markup_close(h);
}

void
html_fact(struct markup *h, const struct fact *f)
{
	char about[ABOUT_TEXT], time[TEXT_TIME];

	markup_open(h, "span", "fact");
	markup_leaf(h, "code", NULL, "%s", about_text(f->about, about));
	markup_text(h, " ");
	markup_leaf(h, "code", NULL, "%s", fact_key_text(f->key));
	markup_text(h, " = ");
	markup_leaf(h, "b", "value", "%s", f->value);
	markup_close(h);
	markup_text(h, " ");
	markup_open(h, "span", "origin");
	markup_leaf(h, "span", "time", "%s", text_time(f->time_ns, time));
	markup_text(h, " ");
	html_evidence(h, f);
	markup_close(h);
}

static void
put_ports(struct markup *h, const struct asset *a)
{
	static const char *const heads[] = { "Port", "State", "Speaks",
		"Product", NULL };
	char about[ABOUT_TEXT];

	if (a->ports_len == 0)
		return;
	markup_leaf(h, "h4", NULL, "Ports");
	html_table_open(h, "stack ports",
	    "What was heard there, never guessed from the number", heads);
	for (size_t i = 0; i < a->ports_len; i++) {
		const struct asset_port *p = &a->ports[i];

		markup_open(h, "tr", p->state == PORT_OPEN ? NULL : "quiet");
		html_cell(h, "Port", "mono", about_text(p->about, about));
		html_cell(h, "State", NULL, port_state_text(p->state));
		html_cell(h, "Speaks", NULL, p->service);
		html_cell(h, "Product", "value", p->product);
		markup_close(h);
		markup_raw(h, "\n");
	}
	html_table_close(h);
}

static void
put_fact_row(struct markup *h, const struct fact *f)
{
	char about[ABOUT_TEXT], time[TEXT_TIME];

	markup_open(h, "tr", NULL);
	html_cell(h, "About", "mono", about_text(f->about, about));
	html_cell(h, "Key", "mono", fact_key_text(f->key));
	html_cell(h, "Value", "value", f->value);
	html_cell(h, "Probe", NULL, f->probe);
	html_cell(h, "Time", "mono time", text_time(f->time_ns, time));
	html_cell_open(h, "Evidence", NULL);
	html_evidence(h, f);
	markup_close(h);
	markup_close(h);
	markup_raw(h, "\n");
}

static void
put_facts(struct markup *h, const struct asset *a)
{
	static const char *const heads[] = { "About", "Key", "Value", "Probe",
		"Time", "Evidence", NULL };

	markup_open(h, "details", NULL);
	markup_leaf(h, "summary", NULL, "All facts (%zu)", a->facts_len);
	html_table_open(
	    h, "stack all-facts", "Everything known, oldest first", heads);
	for (size_t i = 0; i < a->facts_len; i++)
		put_fact_row(h, a->facts[i]);
	html_table_close(h);
	markup_close(h);
	markup_raw(h, "\n");
}

static void
put_identity(struct markup *h, const struct asset *a)
{
	char mac[NET_MAC_TEXT], ip[NET_IPV4_TEXT];

	markup_open(h, "p", "identity");
	html_badge(h, a);
	for (size_t i = 0; i < a->names_len; i++) {
		markup_text(h, " ");
		markup_leaf(h, "b", "mono", "%s", a->names[i]);
	}
	if (mac_is_known(a->mac)) {
		markup_text(h, " ");
		markup_leaf(h, "span", "mono", "%s", mac_text(a->mac, mac));
	}
	if (a->vendor[0] != '\0')
		markup_text(h, " %s", a->vendor);
	for (size_t i = 0; i < a->addresses_len; i++)
		if (a->addresses[i] != a->address)
			markup_text(
			    h, ", also %s", ipv4_text(a->addresses[i], ip));
	markup_close(h);
	markup_raw(h, "\n");
}

static void
put_alerts(struct markup *h, const struct asset *a)
{
	if (a->alerts_len == 0)
		return;
	markup_open(h, "ul", "alerts");
	for (size_t i = 0; i < a->alerts_len; i++)
		markup_leaf(h, "li", NULL, "%s", a->alerts[i]);
	markup_close(h);
	markup_raw(h, "\n");
}

/* What to say where there is no verdict to show. */
static const char *
no_verdict(const struct asset *a)
{
	switch (a->standing) {
	case ASSET_SILENT:
		return "It never answered. That says nothing about what it "
		       "is.";
	case ASSET_EXCLUDED:
		return "It was left alone on purpose, so nothing is known of "
		       "what it is.";
	default:
		return "No fingerprint fits well enough to name it.";
	}
}

void
html_asset(struct markup *h, const struct asset *a)
{
	char id[HTML_ID], ip[NET_IPV4_TEXT];

	markup_open(h, "article", NULL);
	markup_attr(h, "id", "%s", html_id(a, id));
	markup_open(h, "h3", NULL);
	markup_leaf(h, "span", "mono", "%s", ipv4_text(a->address, ip));
	markup_text(h, " %s", view_device(a));
	markup_close(h);
	put_identity(h, a);
	put_alerts(h, a);
	if (a->verdicts_len > 0)
		html_verdict(h, a);
	else
		markup_leaf(h, "p", "lead", "%s", no_verdict(a));
	put_ports(h, a);
	put_facts(h, a);
	markup_close(h);
	markup_raw(h, "\n");
}
