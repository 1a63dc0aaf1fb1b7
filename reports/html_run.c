/* SPDX-License-Identifier: ISC */
/* html_run - what a run did and lost, and how its report is to be read. */
#include <inttypes.h>

#include "reports/html_parts.h"
#include "reports/view.h"
#include "scanner/text.h"

static const char *const legend[] = {
	"Each clue has a weight in decibans: +10 means that what was seen is "
	"ten times likelier on such a device than elsewhere, and a negative "
	"weight speaks against it. Clues that share a cause stand in one "
	"group, and only the best of a group counts. Prior and weights add up "
	"to a probability.",
	"Confirmed: at least 99 % with two groups or more in favour. Probable: "
	"at least 90 %. Possible: at least 50 %. What was not looked at weighs "
	"nothing; what was looked for and is not there may weigh against. A "
	"host that never answered is silent, which is no verdict.",
	"Frame numbers are those of evidence.pcapng, or of the capture that "
	"was replayed. Bytes count from 0, in the frame or in what the peer "
	"said in a conversation. Times are UTC.",
};

static void
put_pair(struct markup *h, const char *what, const char *value)
{
	markup_leaf(h, "dt", NULL, "%s", what);
	markup_leaf(h, "dd", NULL, "%s", value);
}

static void
put_count(struct markup *h, const char *what, uint64_t n)
{
	markup_leaf(h, "dt", NULL, "%s", what);
	markup_leaf(h, "dd", NULL, "%" PRIu64, n);
}

static void
put_list(struct markup *h, const char *what, const char *const *items, size_t n)
{
	char safe[VIEW_SAFE];

	markup_leaf(h, "dt", NULL, "%s", what);
	for (size_t i = 0; i < n; i++)
		markup_leaf(h, "dd", NULL, "%s", view_safe(items[i], safe));
	if (n == 0)
		markup_leaf(h, "dd", NULL, "none");
}

void
html_run(struct markup *h, const struct report *report)
{
	const struct run *run = report->run;
	char text[TEXT_TIME], length[VIEW_NUMBER];

	html_section(h, "run", NULL, "The run");
	markup_open(h, "dl", "run");
	put_pair(h, "Run", run->id);
	put_pair(h, "Outcome", run_outcome_text(run->outcome));
	put_pair(h, "Started", text_time(run->started_ns, text));
	put_pair(h, "Finished", text_time(run->finished_ns, text));
	put_pair(h, "Made by gantry", run->version);
	if (run->care != NULL)
		put_pair(h, "Care", run->care);
	put_list(h, "Looked at", run->scope, run->scope_len);
	put_list(h, "Excluded", run->excluded, run->excluded_len);
	put_count(h, "Packets sent", run->packets_sent);
	put_count(h, "Hosts sent to", run->hosts_probed);
	put_count(h, "Conversations", run->talks);
	put_count(h, "Frames read", run->frames_read);
	put_count(h, "Frames lost", run->frames_dropped);
	put_count(h, "Frames that contradict themselves", run->frames_broken);
	put_pair(h, "Listened for broadcasts",
	    view_duration(run->listened_s, length));
	put_count(h, "Facts", ledger_count(report->ledger));
	put_count(h, "Facts lost to a ceiling", run->facts_dropped);
	put_count(h, "Fingerprints weighed", run->fingerprints);
	markup_close(h);
	markup_close(h);
	markup_raw(h, "\n");
}

/* The keys of facts that occur, each with its meaning. */
static void
put_keys(struct markup *h, const struct ledger *ledger)
{
	bool used[FACT_KEYS] = { false };

	for (size_t i = 0; i < ledger_count(ledger); i++)
		used[ledger_at(ledger, i)->key] = true;
	markup_open(h, "details", NULL);
	markup_leaf(h, "summary", NULL, "What the keys of facts mean");
	markup_open(h, "dl", "keys");
	for (unsigned key = 0; key < FACT_KEYS; key++) {
		if (!used[key])
			continue;
		markup_open(h, "dt", NULL);
		markup_leaf(h, "code", NULL, "%s", fact_key_text(key));
		markup_close(h);
		markup_leaf(h, "dd", NULL, "%s", fact_key_meaning(key));
		markup_raw(h, "\n");
	}
	markup_close(h);
	markup_close(h);
}

void
html_legend(struct markup *h, const struct report *report)
{
	html_section(h, "legend", "legend", "How to read it");
	for (size_t i = 0; i < sizeof(legend) / sizeof(legend[0]); i++)
		markup_leaf(h, "p", NULL, "%s", legend[i]);
	put_keys(h, report->ledger);
	markup_close(h);
	markup_raw(h, "\n");
}
