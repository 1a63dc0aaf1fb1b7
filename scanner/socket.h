/* SPDX-License-Identifier: ISC */
/*
 * socket - what a conversation asks of the kernel: a socket of the right kind
 * with buffers of a known size, and the kernel's own account of it.
 *
 * A conversation may hold so much of the kernel's memory and no more:
 * SOCKET_TCP_ROOM bytes (as the kernel counts: twice that) unread over TCP,
 * SOCKET_UDP_ROOM over UDP.  Sent bytes wait in the kernel too, but nobody
 * says more than TALK_SAY_MAX before it was taken.
 */
#ifndef SOCKET_H
#define SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SOCKET_TCP_ROOM = 2048,
	SOCKET_UDP_ROOM = 65536 /* the longest datagram */
};

/*
 * Returns a non-blocking IPv4 socket, or -1 with errno.  source 0 and
 * interface NULL leave the choice to the kernel.
 */
int socket_open(bool via_udp, uint32_t source, const char *interface);

/* Returns the bytes sent that the peer has not acknowledged; a FIN counts as
 * one.  TCP. */
size_t socket_unacknowledged(int fd);

/* Returns whether bytes wait to be read. */
bool socket_has_unread(int fd);

/* Returns the segments sent so far, those the kernel sent of itself included;
 * 0 where it does not tell.  TCP. */
uint32_t socket_segments(int fd);

/* Has close() send a RST, for a peer that would never take a FIN. */
void socket_reset_at_close(int fd);

#endif
