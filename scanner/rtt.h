/* SPDX-License-Identifier: ISC */
/*
 * rtt - how long answers take, from a sample of what was sent; so that waits
 * follow the network and not a table.
 *
 * Smoothed mean and deviation as in RFC 6298.  Time is a parameter.
 */
#ifndef RTT_H
#define RTT_H

#include <stdint.h>

enum { RTT_SAMPLES = 256 };

struct rtt {
	int64_t mean_ns, deviation_ns; /* mean 0: nothing measured yet */
	struct {
		uint32_t address;
		uint16_t port;
		int64_t at_ns; /* 0: empty */
	} sample[RTT_SAMPLES];
};

/* A packet leaves now.  Remembered where its slot is free: what is under way
 * is never forgotten for a newer one, so that slow answers are timed too. */
void rtt_sent(struct rtt *, uint32_t address, uint16_t port, int64_t now_ns);

/* An answer came.  What was not sampled changes nothing. */
void rtt_heard(struct rtt *, uint32_t address, uint16_t port, int64_t now_ns);

/* Returns how long an answer may still take: mean and four deviations within
 * [floor, ceiling]; the ceiling while nothing is measured. */
int64_t rtt_wait(const struct rtt *, int64_t floor_ns, int64_t ceiling_ns);

/*
 * A round's last packet left at ended_ns: when may the next begin?  Returns
 * now_ns where it may, else when to look again, since answers that come
 * meanwhile shorten the wait.
 */
int64_t rtt_look(const struct rtt *, int64_t ended_ns, int64_t now_ns,
    int64_t floor_ns, int64_t ceiling_ns);

#endif
