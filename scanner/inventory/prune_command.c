/* SPDX-License-Identifier: ISC */
/* prune_command - gantry prune [--since DATE]. */
#include <inttypes.h>
#include <stdio.h>

#include "scanner/inventory/asking.h"
#include "scanner/log.h"
#include "scanner/loop.h"
#include "scanner/options.h"

static const char two_years[] = "730d";

int
prune_run(const struct options *o)
{
	const char *since = o->since != NULL ? o->since : two_years;
	struct store_pruned n;
	struct store *s;
	int64_t before;
	int code = EXIT_DONE;

	if (o->words_len > 0 || !asking_date(since, loop_wall(), &before)) {
		log_error("prune",
		    "--since takes a date, such as 2026-11-01, or 365d; "
		    "nothing else is needed");
		return EXIT_USAGE;
	}
	s = asking_open(o, "prune", o->dry_run ? STORE_READ : STORE_WRITE);
	if (s == NULL)
		return EXIT_USAGE;
	if (!store_check_whole(s) || !store_prune(s, before, o->dry_run, &n) ||
	    (!o->dry_run && !store_compact(s)))
		code = asking_trouble(s, "prune");
	else
		printf("%s %" PRIu64 " facts that no longer hold, %" PRIu64
		       " verdicts, %" PRIu64 " events, %" PRIu64
		       " delivered letters, %" PRIu64 " runs\n",
		    o->dry_run ? "would forget" : "forgot", n.facts, n.verdicts,
		    n.events, n.letters, n.runs);
	store_close(s);
	return code;
}
