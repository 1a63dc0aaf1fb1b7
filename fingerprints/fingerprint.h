/* SPDX-License-Identifier: ISC */
/*
 * fingerprint - one data file that says how a kind of device shows itself.
 *
 * The id is the file's name without ".yaml".  Loaded by libcyaml (the one
 * door: fingerprints/load.c), expressions compiled by pcre2 with match limits
 * (fingerprints/expression.c).  Pure data after loading.
 */
#ifndef FINGERPRINT_H
#define FINGERPRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/fact.h"

struct expression; /* a compiled regular expression */

enum grade { GRADE_NONE = 0, GRADE_POSSIBLE, GRADE_PROBABLE, GRADE_CONFIRMED };

/*
 * What a clue looks for: facts under one key that pass every test set.  With
 * no test set any fact under the key will do.
 */
struct condition {
	enum fact_key key;
	bool has_about;                 /* else about anything */
	enum about_kind about;          /* transport, or ABOUT_HOST */
	uint16_t port_first, port_last; /* 0-65535: any port */
	const char *equals;             /* NULL: no such test */
	const char *matches; /* the expression's text, or NULL; found anywhere
				in the value unless it is anchored */
	struct expression *expression;
	bool has_min, has_max; /* value read as a number */
	double min, max;
	uint16_t holds_port; /* value is a list such as "1-3,7" with this
				port in it; 0: no such test */
	unsigned count_min;  /* at least so many distinct abouts; 1 */
};

struct clue {
	const char *name;  /* unique within the fingerprint */
	const char *group; /* clues that share a cause; only the best counts */
	size_t group_mark; /* 1 + index of the group's first clue; 0: unset */
	/*
	 * The clue holds when `when` and every one of `also` is met.  So traits
	 * of one cause (the shape of one TCP/IP stack) are weighed together,
	 * once, instead of as if they were independent.
	 */
	struct condition when;
	struct condition *also;
	size_t also_len;
	int weight; /* decibans when it holds; not 0 */
	/*
	 * Weight (below 0) when it was looked for and is not there: it does
	 * not hold, and one of `looked` is met.  Where no `looked` is given:
	 * there is a fact, whatever its value, under the key and about what
	 * each of `when` and `also` names.
	 */
	int absent; /* 0: absence says nothing */
	struct condition *looked;
	size_t looked_len;
	const char *reason; /* why this weighs what it weighs */
	const char *source; /* where that is known from; ends in its mark:
			       [V] read there, [V-weak] read in an anecdotal
			       place, [I] inferred */
};

/* Fills group_mark of all n clues of one fingerprint: matching is the quicker
 * for it, and the same. */
void clues_settle(struct clue *clues, size_t n);

/* Returns the index of the first clue of clue i's group. */
size_t clue_group_first(const struct clue *clues, size_t i);

/* A set of facts with what must come of it. */
struct example {
	const char *name;
	struct fact *facts; /* about, key, value only */
	size_t facts_len;
	const char *expect; /* a grade, or "at least" or "at most" one */
	enum grade lowest, highest; /* the same, read */
	bool is_counter;            /* highest is possible or none */
};

/* A set of fact keys. */
enum { KEY_SET_WORDS = (FACT_KEYS + 63) / 64 };
struct key_set {
	uint64_t words[KEY_SET_WORDS];
};

struct fingerprint {
	const char *id;    /* file name */
	const char *name;  /* "GE Genesis master console" */
	const char *kind;  /* console, workstation, server, pacs, host,
				printer, toolkit, trap, service,
				infrastructure,				bedside */
	const char *maker; /* of the device; NULL where it tells none */
	const char *text;  /* a paragraph for the reader */
	int prior;         /* decibans before any fact, below 0 */
	const char *const *sources;
	size_t sources_len;
	/* ids this one is a special case of: they agree with it, and are no
	 * rivals to it */
	const char *const *implies;
	size_t implies_len;
	struct clue *clues;
	size_t clues_len;
	struct example *examples;
	size_t examples_len; /* counter-examples behind the examples */
	void *yaml;          /* load.c's own: the file the strings lie in */
	/* match_prepare()'s: without a fact under one of these keys it comes at
	 * best to this sum, of its prior and of what is absent. */
	bool is_prepared;
	int best_without;
	struct key_set hopes;
};

/* A loaded set; owns everything reached from it. */
struct fingerprints {
	struct fingerprint *items; /* sorted by id */
	size_t len;
};

/* One problem found by loading, linting or testing; both texts are borrowed
 * for the call. */
typedef void fingerprint_complain(
    void *arg, const char *file, const char *what);

/*
 * Loads every *.yaml of a directory.  A file with an error is left out and
 * complained of (one line each, with the line number where YAML tells it).
 * Returns NULL when the directory cannot be read or nothing was loaded.
 */
struct fingerprints *fingerprints_load(
    const char *directory, fingerprint_complain *complain, void *arg);

void fingerprints_free(struct fingerprints *); /* NULL ok */

/* Returns the one called id, or NULL. */
const struct fingerprint *fingerprints_find(
    const struct fingerprints *, const char *id);

/* Returns 2 for what a device runs on (kind "host"), 1 for what it is built
 * with ("toolkit") or does for others besides ("service"), 0 for what it is. */
int fingerprint_depth(const struct fingerprint *);

/*
 * Returns whether special is a special case of the one called general, by way
 * of others too.
 */
bool fingerprints_implies(const struct fingerprints *,
    const struct fingerprint *special, const char *general);

/* Checks what loading does not: sources and reasons given, groups sane,
 * at least one example and one counter-example, reachable confirmation.
 * Returns the number of complaints. */
size_t fingerprints_lint(
    const struct fingerprints *, fingerprint_complain *complain, void *arg);

/*
 * Weighs every example by its own fingerprint, and every confirmed one by all:
 * it must not confirm a rival.  No rivals are two of which one implies the
 * other, two that some third one implies, and two of different depth
 * (fingerprint_depth()).  Returns the number of examples run;
 * *failed counts.
 */
size_t fingerprints_test(const struct fingerprints *,
    fingerprint_complain *complain, void *arg, size_t *failed);

#endif
