/* SPDX-License-Identifier: ISC */
/*
 * derive - facts that follow from other facts of the same address: beacon
 * rhythm, IP ID and ISN behaviour, the cluster of RPC listeners, hosts that
 * accept everything.  Pure; run once per address when facts are complete, and
 * again whenever facts are matched again.
 */
#ifndef DERIVE_H
#define DERIVE_H

#include "scanner/ledger.h"

/* Adds what follows from the facts about address.  Returns how many. */
size_t derive_host(struct ledger *, uint32_t address);

/* derive_host() for every address in the ledger. */
size_t derive_all(struct ledger *);

#endif
