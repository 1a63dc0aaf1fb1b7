/* SPDX-License-Identifier: ISC */
/*
 * shut - greets like an FTP server, and has its window shut from then on:
 * what a program does that hangs after its first words.
 */
#include "services.h"
#include "tcp.h"

static const double life_s = 600;

static void
shut_open(struct conn *c)
{
	static const char greeting[] = "220 frozen FTP server ready.\r\n";

	(void)conn_send(c, greeting, sizeof(greeting) - 1);
	conn_timer(c, life_s);
}

const struct service service_shut = {
	.name = "shut",
	.window_shut = true,
	.open = shut_open,
	.timer = conn_abort,
};
