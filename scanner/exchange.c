/* SPDX-License-Identifier: ISC */
/*
 * exchange - whose frames are kept, and what becomes of them in the end.
 *
 * Of a talk in which nothing new was learnt nothing is written.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/dispatch.h"
#include "scanner/exchange_parts.h"
#include "scanner/overhear.h"

enum { GOODBYES_MAX = 8 };

static void listen_to_end(void *arg, struct stream *s);
static void unsettled_drop(struct exchange *x);

struct exchange *
exchange_new(struct ledger *ledger, struct evidence_file *evidence,
    const struct dispatch_hooks *hooks)
{
	struct exchange *x = calloc(1, sizeof(*x));

	if (x == NULL)
		return NULL;
	x->ledger = ledger;
	x->evidence = evidence;
	x->hooks = hooks;
	x->last_link = &x->first;
	x->facts = facts_new();
	x->streams = streams_new(listen_to_end, x);
	if (hooks != NULL)
		x->last = lastwords_new();
	if (x->facts == NULL || x->streams == NULL ||
	    (hooks != NULL && x->last == NULL)) {
		exchange_free(x);
		return NULL;
	}
	return x;
}

void
exchange_free(struct exchange *x)
{
	if (x == NULL)
		return;
	while (x->first != NULL)
		unsettled_drop(x);
	streams_free(x->streams);
	lastwords_free(x->last);
	facts_free(x->facts);
	free(x);
}

void
exchange_exclude(struct exchange *x,
    bool (*excludes)(void *arg, uint32_t address), void *arg)
{
	x->excludes = excludes;
	x->excludes_arg = arg;
}

/* --- writing ---------------------------------------------------------- */

uint32_t
exchange_number(const struct exchange *x, const struct packet *p)
{
	uint32_t before = 0;

	if (x->evidence == NULL)
		return p->frame->number;
	if (x->current != NULL && x->current_kept)
		for (size_t i = 0; i + 1 < x->current->frames_len; i++)
			before += !x->current->frames[i].is_written;
	return evidence_frames(x->evidence) + before + 1;
}

uint32_t
exchange_number_alone(const struct exchange *x, const struct packet *p)
{
	return x->evidence == NULL ? p->frame->number
				   : evidence_frames(x->evidence) + 1;
}

void
exchange_keep(struct exchange *x, const struct packet *p, const char *comment)
{
	struct stream *s = x->current;
	uint32_t number;

	if (x->evidence == NULL)
		return;
	if (s == NULL || !x->current_kept) {
		number = evidence_add(x->evidence, p->frame, comment);
		if (exchange_is_live(x))
			lastwords_written(x->last,
			    p->kind == PACKET_ARP ? p->arp.sender : p->source,
			    p->frame, number);
		return;
	}
	exchange_comment(&s->frames[s->frames_len - 1], comment);
	for (size_t i = 0; i < s->frames_len; i++)
		exchange_frame_write(x, s, &s->frames[i]);
}

void
exchange_keep_cut(
    struct exchange *x, const struct packet *p, size_t len, const char *comment)
{
	struct frame cut = *p->frame;

	if (len < cut.len)
		cut.len = (uint32_t)len;
	if (x->evidence != NULL)
		(void)evidence_add(x->evidence, &cut, comment);
	if (x->current == NULL || exchange_is_live(x))
		return;
	streams_drop(x->streams, x->current);
	x->current = NULL;
}

static bool
has_answer(const struct stream *s)
{
	for (size_t i = 0; i < s->frames_len; i++)
		if (s->frames[i].side == STREAM_SERVER)
			return true;
	return false;
}

/* A talk's own stream is settled: what is left of it is its goodbye. */
static void
settled(struct exchange *x, struct stream *s, bool is_kept)
{
	if (x->current == s)
		x->current = NULL;
	if (!is_kept || s->is_udp || s->is_over) {
		streams_drop(x->streams, s);
		return;
	}
	s->is_settled = true;
	streams_forget_frames(x->streams, s);
}

static void
settle(struct exchange *x, const struct unsettled *u)
{
	struct stream *s = streams_find(x->streams, u->talk.via_udp,
	    u->talk.local, u->talk.local_port, u->talk.address, u->talk.port);
	struct place place = { .stream = s, .until_ns = INT64_MAX };
	struct origin located = u->origin;
	bool is_evidence = s != NULL && x->evidence != NULL && !s->is_settled &&
	    !u->talk.is_sealed && has_answer(s);
	size_t added = 0;

	if (is_evidence) {
		exchange_frames_number(x, s, u->talk.heard);
		located.locate = exchange_locate;
		located.locate_arg = &place;
	}
	for (size_t i = 0; i < EXCHANGE_LISTS; i++)
		if (u->lists[i] != NULL)
			added += ledger_take(x->ledger, u->lists[i], &located);
	if (is_evidence && added > 0)
		exchange_frames_write(x, s);
	if (s != NULL)
		settled(x, s, is_evidence && added > 0);
}

static void
tell_settled(const struct exchange *x, const struct exchange_talk *talk)
{
	if (x->hooks != NULL && x->hooks->settled != NULL)
		x->hooks->settled(
		    x->hooks->arg, talk->address, talk->port, talk->via_udp);
}

/* Takes the first off the list and forgets it. */
static void
unsettled_drop(struct exchange *x)
{
	struct unsettled *u = x->first;

	x->first = u->next;
	if (x->first == NULL)
		x->last_link = &x->first;
	for (size_t i = 0; i < EXCHANGE_LISTS; i++)
		facts_free(u->lists[i]);
	free(u);
}

int64_t
exchange_settle(struct exchange *x, int64_t now_ns)
{
	while (x->first != NULL && x->first->due_ns <= now_ns) {
		settle(x, x->first);
		tell_settled(x, &x->first->talk);
		unsettled_drop(x);
	}
	return x->first != NULL ? x->first->due_ns : INT64_MAX;
}

void
exchange_ended(struct exchange *x, const struct exchange_talk *talk,
    const struct facts *const lists[static EXCHANGE_LISTS],
    const struct origin *origin, int64_t now_ns)
{
	struct unsettled *u = calloc(1, sizeof(*u));
	bool has_all = u != NULL;

	for (size_t i = 0; has_all && i < EXCHANGE_LISTS; i++) {
		if (lists[i] == NULL)
			continue;
		u->lists[i] = facts_copy(lists[i]);
		has_all = u->lists[i] != NULL;
	}
	if (u == NULL ||
	    !has_all) { /* better without evidence than not at all */
		for (size_t i = 0; i < EXCHANGE_LISTS; i++) {
			if (u != NULL)
				facts_free(u->lists[i]);
			if (lists[i] != NULL)
				ledger_take(x->ledger, lists[i], origin);
		}
		free(u);
		tell_settled(x, talk);
		return;
	}
	u->talk = *talk;
	u->origin = *origin;
	u->due_ns = now_ns + EXCHANGE_WAIT_MS * 1000000LL;
	*x->last_link = u;
	x->last_link = &u->next;
}

/* --- replay: everybody's conversations ---------------------------------- */

struct listening {
	struct exchange *exchange;
	struct stream *stream;
	size_t added;
};

/* A server that answered has its port open. */
static void
open_facts(struct exchange *x, const struct stream *s)
{
	facts_begin(x->facts,
	    (struct about){ .kind = s->is_udp ? ABOUT_UDP : ABOUT_TCP,
		.port = s->server_port },
	    NULL, 0);
	facts_printf(x->facts, FACT_PORT_STATE, NULL, 0, "open");
	facts_about(x->facts, (struct about){ .kind = ABOUT_HOST });
	facts_printf(x->facts, FACT_HOST_ALIVE, NULL, 0, "heard");
}

static void
take_overheard(void *arg, const struct overheard_talk *talk)
{
	struct listening *l = arg;
	struct exchange *x = l->exchange;
	struct place place = { .stream = l->stream,
		.base = talk->base,
		.until_ns = talk->time_ns };
	struct origin origin = { .address = l->stream->server,
		.probe = talk->probe->name,
		.time_ns = talk->time_ns,
		.locate = exchange_locate,
		.locate_arg = &place };

	if (x->excludes != NULL &&
	    x->excludes(x->excludes_arg, l->stream->server))
		return;
	open_facts(x, l->stream);
	l->added += ledger_take(x->ledger, x->facts, &origin);
	l->added += ledger_take(x->ledger, talk->facts, &origin);
}

/* A conversation is over, or gives way.  In a live run our talks' own ends
 * count, and what gives way has lost its evidence. */
static void
listen_to_end(void *arg, struct stream *s)
{
	struct exchange *x = arg;
	struct listening l = { .exchange = x, .stream = s };

	if (x->current == s)
		x->current = NULL;
	if (exchange_is_live(x))
		return;
	exchange_frames_number(x, s, SIZE_MAX);
	overhear_stream(s, take_overheard, &l);
	if (l.added > 0)
		exchange_frames_write(x, s);
}

void
exchange_flush(struct exchange *x)
{
	streams_flush(x->streams);
}

/* --- frames -------------------------------------------------------------- */

/* Is a packet the first of a talk of ours? */
static bool
begins_ours(const struct exchange *x, const struct packet *p)
{
	const struct dispatch_hooks *h = x->hooks;
	bool is_udp = p->kind == PACKET_UDP;
	uint16_t from = is_udp ? p->udp.source_port : p->tcp.source_port;
	uint16_t to =
	    is_udp ? p->udp.destination_port : p->tcp.destination_port;

	if (!is_udp && !(p->tcp.flags & TCP_SYN))
		return false;
	if (h->is_own(h->arg, p->source) &&
	    h->is_our_connect(h->arg, p->destination, to, from))
		return true;
	return !is_udp && p->tcp.flags & TCP_ACK &&
	    h->is_own(h->arg, p->destination) &&
	    h->is_our_connect(h->arg, p->source, from, to);
}

/* Is a packet the first of anybody's conversation worth listening to? */
static bool
begins_any(const struct packet *p)
{
	if (p->kind == PACKET_UDP)
		return p->payload.left == p->udp.payload_len &&
		    overhear_datagram(p->udp.destination_port, p->payload);
	if (p->tcp.flags & TCP_RST)
		return false;
	return p->tcp.flags & TCP_SYN || p->payload.left > 0;
}

/* After a talk its FINs and their acknowledgements still come. */
static void
take_goodbye(struct exchange *x, struct stream *s)
{
	for (size_t i = 0; i < s->frames_len; i++)
		if (s->frames[i].payload_len == 0 &&
		    s->goodbyes < GOODBYES_MAX) {
			s->goodbyes++;
			exchange_frame_write(x, s, &s->frames[i]);
		}
	x->current = NULL;
	if (s->is_over)
		streams_drop(x->streams, s);
	else
		streams_forget_frames(x->streams, s);
}

static void
take_segment(struct exchange *x, const struct packet *p)
{
	bool may_begin =
	    exchange_is_live(x) ? begins_ours(x, p) : begins_any(p);
	struct stream *s;

	s = streams_take(x->streams, p, may_begin, &x->current_kept);
	x->current = s;
	if (s == NULL)
		return;
	if (exchange_is_live(x))
		lastwords_note(
		    x->last, s->server, p->frame, p->source == s->server, true);
	if (s->is_settled) {
		take_goodbye(x, s);
	} else if (s->is_over && !exchange_is_live(x)) {
		listen_to_end(x, s);
		streams_drop(x->streams, s);
	}
}

/* ARP and ICMP count where the host has been talked with. */
static void
take_signal(struct exchange *x, const struct packet *p)
{
	const struct dispatch_hooks *h = x->hooks;
	bool is_arp = p->kind == PACKET_ARP;
	uint32_t from = is_arp ? p->arp.sender : p->source;
	uint32_t to = is_arp ? p->arp.target : p->destination;
	bool is_ours = h->is_own(h->arg, from);

	lastwords_note(x->last, is_ours ? to : from, p->frame, !is_ours, false);
}

/* SYN shots and their answers begin no conversation, and are many. */
static bool
is_shot(const struct packet *p)
{
	return p->kind == PACKET_TCP &&
	    (p->tcp.source_port == DISPATCH_SYN_PORT ||
		p->tcp.destination_port == DISPATCH_SYN_PORT);
}

void
exchange_take(struct exchange *x, const struct packet *p)
{
	x->current = NULL;
	x->current_kept = false;
	if (exchange_is_live(x) && is_shot(p))
		return;
	if (p->kind == PACKET_TCP || p->kind == PACKET_UDP)
		take_segment(x, p);
	else if (exchange_is_live(x) &&
	    (p->kind == PACKET_ARP || p->kind == PACKET_ICMP))
		take_signal(x, p);
}
