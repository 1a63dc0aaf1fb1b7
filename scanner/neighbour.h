/* SPDX-License-Identifier: ISC */
/*
 * neighbour - our kernel's table of who has which MAC on the link: looked up,
 * and told who lives.
 *
 * The kernel asks a host by ARP before it sends to one it does not know, and
 * again when it has not heard of one for a while.  These are initiations as
 * much as our own, so a visit wants to know of the first, and the second is
 * spared by telling the kernel of each answer: it asks five seconds after it
 * has sent something, unless it was told later than that.  No packet leaves by
 * either call.
 * Sources: arp(7), sendmsg(2), and measured on Linux 6: t/neighbour.c.
 */
#ifndef NEIGHBOUR_H
#define NEIGHBOUR_H

#include <stdbool.h>
#include <stdint.h>

struct neighbours;

/* Returns NULL when memory or descriptors are out. */
struct neighbours *neighbours_new(void);
void neighbours_free(struct neighbours *); /* NULL ok */

/* Returns whether the kernel has the address's MAC on that interface, and will
 * not ask for it first. */
bool neighbour_is_known(
    const struct neighbours *, uint32_t address, const char *interface);

/* The address, on the link of that interface (by index), has just answered, or
 * passed on what did.  Nothing happens where the kernel has no entry. */
void neighbour_confirm(
    const struct neighbours *, uint32_t address, int interface);

#endif
