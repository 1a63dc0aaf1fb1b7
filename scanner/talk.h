/* SPDX-License-Identifier: ISC */
/*
 * talk - polite conversations through the kernel's own stack: connect, ask,
 * read, say goodbye, FIN.
 *
 * This is the wire role: it owns the sockets and checks the scope once more
 * before each connect, but never looks at what a peer said; the bytes go to
 * the session (reader.h), which answers with what to say.
 *
 * What one talk can cost, whatever the peer does:
 *   time     the wait for its SYN-ACK, then the probe's deadline or
 *            .deadline_ns, whichever is less, then a second for its FIN.  A
 *            peer that says less than TALK_SLOW bytes in the time a silence
 *            may last counts as silent.
 *   memory   the probe's stream limit, and the kernel's buffers (socket.h).
 *   packets  what comes in bulk is read no faster than the probe's
 *            .packets_max of ours per second answer it; where even unread
 *            bytes make the kernel answer .packets_most times in a second,
 *            the talk is ended.
 * Goodbyes are said.  A peer that takes nothing any more, or goes on talking a
 * second after our FIN, is let go with RST: a FIN behind unread bytes would
 * never arrive.
 */
#ifndef TALK_H
#define TALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/probe.h"

struct host_pace;
struct loop;
struct scope;
struct talks;

/* What to do; copied, what it points to must outlive the talk. */
struct talk_order {
	uint32_t address;
	uint16_t port;
	const struct probe *probe;
	struct ask ask;          /* .via_udp chooses the transport */
	int64_t connect_wait_ns; /* no SYN-ACK by then: no answer */
	/* Shorten the probe's own silence and deadline; 0: as they are. */
	int64_t wait_ns, deadline_ns;
	int64_t listen_ns;     /* most for a silence before we say a word; 0 */
	unsigned packets_most; /* of ours in a second; 0: any number */
	/* What the host was sent so far, the SYN or first datagram of this
	 * conversation with it; words wait until it may be sent more.  Copied;
	 * NULL: nothing. */
	const struct host_pace *pace;
	void *owner; /* handed back in the report */
};

enum talk_end {
	TALK_HELD = 1,    /* connected (TCP) or answered (UDP) */
	TALK_CLOSED,      /* refused: RST, or ICMP port unreachable */
	TALK_NO_ANSWER,   /* silence */
	TALK_UNREACHABLE, /* ICMP says host, net or admin-prohibited */
	TALK_LOCAL        /* our own system would not (no route, firewall) */
};

enum { TALK_SLOW = 16 };

struct talk_report {
	const struct talk_order *order;
	enum talk_end end;
	uint32_t number;     /* of the talk within the run, from 1 */
	uint16_t local_port; /* 0 where none was had */
	int64_t rtt_ns;      /* of the handshake; 0 unknown */
	int64_t opened_wall_ns;
	unsigned packets; /* ours, as the kernel counted them */
	size_t heard;     /* bytes the peer said */
	bool stalled; /* it took none of the bytes we said, or not even FIN */
	bool reset;   /* it broke the conversation off */
	bool hung_up; /* it said its last byte before we did */
	bool dripped; /* what it said came too slowly to wait for */
	bool endless; /* it was still talking when we had long gone */
	const struct facts *facts; /* NULL unless TALK_HELD */
	/* The order's pace with all our packets in it, or NULL. */
	const struct host_pace *pace;
};

/* Called once per talk, at its end; the report is borrowed. */
typedef void talk_done_fn(void *arg, const struct talk_report *report);

/*
 * source 0 and interface NULL leave the choice to the kernel.  Returns NULL
 * when memory is out.  done is called from the loop only.
 */
struct talks *talks_new(struct loop *loop, const struct scope *scope,
    uint32_t source, const char *interface, talk_done_fn *done, void *arg);

/* Closes whatever is open, without reports.  NULL ok. */
void talks_free(struct talks *);

/*
 * Starts one.  Returns its local port (TCP; of use to recognise the SYN-ACK),
 * or 0 when the scope refuses or no socket can be had (*refused tells which).
 * done is never called then.
 */
uint16_t talks_open(
    struct talks *, const struct talk_order *order, bool *refused);

/* Go on counting from an earlier process of the same run: the number of its
 * last talk. */
void talks_number_from(struct talks *, uint32_t number);

/* Returns the number of the newest talk. */
uint32_t talks_number(const struct talks *);

/* Conversations under way. */
size_t talks_under_way(const struct talks *);

/* Segments and datagrams of ours in all ended talks, and talks held. */
uint64_t talks_packets(const struct talks *);
uint32_t talks_held(const struct talks *);

#endif
