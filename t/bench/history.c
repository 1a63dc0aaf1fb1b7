/* SPDX-License-Identifier: ISC */
/*
 * history - an inventory with years behind it, for t/bench/inventory.sh.
 *
 *	history FILE FACTS: 1,200 devices with 50 facts each that hold, and as
 *	many that ended as make FACTS in all, over 400 nights with 6 runs each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/inventory/store.h"

enum { DEVICES = 1200, HOLDING = 50, NIGHTS = 400, SEGMENTS = 6, EVENTS = 40 };

static const int64_t day_ns = INT64_C(86400) * 1000000000;
static struct store *s;

static void
need(bool ok)
{
	if (ok)
		return;
	fprintf(stderr, "history: %s\n", store_error(s));
	exit(2);
}

static int64_t
night_ns(unsigned night)
{
	return INT64_C(1764000000000000000) + night * day_ns;
}

static void
add_runs(void)
{
	for (unsigned i = 0; i < NIGHTS * SEGMENTS; i++) {
		struct run run = { .command = "sweep",
			.version = "1",
			.care = "gentle",
			.site = "main",
			.started_ns = night_ns(i / SEGMENTS),
			.finished_ns = night_ns(i / SEGMENTS) + 1 };
		int64_t number;

		snprintf(run.id, sizeof(run.id), "20260101T220000Z-%04x", i);
		need(store_run_begin(s, &run, "segment", &number) &&
		    store_run_end(s, number, &run, true));
	}
}

static void
add_device(unsigned i)
{
	struct store_asset a = { .site = "main",
		.address = 0x0a000000 + (i << 3),
		.mac = { { 8, 0, 0x20, 1, (uint8_t)(i >> 8), (uint8_t)i } },
		.standing = "answered",
		.grade = "none",
		.first_run = 1,
		.last_run = NIGHTS * SEGMENTS,
		.first_ns = night_ns(0),
		.last_ns = night_ns(NIGHTS - 1) };
	struct store_identity id = { .kind = IDENTITY_MAC, .first_run = 1 };

	snprintf(a.name, sizeof(a.name), "host%u", i);
	need(store_asset_put(s, &a));
	id.asset = a.id;
	mac_text(a.mac, id.value);
	need(store_identity_put(s, &id));
}

static void
add_fact(int64_t asset, unsigned nth, unsigned night)
{
	static const enum fact_key keys[] = { FACT_PORT_STATE,
		FACT_FTP_GREETING, FACT_RPC_PROGRAM, FACT_DICOM_VERSION,
		FACT_PORT_SPEAKS };
	bool holds = nth < HOLDING;
	int64_t run = 1 + night * SEGMENTS;
	char value[128];
	struct store_fact f = { .asset = asset,
		.first_run = run,
		.last_run = run + 1,
		.ended_run = holds ? 0 : run + 2,
		.first_ns = night_ns(night),
		.fact = { .address = 0x0a000000 + (((uint32_t)asset - 1) << 3),
		    .about = { ABOUT_TCP,
			(uint16_t)(holds ? 1 + nth : 1 + nth % 900) },
		    .key = keys[nth % 5],
		    .value = value,
		    .probe = "greeting",
		    .time_ns = night_ns(night),
		    .evidence = {
			.kind = EVIDENCE_TALK, .number = 7, .raw_len = 32 } } };

	if (f.fact.key == FACT_PORT_STATE)
		snprintf(value, sizeof(value), "open");
	else
		snprintf(value, sizeof(value),
		    "220 host%u FTP server (SunOS 4.%u.%u) ready.",
		    (unsigned)asset, nth, night);
	need(store_fact_add(s, &f));
}

static void
add_event(unsigned i)
{
	struct store_event e = { .run = 1 + i % (NIGHTS * SEGMENTS),
		.asset = 1 + i % DEVICES,
		.time_ns = night_ns(i % NIGHTS),
		.site = "main",
		.kind = "changed",
		.field = "tcp/21 ftp.greeting" };

	snprintf(e.was, sizeof(e.was), "220 %u", i);
	snprintf(e.now, sizeof(e.now), "220 %u", i + 1);
	need(store_event_add(s, &e));
}

int
main(int argc, char **argv)
{
	unsigned long facts = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	char error[STORE_ERROR];

	if (facts == 0) {
		fprintf(stderr, "usage: history FILE FACTS\n");
		return 2;
	}
	s = store_open(argv[1], STORE_CREATE, error);
	if (s == NULL) {
		fprintf(stderr, "history: %s\n", error);
		return 2;
	}
	need(store_begin(s));
	add_runs();
	for (unsigned i = 0; i < DEVICES; i++)
		add_device(i);
	for (unsigned long i = 0; i < facts; i++)
		add_fact(1 + (int64_t)(i % DEVICES), (unsigned)(i / DEVICES),
		    (unsigned)(i / DEVICES) % NIGHTS);
	for (unsigned i = 0; i < DEVICES * EVENTS; i++)
		add_event(i);
	need(store_commit(s));
	store_close(s);
	return 0;
}
