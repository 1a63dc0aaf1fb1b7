/* SPDX-License-Identifier: ISC */
/*
 * talk_speak - a talk from its handshake to its goodbye: bytes to the session,
 * its answers to the peer, and every way in which a peer can waste time.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "scanner/socket.h"
#include "scanner/talk_state.h"

enum {
	READ_CHUNK = 4096,
	FREE_BYTES = 1024,   /* heard before reading is paced */
	READ_PACKETS = 3,    /* ours that one read may lead to */
	WORDS_PACKETS = 4,   /* ours that words lead to, goodbye and all */
	CLOSE_PACKETS = 2,   /* FIN, and the acknowledgement of the peer's */
	DRIPS = 3,           /* reads that make a drip */
	FLOOD_READS = 3,     /* reads of a few bytes each */
	FLOOD_MORE = 5,      /* packets beyond what the probe may take */
	ENDLESS_MORE = 4096, /* said beyond what is read */
	ENDLESS_ALL = 8192
};
static const int64_t ms_ns = 1000000;
static const int64_t close_wait_ns = 1000000000;

void
talk_schedule(struct talk *t)
{
	int64_t at = t->deadline_at;

	if (t->quiet_at < at)
		at = t->quiet_at;
	if (t->say_at != 0 && t->say_at < at)
		at = t->say_at;
	if (t->read_at != 0 && t->read_at < at)
		at = t->read_at;
	loop_timer_at(t->timer, at);
}

static bool
has_words(const struct talk *t)
{
	return t->out_done < t->out_len;
}

/* What is waited for: bytes unless reading is held back, room for ours. */
static void
talk_watch(struct talk *t)
{
	bool has_more = has_words(t) && t->say_at == 0;

	loop_watch_set(
	    t->watch, t->read_at == 0, has_more && t->state == SPEAKING);
}

/* All is said, and maybe all is heard: FIN, then wait for the peer's. */
static void
talk_close(struct talk *t)
{
	bool is_full = session_room(t->session) == 0;

	if (t->order.ask.via_udp || t->reset) {
		talk_finish(t);
		return;
	}
	if (t->state == SPEAKING && is_full && !t->hung_up) {
		t->state = HEARING;
	} else {
		t->state = CLOSING;
		shutdown(t->fd, SHUT_WR);
	}
	talk_watch(t);
	t->deadline_at = loop_now() + close_wait_ns;
	t->quiet_at = t->deadline_at;
	t->say_at = 0;
	talk_schedule(t);
}

static void
talk_broken(struct talk *t)
{
	t->reset = true;
	t->state = CLOSING;
	talk_finish(t);
}

static int64_t
wait_of(const struct talk *t)
{
	int64_t wait = t->order.probe->wait_ms * ms_ns, most = t->order.wait_ns;
	int64_t listen = t->order.listen_ns;

	if (most != 0 && most < wait)
		wait = most;
	if (listen != 0 && listen < wait && !t->has_said && t->heard == 0)
		wait = listen;
	return wait;
}

/* When the words, or the end, may leave. */
static int64_t
words_when(struct talk *t, int64_t now)
{
	if (!t->order.ask.via_udp) {
		talk_count(t);
		return host_pace_when(&t->host, now, 1,
		    has_words(t) ? WORDS_PACKETS : CLOSE_PACKETS);
	}
	/* The first was waited for; each further one is an initiation. */
	return t->has_host && t->packets > 0
	    ? host_pace_when(&t->host, now, 1, 1)
	    : now;
}

/*
 * Words wait until the host may be sent them and what they lead to: an
 * acknowledgement, FIN and the last one; the end of a conversation does where
 * it comes without a word.  So a conversation of many turns, a handshake under
 * TLS or a telnet server that negotiates at length, keeps the host's limit
 * whatever else the host was sent.
 */
static void
talk_hold(struct talk *t)
{
	bool has_end = t->last_words && !t->order.ask.via_udp;
	int64_t now = loop_now(), when;

	if (t->say_at != 0 || (!has_words(t) && !has_end))
		return;
	when = words_when(t, now);
	if (when <= now)
		return;
	t->say_at = when;
	if (t->quiet_at < when + wait_of(t)) /* it is we who keep silent */
		t->quiet_at = when + wait_of(t);
}

/* The first is in the order's pace; it has left only now. */
static void
note_datagram(struct talk *t)
{
	t->packets++;
	if (!t->has_host)
		return;
	if (t->packets == 1)
		host_pace_left(&t->host, loop_now());
	else
		host_pace_initiated(&t->host, loop_now(), 1);
}

/* Sends what may be sent now.  False when the talk has ended. */
static bool
talk_flush(struct talk *t)
{
	talk_hold(t);
	while (has_words(t) && t->say_at == 0) {
		ssize_t n = send(t->fd, t->out + t->out_done,
		    t->out_len - t->out_done, MSG_NOSIGNAL);

		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			break;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			talk_broken(t);
			return false;
		}
		t->out_done += (size_t)n;
		if (t->order.ask.via_udp)
			note_datagram(t);
	}
	if (!has_words(t))
		t->out_done = t->out_len = 0;
	if (!has_words(t) && t->last_words && t->say_at == 0) {
		talk_close(t);
		return false;
	}
	talk_watch(t);
	return true;
}

static int64_t
deadline_of(const struct talk *t)
{
	const struct probe *probe = t->order.probe;
	int64_t deadline = probe->deadline_ms * ms_ns,
		most = t->order.deadline_ns;

	if (deadline == 0)
		deadline = 10 * probe->wait_ms * ms_ns;
	return most != 0 && most < deadline ? most : deadline;
}

/* A silence begins anew when we speak, or when enough was said over TCP: who
 * says next to nothing is as good as silent. */
static void
talk_renew_wait(struct talk *t, bool has_spoken, int64_t now)
{
	bool is_enough = t->fresh >= TALK_SLOW && !t->order.ask.via_udp;

	if (!has_spoken && !is_enough)
		return;
	t->fresh = 0;
	t->drips = 0;
	t->quiet_at = now + wait_of(t);
	if (t->say_at != 0)
		t->quiet_at += t->say_at - now;
}

/* Packets of ours the conversation may take in a second. */
static unsigned
own_packets(const struct talk *t)
{
	return probe_packets(t->order.probe,
	    t->order.ask.via_udp ? ABOUT_UDP : ABOUT_TCP, t->order.port);
}

static void
talk_take_step(struct talk *t, struct session_answer answer)
{
	int64_t now = loop_now();

	if (answer.say_len > sizeof(t->out) - t->out_len)
		answer.say_len = 0;
	if (answer.say_len > 0) {
		memcpy(t->out + t->out_len, answer.say, answer.say_len);
		t->has_said = true;
		t->out_len += answer.say_len;
		t->reads = 0;
		t->heard_before = t->heard;
		if (t->order.probe->pause_ms > 0 && t->heard > 0)
			t->say_at = now + t->order.probe->pause_ms * ms_ns;
	}
	talk_renew_wait(t, answer.say_len > 0, now);
	if (answer.step != STEP_WAIT) {
		t->last_words = true;
		t->say_at = 0;
	}
	if (talk_flush(t))
		talk_schedule(t);
}

void
talk_speak(struct talk *t)
{
	int64_t now = loop_now();

	loop_watch_set(t->watch, true, false);
	t->deadline_at = now + deadline_of(t);
	t->quiet_at = now + wait_of(t);
	talk_take_step(t, session_turn(t->session, TURN_OPEN, NULL, 0));
}

/* Reads once.  Returns bytes, 0 at the end, -1 nothing now, -2 broken. */
static ssize_t
talk_recv(struct talk *t, uint8_t *buf, size_t size)
{
	ssize_t n;

	do
		n = recv(t->fd, buf, size, 0);
	while (n < 0 && errno == EINTR);
	if (n >= 0)
		return n;
	return errno == EAGAIN || errno == EWOULDBLOCK ? -1 : -2;
}

/*
 * May the talk read on?  Each read opens the window for more, and that makes
 * the kernel send; so what comes in bulk waits until the host's last second
 * leaves room for it, and for an end.
 */
static bool
talk_may_read(struct talk *t)
{
	int64_t now = loop_now(), when;

	if (t->heard + t->drained <= FREE_BYTES)
		return true;
	when = host_pace_when(&t->host, now, 1, READ_PACKETS + CLOSE_PACKETS);
	if (when <= now)
		return true;
	t->read_at = when;
	if (t->quiet_at <= when) /* it is we who keep silent */
		t->quiet_at = when + wait_of(t);
	talk_watch(t);
	talk_schedule(t);
	return false;
}

/* Have so many packets of ours left within the last second? */
static bool
has_sent(const struct talk *t, unsigned packets, int64_t now)
{
	unsigned most = t->pace.packets_max;

	if (packets > most)
		packets = most;
	return host_pace_when(&t->pace, now, 1, most - packets + 1) > now;
}

/*
 * Little segments are acknowledged whether they are read or not, so the only
 * way to send less is to leave.  Of many tiny ones it is known early, unless
 * each answers words of ours; the goodbye must still fit into what the host may
 * be sent.
 */
static bool
is_flooded(const struct talk *t)
{
	unsigned own = own_packets(t);
	int64_t now = loop_now();

	if (t->order.packets_most == 0)
		return false;
	if (t->reads >= FLOOD_READS &&
	    t->heard - t->heard_before < TALK_SLOW * t->reads)
		return has_sent(t, own / 2 + 1, now);
	return has_sent(t, own + FLOOD_MORE, now);
}

static void
talk_drain(struct talk *t)
{
	uint8_t buf[READ_CHUNK];
	ssize_t n;

	talk_count(t);
	if (!talk_may_read(t))
		return;
	n = talk_recv(t, buf, sizeof(buf));
	if (n == -1)
		return;
	if (n <= 0) {
		t->reset = n == -2;
		t->has_parted = n == 0 && t->state == CLOSING;
		talk_finish(t);
		return;
	}
	t->drained += (size_t)n;
	if (t->drained < ENDLESS_MORE || t->heard + t->drained < ENDLESS_ALL)
		return;
	t->endless = true;
	if (t->state == HEARING)
		talk_close(t);
}

/* The time to answer is over: one turn for the probe's goodbyes. */
static void
talk_quiet(struct talk *t, bool is_late)
{
	struct session_answer answer;

	t->stalled = talk_is_stalled(t);
	t->dripped |= t->drips >= DRIPS;
	if (t->last_words) { /* it does not even take those */
		talk_finish(t);
		return;
	}
	answer = session_turn(t->session, TURN_QUIET, NULL, 0);
	if (is_late) {
		t->out_len = t->out_done = 0;
		answer.step = STEP_ABORT;
	}
	/* What is said to silence has a silence of its own. */
	if (answer.say_len == 0 && answer.step == STEP_WAIT)
		t->quiet_at = loop_now() + wait_of(t);
	talk_take_step(t, answer);
}

static void
talk_readable_udp(struct talk *t)
{
	uint8_t buf[TALK_STREAM_MAX];
	ssize_t n = talk_recv(t, buf, sizeof(buf));

	if (n == -1)
		return;
	if (n == -2) { /* ICMP told the kernel that nobody is there */
		if (t->end != TALK_HELD)
			t->end = errno == ECONNREFUSED ? TALK_CLOSED
						       : TALK_UNREACHABLE;
		talk_finish(t);
		return;
	}
	if (t->heard == 0)
		t->rtt_ns = loop_now() - t->opened_ns;
	t->end = TALK_HELD;
	t->heard += (size_t)n;
	talk_take_step(t, session_turn(t->session, TURN_BYTES, buf, (size_t)n));
}

static void
talk_readable(struct talk *t)
{
	uint8_t buf[READ_CHUNK];
	size_t room = session_room(t->session);
	ssize_t n;

	talk_count(t);
	if (room == 0 || is_flooded(t)) {
		t->dripped |= room > 0;
		talk_quiet(t, true);
		return;
	}
	if (!talk_may_read(t))
		return;
	n = talk_recv(t, buf, room < sizeof(buf) ? room : sizeof(buf));
	if (n == -1)
		return;
	if (n == -2) {
		session_turn(t->session, TURN_EOF, NULL, 0);
		talk_broken(t);
	} else if (n == 0) {
		struct session_answer a =
		    session_turn(t->session, TURN_EOF, NULL, 0);

		t->hung_up = true;
		a.step = STEP_DONE; /* it will hear, but say no more */
		talk_take_step(t, a);
	} else {
		t->heard += (size_t)n;
		t->fresh += (size_t)n;
		t->drips++;
		t->reads++;
		talk_take_step(
		    t, session_turn(t->session, TURN_BYTES, buf, (size_t)n));
	}
}

void
talk_speak_io(struct talk *t, bool readable, bool writable)
{
	if (writable && !talk_flush(t))
		return;
	if (!readable)
		return;
	/* With all said, and only the end held back, nobody listens. */
	if (t->state != SPEAKING || (t->last_words && !has_words(t)))
		talk_drain(t);
	else if (t->order.ask.via_udp)
		talk_readable_udp(t);
	else
		talk_readable(t);
}

/* The peer had a second for its FIN. */
static void
talk_ring_closing(struct talk *t)
{
	t->let_go = talk_is_stalled(t);
	t->stalled |= t->let_go && t->heard == 0;
	t->endless |= socket_has_unread(t->fd);
	talk_finish(t);
}

static void
talk_ring_speaking(struct talk *t, int64_t now)
{
	bool is_late = now >= t->deadline_at;

	if (!is_late && t->say_at != 0 && now >= t->say_at) {
		t->say_at = 0;
		if (talk_flush(t))
			talk_schedule(t);
	} else if (is_late || now >= t->quiet_at) {
		talk_quiet(t, is_late);
	} else {
		talk_schedule(t);
	}
}

void
talk_speak_ring(struct talk *t, int64_t now)
{
	if (t->read_at != 0 && now >= t->read_at) {
		t->read_at = 0;
		talk_watch(t);
	}
	if (t->state == SPEAKING)
		talk_ring_speaking(t, now);
	else if (now < t->deadline_at)
		talk_schedule(t);
	else if (t->state == HEARING)
		talk_close(t);
	else
		talk_ring_closing(t);
}
