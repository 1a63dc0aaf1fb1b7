/* SPDX-License-Identifier: ISC */
/*
 * tarpit - completes the handshake, then shuts its window and acknowledges
 * nothing, not even a FIN.  Given up after ten ward minutes.
 */
#include "services.h"
#include "tcp.h"

static const double life_s = 600;

static void
tarpit_open(struct conn *c)
{
	conn_timer(c, life_s);
}

const struct service service_tarpit = {
	.name = "tarpit",
	.tarpit = true,
	.open = tarpit_open,
	.timer = conn_abort,
};
