/* SPDX-License-Identifier: ISC */
/* fingerprints_command - gantry fingerprints list|show|explain|lint|test. */
#include <stdio.h>
#include <string.h>

#include "fingerprints/fingerprint.h"
#include "scanner/commands.h"
#include "scanner/explain.h"
#include "scanner/log.h"
#include "scanner/options.h"
#include "scanner/output.h"

static const char usage[] =
    "say list, show ID, explain FILE [HOST] ID, lint or test";

static void
complain(void *arg, const char *file, const char *what)
{
	(void)arg;
	printf("%s: %s\n", file, what);
}

static int
list(const struct fingerprints *all)
{
	for (size_t i = 0; i < all->len; i++)
		printf("%-28s %-14s %s\n", all->items[i].id, all->items[i].kind,
		    all->items[i].name);
	return EXIT_DONE;
}

static void
show_clue(const struct clue *c)
{
	printf("\n  %+4d dB  %s (group %s)\n", c->weight, c->name, c->group);
	if (c->absent != 0)
		printf("  %+4d dB  where it was looked for and is not there\n",
		    c->absent);
	printf("           %s\n           source: %s\n", c->reason, c->source);
}

static int
show(const struct fingerprints *all, const char *id)
{
	const struct fingerprint *f = fingerprints_find(all, id);

	if (f == NULL) {
		log_error("fingerprints",
		    "no '%s'; `gantry fingerprints list` names them", id);
		return EXIT_USAGE;
	}
	printf("%s: %s\nkind %s", f->id, f->name, f->kind);
	if (f->maker != NULL)
		printf(", made by %s", f->maker);
	printf("\n\n%s\n\nprior %+d dB\n", f->text, f->prior);
	for (size_t i = 0; i < f->clues_len; i++)
		show_clue(&f->clues[i]);
	for (size_t i = 0; i < f->implies_len; i++)
		printf("%s%s", i ? ", " : "\nimplies ", f->implies[i]);
	printf("%s\nsources:\n", f->implies_len ? "\n" : "");
	for (size_t i = 0; i < f->sources_len; i++)
		printf("  %s\n", f->sources[i]);
	return EXIT_DONE;
}

static int
test(const struct fingerprints *all)
{
	size_t failed = 0;
	size_t ran = fingerprints_test(all, complain, NULL, &failed);

	printf("%zu fingerprints, %zu examples, %zu failed\n", all->len, ran,
	    failed);
	return failed == 0 && ran > 0 ? EXIT_DONE : EXIT_DIFFERS;
}

static int
lint(const struct fingerprints *all)
{
	size_t n = fingerprints_lint(all, complain, NULL);

	printf("%zu fingerprints, %zu complaints\n", all->len, n);
	return n == 0 ? EXIT_DONE : EXIT_DIFFERS;
}

static int
dispatch(const struct options *o, const struct fingerprints *all)
{
	const char *verb = o->words[0];

	if (strcmp(verb, "list") == 0 && o->words_len == 1)
		return list(all);
	if (strcmp(verb, "show") == 0 && o->words_len == 2)
		return show(all, o->words[1]);
	if (strcmp(verb, "explain") == 0 && o->words_len == 3)
		return explain_run(all, o->words[1], NULL, o->words[2]);
	if (strcmp(verb, "explain") == 0 && o->words_len == 4)
		return explain_run(all, o->words[1], o->words[2], o->words[3]);
	if (strcmp(verb, "lint") == 0 && o->words_len == 1)
		return lint(all);
	if (strcmp(verb, "test") == 0 && o->words_len == 1)
		return test(all);
	log_error("fingerprints", "%s", usage);
	return EXIT_USAGE;
}

int
fingerprints_run(const struct options *o)
{
	struct fingerprints *all;
	bool whole;
	int code;

	if (o->words_len == 0) {
		log_error("fingerprints", "%s", usage);
		return EXIT_USAGE;
	}
	all = output_fingerprints(o, &whole);
	if (all == NULL)
		return EXIT_USAGE;
	code = dispatch(o, all);
	fingerprints_free(all);
	/* A file that would not load is a failure of lint and test alike. */
	return code == EXIT_DONE && !whole ? EXIT_USAGE : code;
}
