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
	char *like; /* "ID/CLUE": what is not given here is as there */
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
	char *lines; /* the same, "about key=value" on each line */
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

/* A parsed file on its way to a fingerprint. */
struct raw_file {
	char *id;
	char *path;
	struct raw_fingerprint *raw; /* NULL: it could not be read */
};

/*
 * Gives every clue of files[i] that is like another what it left out, as
 * copies that libcyaml frees with the rest.  Returns false, complained of,
 * where there is no such other, or memory is out.
 */
bool raw_borrow(
    const struct raw_file *files, size_t n, size_t i, struct complaints *);

/*
 * Takes the next line of an example's lines apart, in place: *text moves on.
 * Returns false at the end; a line that is none leaves out->key NULL and
 * itself in out->value.
 */
bool raw_line_next(char **text, struct raw_fact *out);

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
