/* SPDX-License-Identifier: ISC */
/*
 * probe - the contract between the scanner and one protocol.
 *
 * A probe is a constant description and pure functions.  It opens no socket,
 * reads no clock, keeps nothing between calls but the state handed to it, and
 * never sees libnet, libpcap or an address.  So every probe can be tested and
 * fuzzed without privileges, and a hostile peer can at worst make it invent
 * facts.
 *
 * Four shapes, by .via:
 *   VIA_ARP, VIA_ICMP   build() a request, parse() its reply
 *   VIA_TALK            step(): a conversation, turn by turn, over TCP, or over
 *                       UDP where ask->via_udp says so: then each thing said
 *                       is one datagram and the stream is the newest one
 *   VIA_LISTEN          hear(): a datagram or segment nobody asked for
 *   VIA_BROADCAST       build() a datagram for all of a segment, parse() what
 *                       anybody answers; --broadcast alone sends it
 */
#ifndef PROBE_H
#define PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "scanner/fact.h"
#include "scanner/wire.h"

/* No conversation takes more packets of ours than this. */
enum { PROBE_PACKETS_MAX = 12 };

enum via { VIA_ARP = 1, VIA_ICMP, VIA_TALK, VIA_LISTEN, VIA_BROADCAST };

/* How much a probe may disturb its target; --care caps it. */
enum impact {
	IMPACT_PASSIVE = 1, /* sends nothing */
	IMPACT_QUERY,       /* asks for what the protocol offers to anyone */
	IMPACT_SESSION      /* opens a session the target may log */
};

enum reply {
	REPLY_OK = 0, /* ours, well formed, facts filled */
	REPLY_OTHER,  /* not an answer to this probe */
	REPLY_BAD     /* ours, but malformed or cut short: a fact itself */
};

struct rpc_guess {
	uint32_t program;
	uint32_t version;
};

enum { ASK_HOST = 16 };

/* What a probe is told of its task; borrowed for the call. */
struct ask {
	uint32_t cookie;       /* unpredictable, stable per target and probe */
	uint16_t port;         /* host order */
	char host[ASK_HOST];   /* what the peer is called, where its protocol
				   wants it said as HTTP does; or "" */
	bool via_udp;          /* the conversation runs over UDP */
	bool via_tls;          /* ... under TLS, which is not step()'s affair */
	const char *called_ae; /* DICOM called AE title, or NULL */
	const char *calling_ae; /* DICOM calling AE title, never NULL */
	const char *nis_domain; /* domain to ask ypserv for, or NULL */
	const char *community;  /* SNMP community to ask with, or NULL */
	/* ONC RPC programs to try on this port, in order, with a version. */
	const struct rpc_guess *guesses;
	size_t guesses_len;
	/* Somebody else's conversation, overheard: what is said in it is
	 * client, and what step() writes goes nowhere. */
	bool is_overheard;
	struct rd client; /* as much as is known of it */
};

/* What overhear() found out.  .ask comes with .port, .via_udp, .client and
 * .calling_ae set; its guesses may be put beside it. */
struct overheard {
	struct ask ask;
	struct rpc_guess guess;
};

/* What has just happened in a conversation. */
enum turn_what {
	TURN_OPEN = 1, /* connected; nothing read yet */
	TURN_BYTES,    /* more bytes came */
	TURN_QUIET,    /* .wait_ms went by without a byte */
	TURN_EOF       /* the peer has said its last byte */
};

struct turn {
	enum turn_what what;
	const struct ask *ask;
	struct rd stream; /* all the peer has said so far, from its first byte;
			     over UDP: the newest datagram */
};

/* What the conversation does next, after whatever was written into out. */
enum step {
	STEP_WAIT = 1, /* go on reading, .wait_ms at most */
	STEP_DONE,     /* all said, goodbyes included: close with FIN */
	STEP_ABORT     /* the peer makes no sense: close */
};

/* A UDP datagram nobody asked for, or (is_tcp) a TCP segment with bytes in
 * it; payload is borrowed. */
struct heard {
	bool is_tcp;
	uint32_t source, destination; /* host order */
	uint16_t source_port, destination_port;
	uint8_t ttl;
	bool df;
	uint16_t ip_id;
	bool checksum_off;    /* UDP: checksum field is 0 */
	bool link_broadcast;  /* sent to ff:ff:ff:ff:ff:ff */
	uint16_t payload_len; /* as the UDP header says; more than captured
				 where the snap length cut it */
	struct rd payload;
};

struct probe {
	const char *name;    /* [a-z0-9_]+, unique, equals the file name */
	const char *summary; /* one line for help and man page */
	enum via via;
	enum impact impact;
	/* Ports it is tried on, ended by 0; NULL: none by number. */
	const uint16_t *tcp_ports, *udp_ports;
	const uint16_t *tls_ports; /* TCP too, the conversation under TLS */
	uint16_t wait_ms;          /* longest silence in a conversation */
	uint16_t deadline_ms; /* longest conversation; 0: ten times wait_ms */
	uint16_t pause_ms;    /* least time between two things said; 0: none */
	uint16_t packets_max; /* our packets a conversation may take */
	uint32_t stream_max;  /* bytes read at most; 0: TALK_STREAM_MAX */
	bool listens_first;   /* over TCP the server is to speak first; else it
				 may hang up on who does not speak at once */
	bool is_brief;        /* over UDP it has asked twice by itself: silence
				 is not worth a second conversation */
	size_t state_size;    /* of step()'s state, zeroed; <= TALK_STATE_MAX */

	/*
	 * Write one request's payload; VIA_ICMP: the ICMP message with a
	 * zero checksum; VIA_ARP: nothing is written, send.c knows ARP.
	 * Returns false when w is too small.
	 */
	bool (*build)(struct wr *w, const struct ask *ask);

	/* Read one reply to build()'s request.  r is borrowed. */
	enum reply (*parse)(
	    struct rd r, const struct ask *ask, struct facts *facts);

	/*
	 * One turn of a conversation.  state is the probe's own, zeroed at
	 * TURN_OPEN.  What is written into out is sent before the step is
	 * taken.  Facts add up over all turns (evidence offsets are those of
	 * the stream).  May be called with any bytes at all.
	 */
	enum step (*step)(void *state, const struct turn *turn, struct wr *out,
	    struct facts *facts);

	/*
	 * VIA_TALK, optional: is a conversation that begins with these words
	 * of a client one of this protocol?  No words at all: the server spoke
	 * first.  Where it is, fills in what step() must know of it and returns
	 * true.  Pure, and may be called with any bytes.
	 */
	bool (*overhear)(struct rd client, struct overheard *out);

	/* Each thing a client says begins a conversation of its own. */
	bool overhear_each;

	/* Read one datagram heard; REPLY_OTHER leaves facts untouched. */
	enum reply (*hear)(const struct heard *heard, struct facts *facts);

	/* Hears TCP segments, not UDP. */
	bool hears_tcp;

	/* In a live run it is of use wherever it comes from; everything else
	 * is heard of hosts in scope alone. */
	bool heard_anywhere;

	/* What lies behind the bytes its facts were read from may be private:
	 * a frame is kept as evidence only so far. */
	bool is_private_behind;
};

/* Every probe in probes/list.h, in that order; ends with NULL. */
extern const struct probe *const probes[];

/* Returns the probe called name, or NULL. */
const struct probe *probe_find(const char *name);

/* Returns the VIA_TALK probe that is tried on this port, or NULL. */
const struct probe *probe_for_port(enum about_kind transport, uint16_t port);

/* Is it tried on this TCP port under TLS? */
bool probe_seals(const struct probe *, uint16_t port);

/* Returns how many packets of ours a conversation on this port may take. */
unsigned probe_packets(
    const struct probe *, enum about_kind transport, uint16_t port);

#define PROBE(name) extern const struct probe probe_##name;
#include "probes/list.h"
#undef PROBE

#endif
