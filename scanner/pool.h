/* SPDX-License-Identifier: ISC */
/* pool - strings that live and die together. */
#ifndef POOL_H
#define POOL_H

#include <stdbool.h>

struct pool;

/* Returns an empty pool, or NULL when memory is out. */
struct pool *pool_new(void);

/* Frees it and every string it gave.  Safe to call with NULL. */
void pool_free(struct pool *);

/* Returns a new string; never NULL: "" when memory is out, which
 * pool_ran_out() tells from then on.  Any thread may call it. */
char *pool_printf(struct pool *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

bool pool_ran_out(const struct pool *);

#endif
