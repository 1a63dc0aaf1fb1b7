/* SPDX-License-Identifier: ISC */
/* view - order, counts and words shared by the formats for people. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/view.h"
#include "scanner/text.h"

static int
compare_asset(const void *pa, const void *pb)
{
	/* Excluded before silent: it is known why nothing was learnt. */
	static const int rank[] = {
		[ASSET_ANSWERED] = 0,
		[ASSET_HEARD] = 1,
		[ASSET_EXCLUDED] = 2,
		[ASSET_SILENT] = 3,
	};
	const struct asset *a = *(const struct asset *const *)pa;
	const struct asset *b = *(const struct asset *const *)pb;

	if (asset_grade(a) != asset_grade(b))
		return asset_grade(a) > asset_grade(b) ? -1 : 1;
	if (a->standing != b->standing)
		return rank[a->standing] - rank[b->standing];
	return (a->address > b->address) - (a->address < b->address);
}

const struct asset **
view_order(const struct assets *assets)
{
	const struct asset **order =
	    malloc((assets->len + 1) * sizeof(struct asset *));

	if (order == NULL)
		return NULL;
	for (size_t i = 0; i < assets->len; i++)
		order[i] = &assets->items[i];
	qsort(order, assets->len, sizeof(struct asset *), compare_asset);
	return order;
}

void
view_count(const struct assets *assets, struct view_counts *out)
{
	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < assets->len; i++) {
		const struct asset *a = &assets->items[i];

		out->standings[a->standing]++;
		out->alerted += a->alerts_len > 0;
		if (a->standing == ASSET_ANSWERED ||
		    a->standing == ASSET_HEARD || a->verdicts_len > 0)
			out->grades[asset_grade(a)]++;
	}
}

static const char *
outcome_line(enum run_outcome outcome)
{
	switch (outcome) {
	case RUN_INTERRUPTED:
		return "the run was interrupted: what is shown is incomplete";
	case RUN_HALTED:
		return "the run was halted for the hosts' sake: what is shown "
		       "is incomplete";
	case RUN_FAILED:
		return "the run failed: what is shown is incomplete";
	default:
		return NULL;
	}
}

/* A halt that its asset's own alerts do not tell. */
static bool
is_untold(const struct report *report, const struct run_halt *h)
{
	const struct about host = { .kind = ABOUT_HOST };

	return h->address == 0 ||
	    ledger_find(report->ledger, h->address, FACT_HOST_HALTED, host) ==
	    NULL;
}

/* The first few by name; report.json has them all. */
static size_t
unknown_line(const struct run *run, char line[static VIEW_LINE])
{
	enum { NAMED = 4 };
	int at = snprintf(line, VIEW_LINE,
	    "gantry was killed and went on; what had become of %zu questions "
	    "is not known, and they were not asked again:",
	    run->unknown_len);

	for (size_t i = 0; i < run->unknown_len && i < NAMED; i++) {
		char ip[NET_IPV4_TEXT];

		at += snprintf(line + at, VIEW_LINE - (size_t)at, "%s %s %s",
		    i > 0 ? "," : "", ipv4_text(run->unknown[i].address, ip),
		    run->unknown[i].what);
	}
	if (run->unknown_len > NAMED)
		snprintf(line + at, VIEW_LINE - (size_t)at, " and more");
	return 1;
}

size_t
view_run_alerts(
    const struct report *report, char lines[static VIEW_LINES][VIEW_LINE])
{
	const struct run *run = report->run;
	const char *outcome = outcome_line(run->outcome);
	char ip[NET_IPV4_TEXT], reason[VIEW_SAFE];
	size_t n = 0;

	if (outcome != NULL)
		snprintf(lines[n++], VIEW_LINE, "%s", outcome);
	if (run->frames_dropped > 0)
		snprintf(lines[n++], VIEW_LINE,
		    "%" PRIu64 " frames were lost before they could be read: "
		    "answers and beacons may be missing",
		    run->frames_dropped);
	if (run->facts_dropped > 0)
		snprintf(lines[n++], VIEW_LINE,
		    "%" PRIu64 " facts went over a ceiling and are missing",
		    run->facts_dropped);
	if (run->unknown_len > 0)
		n += unknown_line(run, lines[n]);
	for (size_t i = 0; i < run->halted_len && n < VIEW_LINES; i++) {
		const struct run_halt *h = &run->halted[i];

		if (is_untold(report, h))
			snprintf(lines[n++], VIEW_LINE, "%s halted: %s",
			    h->address ? ipv4_text(h->address, ip) : "the run",
			    view_safe(h->reason, reason));
	}
	return n;
}

const char *
view_safe(const char *s, char buf[static VIEW_SAFE])
{
	text_composed(buf, VIEW_SAFE, s != NULL ? s : "");
	return buf;
}

double
view_probability(double p)
{
	static const double most = 0.999999;

	return p > most ? most : p < 1 - most ? 1 - most : p;
}

const char *
view_percent(double p, char buf[static VIEW_NUMBER])
{
	if (p >= 0.9995)
		snprintf(buf, VIEW_NUMBER, "> 99.9 %%");
	else if (p < 0.0005)
		snprintf(buf, VIEW_NUMBER, "< 0.1 %%");
	else
		snprintf(buf, VIEW_NUMBER, "%.1f %%", p * 100);
	return buf;
}

const char *
view_weight(int weight, char buf[static VIEW_NUMBER])
{
	snprintf(buf, VIEW_NUMBER, weight == 0 ? "%d" : "%+d", weight);
	return buf;
}

const char *
view_duration(double seconds, char buf[static VIEW_NUMBER])
{
	long s = seconds > 0 ? (long)(seconds + 0.5) : 0;

	if (seconds < 10)
		snprintf(buf, VIEW_NUMBER, "%.1f s", seconds > 0 ? seconds : 0);
	else if (s < 60)
		snprintf(buf, VIEW_NUMBER, "%ld s", s);
	else if (s < 3600)
		snprintf(buf, VIEW_NUMBER, "%ld min %ld s", s / 60, s % 60);
	else
		snprintf(
		    buf, VIEW_NUMBER, "%ld h %ld min", s / 3600, s / 60 % 60);
	return buf;
}

const char *
view_evidence(const struct evidence *e, char buf[static VIEW_EVIDENCE])
{
	if (e->kind == EVIDENCE_NONE)
		snprintf(buf, VIEW_EVIDENCE, "derived");
	else if (e->raw_len == 0)
		snprintf(buf, VIEW_EVIDENCE, "%s %u",
		    e->kind == EVIDENCE_TALK ? "talk" : "frame", e->number);
	else
		snprintf(buf, VIEW_EVIDENCE, "%s %u, byte %u",
		    e->kind == EVIDENCE_TALK ? "talk" : "frame", e->number,
		    e->offset);
	return buf;
}

const char *
view_device(const struct asset *a)
{
	const struct fingerprint *f = asset_fingerprint(a);

	if (f != NULL)
		return f->name;
	if (a->standing == ASSET_EXCLUDED)
		return "left alone on purpose";
	return a->standing == ASSET_SILENT ? "never answered"
					   : "not recognised";
}

const char *
view_grade(const struct asset *a)
{
	if (a->verdicts_len > 0)
		return grade_text(asset_grade(a));
	if (a->standing == ASSET_SILENT || a->standing == ASSET_EXCLUDED)
		return asset_standing_text(a->standing);
	return grade_text(GRADE_NONE);
}

bool
view_is_halted(const struct asset *a)
{
	for (size_t i = 0; i < a->facts_len; i++)
		if (a->facts[i]->key == FACT_HOST_HALTED)
			return true;
	return false;
}

size_t
view_open_ports(const struct asset *a)
{
	size_t n = 0;

	for (size_t i = 0; i < a->ports_len; i++)
		n += a->ports[i].state == PORT_OPEN;
	return n;
}

/* Is it something the host did, not a conclusion of ours? */
static bool
is_sign(const struct fact *f)
{
	return f->evidence.kind != EVIDENCE_NONE || f->key == FACT_HOST_ALIVE;
}

int64_t
view_last_seen(const struct asset *a)
{
	int64_t last = 0;

	for (size_t i = 0; i < a->facts_len; i++)
		if (is_sign(a->facts[i]) && a->facts[i]->time_ns > last)
			last = a->facts[i]->time_ns;
	return last;
}

bool
view_load(const struct asset *a, struct view_load *out)
{
	bool is_known = false;

	*out = (struct view_load){ 0 };
	for (size_t i = 0; i < a->facts_len; i++) {
		const struct fact *f = a->facts[i];
		unsigned n;

		if (f->key != FACT_HOST_PACKETS_SENT &&
		    f->key != FACT_HOST_PACKETS_PEAK)
			continue;
		n = (unsigned)strtoul(f->value, NULL, 10);
		if (f->key == FACT_HOST_PACKETS_SENT)
			out->sent += n;
		else if (n > out->peak)
			out->peak = n;
		is_known = true;
	}
	return is_known;
}

const char *
view_kind(const struct asset *a)
{
	const struct fingerprint *f = asset_fingerprint(a);

	return f != NULL && f->kind != NULL ? f->kind : "";
}

const char *
view_services(const struct asset *a, char buf[static VIEW_SERVICES])
{
	static const char more[] = ", ...";
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < a->ports_len; i++) {
		const struct asset_port *p = &a->ports[i];
		char about[ABOUT_TEXT];
		int n;

		if (p->state != PORT_OPEN)
			continue;
		n = snprintf(buf + used, VIEW_SERVICES - used, "%s%s %s",
		    used > 0 ? ", " : "", about_text(p->about, about),
		    p->service[0] != '\0' ? p->service : "?");
		if (n < 0 || used + (size_t)n + sizeof(more) > VIEW_SERVICES) {
			snprintf(buf + used, VIEW_SERVICES - used, "%s", more);
			break;
		}
		used += (size_t)n;
	}
	return buf;
}

enum view_side
view_side(const struct clue_result *clue)
{
	if (clue->fate == CLUE_NOT_LOOKED_AT)
		return VIEW_UNKNOWN;
	return clue->fate == CLUE_HOLDS && clue->weight > 0 ? VIEW_FOR
							    : VIEW_AGAINST;
}

const char *
view_settles(const struct clue *clue)
{
	static const struct {
		const char *stem, *way;
	} ways[] = {
		{ "advantagenet.",
		    "Listen on its own segment for six minutes "
		    "or more, so that three beacons can come" },
		{ "listen.", "Listen on its own segment" },
		{ "dicom.", "Ask its DICOM port for an association" },
		{ "rpc.", "Ask its portmapper, and its ports 600 to 1023" },
		{ "nis.", "Ask its portmapper for ypserv and call it" },
		{ "mac.", "Look from its own segment, where its MAC shows" },
		{ "tcp.",
		    "Connect to any open TCP port and look at the "
		    "answer's shape" },
		{ "ip.",
		    "Connect to any open TCP port and look at the "
		    "answer's shape" },
		{ "icmp.", "Send an ICMP echo request" },
		{ "ftp.", "Read the greeting of its FTP server" },
		{ "telnet.", "Read the greeting of its telnet server" },
		{ "smtp.", "Read the greeting of its mail server" },
		{ "ssh.", "Read the greeting of its SSH server" },
		{ "http.", "Look at the page of its web server" },
		{ "snmp.", "Ask its SNMP agent, where that is allowed" },
		{ "netbios.", "Ask it for its NetBIOS names" },
		{ "link.", "Listen on its own segment" },
		{ "dhcp.", "Listen on its own segment" },
		{ "mdns.", "Listen on its own segment" },
		{ "hl7.", "Listen where its messages pass" },
		{ "greeting.", "Read what its open ports say first" },
		{ "udp.", "Listen for its broadcasts" },
		{ "port", "Look at the port it names" },
		{ "host.", "Try its ports, and see how it takes it" },
	};
	const char *key = fact_key_text(clue->when.key);

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (strncmp(key, ways[i].stem, strlen(ways[i].stem)) == 0)
			return ways[i].way;
	return "Look at what it names";
}

/* Appends within VIEW_CONDITION; what does not fit is left out. */
static void append(char buf[static VIEW_CONDITION], const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
append(char buf[static VIEW_CONDITION], const char *fmt, ...)
{
	size_t used = strlen(buf);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf + used, VIEW_CONDITION - used, fmt, ap);
	va_end(ap);
}

static void
append_about(char buf[static VIEW_CONDITION], const struct condition *c)
{
	const char *kind = c->about == ABOUT_TCP ? "tcp" : "udp";

	if (!c->has_about)
		return;
	if (c->about == ABOUT_HOST)
		append(buf, ", about the host");
	else if (c->port_first == c->port_last)
		append(buf, ", about %s/%u", kind, c->port_first);
	else if (c->port_first == 0 && c->port_last == 65535)
		append(buf, ", about any %s port", kind);
	else
		append(
		    buf, ", about %s/%u-%u", kind, c->port_first, c->port_last);
}

const char *
view_condition(const struct condition *c, char buf[static VIEW_CONDITION])
{
	buf[0] = '\0';
	append(buf, "%s", fact_key_text(c->key));
	if (c->equals != NULL)
		append(buf, " is %s", c->equals);
	if (c->matches != NULL)
		append(buf, " matches %s", c->matches);
	if (c->has_min)
		append(buf, " at least %g", c->min);
	if (c->has_max)
		append(buf, "%s at most %g", c->has_min ? " and" : "", c->max);
	if (c->holds_port != 0)
		append(buf, " holds %u", c->holds_port);
	if (c->count_min > 1)
		append(buf, ", on %u ports or more", c->count_min);
	append_about(buf, c);
	return buf;
}
