/* SPDX-License-Identifier: ISC */
/* ledger - facts kept once, by address, in order, within their ceilings. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/ledger.h"
#include "t/unit.h"

enum { ONE = 0x0a140004, OTHER = 0x0a140009 };

static const struct about on_host = { ABOUT_HOST, 0 };
static const struct about on_104 = { ABOUT_TCP, 104 };

static bool
add(struct ledger *l, uint32_t address, struct about about, enum fact_key key,
    const char *value, int64_t time_ns)
{
	struct fact f = { .address = address,
		.about = about,
		.key = key,
		.value = value,
		.probe = "test",
		.time_ns = time_ns,
		.evidence = { .kind = EVIDENCE_TALK, .number = 1 } };

	return ledger_add(l, &f);
}

START_TEST(keeps_a_copy_once)
{
	struct ledger *l = ledger_new();
	char value[] = "open";

	ck_assert(add(l, ONE, on_104, FACT_PORT_STATE, value, 5));
	memset(value, 'x', 4);
	ck_assert(!add(l, ONE, on_104, FACT_PORT_STATE, "open", 9));
	ck_assert_uint_eq(ledger_count(l), 1);
	ck_assert_uint_eq(ledger_repeated(l), 1);
	ck_assert_uint_eq(ledger_dropped(l), 0);
	ck_assert_str_eq(ledger_at(l, 0)->value, "open");
	ck_assert_int_eq(ledger_at(l, 0)->time_ns, 5);
	ck_assert_ptr_null(ledger_at(l, 1));
	ledger_free(l);
}
END_TEST

START_TEST(tells_facts_apart_by_all_they_are)
{
	struct ledger *l = ledger_new();
	struct about udp = { ABOUT_UDP, 104 }, tcp = { ABOUT_TCP, 105 };

	ck_assert(add(l, ONE, on_104, FACT_IP_TTL, "60", 1));
	ck_assert(add(l, OTHER, on_104, FACT_IP_TTL, "60", 1));
	ck_assert(add(l, ONE, udp, FACT_IP_TTL, "60", 1));
	ck_assert(add(l, ONE, tcp, FACT_IP_TTL, "60", 1));
	ck_assert(add(l, ONE, on_104, FACT_TCP_WINDOW, "60", 1));
	ck_assert(add(l, ONE, on_104, FACT_IP_TTL, "6", 1));
	ck_assert(add(l, ONE, on_104, FACT_IP_TTL, "600", 1));
	ck_assert(add(l, ONE, on_104, FACT_IP_TTL, "", 1));
	ck_assert_uint_eq(ledger_count(l), 8);
	ledger_free(l);
}
END_TEST

START_TEST(keeps_every_instance_of_a_series)
{
	struct about udp = { ABOUT_UDP, 1600 };
	struct ledger *l = ledger_new();
	const char *beacon = "sport=4277 ipid=1 len=46";

	ck_assert(add(l, ONE, udp, FACT_ADVANTAGENET_BEACON, beacon, 1));
	ck_assert(add(l, ONE, udp, FACT_ADVANTAGENET_BEACON, beacon, 2));
	ck_assert(!add(l, ONE, udp, FACT_ADVANTAGENET_BEACON, beacon, 2));
	ck_assert(add(l, ONE, udp, FACT_ADVANTAGENET_SUITE, "NMR1", 1));
	ck_assert(!add(l, ONE, udp, FACT_ADVANTAGENET_SUITE, "NMR1", 2));
	ck_assert_uint_eq(ledger_count(l), 3);
	for (int i = 0; i < 100; i++)
		ck_assert(
		    add(l, ONE, on_104, FACT_TCP_ISN, "1", i) == (i < 64));
	ck_assert_uint_eq(ledger_count(l), 3 + 64);
	/* what is only sampled is not lost */
	ck_assert_uint_eq(ledger_dropped(l), 0);
	for (int i = 0; i < 2 * BEACONS_PER_HOST; i++)
		add(l, OTHER, udp, FACT_ADVANTAGENET_BEACON, beacon, i);
	ck_assert_uint_eq(ledger_dropped(l), BEACONS_PER_HOST);
	ledger_free(l);
}
END_TEST

START_TEST(gives_a_host_oldest_first)
{
	struct ledger *l = ledger_new();
	const struct fact *const *facts;
	size_t n;

	add(l, ONE, on_104, FACT_IP_TTL, "30", 30);
	add(l, ONE, on_104, FACT_IP_TTL, "10", 10);
	add(l, OTHER, on_104, FACT_IP_TTL, "15", 15);
	add(l, ONE, on_104, FACT_IP_TTL, "31", 30);
	add(l, ONE, on_104, FACT_IP_TTL, "20", 20);
	facts = ledger_host(l, ONE, &n);
	ck_assert_uint_eq(n, 4);
	ck_assert_str_eq(facts[0]->value, "10");
	ck_assert_str_eq(facts[1]->value, "20");
	ck_assert_str_eq(facts[2]->value, "30");
	ck_assert_str_eq(facts[3]->value, "31");
	ck_assert_ptr_null(ledger_host(l, 1, &n));
	ck_assert_uint_eq(n, 0);
	/* but as they came for the whole */
	ck_assert_str_eq(ledger_at(l, 0)->value, "30");
	ck_assert_str_eq(ledger_at(l, 1)->value, "10");
	ledger_free(l);
}
END_TEST

START_TEST(finds_by_key_and_subject)
{
	struct ledger *l = ledger_new();
	const struct fact *f;
	uint32_t *all;
	size_t n;

	ck_assert_ptr_null(ledger_addresses(l, &n));
	ck_assert_uint_eq(n, 0);
	add(l, OTHER, on_104, FACT_IP_TTL, "60", 2);
	add(l, ONE, on_104, FACT_IP_TTL, "61", 1);
	add(l, ONE, on_host, FACT_HOST_ALIVE, "arp", 1);
	f = ledger_find(l, ONE, FACT_IP_TTL, on_104);
	ck_assert_ptr_nonnull(f);
	ck_assert_str_eq(f->value, "61");
	ck_assert_ptr_null(ledger_find(l, ONE, FACT_IP_TTL, on_host));
	ck_assert_ptr_null(ledger_find(l, 7, FACT_IP_TTL, on_104));
	all = ledger_addresses(l, &n);
	ck_assert_uint_eq(n, 2);
	ck_assert_uint_eq(all[0], ONE);
	ck_assert_uint_eq(all[1], OTHER);
	free(all);
	ledger_free(l);
}
END_TEST

static void
count_fact(void *arg, const struct fact *f)
{
	ck_assert_str_ne(f->value, "");
	++*(unsigned *)arg;
}

START_TEST(takes_a_batch_and_tells_the_hook)
{
	const uint8_t bytes[] = "SunOS";
	struct origin origin = { .address = ONE,
		.mac = { { 8, 0, 0x20, 1, 2, 3 } },
		.probe = "greeting",
		.time_ns = 77,
		.evidence_number = 12 };
	struct facts *facts = facts_new();
	struct ledger *l = ledger_new();
	const struct fact *f;
	unsigned seen = 0;

	ledger_on_fact(l, count_fact, &seen);
	facts_begin(facts, on_104, bytes, sizeof(bytes));
	facts_text(facts, FACT_GREETING, bytes, 5);
	facts_flag(facts, FACT_RPC_SPEAKS, true, NULL, 0);
	ck_assert_uint_eq(ledger_take(l, facts, &origin), 2);
	ck_assert_uint_eq(ledger_take(l, facts, &origin), 0);
	ck_assert_uint_eq(seen, 2);
	f = ledger_at(l, 0);
	ck_assert_uint_eq(f->address, ONE);
	ck_assert(mac_equal(f->mac, origin.mac));
	ck_assert_str_eq(f->probe, "greeting");
	ck_assert_int_eq(f->time_ns, 77);
	ck_assert_int_eq(f->evidence.kind, EVIDENCE_FRAME);
	ck_assert_uint_eq(f->evidence.number, 12);
	ck_assert_uint_eq(f->evidence.raw_len, 5);
	ck_assert_mem_eq(f->evidence.raw, "SunOS", 5);
	origin.address = OTHER;
	origin.from_talk = true;
	ck_assert_uint_eq(ledger_take(l, facts, &origin), 2);
	ck_assert_int_eq(ledger_at(l, 2)->evidence.kind, EVIDENCE_TALK);
	origin.address = 1;
	origin.evidence_number = 0;
	ck_assert_uint_eq(ledger_take(l, facts, &origin), 2);
	ck_assert_int_eq(ledger_at(l, 4)->evidence.kind, EVIDENCE_NONE);
	facts_free(facts);
	ledger_free(l);
}
END_TEST

START_TEST(a_talker_cannot_crowd_out_what_we_conclude)
{
	struct ledger *l = ledger_new();
	char value[16];
	size_t n;

	for (int i = 0; i < FACTS_PER_HOST + 10; i++) {
		snprintf(value, sizeof(value), "%d", i);
		ck_assert(add(l, ONE, on_104, FACT_GREETING, value, i) ==
		    (i < FACTS_PER_HOST));
	}
	ck_assert_uint_eq(ledger_dropped(l), 10);
	ck_assert(add(l, ONE, on_host, FACT_HOST_HALTED, "silent", 1));
	ck_assert(add(l, OTHER, on_104, FACT_GREETING, "hello", 1));
	/* nor is that room without end */
	for (int i = 0; i < 1000; i++) {
		snprintf(value, sizeof(value), "%d", i);
		add(l, ONE, on_host, FACT_HOST_HALTED, value, 1);
	}
	ledger_host(l, ONE, &n);
	ck_assert_uint_lt(n, FACTS_PER_HOST + 200);
	ledger_free(l);
}
END_TEST

START_TEST(cuts_what_is_too_long)
{
	struct ledger *l = ledger_new();
	char value[2 * FACT_VALUE_MAX];

	memset(value, 'a', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	ck_assert(add(l, ONE, on_104, FACT_GREETING, value, 1));
	ck_assert_uint_eq(strlen(ledger_at(l, 0)->value), FACT_VALUE_MAX - 1);
	ledger_free(l);
	ledger_free(NULL);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { keeps_a_copy_once,
		tells_facts_apart_by_all_they_are,
		keeps_every_instance_of_a_series, gives_a_host_oldest_first,
		finds_by_key_and_subject, takes_a_batch_and_tells_the_hook,
		a_talker_cannot_crowd_out_what_we_conclude,
		cuts_what_is_too_long, NULL };

	return unit_run("ledger", tests);
}
