/* SPDX-License-Identifier: ISC */
/*
 * tcp - connections to the simulated hosts: what comes in from below, and
 * what services may do with a connection.
 */
#ifndef WARD_TCP_H
#define WARD_TCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct conn;
struct host;
struct packet;
struct port;
struct tcp;
struct ward;

/* Returns the table of all connections, or NULL when memory is out. */
struct tcp *tcp_new(struct ward *);

/* Ends every connection, which may count as harm.  Safe to call with NULL. */
void tcp_free(struct tcp *);

/* Counts as abandoned what has been half open for too long by now. */
void tcp_settle(struct tcp *);

/* Takes a TCP segment. */
void tcp_input(const struct packet *);

/* For services.  A connection is valid for the length of the callback. */
struct host *conn_host(const struct conn *);
const struct port *conn_port(const struct conn *);
uint16_t conn_number(const struct conn *); /* the local port's */
void *conn_state(const struct conn *);

/*
 * Queues bytes to be sent; they are copied.  Returns false, with nothing
 * queued, when there is no room for all of them or this side has closed.
 */
bool conn_send(struct conn *, const void *bytes, size_t len);

/* Says goodbye once everything queued is out. */
void conn_close(struct conn *);

/* Tears the connection down at once. */
void conn_abort(struct conn *);

/* From now on, not more than so many bytes in a segment; 0: as many as fit. */
void conn_split(struct conn *, uint16_t bytes);

/* Calls the service's timer once, after so many ward seconds. */
void conn_timer(struct conn *, double ward_s);

#endif
