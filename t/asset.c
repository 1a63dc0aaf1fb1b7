/* SPDX-License-Identifier: ISC */
/* asset - which facts are of one device, its ports, names, verdict, alerts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/asset.h"
#include "t/unit.h"

static const uint32_t one = 0x0a140004, other = 0x0a140005;
static const struct about on_host = { ABOUT_HOST, 0 };
static const struct mac sun = { { 0x08, 0x00, 0x20, 1, 2, 3 } };

static struct ledger *ledger;
static struct assets *assets;
static int64_t now;

static void
add_full(uint32_t address, struct mac mac, struct about about,
    enum fact_key key, const char *value, const char *probe, bool by_talk)
{
	struct fact f = { .address = address,
		.mac = mac,
		.about = about,
		.key = key,
		.value = value,
		.probe = probe,
		.time_ns = ++now,
		.evidence = { .kind = by_talk ? EVIDENCE_TALK : EVIDENCE_FRAME,
		    .number = 1 } };

	ledger_add(ledger, &f);
}

static void
add(uint32_t address, const char *about, enum fact_key key, const char *value)
{
	struct about a;

	ck_assert(about_parse(about, &a));
	add_full(address, (struct mac){ { 0 } }, a, key, value, "test",
	    a.kind == ABOUT_TCP);
}

static void
add_arp(uint32_t address, struct mac mac)
{
	add_full(address, mac, on_host, FACT_HOST_ALIVE, "arp", "arp", false);
}

/* A fingerprint of one clue, strong enough to be confirmed with its second. */
static struct clue clues[] = {
	{ .name = "beacon",
	    .group = "beacon",
	    .when = { .key = FACT_ADVANTAGENET_SUITE,
		.port_last = 65535,
		.count_min = 1 },
	    .weight = 40 },
	{ .name = "nis",
	    .group = "nis",
	    .when = { .key = FACT_NIS_YPSERV,
		.port_last = 65535,
		.count_min = 1 },
	    .weight = 20 },
};
static struct fingerprint console = { .id = "console",
	.name = "A console",
	.kind = "console",
	.prior = -30,
	.clues = clues,
	.clues_len = 2 };
static struct fingerprints known = { .items = &console, .len = 1 };

static const struct asset *
build(size_t expected)
{
	assets_free(assets);
	assets = assets_build(ledger, &known);
	ck_assert_ptr_nonnull(assets);
	ck_assert_uint_eq(assets->len, expected);
	return assets->items;
}

static bool
has_alert(const struct asset *a, const char *piece)
{
	for (size_t i = 0; i < a->alerts_len; i++)
		if (strstr(a->alerts[i], piece) != NULL)
			return true;
	return false;
}

static const struct asset_port *
port_of(const struct asset *a, const char *text)
{
	char about[ABOUT_TEXT];

	for (size_t i = 0; i < a->ports_len; i++)
		if (strcmp(about_text(a->ports[i].about, about), text) == 0)
			return &a->ports[i];
	return NULL;
}

static void
setup(void)
{
	ledger_free(ledger);
	ledger = ledger_new();
	now = 0;
}

START_TEST(nothing_gives_nothing)
{
	setup();
	build(0);
	assets_free(NULL);
}
END_TEST

START_TEST(standing_tells_who_spoke)
{
	setup();
	add_arp(1, sun);
	add(1, "host", FACT_PORTS_FILTERED, "1-1000");
	add(2, "udp/1600", FACT_UDP_CHECKSUM_OFF, "yes");
	add(3, "host", FACT_PORTS_CLOSED, "21");
	add(4, "host", FACT_HOST_ALIVE, "icmp");
	add(5, "tcp/104", FACT_PORT_STATE, "open");
	add(6, "host", FACT_HOST_EXCLUDED, "a patient monitor's MAC");
	add(7, "tcp/104", FACT_PORT_STATE, "filtered");
	build(7);
	ck_assert_int_eq(assets->items[0].standing, ASSET_SILENT);
	ck_assert_int_eq(assets->items[1].standing, ASSET_HEARD);
	ck_assert_int_eq(assets->items[2].standing, ASSET_ANSWERED);
	ck_assert_int_eq(assets->items[3].standing, ASSET_ANSWERED);
	ck_assert_int_eq(assets->items[4].standing, ASSET_ANSWERED);
	ck_assert_int_eq(assets->items[5].standing, ASSET_EXCLUDED);
	ck_assert(has_alert(&assets->items[5], "left alone"));
	/* asked over TCP, and never a word */
	ck_assert_str_eq(
	    asset_standing_text(assets->items[6].standing), "silent");
}
END_TEST

START_TEST(one_mac_told_by_arp_is_one_device)
{
	const struct asset *a;

	setup();
	add_arp(other, sun);
	add_arp(one, sun);
	add(one, "tcp/21", FACT_PORT_STATE, "open");
	add(other, "tcp/23", FACT_PORT_STATE, "open");
	a = build(1);
	ck_assert_uint_eq(a->address, one);
	ck_assert_uint_eq(a->addresses_len, 2);
	ck_assert_uint_eq(a->addresses[1], other);
	ck_assert_uint_eq(a->ports_len, 2);
	ck_assert_uint_eq(a->facts_len, 4);
	for (size_t i = 1; i < a->facts_len; i++)
		ck_assert_int_lt(
		    a->facts[i - 1]->time_ns, a->facts[i]->time_ns);
	ck_assert(has_alert(a, "10.20.0.4, 10.20.0.5"));
}
END_TEST

START_TEST(a_routers_mac_joins_nobody)
{
	setup();
	/* frames from behind a router */
	add_full(one, sun, on_host, FACT_ICMP_ECHO_TTL, "59", "icmp", false);
	add_full(other, sun, on_host, FACT_ICMP_ECHO_TTL, "59", "icmp", false);
	build(2);
	/* a router that answers ARP for others */
	setup();
	for (uint32_t i = 0; i < 5; i++)
		add_arp(one + i, sun);
	build(5);
	/* no MAC at all */
	setup();
	add_arp(one, (struct mac){ { 0 } });
	add_arp(other, (struct mac){ { 0 } });
	build(2);
}
END_TEST

START_TEST(two_macs_for_one_address_need_a_person)
{
	const struct mac stranger = { { 2, 2, 2, 2, 2, 2 } };
	const struct asset *a;

	setup();
	add_arp(one, sun);
	add_full(
	    one, stranger, on_host, FACT_ICMP_ECHO_TTL, "64", "icmp", false);
	a = build(1);
	ck_assert(mac_equal(a->mac, sun));
	ck_assert(has_alert(a, "02:02:02:02:02:02"));
}
END_TEST

START_TEST(ports_say_what_was_heard)
{
	const struct asset *a;

	setup();
	add(one, "tcp/658", FACT_RPC_PROGRAM, "100004 ypserv v1-2");
	add(one, "tcp/658", FACT_PORT_STATE, "open");
	add(one, "tcp/658", FACT_RPC_SPEAKS, "yes");
	add(one, "tcp/658", FACT_RPC_ANSWERED, "100004 ypserv v2");
	add(one, "udp/657", FACT_RPC_PROGRAM, "100004 ypserv v1-2");
	add(one, "tcp/104", FACT_PORT_STATE, "open");
	add(one, "tcp/104", FACT_PORT_SPEAKS, "dicom");
	add(one, "tcp/104", FACT_DICOM_CLASS_UID, "1.2.840.113619.6.5");
	add(one, "tcp/104", FACT_DICOM_VERSION, "1_2_5");
	add(one, "tcp/9100", FACT_PORT_STATE, "unprobed");
	add(one, "udp/111", FACT_PORT_STATE, "open|filtered");
	add(one, "tcp/700", FACT_RPC_PROGRAM, "395648 v1");
	add(one, "tcp/22", FACT_TCP_WINDOW, "4096");
	a = build(1);
	ck_assert_uint_eq(a->ports_len, 7);
	ck_assert_uint_eq(a->ports[0].about.port, 22);
	ck_assert_int_eq(a->ports[0].state, PORT_OPEN);
	ck_assert_str_eq(port_of(a, "tcp/104")->service, "dicom");
	ck_assert_str_eq(
	    port_of(a, "tcp/104")->product, "1_2_5, class 1.2.840.113619.6.5");
	ck_assert_str_eq(port_of(a, "tcp/658")->service, "rpc");
	ck_assert_str_eq(port_of(a, "tcp/658")->product, "ypserv v2");
	ck_assert_int_eq(port_of(a, "tcp/658")->state, PORT_OPEN);
	ck_assert_str_eq(port_of(a, "udp/657")->service, "");
	ck_assert_str_eq(port_of(a, "udp/657")->product, "ypserv v1-2");
	ck_assert_int_eq(port_of(a, "udp/657")->state, PORT_UNPROBED);
	ck_assert_str_eq(port_of(a, "tcp/700")->product, "395648 v1");
	ck_assert_int_eq(port_of(a, "tcp/9100")->state, PORT_UNPROBED);
	ck_assert_int_eq(port_of(a, "udp/111")->state, PORT_OPEN_FILTERED);
}
END_TEST

START_TEST(few_closed_ports_are_listed_many_are_not)
{
	const struct asset *a;

	setup();
	add(one, "tcp/104", FACT_PORT_STATE, "open");
	add(one, "host", FACT_PORTS_CLOSED, "21,600-602");
	add(one, "host", FACT_PORTS_FILTERED, "5000");
	a = build(1);
	ck_assert_uint_eq(a->ports_len, 6);
	ck_assert_int_eq(port_of(a, "tcp/601")->state, PORT_CLOSED);
	ck_assert_int_eq(port_of(a, "tcp/5000")->state, PORT_FILTERED);
	setup();
	add(one, "tcp/104", FACT_PORT_STATE, "open");
	add(one, "host", FACT_PORTS_CLOSED, "21,600-632");
	ck_assert_uint_eq(build(1)->ports_len, 1);
	/* lists that were cut, or are none */
	setup();
	add(one, "host", FACT_PORTS_CLOSED, "21,...");
	add(other, "host", FACT_PORTS_CLOSED, "1-99999");
	add(other + 1, "host", FACT_PORTS_CLOSED, "9-1");
	add(other + 2, "host", FACT_PORTS_CLOSED, "1-");
	build(4);
	for (size_t i = 0; i < 4; i++)
		ck_assert_uint_eq(assets->items[i].ports_len, 0);
}
END_TEST

/* Of a host with very many open ports they are told as ranges, in pieces; what
 * is known of single ones beside that stays. */
START_TEST(open_ports_told_as_ranges_are_all_listed)
{
	const struct asset *a;

	setup();
	add(one, "tcp/104", FACT_PORT_STATE, "open");
	add(one, "tcp/104", FACT_PORT_SPEAKS, "dicom");
	add(one, "host", FACT_PORTS_OPEN, "21,104,1000-20000");
	add(one, "host", FACT_PORTS_OPEN, "20001-60000,65535");
	add(one, "host", FACT_PORTS_CLOSED, "22-99");
	a = build(1);
	ck_assert_uint_eq(a->ports_len, 3 + 59001);
	ck_assert_str_eq(port_of(a, "tcp/104")->service, "dicom");
	ck_assert_int_eq(port_of(a, "tcp/21")->state, PORT_OPEN);
	ck_assert_int_eq(port_of(a, "tcp/20001")->state, PORT_OPEN);
	ck_assert_int_eq(port_of(a, "tcp/65535")->state, PORT_OPEN);
	for (size_t i = 1; i < a->ports_len; i++)
		if (a->ports[i].about.port <= a->ports[i - 1].about.port)
			ck_abort_msg("ports are out of order");
}
END_TEST

START_TEST(states_have_names_both_ways)
{
	for (int i = PORT_UNPROBED; i <= PORT_OPEN_FILTERED; i++)
		ck_assert_int_eq(
		    port_state_find(port_state_text((enum port_state)i)), i);
	ck_assert_int_eq(port_state_find("ajar"), PORT_UNPROBED);
}
END_TEST

START_TEST(names_come_from_beacons_and_greetings)
{
	const struct asset *a;

	setup();
	add(one, "udp/1600", FACT_ADVANTAGENET_SUITE, "NMR1");
	add(one, "udp/1600", FACT_ADVANTAGENET_STATION, "IC0");
	add(one, "tcp/21", FACT_FTP_GREETING,
	    "220 ic1 FTP server (SunOS 4.1) ready.");
	add(one, "tcp/23", FACT_TELNET_GREETING, "SunOS UNIX (ic1)");
	add(one, "tcp/2121", FACT_FTP_GREETING, "220 <script> FTP server");
	add(one, "tcp/2122", FACT_FTP_GREETING, " FTP server");
	add(one, "tcp/2123", FACT_TELNET_GREETING, "IRIX (mr2");
	a = build(1);
	ck_assert_uint_eq(a->names_len, 2);
	ck_assert_str_eq(a->names[0], "NMR1/IC0");
	ck_assert_str_eq(a->names[1], "ic1");
	setup();
	for (int i = 0; i < 20; i++) {
		char text[64];

		snprintf(text, sizeof(text), "220 h%d FTP server", i);
		add(one, "tcp/21", FACT_FTP_GREETING, text);
	}
	ck_assert_uint_eq(build(1)->names_len, ASSET_NAMES_MAX);
}
END_TEST

START_TEST(newer_protocols_name_ports_and_hosts)
{
	const struct asset *a;
	const struct asset_port *port;

	setup();
	add(one, "tcp/443", FACT_TLS_VERSION, "TLSv1.2");
	add(one, "tcp/80", FACT_PORT_SPEAKS, "http");
	add(one, "tcp/80", FACT_HTTP_SERVER, "nginx/1.22.1");
	add(one, "tcp/80", FACT_HTTP_TITLE, "A page");
	add(one, "udp/161", FACT_SNMP_SYSDESCR, "SunOS");
	add(one, "udp/161", FACT_SNMP_SYSNAME, "oc1");
	add(one, "udp/137", FACT_NETBIOS_NAME, "REVIEW1");
	a = build(1);
	ck_assert_uint_eq(a->names_len, 2);
	ck_assert_str_eq(a->names[0], "oc1");
	ck_assert_str_eq(a->names[1], "REVIEW1");
	port = port_of(a, "tcp/443");
	ck_assert_str_eq(port->service, "tls");
	port = port_of(a, "tcp/80");
	ck_assert_str_eq(port->service, "http");
	ck_assert_str_eq(port->product, "nginx/1.22.1");
	port = port_of(a, "udp/161");
	ck_assert_str_eq(port->product, "SunOS");
}
END_TEST

START_TEST(silence_gets_no_verdict)
{
	const struct asset *a;

	setup();
	add(one, "udp/1600", FACT_ADVANTAGENET_SUITE, "NMR1");
	add(one, "tcp/658", FACT_NIS_YPSERV, "yes");
	add_arp(other, sun);
	a = build(2);
	ck_assert_int_eq(asset_grade(&a[0]), GRADE_CONFIRMED);
	ck_assert_str_eq(asset_fingerprint(&a[0])->id, "console");
	ck_assert_uint_eq(a[1].verdicts_len, 0);
	ck_assert_int_eq(asset_grade(&a[1]), GRADE_NONE);
	ck_assert_ptr_null(asset_fingerprint(&a[1]));
}
END_TEST

START_TEST(an_implementation_is_named)
{
	const struct asset *a;

	setup();
	add(one, "tcp/104", FACT_DICOM_CLASS_UID, "1.3.6.1.4.1.24930.1");
	add(one, "tcp/104", FACT_DICOM_VERSION, "DCMTK360_synedra");
	add(one, "tcp/104", FACT_DICOM_MAKER, "synedra");
	add(one, "tcp/104", FACT_DICOM_PRODUCT, "AIM");
	add(one, "tcp/104", FACT_DICOM_TOOLKIT, "DCMTK 3.6.0");
	add(one, "tcp/105", FACT_DICOM_VERSION, "MR_VB17A");
	add(one, "tcp/105", FACT_DICOM_PRODUCT, "MAGNETOM");
	add(one, "tcp/105", FACT_DICOM_PRODUCT_VERSION, "syngo MR VB17A");
	add(one, "tcp/106", FACT_DICOM_CLASS_UID, "1.2.276.0.7230010.3.0");
	add(one, "tcp/106", FACT_DICOM_TOOLKIT, "DCMTK");
	a = build(1);
	ck_assert_str_eq(port_of(a, "tcp/104")->product,
	    "synedra AIM on DCMTK 3.6.0: DCMTK360_synedra, class "
	    "1.3.6.1.4.1.24930.1");
	ck_assert_str_eq(port_of(a, "tcp/105")->product,
	    "MAGNETOM syngo MR VB17A: MR_VB17A");
	ck_assert_str_eq(port_of(a, "tcp/106")->product,
	    "DCMTK: class 1.2.276.0.7230010.3.0");
}
END_TEST

START_TEST(what_needs_a_person_is_said)
{
	const struct asset *a;

	setup();
	add(one, "host", FACT_HOST_EVERY_PORT_OPEN, "yes");
	add(one, "host", FACT_HOST_TARPIT, "yes");
	add(one, "host", FACT_HOST_HALTED, "two silences");
	add(one, "tcp/1600", FACT_PORT_STATE, "open");
	add(one, "tcp/104", FACT_DICOM_OUTCOME, "accepted");
	add(one, "tcp/104", FACT_DICOM_BROKEN, "PDU of 9 bytes cut");
	add(one, "tcp/700", FACT_RPC_PROGRAM, "100017 rexd v1");
	add(one, "tcp/658", FACT_NIS_YPSERV, "yes");
	a = build(1);
	ck_assert(has_alert(a, "every port"));
	ck_assert(has_alert(a, "tarpit"));
	ck_assert(has_alert(a, "two silences"));
	ck_assert(has_alert(a, "tcp/1600"));
	ck_assert(has_alert(a, "tcp/104 accepted"));
	ck_assert(has_alert(a, "dicom.broken: PDU of 9 bytes cut"));
	ck_assert(has_alert(a, "rexd"));
	ck_assert(has_alert(a, "serves NIS"));
	ck_assert(!has_alert(a, "nothing told"));
}
END_TEST

START_TEST(what_its_kind_should_not_offer)
{
	const struct asset *a;

	setup();
	add(one, "udp/1600", FACT_ADVANTAGENET_SUITE, "NMR1");
	add(one, "tcp/658", FACT_NIS_YPSERV, "yes");
	add(one, "tcp/23", FACT_PORT_SPEAKS, "telnet");
	add(one, "tcp/104", FACT_PORT_SPEAKS, "dicom");
	add(one, "tcp/110", FACT_PORT_SPEAKS, "pop3");
	add(one, "tcp/723", FACT_RPC_PROGRAM, "100005 mountd v1");
	add(one, "tcp/1600", FACT_PORT_STATE, "open");
	add(other, "tcp/110", FACT_PORT_SPEAKS, "pop3");
	add(other, "tcp/1600", FACT_PORT_STATE, "open");
	a = build(2);
	ck_assert(has_alert(&a[0], "tcp/110 speaks pop3, which a device of"));
	ck_assert(!has_alert(&a[0], "speaks dicom"));
	ck_assert(!has_alert(&a[0], "speaks telnet, which"));
	ck_assert(has_alert(&a[0], "tcp/23: telnet is offered"));
	ck_assert(has_alert(&a[0], "exports file systems by NFS"));
	ck_assert(has_alert(&a[0], "UDP (it sends them as well)"));
	/* nobody knows what that one is, so nothing is out of place on it */
	ck_assert(!has_alert(&a[1], "speaks pop3"));
	ck_assert(has_alert(&a[1], "UDP (none was heard from it)"));
	/* each says by which fact */
	for (size_t i = 0; i < a[0].alerts_len; i++)
		ck_assert_msg(strstr(a[0].alerts[i], "(by ") != NULL, "%s",
		    a[0].alerts[i]);
}
END_TEST

START_TEST(a_call_outside_its_own_network)
{
	static const struct {
		const char *called; /* by 10.20.0.4 */
		bool is_own;
	} calls[] = {
		{ "10.20.0.0", true },     /* /24, or /29 */
		{ "10.20.0.255", true },   /* /24 */
		{ "10.20.0.7", true },     /* /29 */
		{ "10.20.255.255", true }, /* /16 */
		{ "10.0.0.0", true },      /* /8 */
		{ "255.255.255.255", true },
		{ "10.20.1.0", false },
		{ "10.20.1.255", true }, /* /23 */
		{ "10.20.2.255", false },
		{ "10.21.0.0", false },
		{ "192.0.2.0", false },
		{ "10.20.0.9", false },
	};

	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		setup();
		add(one, "udp/1600", FACT_ADVANTAGENET_CALLED, calls[i].called);
		ck_assert_msg(
		    has_alert(build(1), "by no netmask") != calls[i].is_own,
		    "%s", calls[i].called);
	}
}
END_TEST

START_TEST(what_is_well_needs_nobody)
{
	const struct asset *a;

	setup();
	add(one, "host", FACT_HOST_EVERY_PORT_OPEN, "no");
	add(one, "host", FACT_HOST_TARPIT, "no");
	add(one, "udp/1600", FACT_PORT_STATE, "open");
	add(one, "tcp/1600", FACT_PORT_STATE, "closed");
	add(one, "tcp/104", FACT_DICOM_OUTCOME, "rejected");
	add(one, "tcp/658", FACT_NIS_YPSERV, "no");
	a = build(1);
	ck_assert_uint_eq(a->alerts_len, 0);
}
END_TEST

START_TEST(a_console_explains_its_ports)
{
	const struct asset *a;

	setup();
	add(one, "udp/1600", FACT_ADVANTAGENET_SUITE, "NMR1");
	add(one, "tcp/658", FACT_NIS_YPSERV, "yes");
	add(one, "tcp/658", FACT_RPC_ANSWERED, "100004 ypserv v2");
	add(one, "tcp/658", FACT_PORT_STATE, "open");
	add(one, "tcp/31337", FACT_PORT_STATE, "open");
	a = build(1);
	ck_assert(has_alert(a, "nothing told what it is: tcp/31337"));
	ck_assert(!has_alert(a, "serves NIS"));
}
END_TEST

START_TEST(two_of_one_name_are_told_of_each_other)
{
	const struct asset *a;

	setup();
	for (uint32_t i = 0; i < 3; i++) {
		add(one + i, "udp/1600", FACT_ADVANTAGENET_SUITE, "NMR1");
		add(one + i, "udp/1600", FACT_ADVANTAGENET_STATION,
		    i < 2 ? "IC0" : "OC0");
	}
	a = build(3);
	ck_assert(has_alert(&a[0], "NMR1/IC0: 10.20.0.4, 10.20.0.5"));
	ck_assert(has_alert(&a[1], "NMR1/IC0: 10.20.0.4, 10.20.0.5"));
	ck_assert_uint_eq(a[2].alerts_len, 0);
}
END_TEST

START_TEST(a_host_without_end_stays_within_bounds)
{
	const struct asset *a;

	setup();
	for (unsigned i = 1; i <= FACTS_PER_HOST; i++) {
		char about[ABOUT_TEXT];

		snprintf(about, sizeof(about), "tcp/%u", i);
		add(one, about, FACT_DICOM_BROKEN, "nonsense");
	}
	a = build(1);
	ck_assert_uint_eq(a->facts_len, FACTS_PER_HOST);
	ck_assert_uint_le(a->alerts_len, 64);
	assets_free(assets);
	ledger_free(ledger);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { nothing_gives_nothing,
		standing_tells_who_spoke, one_mac_told_by_arp_is_one_device,
		a_routers_mac_joins_nobody,
		two_macs_for_one_address_need_a_person,
		ports_say_what_was_heard,
		few_closed_ports_are_listed_many_are_not,
		open_ports_told_as_ranges_are_all_listed,
		states_have_names_both_ways,
		names_come_from_beacons_and_greetings,
		newer_protocols_name_ports_and_hosts, silence_gets_no_verdict,
		an_implementation_is_named, what_needs_a_person_is_said,
		what_its_kind_should_not_offer, a_call_outside_its_own_network,
		what_is_well_needs_nobody, a_console_explains_its_ports,
		two_of_one_name_are_told_of_each_other,
		a_host_without_end_stays_within_bounds, NULL };

	return unit_run("asset", tests);
}
