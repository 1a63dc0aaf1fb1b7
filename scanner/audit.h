/* SPDX-License-Identifier: ISC */
/*
 * audit - the whole way: scope, who is there, a visit to each, facts, match,
 * report; for `gantry audit`, and for every command that needs a run.
 */
#ifndef AUDIT_H
#define AUDIT_H

#include <stdbool.h>
#include <stdint.h>

struct fingerprints;
struct ledger;
struct options;
struct report;
struct run;

/*
 * What a command wants of a run beside its options.  Any function may be NULL;
 * each is called with arg, from the run's one thread, and borrows what it is
 * given for the call.
 */
struct audit_use {
	const char *command; /* literal, as the run is to be called */
	void *arg;
	bool keeps_place; /* broken off, run.json tells how to go on */

	/* Before the first packet; false (after one line) ends it there. */
	bool (*begun)(void *arg, const struct run *run, struct ledger *ledger);

	/* Asked about once a second, with the time people read; false stops
	 * the run politely: interrupted, to be gone on with. */
	bool (*may_go_on)(void *arg, int64_t wall_ns);

	/* Asked about once a second when only listening is left: is what has
	 * been heard enough to end? */
	bool (*is_enough)(void *arg, const struct ledger *ledger,
	    const struct fingerprints *fingerprints);

	/* Returns the AE title to call at this host, or NULL for --called-ae
	 * or none in particular; lives as long as the run. */
	const char *(*called_ae)(void *arg, uint32_t address);

	/* Returns what the records expect at an address, printable, or "";
	 * for the report, and for as long as the run. */
	const char *(*expected)(const void *arg, uint32_t address);

	/* At the end, in place of the summary on the terminal and of --json;
	 * false (after one line) is an error. */
	bool (*finished)(void *arg, const struct report *report);
};

/* Returns an exit code. */
int audit_for(const struct options *options, const struct audit_use *use);

/* `gantry audit`.  Returns an exit code. */
int audit_run(const struct options *options);

#endif
