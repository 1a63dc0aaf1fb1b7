/* SPDX-License-Identifier: ISC */
/*
 * udp-other - answers every datagram with the same bytes (reply_hex), which
 * belong to no protocol the scanner knows; with none it only listens.
 */
#include <stdlib.h>

#include "err.h"
#include "net.h"
#include "persona.h"
#include "services.h"

static bool
other_prepare(const struct conf_service *s, const struct conf_host *over,
    void **setup, struct err *e)
{
	struct blob *reply = calloc(1, sizeof(*reply));

	(void)over;
	if (reply != NULL && blob_make(reply, s->reply_hex, NULL)) {
		*setup = reply;
		return true;
	}
	free(reply);
	return err_set(e, "port %u: reply_hex is not hex", s->port);
}

static void
other_discard(void *setup)
{
	struct blob *reply = setup;

	if (reply != NULL)
		blob_free(reply);
	free(reply);
}

static void
other_udp(const struct datagram *d)
{
	const struct blob *reply = d->port->setup;

	if (reply->len > 0)
		udp_reply(d, reply->bytes, reply->len);
}

const struct service service_udp_other = {
	.name = "udp-other",
	.prepare = other_prepare,
	.discard = other_discard,
	.datagram = other_udp,
};
