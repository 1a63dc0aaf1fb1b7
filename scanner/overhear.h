/* SPDX-License-Identifier: ISC */
/*
 * overhear - what a conversation somebody else held tells of its server.
 *
 * The reader role: probes say whether a client's words are their protocol's
 * (overhear() in probe.h); then the probe's own step function hears what the
 * server said, as if the questions had been ours.
 */
#ifndef OVERHEAR_H
#define OVERHEAR_H

#include "scanner/probe.h"
#include "scanner/stream.h"

/* What one conversation came to. */
struct overheard_talk {
	const struct probe *probe;
	const struct facts *facts; /* maybe none */
	uint32_t base;   /* where in what the server said the facts' stream
			    begins (TCP) */
	int64_t time_ns; /* of the last frame that was read for it */
};

/* Everything is borrowed. */
typedef void overhear_fn(void *arg, const struct overheard_talk *talk);

/* Could a UDP datagram from a client begin a conversation of any protocol? */
bool overhear_datagram(uint16_t port, struct rd client);

/*
 * Calls fn once for each conversation of a known protocol in the stream that
 * the server answered.  A stream with a hole in it is read as far as the hole,
 * and nothing is made of its end.
 */
void overhear_stream(const struct stream *stream, overhear_fn *fn, void *arg);

#endif
