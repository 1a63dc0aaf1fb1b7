/* SPDX-License-Identifier: ISC */
/*
 * dispatch - what one captured frame means: whose sign of life, which facts.
 *
 * A live run gives hooks, so that only answers to our own packets count as
 * answers (cookies, ports of our own connects); what is overheard counts as
 * heard.  A replay gives none: then every SYN-ACK, echo reply and ARP packet
 * is taken as the host's own word.
 */
#ifndef DISPATCH_H
#define DISPATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "scanner/asset.h"
#include "scanner/decode.h"
#include "scanner/evidence.h"
#include "scanner/ledger.h"

struct probe;

enum alive_how { ALIVE_ARP = 1, ALIVE_ECHO };

struct dispatch_hooks {
	void *arg;
	/* A host in scope showed that it lives, asked by us. mac is zero
	 * unless it came by ARP. */
	void (*alive)(void *arg, uint32_t address, struct mac mac,
	    enum alive_how how, const struct packet *packet);
	/* Somebody on the link told his MAC: of use for next hops. */
	void (*gateway)(void *arg, uint32_t address, struct mac mac);
	/* An answer with a good cookie to a SYN of ours: open, closed, or
	 * filtered where somebody's ICMP says so.  Returns whether it was
	 * news. */
	bool (*shot)(
	    void *arg, uint32_t address, uint16_t port, enum port_state state);
	/* Is this address one of the hosts this run may speak of? */
	bool (*in_scope)(void *arg, uint32_t address);
	/* Is this address our own? */
	bool (*is_own)(void *arg, uint32_t address);
	/* Is it on the same link as we are? */
	bool (*on_link)(void *arg, uint32_t address);
	/* Does a SYN-ACK answer a connect of ours? */
	bool (*is_our_connect)(
	    void *arg, uint32_t address, uint16_t port, uint16_t local_port);
	/* What a talk of ours told is in the ledger.  May be NULL. */
	void (*settled)(
	    void *arg, uint32_t address, uint16_t port, bool via_udp);
	/* Did we ask all of a segment from this local port?  *cookie is what
	 * answers to the probe carry.  NULL: never. */
	bool (*is_gathering)(void *arg, const struct probe *probe,
	    uint16_t local_port, uint32_t *cookie);
	/* The cookie a shot at address carries (send.h). */
	uint32_t (*cookie)(
	    void *arg, uint32_t address, uint16_t port, uint16_t what);
};

struct census;
struct dispatch;
struct exchange;

/* hooks and evidence may be NULL; all is borrowed.  Returns NULL when memory
 * is out. */
struct dispatch *dispatch_new(struct ledger *ledger,
    struct evidence_file *evidence, const struct dispatch_hooks *hooks);
void dispatch_free(struct dispatch *); /* NULL ok */

void dispatch_frame(struct dispatch *, const struct frame *frame);

/* Nothing is to be said of an address for which excludes() holds. */
void dispatch_exclude(struct dispatch *,
    bool (*excludes)(void *arg, uint32_t address), void *arg);

/* Who fills the segment; lives as long as the dispatch does. */
struct census *dispatch_census(const struct dispatch *);

/* The end of a replay: conversations without an end are taken as they are. */
void dispatch_flush(struct dispatch *);

/* What keeps the frames: lives as long as the dispatch does. */
struct exchange *dispatch_exchange(const struct dispatch *);

struct dispatch_counts {
	uint64_t frames, broken;
};
struct dispatch_counts dispatch_counts(const struct dispatch *);

/* Source ports of our own SYN shots, never used by the kernel's talks while
 * the run is on: the sweep uses this one. */
enum { DISPATCH_SYN_PORT = 61000 };

#endif
