/* SPDX-License-Identifier: ISC */
/*
 * compare - every line of a record against what a run found: match, mismatch
 * field by field, absent, or cannot say; then what the network has and the
 * record lacks, and what contradicts itself in the record.
 *
 * Pure: records, assets and the run in, words out.  An answer that never came
 * is never a mismatch.
 */
#ifndef COMPARE_H
#define COMPARE_H

#include "scanner/run.h"
#include "scanner/verify/aliases.h"
#include "scanner/verify/judge.h"
#include "scanner/verify/record.h"

enum field_state {
	FIELD_UNSAID = 0, /* the record says nothing */
	FIELD_SAME,       /* and it tells this device from others */
	FIELD_AGREES,     /* the same, but of many devices */
	FIELD_DIFFERS,
	FIELD_UNKNOWN /* the network did not tell */
};

/* Returns "same", "agrees", "differs", "unknown", "" for FIELD_UNSAID. */
const char *field_state_text(enum field_state state);

struct field_result {
	enum field_state state;
	const char *found; /* what the network says, or "" */
	const char *why;   /* where that needs words, or "" */
};

enum { LINE_SETTLE_MAX = 3 };

struct line_result {
	const struct record *record;
	enum verify_state state;
	const char *reason;        /* one sentence without its stop */
	const struct asset *asset; /* what it was compared with, or NULL */
	const struct fingerprint
	    *expected;    /* from id, kind or model; or NULL */
	enum grade grade; /* of the expected over that asset */
	double probability;
	int in_favour, said_against;
	struct field_result fields[FIELDS];
	const char *settle[LINE_SETTLE_MAX]; /* what would settle it */
	size_t settle_len;
	unsigned in_a_row; /* runs with this outcome; 0: not known */
};

enum conflict_kind {
	CONFLICT_DUPLICATE = 0, /* the same device twice */
	CONFLICT_ADDRESS,       /* one address, two devices */
	CONFLICT_MAC,
	CONFLICT_SERIAL,
	CONFLICT_AE_TITLE,
	CONFLICT_HOSTNAME,
	CONFLICT_KINDS
};

/* Returns "duplicate", "address", "mac", ... */
const char *conflict_text(enum conflict_kind kind);

/* Two lines of the record that cannot both be right. */
struct conflict {
	enum conflict_kind kind;
	const struct record *first, *second; /* by line */
	const char *value;
};

struct comparison {
	struct line_result *lines; /* as many as records, in their order */
	size_t lines_len;
	size_t counts[VERIFY_STATES];
	const struct asset **unrecorded; /* by address */
	size_t unrecorded_len;
	struct conflict *conflicts; /* by the second line */
	size_t conflicts_len;
	struct pool *pool;
};

/* What lines are compared with; all borrowed, and outlives the result. */
struct found {
	const struct run *run;
	const struct assets *assets;
	const struct fingerprints *fingerprints;
	const struct aliases
	    *aliases; /* NULL: texts are compared as they are */
	/* Was this address looked at at all?  NULL: all were. */
	bool (*was_asked)(void *arg, uint32_t address);
	void *arg;
};

/* Returns NULL when memory is out; free with comparison_free(). */
struct comparison *compare(const struct records *, const struct found *);

void comparison_free(struct comparison *); /* NULL ok */

/* The fingerprint a line expects by id, kind or model; NULL for none. */
const struct fingerprint *compare_expected(
    const struct record *, const struct found *);

#endif
