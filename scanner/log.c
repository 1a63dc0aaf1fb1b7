/* SPDX-License-Identifier: ISC */
/*
 * log - lines on standard error, each in one write.
 *
 * Limits:    a line is cut at LINE_SIZE bytes.  Control characters, as a file
 *            name may hold, are shown as "?": a log line stays one line.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "scanner/log.h"

enum { LINE_SIZE = 1024 };

static const char clear[] = "\r\033[K";

static enum log_level current = LOG_NORMAL;
static bool has_bar;

void
log_set(enum log_level level)
{
	current = level;
}

void
log_over_bar(bool is_there)
{
	has_bar = is_there;
}

enum log_level
log_get(void)
{
	return current;
}

/* Writes all of a line; a log that cannot be written is nobody's error. */
static void
line_write(const char *line, size_t len)
{
	while (len > 0) {
		ssize_t n = write(STDERR_FILENO, line, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		line += n;
		len -= (size_t)n;
	}
}

/* Returns how much of size snprintf's answer n really used. */
static size_t
used_of(int n, size_t size)
{
	if (n < 0)
		return 0;
	return (size_t)n < size ? (size_t)n : size - 1;
}

static void __attribute__((format(printf, 3, 0)))
line_say(const char *module, const char *mark, const char *fmt, va_list ap)
{
	int saved = errno;
	char line[LINE_SIZE];
	size_t used, room = sizeof(line) - 1; /* one for the newline */

	if (has_bar)
		line_write(clear, sizeof(clear) - 1);
	used = used_of(snprintf(line, room, "%s: %s", module, mark), room);
	used +=
	    used_of(vsnprintf(line + used, room - used, fmt, ap), room - used);
	for (size_t i = 0; i < used; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = '?';
	line[used++] = '\n';
	line_write(line, used);
	errno = saved;
}

void
log_error(const char *module, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	line_say(module, "", fmt, ap);
	va_end(ap);
}

void
log_warn(const char *module, const char *fmt, ...)
{
	va_list ap;

	if (current < LOG_NORMAL)
		return;
	va_start(ap, fmt);
	line_say(module, "warning: ", fmt, ap);
	va_end(ap);
}

void
log_info(const char *module, const char *fmt, ...)
{
	va_list ap;

	if (current < LOG_NORMAL)
		return;
	va_start(ap, fmt);
	line_say(module, "", fmt, ap);
	va_end(ap);
}

void
log_note(const char *module, const char *fmt, ...)
{
	va_list ap;

	if (current < LOG_VERBOSE)
		return;
	va_start(ap, fmt);
	line_say(module, "", fmt, ap);
	va_end(ap);
}
