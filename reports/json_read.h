/* SPDX-License-Identifier: ISC */
/*
 * json_read - the facts of one host out of report.json, to be weighed again.
 *
 * The report is anybody's file: everything is checked as a line of
 * facts.ndjson is.
 */
#ifndef JSON_READ_H
#define JSON_READ_H

#include <stdbool.h>
#include <stdint.h>

struct ledger;

enum { JSON_READ_ERROR = 320 };

/*
 * Adds the facts of the asset that has the address.  Returns false and one
 * line in error when the file cannot be read, is no report, or has no such
 * asset.  *is_report tells whether it was a report at all.
 */
bool json_read_host(const char *path, uint32_t address, struct ledger *ledger,
    bool *is_report, char error[static JSON_READ_ERROR]);

#endif
