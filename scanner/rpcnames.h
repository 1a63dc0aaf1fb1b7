/* SPDX-License-Identifier: ISC */
/*
 * rpcnames - ONC RPC program numbers, their names, and which of them are worth
 * a call on a port nobody has explained.
 *
 * Source: the program numbers Sun assigned, as listed in the rpc(5) files of
 * SunOS 4.1 and its successors.  Pure data.
 */
#ifndef RPCNAMES_H
#define RPCNAMES_H

#include <stddef.h>
#include <stdint.h>

#include "scanner/probe.h"

/* The programs the code itself must know. */
enum { RPC_PORTMAPPER = 100000, RPC_YPSERV = 100004, RPC_YPBIND = 100007 };

/* Returns the program's name, such as "ypserv", or NULL. */
const char *rpc_name(uint32_t program);

/* Versions of one program, both ends included. */
struct rpc_versions {
	uint32_t low, high;
};

enum { RPC_PROGRAM_TEXT = 128 };

/*
 * Writes "100004 ypserv v1-2", several ranges as "v1-2,4"; a program without
 * a name is called "unnamed".  Ranges that do not fit are left out.  Returns
 * buf.
 */
const char *rpc_program_text(char buf[static RPC_PROGRAM_TEXT],
    uint32_t program, const struct rpc_versions *ranges, size_t n);

/*
 * What to ask an unexplained reserved port for, likeliest first: what SunOS
 * starts as root at boot, in that order, then the rest.
 */
extern const struct rpc_guess rpc_default_guesses[];
extern const size_t rpc_default_guesses_len;

#endif
