/* SPDX-License-Identifier: ISC */
/*
 * spacing - when each host's next shot is due, so that it gets no more than so
 * many a second, without a timer or a time for each host.
 *
 * Hosts have places in a pass that are the same in all passes, and a place has
 * its moment within the pass.  Passes in which shots are due begin a host's gap
 * apart, so two shots at one host are at least that gap apart, however many
 * of the others are left out.  Time is a parameter.
 */
#ifndef SPACING_H
#define SPACING_H

#include <stdbool.h>
#include <stdint.h>

struct spacing {
	int64_t gap_ns; /* 0: none */
	uint64_t places;
	int64_t base_ns; /* when the pass began */
	uint64_t pass;
	bool has_begun;
};

/* Shots a host may get in a second; 0: any number.  places is at least 1. */
void spacing_init(struct spacing *, double per_second, uint64_t places);

/*
 * Returns when the shot at a place is due; passes never go back.  What is late
 * by more than SPACING_SLACK_NS moves all that follows: a stall makes no burst.
 */
enum { SPACING_SLACK_NS = 2000000 };
int64_t spacing_when(
    struct spacing *, int64_t now_ns, uint64_t pass, uint64_t place);

#endif
