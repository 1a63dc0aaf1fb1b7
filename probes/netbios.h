/* SPDX-License-Identifier: ISC */
/*
 * netbios - questions to NetBIOS name servers, and the beginning of answers.
 *
 * Source: RFC 1001 section 14, RFC 1002 sections 4.2.12, 4.2.13, 4.2.17 and
 * 4.2.18.
 */
#ifndef NETBIOS_H
#define NETBIOS_H

#include "scanner/probe.h"

enum netbios_type { NETBIOS_NB = 0x20, NETBIOS_NBSTAT = 0x21 };

/* Writes a question for the name "*", which every node answers to; 50 bytes.
 * is_broadcast: it goes to all of a segment at once. */
void netbios_ask(
    struct wr *w, uint16_t id, enum netbios_type type, bool is_broadcast);

/*
 * Reads the head of an answer to that question as far as its data; r then
 * stands there.  REPLY_OTHER: it is no answer to it, or one that has nothing
 * to tell.
 */
enum reply netbios_answer(struct rd *r, uint16_t id, enum netbios_type type);

#endif
