/* SPDX-License-Identifier: ISC */
/* derive_stack - operating systems from the shape of packets. */
#ifndef DERIVE_STACK_H
#define DERIVE_STACK_H

#include "scanner/ledger.h"

struct stacks;

/*
 * For every address: stack.system, the systems its SYN-ACKs allow, once for
 * each set its ports come to (two say that something stands in front of it),
 * and those its own SYNs allow.  Comes after derive_all(), whose conclusions
 * about IP ID and ISN it uses.  Returns how many facts were new.
 */
size_t derive_stack_all(struct ledger *ledger, const struct stacks *stacks);

#endif
