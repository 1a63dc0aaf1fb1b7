/* SPDX-License-Identifier: ISC */
/*
 * judge - is this asset what it is expected to be?
 *
 * A fingerprint is weighed over an asset's facts, and the answer is one of
 * four words.  The rule that matters: only what a host said speaks against it.
 * A beacon that did not come, a port that kept silent, a protocol nobody asked
 * for may keep a verdict from being reached; they never make a mismatch.
 * Pure: no clock, no file, no network.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include <stdbool.h>
#include <stddef.h>

#include "scanner/asset.h"

enum verify_state {
	VERIFY_MATCH = 0,
	VERIFY_MISMATCH,
	VERIFY_ABSENT,    /* silent: nothing there answered */
	VERIFY_CANNOT_SAY /* something did, and it is not enough */
};

enum { VERIFY_STATES = VERIFY_CANNOT_SAY + 1 };

/* Returns "match", "mismatch", "absent" or "cannot say". */
const char *verify_state_text(enum verify_state state);

enum { JUDGE_REASON = 256, JUDGE_SETTLE_MAX = 4 };

struct judgement {
	enum verify_state state;
	char reason[JUDGE_REASON]; /* one sentence without its stop */
	/* The expected fingerprint, weighed; .fingerprint NULL where there was
	 * nothing to weigh. */
	struct verdict verdict;
	/* What it is instead, or as well; one of the asset's verdicts. */
	const struct verdict *rival;
	/* Clues in favour, all but the prior, and what was said against. */
	int in_favour, said_against;
	/* The clues that would settle it, heaviest first; empty for a match. */
	const struct clue *settle[JUDGE_SETTLE_MAX];
	size_t settle_len;
};

/*
 * Judges asset (NULL: there is none) against expected, one of all.  Fills
 * *out; free with judgement_clear().  Returns false when memory is out.
 */
bool judge(const struct fingerprints *all, const struct fingerprint *expected,
    const struct asset *asset, struct judgement *out);

void judgement_clear(struct judgement *);

/* Can one device not be both? */
bool judge_is_rival(const struct fingerprints *all,
    const struct fingerprint *expected, const struct fingerprint *other);

/*
 * Returns the seconds of listening that the clues of a fingerprint need; 0
 * where none depends on what is broadcast.
 */
double judge_listen_s(const struct fingerprint *);

#endif
