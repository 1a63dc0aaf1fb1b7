/* SPDX-License-Identifier: ISC */
/*
 * ports - a list of ports as the operator writes it, as sorted numbers.
 */
#ifndef PORTS_H
#define PORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PORTS_ERROR = 256 };

/* Each list ascends and holds no port twice; host byte order. */
struct ports {
	uint16_t *tcp;
	size_t tcp_len;
	uint16_t *udp;
	size_t udp_len;
	/*
	 * Those of them that were asked for one by one, by number or by name:
	 * the operator meant them, so scope_permit_port() may lift a
	 * compiled-in denial.  A range or "default" does not name what it
	 * happens to cover.
	 */
	uint16_t *named_tcp;
	size_t named_tcp_len;
	uint16_t *named_udp;
	size_t named_udp_len;
};

/* What "default" stands for: the ports a gentle audit looks at. */
extern const uint16_t ports_default_tcp[];
extern const size_t ports_default_tcp_len;
extern const uint16_t ports_default_udp[];
extern const size_t ports_default_udp_len;

/*
 * Reads entries separated by commas into *out: "default", a port, a range
 * "600-1023", or a service's name, which stands for every port the system's
 * services list knows it by.  "T:" or "U:" before an entry says TCP or UDP for
 * it and those after it; TCP where nothing is said.  Returns false and one
 * line naming the entry; then *out needs no ports_free().
 */
bool ports_parse(
    const char *text, struct ports *out, char error[static PORTS_ERROR]);

/* Has the port be among the UDP ports, or not.  Returns false when memory is
 * out. */
bool ports_put_udp(struct ports *, uint16_t port, bool is_among);

/* Calls scope_permit_port() for each port that was asked for by itself and is
 * harmful. */
struct scope;
void ports_permit(const struct ports *, struct scope *scope);

/* Frees the lists and zeroes *ports. */
void ports_free(struct ports *ports);

#endif
