/* SPDX-License-Identifier: ISC */
/*
 * changes - what is different about an asset since it was last met, and what
 * becomes of the facts that were known.
 *
 * Pure: what was known and what a run has seen go in, what is worth an event
 * and what is to be written comes out.  To have looked and met silence is no
 * change: only an answer that differs is.  So packets lost, however many,
 * change nothing.
 */
#ifndef CHANGES_H
#define CHANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/fact.h"
#include "scanner/pool.h"

enum change_kind {
	CHANGE_NEW = 1,  /* an asset nobody knew */
	CHANGE_BACK,     /* it was gone */
	CHANGE_MOVED,    /* another address */
	CHANGE_REPLACED, /* another device at an address that was known */
	CHANGE_CHANGED,  /* a field */
	CHANGE_GONE,     /* silent in so many runs that looked */
	CHANGE_FELL,     /* its grade */
	CHANGE_RAISED,   /* an alert */
	CHANGE_CLEARED,
	CHANGE_DIFFERS, /* from what its line of the record says */
	CHANGE_AGREES,  /* with it again */
	CHANGE_KINDS
};

/* Returns "new", "back", "moved", "replaced", "changed", "gone",
 * "grade fallen", "alert raised", "alert cleared", "record differs", "record
 * agrees". */
const char *change_text(enum change_kind kind);

/* What becomes of one fact. */
enum fact_fate {
	FACT_STAYS = 0, /* was not contradicted: nothing is written */
	FACT_SEEN,      /* again */
	FACT_ADDED,
	FACT_ENDED,  /* contradicted: it held until now */
	FACT_DROPPED /* of no interest any more */
};

/* One fact in the balance. */
struct balance_fact {
	const struct fact *old; /* what was known, or NULL */
	int64_t id;             /* its row */
	struct fact now;        /* seen, or merged; where there is something
				   to write */
	enum fact_fate fate;
};

struct field_change {
	const char *field;     /* "tcp/21 ftp.greeting" */
	const char *was, *now; /* "" where there was nothing */
};

struct balance {
	struct balance_fact *facts;
	size_t facts_len;
	struct field_change *changes;
	size_t changes_len;
};

/*
 * Balances what was known of an asset (any order; ids beside) with what a run
 * has seen of it.  is_met: it answered, so that what comes and goes with a
 * meeting has its end.  Strings of the result lie in the pool or are those
 * given.  Returns false when memory is out; free with balance_clear().
 */
bool balance_make(const struct fact *const *old, const int64_t *ids,
    size_t old_len, const struct fact *const *seen, size_t seen_len,
    bool is_met, struct pool *pool, struct balance *out);

void balance_clear(struct balance *);

/*
 * What is different between two sets of alerts, one line each with newlines
 * between: told(arg) of each, raised or cleared.
 */
void changes_of_alerts(const char *was, const char *now,
    void (*told)(void *arg, enum change_kind kind, const char *alert),
    void *arg);

/*
 * Many events into what they come to: of one asset and field the first "was"
 * and the last "now", and nothing where these are the same; a device that came
 * and went is neither new nor gone.
 */
struct net_change {
	int64_t asset;
	enum change_kind kind;
	const char *field, *was, *now; /* of the events given */
	size_t event;                  /* the latest of them */
};

struct told_change { /* one event, in order */
	int64_t asset;
	enum change_kind kind;
	const char *field, *was, *now;
};

/* Writes at most n of them into out, by asset and first appearance; returns
 * how many. */
size_t changes_net(
    const struct told_change *events, size_t n, struct net_change *out);

/* Returns the kind called s, CHANGE_KINDS for anything else. */
enum change_kind change_find(const char *s);

#endif
