/* SPDX-License-Identifier: ISC */
/*
 * sshkey - the host key of an SSH server that can spare it.
 *
 * A host key is an asset's identity where no MAC is to be seen.  To show it,
 * a server computes one key exchange and one signature.  A machine of the
 * 1990s would compute at that for long and is not asked: only OpenSSH from
 * release 7 (2015) on is, which its identification string tells, and only for
 * curve25519, whose answer took 5 ms where it was measured.
 *
 * Nothing is kept secret here and nothing proven: the key is what the server
 * shows, as ssh-keyscan's are; its signature is not looked at.
 *
 * Source: RFC 4253 sections 4.2, 6, 7, 8 and 11.1; RFC 5656 section 4;
 * RFC 8731.
 */
#ifndef SSHKEY_H
#define SSHKEY_H

#include "scanner/probe.h"

struct sshkey {
	enum {
		SSHKEY_NOT = 0,    /* not asked for */
		SSHKEY_ALGORITHMS, /* awaiting SSH_MSG_KEXINIT */
		SSHKEY_REPLY       /* awaiting SSH_MSG_KEX_ECDH_REPLY */
	} stage;
	size_t at; /* stream bytes understood */
};

/* Returns whether a server of this identification string can spare it. */
bool sshkey_may_ask(struct rd line);

/* Says our identification string and which algorithms we know; `at` stream
 * bytes have been understood, the server's string among them. */
void sshkey_ask(
    struct sshkey *, const struct ask *ask, size_t at, struct wr *out);

/* The turns after that, until STEP_DONE; is_all: no more can be read. */
enum step sshkey_turn(struct sshkey *, const struct turn *turn, bool is_all,
    struct wr *out, struct facts *facts);

#endif
