/* SPDX-License-Identifier: ISC */
/*
 * answer - what a simulated range says to a frame.  Nothing is remembered of
 * any connection: the answer is a function of the frame, the rule and chance.
 */
#ifndef BENCH_ANSWER_H
#define BENCH_ANSWER_H

#include "t/bench/outbox.h"
#include "t/bench/ring.h"
#include "t/bench/rule.h"
#include "t/bench/tally.h"

struct answer {
	const struct rule *rule;
	uint32_t router; /* answers ARP and stands before the range */
	uint32_t loss;   /* each way, of 2^32 */
	uint64_t chance; /* its state; not 0 */
	struct tally *tally;
	struct outbox *out;
};

/* Returns false with errno set when the device refuses for good. */
bool answer_frame(struct answer *, const struct ring_frame *);

#endif
