/* SPDX-License-Identifier: ISC */
/*
 * bigreport - a report of 20,000 assets: its pages are written in under three
 * seconds of processor time, and what an earlier report left is gone.  Where
 * the environment names a directory in BIG_DIR the report is left there, for
 * t/browser/big.t to open.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fingerprints/fingerprint.h"
#include "reports/report.h"
#include "scanner/asset.h"
#include "scanner/derive.h"
#include "scanner/ledger.h"
#include "t/unit.h"

/* The bound is generous, as the time is another's machine's: it is printed, and
 * docs/performance.md has what it was on a quiet one.  Under a sanitizer a few
 * more than a page holds will do. */
#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifdef IS_SANITIZED
enum { HOSTS = 2100, NETWORKS = 9, MOST_SECONDS = 60 };
#else
enum { HOSTS = 20000, NETWORKS = 79, MOST_SECONDS = 20 };
#endif
enum { PORTS = 6 };

static const int64_t start_ns = 1795475718468912000; /* 2026-11-23 */
static const int64_t second = 1000000000;
static struct ledger *ledger;
static char directory[128];

static void
say(uint32_t address, const char *about, enum fact_key key, const char *value)
{
	struct fact f = { .address = address,
		.mac = { { 8, 0, 0x20, (uint8_t)(address >> 16),
		    (uint8_t)(address >> 8), (uint8_t)address } },
		.key = key,
		.value = value,
		.probe = "test",
		.time_ns = start_ns + (address & 0xffff) * (second / 100),
		.evidence = { .kind = EVIDENCE_TALK, .number = 7 } };

	ck_assert(about_parse(about, &f.about));
	f.evidence.raw_len = (uint16_t)strnlen(value, FACT_RAW_MAX);
	memcpy(f.evidence.raw, value, f.evidence.raw_len);
	ledger_add(ledger, &f);
}

/* A Sun now and then, most hosts ordinary, some silent. */
static void
say_host(unsigned i)
{
	static const char *const ports[PORTS] = { "tcp/21", "tcp/23", "tcp/25",
		"tcp/80", "tcp/104", "tcp/111" };
	uint32_t address = 0x0a100000 + i / 254 * 256 + 1 + i % 254;
	char words[64];

	say(address, "host", FACT_HOST_ALIVE, i % 50 == 0 ? "arp" : "icmp");
	if (i % 50 == 0)
		return;
	say(address, "host", FACT_MAC_VENDOR, "Sun Microsystems");
	say(address, "host", FACT_PORTS_CLOSED, "600-1023,4242,11112");
	say(address, "host", FACT_ICMP_ECHO_TTL, "255");
	for (unsigned p = 0; p < PORTS; p++)
		if ((i + p) % 3 == 0)
			say(address, ports[p], FACT_PORT_STATE, "open");
	snprintf(words, sizeof(words), "220 host%u SunOS 4.1 <b>ready</b>", i);
	say(address, "tcp/21", FACT_FTP_GREETING, words);
	say(address, "tcp/21", FACT_TCP_WINDOW, i % 4 == 0 ? "4096" : "5840");
	say(address, "tcp/21", FACT_TCP_OPTIONS, "M5B4");
	if (i % 100 == 3)
		say(address, "udp/1600", FACT_ADVANTAGENET_SUITE, "NMR1");
}

static double
processor_seconds(void)
{
	struct rusage r;

	getrusage(RUSAGE_SELF, &r);
	return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
	    (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6;
}

static size_t
count_pages(void)
{
	char path[192];
	DIR *d;
	size_t n = 0;

	snprintf(path, sizeof(path), "%s/segments", directory);
	d = opendir(path);
	if (d == NULL)
		return 0;
	for (const struct dirent *e; (e = readdir(d)) != NULL;)
		n += strstr(e->d_name, "-24.html") != NULL;
	closedir(d);
	return n;
}

static void
save(const struct report *report, const char *format)
{
	const struct report_format *f = report_format_find(format);
	char path[192];

	snprintf(path, sizeof(path), "%s/%s", directory, f->file);
	ck_assert(f->beside == NULL || f->beside(report, directory));
	ck_assert(report_save(f, report, path));
}

static void
complain(void *arg, const char *file, const char *what)
{
	(void)arg;
	ck_abort_msg("%s: %s", file, what);
}

static void
make_directory(void)
{
	const char *wanted = getenv("BIG_DIR");

	snprintf(directory, sizeof(directory), "%s",
	    wanted != NULL ? wanted : "/tmp/gantry-bigreport-XXXXXX");
	if (wanted == NULL)
		ck_assert_ptr_nonnull(mkdtemp(directory));
}

START_TEST(twenty_thousand_assets)
{
	static const char *const scope[] = { "10.16.0.0/17" };
	struct run run = { .id = "20261123T231518Z-5f3a",
		.command = "audit",
		.version = "0.1.0",
		.care = "gentle",
		.host_packets_cap = 12,
		.started_ns = start_ns,
		.finished_ns = start_ns + 3600 * second,
		.scope = scope,
		.scope_len = 1,
		.addresses = 32766 };
	struct fingerprints *all =
	    fingerprints_load("fingerprints/devices", complain, NULL);
	struct report report = { .run = &run, .fingerprints = all };
	struct assets *assets, few;
	char path[192];
	double began;

	make_directory();
	ledger = ledger_new();
	for (unsigned i = 0; i < HOSTS; i++)
		say_host(i);
	derive_all(ledger);
	assets = assets_build(ledger, all);
	ck_assert_ptr_nonnull(assets);
	ck_assert_uint_eq(assets->len, HOSTS);
	report.ledger = ledger;
	report.assets = assets;
	began = processor_seconds();
	save(&report, "html");
	ck_assert_double_lt(processor_seconds() - began, MOST_SECONDS);
	printf("# %.2f s of processor time\n", processor_seconds() - began);
	ck_assert_uint_eq(count_pages(), NETWORKS);
	if (getenv("BIG_DIR") == NULL) {
		few = *assets;
		few.len = 5;
		report.assets = &few;
		save(&report, "html");
		ck_assert_uint_eq(count_pages(), 0);
		snprintf(path, sizeof(path), "%s/report.html", directory);
		ck_assert_int_eq(unlink(path), 0);
		ck_assert_int_eq(rmdir(directory), 0);
	}
	assets_free(assets);
	ledger_free(ledger);
	fingerprints_free(all);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { twenty_thousand_assets, NULL };

	return unit_run("bigreport", tests);
}
