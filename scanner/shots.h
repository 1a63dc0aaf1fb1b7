/* SPDX-License-Identifier: ISC */
/*
 * shots - the state of every (host, port) by raw SYN, for the levels of care
 * that allow it; nothing is remembered of a shot but one bit: answered.
 *
 * Within a round each port is a pass: in a pass each host comes once, in a
 * keyed order that is the same in all of them (spacing.h makes a gap of that).  What has not answered is shot at again, as long as
 * that brings anything (loss), at most SHOTS_ROUNDS times.
 */
#ifndef SHOTS_H
#define SHOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/asset.h"
#include "scanner/position.h"
#include "scanner/target.h"

struct shots;

enum { SHOTS_ROUNDS = 6 };

/* What is shot at: hosts as indices into the scope (ascending), or all of it
 * when list is NULL; ports ascending.  Borrowed. */
struct shots_targets {
	const struct scope *scope;
	const uint32_t *list;
	uint64_t hosts;
	const uint16_t *ports;
	size_t ports_len;
};

/* Returns NULL when memory is out. */
struct shots *shots_new(const struct shots_targets *targets, uint64_t key);
void shots_free(struct shots *); /* NULL ok */

/*
 * Writes the next pair of this round that has not answered yet.  Returns
 * false at the round's end, or after passing over `most` pairs that had
 * (then more may follow: shots_round_over() tells).
 */
bool shots_next(struct shots *, unsigned most, struct shot_at *out);

/* The same in two steps: the pair is found, and taken when it is shot at.
 * Found again it is the same, unless it has answered. */
bool shots_find(struct shots *, unsigned most, struct shot_at *out);
void shots_take(struct shots *);

/* Where the pair found stands: passes only rise, and a host has the same place
 * in each. */
void shots_place(const struct shots *, uint64_t *pass, uint64_t *place);

bool shots_round_over(const struct shots *);

/* The share of all answers so far that came only when asked again, in the
 * round that is over: what the network, or the hosts, lose at this pace. */
double shots_loss(const struct shots *);

/* Has everything that was asked in this round answered? */
bool shots_all_answered(const struct shots *);

/* Begins another round.  Returns false when none is worth it: all answered,
 * or the last one brought next to nothing, or SHOTS_ROUNDS are over. */
bool shots_round_next(struct shots *);

/* An answer with a good cookie (state: open, closed, or filtered where ICMP
 * said so).  Returns false for one that was known or is not ours. */
bool shots_answer(
    struct shots *, uint32_t address, uint16_t port, enum port_state state);

/* What is known of a host's port: unprobed outside the scope. */
enum port_state shots_state(
    const struct shots *, uint32_t address, uint16_t port);

/* Where to go on from; the bits are borrowed and live as long as the shots. */
void shots_position(const struct shots *, struct shots_position *out);

/* Before the first shot: go on from there.  Returns false where the position
 * is that of other targets. */
bool shots_resume(struct shots *, const struct shots_position *);

/* The same without the bits; and go on from there, the bits as they are. */
struct shots_position shots_aimed(const struct shots *);
bool shots_go_to(struct shots *, const struct shots_position *);

void shots_progress(const struct shots *, uint64_t *done, uint64_t *all);

#endif
