/* SPDX-License-Identifier: ISC */
/* changes - what is a change, and what only looks like one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/inventory/changes.h"
#include "scanner/inventory/fields.h"
#include "t/unit.h"

enum { MOST = 16 };

static struct fact old[MOST], seen[MOST];
static const struct fact *old_list[MOST], *seen_list[MOST];
static int64_t ids[MOST];
static size_t old_len, seen_len;
static struct pool *pool;
static struct balance b;

static void
setup(void)
{
	old_len = seen_len = 0;
	pool_free(pool);
	pool = pool_new();
	balance_clear(&b);
}

static struct fact
fact(const char *about, enum fact_key key, const char *value)
{
	struct fact f = {
		.address = 1, .key = key, .value = value, .probe = "test"
	};

	ck_assert(about_parse(about, &f.about));
	return f;
}

static void
was(const char *about, enum fact_key key, const char *value)
{
	old[old_len] = fact(about, key, value);
	ids[old_len] = (int64_t)old_len + 1;
	old_list[old_len] = &old[old_len];
	old_len++;
}

static void
is(const char *about, enum fact_key key, const char *value)
{
	seen[seen_len] = fact(about, key, value);
	seen_list[seen_len] = &seen[seen_len];
	seen_len++;
}

static void
weigh(void)
{
	ck_assert(balance_make(
	    old_list, ids, old_len, seen_list, seen_len, true, pool, &b));
}

static size_t
fates(enum fact_fate fate)
{
	size_t n = 0;

	for (size_t i = 0; i < b.facts_len; i++)
		n += b.facts[i].fate == fate;
	return n;
}

static void
changed(const char *field, const char *before, const char *after)
{
	ck_assert_uint_eq(b.changes_len, 1);
	ck_assert_str_eq(b.changes[0].field, field);
	ck_assert_str_eq(b.changes[0].was, before);
	ck_assert_str_eq(b.changes[0].now, after);
}

START_TEST(another_answer_is_a_change)
{
	setup();
	was("tcp/21", FACT_FTP_GREETING, "220 a FTP server (SunOS 4.1)");
	is("tcp/21", FACT_FTP_GREETING, "220 a FTP server (SunOS 4.2)");
	weigh();
	changed("tcp/21 ftp.greeting", "220 a FTP server (SunOS 4.1)",
	    "220 a FTP server (SunOS 4.2)");
	ck_assert_uint_eq(fates(FACT_ENDED), 1);
	ck_assert_uint_eq(fates(FACT_ADDED), 1);
}
END_TEST

/* An upgrade is told once, and a table of ours that learnt more is no change. */
START_TEST(a_conclusion_is_no_change)
{
	setup();
	was("tcp/104", FACT_DICOM_VERSION, "OFFIS_DCMTK_367");
	was("tcp/104", FACT_DICOM_TOOLKIT, "DCMTK 3.6.7");
	was("host", FACT_ADVANTAGENET_STATION, "IC0");
	was("host", FACT_ADVANTAGENET_ROLE, "unknown");
	is("tcp/104", FACT_DICOM_VERSION, "OFFIS_DCMTK_368");
	is("tcp/104", FACT_DICOM_TOOLKIT, "DCMTK 3.6.8");
	is("tcp/104", FACT_DICOM_MAKER, "OFFIS");
	is("host", FACT_ADVANTAGENET_STATION, "IC0");
	is("host", FACT_ADVANTAGENET_ROLE, "operator-console");
	weigh();
	changed("tcp/104 dicom.implementation_version", "OFFIS_DCMTK_367",
	    "OFFIS_DCMTK_368");
	ck_assert_uint_eq(fates(FACT_DROPPED), 2);
	ck_assert_uint_eq(fates(FACT_ADDED), 4);
}
END_TEST

START_TEST(no_answer_is_none)
{
	setup();
	was("tcp/21", FACT_FTP_GREETING, "220 a");
	was("tcp/21", FACT_PORT_STATE, "open");
	was("tcp/104", FACT_DICOM_VERSION, "V1");
	is("tcp/104", FACT_DICOM_VERSION, "V1");
	is("host", FACT_PORTS_FILTERED, "21");
	weigh();
	ck_assert_uint_eq(b.changes_len, 0);
	ck_assert_uint_eq(fates(FACT_STAYS), 2);
	ck_assert_uint_eq(fates(FACT_SEEN), 1);
	ck_assert_uint_eq(fates(FACT_ENDED), 0);
}
END_TEST

START_TEST(what_is_learnt_is_no_change)
{
	setup();
	was("tcp/21", FACT_PORT_STATE, "open");
	is("tcp/21", FACT_PORT_STATE, "open");
	is("tcp/104", FACT_PORT_STATE, "open");
	is("tcp/104", FACT_DICOM_VERSION, "V1");
	weigh();
	ck_assert_uint_eq(b.changes_len, 0);
	ck_assert_uint_eq(fates(FACT_ADDED), 2);
}
END_TEST

START_TEST(the_time_of_day_is_no_change)
{
	static const char *const pairs[][2] = {
		{ "220 a ESMTP Sendmail 8.6; Sun, 1 Nov 1998 22:04:11 +0100",
		    "220 a ESMTP Sendmail 8.6; Mon, 2 Nov 1998 22:05:59 "
		    "+0100" },
		{ "220 a FTP (Tue Nov  3 09:00:01 1998)",
		    "220 a FTP (Wed Nov 11 10:10:10 1998)" },
		{ "+OK POP3 <1896.697170952@a>",
		    "+OK POP3 <1921.697258123@a>" },
		{ "ready 1998-11-01", "ready 1999-02-28" },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		setup();
		was("tcp/25", FACT_SMTP_GREETING, pairs[i][0]);
		is("tcp/25", FACT_SMTP_GREETING, pairs[i][1]);
		weigh();
		ck_assert_msg(b.changes_len == 0, "%s", pairs[i][0]);
		/* And no new row either. */
		ck_assert_uint_eq(fates(FACT_SEEN), 1);
		ck_assert_uint_eq(b.facts_len, 1);
	}
	/* A version is none. */
	ck_assert(!field_equal(FACT_FTP_GREETING, "FTP 4.1.3", "FTP 4.1.4"));
	ck_assert(!field_equal(FACT_FTP_GREETING, "10.1.2.3", "10.1.2.4"));
	ck_assert(!field_equal(FACT_FTP_GREETING, "Solaris 7", "Solaris 8"));
	ck_assert(!field_equal(FACT_FTP_GREETING, "March", "Marcha"));
}
END_TEST

START_TEST(a_rebooted_console_is_the_same)
{
	setup();
	was("udp/111", FACT_RPC_PORTMAPPER, "udp");
	was("tcp/655", FACT_RPC_PROGRAM, "100004 ypserv v1-2");
	was("tcp/655", FACT_PORT_STATE, "open");
	was("tcp/655", FACT_RPC_ANSWERED, "100004 ypserv v1-2");
	was("tcp/670", FACT_RPC_SPEAKS, "yes"); /* the map lists it not */
	was("tcp/670", FACT_PORT_STATE, "open");
	is("udp/111", FACT_RPC_PORTMAPPER, "udp");
	is("tcp/702", FACT_RPC_PROGRAM, "100004 ypserv v1-2");
	is("tcp/702", FACT_PORT_STATE, "open");
	is("host", FACT_PORTS_CLOSED, "655,670");
	weigh();
	ck_assert_uint_eq(b.changes_len, 0);
	ck_assert_uint_eq(fates(FACT_DROPPED), 5);
	ck_assert_uint_eq(fates(FACT_ENDED), 0);
}
END_TEST

START_TEST(another_program_is_a_change)
{
	setup();
	was("tcp/655", FACT_RPC_PROGRAM, "100004 ypserv v1-2");
	is("tcp/702", FACT_RPC_PROGRAM, "100004 ypserv v1-2");
	is("tcp/703", FACT_RPC_PROGRAM, "100017 rexd v1");
	weigh();
	changed("rpc.program", "100004 ypserv v1-2",
	    "100004 ypserv v1-2; 100017 rexd v1");
}
END_TEST

START_TEST(a_port_that_closed_or_opened_is_one)
{
	setup();
	was("tcp/23", FACT_PORT_STATE, "open");
	was("tcp/23", FACT_TELNET_GREETING, "login:");
	is("host", FACT_PORTS_CLOSED, "20-25");
	weigh();
	changed("tcp/23", "open", "closed");
	ck_assert_uint_eq(fates(FACT_ENDED), 2);
	setup();
	was("host", FACT_PORTS_CLOSED, "20-25");
	is("tcp/23", FACT_PORT_STATE, "open");
	is("host", FACT_PORTS_CLOSED, "20-22,24-25");
	weigh();
	changed("tcp/23", "closed", "open");
}
END_TEST

/* Lists of closed ports that differ by what was lost are one list. */
START_TEST(closed_ports_add_up)
{
	setup();
	was("host", FACT_PORTS_CLOSED, "20-25,80");
	is("host", FACT_PORTS_CLOSED, "22,443");
	weigh();
	ck_assert_uint_eq(b.changes_len, 0);
	ck_assert_uint_eq(b.facts_len, 1);
	ck_assert_int_eq(b.facts[0].fate, FACT_SEEN);
	ck_assert_str_eq(b.facts[0].now.value, "20-25,80,443");
}
END_TEST

START_TEST(what_passes_is_replaced_in_silence)
{
	setup();
	was("tcp/104", FACT_TCP_WINDOW, "4096");
	was("host", FACT_LISTEN_SECONDS, "120");
	is("tcp/104", FACT_TCP_WINDOW, "8192");
	is("tcp/104", FACT_TCP_ISN, "12345");
	weigh();
	ck_assert_uint_eq(b.changes_len, 0);
	ck_assert_uint_eq(fates(FACT_DROPPED), 1);
	ck_assert_uint_eq(fates(FACT_STAYS), 1);
	ck_assert_uint_eq(fates(FACT_ADDED), 1);
}
END_TEST

static char told[512];

static void
tell(void *arg, enum change_kind kind, const char *alert)
{
	(void)arg;
	snprintf(told + strlen(told), sizeof(told) - strlen(told), "%s: %s\n",
	    change_text(kind), alert);
}

START_TEST(alerts_come_and_go)
{
	told[0] = '\0';
	changes_of_alerts("a\nbb", "bb\nccc", tell, NULL);
	ck_assert_str_eq(told, "alert raised: ccc\nalert cleared: a\n");
	told[0] = '\0';
	changes_of_alerts("a", "a", tell, NULL);
	changes_of_alerts("", "", tell, NULL);
	ck_assert_str_eq(told, "");
}
END_TEST

START_TEST(many_events_come_to_few)
{
	const struct told_change events[] = {
		{ 1, CHANGE_NEW, "", "", "" },
		{ 2, CHANGE_CHANGED, "mac", "A", "B" },
		{ 2, CHANGE_CHANGED, "mac", "B", "C" },
		{ 3, CHANGE_CHANGED, "tcp/23", "closed", "open" },
		{ 3, CHANGE_CHANGED, "tcp/23", "open", "closed" },
		{ 4, CHANGE_GONE, "", "", "silent" },
		{ 4, CHANGE_BACK, "", "", "" },
		{ 1, CHANGE_GONE, "", "", "silent" },
		{ 5, CHANGE_MOVED, "address", "10.0.0.1", "10.0.0.2" },
		{ 6, CHANGE_RAISED, "alert", "", "x" },
		{ 6, CHANGE_CLEARED, "alert", "x", "" },
		{ 6, CHANGE_RAISED, "alert", "", "y" },
	};
	struct net_change out[12];

	ck_assert_uint_eq(changes_net(events, 12, out), 3);
	ck_assert_int_eq(out[0].asset, 2);
	ck_assert_str_eq(out[0].was, "A");
	ck_assert_str_eq(out[0].now, "C");
	ck_assert_int_eq(out[1].asset, 5);
	ck_assert_str_eq(out[2].now, "y");
}
END_TEST

START_TEST(sets_of_ports_there_and_back)
{
	struct port_set *set = calloc(1, sizeof(*set));
	char text[FACT_VALUE_MAX];

	port_set_add_text(set, "1-3,7,65535");
	ck_assert(port_set_has(set, 2) && port_set_has(set, 65535));
	ck_assert(!port_set_has(set, 4));
	ck_assert_str_eq(port_set_text(set, text), "1-3,7,65535");
	port_set_remove(set, 2);
	ck_assert_str_eq(port_set_text(set, text), "1,3,7,65535");
	/* Cut off, as text_ports() does. */
	memset(set, 0, sizeof(*set));
	port_set_add_text(set, "5,9,...");
	ck_assert_str_eq(port_set_text(set, text), "5,9");
	free(set);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { another_answer_is_a_change,
		a_conclusion_is_no_change, no_answer_is_none,
		what_is_learnt_is_no_change, the_time_of_day_is_no_change,
		a_rebooted_console_is_the_same, another_program_is_a_change,
		a_port_that_closed_or_opened_is_one, closed_ports_add_up,
		what_passes_is_replaced_in_silence, alerts_come_and_go,
		many_events_come_to_few, sets_of_ports_there_and_back, NULL };

	return unit_run("changes", tests);
}
