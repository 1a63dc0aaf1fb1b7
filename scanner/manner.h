/* SPDX-License-Identifier: ISC */
/*
 * manner - how a TCP port behaved in a conversation, beside what it said.
 *
 * Traps, filters and broken programs are told by this alone.
 */
#ifndef MANNER_H
#define MANNER_H

struct facts;
struct talk_report;

/* Adds what the report of a TCP talk tells to the facts of its port. */
void manner_facts(const struct talk_report *report, struct facts *facts);

#endif
