/* SPDX-License-Identifier: ISC */
/*
 * raw - a fingerprint file as YAML has it, before anything is looked up.
 *
 * load.c fills it through libcyaml, resolve.c turns it into a struct
 * fingerprint that borrows its strings.  NULL or 0: key not given.
 */
#ifndef RAW_H
#define RAW_H

#include <stdbool.h>
#include <stdint.h>

#include "fingerprints/fingerprint.h"

struct raw_condition {
	char *key;
	char *about;
	char *equals;
	char *matches;
	char *min, *max; /* text: read without regard to the locale */
	uint16_t holds_port;
	uint16_t count_min;
};

struct raw_clue {
	char *name;
	char *group;
	struct raw_condition when;
	struct raw_condition *also;
	unsigned also_count;
	int weight;
	int absent;
	struct raw_condition *looked;
	unsigned looked_count;
	char *reason;
	char *source;
};

struct raw_fact {
	char *about;
	char *key;
	char *value;
};

struct raw_example {
	char *name;
	struct raw_fact *facts;
	unsigned facts_count;
	char *expect;
};

struct raw_fingerprint {
	char *name;
	char *kind;
	char *maker;
	char *text;
	int prior;
	char **sources;
	unsigned sources_count;
	char **implies;
	unsigned implies_count;
	struct raw_clue *clues;
	unsigned clues_count;
	struct raw_example *examples;
	unsigned examples_count;
	struct raw_example *counter_examples;
	unsigned counter_examples_count;
};

/* Where complaints about one file go. */
struct complaints {
	fingerprint_complain *complain;
	void *arg;
	const char *file;
	size_t count;
};

/* Adds one complaint. */
void complaints_add(struct complaints *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Looks up and checks everything raw says, and fills *out, which borrows raw's
 * strings; out->id and out->yaml are left to the caller.  Returns false, each
 * fault complained of, *out cleared.
 */
bool fingerprint_resolve(const struct raw_fingerprint *raw,
    struct fingerprint *out, struct complaints *);

/* Frees what fingerprint_resolve() made; not the strings. */
void fingerprint_clear(struct fingerprint *);

#endif
