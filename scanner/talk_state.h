/* SPDX-License-Identifier: ISC */
/*
 * talk_state - what a talk is; private to talk.c (how it begins and ends) and
 * talk_speak.c (what happens in between).
 */
#ifndef TALK_STATE_H
#define TALK_STATE_H

#include "scanner/loop.h"
#include "scanner/pace.h"
#include "scanner/reader.h"
#include "scanner/talk.h"

enum talk_state { CONNECTING = 1, SPEAKING, HEARING, CLOSING };

struct talk {
	struct talks *set;
	struct talk *next, **link;
	struct talk_order order;
	enum talk_state state;
	enum talk_end end;
	int fd;
	uint32_t number;
	uint16_t local_port;
	struct loop_watch *watch;
	struct loop_timer *timer;
	struct session *session;
	int64_t opened_ns, opened_wall_ns, rtt_ns;
	int64_t quiet_at, deadline_at;
	int64_t say_at, read_at; /* held back until then; 0: not */
	uint8_t out[TALK_SAY_MAX];
	size_t out_len, out_done;
	size_t heard, drained;
	size_t fresh;   /* heard since the wait began anew */
	unsigned drips; /* in so many reads */
	/* Since our last words: reads, and what had been heard by then. */
	unsigned reads;
	size_t heard_before;
	struct host_pace pace; /* of our packets, as the kernel counts them */
	struct host_pace host; /* all the host was sent, where it is known */
	bool has_host;
	unsigned packets;
	bool has_said;   /* anything */
	bool has_parted; /* our FIN is out and the peer's in: all is counted */
	bool last_words; /* close once out is empty */
	bool failed;     /* connect() would not even begin */
	bool let_go;     /* with RST */
	bool reset, stalled, hung_up, dripped, endless;
};

struct talks {
	struct loop *loop;
	const struct scope *scope;
	uint32_t source;
	const char *interface;
	talk_done_fn *done;
	void *arg;
	struct talk *first;
	size_t under_way;
	uint32_t opened, held;
	uint64_t packets;
};

/* talk.c */

/* The end: the report goes out, the talk is freed. */
void talk_finish(struct talk *);

/* Asks the kernel what it sent. */
void talk_count(struct talk *);

/* Have bytes been said that the peer has not taken yet? */
bool talk_is_stalled(const struct talk *);

/* talk_speak.c; each may finish the talk. */

/* The conversation begins. */
void talk_speak(struct talk *);

/* It may go on, or its time is up. */
void talk_speak_io(struct talk *, bool readable, bool writable);
void talk_speak_ring(struct talk *, int64_t now);

/* Sets the timer to whatever comes first. */
void talk_schedule(struct talk *);

#endif
