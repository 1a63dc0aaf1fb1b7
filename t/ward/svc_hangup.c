/* SPDX-License-Identifier: ISC */
/*
 * hangup, reset - take a connection and end it at once, with FIN or with RST:
 * what access filters do to strangers, and proxies before a dead server.
 */
#include "services.h"
#include "tcp.h"

const struct service service_hangup = {
	.name = "hangup",
	.open = conn_close,
};

const struct service service_reset = {
	.name = "reset",
	.open = conn_abort,
};
