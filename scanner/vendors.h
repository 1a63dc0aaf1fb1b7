/* SPDX-License-Identifier: ISC */
/* vendors - whose network cards they are: the one fact no frame holds. */
#ifndef VENDORS_H
#define VENDORS_H

#include "scanner/ledger.h"

struct oui;

/* Adds mac.vendor to every address in the ledger whose MAC is known. */
void vendors_add(struct ledger *ledger, const struct oui *oui);

#endif
