/* SPDX-License-Identifier: ISC */
/*
 * asset_alerts - what a person should look at, one plain line each.
 *
 * An alert is no verdict.  It says what was seen and why that matters, and
 * leaves the judgement to whoever reads it.  Every line follows from facts.
 */
#include <stdlib.h>
#include <string.h>

#include "scanner/asset_parts.h"

enum { ALERTS_MAX = 64, LIST_MAX = 12, RPC_YPSERV = 100004 };

void
asset_alert(struct alerts *to, const char *line)
{
	struct asset *a = to->asset;
	const char **more;

	if (a->alerts_len == ALERTS_MAX)
		return;
	for (size_t i = 0; i < a->alerts_len; i++)
		if (strcmp(a->alerts[i], line) == 0)
			return;
	more = realloc(a->alerts, (a->alerts_len + 1) * sizeof(*more));
	if (more == NULL) {
		to->failed = true;
		return;
	}
	a->alerts = more;
	a->alerts[a->alerts_len++] = line;
}

static bool
is_yes(const struct fact *f)
{
	return strcmp(f->value, "yes") == 0;
}

/* What one fact about the host as a whole gives rise to. */
static void
alert_host(struct alerts *to, const struct fact *f)
{
	switch (f->key) {
	case FACT_HOST_HALTED:
		asset_alert(to,
		    pool_printf(to->pool,
			"looking at it was broken off for its own sake (%s): "
			"see whether it still works (by host.halted)",
			f->value));
		break;
	case FACT_HOST_EXCLUDED:
		asset_alert(to,
		    pool_printf(to->pool,
			"left alone on purpose: %s (by host.excluded)",
			f->value));
		break;
	case FACT_HOST_EVERY_PORT_OPEN:
		if (is_yes(f))
			asset_alert(to,
			    "every port tried is open: a trap, a proxy or a "
			    "load balancer, so its ports say nothing about it "
			    "(by "
			    "host.every_port_open)");
		break;
	case FACT_HOST_TARPIT:
		if (is_yes(f))
			asset_alert(to,
			    "it accepts connections and holds them without "
			    "ever taking a byte: a tarpit (by host.tarpit)");
		break;
	default:
		break;
	}
}

static bool
is_program(const struct fact *f, unsigned long number)
{
	return (f->key == FACT_RPC_PROGRAM || f->key == FACT_RPC_ANSWERED) &&
	    strtoul(f->value, NULL, 10) == number;
}

static bool
is_broken(enum fact_key key)
{
	const char *text = fact_key_text(key);
	const char *dot = strrchr(text, '.');

	return dot != NULL && strcmp(dot, ".broken") == 0;
}

/* Was it heard to call as an AdvantageNet station? */
static bool
calls(const struct asset *a)
{
	for (size_t i = 0; i < a->facts_len; i++)
		if (a->facts[i]->key == FACT_ADVANTAGENET_SUITE)
			return true;
	return false;
}

/* What one fact about a port gives rise to. */
static void
alert_port(struct alerts *to, const struct fact *f)
{
	char about[ABOUT_TEXT];

	about_text(f->about, about);
	if (f->key == FACT_DICOM_OUTCOME && strcmp(f->value, "accepted") == 0)
		asset_alert(to,
		    pool_printf(to->pool,
			"%s accepted a DICOM association from gantry: unless "
			"somebody entered its AE title there, it lets any "
			"caller in (by dicom.outcome)",
			about));
	else if (is_broken(f->key))
		asset_alert(to,
		    pool_printf(to->pool,
			"%s answered with a broken protocol (%s: %s)", about,
			fact_key_text(f->key), f->value));
	else if (f->key == FACT_PORT_STATE && f->about.kind == ABOUT_TCP &&
	    f->about.port == 1600 && strcmp(f->value, "open") == 0)
		asset_alert(to,
		    pool_printf(to->pool,
			"tcp/1600 is open: AdvantageNet calls are UDP (%s), "
			"the service registered there is issd, and lists "
			"of trojans name this TCP port (Shivka-Burka); find "
			"out what listens there (by port.state)",
			calls(to->asset) ? "it sends them as well"
					 : "none was heard from it"));
}

static bool
is_kind(const struct asset *a, const char *kind)
{
	const struct fingerprint *f = asset_fingerprint(a);

	return f != NULL && asset_grade(a) >= GRADE_PROBABLE &&
	    strcmp(f->kind, kind) == 0;
}

/* A domain's password map is served to whoever asks. */
static void
alert_nis(struct alerts *to)
{
	const struct asset *a = to->asset;

	if (is_kind(a, "console"))
		return;
	for (size_t i = 0; i < a->facts_len; i++) {
		const struct fact *f = a->facts[i];

		if ((f->key == FACT_NIS_YPSERV && is_yes(f)) ||
		    is_program(f, RPC_YPSERV)) {
			asset_alert(to,
			    pool_printf(to->pool,
				"it serves NIS, and with it password entries, "
				"but is not recognised as a console (by %s)",
				fact_key_text(f->key)));
			return;
		}
	}
}

/* On a device whose services are known, one nobody can name stands out. */
static void
alert_unexplained(struct alerts *to)
{
	const struct asset *a = to->asset;
	const char *list = "", *more = "";
	size_t n = 0;

	if (!is_kind(a, "console") && !is_kind(a, "workstation"))
		return;
	for (size_t i = 0; i < a->ports_len; i++) {
		const struct asset_port *p = &a->ports[i];
		char about[ABOUT_TEXT];

		if (p->state != PORT_OPEN || p->service[0] != '\0' ||
		    p->product[0] != '\0')
			continue;
		if (n++ < LIST_MAX)
			list = pool_printf(to->pool, "%s%s%s", list,
			    n > 1 ? ", " : "", about_text(p->about, about));
		else
			more = " and more";
	}
	if (n > 0)
		asset_alert(to,
		    pool_printf(to->pool,
			"open, and nothing told what it is: %s%s (by "
			"port.state)",
			list, more));
}

/* Several MACs for one address: a conflict, or a router in between. */
static void
alert_macs(struct alerts *to)
{
	const struct asset *a = to->asset;
	char one[NET_MAC_TEXT], other[NET_MAC_TEXT], ip[NET_IPV4_TEXT];

	for (size_t i = 0; i < a->facts_len; i++) {
		const struct fact *f = a->facts[i];

		if (!mac_is_known(f->mac) || mac_equal(f->mac, a->mac))
			continue;
		asset_alert(to,
		    pool_printf(to->pool,
			"%s was seen with the MACs %s and %s: two machines "
			"with one address, or a router between (by their "
			"frames)",
			ipv4_text(f->address, ip), mac_text(a->mac, one),
			mac_text(f->mac, other)));
		return;
	}
}

static void
alert_addresses(struct alerts *to)
{
	const struct asset *a = to->asset;
	const char *list = "";
	char ip[NET_IPV4_TEXT];

	if (a->addresses_len < 2)
		return;
	for (size_t i = 0; i < a->addresses_len; i++)
		list = pool_printf(to->pool, "%s%s%s", list, i > 0 ? ", " : "",
		    ipv4_text(a->addresses[i], ip));
	asset_alert(to,
	    pool_printf(to->pool,
		"taken as one device, because one MAC answers for %s", list));
}

bool
asset_find_alerts(struct asset *a, struct pool *pool)
{
	struct alerts to = { .asset = a, .pool = pool };

	for (size_t i = 0; i < a->facts_len; i++)
		if (a->facts[i]->about.kind == ABOUT_HOST)
			alert_host(&to, a->facts[i]);
	for (size_t i = 0; i < a->facts_len; i++)
		if (a->facts[i]->about.kind != ABOUT_HOST)
			alert_port(&to, a->facts[i]);
	asset_alert_services(&to);
	alert_nis(&to);
	alert_unexplained(&to);
	alert_macs(&to);
	alert_addresses(&to);
	return !to.failed;
}

/* The station a device called itself, such as "NMR1/IC0", or NULL. */
static const char *
station_of(const struct asset *a)
{
	for (size_t i = 0; i < a->names_len; i++)
		if (strchr(a->names[i], '/') != NULL)
			return a->names[i];
	return NULL;
}

static int
compare_station(const void *pa, const void *pb)
{
	const struct asset *a = *(struct asset *const *)pa;
	const struct asset *b = *(struct asset *const *)pb;
	int order = strcmp(station_of(a), station_of(b));

	if (order != 0)
		return order;
	return (a->address > b->address) - (a->address < b->address);
}

/* Tells each of n assets that they share a station, naming the first few. */
static bool
alert_shared(struct assets *all, struct asset *const *same, size_t n)
{
	const char *list = "";
	char ip[NET_IPV4_TEXT];
	bool ok = true;

	for (size_t i = 0; i < n && i < LIST_MAX; i++)
		list = pool_printf(all->pool, "%s%s%s", list, i > 0 ? ", " : "",
		    ipv4_text(same[i]->address, ip));
	list = pool_printf(all->pool,
	    "%zu devices call themselves %s: %s%s; a station's name should be "
	    "its own (by advantagenet.suite and .station)",
	    n, station_of(same[0]), list, n > LIST_MAX ? " and more" : "");
	for (size_t i = 0; i < n; i++) {
		struct alerts to = { .asset = same[i], .pool = all->pool };

		asset_alert(&to, list);
		ok &= !to.failed;
	}
	return ok;
}

bool
assets_find_alerts(struct assets *all)
{
	struct asset **named = malloc((all->len + 1) * sizeof(*named));
	bool ok = true;
	size_t n = 0;

	if (named == NULL)
		return false;
	for (size_t i = 0; i < all->len; i++)
		if (station_of(&all->items[i]) != NULL)
			named[n++] = &all->items[i];
	qsort(named, n, sizeof(struct asset *), compare_station);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n; end++)
			if (strcmp(station_of(named[i]),
				station_of(named[end])) != 0)
				break;
		if (end - i > 1)
			ok &= alert_shared(all, &named[i], end - i);
	}
	free(named);
	return ok;
}
