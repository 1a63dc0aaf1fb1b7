/* SPDX-License-Identifier: ISC */
/*
 * dicomread - the three ways an association request can be answered, turned
 * into facts.
 */
#ifndef DICOMREAD_H
#define DICOMREAD_H

#include "probes/dicompdu.h"

/*
 * Each records what a whole PDU of its type says.  Returns NULL, or what is
 * wrong with it in a few words; then nothing has been recorded.  An accept
 * answers what ask says was proposed: the client's own request where it was
 * overheard, else ours.
 */
const char *pdu_read_accept(
    const struct pdu *pdu, const struct ask *ask, struct facts *facts);
const char *pdu_read_reject(const struct pdu *pdu, struct facts *facts);
const char *pdu_read_abort(const struct pdu *pdu, struct facts *facts);

#endif
