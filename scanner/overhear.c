/* SPDX-License-Identifier: ISC */
/* overhear - overheard conversations through the probes' own steps. */
#include <stdlib.h>

#include "scanner/overhear.h"
#include "scanner/reader.h"

/* A stretch of a stream's frames, by their places in .order. */
struct stretch {
	size_t first, end; /* end not included */
};

static const struct stream_frame *
frame_at(const struct stream *s, size_t i)
{
	return &s->frames[s->order[i]];
}

/* The stretch from `first` on that one side said without a break. */
static struct stretch
run_of(const struct stream *s, size_t first, enum stream_side side)
{
	struct stretch run = { first, first };

	while (run.end < s->order_len && frame_at(s, run.end)->side == side)
		run.end++;
	return run;
}

/* Gathers what the client said in a stretch; of datagrams the last. */
static struct rd
client_words(const struct stream *s, struct stretch all, uint8_t *room)
{
	size_t len = 0;

	for (size_t i = all.first; i < all.end; i++) {
		const struct stream_frame *f = frame_at(s, i);

		if (f->side != STREAM_CLIENT)
			continue;
		if (s->is_udp)
			len = 0;
		if (f->len > STREAM_CLIENT_MAX - len)
			break;
		memcpy(room + len, stream_bytes(f), f->len);
		len += f->len;
	}
	return (struct rd){ .at = room, .left = len };
}

static bool
accepts(const struct probe *probe, bool anew, struct rd client, uint16_t port,
    bool via_udp, struct overheard *out)
{
	if (probe == NULL || probe->overhear == NULL ||
	    (anew && !probe->overhear_each))
		return false;
	*out = (struct overheard){
		.ask = { .port = port,
		    .via_udp = via_udp,
		    .calling_ae = "",
		    .is_overheard = true,
		    .client = client },
	};
	return probe->overhear(client, out);
}

/* Which protocol a client's words begin: the port's own is asked first. */
static const struct probe *
choose(bool anew, struct rd client, uint16_t port, bool via_udp,
    struct overheard *out)
{
	const struct probe *own =
	    probe_for_port(via_udp ? ABOUT_UDP : ABOUT_TCP, port);

	if (accepts(own, anew, client, port, via_udp, out))
		return own;
	for (size_t i = 0; probes[i] != NULL; i++)
		if (accepts(probes[i], anew, client, port, via_udp, out))
			return probes[i];
	return NULL;
}

bool
overhear_datagram(uint16_t port, struct rd client)
{
	struct overheard out;

	return client.left > 0 && choose(false, client, port, true, &out);
}

/* Is what the server said all it had to say? */
static bool
is_ended(const struct stream *s)
{
	return !s->is_udp && !stream_has_hole(s) &&
	    (s->is_reset || s->half[STREAM_CLIENT].has_fin ||
		s->half[STREAM_SERVER].has_fin);
}

/* Takes the probe through what the server said in a stretch. */
static void
converse(const struct stream *s, struct stretch all,
    const struct overheard *heard, struct overheard_talk *talk, overhear_fn *fn,
    void *arg)
{
	struct about about = { s->is_udp ? ABOUT_UDP : ABOUT_TCP,
		s->server_port };
	struct session *session = session_new(talk->probe, &heard->ask, about);
	struct session_answer a;
	bool is_full = false, has_answer = false;

	if (session == NULL)
		return;
	a = session_turn(session, TURN_OPEN, NULL, 0);
	for (size_t i = all.first;
	     i < all.end && a.step == STEP_WAIT && !is_full; i++) {
		const struct stream_frame *f = frame_at(s, i);
		size_t room = session_room(session);

		if (f->side != STREAM_SERVER)
			continue;
		if (!has_answer)
			talk->base = s->is_udp ? 0 : f->at;
		has_answer = true;
		talk->time_ns = f->frame.time_ns;
		a = session_turn(session, TURN_BYTES, stream_bytes(f),
		    f->len < room ? f->len : room);
		is_full = session_room(session) == 0;
	}
	if (a.step == STEP_WAIT && !is_full && all.end == s->order_len &&
	    is_ended(s))
		(void)session_turn(session, TURN_EOF, NULL, 0);
	talk->facts = session_facts(session);
	if (has_answer)
		fn(arg, talk);
	session_free(session);
}

/* Did the server speak before it had heard anything?  The handshake tells who
 * is who, and its acknowledgement that no words of the client are missing. */
static bool
speaks_first(const struct stream *s, struct stretch answer)
{
	const struct stream_half *c = &s->half[STREAM_CLIENT];

	return s->has_handshake && answer.first < answer.end && !c->is_lost &&
	    frame_at(s, answer.first)->ack == c->next - c->total;
}

void
overhear_stream(const struct stream *s, overhear_fn *fn, void *arg)
{
	uint8_t *room = malloc(STREAM_CLIENT_MAX);
	struct stretch turn = { 0, 0 };
	bool anew = false;

	while (room != NULL && turn.end < s->order_len) {
		struct stretch asked = run_of(s, turn.end, STREAM_CLIENT);
		struct rd client = client_words(s, asked, room);
		struct overheard_talk talk = { .probe = NULL };
		struct overheard heard;

		turn.first = asked.end;
		turn.end = run_of(s, asked.end, STREAM_SERVER).end;
		if (client.left > 0 || speaks_first(s, turn))
			talk.probe = choose(
			    anew, client, s->server_port, s->is_udp, &heard);
		anew = true;
		if (talk.probe == NULL)
			continue;
		if (!talk.probe->overhear_each) {
			turn.end = s->order_len;
			heard.ask.client = client_words(
			    s, (struct stretch){ asked.first, turn.end }, room);
		}
		converse(s, turn, &heard, &talk, fn, arg);
	}
	free(room);
}
