/* SPDX-License-Identifier: ISC */
/*
 * reports - one run seen through every format.
 *
 * The fixture is a small ward: the note's console, its twin with the same
 * station, a silent host, a bedside monitor left alone, a trap, and a host
 * whose every word is an attack on whoever reads the report.  Where the
 * environment names a directory in REPORTS_DIR the reports are left there, for
 * t/report.t to look at with other eyes.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reports/ndjson.h"
#include "reports/report.h"
#include "reports/view.h"
#include "scanner/derive.h"
#include "t/unit.h"

/* ------------------------------------------------------------ the fixture */

static const int64_t start_ns = 1795475718468912000; /* 2026-11-23 */
static const int64_t second = 1000000000;
static const struct mac sun = { { 0x08, 0x00, 0x20, 0x0a, 0x12, 0x04 } };
static const char attack[] =
    "<script>alert(1)</script>&amp;\"' onload=x </style> ]]> %s%n";

#define ANY .port_last = 65535, .count_min = 1

static struct condition sunos_more[] = {
	{ .key = FACT_TCP_OPTIONS, .equals = "M5B4", ANY },
};
static struct clue console_clues[] = {
	{ .name = "beacon",
	    .group = "beacon",
	    .when = { .key = FACT_ADVANTAGENET_SUITE, .equals = "NMR1", ANY },
	    .weight = 30,
	    .reason = "Only AdvantageNet stations send it.",
	    .source = "The note [V]" },
	{ .name = "nis",
	    .group = "nis",
	    .when = { .key = FACT_NIS_YPSERV, .equals = "yes", ANY },
	    .weight = 15,
	    .absent = -10,
	    .reason = "A master serves NIS.",
	    .source = "The note [V]" },
	{ .name = "nis-listed",
	    .group = "nis",
	    .when = { .key = FACT_RPC_PROGRAM,
		.equals = "100004 ypserv v1-2",
		ANY },
	    .weight = 12,
	    .reason = "The portmapper lists it.",
	    .source = "The note [V]" },
	{ .name = "stack",
	    .group = "stack",
	    .when = { .key = FACT_TCP_WINDOW, .equals = "4096", ANY },
	    .also = sunos_more,
	    .also_len = 1,
	    .weight = 10,
	    .reason = "The stack of SunOS 4 <4.1.4> & kin.",
	    .source = "nmap-os-db [V]" },
	{ .name = "rhythm",
	    .group = "rhythm",
	    .when = { .key = FACT_ADVANTAGENET_PERIOD,
		.has_min = true,
		.has_max = true,
		.min = 119,
		.max = 121,
		ANY },
	    .weight = 8,
	    .reason = "A timer of 120 s.",
	    .source = "Measured [V]" },
	{ .name = "trap",
	    .group = "trap",
	    .when = { .key = FACT_HOST_EVERY_PORT_OPEN, .equals = "yes", ANY },
	    .weight = -40,
	    .reason = "A console refuses most ports.",
	    .source = "Inferred [I]" },
	{ .name = "greeting",
	    .group = "greeting",
	    .when = { .key = FACT_FTP_GREETING, .equals = "SunOS 4", ANY },
	    .weight = 10,
	    .absent = -3,
	    .reason = "It names the system.",
	    .source = "nmap-service-probes [V]" },
};
static struct clue node_clues[] = {
	{ .name = "speaks-dicom",
	    .group = "dicom",
	    .when = { .key = FACT_PORT_SPEAKS, .equals = "dicom", ANY },
	    .weight = 40,
	    .reason = "It speaks DICOM.",
	    .source = "PS3.8 [V]" },
};
static struct fingerprint items[] = {
	{ .id = "dicom-node",
	    .name = "DICOM node",
	    .kind = "server",
	    .text = "Something that speaks DICOM.",
	    .prior = -20,
	    .clues = node_clues,
	    .clues_len = 1 },
	{ .id = "ge-genesis-console",
	    .name = "GE Genesis master console",
	    .kind = "console",
	    .maker = "GE Medical Systems",
	    .text = "The console of the note.",
	    .prior = -32,
	    .clues = console_clues,
	    .clues_len = sizeof(console_clues) / sizeof(console_clues[0]) },
};
static const struct fingerprints fingerprints = { .items = items, .len = 2 };

struct fixture {
	struct ledger *ledger;
	struct assets *assets;
	struct run_halt halts[2];
	struct run run;
	struct report report;
	int64_t now;
};

static void
say(struct fixture *x, uint32_t address, const char *about, enum fact_key key,
    const char *value)
{
	struct fact f = { .address = address,
		.key = key,
		.value = value,
		.probe = "test",
		.time_ns = x->now,
		.evidence = {
		    .kind = EVIDENCE_TALK, .number = 7, .offset = 42 } };

	ck_assert(about_parse(about, &f.about));
	if (f.about.kind == ABOUT_UDP || f.about.kind == ABOUT_HOST)
		f.evidence.kind = EVIDENCE_FRAME;
	if (address == 0x0a140004)
		f.mac = sun;
	f.evidence.raw_len = (uint16_t)strnlen(value, FACT_RAW_MAX);
	memcpy(f.evidence.raw, value, f.evidence.raw_len);
	ledger_add(x->ledger, &f);
	x->now += second / 10;
}

static void
say_beacons(struct fixture *x, uint32_t address, unsigned n)
{
	int64_t then = x->now;
	char text[64];

	say(x, address, "udp/1600", FACT_ADVANTAGENET_SUITE, "NMR1");
	say(x, address, "udp/1600", FACT_ADVANTAGENET_STATION, "IC0");
	for (unsigned i = 0; i < n; i++) {
		snprintf(text, sizeof(text), "sport=%u ipid=%u len=46",
		    4277 + i, 24814 + i);
		x->now = then + i * 12001 * second / 100;
		say(x, address, "udp/1600", FACT_ADVANTAGENET_BEACON, text);
	}
	x->now = then + second;
}

static void
say_console(struct fixture *x, uint32_t a, unsigned shift)
{
	static const struct {
		unsigned port;
		const char *program;
	} rpc[] = { { 655, "100004 ypserv v1-2" }, { 658, "100069 ypxfrd v1" },
		{ 670, "100007 ypbind v1-2" }, { 723, "100029 keyserv v1" },
		{ 725, "100005 mountd v1-2" }, { 736, "100024 status v1" } };
	char about[ABOUT_TEXT];

	say(x, a, "host", FACT_HOST_ALIVE, "arp");
	say(x, a, "host", FACT_MAC_VENDOR, "Sun Microsystems");
	say(x, a, "host", FACT_PORTS_CLOSED, "21,23,600-654,656-657,1600");
	for (size_t i = 0; i < sizeof(rpc) / sizeof(rpc[0]); i++) {
		snprintf(about, sizeof(about), "tcp/%u", rpc[i].port + shift);
		say(x, a, about, FACT_PORT_STATE, "open");
		say(x, a, about, FACT_PORT_SPEAKS, "rpc");
		say(x, a, about, FACT_RPC_SPEAKS, "yes");
		say(x, a, about, FACT_RPC_ANSWERED, rpc[i].program);
	}
	snprintf(about, sizeof(about), "tcp/%u", 655 + shift);
	say(x, a, about, FACT_NIS_YPSERV, "yes");
	say(x, a, about, FACT_RPC_PROGRAM, "100004 ypserv v1-2");
	say(x, a, "tcp/104", FACT_PORT_STATE, "open");
	say(x, a, "tcp/104", FACT_TCP_WINDOW, "4096");
	say(x, a, "tcp/104", FACT_TCP_OPTIONS, "M5B4");
	say(x, a, "tcp/104", FACT_PORT_SPEAKS, "dicom");
	say(x, a, "tcp/104", FACT_DICOM_OUTCOME, "accepted");
	say(x, a, "tcp/104", FACT_DICOM_CLASS_UID, "1.2.840.113619.6.5");
	say(x, a, "tcp/104", FACT_DICOM_VERSION, "1_2_5");
}

static void
say_attacker(struct fixture *x, uint32_t a)
{
	char value[FACT_VALUE_MAX];

	for (int key = 0; key < FACT_KEYS; key++) {
		snprintf(value, sizeof(value), "%s%d", attack, key);
		say(x, a, key % 3 == 0 ? "host" : "tcp/104", (enum fact_key)key,
		    value);
	}
	say(x, a, "tcp/104", FACT_PORT_STATE, "open");
	say(x, a, "tcp/21", FACT_FTP_GREETING, "\\x1b[2J\\x07");
}

static void
say_all(struct fixture *x)
{
	char about[ABOUT_TEXT];

	say_beacons(x, 0x0a140004, 4);
	say_console(x, 0x0a140004, 0);
	say_beacons(x, 0x0a140005, 1);
	say_console(x, 0x0a140005, 40);
	say(x, 0x0a140005, "tcp/21", FACT_FTP_GREETING, "220 ic1 ready.");
	say(x, 0x0a140008, "host", FACT_HOST_ALIVE, "arp");
	say(x, 0x0a140009, "host", FACT_HOST_ALIVE, "arp");
	say(x, 0x0a140009, "host", FACT_HOST_EXCLUDED,
	    "the MAC of a bedside monitor");
	for (unsigned port = 1; port <= 30; port++) {
		snprintf(about, sizeof(about), "tcp/%u", port);
		say(x, 0x0a140014, about, FACT_PORT_STATE, "open");
	}
	say_attacker(x, 0x0a140016);
	/* What a spreadsheet would compute. */
	say(x, 0x0a140018, "host", FACT_MAC_VENDOR, "=cmd|' /C calc'!A0");
	say(x, 0x0a140018, "udp/1600", FACT_ADVANTAGENET_SUITE, "+1+1");
	say(x, 0x0a140018, "udp/1600", FACT_ADVANTAGENET_STATION, "@SUM");
	say(x, 0x0a140018, "host", FACT_HOST_PACKETS_SENT, "93");
	say(x, 0x0a140018, "host", FACT_HOST_PACKETS_PEAK, "11");
	say(x, 0x0a140017, "tcp/22", FACT_PORT_STATE, "open");
	say(x, 0x0a140017, "host", FACT_HOST_HALTED,
	    "two silences within three seconds");
}

static struct fixture *
fixture_new(void)
{
	static const char *const scope[] = { "10.20.0.0/24",
		"a \x1b[31mname\xff & <b>" };
	static const char *const excluded[] = { "10.20.0.1" };
	struct fixture *x = calloc(1, sizeof(*x));

	ck_assert_ptr_nonnull(x);
	x->ledger = ledger_new();
	x->now = start_ns;
	say_all(x);
	derive_all(x->ledger);
	x->assets = assets_build(x->ledger, &fingerprints);
	ck_assert_ptr_nonnull(x->assets);
	x->halts[0] = (struct run_halt){ .address = 0x0a140017,
		.time_ns = x->now,
		.reason = "two silences within three seconds" };
	x->halts[1] = (struct run_halt){ .time_ns = x->now,
		.reason = "two hosts fell silent" };
	x->run = (struct run){
		.id = "20261123T231518Z-5f3a",
		.command = "audit",
		.version = "0.1.0",
		.site = "main <site>",
		.care = "gentle",
		.host_packets_cap = 12,
		.started_ns = start_ns,
		.finished_ns = start_ns + 72 * second,
		.outcome = RUN_HALTED,
		.scope = scope,
		.scope_len = 2,
		.excluded = excluded,
		.excluded_len = 1,
		.owner = "Radiology \"IT\"",
		.addresses = 254,
		.packets_sent = 1234,
		.frames_read = 4321,
		.frames_dropped = 3,
		.talks = 56,
		.hosts_probed = 6,
		.hosts_answered = 5,
		.facts_dropped = 2,
		.listened_s = 71.25,
		.fingerprints = 2,
		.halted = x->halts,
		.halted_len = 2,
	};
	x->report = (struct report){ .run = &x->run,
		.assets = x->assets,
		.ledger = x->ledger,
		.fingerprints = &fingerprints };
	return x;
}

static void
fixture_free(struct fixture *x)
{
	assets_free(x->assets);
	ledger_free(x->ledger);
	free(x);
}

/* Returns what the format writes; the caller frees. */
static char *
written(const struct report *report, const char *format)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	ck_assert_ptr_nonnull(out);
	ck_assert(report_format_find(format)->write(report, out));
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_uint_eq(strlen(text), len);
	return text;
}

static bool
is_plain(const char *text, bool or_escape)
{
	for (; *text != '\0'; text++)
		if ((*text < 0x20 || *text > 0x7e) && *text != '\n' &&
		    !(or_escape && *text == '\x1b'))
			return false;
	return true;
}

static const char *
expects(const void *arg, uint32_t address)
{
	(void)arg;
	return address == 0x0a140004 ? "ge-genesis-console" : "";
}

static const struct report_change changes[] = { { 0x0a140005, "is new <here>" },
	{ 0, "the scope grew" } };
static const struct report_point points[] = {
	{ 1795302918000000000, 5, 4, 1 },
	{ 1795389318000000000, 6, 5, 0 },
	{ 1795475718000000000, 8, 2, 3 },
};
static const struct report_past past = { .changes = changes,
	.changes_len = 2,
	.last_ns = 1795389318000000000,
	.points = points,
	.points_len = 3,
	.expected = expects };

/* --------------------------------------------------------------- the tests */

START_TEST(formats_are_listed_and_found)
{
	size_t n = 0;

	for (; report_formats[n] != NULL; n++) {
		const struct report_format *f = report_formats[n];

		ck_assert_ptr_eq(report_format_find(f->name), f);
		ck_assert_uint_gt(strlen(f->summary), 8);
		ck_assert(f->write != NULL);
		if (n > 0)
			ck_assert_int_lt(
			    strcmp(report_formats[n - 1]->name, f->name), 0);
	}
	ck_assert_uint_eq(n, 7);
	ck_assert_ptr_null(report_format_find("pdf"));
	ck_assert_str_eq(report_format_find("json")->file, "report.json");
	ck_assert_ptr_null(report_format_find("terminal")->file);
}
END_TEST

START_TEST(the_same_run_gives_the_same_bytes)
{
	struct fixture *x = fixture_new(), *y = fixture_new();

	for (size_t i = 0; report_formats[i] != NULL; i++) {
		char *one = written(&x->report, report_formats[i]->name);
		char *other = written(&y->report, report_formats[i]->name);

		ck_assert_msg(strcmp(one, other) == 0, "%s differs",
		    report_formats[i]->name);
		ck_assert_uint_gt(strlen(one), 100);
		free(one);
		free(other);
	}
	fixture_free(x);
	fixture_free(y);
}
END_TEST

static const json_t *
asset_of(const json_t *root, const char *address)
{
	const json_t *asset;
	size_t i;

	json_array_foreach(json_object_get(root, "assets"), i, asset)
	{
		if (strcmp(json_string_value(json_object_get(asset, "address")),
			address) == 0)
			return asset;
	}
	ck_abort_msg("%s is missing", address);
	return NULL;
}

static const char *
text_at(const json_t *j, const char *key)
{
	const char *text = json_string_value(json_object_get(j, key));

	return text != NULL ? text : "";
}

START_TEST(json_tells_it_all)
{
	struct fixture *x = fixture_new();
	char *text = written(&x->report, "json");
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	const json_t *a, *v;

	ck_assert_ptr_nonnull(root);
	ck_assert_str_eq(text_at(root, "schema"), "gantry-report/1");
	ck_assert_uint_eq(json_array_size(json_object_get(root, "assets")), 8);
	a = asset_of(root, "10.20.0.4");
	ck_assert_str_eq(text_at(a, "mac"), "08:00:20:0a:12:04");
	ck_assert_str_eq(text_at(a, "vendor_oui"), "Sun Microsystems");
	v = json_object_get(a, "verdict");
	ck_assert_str_eq(text_at(v, "fingerprint"), "ge-genesis-console");
	ck_assert_str_eq(text_at(v, "grade"), "confirmed");
	ck_assert_double_gt(
	    json_real_value(json_object_get(v, "probability")), 0.99);
	ck_assert_double_lt(
	    json_real_value(json_object_get(v, "probability")), 1);
	ck_assert_uint_eq(json_array_size(json_object_get(v, "clues")), 5);
	ck_assert_uint_eq(
	    json_array_size(json_object_get(v, "not_looked_at")), 2);
	ck_assert_str_eq(
	    text_at(json_array_get(json_object_get(a, "candidates"), 0),
		"fingerprint"),
	    "dicom-node");
	a = asset_of(root, "10.20.0.8");
	ck_assert_str_eq(text_at(a, "standing"), "silent");
	v = json_object_get(a, "verdict");
	ck_assert_str_eq(text_at(v, "grade"), "none");
	ck_assert(json_is_null(json_object_get(v, "fingerprint")));
	json_decref(root);
	free(text);
	fixture_free(x);
}
END_TEST

/* The weights a report lists must add up to the sum it claims. */
START_TEST(json_sums_add_up)
{
	static const char *const sides[] = { "clues", "against" };
	struct fixture *x = fixture_new();
	char *text = written(&x->report, "json");
	json_t *root = json_loads(text, 0, NULL), *asset;
	size_t i, j, weighed = 0;

	json_array_foreach(json_object_get(root, "assets"), i, asset)
	{
		const json_t *v = json_object_get(asset, "verdict");
		json_int_t sum =
		    json_integer_value(json_object_get(v, "prior"));

		for (size_t side = 0; side < 2; side++) {
			const json_t *list = json_object_get(v, sides[side]);
			json_t *clue;

			json_array_foreach(list, j, clue)
			{
				if (json_is_true(
					json_object_get(clue, "counted")))
					sum += json_integer_value(
					    json_object_get(clue, "weight"));
			}
		}
		weighed += json_is_integer(json_object_get(v, "sum"));
		ck_assert_int_eq(
		    json_integer_value(json_object_get(v, "sum")), sum);
	}
	ck_assert_uint_ge(weighed, 2);
	json_decref(root);
	free(text);
	fixture_free(x);
}
END_TEST

START_TEST(ndjson_has_a_line_per_fact)
{
	struct fixture *x = fixture_new();
	char *text = written(&x->report, "ndjson"), *at = text, *end;
	size_t n = 0;

	for (; (end = strchr(at, '\n')) != NULL; at = end + 1, n++) {
		const struct fact *f = ledger_at(x->ledger, n);
		json_t *line;

		*end = '\0';
		line = json_loads(at, JSON_REJECT_DUPLICATES, NULL);
		ck_assert_msg(line != NULL, "line %zu: %s", n, at);
		ck_assert_str_eq(text_at(line, "value"), f->value);
		ck_assert_str_eq(text_at(line, "key"), fact_key_text(f->key));
		ck_assert_str_eq(text_at(line, "site"), "main <site>");
		json_decref(line);
	}
	ck_assert_str_eq(at, "");
	ck_assert_uint_eq(n, ledger_count(x->ledger));
	free(text);
	fixture_free(x);
}
END_TEST

START_TEST(terminal_has_a_line_per_asset_in_order)
{
	struct fixture *x = fixture_new();
	char *text = written(&x->report, "terminal");
	char *console = strstr(text, "10.20.0.4"), *twin, *trap, *silent;

	ck_assert_ptr_nonnull(console);
	twin = strstr(console, "\n10.20.0.5");
	trap = strstr(console, "\n10.20.0.20");
	silent = strstr(console, "\n10.20.0.8");
	ck_assert_ptr_nonnull(twin);
	ck_assert_ptr_nonnull(trap);
	ck_assert_ptr_nonnull(silent);
	ck_assert(console < twin && twin < trap && trap < silent);
	ck_assert_ptr_nonnull(strstr(text, "GE Genesis master console"));
	ck_assert_ptr_nonnull(strstr(text, "never answered"));
	ck_assert_ptr_nonnull(strstr(text, "Needs a person"));
	ck_assert_ptr_nonnull(strstr(text, "the run halted: two hosts fell"));
	/* told by the asset's own alert, so not by the run as well */
	ck_assert_ptr_null(strstr(text, "10.20.0.23 halted"));
	ck_assert(is_plain(text, false));
	free(text);
	fixture_free(x);
}
END_TEST

START_TEST(terminal_keeps_within_its_columns)
{
	struct fixture *x = fixture_new();
	char *text, *line, *end;

	x->report.columns = 80;
	x->report.colour = true;
	text = written(&x->report, "terminal");
	ck_assert_ptr_nonnull(strstr(text, "\x1b[1;32mconfirmed\x1b[0m"));
	ck_assert(is_plain(text, true));
	for (line = text; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		size_t width = (size_t)(end - line);

		for (const char *c = line; c < end; c++)
			if (*c == '\x1b') /* colour has no width */
				width -= (size_t)(strchr(c, 'm') - c) + 1;
		ck_assert_msg(
		    width <= 80, "%zu: %.*s", width, (int)(end - line), line);
	}
	free(text);
	fixture_free(x);
}
END_TEST

static size_t
count(const char *text, const char *piece)
{
	size_t n = 0;

	for (; (text = strstr(text, piece)) != NULL; text += strlen(piece))
		n++;
	return n;
}

START_TEST(html_cannot_be_attacked)
{
	struct fixture *x = fixture_new();
	char *text = written(&x->report, "html");

	ck_assert_uint_eq(count(text, "<script"), 1); /* our own */
	ck_assert_uint_gt(count(text, "&lt;script&gt;"), 20);
	ck_assert_uint_eq(count(text, "</script"), 1);
	ck_assert_uint_eq(count(text, "</style"), 1);
	ck_assert_uint_eq(count(text, "javascript:"), 0);
	ck_assert_uint_eq(count(text, " style="), 0);
	ck_assert_uint_eq(count(text, "<link"), 0);
	ck_assert_uint_eq(count(text, "<img"), 0);
	ck_assert_uint_eq(count(text, "http:"), 0);
	ck_assert_uint_eq(count(text, "https:"), 0);
	ck_assert_uint_eq(count(text, "\x1b"), 0);
	ck_assert_uint_eq(count(text, "<article"), count(text, "</article>"));
	free(text);
	fixture_free(x);
}
END_TEST

START_TEST(html_shows_the_sum_and_the_bytes)
{
	static const char *const pieces[] = { "GE Genesis master console",
		"NMR1/IC0", "ypserv v1-2", "4e 4d 52 31", "= +31",
		"Not looked at (2)", "Held too, not counted (1)",
		"Read the greeting of its FTP server", "advantagenet.period_s",
		"120.0100", "It never answered.", "left alone on purpose",
		"254 addresses in scope", "1 halted",
		"every port tried is open" };
	struct fixture *x = fixture_new();
	char *text = written(&x->report, "html");

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
		ck_assert_msg(
		    strstr(text, pieces[i]) != NULL, "no %s", pieces[i]);
	free(text);
	fixture_free(x);
}
END_TEST

/* What the inventory will know; without it not even a heading is there. */
START_TEST(html_shows_the_past_where_there_is_one)
{
	static const char *const pieces[] = { "Changed since 2026-11-22",
		"is new &lt;here&gt;", ">Expected<", "The last 3 runs",
		"recognised 4, 5, 2" };
	struct fixture *x = fixture_new();
	char *without = written(&x->report, "html"), *with;

	x->report.past = &past;
	with = written(&x->report, "html");
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		ck_assert_msg(
		    strstr(with, pieces[i]) != NULL, "no %s", pieces[i]);
		ck_assert_ptr_null(strstr(without, pieces[i]));
	}
	ck_assert_ptr_null(strstr(with, "<here>"));
	free(without);
	free(with);
	fixture_free(x);
}
END_TEST

START_TEST(an_empty_run_is_a_report_too)
{
	struct fixture *x = fixture_new();
	struct ledger *none = ledger_new();
	struct assets *nobody = assets_build(none, &fingerprints);
	struct run run = { .command = "replay", .version = "0.1.0" };
	struct report report = { .run = &run,
		.assets = nobody,
		.ledger = none,
		.fingerprints = &fingerprints };

	for (size_t i = 0; report_formats[i] != NULL; i++) {
		char *text = written(&report, report_formats[i]->name);

		ck_assert(strcmp(report_formats[i]->name, "ndjson") == 0 ||
		    text[0] != '\0');
		if (strcmp(report_formats[i]->name, "json") == 0) {
			json_t *root = json_loads(text, 0, NULL);

			ck_assert_ptr_nonnull(root);
			json_decref(root);
		}
		free(text);
	}
	assets_free(nobody);
	ledger_free(none);
	fixture_free(x);
}
END_TEST

/* -------------------------------------------------------- whole or absent */

static char directory[64];

static void
path_in(char *buf, size_t size, const char *name)
{
	snprintf(buf, size, "%s/%s", directory, name);
}

static bool
fails(const struct report *report, FILE *out)
{
	(void)report;
	fputs("half of it", out);
	errno = ENOSPC;
	return false;
}

START_TEST(files_are_whole_or_absent)
{
	static const struct report_format broken = { .name = "broken",
		.write = fails };
	struct fixture *x = fixture_new();
	char path[128], left[160];
	struct stat st;
	FILE *f;

	snprintf(directory, sizeof(directory), "/tmp/gantry-reports-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	path_in(path, sizeof(path), "report.json");
	ck_assert(report_save(report_format_find("json"), &x->report, path));
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_gt(st.st_size, 1000);
	/* what was there stays when writing fails */
	errno = 0;
	ck_assert(!report_save(&broken, &x->report, path));
	ck_assert_int_eq(errno, ENOSPC);
	f = fopen(path, "r");
	ck_assert_int_eq(fgetc(f), '{');
	fclose(f);
	/* and nothing is left beside it */
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(rmdir(directory), 0);
	ck_assert(!report_save(report_format_find("json"), &x->report, path));
	ck_assert_int_eq(errno, ENOENT);
	snprintf(left, sizeof(left), "%s", "/dev/full/x");
	ck_assert(!report_save(report_format_find("json"), &x->report, left));
	fixture_free(x);
}
END_TEST

START_TEST(a_full_device_is_noticed)
{
	struct fixture *x = fixture_new();

	for (size_t i = 0; report_formats[i] != NULL; i++) {
		FILE *out = fopen("/dev/full", "w");
		bool ok;

		ck_assert_ptr_nonnull(out);
		ok = report_formats[i]->write(&x->report, out) &&
		    fflush(out) == 0;
		ck_assert_msg(!ok, "%s", report_formats[i]->name);
		fclose(out);
	}
	fixture_free(x);
}
END_TEST

/* Leaves the reports where t/report.t wants them. */
START_TEST(reports_for_other_eyes)
{
	struct fixture *x = fixture_new();
	const char *dir = getenv("REPORTS_DIR");
	char path[256];

	for (size_t i = 0; dir != NULL && report_formats[i] != NULL; i++) {
		const struct report_format *f = report_formats[i];

		snprintf(path, sizeof(path), "%s/%s", dir,
		    f->file != NULL ? f->file : "terminal.txt");
		ck_assert(report_save(f, &x->report, path));
	}
	x->report.past = &past;
	snprintf(path, sizeof(path), "%s/past.html", dir != NULL ? dir : "");
	ck_assert(dir == NULL ||
	    report_save(report_format_find("html"), &x->report, path));
	fixture_free(x);
}
END_TEST

START_TEST(words_for_people)
{
	struct clue clue = { .when = { .key = FACT_RPC_RESERVED,
				 .has_about = true,
				 .about = ABOUT_TCP,
				 .port_first = 600,
				 .port_last = 1023,
				 .has_min = true,
				 .min = 3,
				 .count_min = 2 } };
	char buf[VIEW_CONDITION], number[VIEW_NUMBER], safe[VIEW_SAFE];

	ck_assert_str_eq(view_condition(&clue.when, buf),
	    "rpc.reserved_listeners at least 3, on 2 ports or more, about "
	    "tcp/600-1023");
	ck_assert_str_eq(view_percent(0.99951, number), "> 99.9 %");
	ck_assert_str_eq(view_percent(0.9949, number), "99.5 %");
	ck_assert_str_eq(view_percent(0, number), "< 0.1 %");
	ck_assert_str_eq(view_duration(3.25, number), "3.2 s");
	ck_assert_str_eq(view_duration(125, number), "2 min 5 s");
	ck_assert_str_eq(view_duration(7300, number), "2 h 1 min");
	ck_assert_str_eq(view_duration(-5, number), "0.0 s");
	ck_assert_double_lt(view_probability(1), 1);
	ck_assert_double_gt(view_probability(0), 0);
	ck_assert_str_eq(view_safe("a\x1b\xff", safe), "a\\x1b\\xff");
	ck_assert_str_eq(view_safe(NULL, safe), "");
	for (int key = 0; key < FACT_KEYS; key++) {
		clue.when.key = (enum fact_key)key;
		ck_assert_uint_gt(strlen(view_settles(&clue)), 8);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { formats_are_listed_and_found,
		the_same_run_gives_the_same_bytes, json_tells_it_all,
		json_sums_add_up, ndjson_has_a_line_per_fact,
		terminal_has_a_line_per_asset_in_order,
		terminal_keeps_within_its_columns, html_cannot_be_attacked,
		html_shows_the_sum_and_the_bytes,
		html_shows_the_past_where_there_is_one,
		an_empty_run_is_a_report_too, files_are_whole_or_absent,
		a_full_device_is_noticed, reports_for_other_eyes,
		words_for_people, NULL };

	return unit_run("reports", tests);
}
