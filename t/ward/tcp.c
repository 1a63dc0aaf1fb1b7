/* SPDX-License-Identifier: ISC */
/*
 * What services may do with a connection.  Nothing here sends a packet but a
 * reset; whoever called the service flushes the connection afterwards.
 */
#include "tcp.h"

#include <stdlib.h>
#include <string.h>

#include "tcp_conn.h"

struct host *
conn_host(const struct conn *c)
{
	return c->host;
}

const struct port *
conn_port(const struct conn *c)
{
	return c->port;
}

uint16_t
conn_number(const struct conn *c)
{
	return c->number;
}

void *
conn_state(const struct conn *c)
{
	return c->state_mem;
}

static bool
can_send(const struct conn *c)
{
	return !c->fin_queued &&
	    (c->state == TCP_ESTABLISHED || c->state == TCP_CLOSE_WAIT);
}

bool
conn_send(struct conn *c, const void *bytes, size_t len)
{
	if (!can_send(c) || len > TCP_TX_ROOM - c->tx_len)
		return false;
	if (c->tx == NULL)
		c->tx = malloc(TCP_TX_ROOM);
	if (c->tx == NULL)
		return false;
	if (len > 0)
		memcpy(c->tx + c->tx_len, bytes, len);
	c->tx_len += len;
	return true;
}

void
conn_close(struct conn *c)
{
	bool was_last = c->state == TCP_CLOSE_WAIT;

	if (!can_send(c))
		return;
	c->fin_queued = true;
	c->state = was_last ? TCP_LAST_ACK : TCP_FIN_WAIT_1;
	conn_tell_gone(c, was_last ? END_PEER_FIN : END_HERE);
}

void
conn_abort(struct conn *c)
{
	if (c->state <= TCP_SYN_RCVD)
		return;
	conn_reset(c);
	conn_end(c, END_HERE);
}

void
conn_split(struct conn *c, uint16_t bytes)
{
	c->split = bytes;
}

void
conn_timer(struct conn *c, double ward_s)
{
	timer_ward(&c->service_timer, ward_s);
}
