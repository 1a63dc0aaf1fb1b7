/* SPDX-License-Identifier: ISC */
/*
 * talk: conversations over real sockets with servers that misbehave, each in
 * one way; on the loopback of a network of the test's own.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scanner/loop.h"
#include "scanner/pace.h"
#include "scanner/scope.h"
#include "scanner/talk.h"
#include "t/own_network.h"
#include "t/unit.h"

enum {
	CALLERS_MAX = 64,
	HEARD_MAX = 1024,
	CHUNK = 16384,
	PACKETS = 11,
	LOCALHOST = 0x7f000001
};
static const int64_t ms = 1000000;

struct server;

/* What a server does; functions may be NULL. */
struct manner {
	const char *greeting;
	bool is_endless;
	int drip_ms; /* one byte each so often */
	bool closes, resets, echoes;
	const void *answer; /* to the first bytes, then flood if it says so */
	size_t answer_len;
	bool floods;
	bool answers_rpc;          /* every call: no such program */
	const char *const *rounds; /* one to each thing heard; NULL ends them */
};

struct caller {
	struct server *server;
	int fd;
	struct loop_watch *watch;
	struct loop_timer *timer;
	uint8_t heard[HEARD_MAX];
	size_t heard_len;
	bool answered, has_fin, has_rst;
	size_t round;
};

struct server {
	struct loop *loop;
	const struct manner *manner;
	int fd;
	uint16_t port;
	struct loop_watch *watch;
	struct caller callers[CALLERS_MAX];
	size_t callers_len;
};

/* One test's world and what came of its last talk. */
struct world {
	struct loop *loop;
	struct scope *scope;
	struct talks *talks;
	struct server server;
	struct talk_report report;
	char manner[128]; /* values of port.manner */
	bool has_dicom, has_broken;
	char telnet[64]; /* greeting */
	size_t done, wanted;
	int64_t took_ns;
};

static void
caller_end(struct caller *c)
{
	loop_watch_free(c->watch);
	loop_timer_free(c->timer);
	if (c->fd >= 0)
		close(c->fd);
	c->watch = NULL;
	c->timer = NULL;
	c->fd = -1;
}

static void
caller_flood(struct caller *c)
{
	static const char chunk[CHUNK];

	while (send(c->fd, chunk, sizeof(chunk), MSG_NOSIGNAL) > 0)
		;
	if (errno != EAGAIN) {
		c->has_rst |= errno == ECONNRESET;
		caller_end(c);
	}
}

static void
caller_rpc(struct caller *c, const uint8_t *call, size_t len)
{
	uint8_t reply[28] = { 0x80, 0, 0, 24 };

	if (len < 8)
		return;
	memcpy(reply + 4, call + 4, 4); /* its number */
	reply[11] = 1;                  /* a reply */
	reply[27] = 1;                  /* no such program */
	(void)send(c->fd, reply, sizeof(reply), MSG_NOSIGNAL);
}

static void
caller_answer(struct caller *c, const uint8_t *bytes, size_t len)
{
	const struct manner *m = c->server->manner;

	if (m->echoes)
		(void)send(c->fd, bytes, len, MSG_NOSIGNAL);
	if (m->answers_rpc)
		caller_rpc(c, bytes, len);
	if (m->rounds != NULL && m->rounds[c->round] != NULL) {
		const char *text = m->rounds[c->round++];

		(void)send(c->fd, text, strlen(text), MSG_NOSIGNAL);
	}
	if (m->answer != NULL && !c->answered)
		(void)send(c->fd, m->answer, m->answer_len, MSG_NOSIGNAL);
	c->answered = true;
	if (m->floods)
		loop_watch_set(c->watch, true, true);
}

/* Do they go on whatever the peer says? */
static bool
caller_stays(const struct caller *c)
{
	const struct manner *m = c->server->manner;

	return m->is_endless || m->floods || m->drip_ms > 0;
}

static void
caller_io(void *arg, bool readable, bool writable)
{
	struct caller *c = arg;
	uint8_t buf[HEARD_MAX];
	ssize_t n = 0;

	if (readable)
		n = recv(c->fd, buf, sizeof(buf), 0);
	if (readable && n < 0 && errno != EAGAIN) {
		c->has_rst = errno == ECONNRESET;
		caller_end(c);
		return;
	}
	if (readable && n == 0 && !caller_stays(c)) {
		c->has_fin = true;
		caller_end(c);
		return;
	}
	if (readable && n == 0) {
		c->has_fin = true;
		loop_watch_set(c->watch, false,
		    c->server->manner->is_endless || c->server->manner->floods);
	}
	if (n > 0) {
		for (ssize_t i = 0; i < n && c->heard_len < HEARD_MAX; i++)
			c->heard[c->heard_len++] = buf[i];
		caller_answer(c, buf, (size_t)n);
	}
	if (writable)
		caller_flood(c);
}

static void
caller_drip(void *arg)
{
	struct caller *c = arg;

	if (send(c->fd, ".", 1, MSG_NOSIGNAL) != 1)
		return;
	loop_timer_at(c->timer, loop_now() + c->server->manner->drip_ms * ms);
}

static void
server_accept(void *arg, bool readable, bool writable)
{
	const struct linger now = { .l_onoff = 1, .l_linger = 0 };
	struct server *s = arg;
	struct caller *c = &s->callers[s->callers_len];
	const struct manner *m = s->manner;

	(void)readable;
	(void)writable;
	ck_assert(s->callers_len < CALLERS_MAX);
	c->fd = accept4(s->fd, NULL, NULL, SOCK_NONBLOCK);
	if (c->fd < 0)
		return;
	s->callers_len++;
	c->server = s;
	c->watch = loop_watch_new(s->loop, c->fd, caller_io, c);
	c->timer = loop_timer_new(s->loop, caller_drip, c);
	loop_watch_set(c->watch, true, m->is_endless);
	if (m->greeting != NULL)
		(void)send(c->fd, m->greeting, strlen(m->greeting), 0);
	if (m->drip_ms > 0)
		caller_drip(c);
	if (m->resets)
		setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	if (m->resets || m->closes)
		caller_end(c);
}

static void
server_open(struct server *s, struct loop *loop, const struct manner *manner)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(LOCALHOST) };
	socklen_t len = sizeof(at);

	s->loop = loop;
	s->manner = manner;
	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	ck_assert_int_ge(s->fd, 0);
	ck_assert_int_eq(bind(s->fd, (struct sockaddr *)&at, len), 0);
	ck_assert_int_eq(listen(s->fd, CALLERS_MAX), 0);
	ck_assert_int_eq(getsockname(s->fd, (struct sockaddr *)&at, &len), 0);
	s->port = ntohs(at.sin_port);
	s->watch = loop_watch_new(loop, s->fd, server_accept, s);
	loop_watch_set(s->watch, true, false);
}

static void
server_close(struct server *s)
{
	for (size_t i = 0; i < s->callers_len; i++)
		caller_end(&s->callers[i]);
	loop_watch_free(s->watch);
	close(s->fd);
}

static void
note_facts(struct world *w, const struct facts *facts)
{
	for (size_t i = 0; facts != NULL && i < facts_count(facts); i++) {
		const struct fact *f = facts_at(facts, i);
		size_t used = strlen(w->manner);

		if (f->key == FACT_PORT_MANNER)
			snprintf(w->manner + used, sizeof(w->manner) - used,
			    "%s ", f->value);
		if (f->key == FACT_TELNET_GREETING)
			snprintf(w->telnet, sizeof(w->telnet), "%s", f->value);
		w->has_dicom |= f->key == FACT_DICOM_OUTCOME;
		w->has_broken |=
		    f->key == FACT_DICOM_BROKEN || f->key == FACT_RPC_BROKEN;
	}
}

static void
talk_done(void *arg, const struct talk_report *report)
{
	struct world *w = arg;

	w->report = *report;
	note_facts(w, report->facts);
	if (++w->done == w->wanted)
		loop_stop(w->loop);
}

static bool
world_open(struct world *w, const struct manner *manner)
{
	char error[SCOPE_ERROR];

	memset(w, 0, sizeof(*w));
	if (!own_network("PATH=$PATH:/sbin:/usr/sbin; ip link set lo up"))
		return false;
	w->loop = loop_new();
	w->scope = scope_new();
	ck_assert(scope_allow(w->scope, "127.0.0.1", error));
	ck_assert(scope_freeze(w->scope, error));
	w->talks = talks_new(w->loop, w->scope, 0, NULL, talk_done, w);
	server_open(&w->server, w->loop, manner);
	return true;
}

/* Holds n talks at once, with waits of a fifth of a second. */
static void
world_talk(struct world *w, const char *probe, size_t n)
{
	static const struct rpc_guess guesses[] = { { 100004, 2 },
		{ 100007, 2 }, { 100005, 1 }, { 100024, 1 } };
	struct talk_order order = { .address = LOCALHOST,
		.port = w->server.port,
		.probe = probe_find(probe),
		.ask = { .cookie = 77,
		    .port = w->server.port,
		    .calling_ae = "GANTRY",
		    .guesses = guesses,
		    .guesses_len = 4 },
		.connect_wait_ns = 1000 * ms,
		.wait_ns = 200 * ms,
		.deadline_ns = 3000 * ms,
		.packets_most = PACKETS };
	int64_t began = loop_now();
	bool refused;

	ck_assert_ptr_nonnull(order.probe);
	w->wanted = n;
	for (size_t i = 0; i < n; i++)
		ck_assert_uint_ne(talks_open(w->talks, &order, &refused), 0);
	loop_run(w->loop);
	w->took_ns = loop_now() - began;
	ck_assert_uint_eq(w->done, n);
	ck_assert_uint_eq(talks_under_way(w->talks), 0);
}

/* Lets the server hear what is under way, for so long at most. */
static void
stop_ring(void *arg)
{
	loop_stop(arg);
}

static void
world_settle(struct world *w)
{
	struct loop_timer *t = loop_timer_new(w->loop, stop_ring, w->loop);

	loop_timer_at(t, loop_now() + 50 * ms);
	loop_run(w->loop);
	loop_timer_free(t);
}

static void
world_close(struct world *w)
{
	talks_free(w->talks);
	server_close(&w->server);
	scope_free(w->scope);
	loop_free(w->loop);
}

START_TEST(a_server_that_speaks_is_heard_and_left)
{
	static const struct manner m = { .greeting = "SSH-2.0-test\r\n" };
	struct world w;

	if (!world_open(&w, &m))
		return;
	world_talk(&w, "connect", 1);
	ck_assert_int_eq(w.report.end, TALK_HELD);
	ck_assert_uint_eq(w.report.heard, 14);
	ck_assert(!w.report.stalled && !w.report.reset && !w.report.hung_up &&
	    !w.report.dripped && !w.report.endless);
	world_settle(&w);
	ck_assert(w.server.callers[0].has_fin && !w.server.callers[0].has_rst);
	world_close(&w);
}
END_TEST

START_TEST(an_endless_one_is_cut_off)
{
	static const struct manner m = { .is_endless = true };
	static const char *const probes_tried[] = { "connect", "greeting" };
	struct world w;

	for (size_t i = 0; i < 2; i++) {
		if (!world_open(&w, &m))
			return;
		world_talk(&w, probes_tried[i], 1);
		ck_assert(w.report.endless);
		ck_assert_uint_le(w.report.heard, 4096);
		ck_assert_int_lt(w.took_ns, 2500 * ms);
		ck_assert_uint_le(w.report.packets, 3 * PACKETS);
		world_close(&w);
	}
}
END_TEST

START_TEST(many_endless_ones_at_once)
{
	static const struct manner m = { .is_endless = true };
	struct world w;

	if (!world_open(&w, &m))
		return;
	world_talk(&w, "connect", CALLERS_MAX);
	ck_assert(w.report.endless);
	ck_assert_int_lt(w.took_ns, 4000 * ms);
	world_close(&w);
}
END_TEST

START_TEST(a_drip_counts_as_silence)
{
	static const struct manner m = { .drip_ms = 50 };
	struct world w;

	if (!world_open(&w, &m))
		return;
	world_talk(&w, "greeting", 1);
	ck_assert(w.report.dripped);
	ck_assert(!w.report.endless);
	/* The silence, then a second for its FIN, which never comes. */
	ck_assert_int_lt(w.took_ns, 1800 * ms);
	world_close(&w);
}
END_TEST

START_TEST(a_fast_drip_is_left_before_it_costs_too_many_packets)
{
	static const struct manner m = { .drip_ms = 2 };
	struct world w;

	if (!world_open(&w, &m))
		return;
	world_talk(&w, "greeting", 1);
	ck_assert(w.report.dripped);
	ck_assert_uint_lt(w.report.heard, 60);
	world_close(&w);
}
END_TEST

START_TEST(a_mute_one_gets_its_time_and_a_fin)
{
	static const struct manner m = { .greeting = NULL };
	struct world w;

	if (!world_open(&w, &m))
		return;
	world_talk(&w, "connect", 1);
	ck_assert_uint_eq(w.report.heard, 0);
	ck_assert(!w.report.hung_up && !w.report.stalled && !w.report.reset);
	ck_assert_int_ge(w.took_ns, 200 * ms);
	ck_assert_int_lt(w.took_ns, 1800 * ms);
	world_settle(&w);
	ck_assert(w.server.callers[0].has_fin && !w.server.callers[0].has_rst);
	world_close(&w);
}
END_TEST

START_TEST(who_hangs_up_is_told_apart)
{
	static const struct manner closes = { .closes = true };
	static const struct manner resets = { .resets = true };
	struct world w;

	if (!world_open(&w, &closes))
		return;
	world_talk(&w, "connect", 1);
	ck_assert_int_eq(w.report.end, TALK_HELD);
	ck_assert(w.report.hung_up && !w.report.reset && !w.report.stalled);
	world_close(&w);
	if (!world_open(&w, &resets))
		return;
	world_talk(&w, "connect", 1);
	ck_assert_int_eq(w.report.end, TALK_HELD);
	ck_assert(w.report.reset);
	ck_assert_int_lt(w.took_ns, 600 * ms); /* not wait_ms, 800 */
	world_close(&w);
}
END_TEST

/* Small pieces, each an answer to ours: a telnet server as it negotiates. */
START_TEST(answers_in_small_pieces_are_no_flood)
{
	static const char *const rounds[] = { "\xff\xfa\x18\x01\xff\xf0",
		"\xff\xfb\x03\xff\xfd\x01\xff\xfd\x22\xff\xfd\x1f",
		"\xff\xfb\x01", "\r\nSunOS UNIX (ic0)\r\n\r\nlogin: ", NULL };
	static const struct manner m = {
		.greeting = "\xff\xfd\x18\xff\xfd\x20\xff\xfd\x23",
		.rounds = rounds
	};
	struct world w;

	if (!world_open(&w, &m))
		return;
	world_talk(&w, "greeting", 1);
	ck_assert_str_eq(w.telnet, "SunOS UNIX (ic0)");
	ck_assert_str_eq(w.manner, "");
	world_close(&w);
}
END_TEST

START_TEST(an_echo_is_told)
{
	static const struct manner m = { .echoes = true };
	struct world w;

	if (!world_open(&w, &m))
		return;
	world_talk(&w, "dicom", 1);
	ck_assert_str_eq(w.manner, "echoes ");
	ck_assert(!w.has_dicom);
	world_close(&w);
}
END_TEST

START_TEST(no_dicom_answer_is_answered_with_an_abort)
{
	static const struct manner m = { .greeting = NULL };
	const struct caller *c;
	struct world w;

	if (!world_open(&w, &m))
		return;
	world_talk(&w, "dicom", 1);
	world_settle(&w);
	c = &w.server.callers[0];
	ck_assert_uint_gt(c->heard_len, 10);
	ck_assert_uint_eq(c->heard[0], 1);                 /* request */
	ck_assert_uint_eq(c->heard[c->heard_len - 10], 7); /* abort */
	ck_assert(c->has_fin && !c->has_rst);
	world_close(&w);
}
END_TEST

START_TEST(a_giant_pdu_is_not_waited_for)
{
	static const uint8_t giant[] = { 2, 0, 0, 0xff, 0xff, 0xff };
	static const struct manner m = {
		.answer = giant, .answer_len = sizeof(giant), .floods = true
	};
	struct world w;

	if (!world_open(&w, &m))
		return;
	world_talk(&w, "dicom", 1);
	ck_assert(w.has_broken && !w.has_dicom);
	ck_assert_uint_le(w.report.heard, 4096 + 6);
	ck_assert_int_lt(w.took_ns, 1500 * ms);
	world_close(&w);
}
END_TEST

START_TEST(a_giant_record_is_not_waited_for)
{
	static const uint8_t giant[] = { 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 77, 0,
		0, 0, 1 };
	static const struct manner m = {
		.answer = giant, .answer_len = sizeof(giant), .floods = true
	};
	struct world w;

	if (!world_open(&w, &m))
		return;
	world_talk(&w, "rpc", 1);
	ck_assert_uint_le(w.report.heard, 8192);
	ck_assert_int_lt(w.took_ns, 2500 * ms);
	world_close(&w);
}
END_TEST

START_TEST(garbage_is_not_taken_for_dicom)
{
	static const uint8_t garbage[] = "\xff\x13garbage, and more of it";
	static const struct manner m = { .answer = garbage,
		.answer_len = sizeof(garbage) };
	struct world w;

	if (!world_open(&w, &m))
		return;
	world_talk(&w, "dicom", 1);
	ck_assert(!w.has_dicom && w.manner[0] == '\0');
	world_close(&w);
}
END_TEST

START_TEST(the_deadline_ends_a_talk_that_never_falls_silent)
{
	static const struct manner m = { .answers_rpc = true };
	struct world w;

	if (!world_open(&w, &m))
		return;
	/* Four programs a second apart would take a little over three. */
	world_talk(&w, "rpc", 1);
	ck_assert_uint_gt(w.report.heard, 28);
	ck_assert_int_ge(w.took_ns, 2900 * ms);
	ck_assert_int_lt(w.took_ns, 4500 * ms);
	ck_assert(!w.report.dripped && !w.report.endless);
	world_close(&w);
}
END_TEST

START_TEST(nobody_there_and_nobody_allowed)
{
	static const struct manner m = { .greeting = NULL };
	struct talk_order order = { .address = LOCALHOST + 1,
		.port = 40000,
		.probe = probe_find("connect"),
		.connect_wait_ns = 1000 * ms };
	bool refused;
	struct world w;

	if (!world_open(&w, &m))
		return;
	ck_assert_uint_eq(talks_open(w.talks, &order, &refused), 0);
	ck_assert(refused);
	close(w.server.fd);
	loop_watch_free(w.server.watch);
	w.server.watch = NULL;
	w.server.fd = -1;
	world_talk(&w, "connect", 1);
	ck_assert_int_eq(w.report.end, TALK_CLOSED);
	world_close(&w);
}
END_TEST

/* Each datagram is an initiation of its own, answered or not. */
START_TEST(a_question_over_udp_waits_for_its_turn)
{
	static const struct manner m = { 0 };
	struct sockaddr_in self = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(LOCALHOST) };
	socklen_t len = sizeof(self);
	struct talk_order order = { .address = LOCALHOST,
		.probe = probe_find("portmap"),
		.ask = { .cookie = 77, .via_udp = true },
		.wait_ns = 50 * ms,
		.deadline_ns = 5000 * ms };
	struct host_pace pace;
	struct world w;
	bool refused;
	int fd;

	if (!world_open(&w, &m))
		return;
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&self, len), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&self, &len), 0);
	order.port = order.ask.port = ntohs(self.sin_port);
	for (int i = 0; i < 2; i++) {
		int64_t began = loop_now();

		/* one a second, or no bound at all */
		host_pace_init(&pace, 1, PACKETS);
		host_pace_initiated(&pace, began, 1);
		order.pace = i == 0 ? &pace : NULL;
		w.wanted = w.done + 1;
		ck_assert_uint_ne(talks_open(w.talks, &order, &refused), 0);
		loop_run(w.loop);
		ck_assert_int_eq(w.report.end, TALK_NO_ANSWER);
		ck_assert_uint_eq(w.report.packets, 2);
		if (i == 0)
			ck_assert_int_ge(loop_now() - began, 1000 * ms);
		else
			ck_assert_int_lt(loop_now() - began, 900 * ms);
	}
	close(fd);
	world_close(&w);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = { a_server_that_speaks_is_heard_and_left,
		an_endless_one_is_cut_off, many_endless_ones_at_once,
		a_drip_counts_as_silence,
		a_fast_drip_is_left_before_it_costs_too_many_packets,
		a_mute_one_gets_its_time_and_a_fin, who_hangs_up_is_told_apart,
		answers_in_small_pieces_are_no_flood, an_echo_is_told,
		no_dicom_answer_is_answered_with_an_abort,
		a_giant_pdu_is_not_waited_for, a_giant_record_is_not_waited_for,
		garbage_is_not_taken_for_dicom,
		the_deadline_ends_a_talk_that_never_falls_silent,
		nobody_there_and_nobody_allowed,
		a_question_over_udp_waits_for_its_turn, NULL };

	return unit_run("talk", tests);
}
