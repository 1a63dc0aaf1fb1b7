/* SPDX-License-Identifier: ISC */
/*
 * tally - what the receiver saw: the only count of a scanner's packets the
 * bench believes.  Times are the kernel's, in nanoseconds.
 */
#ifndef BENCH_TALLY_H
#define BENCH_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { TALLY_SLOTS = 10, TALLY_HOSTS_MAX = 65536 };

/* A host's last second, in tenths. */
struct tally_host {
	uint64_t at; /* the tenth the newest slot is for */
	uint16_t packets[TALLY_SLOTS], initiations[TALLY_SLOTS];
};

struct tally {
	uint64_t packets, arp, echo, udp, syn, ack, fin, rst, data, odd;
	uint64_t stray;        /* no address or MAC of ours */
	uint64_t bad_checksum; /* IP or TCP */
	uint64_t lost_in, lost_out, answered_open, answered_closed;
	uint64_t ring_drops, refused;
	int64_t first_ns, last_ns, first_syn_ns, last_syn_ns;
	int64_t tenth_ns; /* the tenth of a second now counted */
	uint64_t in_tenth, peak_tenth;
	struct tally_host *hosts; /* NULL: too many to look at each */
	uint32_t hosts_len;
	unsigned peak_host_packets, peak_host_initiations;
};

/* Without memory hosts are not looked at each. */
void tally_init(struct tally *, uint32_t hosts);
void tally_free(struct tally *);

void tally_packet(struct tally *, int64_t now_ns);
void tally_syn(struct tally *, int64_t now_ns);

/* A packet to one host: initiations are SYN, echo, ARP requests and UDP. */
void tally_host(
    struct tally *, uint32_t index, int64_t now_ns, bool is_initiation);

/* Writes all as one JSON object. */
void tally_write(const struct tally *, FILE *);

#endif
