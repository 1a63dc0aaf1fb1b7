/* SPDX-License-Identifier: ISC */
/*
 * xdp - frames out through a ring shared with the kernel (AF_XDP), for the
 * fastest care: one system call for many frames, and no copy from a message
 * header.  Where the kernel or the interface has none, sender.c goes on with
 * its packet socket.
 */
#ifndef XDP_H
#define XDP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct xdp;

enum { XDP_FRAMES = 256 }; /* on the way at once */

/* Opens a ring on an interface.  Needs CAP_NET_RAW.  Returns NULL with errno
 * where there is none to be had. */
struct xdp *xdp_new(int interface);
void xdp_free(struct xdp *); /* NULL ok */

/*
 * Returns where the next frame is to be written, up to SEND_FRAME_MAX bytes;
 * NULL while all frames are on their way: xdp_send() first.
 */
uint8_t *xdp_room(struct xdp *);

/* The frame written there is complete; it leaves with the next xdp_send(), or,
 * if that fails, with a later one. */
void xdp_add(struct xdp *, size_t len);

/*
 * Asks the kernel to send what was added, without waiting.  Returns how many
 * it took, and will send; 0 with errno where it took none.
 */
int xdp_send(struct xdp *);

#endif
