/* SPDX-License-Identifier: ISC */
/*
 * Error text.  Only main() prints; everything below it fills in one of these
 * and returns false.
 */
#include "err.h"

#include <stdarg.h>
#include <stdio.h>

bool
err_set(struct err *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	return false;
}
