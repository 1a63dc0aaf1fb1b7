/* SPDX-License-Identifier: ISC */
/*
 * exchange - conversations and the frames that carried them, as evidence.
 *
 * The one writer of the evidence file.  In a live run it keeps the frames of
 * our own talks while they last; when a talk ends its facts are taken here,
 * each with the frame it was read from, and the frames go to the file.  In a
 * replay it listens to everybody's conversations and takes what they tell.
 */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/decode.h"
#include "scanner/evidence.h"
#include "scanner/ledger.h"

struct dispatch_hooks;
struct exchange;

/* hooks (NULL: a replay) and evidence may be NULL; all is borrowed.  Returns
 * NULL when memory is out. */
struct exchange *exchange_new(struct ledger *ledger,
    struct evidence_file *evidence, const struct dispatch_hooks *hooks);
void exchange_free(struct exchange *); /* NULL ok */

/* Nothing is to be said of a server for which excludes() holds. */
void exchange_exclude(struct exchange *,
    bool (*excludes)(void *arg, uint32_t address), void *arg);

/* Shows it a frame, before the frame is given to exchange_keep(). */
void exchange_take(struct exchange *, const struct packet *packet);

/* Returns the number a frame would have in the evidence file if it were kept
 * now; without a file its number in its source. */
uint32_t exchange_number(const struct exchange *, const struct packet *packet);

/* The same for exchange_keep_cut(). */
uint32_t exchange_number_alone(
    const struct exchange *, const struct packet *packet);

/* Writes a frame to the evidence file, if there is one, and before it what
 * its conversation began with. */
void exchange_keep(
    struct exchange *, const struct packet *packet, const char *comment);

/* Writes a frame cut to len bytes, by itself, where there is an evidence file.
 * Of its conversation nothing more is kept, nor what came before. */
void exchange_keep_cut(struct exchange *, const struct packet *packet,
    size_t len, const char *comment);

/* Whose talk has ended. */
struct exchange_talk {
	uint32_t local, address;
	uint16_t local_port, port;
	bool via_udp;
	/* Under TLS: what its facts were read from is in no frame as it is,
	 * so they rest on the talk alone and no frame is kept for them. */
	bool is_sealed;
	size_t heard; /* bytes read in it: what came later is no evidence */
};

enum { EXCHANGE_LISTS = 2 }; /* of facts, of one talk */

/*
 * A talk has ended, and this is what it told (lists are copied; NULLs among
 * them are left out).  Its last frames may still be on their way through the
 * capture, so its facts are given to the ledger by exchange_settle().
 */
void exchange_ended(struct exchange *, const struct exchange_talk *talk,
    const struct facts *const lists[static EXCHANGE_LISTS],
    const struct origin *origin, int64_t now_ns);

/*
 * Gives the facts of talks that ended EXCHANGE_WAIT_MS before now_ns (INT64_MAX:
 * of all) to the ledger.  What their frames show gets those as evidence, the
 * rest is left as origin said.  Returns when to call again, or INT64_MAX.
 */
enum { EXCHANGE_WAIT_MS = 40 };
int64_t exchange_settle(struct exchange *, int64_t now_ns);

/* A host was halted: its last frames are kept, and what they were becomes a
 * fact of it. */
void exchange_halted(struct exchange *, uint32_t address);

/* The end: conversations that never ended are read as far as they came. */
void exchange_flush(struct exchange *);

#endif
