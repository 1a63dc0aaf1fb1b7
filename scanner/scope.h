/* SPDX-License-Identifier: ISC */
/*
 * scope - the addresses and ports the operator may touch; deny beats allow.
 *
 * Checked when work is planned (target.h) and again by the one function that
 * lets bytes leave (send.c for frames, talk.c for conversations).  Frozen
 * before the first packet: nothing a peer says can widen it.
 */
#ifndef SCOPE_H
#define SCOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/fact.h"
#include "scanner/net.h"

struct scope;

enum { SCOPE_ERROR = 256 };

struct scope *scope_new(void);
void scope_free(struct scope *); /* NULL ok */

/*
 * Allow a target: an address, CIDR, range or "@file" of such lines ('#'
 * begins a comment).  Returns false and one line naming what and where.
 */
bool scope_allow(
    struct scope *, const char *target, char error[static SCOPE_ERROR]);

/* The same for what must not be touched. */
bool scope_deny(
    struct scope *, const char *target, char error[static SCOPE_ERROR]);

/* Deny one port on every host. */
void scope_deny_port(struct scope *, enum about_kind transport, uint16_t port);

/* An explicit --ports entry lifts the compiled-in denial of that port. */
void scope_permit_port(
    struct scope *, enum about_kind transport, uint16_t port);

/*
 * Reads a scope file (YAML: owner, expires (YYYY-MM-DD), networks,
 * do_not_probe, exclude_ports).  It is what allows addresses outside RFC 1918,
 * link-local and loopback; its networks bound what targets may name.  today_ns
 * is compared with the expiry.  Returns false and one line with file and line.
 */
bool scope_read_file(struct scope *, const char *path, int64_t today_ns,
    char error[static SCOPE_ERROR]);

/*
 * The two things a scope file says that targets and exclusions do not, for
 * scope_read_file(): a network it names, and who vouches for it until when.
 * Both return false and a reason without file or line.
 */
bool scope_name_network(
    struct scope *, const char *network, char error[static SCOPE_ERROR]);
bool scope_set_authority(struct scope *, const char *owner, const char *expiry,
    char error[static SCOPE_ERROR]);

/*
 * Sort, merge, check that every allowed address is private or, where a scope
 * file was read, lies in a network it names.  0.0.0.0/8, multicast and
 * 255.255.255.255 are taken out.  Returns false and one line when an address
 * is not covered, or when targets were given and nothing is left of them.
 * Must be called once before the questions below.
 */
bool scope_freeze(struct scope *, char error[static SCOPE_ERROR]);

/* May this host be touched at all? */
bool scope_has_host(const struct scope *, uint32_t address);

/* Was it excluded by name, whether anything else was allowed or not?  So is
 * what can be nobody's address. */
bool scope_denies(const struct scope *, uint32_t address);

/* May a byte (or a connection) go to this port of it?  ABOUT_HOST asks about
 * the host alone; TCP and UDP port 0 may never be touched. */
bool scope_has_port(const struct scope *, uint32_t address,
    enum about_kind transport, uint16_t port);

/* Is the port one that hardware acts on (printers, chargen, X11 ...)? */
bool scope_port_is_harmful(uint16_t port);

/* Allowed less denied, as sorted disjoint ranges, last included. */
struct scope_range {
	uint32_t first, last;
};
const struct scope_range *scope_ranges(const struct scope *, size_t *n);

/* How many addresses the ranges hold. */
uint64_t scope_size(const struct scope *);

/* Returns the i-th address of the ranges, i below scope_size(); O(log n). */
uint32_t scope_address_at(const struct scope *, uint64_t i);

/* The other way round; SCOPE_NOWHERE for an address outside. */
#define SCOPE_NOWHERE UINT64_MAX
uint64_t scope_index_of(const struct scope *, uint32_t address);

/* What was allowed and denied, as the operator wrote it, for the report. */
const char *const *scope_allowed_text(const struct scope *, size_t *n);
const char *const *scope_denied_text(const struct scope *, size_t *n);

/* The scope file's owner and expiry, or NULL. */
const char *scope_owner(const struct scope *);
const char *scope_expiry(const struct scope *);

#endif
