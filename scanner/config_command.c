/* SPDX-License-Identifier: ISC */
/*
 * config_command - `gantry config check`: what the file means, so that a person
 * can see whether it is what was meant: every network with its addresses, when,
 * how gently, and who is told.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "reports/view.h"
#include "scanner/care.h"
#include "scanner/config.h"
#include "scanner/config_command.h"
#include "scanner/log.h"
#include "scanner/loop.h"
#include "scanner/net.h"
#include "scanner/options.h"
#include "scanner/verify/record.h"

static uint64_t
size_of(const char *network)
{
	uint32_t first, last;

	return ipv4_range_parse(network, &first, &last)
	    ? (uint64_t)last - first + 1
	    : 0;
}

/* "10.1.2.0/24 (256 addresses)"; a file's has no number of its own. */
static void
put_list(const char *title, char *const *list, unsigned n)
{
	char safe[VIEW_SAFE];

	for (unsigned i = 0; i < n; i++) {
		uint64_t size = size_of(list[i]);

		printf("    %-12s %s", i == 0 ? title : "",
		    view_safe(list[i], safe));
		if (size > 0)
			printf(" (%" PRIu64 " address%s)", size,
			    size == 1 ? "" : "es");
		putchar('\n');
	}
}

static void
put_words(const char *title, char *const *list, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		printf("    %-12s %s\n", i == 0 ? title : "", list[i]);
}

static void
put_manner(const struct config_segment *s)
{
	const struct care *care =
	    care_find(s->care != NULL ? s->care : "gentle");
	unsigned initiations =
	    s->host_rate != NULL ? *s->host_rate : care->initiations;
	double rate = s->rate != NULL ? *s->rate : care->rate;

	printf("    %-12s %s: at most %u initiations a second and host, ",
	    "care", care->name, initiations);
	if (rate > 0)
		printf("%g packets a second in all\n", rate);
	else
		printf("no limit for all together\n");
	printf("    %-12s %g s at least\n", "listens",
	    s->listen != NULL ? *s->listen : (double)CONFIG_LISTEN_S);
	if (s->ports != NULL)
		printf("    %-12s %s\n", "ports", s->ports);
}

static void
put_times(const struct config_place *p)
{
	const struct config_segment *s = p->segment;
	const struct calendar *c = &p->calendar;
	int64_t now = loop_wall() / 1000000000;
	char time[WINDOW_TIME];

	if (s->windows_count == 0)
		printf("    %-12s at any time\n", "when");
	put_words("when", s->windows, s->windows_count);
	put_words("never on", s->blackout, s->blackout_count);
	printf("    %-12s %s\n", "clock",
	    c->zone != NULL ? c->zone : "this system's time zone");
	if (!calendar_is_open(c, now))
		printf("    %-12s closed; opens %s\n", "now",
		    calendar_time(c, calendar_opens(c, now), time));
	else if (calendar_closes(c, now) == WINDOW_NEVER)
		printf("    %-12s open\n", "now");
	else
		printf("    %-12s open until %s\n", "now",
		    calendar_time(c, calendar_closes(c, now), time));
}

/* The record must be readable: better said now than at night. */
static bool
put_expected(const struct config_segment *s)
{
	char error[RECORD_ERROR], safe[VIEW_SAFE];
	struct records *records;

	if (s->expected == NULL)
		return true;
	records = records_read(s->expected, s->columns, error);
	if (records == NULL) {
		log_error("config", "segment %s: expected: %s", s->name, error);
		return false;
	}
	printf("    %-12s %s (%zu line%s)\n", "expected",
	    view_safe(s->expected, safe), records->len,
	    records->len == 1 ? "" : "s");
	records_free(records);
	return true;
}

static bool
put_place(const struct config_place *p)
{
	const struct config_segment *s = p->segment;
	char safe[VIEW_SAFE];

	printf("\n  Segment %s: %" PRIu64 " address%s are looked at", s->name,
	    p->addresses, p->addresses == 1 ? "" : "es");
	if (p->excluded > 0)
		printf(", %" PRIu64 " left out", p->excluded);
	printf("\n");
	put_list("networks", s->networks, s->networks_count);
	put_list("less", s->exclude, s->exclude_count);
	put_list("never", s->do_not_probe, s->do_not_probe_count);
	if (s->scope != NULL)
		printf(
		    "    %-12s %s\n", "authority", view_safe(s->scope, safe));
	printf("    %-12s %s\n", "interface",
	    s->interface != NULL ? s->interface : "as this machine's routes tell");
	put_manner(s);
	put_times(p);
	return put_expected(s);
}

static const char *
secret(const char *file, const char *credential, char buf[static VIEW_SAFE])
{
	if (file != NULL)
		return view_safe(file, buf);
	if (credential == NULL)
		return "nobody";
	snprintf(buf, VIEW_SAFE, "systemd's credential %.200s", credential);
	return buf;
}

static void
put_notify(const struct config_notify *n)
{
	char safe[VIEW_SAFE], key[VIEW_SAFE];

	printf("\nWho is told\n");
	if (n == NULL) {
		printf("  nobody\n");
		return;
	}
	for (unsigned i = 0; i < n->webhooks_count; i++)
		printf("  webhook %s: %s, signed with the secret of %s\n",
		    n->webhooks[i].name, view_safe(n->webhooks[i].url, safe),
		    secret(n->webhooks[i].secret_file,
			n->webhooks[i].secret_credential, key));
	for (unsigned i = 0; i < n->mail_count; i++)
		printf("  mail %s: %u address%s, by %s\n", n->mail[i].name,
		    n->mail[i].to_count, n->mail[i].to_count == 1 ? "" : "es",
		    view_safe(n->mail[i].url, safe));
	if (n->journal != NULL && *n->journal == CONFIG_YES)
		printf("  the journal\n");
	if (n->syslog != NULL && *n->syslog == CONFIG_YES)
		printf("  syslog\n");
	if (n->metrics != NULL)
		printf("  Prometheus: %s\n", view_safe(n->metrics, safe));
}

static bool
explain(const struct config *c, const char *path)
{
	const struct config_site *site = NULL;
	const struct config_place *places;
	char safe[VIEW_SAFE];
	uint64_t all = 0;
	bool fine = true;
	size_t n;

	places = config_places(c, &n);
	printf("%s\n", view_safe(path, safe));
	printf("inventory in %s, runs under way in %s\n",
	    view_safe(config_database(c), safe), config_state(c));
	for (size_t i = 0; i < n; i++) {
		if (places[i].site != site)
			printf("\nSite %s\n",
			    view_safe(places[i].site->name, safe));
		site = places[i].site;
		fine = put_place(&places[i]) && fine;
		all += places[i].addresses;
	}
	printf("\n%zu segment%s, %" PRIu64 " addresses\n", n, n == 1 ? "" : "s",
	    all);
	put_notify(config_content(c)->notify);
	return fine;
}

int
config_run(const struct options *o)
{
	const char *path = CONFIG_DEFAULT;
	char error[CONFIG_ERROR];
	struct config *c;
	bool fine;

	if (o->config != NULL)
		path = o->config;
	if (o->words_len < 1 || o->words_len > 2 ||
	    strcmp(o->words[0], "check") != 0) {
		log_error("config", "say: check, and a file or none");
		return EXIT_USAGE;
	}
	if (o->words_len == 2)
		path = o->words[1];
	c = config_read(path, loop_wall(), error);
	if (c == NULL) {
		log_error("config", "%s", error);
		return EXIT_USAGE;
	}
	fine = explain(c, path);
	config_free(c);
	return fine && fflush(stdout) == 0 ? EXIT_DONE : EXIT_USAGE;
}
