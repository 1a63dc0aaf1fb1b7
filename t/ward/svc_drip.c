/* SPDX-License-Identifier: ISC */
/*
 * drip - one byte each ward second, for ever: what keeps a reader waiting
 * that has a time limit per read and none for the whole.
 */
#include "services.h"
#include "tcp.h"

static void
drip_once(struct conn *c)
{
	(void)conn_send(c, ".", 1);
	conn_timer(c, 1);
}

const struct service service_drip = {
	.name = "drip",
	.open = drip_once,
	.timer = drip_once,
};
