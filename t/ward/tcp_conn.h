/* SPDX-License-Identifier: ISC */
/* tcp_conn - the inside of a connection, for the tcp*.c files alone. */
#ifndef WARD_TCP_CONN_H
#define WARD_TCP_CONN_H

#include "loop.h"
#include "net.h"
#include "service.h"
#include "tcp.h"

enum tcp_state {
	TCP_CLOSED, /* to be taken away at the end of the callback */
	TCP_SYN_RCVD,
	TCP_ESTABLISHED,
	TCP_CLOSE_WAIT,
	TCP_LAST_ACK,
	TCP_FIN_WAIT_1,
	TCP_FIN_WAIT_2,
	TCP_CLOSING,
	TCP_TIME_WAIT,
};

enum {
	TCP_FIN = 0x01,
	TCP_SYN = 0x02,
	TCP_RST = 0x04,
	TCP_PSH = 0x08,
	TCP_ACK = 0x10,
	TCP_URG = 0x20,

	TCP_LEN = 20,
	TCP_OPTIONS_MAX = 40,
	TCP_TX_ROOM = 16384,
	TCP_TRIES = 6,
};

/* The options of a SYN, or the timestamp of any segment. */
struct tcp_offer {
	bool has_mss;
	bool has_scale;
	bool has_ts;
	bool has_sack;
	uint16_t mss;
	uint8_t scale;
	uint32_t ts;
};

/* A segment taken apart; borrows the packet's bytes. */
struct segment {
	const struct packet *packet;
	uint16_t src;
	uint16_t dst;
	uint32_t seq;
	uint32_t ack;
	uint8_t flags;
	uint16_t window;
	const uint8_t *data;
	size_t len;
	struct tcp_offer offer;
};

struct conn {
	struct conn *next; /* in the chain, or among the spare ones */
	struct tcp *tcp;
	struct host *host;
	const struct port *port;
	uint32_t peer;
	uint16_t peer_port;
	uint16_t number; /* local port */
	uint8_t peer_mac[MAC_LEN];
	enum tcp_state state;

	uint32_t iss;
	uint32_t snd_una; /* the first byte of tx */
	uint32_t snd_nxt;
	uint32_t snd_max;
	uint32_t snd_wnd;
	uint32_t irs;
	uint32_t rcv_nxt;
	uint16_t mss;
	uint16_t split;
	uint8_t snd_scale;
	uint8_t rcv_scale;
	struct tcp_offer offer; /* the SYN's; .ts kept up to date */
	bool uses_ts;

	bool ack_due;
	bool fin_queued;
	bool is_timing;
	bool is_told;    /* the service knows that it is over */
	bool is_counted; /* as abandoned */
	unsigned tries;
	uint64_t born_ns; /* real time */
	uint64_t born_ward_ns;
	uint64_t rx_bytes; /* accepted in order */

	struct timer timer;
	struct timer service_timer;
	uint8_t *tx;
	size_t tx_len;
	void *state_mem;
};

/* tcp_conn.c: the table and the life of a connection. */
struct conn *conn_find(const struct packet *, const struct segment *);
struct conn *conn_new(const struct segment *, const struct port *);
void conn_end(struct conn *, enum ending);       /* becomes TCP_CLOSED */
void conn_tell_gone(struct conn *, enum ending); /* the service, once */
void conn_reap(struct conn *);                   /* frees it if it is closed */
void conn_half_open_over(struct conn *, bool is_harmless);
double conn_half_open_left_s(const struct conn *); /* ward time */

/* tcp_out.c: what leaves. */
void conn_syn_ack(struct conn *);
void conn_ack(struct conn *);
void conn_flush(struct conn *); /* data, FIN, due ACK; sets the timer */
void conn_retry(struct conn *); /* the timer of a live connection fired */
void tcp_reset(const struct segment *); /* for what belongs nowhere */
void tcp_stray(const struct segment *, enum stray); /* a SYN-ACK amiss */
void conn_reset(struct conn *);

/* tcp_option.c */
bool tcp_options_parse(const uint8_t *, size_t len, struct tcp_offer *);
size_t tcp_options_syn(const struct conn *, uint8_t *out);
size_t tcp_options_plain(const struct conn *, uint8_t *out);
const struct tcp_option *tcp_option_find(const struct persona *, char kind);

/* tcp_in.c */
void conn_segment(struct conn *, const struct segment *);

#endif
