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
put_pair(struct html *h, const char *what, const char *value)
{
	html_leaf(h, "dt", NULL, "%s", what);
	html_leaf(h, "dd", NULL, "%s", value);
}

static void
put_count(struct html *h, const char *what, uint64_t n)
{
	html_leaf(h, "dt", NULL, "%s", what);
	html_leaf(h, "dd", NULL, "%" PRIu64, n);
}

static void
put_list(struct html *h, const char *what, const char *const *items, size_t n)
{
	char safe[VIEW_SAFE];

	html_leaf(h, "dt", NULL, "%s", what);
	for (size_t i = 0; i < n; i++)
		html_leaf(h, "dd", NULL, "%s", view_safe(items[i], safe));
	if (n == 0)
		html_leaf(h, "dd", NULL, "none");
}

void
html_run(struct html *h, const struct report *report)
{
	const struct run *run = report->run;
	char text[TEXT_TIME], length[VIEW_NUMBER];

	html_open(h, "section", NULL);
	html_attr(h, "aria-labelledby", "run");
	html_open(h, "h2", NULL);
	html_attr(h, "id", "run");
	html_text(h, "The run");
	html_close(h);
	html_open(h, "dl", "run");
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
	html_close(h);
	html_close(h);
	html_raw(h, "\n");
}

void
html_legend(struct html *h)
{
	html_open(h, "section", "legend");
	html_attr(h, "aria-labelledby", "legend");
	html_open(h, "h2", NULL);
	html_attr(h, "id", "legend");
	html_text(h, "How to read it");
	html_close(h);
	for (size_t i = 0; i < sizeof(legend) / sizeof(legend[0]); i++)
		html_leaf(h, "p", NULL, "%s", legend[i]);
	html_close(h);
	html_raw(h, "\n");
}
