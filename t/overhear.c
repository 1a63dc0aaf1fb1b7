/* SPDX-License-Identifier: ISC */
/* overhear: other people's conversations, protocol by protocol. */
#include <stdio.h>
#include <stdlib.h>

#include "scanner/overhear.h"
#include "t/converse_frames.h"

static struct streams *all;
static struct cf c;
static char learnt[8192];

/* clang-format off */
#define WORD(n) 0, 0, (n) >> 8, (n) & 0xff
#define XID(n) 0x11, 0x22, 0x33, n
#define PROGRAM(n) 0, 1, 0x86, 0xa0 + (n)
#define CALL_BODY(xid, program, version, procedure) \
	XID(xid), WORD(0), WORD(2), PROGRAM(program), WORD(version), \
	WORD(procedure), WORD(0), WORD(0), WORD(0), WORD(0)
#define MARK(len) 0x80, 0, 0, len
#define ACCEPTED(xid, stat) \
	XID(xid), WORD(1), WORD(0), WORD(0), WORD(0), WORD(stat)

static const uint8_t dump[] = { MARK(40), CALL_BODY(1, 0, 2, 4) };
static const uint8_t map[] = { MARK(48), ACCEPTED(1, 0),
	WORD(1), PROGRAM(4), WORD(2), WORD(6), 0, 0, 2, 143, WORD(0) };
static const uint8_t null_mountd[] = { MARK(40), CALL_BODY(2, 5, 1, 0) };
static const uint8_t unavailable[] = { MARK(24), ACCEPTED(2, 1) };
static const uint8_t null_ypserv[] = { MARK(40), CALL_BODY(9, 4, 9, 0) };
static const uint8_t mismatch[] = { MARK(32), ACCEPTED(9, 2), WORD(1),
	WORD(2) };
static const uint8_t null_ypbind[] = { MARK(40), CALL_BODY(3, 7, 2, 0) };
static const uint8_t success[] = { MARK(24), ACCEPTED(3, 0) };

#define TITLES "ANY-SCP         STORESCU        "
#define ZEROS32 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define APPLICATION "\x10\0\0\x15" "1.2.840.10008.3.1.1.1"
/* Two contexts: 1 is CT storage, 5 something odd. */
static const uint8_t rq[] =
	"\x01\0\0\0\0\xbc" "\0\1\0\0" TITLES ZEROS32
	APPLICATION
	"\x20\0\0\x36" "\1\0\0\0"
		"\x30\0\0\x19" "1.2.840.10008.5.1.4.1.1.2"
		"\x40\0\0\x11" "1.2.840.10008.1.2"
	"\x20\0\0\x21" "\5\0\0\0"
		"\x30\0\0\4" "1\n\\2"
		"\x40\0\0\x11" "1.2.840.10008.1.2";
static const uint8_t ac[] =
	"\x02\0\0\0\x00\xac" "\0\1\0\0" TITLES ZEROS32
	APPLICATION
	"\x21\0\0\x19" "\1\0\0\0" "\x40\0\0\x11" "1.2.840.10008.1.2"
	"\x21\0\0\4" "\5\0\3\0"
	"\x21\0\0\4" "\7\0\3\0"
	"\x50\0\0\x1e" "\x51\0\0\4" "\0\0\x40\0"
		"\x52\0\0\x12" "1.2.840.113619.6.5";
static const uint8_t data[] = { 4, 0, 0, 0, 0, 8, 0, 0, 0, 4, 1, 3, 1, 2 };
static const uint8_t release_rq[] = { 5, 0, 0, 0, 0, 4, 0, 0, 0, 0 };
static const uint8_t release_rp[] = { 6, 0, 0, 0, 0, 4, 0, 0, 0, 0 };
/* clang-format on */

#define LEN(literal) (sizeof(literal) - 1)

static const char ac_learnt[] =
    "dicom tcp/104 dicom.outcome=accepted\n"
    "dicom tcp/104 port.speaks=dicom\n"
    "dicom tcp/104 dicom.context=1.2.840.10008.5.1.4.1.1.2 accepted "
    "1.2.840.10008.1.2\n"
    "dicom tcp/104 dicom.context=1\\x0a\\x5c2 "
    "abstract-syntax-not-supported\n"
    "dicom tcp/104 dicom.context=context 7, never proposed, "
    "abstract-syntax-not-supported\n"
    "dicom tcp/104 dicom.max_pdu=16384\n"
    "dicom tcp/104 dicom.implementation_class_uid=1.2.840.113619.6.5\n";

static void
on_talk(void *arg, const struct overheard_talk *talk)
{
	size_t used = strlen(learnt);

	(void)arg;
	ck_assert_int_gt(talk->time_ns, 0);
	for (size_t i = 0; i < facts_count(talk->facts); i++) {
		const struct fact *f = facts_at(talk->facts, i);
		char about[ABOUT_TEXT];
		int n = snprintf(learnt + used, sizeof(learnt) - used,
		    "%s %s %s=%s\n", talk->probe->name,
		    about_text(f->about, about), fact_key_text(f->key),
		    f->value);

		ck_assert_int_gt(n, 0);
		used += (size_t)n;
		ck_assert_uint_lt(used, sizeof(learnt));
	}
}

static void
on_lost(void *arg, struct stream *s)
{
	(void)arg;
	overhear_stream(s, on_talk, NULL);
}

static void
take(const struct packet *p)
{
	bool kept;

	(void)streams_take(all, p, true, &kept);
}

static void
begin(uint16_t port, bool has_handshake)
{
	streams_free(all);
	all = streams_new(on_lost, NULL);
	ck_assert_ptr_nonnull(all);
	c = (struct cf){ .port = port };
	learnt[0] = '\0';
	if (!has_handshake)
		return;
	take(cf_tcp(&c, false, 0, TCP_SYN, NULL, 0));
	take(cf_tcp(&c, true, 0, TCP_SYN | TCP_ACK, NULL, 0));
	take(cf_tcp(&c, false, 0, TCP_ACK, NULL, 0));
}

static void
client(const void *bytes, size_t len)
{
	take(cf_says(&c, false, bytes, len));
}

static void
server(const void *bytes, size_t len)
{
	take(cf_says(&c, true, bytes, len));
}

static void
end(void)
{
	take(cf_tcp(&c, false, c.said[0], TCP_ACK | TCP_FIN, NULL, 0));
	take(cf_tcp(&c, true, c.said[1], TCP_ACK | TCP_FIN, NULL, 0));
}

static void
expect(const char *text)
{
	streams_flush(all);
	ck_assert_str_eq(learnt, text);
}

static void
expect_more(const char *first, const char *more)
{
	char text[sizeof(learnt)];

	snprintf(text, sizeof(text), "%s%s", first, more);
	expect(text);
}

START_TEST(association)
{
	begin(104, true);
	client(rq, 100); /* in two segments */
	client(rq + 100, LEN(rq) - 100);
	server(ac, 50);
	server(ac + 50, LEN(ac) - 50);
	client(data, sizeof(data));
	server(data, sizeof(data));
	client(release_rq, sizeof(release_rq));
	server(release_rp, sizeof(release_rp));
	end();
	expect_more(ac_learnt, "dicom tcp/104 dicom.released=yes\n");
}
END_TEST

/* Whoever never asks to be let go is not refused it. */
START_TEST(association_broken_off)
{
	begin(104, true);
	client(rq, LEN(rq));
	server(ac, LEN(ac));
	end();
	expect(ac_learnt);
	begin(104, true);
	client(rq, LEN(rq));
	server(ac, LEN(ac));
	client(release_rq, sizeof(release_rq));
	end();
	expect_more(ac_learnt, "dicom tcp/104 dicom.released=no\n");
	/* the capture ends here: nothing is known of the release */
	begin(104, true);
	client(rq, LEN(rq));
	server(ac, LEN(ac));
	client(release_rq, sizeof(release_rq));
	expect(ac_learnt);
}
END_TEST

/* On no port of its own, and without the handshake. */
START_TEST(association_anywhere)
{
	begin(33333, false);
	client(rq, LEN(rq));
	server(release_rp, 2);
	end();
	expect("");
	begin(33333, false);
	client(rq, LEN(rq));
	server(ac, LEN(ac));
	streams_flush(all);
	ck_assert_ptr_nonnull(strstr(
	    learnt, "tcp/33333 dicom.implementation_class_uid=1.2.840.1136"));
	begin(104, true); /* an answer whose question was not captured */
	c.said[0] += LEN(rq);
	server(ac, LEN(ac));
	end();
	expect("");
}
END_TEST

/* A hole in the capture is not the peer's doing. */
START_TEST(missing_frames)
{
	begin(104, true);
	client(rq, LEN(rq));
	server(ac, LEN(ac) - 20);
	c.said[1] += 10;
	server(ac + LEN(ac) - 10, 10);
	end();
	expect("");
	begin(104, true); /* the peer's own doing */
	client(rq, LEN(rq));
	server(ac, LEN(ac) - 20);
	end();
	expect("dicom tcp/104 dicom.broken=PDU of 172 bytes cut\n");
}
END_TEST

static const char map_learnt[] = "portmap tcp/111 rpc.speaks=yes\n"
				 "portmap tcp/111 port.speaks=rpc\n"
				 "portmap tcp/111 rpc.portmapper=tcp\n"
				 "tcp/655 rpc.program=100004 ypserv v2\n";

START_TEST(portmapper_dump)
{
	char text[sizeof(map_learnt) + 16];

	snprintf(text, sizeof(text), "%.*sportmap %s",
	    (int)(strstr(map_learnt, "tcp/655") - map_learnt), map_learnt,
	    strstr(map_learnt, "tcp/655"));
	begin(111, true);
	client(dump, sizeof(dump));
	server(map, sizeof(map));
	end();
	expect(text);
	begin(111, true); /* another call's answer */
	client(null_mountd, sizeof(null_mountd));
	server(map, sizeof(map));
	end();
	expect("");
}
END_TEST

START_TEST(portmapper_dump_by_udp)
{
	begin(111, false);
	ck_assert(overhear_datagram(
	    111, (struct rd){ .at = dump + 4, .left = sizeof(dump) - 4 }));
	ck_assert(!overhear_datagram(
	    111, (struct rd){ .at = map + 4, .left = sizeof(map) - 4 }));
	ck_assert(!overhear_datagram(111, (struct rd){ .at = dump }));
	take(cf_udp(&c, false, dump + 4, sizeof(dump) - 4));
	take(cf_udp(&c, false, dump + 4, sizeof(dump) - 4));
	take(cf_udp(&c, true, map + 4, sizeof(map) - 4));
	streams_flush(all);
	ck_assert_ptr_nonnull(strstr(learnt, "udp/111 rpc.portmapper=udp\n"));
	ck_assert_ptr_nonnull(strstr(learnt, "tcp/655 rpc.program=100004"));
}
END_TEST

/* Several calls on one connection, with any transaction ids. */
START_TEST(null_calls_in_turn)
{
	begin(700, true);
	client(null_mountd, sizeof(null_mountd));
	server(unavailable, sizeof(unavailable));
	client(null_ypserv, sizeof(null_ypserv));
	server(mismatch, 10);
	server(mismatch + 10, sizeof(mismatch) - 10);
	client(null_ypbind, sizeof(null_ypbind));
	server(success, sizeof(success));
	end();
	expect("rpc tcp/700 rpc.speaks=yes\n"
	       "rpc tcp/700 port.speaks=rpc\n"
	       "rpc tcp/700 rpc.speaks=yes\n"
	       "rpc tcp/700 port.speaks=rpc\n"
	       "rpc tcp/700 rpc.answered=100004 ypserv v1-2\n"
	       "rpc tcp/700 rpc.speaks=yes\n"
	       "rpc tcp/700 port.speaks=rpc\n"
	       "rpc tcp/700 rpc.answered=100007 ypbind v2\n"
	       "rpc tcp/700 nis.ypbind=yes\n");
}
END_TEST

START_TEST(servers_that_speak_first)
{
	static const char ftp[] = "220 ic0 FTP server (SunOS 4.1) ready.\r\n";

	begin(21, true);
	server(ftp, LEN(ftp));
	client("USER x\r\n", 8);
	server("331 Password\r\n", 14);
	end();
	expect("greeting tcp/21 ftp.greeting=220 ic0 FTP server (SunOS 4.1) "
	       "ready.\n"
	       "greeting tcp/21 port.speaks=ftp\n");
	begin(2121, true); /* no port of its own */
	server(ftp, LEN(ftp));
	end();
	expect("connect tcp/2121 ftp.greeting=220 ic0 FTP server (SunOS 4.1) "
	       "ready.\n"
	       "connect tcp/2121 port.speaks=ftp\n");
	begin(2121, false); /* nobody knows who is the server */
	server(ftp, LEN(ftp));
	client("QUIT\r\n", 6);
	expect("");
	begin(8080, true); /* an answer is no greeting */
	client("GET /x HTTP/1.0\r\n\r\n", 19);
	server("HTTP/1.0 200 OK\r\n\r\n", 19);
	end();
	expect("");
	begin(8080, true); /* but the first page tells who gives it */
	client("GET / HTTP/1.0\r\n\r\n", 18);
	server("HTTP/1.0 200 OK\r\n\r\n", 19);
	end();
	expect("http tcp/8080 port.speaks=http\n"
	       "http tcp/8080 http.status=200\n");
}
END_TEST

START_TEST(telnet)
{
	static const uint8_t asks[] = { 255, 253, 24 },
			     will[] = { 255, 251, 24 };

	begin(23, true);
	client(will, sizeof(will)); /* the client begins */
	server(asks, sizeof(asks));
	client(asks, sizeof(asks));
	server("\r\nSunOS UNIX (ic0)\r\n\r\nlogin: ", 29);
	end();
	expect("greeting tcp/23 telnet.options=fffd18\n"
	       "greeting tcp/23 port.speaks=telnet\n"
	       "greeting tcp/23 telnet.greeting=SunOS UNIX (ic0)\n");
}
END_TEST

/* What each side says, cut anywhere and with any byte spoilt: nothing must
 * hold but that it ends, and claims no more than a whole one. */
static void
batter(uint16_t port, const uint8_t *q, size_t q_len, const uint8_t *a,
    size_t a_len)
{
	uint8_t spoilt[512];

	ck_assert_uint_le(q_len, sizeof(spoilt));
	ck_assert_uint_le(a_len, sizeof(spoilt));
	for (size_t cut = 0; cut <= q_len; cut++) {
		begin(port, true);
		client(q, cut);
		server(a, a_len);
		end();
		streams_flush(all);
	}
	for (size_t cut = 0; cut <= a_len; cut++) {
		begin(port, true);
		client(q, q_len);
		server(a, cut);
		end();
		streams_flush(all);
	}
	for (size_t i = 0; i < q_len; i++) {
		memcpy(spoilt, q, q_len);
		spoilt[i] ^= 0xff;
		begin(port, true);
		client(spoilt, q_len);
		server(a, a_len);
		end();
		streams_flush(all);
	}
	for (size_t i = 0; i < a_len; i++) {
		memcpy(spoilt, a, a_len);
		spoilt[i] ^= 0x80;
		begin(port, true);
		client(q, q_len);
		server(spoilt, a_len);
		end();
		streams_flush(all);
	}
}

START_TEST(battered)
{
	batter(104, rq, LEN(rq), ac, LEN(ac));
	batter(111, dump, sizeof(dump), map, sizeof(map));
	batter(
	    700, null_ypserv, sizeof(null_ypserv), mismatch, sizeof(mismatch));
}
END_TEST

/* overhear() of every probe: bytes at the edge of a page, none too many. */
START_TEST(every_truncation_of_a_client)
{
	static const struct {
		const uint8_t *bytes;
		size_t len;
	} said[] = { { rq, LEN(rq) }, { dump, sizeof(dump) },
		{ null_ypserv, sizeof(null_ypserv) },
		{ (const uint8_t *)"\xff\xfb\x18\xff\xfa\x18\x01\xff\xf0",
		    9 } };

	for (size_t i = 0; probes[i] != NULL; i++)
		for (size_t k = 0; k < sizeof(said) / sizeof(said[0]); k++)
			for (size_t n = 0; n <= said[k].len; n++) {
				struct overheard out = {
					.ask = { .port = 104, .via_udp = n % 2 }
				};
				struct rd r = { .left = n,
					.at = at_the_edge(said[k].bytes, n) };

				if (probes[i]->overhear != NULL)
					(void)probes[i]->overhear(r, &out);
				out.ask.via_udp = !out.ask.via_udp;
				if (probes[i]->overhear != NULL)
					(void)probes[i]->overhear(r, &out);
				unit_edge_free();
			}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { association, association_broken_off,
		association_anywhere, missing_frames, portmapper_dump,
		portmapper_dump_by_udp, null_calls_in_turn,
		servers_that_speak_first, telnet, battered,
		every_truncation_of_a_client, NULL };

	return unit_run("overhear", tests);
}
