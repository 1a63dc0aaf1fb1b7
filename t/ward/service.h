/* SPDX-License-Identifier: ISC */
/*
 * service - the contract between a simulated machine and what listens on it.
 *
 * A service is a constant in a file of its own, svc_<name>.c, and one line of
 * the table in service.c.  It sees connections and datagrams, never packets.
 * Any function may be NULL: then what usually happens, happens.
 */
#ifndef WARD_SERVICE_H
#define WARD_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct conf_host;
struct conf_service;
struct conn;
struct err;
struct host;
struct port;

/* What is wrong with the SYN-ACKs of a service. */
enum stray { STRAY_NOT, STRAY_PORT, STRAY_ADDRESS };

/* How a conversation came to its end. */
enum ending {
	END_PEER_FIN,  /* the peer said that it is done */
	END_PEER_RST,  /* the peer tore it down */
	END_HERE,      /* this side closed or aborted it first */
	END_TIMEOUT,   /* the peer stopped answering */
	END_WARD_STOPS /* the simulation is over */
};

/* A datagram that arrived for a service; borrowed for the call. */
struct datagram {
	struct host *host;
	const struct port *port;
	uint32_t peer;
	uint16_t peer_port;
	uint16_t local_port;
	const uint8_t *peer_mac;
	const uint8_t *bytes;
	size_t len;
};

struct service {
	const char *name; /* as in personality files */

	/* Coming and going without a word to such a port is harm. */
	bool speaks;

	/* SYN-ACK as usual, then nothing is acknowledged any more. */
	bool tarpit;

	/* It speaks, but its window is shut from the first word on. */
	bool window_shut;

	/* Its SYN-ACKs answer no SYN, and no connection comes of them. */
	enum stray stray;

	/* Zeroed memory each connection gets; conn_state() returns it. */
	size_t state_size;

	/*
	 * Make the port's setup from its keys; over may be NULL.  Returns
	 * false with err filled in when the keys make no sense.
	 */
	bool (*prepare)(const struct conf_service *,
	    const struct conf_host *over, void **setup, struct err *);
	void (*discard)(void *setup); /* safe with NULL */

	void (*open)(struct conn *);
	void (*data)(struct conn *, const uint8_t *, size_t);
	void (*drained)(struct conn *); /* all that was sent is acknowledged */
	void (*timer)(struct conn *);   /* conn_timer() has run out */
	void (*eof)(struct conn *);     /* the peer's FIN; NULL: close too */

	/* Once, whatever the end; nothing can be sent any more. */
	void (*gone)(struct conn *, enum ending);

	void (*datagram)(const struct datagram *);
};

/* Returns the service of that name, or NULL. */
const struct service *service_find(const char *name);

#endif
