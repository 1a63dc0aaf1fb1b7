/* SPDX-License-Identifier: ISC */
/*
 * expects - what records say should be at an address, for the run that looks
 * there and for its report.
 */
#ifndef EXPECTS_H
#define EXPECTS_H

#include <stdint.h>

struct expects;
struct records;

/* Lines without trouble; the records are borrowed and must outlive it.
 * Returns NULL when memory is out. */
struct expects *expects_new(const struct records *records);
void expects_free(struct expects *); /* NULL ok */

/* Returns what should be there in the most telling words the first line about
 * the address has, printable, or ""; lives as long as the expects do. */
const char *expects_at(const struct expects *, uint32_t address);

/* Returns the AE title the line names, or NULL. */
const char *expects_ae_title(const struct expects *, uint32_t address);

#endif
