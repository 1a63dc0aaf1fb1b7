/* SPDX-License-Identifier: ISC */
/*
 * harm - what was done to one host, counted while it happens.
 *
 * Each line is a field of the harm file; README.md says what it means.
 */
#ifndef WARD_HARM_H
#define WARD_HARM_H

#include <stdbool.h>
#include <stdint.h>

#include "window.h"

/* One port that was really used. */
struct port_stat {
	uint32_t key; /* 0: an empty place in the table */
	uint32_t hits;
	uint32_t half_open;   /* at this moment */
	struct window minute; /* connections in real time */
	struct window inetd;  /* the same in ward time, as inetd sees it */
	uint64_t shut_until_ns;
};

struct harm {
	uint64_t packets;
	uint64_t initiations;
	uint64_t packets_after_hang;
	struct window per_100ms;
	struct window per_second;
	struct window initiations_per_second;
	uint32_t half_open; /* at this moment */
	uint32_t half_open_peak;
	uint32_t connections_per_minute_peak; /* of the busiest port */
	uint64_t resets_by_peer;

	/* These add up to the host's harm. */
	uint64_t half_open_abandoned;
	uint64_t bare_connections;
	uint64_t unreleased_associations;
	uint64_t forbidden_bytes;
	uint64_t foreign_bytes;
	uint64_t forbidden_calls;
	uint64_t malformed;
	uint64_t pages_printed;
	uint64_t lockouts;
	bool hung;

	struct port_stat *ports; /* open addressing; sized by powers of two */
	uint32_t ports_room;
	uint32_t ports_n;
};

/* Must come first; harm_free() gives back what was gathered. */
void harm_init(struct harm *);
void harm_free(struct harm *);

/* One more packet reached the host at when_ns. */
void harm_packet(struct harm *, uint64_t when_ns, bool is_initiation);

/*
 * Returns the record of a port, made when new, or NULL when memory is out.
 * It stays in place only until the next call.
 */
struct port_stat *harm_port(struct harm *, bool is_tcp, uint16_t port);

/* Take a record's key apart. */
bool harm_key_is_tcp(uint32_t key);
uint16_t harm_key_port(uint32_t key);

/* Count len bytes that reached a port nobody should ever write to. */
void harm_bytes(struct harm *, uint16_t port, uint64_t len);

/* Returns the sum of everything that counts as harm. */
uint64_t harm_sum(const struct harm *);

#endif
