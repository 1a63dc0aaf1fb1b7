/* SPDX-License-Identifier: ISC */
/* event - where, who, what, and from what to what. */
#include <stdarg.h>
#include <stdio.h>

#include "scanner/schedule/event.h"

static void append(char buf[static EVENT_LINE], size_t *used, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

static void
append(char buf[static EVENT_LINE], size_t *used, const char *fmt, ...)
{
	va_list args;
	int n;

	if (*used >= EVENT_LINE)
		return;
	va_start(args, fmt);
	n = vsnprintf(buf + *used, EVENT_LINE - *used, fmt, args);
	va_end(args);
	if (n > 0)
		*used += (size_t)n;
}

const char *
event_line(const struct store_event *e, char buf[static EVENT_LINE])
{
	char ip[NET_IPV4_TEXT];
	size_t used = 0;

	buf[0] = '\0';
	if (e->address != 0)
		append(buf, &used, "%s", ipv4_text(e->address, ip));
	else
		append(buf, &used, "asset %lld", (long long)e->asset);
	if (e->name[0] != '\0')
		append(buf, &used, " %.80s", e->name);
	append(buf, &used, ": %s", e->kind);
	if (e->field[0] != '\0')
		append(buf, &used, ": %.64s", e->field);
	if (e->was[0] != '\0')
		append(buf, &used, ": was %.120s", e->was);
	if (e->now[0] != '\0')
		append(buf, &used, "%s%.120s",
		    e->was[0] != '\0' ? ", is " : ": ", e->now);
	return buf;
}
