/* SPDX-License-Identifier: ISC */
/* exchange: frames of conversations in the evidence file, and their numbers. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "scanner/capture.h"
#include "scanner/dispatch.h"
#include "scanner/exchange.h"
#include "t/converse_frames.h"

static struct cf c;
static struct ledger *ledger;
static struct evidence_file *evidence;
static struct exchange *x;
static char path[64];

static bool
in_scope(void *arg, uint32_t address)
{
	(void)arg;
	return address == CF_SERVER;
}

static bool
is_own(void *arg, uint32_t address)
{
	(void)arg;
	return address == CF_CLIENT;
}

static bool
is_our_connect(void *arg, uint32_t address, uint16_t port, uint16_t local)
{
	(void)arg;
	return address == CF_SERVER && port == 104 && local == CF_CLIENT_PORT;
}

static const struct dispatch_hooks hooks = {
	.in_scope = in_scope, .is_own = is_own, .is_our_connect = is_our_connect
};

static void
begin(const struct dispatch_hooks *h, uint16_t port)
{
	int fd;

	snprintf(path, sizeof(path), "/tmp/gantry-exchange-XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	close(fd);
	evidence = evidence_create(path, "test");
	ledger = ledger_new();
	x = exchange_new(ledger, evidence, h);
	ck_assert_ptr_nonnull(x);
	c = (struct cf){ .port = port };
}

struct count {
	unsigned frames;
	uint8_t flags[64];
};

static void
count_frame(void *arg, const struct frame *frame)
{
	struct count *n = arg;
	struct packet p;

	decode_frame(frame, &p);
	ck_assert_uint_lt(n->frames, 64);
	n->flags[n->frames++] = p.kind == PACKET_TCP ? p.tcp.flags : 0;
}

/* Closes everything and reads the evidence file back. */
static struct count
end(void)
{
	char error[CAPTURE_ERROR];
	struct count n = { 0 };
	struct capture *file;

	exchange_free(x);
	ledger_free(ledger);
	ck_assert(evidence_close(evidence));
	file = capture_open_file(path, error);
	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(capture_read(file, 0, count_frame, &n, error), 0);
	capture_free(file);
	unlink(path);
	return n;
}

static void
handshake(void)
{
	exchange_take(x, cf_tcp(&c, false, 0, TCP_SYN, NULL, 0));
	exchange_take(x, cf_tcp(&c, true, 0, TCP_SYN | TCP_ACK, NULL, 0));
	/* as dispatch does with a SYN-ACK: behind the SYN */
	ck_assert_uint_eq(exchange_number(x, &c.packet), 2);
	exchange_keep(x, &c.packet, "port.state=open");
	ck_assert_uint_eq(evidence_frames(evidence), 2);
	exchange_take(x, cf_tcp(&c, false, 0, TCP_ACK, NULL, 0));
}

static void
goodbye(void)
{
	exchange_take(
	    x, cf_tcp(&c, false, c.said[0], TCP_ACK | TCP_FIN, NULL, 0));
	exchange_take(
	    x, cf_tcp(&c, true, c.said[1], TCP_ACK | TCP_FIN, NULL, 0));
	exchange_take(x, cf_tcp(&c, false, c.said[0] + 1, TCP_ACK, NULL, 0));
}

/* A talk ends in which `stream` was heard and the word at `at` made a fact. */
static void
talk_ends(const char *stream, size_t at, size_t len, int64_t now_ns)
{
	const struct exchange_talk talk = { .local = CF_CLIENT,
		.address = CF_SERVER,
		.local_port = CF_CLIENT_PORT,
		.port = c.port,
		.heard = strlen(stream) };
	const struct origin origin = { .address = CF_SERVER,
		.probe = "test",
		.time_ns = 1,
		.evidence_number = 7,
		.from_talk = true };
	const struct about about = { ABOUT_TCP, c.port };
	struct facts *state = facts_new(), *told = facts_new();
	const struct facts *lists[EXCHANGE_LISTS] = { state, told };

	facts_begin(state, about, NULL, 0);
	facts_begin(told, about, (const uint8_t *)stream, strlen(stream));
	facts_text(told, FACT_GREETING, (const uint8_t *)stream + at, len);
	facts_flag(told, FACT_DICOM_RELEASED, false, NULL, 0);
	exchange_ended(x, &talk, lists, &origin, now_ns);
	facts_free(state);
	facts_free(told);
}

static const struct fact *
found(enum fact_key key)
{
	const struct fact *f = ledger_find(
	    ledger, CF_SERVER, key, (struct about){ ABOUT_TCP, c.port });

	ck_assert_ptr_nonnull(f);
	return f;
}

START_TEST(talk_s_facts_get_frames)
{
	const struct fact *f;
	struct count n;

	begin(&hooks, 104);
	handshake();
	exchange_take(x, cf_says(&c, false, "ask", 3));
	exchange_take(x, cf_says(&c, true, "good ", 5));
	exchange_take(x, cf_says(&c, true, "day to", 6));
	talk_ends("good day to", 5, 3, 0);
	ck_assert_uint_eq(ledger_count(ledger), 0); /* frames are awaited */
	ck_assert_int_eq(exchange_settle(x, EXCHANGE_WAIT_MS * 1000000LL - 1),
	    EXCHANGE_WAIT_MS * 1000000LL);
	exchange_take(x, cf_says(&c, true, " all", 4)); /* not read by us */
	ck_assert_int_eq(
	    exchange_settle(x, EXCHANGE_WAIT_MS * 1000000LL), INT64_MAX);
	f = found(FACT_GREETING);
	ck_assert_int_eq(f->evidence.kind, EVIDENCE_FRAME);
	ck_assert_uint_eq(f->evidence.number, 6);
	ck_assert_uint_eq(f->evidence.offset, CF_HEADERS);
	ck_assert_str_eq(f->value, "day");
	f = found(FACT_DICOM_RELEASED);
	ck_assert_int_eq(f->evidence.kind, EVIDENCE_FRAME);
	goodbye(); /* comes later, and belongs to it all the same */
	n = end();
	ck_assert_uint_eq(n.frames, 9);
	ck_assert_uint_eq(n.flags[0], TCP_SYN);
	ck_assert_uint_eq(n.flags[1], TCP_SYN | TCP_ACK);
	ck_assert_uint_eq(n.flags[6], TCP_ACK | TCP_FIN);
	ck_assert_uint_eq(n.flags[8], TCP_ACK);
}
END_TEST

/* Where the frames were missed, or say something else, the talk's own bytes
 * are the evidence. */
START_TEST(missed_frames)
{
	begin(&hooks, 104);
	handshake();
	c.said[1] = 5;
	exchange_take(x, cf_says(&c, true, "day", 3));
	talk_ends("good day", 5, 3, 0);
	exchange_settle(x, INT64_MAX);
	ck_assert_int_eq(found(FACT_GREETING)->evidence.kind, EVIDENCE_TALK);
	ck_assert_uint_eq(found(FACT_GREETING)->evidence.number, 7);
	end();
	begin(&hooks, 104);
	handshake();
	exchange_take(x, cf_says(&c, true, "something", 9));
	talk_ends("good day", 5, 3, 0);
	exchange_settle(x, INT64_MAX);
	ck_assert_int_eq(found(FACT_GREETING)->evidence.kind, EVIDENCE_TALK);
	end();
	begin(&hooks, 104); /* no frame at all */
	talk_ends("good day", 5, 3, 0);
	exchange_settle(x, INT64_MAX);
	ck_assert_int_eq(found(FACT_GREETING)->evidence.kind, EVIDENCE_TALK);
	ck_assert_uint_eq(end().frames, 0);
}
END_TEST

START_TEST(nothing_new_is_not_written)
{
	begin(&hooks, 104);
	handshake();
	exchange_take(x, cf_says(&c, true, "good day", 8));
	talk_ends("good day", 0, 8, 0);
	exchange_settle(x, INT64_MAX);
	goodbye();
	c.said[0] = c.said[1] = 0;
	exchange_take(x, cf_tcp(&c, false, 99, TCP_SYN, NULL, 0));
	exchange_take(x, cf_tcp(&c, true, 99, TCP_SYN | TCP_ACK, NULL, 0));
	talk_ends("good day", 0, 8, 0);
	exchange_settle(x, INT64_MAX);
	ck_assert_uint_eq(end().frames, 7);
}
END_TEST

/* What is no talk of ours is not kept, and may be unsettled at the end. */
START_TEST(others_are_not_ours)
{
	begin(&hooks, 105);
	exchange_take(x, cf_tcp(&c, false, 0, TCP_SYN, NULL, 0));
	exchange_take(x, cf_says(&c, true, "good day", 8));
	talk_ends("good day", 0, 8, 0);
	exchange_settle(x, INT64_MAX);
	ck_assert_int_eq(found(FACT_GREETING)->evidence.kind, EVIDENCE_TALK);
	talk_ends("other", 0, 5, 0);
	ck_assert_uint_eq(end().frames, 0);
}
END_TEST

START_TEST(last_exchange)
{
	const struct fact *f;
	struct count n;

	begin(&hooks, 104);
	exchange_halted(x, CF_SERVER); /* nothing is known of it */
	ck_assert_uint_eq(ledger_count(ledger), 0);
	handshake();
	for (int i = 0; i < 20; i++)
		exchange_take(x, cf_says(&c, true, "x", 1));
	exchange_take(x, cf_says(&c, false, "still there?", 12));
	exchange_halted(x, CF_SERVER);
	f = ledger_find(ledger, CF_SERVER, FACT_HOST_LAST_EXCHANGE,
	    (struct about){ ABOUT_HOST, 0 });
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(f->evidence.number, 2 + LAST_FRAMES_MAX);
	ck_assert_ptr_nonnull(strstr(f->value,
	    "from tcp/104 ACK data, 0.000 "
	    "s to tcp/104 ACK data"));
	n = end();
	ck_assert_uint_eq(n.frames, 2 + LAST_FRAMES_MAX);
}
END_TEST

START_TEST(replay_listens)
{
	static const char hello[] = "220 ic0 FTP server ready.\r\n";
	const struct fact *f;

	begin(NULL, 21);
	exchange_take(x, cf_tcp(&c, false, 0, TCP_SYN, NULL, 0));
	exchange_take(x, cf_tcp(&c, true, 0, TCP_SYN | TCP_ACK, NULL, 0));
	exchange_take(x, cf_says(&c, true, hello, sizeof(hello) - 1));
	goodbye();
	f = found(FACT_FTP_GREETING);
	ck_assert_str_eq(f->probe, "greeting");
	ck_assert_uint_eq(f->evidence.number, 3);
	ck_assert_uint_eq(f->evidence.offset, CF_HEADERS);
	ck_assert_str_eq(found(FACT_PORT_STATE)->value, "open");
	ck_assert_uint_eq(found(FACT_PORT_STATE)->evidence.number, 2);
	c.port = 22; /* never ends */
	c.said[0] = c.said[1] = 0;
	exchange_take(x, cf_tcp(&c, false, 0, TCP_SYN, NULL, 0));
	exchange_take(x, cf_says(&c, true, "SSH-2.0-x\r\n", 11));
	exchange_flush(x);
	ck_assert_str_eq(found(FACT_SSH_GREETING)->value, "SSH-2.0-x");
	c.port = 8080; /* of no protocol we know: not kept */
	c.said[0] = c.said[1] = 0;
	exchange_take(x, cf_says(&c, false, "GET /\r\n", 7));
	exchange_take(x, cf_says(&c, true, "HTTP/1.0 400\r\n", 14));
	exchange_flush(x);
	ck_assert_uint_eq(end().frames, 6 + 2);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { talk_s_facts_get_frames, missed_frames,
		nothing_new_is_not_written, others_are_not_ours, last_exchange,
		replay_listens, NULL };

	return unit_run("exchange", tests);
}
