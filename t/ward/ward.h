/* SPDX-License-Identifier: ISC */
/*
 * ward - the simulated network as a whole and the hosts on it.
 *
 * Addresses are in host order throughout, as are ports.
 */
#ifndef WARD_WARD_H
#define WARD_WARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harm.h"
#include "persona.h"
#include "rng.h"

struct beacon;
struct conf_ward;
struct err;
struct impair;
struct link;
struct link_frame;
struct loop;
struct tcp;
struct ward;

enum { MAC_LEN = 6, SLOTS_MAX = 64 };

/* Which counter of IP identifications; all one where the stack shares them. */
enum ip_id_kind { ID_TCP, ID_UDP, ID_ICMP, ID_KINDS };

struct host {
	struct ward *ward;
	const struct persona *persona;
	const struct conf_host *conf; /* borrowed */
	uint32_t addr;
	uint8_t mac[MAC_LEN];
	struct host *router; /* or NULL: it is on the link itself */
	uint8_t hops;        /* beyond the router */

	uint16_t ip_id[ID_KINDS]; /* the next one */
	uint32_t isn_base;
	uint32_t isn_count;
	uint16_t ephemeral; /* the next anonymous port */
	uint64_t unreach_second;
	uint32_t unreach_sent;
	uint32_t conns;

	uint32_t slots_used;
	uint32_t slots_leaked;
	uint64_t slot_back_ns[SLOTS_MAX]; /* ward time */
	uint32_t bare_at_hang_port;

	struct harm harm;
	struct beacon *beacons; /* as many as the personality has */
};

struct ward {
	struct loop *loop;
	struct link *link;
	struct impair *impair;
	struct tcp *tcp;
	struct rng rng;
	uint32_t network;
	uint32_t mask;

	struct host *hosts;
	uint32_t hosts_n;
	uint32_t *index; /* open addressing: position + 1, or 0 */
	uint32_t index_room;
	struct persona *personas;

	uint64_t started_ns;
	uint64_t strays;     /* frames that were for nobody here */
	uint64_t broadcasts; /* IP datagrams sent to a broadcast address */
};

/*
 * Fill in network and hosts from a ward file; personalities are looked for in
 * dir.  conf is borrowed and has to live as long.  Returns false with err
 * filled in; ward_clear() is to be called either way.
 */
bool ward_populate(
    struct ward *, const struct conf_ward *, const char *dir, struct err *);

/* Frees hosts and personalities.  The rest belongs to whoever set it. */
void ward_clear(struct ward *);

/* Returns the host that has the address, or NULL. */
struct host *ward_host(const struct ward *, uint32_t addr);

/* Returns true for any broadcast address as the ward's network knows it. */
bool ward_is_broadcast(const struct ward *, uint32_t addr);

/* Takes a frame from the link (a link_fn). */
void ward_frame(void *ward, const struct link_frame *);

#endif
