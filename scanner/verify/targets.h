/* SPDX-License-Identifier: ISC */
/*
 * targets - which of a record's addresses may be looked at, as the words of an
 * audit.
 */
#ifndef TARGETS_H
#define TARGETS_H

#include "scanner/options.h"
#include "scanner/scope.h"
#include "scanner/verify/record.h"

struct targets {
	struct options options; /* of the run: the targets, ports, listening */
	struct scope *scope;    /* frozen: what will be looked at */
	struct pool *pool;
};

/*
 * Fills *out from what was asked and the record: the record's addresses and
 * asked's own words, less those nobody authorised; the record's ports beside
 * the usual ones, but for harmful ones.  now_ns: for the scope file's expiry.
 * Free with targets_clear().  Returns false and one line in error.
 */
bool targets_make(struct targets *out, const struct options *asked,
    const struct records *records, int64_t now_ns,
    char error[static SCOPE_ERROR]);

void targets_clear(struct targets *);

#endif
