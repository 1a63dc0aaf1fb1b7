/* SPDX-License-Identifier: ISC */
/* judge: only what was said speaks against a host. */
#include <string.h>

#include "scanner/verify/judge.h"
#include "t/asset_facts.h"

static struct condition listened[] = { { .key = FACT_LISTEN_SECONDS,
    .port_last = 65535,
    .count_min = 1,
    .has_min = true,
    .min = 125 } };
static struct clue console_clues[] = {
	{ .name = "beacon",
	    .group = "beacon",
	    .when = ANY(FACT_ADVANTAGENET_SUITE),
	    .weight = 30,
	    .absent = -30,
	    .looked = listened,
	    .looked_len = 1 },
	{ .name = "nis",
	    .group = "nis",
	    .when = ANY(FACT_NIS_YPSERV),
	    .weight = 25 },
	{ .name = "window",
	    .group = "stack",
	    .when = { .key = FACT_TCP_WINDOW,
		.port_last = 65535,
		.count_min = 1,
		.equals = "4096" },
	    .weight = 8,
	    .absent = -25 },
};
static struct clue sun_clues[] = {
	{ .name = "nis",
	    .group = "nis",
	    .when = ANY(FACT_NIS_YPSERV),
	    .weight = 25 },
	{ .name = "ftp",
	    .group = "ftp",
	    .when = ANY(FACT_FTP_GREETING),
	    .weight = 20 },
};
static struct clue printer_clues[] = {
	{ .name = "telnet",
	    .group = "telnet",
	    .when = ANY(FACT_TELNET_GREETING),
	    .weight = 30 },
	{ .name = "smtp",
	    .group = "smtp",
	    .when = ANY(FACT_SMTP_GREETING),
	    .weight = 20 },
};
static const char *const console_implies[] = { "sun" };
static const char *const sun_implies[] = { "system" };
/* Sorted by id. */
static struct fingerprint items[] = {
	{ .id = "console",
	    .name = "A console",
	    .kind = "console",
	    .maker = "Maker",
	    .prior = -30,
	    .implies = console_implies,
	    .implies_len = 1,
	    .clues = console_clues,
	    .clues_len = 3 },
	{ .id = "other", .name = "Other system", .kind = "host", .prior = -10 },
	{ .id = "printer",
	    .name = "A printer",
	    .kind = "printer",
	    .prior = -20,
	    .clues = printer_clues,
	    .clues_len = 2 },
	{ .id = "sun",
	    .name = "A server",
	    .kind = "server",
	    .prior = -20,
	    .implies = sun_implies,
	    .implies_len = 1,
	    .clues = sun_clues,
	    .clues_len = 2 },
	{ .id = "system", .name = "A system", .kind = "host", .prior = -10 },
};
static const struct fingerprints all = { .items = items, .len = 5 };
enum { CONSOLE, OTHER, PRINTER, SUN, SYSTEM };

static struct asset_facts said;
static struct verdict verdicts[ASSET_VERDICTS_MAX];
static struct asset asset = { .verdicts = verdicts };
static struct judgement j;

/* Judges what was said so far. */
static void
judged(int expected)
{
	judgement_clear(&j);
	for (size_t i = 0; i < asset.verdicts_len; i++)
		verdict_clear(&asset.verdicts[i]);
	asset.standing = ASSET_ANSWERED;
	asset.facts = said.facts;
	asset.facts_len = said.n;
	asset.verdicts_len = match_all(
	    &all, said.facts, said.n, asset.verdicts, ASSET_VERDICTS_MAX);
	ck_assert(judge(&all, &items[expected], &asset, &j));
}

START_TEST(well_recognised_is_a_match)
{
	say(&said, "udp/1600", FACT_ADVANTAGENET_SUITE, "NMR1");
	say(&said, "tcp/700", FACT_NIS_YPSERV, "yes");
	judged(CONSOLE);
	ck_assert_int_eq(j.state, VERIFY_MATCH);
	ck_assert_uint_eq(j.settle_len, 0);
	/* and so it is for whatever it is a case of */
	judged(SUN);
	ck_assert_int_eq(j.state, VERIFY_MATCH);
	ck_assert_ptr_nonnull(strstr(j.reason, "a kind of it"));
}
END_TEST

START_TEST(no_beacon_is_no_mismatch)
{
	say(&said, "tcp/700", FACT_NIS_YPSERV, "yes");
	say(&said, "host", FACT_LISTEN_SECONDS, "600");
	judged(CONSOLE);
	ck_assert_int_eq(j.state, VERIFY_CANNOT_SAY);
	ck_assert_int_eq(j.said_against, 0);
	ck_assert_uint_ge(j.settle_len, 1);
	ck_assert_str_eq(j.settle[0]->name, "beacon");
	/* even where all it said fits a server */
	say(&said, "tcp/21", FACT_FTP_GREETING, "220 here");
	judged(CONSOLE);
	ck_assert_int_eq(j.state, VERIFY_CANNOT_SAY);
}
END_TEST

START_TEST(what_was_said_against_is)
{
	say(&said, "tcp/21", FACT_TCP_WINDOW, "65535");
	judged(CONSOLE);
	ck_assert_int_eq(j.state, VERIFY_MISMATCH);
	ck_assert_int_eq(j.said_against, -25);
	/* unless more is said for it */
	say(&said, "tcp/700", FACT_NIS_YPSERV, "yes");
	judged(CONSOLE);
	ck_assert_int_eq(j.state, VERIFY_CANNOT_SAY);
}
END_TEST

START_TEST(something_else_is_a_mismatch)
{
	say(&said, "tcp/23", FACT_TELNET_GREETING, "printer");
	say(&said, "tcp/25", FACT_SMTP_GREETING, "printer");
	judged(CONSOLE);
	ck_assert_int_eq(j.state, VERIFY_MISMATCH);
	ck_assert_ptr_nonnull(strstr(j.reason, "A printer"));
	judged(PRINTER);
	ck_assert_int_eq(j.state, VERIFY_MATCH);
}
END_TEST

START_TEST(silence_and_nothing)
{
	ck_assert(judge(&all, &items[CONSOLE], NULL, &j));
	ck_assert_int_eq(j.state, VERIFY_ABSENT);
	ck_assert_uint_gt(j.settle_len, 0);
	say(&said, "host", FACT_PORTS_FILTERED, "1-1024");
	asset.facts = said.facts;
	asset.facts_len = said.n;
	asset.standing = ASSET_SILENT;
	ck_assert(judge(&all, &items[CONSOLE], &asset, &j));
	ck_assert_int_eq(j.state, VERIFY_ABSENT);
	say(&said, "host", FACT_HOST_ALIVE, "arp");
	asset.facts_len = said.n;
	ck_assert(judge(&all, &items[CONSOLE], &asset, &j));
	ck_assert_int_eq(j.state, VERIFY_CANNOT_SAY);
}
END_TEST

START_TEST(rivals)
{
	ck_assert(!judge_is_rival(&all, &items[CONSOLE], &items[SUN]));
	ck_assert(!judge_is_rival(&all, &items[CONSOLE], &items[SYSTEM]));
	ck_assert(judge_is_rival(&all, &items[CONSOLE], &items[OTHER]));
	ck_assert(judge_is_rival(&all, &items[CONSOLE], &items[PRINTER]));
	/* a printer may run anything that is not told */
	ck_assert(!judge_is_rival(&all, &items[PRINTER], &items[OTHER]));
	ck_assert(judge_is_rival(&all, &items[PRINTER], &items[CONSOLE]));
	ck_assert(judge_is_rival(&all, &items[SYSTEM], &items[OTHER]));
}
END_TEST

START_TEST(listening)
{
	ck_assert_double_ge(judge_listen_s(&items[CONSOLE]), 125);
	ck_assert_double_eq(judge_listen_s(&items[PRINTER]), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { well_recognised_is_a_match,
		no_beacon_is_no_mismatch, what_was_said_against_is,
		something_else_is_a_mismatch, silence_and_nothing, rivals,
		listening, NULL };

	return unit_run("judge", tests);
}
