/* SPDX-License-Identifier: ISC */
/*
 * pool - strings that live and die together: one allocation each, on a list
 * that several threads may add to.
 *
 * Limits: for the few hundred bytes of text an asset gets beside its facts,
 * not for what comes in from the network.
 */
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "scanner/pool.h"

struct string {
	struct string *next;
	char text[];
};

struct pool {
	_Atomic(struct string *) strings;
	atomic_bool ran_out;
	char nothing[1]; /* given where memory is out */
};

struct pool *
pool_new(void)
{
	return calloc(1, sizeof(struct pool));
}

void
pool_free(struct pool *p)
{
	struct string *next;

	if (p == NULL)
		return;
	for (struct string *s = p->strings; s != NULL; s = next) {
		next = s->next;
		free(s);
	}
	free(p);
}

char *
pool_printf(struct pool *p, const char *fmt, ...)
{
	struct string *s = NULL;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len >= 0)
		s = malloc(sizeof(*s) + (size_t)len + 1);
	if (s == NULL) {
		p->ran_out = true;
		return p->nothing;
	}
	va_start(ap, fmt);
	vsnprintf(s->text, (size_t)len + 1, fmt, ap);
	va_end(ap);
	s->next = atomic_load(&p->strings);
	while (!atomic_compare_exchange_weak(&p->strings, &s->next, s))
		;
	return s->text;
}

bool
pool_ran_out(const struct pool *p)
{
	return p->ran_out;
}
