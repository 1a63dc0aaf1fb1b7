/* SPDX-License-Identifier: ISC */
/*
 * log - what gantry says to the person at the terminal, on standard error.
 *
 * Every line begins with the module's word.  Text from the wire must have
 * gone through text.h.  Quiet shows errors only; verbose adds notes.
 */
#ifndef LOG_H
#define LOG_H

#include <stdbool.h>

enum log_level { LOG_QUIET = 0, LOG_NORMAL, LOG_VERBOSE };

/* A bar of progress stands on the terminal's last line: lines take its place,
 * and it is drawn again below them. */
void log_over_bar(bool is_there);

void log_set(enum log_level level);
enum log_level log_get(void);

void log_error(const char *module, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void log_warn(const char *module, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void log_info(const char *module, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void log_note(const char *module, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
