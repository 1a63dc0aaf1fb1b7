/* SPDX-License-Identifier: ISC */
/*
 * stacks - which operating systems build packets of which shape: the table of
 * data/stacks.txt, whose head says how a line reads.
 */
#ifndef STACKS_H
#define STACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stacks;

enum { STACKS_ERROR = 256, STACKS_TEXT = 512 };

enum stack_kind { STACK_ANSWER = 1, STACK_SYN };

/* A shape as it was seen; as facts have it. */
struct stack_shape {
	enum stack_kind kind;
	const char *ttl_initial; /* candidates: "60,64" */
	uint16_t window;
	const char *options; /* as decode_tcp_options() writes them */
	bool df;
	const char *id_kind; /* NULL: not known */
	int64_t isn_step;    /* 0: not known */
};

/* Reads the table.  Returns NULL and one line in error. */
struct stacks *stacks_new(const char *path, char error[static STACKS_ERROR]);
void stacks_free(struct stacks *); /* NULL ok */

/* Returns how many shapes it holds. */
size_t stacks_count(const struct stacks *);

/*
 * Writes the systems the shape allows into buf, in the table's order, each
 * once: "SunOS 4.1, pSOSystem".  What does not fit ends in "...".  Returns how
 * many.
 */
size_t stacks_match(const struct stacks *, const struct stack_shape *shape,
    char buf[static STACKS_TEXT]);

/* Does a list of options ("Me,-") hold these?  For tests. */
bool stack_options_match(const char *list, const char *options);

#endif
