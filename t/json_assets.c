/* SPDX-License-Identifier: ISC */
/*
 * json_assets - the same text whether one hand writes it or several, for any
 * number of assets around where stretches begin and end.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/emit.h"
#include "reports/json_asset.h"
#include "reports/json_assets.h"
#include "scanner/ledger.h"
#include "t/unit.h"

static const int64_t second = 1000000000;

static struct assets *
assets_of(struct ledger *ledger, unsigned hosts)
{
	char name[32];
	struct fact f = { .key = FACT_FTP_GREETING,
		.value = name,
		.probe = "greeting",
		.about = { .kind = ABOUT_TCP, .port = 21 } };
	struct assets *assets;

	for (unsigned i = 0; i < hosts; i++) {
		snprintf(name, sizeof(name), "220 \"host\" %u", i);
		f.address = 0x0a000000 + i;
		f.time_ns = (int64_t)i * second / 7;
		ck_assert(ledger_add(ledger, &f));
	}
	assets = assets_build(ledger, NULL);
	ck_assert_ptr_nonnull(assets);
	ck_assert_uint_eq(assets->len, hosts);
	return assets;
}

/* One after the other. */
static char *
text_of(const struct assets *assets)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	struct emit *e = emit_new(out);

	for (size_t i = 0; i < assets->len; i++) {
		fputs(i > 0 ? ",\n  " : "\n  ", out);
		json_asset(e, &assets->items[i]);
		ck_assert(emit_flush(e));
	}
	emit_free(e);
	fclose(out);
	return text;
}

START_TEST(several_hands_write_the_same_text)
{
	static const unsigned hosts[] = { 0, 1, 511, 512, 2047, 2048, 2049,
		2560, 4097, 5000 };

	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		struct ledger *ledger = ledger_new();
		struct assets *assets = assets_of(ledger, hosts[i]);
		char *one = text_of(assets), *several;
		size_t len;
		FILE *out = open_memstream(&several, &len);

		ck_assert(json_assets(assets, out));
		fclose(out);
		ck_assert_uint_eq(len, strlen(one));
		ck_assert_int_eq(strcmp(one, several), 0);
		free(one);
		free(several);
		assets_free(assets);
		ledger_free(ledger);
	}
}
END_TEST

START_TEST(a_full_disk_is_told)
{
	struct ledger *ledger = ledger_new();
	struct assets *assets = assets_of(ledger, 5000);
	FILE *out = fopen("/dev/full", "w");

	ck_assert_ptr_nonnull(out);
	errno = 0;
	ck_assert(!json_assets(assets, out));
	ck_assert_int_eq(errno, ENOSPC);
	fclose(out);
	assets_free(assets);
	ledger_free(ledger);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { several_hands_write_the_same_text,
		a_full_disk_is_told, NULL };

	return unit_run("json_assets", tests);
}
