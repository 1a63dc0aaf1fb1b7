/* SPDX-License-Identifier: ISC */
/*
 * outbox - frames out of one interface in batches: sendmmsg on a packet
 * socket, past the queueing discipline.
 */
#ifndef BENCH_OUTBOX_H
#define BENCH_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct outbox;

/* Returns NULL with errno set. */
struct outbox *outbox_new(const char *interface);
void outbox_free(struct outbox *); /* NULL ok */

/* Room for the next frame, PACKET_MAX bytes; what the frame before the last
 * flush left there is still there. */
uint8_t *outbox_room(struct outbox *);

/* The frame in the room is len bytes long and may go; sends when the batch is
 * full.  Returns false with errno set when the device refused. */
bool outbox_add(struct outbox *, size_t len);
bool outbox_flush(struct outbox *);

uint64_t outbox_sent(const struct outbox *);
uint64_t outbox_refused(const struct outbox *);

/* The interface's own MAC.  Returns false with errno set. */
bool outbox_mac(const char *interface, uint8_t mac[static 6]);

#endif
