/* SPDX-License-Identifier: ISC */
/*
 * nmap - the assets in the XML of nmap's -oX, so that whatever imports nmap
 * imports gantry.
 *
 * Valid against nmap.dtd of nmap 7.93, which asks that "scanner" says nmap;
 * args and version say who it really was.  What nmap has no element for (grade,
 * fingerprint, alerts) stands in a host script called gantry.  A verdict is an
 * <osmatch> besides, since that is what importers show.
 *
 * Limits: of closed and silent ports only the number is told, and reasons are
 * those an importer expects.  reason_ttl is 0 throughout: nobody noted it.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "reports/markup.h"
#include "reports/report.h"
#include "reports/view.h"
#include "scanner/text.h"

static const char prolog[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<!DOCTYPE nmaprun>\n"
    "<?xml-stylesheet href=\"file:///usr/share/nmap/nmap.xsl\" "
    "type=\"text/xsl\"?>\n";

static int64_t
seconds(int64_t ns)
{
	return ns / 1000000000;
}

/* nmap's times for people; UTC, so that the same run gives the same text. */
static void
put_when(struct markup *x, const char *name, int64_t ns)
{
	time_t at = (time_t)seconds(ns);
	char text[40] = "";
	struct tm tm;

	if (gmtime_r(&at, &tm) != NULL)
		strftime(text, sizeof(text), "%a %b %e %H:%M:%S %Y", &tm);
	markup_attr(x, name, "%s", text);
}

static const char *
alive(const struct asset *a)
{
	for (size_t i = 0; i < a->facts_len; i++)
		if (a->facts[i]->key == FACT_HOST_ALIVE)
			return a->facts[i]->value;
	return NULL;
}

static bool
is_up(const struct asset *a)
{
	return a->standing == ASSET_ANSWERED || a->standing == ASSET_HEARD ||
	    alive(a) != NULL;
}

static void
put_status(struct markup *x, const struct asset *a)
{
	static const struct {
		const char *how, *reason;
	} reasons[] = { { "arp", "arp-response" }, { "icmp", "echo-reply" },
		{ "tcp", "syn-ack" }, { "udp", "udp-response" } };
	const char *how = alive(a), *reason = "user-set";

	if (!is_up(a))
		reason = "no-response";
	for (size_t i = 0; how != NULL && i < 4; i++)
		if (strcmp(how, reasons[i].how) == 0)
			reason = reasons[i].reason;
	markup_open(x, "status", NULL);
	markup_attr(x, "state", is_up(a) ? "up" : "unknown");
	markup_attr(x, "reason", "%s", reason);
	markup_attr(x, "reason_ttl", "0");
	markup_close_void(x);
}

static void
put_address(
    struct markup *x, const char *type, const char *text, const char *vendor)
{
	markup_open(x, "address", NULL);
	markup_attr(x, "addr", "%s", text);
	markup_attr(x, "addrtype", "%s", type);
	if (vendor != NULL && vendor[0] != '\0')
		markup_attr(x, "vendor", "%s", vendor);
	markup_close_void(x);
}

static void
put_addresses(struct markup *x, const struct asset *a)
{
	char ip[NET_IPV4_TEXT], mac[NET_MAC_TEXT];

	put_address(x, "ipv4", ipv4_text(a->address, ip), NULL);
	if (mac_is_known(a->mac)) {
		mac_text(a->mac, mac);
		for (char *c = mac; *c != '\0'; c++)
			if (*c >= 'a' && *c <= 'f')
				*c = (char)(*c - 'a' + 'A');
		put_address(x, "mac", mac, a->vendor);
	}
	for (size_t i = 0; i < a->addresses_len; i++)
		if (a->addresses[i] != a->address)
			put_address(
			    x, "ipv4", ipv4_text(a->addresses[i], ip), NULL);
}

static void
put_names(struct markup *x, const struct asset *a)
{
	markup_open(x, "hostnames", NULL);
	for (size_t i = 0; i < a->names_len; i++) {
		markup_open(x, "hostname", NULL);
		markup_attr(x, "name", "%s", a->names[i]);
		markup_attr(x, "type", "user");
		markup_close_void(x);
	}
	markup_close(x);
}

static size_t
count_state(const struct asset *a, enum port_state state)
{
	size_t n = 0;

	for (size_t i = 0; i < a->ports_len; i++)
		n += a->ports[i].state == state;
	return n;
}

static void
put_extra(struct markup *x, const struct asset *a, enum port_state state,
    const char *reason)
{
	size_t n = count_state(a, state);

	if (n == 0)
		return;
	markup_open(x, "extraports", NULL);
	markup_attr(x, "state", "%s", port_state_text(state));
	markup_attr(x, "count", "%zu", n);
	markup_open(x, "extrareasons", NULL);
	markup_attr(x, "reason", "%s", reason);
	markup_attr(x, "count", "%zu", n);
	markup_close_void(x);
	markup_close(x);
}

static void
put_service(struct markup *x, const struct asset_port *p)
{
	if (p->service[0] == '\0')
		return;
	markup_open(x, "service", NULL);
	markup_attr(x, "name", "%s", p->service);
	if (p->product[0] != '\0')
		markup_attr(x, "product", "%s", p->product);
	markup_attr(x, "method", "probed");
	markup_attr(x, "conf", "10");
	markup_close_void(x);
}

static void
put_port(struct markup *x, const struct asset_port *p)
{
	bool is_tcp = p->about.kind == ABOUT_TCP;
	bool is_open = p->state == PORT_OPEN;

	markup_open(x, "port", NULL);
	markup_attr(x, "protocol", is_tcp ? "tcp" : "udp");
	markup_attr(x, "portid", "%u", p->about.port);
	markup_open(x, "state", NULL);
	markup_attr(x, "state", "%s", port_state_text(p->state));
	markup_attr(x, "reason", "%s",
	    !is_open     ? "no-response"
		: is_tcp ? "syn-ack"
			 : "udp-response");
	markup_attr(x, "reason_ttl", "0");
	markup_close_void(x);
	put_service(x, p);
	markup_close(x);
}

static void
put_ports(struct markup *x, const struct asset *a)
{
	markup_open(x, "ports", NULL);
	put_extra(x, a, PORT_CLOSED, "conn-refused");
	put_extra(x, a, PORT_FILTERED, "no-response");
	for (size_t i = 0; i < a->ports_len; i++)
		if (a->ports[i].state == PORT_OPEN ||
		    a->ports[i].state == PORT_OPEN_FILTERED)
			put_port(x, &a->ports[i]);
	markup_close(x);
}

static void
put_matches(struct markup *x, const struct asset *a)
{
	if (a->verdicts_len == 0)
		return;
	markup_open(x, "os", NULL);
	for (size_t i = 0; i < a->verdicts_len; i++) {
		const struct verdict *v = &a->verdicts[i];

		markup_open(x, "osmatch", NULL);
		markup_attr(x, "name", "%s", v->fingerprint->name);
		markup_attr(x, "accuracy", "%.0f",
		    floor(100 * view_probability(v->probability)));
		markup_attr(x, "line", "0");
		markup_close_void(x);
	}
	markup_close(x);
}

static void
put_elem(struct markup *x, const char *key, const char *value)
{
	markup_open(x, "elem", NULL);
	markup_attr(x, "key", "%s", key);
	markup_string(x, value);
	markup_close(x);
}

static void
put_alerts(struct markup *x, const struct asset *a)
{
	if (a->alerts_len == 0)
		return;
	markup_open(x, "table", NULL);
	markup_attr(x, "key", "needs a person");
	for (size_t i = 0; i < a->alerts_len; i++) {
		markup_open(x, "elem", NULL);
		markup_string(x, a->alerts[i]);
		markup_close(x);
	}
	markup_close(x);
}

/* Everything in one script: ndiff 7.93 cannot sort two. */
static void
put_script(struct markup *x, const struct asset *a)
{
	const struct fingerprint *f = asset_fingerprint(a);
	char number[VIEW_NUMBER] = "", services[VIEW_SERVICES];

	markup_open(x, "script", NULL);
	markup_attr(x, "id", "gantry");
	if (f != NULL)
		view_percent(a->verdicts[0].probability, number);
	markup_attr(x, "output", "%s: %s%s%s%s%s", view_grade(a),
	    view_device(a), f != NULL ? ", " : "", number,
	    a->alerts_len > 0 ? "; needs a person: " : "",
	    a->alerts_len > 0 ? a->alerts[0] : "");
	put_elem(x, "standing", asset_standing_text(a->standing));
	put_elem(x, "grade", view_grade(a));
	if (f != NULL) {
		snprintf(number, sizeof(number), "%.6f",
		    view_probability(a->verdicts[0].probability));
		put_elem(x, "fingerprint", f->id);
		put_elem(x, "kind", view_kind(a));
		put_elem(x, "probability", number);
	}
	put_elem(x, "services", view_services(a, services));
	put_alerts(x, a);
	markup_close(x);
}

static void
put_host(struct markup *x, const struct asset *a)
{
	markup_open(x, "host", NULL);
	if (a->facts_len > 0) {
		markup_attr(
		    x, "starttime", "%" PRId64, seconds(a->facts[0]->time_ns));
		markup_attr(x, "endtime", "%" PRId64,
		    seconds(a->facts[a->facts_len - 1]->time_ns));
	}
	put_status(x, a);
	put_addresses(x, a);
	put_names(x, a);
	put_ports(x, a);
	put_matches(x, a);
	markup_open(x, "hostscript", NULL);
	put_script(x, a);
	markup_close(x);
	markup_close(x);
	markup_raw(x, "\n");
}

static void
put_args(struct markup *x, const struct run *run)
{
	char line[1024], safe[VIEW_SAFE];
	int used = snprintf(line, sizeof(line), "gantry %s", run->command);

	for (size_t i = 0; i < run->scope_len; i++) {
		int n = snprintf(line + used, sizeof(line) - (size_t)used,
		    " %s", view_safe(run->scope[i], safe));

		if (n < 0 || used + n >= (int)sizeof(line) - 4) {
			snprintf(line + used, 4, "...");
			break;
		}
		used += n;
	}
	markup_attr(x, "args", "%s", line);
}

static void
put_end(struct markup *x, const struct report *report)
{
	const struct run *run = report->run;
	uint64_t up = 0, total = report->assets->len;
	bool is_done = run->outcome == RUN_DONE;

	for (size_t i = 0; i < report->assets->len; i++)
		up += is_up(&report->assets->items[i]);
	if (run->addresses > total)
		total = run->addresses;
	markup_open(x, "runstats", NULL);
	markup_open(x, "finished", NULL);
	markup_attr(x, "time", "%" PRId64, seconds(run->finished_ns));
	put_when(x, "timestr", run->finished_ns);
	markup_attr(x, "elapsed", "%.2f",
	    (double)(run->finished_ns - run->started_ns) / 1e9);
	markup_attr(x, "summary", "gantry %s %s: %" PRIu64 " hosts up",
	    run->version, run_outcome_text(run->outcome), up);
	markup_attr(x, "exit", is_done ? "success" : "error");
	markup_close_void(x);
	markup_open(x, "hosts", NULL);
	markup_attr(x, "up", "%" PRIu64, up);
	markup_attr(x, "down", "%" PRIu64, total - up);
	markup_attr(x, "total", "%" PRIu64, total);
	markup_close_void(x);
	markup_close(x);
	markup_raw(x, "\n");
}

static void
put_level(struct markup *x, const char *what)
{
	markup_open(x, what, NULL);
	markup_attr(x, "level", "0");
	markup_close_void(x);
}

static bool
nmap_write(const struct report *report, FILE *out)
{
	const struct run *run = report->run;
	struct markup *x = markup_begin(out, prolog);

	if (x == NULL) {
		errno = ENOMEM;
		return false;
	}
	markup_open(x, "nmaprun", NULL);
	markup_attr(x, "scanner", "nmap");
	put_args(x, run);
	markup_attr(x, "start", "%" PRId64, seconds(run->started_ns));
	put_when(x, "startstr", run->started_ns);
	markup_attr(x, "version", "gantry %s", run->version);
	markup_attr(x, "xmloutputversion", "1.05");
	markup_raw(x, "\n");
	put_level(x, "verbose");
	put_level(x, "debugging");
	markup_raw(x, "\n");
	for (size_t i = 0; i < report->assets->len; i++)
		put_host(x, &report->assets->items[i]);
	put_end(x, report);
	markup_close(x);
	markup_raw(x, "\n");
	return markup_end(x);
}

const struct report_format report_nmap = {
	.name = "nmap",
	.file = "nmap.xml",
	.summary = "what nmap's -oX would say, for tools that import nmap",
	.write = nmap_write,
};
