/* SPDX-License-Identifier: ISC */
/* derive - what follows from facts: beacon rhythm, series, clusters, traps. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/derive.h"
#include "t/unit.h"

enum { HOST = 0x0a00d504 };

static const struct about on_host = { ABOUT_HOST, 0 };
static const struct about on_1600 = { ABOUT_UDP, 1600 };
static const int64_t second = 1000000000;

static void
add(struct ledger *l, struct about about, enum fact_key key, const char *value,
    int64_t time_ns)
{
	struct fact f = { .address = HOST,
		.about = about,
		.key = key,
		.value = value,
		.probe = "test",
		.time_ns = time_ns,
		.evidence = { .kind = EVIDENCE_FRAME, .number = 1 } };

	ledger_add(l, &f);
}

static void
add_number(struct ledger *l, uint16_t port, enum fact_key key,
    unsigned long value, int64_t time_ns)
{
	struct about about = { ABOUT_TCP, port };
	char text[24];

	snprintf(text, sizeof(text), "%lu", value);
	add(l, about, key, text, time_ns);
}

static void
add_beacon(struct ledger *l, unsigned port, unsigned id, int64_t time_ns)
{
	char text[64];

	snprintf(text, sizeof(text), "sport=%u ipid=%u len=46", port, id);
	add(l, on_1600, FACT_ADVANTAGENET_BEACON, text, time_ns);
}

static const char *
derived(const struct ledger *l, enum fact_key key)
{
	const struct fact *f = ledger_find(l, HOST, key, on_host);

	return f != NULL ? f->value : "";
}

/* The four full datagrams of the note, microseconds of their day. */
static void
add_note(struct ledger *l)
{
	add_beacon(l, 3701, 24814, 59108759896000);
	add_beacon(l, 3702, 24815, 59228769361000);
	add_beacon(l, 3704, 24817, 59468790067000);
	add_beacon(l, 3705, 24818, 59588799578000);
}

START_TEST(reads_the_rhythm_of_the_note)
{
	struct ledger *l = ledger_new();
	const struct fact *f;

	add_note(l);
	ck_assert_uint_eq(derive_host(l, HOST), 4);
	ck_assert_str_eq(derived(l, FACT_ADVANTAGENET_BEACONS), "4");
	ck_assert_str_eq(derived(l, FACT_ADVANTAGENET_PERIOD), "120.0095");
	ck_assert_str_eq(derived(l, FACT_ADVANTAGENET_PORT_STEP), "1");
	ck_assert_str_eq(derived(l, FACT_ADVANTAGENET_IPID_STEP), "1");
	f = ledger_find(l, HOST, FACT_ADVANTAGENET_PERIOD, on_host);
	ck_assert_str_eq(f->probe, "derive");
	ck_assert_int_eq(f->evidence.kind, EVIDENCE_NONE);
	ck_assert_int_eq(f->time_ns, 59588799578000);
	/* a second time there is nothing new */
	ck_assert_uint_eq(derive_host(l, HOST), 0);
	ck_assert_uint_eq(derive_all(l), 0);
	ledger_free(l);
}
END_TEST

START_TEST(claims_no_period_of_two_beacons)
{
	struct ledger *l = ledger_new();

	add_beacon(l, 4277, 1, 1 * second);
	derive_host(l, HOST);
	ck_assert_str_eq(derived(l, FACT_ADVANTAGENET_BEACONS), "1");
	ck_assert_str_eq(derived(l, FACT_ADVANTAGENET_PORT_STEP), "");
	add_beacon(l, 4278, 9, 121 * second);
	derive_host(l, HOST);
	ck_assert_str_eq(derived(l, FACT_ADVANTAGENET_PERIOD), "");
	ck_assert_str_eq(derived(l, FACT_ADVANTAGENET_PORT_STEP), "1");
	ck_assert_str_eq(derived(l, FACT_ADVANTAGENET_IPID_STEP), "8");
	ledger_free(l);
}
END_TEST

START_TEST(survives_losses_copies_and_a_restart)
{
	/* minutes at which a beacon was heard, of one every two minutes */
	static const int heard[] = { 0, 4, 6, 8, 14, 16, 22, 24 };
	struct ledger *l = ledger_new();

	for (size_t i = 0; i < sizeof(heard) / sizeof(heard[0]); i++)
		add_beacon(l, 4000 + (unsigned)heard[i] / 2,
		    (65530 + (unsigned)heard[i] * 3) & 0xffff,
		    heard[i] * 60 * second);
	/* one of them twice, as through a mirrored port */
	add_beacon(l, 4012, (65530 + 72) & 0xffff, 24 * 60 * second + 300);
	/* switched off and on again 37 seconds later */
	add_beacon(l, 1030, 5, 24 * 60 * second + 37 * second);
	add_beacon(l, 1031, 11, 26 * 60 * second + 37 * second);
	derive_host(l, HOST);
	ck_assert_str_eq(derived(l, FACT_ADVANTAGENET_BEACONS), "10");
	ck_assert_str_eq(derived(l, FACT_ADVANTAGENET_PERIOD), "120.0000");
	ck_assert_str_eq(derived(l, FACT_ADVANTAGENET_PORT_STEP), "1");
	ck_assert_str_eq(derived(l, FACT_ADVANTAGENET_IPID_STEP), "6");
	ledger_free(l);
}
END_TEST

START_TEST(random_ports_still_have_a_period)
{
	struct ledger *l = ledger_new();

	add_beacon(l, 40000, 3, 0 * second);
	add_beacon(l, 51234, 900, 60 * second);
	add_beacon(l, 33333, 77, 120 * second);
	add_beacon(l, 60001, 12000, 180 * second);
	derive_host(l, HOST);
	ck_assert_str_eq(derived(l, FACT_ADVANTAGENET_PERIOD), "60.0000");
	ledger_free(l);
}
END_TEST

START_TEST(ignores_beacons_it_cannot_read)
{
	static const char *const bad[] = { "", "sport=", "sport=1",
		"sport=1 ipid=", "sport=99999 ipid=1", "ipid=1 len=3",
		"sport=x ipid=y len=z" };
	struct ledger *l = ledger_new();

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		add(l, on_1600, FACT_ADVANTAGENET_BEACON, bad[i],
		    (int64_t)i * second);
	ck_assert_uint_eq(derive_host(l, HOST), 0);
	ck_assert_uint_eq(derive_host(l, 1), 0);
	ledger_free(l);
}
END_TEST

START_TEST(counts_reserved_listeners_once)
{
	static const uint16_t yes[] = { 655, 658, 670, 723, 725, 727, 728, 733,
		736 };
	struct ledger *l = ledger_new();
	struct about udp = { ABOUT_UDP, 657 }, about = { ABOUT_TCP, 0 };

	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		about.port = yes[i];
		add(l, about, FACT_RPC_SPEAKS, "yes", (int64_t)i);
	}
	add(l, udp, FACT_RPC_SPEAKS, "yes", 50);
	about.port = 1024;
	add(l, about, FACT_RPC_SPEAKS, "yes", 51);
	about.port = 599;
	add(l, about, FACT_RPC_SPEAKS, "yes", 52);
	about.port = 700;
	add(l, about, FACT_RPC_SPEAKS, "no", 53);
	derive_host(l, HOST);
	ck_assert_str_eq(derived(l, FACT_RPC_RESERVED), "9");
	ck_assert_int_eq(
	    ledger_find(l, HOST, FACT_RPC_RESERVED, on_host)->time_ns, 8);
	ledger_free(l);
}
END_TEST

static const char *
gcd_of(const uint32_t *isn, size_t n)
{
	static char text[32];
	struct ledger *l = ledger_new();

	for (size_t i = 0; i < n; i++)
		add_number(l, 104, FACT_TCP_ISN, isn[i], (int64_t)i * second);
	derive_host(l, HOST);
	snprintf(text, sizeof(text), "%s", derived(l, FACT_TCP_ISN_STEP));
	ledger_free(l);
	return text;
}

START_TEST(finds_the_step_of_sequence_numbers)
{
	static const uint32_t bsd[] = { 1000001, 1000001 + 64000 * 3,
		1000001 + 64000 * 3, 1000001 + 64000 * 5, 1000001 + 64000 * 8 };
	static const uint32_t wild[] = { 123456789, 987654320, 555555555,
		42424243 };
	static const uint32_t constant[] = { 7, 7, 7, 7 };

	ck_assert_str_eq(gcd_of(bsd, 5), "64000");
	ck_assert_str_eq(gcd_of(wild, 4), "1");
	ck_assert_str_eq(gcd_of(bsd, 2), "");
	/* the same packet again and again is one, not a series */
	ck_assert_str_eq(gcd_of(constant, 4), "");
}
END_TEST

static const char *
kind_of(const uint16_t *id, size_t n)
{
	static char text[32];
	struct ledger *l = ledger_new();

	for (size_t i = 0; i < n; i++)
		add_number(l, 104, FACT_IP_ID, id[i], (int64_t)i * second);
	derive_host(l, HOST);
	snprintf(text, sizeof(text), "%s", derived(l, FACT_IP_ID_KIND));
	ledger_free(l);
	return text;
}

START_TEST(tells_kinds_of_ip_id)
{
	static const uint16_t counter[] = { 65530, 65535, 3, 9 };
	static const uint16_t swapped[] = { 0xfe00, 0xff00, 0x0001, 0x0201 };
	static const uint16_t zero[] = { 0, 0, 0 };
	static const uint16_t constant[] = { 9, 9, 9 };
	static const uint16_t wild[] = { 12345, 60011, 300, 40321 };
	static const uint16_t busy[] = { 0, 9000, 15001, 22011 };

	ck_assert_str_eq(kind_of(counter, 4), "incremental");
	ck_assert_str_eq(kind_of(swapped, 4), "byte-swapped");
	ck_assert_str_eq(kind_of(zero, 3), "zero");
	ck_assert_str_eq(kind_of(constant, 3), "constant");
	ck_assert_str_eq(kind_of(wild, 4), "random");
	ck_assert_str_eq(kind_of(busy, 4), "");
	ck_assert_str_eq(kind_of(counter, 2), "");
}
END_TEST

static struct ledger *
with_open_ports(unsigned n)
{
	struct ledger *l = ledger_new();

	for (unsigned i = 0; i < n; i++) {
		struct about about = { ABOUT_TCP, (uint16_t)(100 + i) };

		add(l, about, FACT_PORT_STATE, "open", 1);
	}
	return l;
}

START_TEST(every_port_open_needs_twenty_and_no_other)
{
	struct about closed = { ABOUT_TCP, 99 };
	struct ledger *l = with_open_ports(19);

	derive_host(l, HOST);
	ck_assert_str_eq(derived(l, FACT_HOST_EVERY_PORT_OPEN), "");
	ledger_free(l);
	l = with_open_ports(20);
	add(l, closed, FACT_PORT_STATE, "unprobed", 2);
	derive_host(l, HOST);
	ck_assert_str_eq(derived(l, FACT_HOST_EVERY_PORT_OPEN), "yes");
	ledger_free(l);
	l = with_open_ports(30);
	add(l, closed, FACT_PORT_STATE, "closed", 2);
	derive_host(l, HOST);
	ck_assert_str_eq(derived(l, FACT_HOST_EVERY_PORT_OPEN), "");
	ledger_free(l);
	l = with_open_ports(30);
	add(l, on_host, FACT_PORTS_FILTERED, "7", 2);
	derive_host(l, HOST);
	ck_assert_str_eq(derived(l, FACT_HOST_EVERY_PORT_OPEN), "");
	ledger_free(l);
}
END_TEST

/* Ten open ports are enough where most are strange as well. */
START_TEST(few_ports_all_open_and_strange)
{
	for (unsigned strange = 7; strange <= 8; strange++) {
		for (unsigned open = 9; open <= 10; open++) {
			struct ledger *l = with_open_ports(open);
			bool is_trap = strange == 8 && open == 10;

			for (unsigned i = 0; i < strange; i++) {
				struct about about = { ABOUT_TCP,
					(uint16_t)(100 + i) };

				add(l, about, FACT_PORT_MANNER, "mute", 2);
			}
			derive_host(l, HOST);
			ck_assert_str_eq(derived(l, FACT_HOST_EVERY_PORT_OPEN),
			    is_trap ? "yes" : "");
			ledger_free(l);
		}
	}
}
END_TEST

/* So are ten among which are four that have nothing to do with each other. */
START_TEST(few_ports_all_open_and_unrelated)
{
	static const uint16_t ports[] = { 1600, 2345, 4006, 5678 };

	for (size_t n = 3; n <= 4; n++) {
		struct ledger *l = with_open_ports((unsigned)(10 - n));

		for (size_t i = 0; i < n; i++) {
			struct about about = { ABOUT_TCP, ports[i] };

			add(l, about, FACT_PORT_STATE, "open", 2);
		}
		derive_host(l, HOST);
		ck_assert_str_eq(
		    derived(l, FACT_HOST_EVERY_PORT_OPEN), n == 4 ? "yes" : "");
		ledger_free(l);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { reads_the_rhythm_of_the_note,
		claims_no_period_of_two_beacons,
		survives_losses_copies_and_a_restart,
		random_ports_still_have_a_period,
		ignores_beacons_it_cannot_read, counts_reserved_listeners_once,
		finds_the_step_of_sequence_numbers, tells_kinds_of_ip_id,
		every_port_open_needs_twenty_and_no_other,
		few_ports_all_open_and_strange,
		few_ports_all_open_and_unrelated, NULL };

	return unit_run("derive", tests);
}
