/* SPDX-License-Identifier: ISC */
/* echo - sends back what it gets (RFC 862), over TCP and UDP. */
#include "net.h"
#include "services.h"
#include "tcp.h"

static void
echo_data(struct conn *c, const uint8_t *bytes, size_t len)
{
	/* What the peer does not read in time is lost to it. */
	(void)conn_send(c, bytes, len);
}

static void
echo_udp(const struct datagram *d)
{
	udp_reply(d, d->bytes, d->len);
}

const struct service service_echo = {
	.name = "echo",
	.data = echo_data,
	.datagram = echo_udp,
};
