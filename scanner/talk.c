/* SPDX-License-Identifier: ISC */
/*
 * talk - one small state machine per conversation.
 *
 *	CONNECTING --SYN-ACK--> SPEAKING --all said--> CLOSING --FIN seen--> end
 *	    |                    |    |                ^  |
 *	    +-- refused, silent  |    +-- too much --> HEARING
 *	                         +-- deadline, reset      +-- 1 s, or stalled
 *
 * A peer that has said more than anybody reads is heard for another second
 * before our FIN, to tell a long greeting from an endless one.  Over UDP there
 * is no connecting and no closing.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scanner/scope.h"
#include "scanner/socket.h"
#include "scanner/talk_state.h"

enum { LAST_PACKETS = 2 /* FIN and the last ACK come after the count */ };

struct talks *
talks_new(struct loop *loop, const struct scope *scope, uint32_t source,
    const char *interface, talk_done_fn *done, void *arg)
{
	struct talks *set = calloc(1, sizeof(*set));

	if (set == NULL)
		return NULL;
	set->loop = loop;
	set->scope = scope;
	set->source = source;
	set->interface = interface;
	set->done = done;
	set->arg = arg;
	return set;
}

static void
talk_free(struct talk *t)
{
	if (t == NULL)
		return;
	if (t->link != NULL) {
		*t->link = t->next;
		if (t->next != NULL)
			t->next->link = t->link;
		t->set->under_way--;
	}
	loop_watch_free(t->watch);
	loop_timer_free(t->timer);
	session_free(t->session);
	if (t->fd >= 0)
		close(t->fd);
	free(t);
}

void
talks_free(struct talks *set)
{
	if (set == NULL)
		return;
	while (set->first != NULL)
		talk_free(set->first);
	free(set);
}

void
talks_number_from(struct talks *set, uint32_t number)
{
	set->opened = number;
}

uint32_t
talks_number(const struct talks *set)
{
	return set->opened;
}

size_t
talks_under_way(const struct talks *set)
{
	return set->under_way;
}

uint64_t
talks_packets(const struct talks *set)
{
	return set->packets;
}

uint32_t
talks_held(const struct talks *set)
{
	return set->held;
}

/* The kernel's own count of what we sent, where it keeps one. */
void
talk_count(struct talk *t)
{
	uint32_t segments;

	if (t->order.ask.via_udp)
		return;
	segments = socket_segments(t->fd);
	if (segments <= t->packets)
		return;
	host_pace_packets(&t->pace, loop_now(), segments - t->packets);
	host_pace_packets(&t->host, loop_now(), segments - t->packets);
	t->packets = segments;
}

static void
talk_count_all(struct talk *t)
{
	talk_count(t);
	if (t->packets == 0)
		t->packets = 1;
	if (!t->order.ask.via_udp && t->state != CONNECTING && !t->has_parted) {
		t->packets += LAST_PACKETS;
		host_pace_packets(&t->host, loop_now(), LAST_PACKETS);
	}
}

/* Bytes said that the peer has not taken yet. */
bool
talk_is_stalled(const struct talk *t)
{
	return !t->order.ask.via_udp && t->state != CONNECTING &&
	    socket_unacknowledged(t->fd) > 0;
}

void
talk_finish(struct talk *t)
{
	struct talks *set = t->set;
	bool is_deaf = talk_is_stalled(t);
	struct talk_report report = {
		.order = &t->order,
		.end = t->end,
		.number = t->number,
		.local_port = t->local_port,
		.rtt_ns = t->rtt_ns,
		.opened_wall_ns = t->opened_wall_ns,
		.heard = t->heard,
		.reset = t->reset,
		.stalled = t->stalled && is_deaf,
		.hung_up = t->hung_up,
		.dripped = t->dripped,
		.endless = t->endless,
	};

	talk_count_all(t);
	if (is_deaf && (t->let_go || t->stalled))
		socket_reset_at_close(t->fd);
	report.packets = t->packets;
	if (t->has_host)
		report.pace = &t->host;
	set->packets += t->packets;
	if (t->end == TALK_HELD) {
		set->held++;
		report.facts = session_facts(t->session);
	}
	/* The socket goes first: done() may begin the next talk. */
	loop_watch_free(t->watch);
	close(t->fd);
	t->watch = NULL;
	t->fd = -1;
	set->done(set->arg, &report);
	talk_free(t);
}

static void
talk_connected(struct talk *t)
{
	t->state = SPEAKING;
	if (!t->order.ask.via_udp) {
		t->end = TALK_HELD;
		t->rtt_ns = loop_now() - t->opened_ns;
		talk_count(t); /* the handshake, while it is fresh */
	}
	talk_speak(t);
}

static void
talk_connect_answer(struct talk *t)
{
	int error = 0;
	socklen_t len = sizeof(error);

	getsockopt(t->fd, SOL_SOCKET, SO_ERROR, &error, &len);
	switch (error) {
	case 0:
		talk_connected(t);
		return;
	case ECONNREFUSED:
		t->end = TALK_CLOSED;
		t->rtt_ns = loop_now() - t->opened_ns;
		break;
	case ECONNRESET: /* after its SYN-ACK */
	case EPIPE:
		t->end = TALK_HELD;
		t->rtt_ns = loop_now() - t->opened_ns;
		t->state = CLOSING;
		t->reset = true;
		break;
	case ETIMEDOUT:
		t->end = TALK_NO_ANSWER;
		break;
	case EHOSTUNREACH:
	case ENETUNREACH:
		t->end = TALK_UNREACHABLE;
		break;
	case EACCES:
		t->end = TALK_UNREACHABLE;
		break;
	default:
		t->end = TALK_LOCAL;
	}
	talk_finish(t);
}

static void
talk_io(void *arg, bool readable, bool writable)
{
	struct talk *t = arg;

	if (t->state == CONNECTING)
		talk_connect_answer(t);
	else
		talk_speak_io(t, readable, writable);
}

/* The connect timer: silence, a failure at once, or the start over UDP. */
static void
talk_ring_connecting(struct talk *t)
{
	if (t->order.ask.via_udp && !t->failed) {
		t->end = TALK_NO_ANSWER;
		talk_connected(t);
		return;
	}
	if (!t->failed)
		t->end = TALK_NO_ANSWER;
	talk_finish(t);
}

static void
talk_ring(void *arg)
{
	struct talk *t = arg;

	if (t->state == CONNECTING)
		talk_ring_connecting(t);
	else
		talk_speak_ring(t, loop_now());
}

static bool
talk_prepare(struct talk *t)
{
	const struct talk_order *o = &t->order;
	struct about about = { .kind = o->ask.via_udp ? ABOUT_UDP : ABOUT_TCP,
		.port = o->port };
	unsigned most = o->packets_most ? o->packets_most : PACE_WINDOW_MAX;

	host_pace_init(&t->pace, 1, most);
	host_pace_init(&t->host, 1, most);
	t->has_host = o->pace != NULL;
	if (t->has_host && o->ask.via_udp) {
		t->host = *o->pace; /* each datagram begins something */
	} else if (t->has_host) {
		host_pace_follow(&t->host, o->pace);
		t->packets = 1; /* its SYN is in there */
	}
	t->fd = socket_open(o->ask.via_udp, t->set->source, t->set->interface);
	if (t->fd < 0)
		return false;
	t->session = session_new(o->probe, &o->ask, about);
	t->timer = loop_timer_new(t->set->loop, talk_ring, t);
	t->watch = loop_watch_new(t->set->loop, t->fd, talk_io, t);
	return t->session != NULL && t->timer != NULL && t->watch != NULL;
}

/* Asks the kernel to connect.  What fails at once is reported like all else,
 * from the loop: the timer rings at once. */
static void
talk_start(struct talk *t)
{
	struct sockaddr_in peer = { .sin_family = AF_INET,
		.sin_port = htons(t->order.port),
		.sin_addr.s_addr = htonl(t->order.address) };
	struct sockaddr_in self = { 0 };
	socklen_t len = sizeof(self);
	int64_t now = loop_now();

	t->opened_ns = now;
	t->opened_wall_ns = loop_wall();
	t->state = CONNECTING;
	t->end = TALK_LOCAL;
	t->deadline_at = now;
	if (!t->order.ask.via_udp) {
		loop_watch_set(t->watch, false, true);
		t->deadline_at = now + t->order.connect_wait_ns;
	}
	if (connect(t->fd, (struct sockaddr *)&peer, sizeof(peer)) != 0 &&
	    errno != EINPROGRESS) {
		t->failed = true;
		t->deadline_at = now;
		if (errno == ENETUNREACH || errno == EHOSTUNREACH)
			t->end = TALK_UNREACHABLE;
	}
	if (t->has_host)
		host_pace_left(&t->host, loop_now());
	t->quiet_at = t->deadline_at;
	if (getsockname(t->fd, (struct sockaddr *)&self, &len) == 0)
		t->local_port = ntohs(self.sin_port);
	talk_schedule(t);
}

uint16_t
talks_open(struct talks *set, const struct talk_order *order, bool *refused)
{
	enum about_kind transport = order->ask.via_udp ? ABOUT_UDP : ABOUT_TCP;
	struct talk *t;

	*refused =
	    !scope_has_port(set->scope, order->address, transport, order->port);
	if (*refused)
		return 0;
	t = calloc(1, sizeof(*t));
	if (t == NULL)
		return 0;
	t->set = set;
	t->order = *order;
	t->fd = -1;
	if (!talk_prepare(t)) {
		talk_free(t);
		return 0;
	}
	t->number = ++set->opened;
	t->next = set->first;
	t->link = &set->first;
	if (t->next != NULL)
		t->next->link = &t->next;
	set->first = t;
	set->under_way++;
	talk_start(t);
	return t->local_port;
}
