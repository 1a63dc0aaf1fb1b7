/* SPDX-License-Identifier: ISC */
/*
 * drop - how many packets a second an interface receives, by the device's own
 * count: no socket is open that would cost the sender anything.
 */
#ifndef BENCH_DROP_H
#define BENCH_DROP_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

/* Looks every 10 ms until *stop, then writes a JSON object: "packets", and
 * "pps", the median rate of the looks between which something came.  Returns
 * false with errno set. */
bool drop_count(
    const char *interface, const volatile sig_atomic_t *stop, const char *file);

#endif
