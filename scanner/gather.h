/* SPDX-License-Identifier: ISC */
/*
 * gather - questions to all of a segment at once, for --broadcast: before the
 * sweep, one datagram after the other, more than a second apart.
 *
 * Only segments on our own link, and only those that are in the scope from the
 * first address to the last: a broadcast cannot leave anybody out.  Answers
 * are read where all frames are (dispatch.h); the sockets held here only keep
 * the kernel from refusing them.
 */
#ifndef GATHER_H
#define GATHER_H

#include <stdbool.h>
#include <stdint.h>

struct gather;
struct loop;
struct probe;
struct scope;
struct segments;
struct wires;

/* What is asked, in this order: a probe, and whether of the all-zeros address
 * rather than the all-ones. */
struct gather_question {
	const struct probe *probe;
	bool to_zeros;
};
extern const struct gather_question gather_questions[];
extern const unsigned gather_questions_len;

/* Called from the loop, once, when the last answers had their time. */
typedef void gather_done_fn(void *arg);

/* All is borrowed.  Returns NULL when memory is out. */
struct gather *gather_new(struct loop *loop, const struct scope *scope,
    const struct segments *segments, struct wires *wires,
    const uint8_t key[static 16], gather_done_fn *done, void *arg);
void gather_free(struct gather *); /* NULL ok */

void gather_start(struct gather *);

/* Nothing more is asked; done() is called soon. */
void gather_stop(struct gather *);

/* Did a question of this probe leave by this local port?  *cookie is what its
 * answers carry. */
bool gather_asked(const struct gather *, const struct probe *probe,
    uint16_t local_port, uint32_t *cookie);

#endif
