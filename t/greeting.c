/* SPDX-License-Identifier: ISC */
/* greeting and connect: servers that speak first, and how they are left. */
#include "t/converse.h"

static struct converse c;
static const struct ask ask = { .cookie = 1, .port = 21 };

#define FTP "220 mri1 FTP server (SunOS 4.1) ready.\r\n"
#define TELNET                                                     \
	"\xff\xfd\x18\xff\xfa\x18\x01\xff\xf0\xff\xff\xff\xf1\r\n" \
	"SunOS UNIX (a)\r\nlogin: "
#define SMTP "220 mri1. Sendmail 4.1/SMI-4.1 ready at Mon, 3 Jan 00\r\n"

static enum step
hear(const struct probe *probe, const char *text)
{
	converse_open(&c, probe, &ask);
	ck_assert_int_eq(c.step, STEP_WAIT);
	ck_assert_uint_eq(c.said_len, 0);
	return converse_hear(&c, text, strlen(text));
}

START_TEST(ftp_is_read_and_left_with_quit)
{
	const struct probe *const both[] = { &probe_greeting, &probe_connect };

	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(hear(both[i], FTP), STEP_WAIT);
		converse_said(&c, "QUIT\r\n", 6);
		converse_expect(&c,
		    "tcp/21 ftp.greeting=220 mri1 FTP server (SunOS 4.1) "
		    "ready.\ntcp/21 port.speaks=ftp\n");
		ck_assert_int_eq(converse_hear(&c, "221 Good", 8), STEP_WAIT);
		ck_assert_uint_eq(c.said_len, 0);
		ck_assert_int_eq(converse_hear(&c, "bye.\r\n", 6), STEP_DONE);
		ck_assert_uint_eq(facts_count(c.facts), 2);
	}
}
END_TEST

START_TEST(greetings_are_told_apart)
{
	static const struct {
		const char *said, *speaks;
		enum fact_key key;
	} rows[] = {
		{ SMTP, "smtp", FACT_SMTP_GREETING },
		{ "220 ftp.ward.example ESMTP ready\r\n", "smtp",
		    FACT_SMTP_GREETING },
		{ "220 (vsFTPd 3.0.3)\r\n", "ftp", FACT_FTP_GREETING },
		{ "220 smtp-gw.ward.example FTP server\r\n", "ftp",
		    FACT_FTP_GREETING },
		{ "220-Welcome\r\n220 the FTP of the ward\r\n", "ftp",
		    FACT_FTP_GREETING },
		{ "220 ftp.ward.example ready\r\n", NULL, FACT_GREETING },
		{ "+OK ready\r\n", "pop3", FACT_POP3_GREETING },
		{ "* OK ready\r\n", "imap", FACT_IMAP_GREETING },
		{ "SSH-1.5-1.2.27\n", "ssh", FACT_SSH_GREETING },
		{ "beware\r\nSSH-2.0-OpenSSH_3.4\r\n", "ssh",
		    FACT_SSH_GREETING },
		{ "\r\nwho are you?\r\n", NULL, FACT_GREETING },
		{ "2200 is a year\r\n", NULL, FACT_GREETING },
		{ "RFB 003.008\n", "vnc", FACT_VNC_GREETING },
		{ "RFB is a radio\n", NULL, FACT_GREETING },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *speaks;

		hear(&probe_greeting, rows[i].said);
		ck_assert_int_eq(facts_at(c.facts, 0)->key, rows[i].key);
		speaks = facts_get(c.facts, FACT_PORT_SPEAKS);
		if (rows[i].speaks == NULL)
			ck_assert_ptr_null(speaks);
		else
			ck_assert_str_eq(speaks, rows[i].speaks);
	}
}
END_TEST

START_TEST(first_line_of_several_is_kept)
{
	ck_assert_int_eq(
	    hear(&probe_greeting, "220-mri1\r\n220-more\r\n"), STEP_WAIT);
	ck_assert_uint_eq(c.said_len, 0);
	converse_hear(&c, "220 FTP here\r\n", 14);
	converse_said(&c, "QUIT\r\n", 6);
	converse_expect(
	    &c, "tcp/21 ftp.greeting=220-mri1\ntcp/21 port.speaks=ftp\n");
	/* A server that never ends it is left all the same. */
	hear(&probe_greeting, "220-mri1 FTP\r\n220-more\r\n");
	ck_assert_int_eq(converse_turn(&c, TURN_QUIET), STEP_WAIT);
	converse_said(&c, "QUIT\r\n", 6);
	ck_assert_int_eq(converse_turn(&c, TURN_QUIET), STEP_DONE);
}
END_TEST

/* The first packet of a MySQL server; its end, and then its beginning, are
 * waited for. */
START_TEST(mysql_is_told_by_its_packet)
{
	static const uint8_t greets[] = { 13, 0, 0, 0, 10, '5', '.', '7', 0, 1,
		2, 3, 4, 'a', 'b', 'c', 'd' };
	static const uint8_t refuses[] = { 12, 0, 0, 0, 0xff, 0x6a, 4, 'G', 'o',
		' ', 'a', 'w', 'a', 'y', '!', '!' };
	static const uint8_t spoilt[] = { 13, 0, 0, 0, 10, '5', 0x80, '7', 0, 1,
		2, 3, 4, 'a', 'b', 'c', 'd' };

	converse_open(&c, &probe_greeting, &ask);
	ck_assert_int_eq(converse_hear(&c, greets, 16), STEP_WAIT);
	ck_assert_int_eq(converse_hear(&c, greets + 16, 1), STEP_DONE);
	ck_assert_uint_eq(c.said_len, 0);
	converse_expect(
	    &c, "tcp/21 mysql.greeting=5.7\ntcp/21 port.speaks=mysql\n");
	converse_open(&c, &probe_connect, &ask);
	ck_assert_int_eq(
	    converse_hear(&c, refuses, sizeof(refuses)), STEP_DONE);
	ck_assert_uint_eq(c.said_len, 0);
	converse_expect(&c,
	    "tcp/21 mysql.greeting=Go away!!\n"
	    "tcp/21 port.speaks=mysql\n");
	converse_open(&c, &probe_greeting, &ask);
	converse_hear(&c, spoilt, sizeof(spoilt));
	converse_turn(&c, TURN_QUIET);
	ck_assert_ptr_null(facts_get(c.facts, FACT_PORT_SPEAKS));
	converse_batter(&probe_greeting, &ask, greets, sizeof(greets));
	converse_batter(&probe_connect, &ask, refuses, sizeof(refuses));
}
END_TEST

START_TEST(vnc_is_left_without_a_word)
{
	ck_assert_int_eq(hear(&probe_greeting, "RFB 003.008\n"), STEP_DONE);
	ck_assert_uint_eq(c.said_len, 0);
	converse_expect(
	    &c, "tcp/21 vnc.greeting=RFB 003.008\ntcp/21 port.speaks=vnc\n");
}
END_TEST

START_TEST(an_old_ssh_is_left_without_a_word)
{
	ck_assert_int_eq(
	    hear(&probe_greeting, "SSH-2.0-OpenSSH_3.4p1\r\n"), STEP_DONE);
	ck_assert_uint_eq(c.said_len, 0);
	converse_expect(&c,
	    "tcp/21 ssh.greeting=SSH-2.0-OpenSSH_3.4p1\n"
	    "tcp/21 port.speaks=ssh\n");
}
END_TEST

START_TEST(goodbyes)
{
	hear(&probe_greeting, "* OK IMAP4\r\n");
	converse_said(&c, "a LOGOUT\r\n", 10);
	hear(&probe_greeting, "+OK pop\r\n");
	converse_said(&c, "QUIT\r\n", 6);
	/* On a port of unknown kind only what FTP and SMTP are owed. */
	ck_assert_int_eq(hear(&probe_connect, "+OK pop\r\n"), STEP_DONE);
	ck_assert_uint_eq(c.said_len, 0);
	ck_assert_int_eq(hear(&probe_connect, "220 ready\r\n"), STEP_DONE);
	ck_assert_uint_eq(c.said_len, 0);
}
END_TEST

START_TEST(silence_teaches_nothing)
{
	const struct probe *const both[] = { &probe_greeting, &probe_connect };

	for (int i = 0; i < 2; i++) {
		converse_open(&c, both[i], &ask);
		ck_assert_int_eq(converse_turn(&c, TURN_QUIET), STEP_DONE);
		ck_assert_uint_eq(c.said_len, 0);
		converse_expect(&c, "");
		converse_open(&c, both[i], &ask);
		ck_assert_int_eq(converse_turn(&c, TURN_EOF), STEP_DONE);
		converse_expect(&c, "");
	}
}
END_TEST

START_TEST(a_line_without_end_is_bounded)
{
	static char long_line[512];

	memset(long_line, 'A', sizeof(long_line));
	converse_open(&c, &probe_connect, &ask);
	ck_assert_int_eq(converse_hear(&c, long_line, 511), STEP_WAIT);
	ck_assert_int_eq(converse_hear(&c, long_line, 1), STEP_DONE);
	ck_assert_uint_eq(strlen(facts_get(c.facts, FACT_GREETING)), 512);
	/* Without an end, but silent: taken as it is, made printable. */
	hear(&probe_connect, "\x01hello");
	ck_assert_int_eq(converse_turn(&c, TURN_QUIET), STEP_DONE);
	converse_expect(&c, "tcp/21 greeting.line=\\x01hello\n");
}
END_TEST

START_TEST(connect_records_telnet_options_unanswered)
{
	ck_assert_int_eq(hear(&probe_connect, "\xff\xfd\x18"), STEP_DONE);
	ck_assert_uint_eq(c.said_len, 0);
	converse_expect(
	    &c, "tcp/21 port.speaks=telnet\ntcp/21 telnet.options=fffd18\n");
}
END_TEST

/* As SunOS 4.1 does it: nothing to read before the terminal type is known. */
START_TEST(telnet_is_negotiated_to_its_greeting)
{
	static const char banner[] = "\xff\xfb\x03\xff\xfd\x01\r\n\r\n\r\n"
				     "SunOS UNIX (mri1)\r\n\r\r\n\r";

	ck_assert_int_eq(hear(&probe_greeting, "\xff\xfd\x18"), STEP_WAIT);
	converse_said(&c, "\xff\xfb\x18", 3);
	converse_hear(&c, "\xff\xfa\x18\x01\xff\xf0", 6);
	converse_said(&c, "\xff\xfa\x18\0VT100\xff\xf0", 11);
	ck_assert_int_eq(
	    converse_hear(&c, banner, sizeof(banner) - 1), STEP_WAIT);
	converse_said(&c, "\xff\xfe\x03\xff\xfc\x01", 6);
	ck_assert_int_eq(converse_hear(&c, "\0login: ", 8), STEP_DONE);
	ck_assert_uint_eq(c.said_len, 0);
	converse_expect(&c,
	    "tcp/21 telnet.options=fffd18\n"
	    "tcp/21 port.speaks=telnet\n"
	    "tcp/21 telnet.greeting=SunOS UNIX (mri1)\n");
}
END_TEST

START_TEST(telnet_options_are_answered_once)
{
	/* IRIX's first bytes, and TTYPE asked for again and again. */
	hear(&probe_greeting,
	    "\xff\xfd\x18\xff\xfd\x20\xff\xfd\x23\xff\xfd\x24");
	converse_said(
	    &c, "\xff\xfb\x18\xff\xfc\x20\xff\xfc\x23\xff\xfc\x24", 12);
	ck_assert_str_eq(facts_get(c.facts, FACT_TELNET_OPTIONS),
	    "fffd18fffd20fffd23fffd24");
	converse_hear(&c, "\xff\xfd\x18\xff\xfd\x20\xff\xfe\x20", 9);
	ck_assert_uint_eq(c.said_len, 0);
	for (int i = 0; i < 6; i++) {
		converse_hear(&c, "\xff\xfa\x18\x01\xff\xf0", 6);
		ck_assert_uint_eq(c.said_len, i < 4 ? 11 : 0);
	}
}
END_TEST

START_TEST(telnet_options_may_be_split)
{
	hear(&probe_greeting, "\xff");
	ck_assert_uint_eq(facts_count(c.facts), 0);
	converse_hear(&c, "\xfd", 1);
	ck_assert_uint_eq(facts_count(c.facts), 0);
	converse_hear(&c, "\x18", 1);
	converse_said(&c, "\xff\xfb\x18", 3);
	converse_hear(&c, "\xff\xfa\x18", 3);
	ck_assert_uint_eq(c.said_len, 0);
	converse_hear(&c, "\x01\xff\xf0", 3);
	converse_said(&c, "\xff\xfa\x18\0VT100\xff\xf0", 11);
	converse_hear(&c, "IRIX (ws3)\r\n", 12);
	ck_assert_int_eq(converse_turn(&c, TURN_EOF), STEP_DONE);
	ck_assert_str_eq(
	    facts_get(c.facts, FACT_TELNET_GREETING), "IRIX (ws3)");
}
END_TEST

START_TEST(battered)
{
	static const char *const rows[] = { FTP, SMTP,
		"220-a\r\n220 b FTP\r\n221 c\r\n", "x\r\nSSH-2.0-a\r\n",
		TELNET };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		converse_batter(&probe_greeting, &ask, (const uint8_t *)rows[i],
		    strlen(rows[i]));
		converse_batter(&probe_connect, &ask, (const uint8_t *)rows[i],
		    strlen(rows[i]));
	}
}
END_TEST

/* Every option there is, asked for in one go: the answer still fits. */
START_TEST(a_flood_of_options_is_answered_within_bounds)
{
	static uint8_t flood[4096];
	size_t len = 0;

	for (unsigned option = 0; option < 256; option++)
		for (uint8_t verb = 251; verb < 255; verb++) {
			flood[len++] = 0xff;
			flood[len++] = verb;
			flood[len++] = (uint8_t)option;
		}
	for (; len + 6 < sizeof(flood); len += 6)
		memcpy(flood + len, "\xff\xfa\x18\x01\xff\xf0", 6);
	converse_open(&c, &probe_greeting, &ask);
	ck_assert_int_eq(converse_hear(&c, flood, len), STEP_WAIT);
	ck_assert_uint_eq(c.said_len, 2 * 256 * 3 + 4 * 11);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { ftp_is_read_and_left_with_quit,
		greetings_are_told_apart, first_line_of_several_is_kept,
		an_old_ssh_is_left_without_a_word, vnc_is_left_without_a_word,
		mysql_is_told_by_its_packet, goodbyes, silence_teaches_nothing,
		a_line_without_end_is_bounded,
		connect_records_telnet_options_unanswered,
		telnet_is_negotiated_to_its_greeting,
		telnet_options_are_answered_once, telnet_options_may_be_split,
		a_flood_of_options_is_answered_within_bounds, battered, NULL };

	return unit_run("greeting", tests);
}
