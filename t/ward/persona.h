/* SPDX-License-Identifier: ISC */
/*
 * persona - a personality made ready for use: ports with their services,
 * option layout taken apart, payloads as bytes.  Shared by all hosts that do
 * not override anything; unchanged once made.
 */
#ifndef WARD_PERSONA_H
#define WARD_PERSONA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf.h"

struct err;
struct service;

/* Bytes of one's own. */
struct blob {
	uint8_t *bytes;
	size_t len;
};

/*
 * Fill in the bytes a hex string stands for (blanks are allowed between
 * pairs), then those of text; NULL stands for nothing.  Return false when hex
 * is not that or memory is out.  blob_free() leaves an empty blob.
 */
bool blob_make(struct blob *, const char *hex, const char *text);
void blob_free(struct blob *);

/* A port, or a range of ports, and what is behind it. */
struct port {
	uint16_t first;
	uint16_t last;
	bool is_tcp;
	bool is_inetd;
	enum conf_port state;
	const struct service *service; /* NULL unless open */
	void *setup;                   /* made by the service from its keys */
};

/* One TCP option of the SYN-ACK, in nmap's letters: M W T S. */
struct tcp_option {
	char kind;
	uint8_t nops; /* in front of it */
	uint16_t value;
	bool no_value; /* timestamp: send zero */
	bool no_echo;  /* timestamp: do not echo the peer's */
};

enum { PERSONA_OPTIONS = 8 };

struct persona {
	const struct conf_persona *conf; /* borrowed */
	const char *name;                /* borrowed */
	struct port *ports;              /* the first that fits counts */
	size_t ports_n;
	struct port tcp_default;
	struct port udp_default;
	struct tcp_option options[PERSONA_OPTIONS];
	unsigned options_n;
	uint8_t nops_after;       /* behind the last option */
	struct blob *payloads;    /* one per beacon */
	struct persona *next;     /* in the ward's list */
	struct conf_persona *own; /* freed with it; may be NULL */
};

/*
 * Returns a personality ready for use, with the overrides of a host unless
 * that is NULL, or NULL with err filled in.  conf, name and over are borrowed
 * and have to live as long.
 */
struct persona *persona_new(const struct conf_persona *conf, const char *name,
    const struct conf_host *over, struct err *);

/* Safe to call with NULL. */
void persona_free(struct persona *);

/* Returns the bytes an option takes on the wire. */
size_t persona_option_len(char kind);

/* Returns what is at a port; never NULL. */
const struct port *persona_port(
    const struct persona *, bool is_tcp, uint16_t port);

#endif
