/* SPDX-License-Identifier: ISC */
/*
 * endless - a greeting without end, as fast as the peer takes it: what eats
 * the memory of a reader that has no limit.
 */
#include "services.h"
#include "tcp.h"

enum { CHUNK = 4096 };

static void
endless_more(struct conn *c)
{
	static const char line[] = "220-this line is one of very many";
	char chunk[CHUNK];

	for (size_t i = 0; i < sizeof(chunk); i++)
		chunk[i] = line[i % (sizeof(line) - 1)];
	(void)conn_send(c, chunk, sizeof(chunk));
}

const struct service service_endless = {
	.name = "endless",
	.open = endless_more,
	.drained = endless_more,
};
