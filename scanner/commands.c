/* SPDX-License-Identifier: ISC */
/* commands - what gantry can be told to do; help and man page read it. */
#include <string.h>

#include "scanner/audit.h"
#include "scanner/commands.h"
#include "scanner/config_command.h"
#include "scanner/inventory/asking.h"
#include "scanner/listen.h"
#include "scanner/notify/notify_command.h"
#include "scanner/options.h"
#include "scanner/replay.h"
#include "scanner/schedule/sweep_command.h"
#include "scanner/verify/verify.h"

const struct command commands[] = {
	{
	    .name = "audit",
	    .as = FOR_AUDIT,
	    .arguments = "TARGET...",
	    .summary = "find what is there, name it, and show why",
	    .text =
		"Look at every TARGET (an address, CIDR, A-B range or @FILE), "
		"listen to what is broadcast meanwhile, and report what each "
		"host is, with the evidence.\v"
		"gantry audit 10.1.2.0/24 -o audit-1\n"
		"gantry audit 10.1.2.0/24 --listen 130   hear every beacon\n"
		"gantry audit @ward.txt --dry-run        only say what\n"
		"gantry audit --resume audit-1           go on after Ctrl-C\n\n"
		"Exit: 0 done, 2 wrong usage or environment, 4 interrupted or "
		"halted.",
	    .run = audit_run,
	},
	{
	    .name = "listen",
	    .as = FOR_LISTEN,
	    .arguments = "",
	    .summary = "only listen: not one packet is sent",
	    .text =
		"Listen on every interface that is up, or on those named by "
		"-i, and report who is there, and who fills the segment with "
		"broadcasts. Nothing is sent. What --exclude names is not "
		"spoken of.\v"
		"gantry listen --listen 600 -o heard      ten minutes\n"
		"gantry listen -i eth1                    until Ctrl-C\n\n"
		"Exit: 0 the time is up, 2 wrong usage or environment, 4 "
		"interrupted.",
	    .run = listen_run,
	},
	{
	    .name = "verify",
	    .as = FOR_VERIFY,
	    .arguments = "HOST --expect ID | --inventory FILE [TARGET...]",
	    .summary = "is it what the record says?",
	    .text =
		"Look at one host and say whether it is what is expected, or "
		"at every line of a record (a CMDB's or NetBox's export as "
		"CSV), in one run and with the same care as an audit. What "
		"else lives at the TARGETs is named too.\v"
		"gantry verify 10.1.2.4 --expect ge-genesis-console\n"
		"gantry verify --inventory cmdb.csv 10.1.2.0/24 -o check\n"
		"gantry verify --inventory liste.csv --columns "
		"address=IP-Adresse\n\n"
		"Exit: 0 match, 1 mismatch, 2 wrong usage or environment, 3 "
		"cannot say, 4 interrupted.",
	    .run = verify_run,
	},
	{
	    .name = "replay",
	    .as = FOR_REPLAY,
	    .arguments = "FILE...",
	    .summary = "the same from capture files, without a network",
	    .text = "Read pcap or pcapng files (- is standard input) as if "
		    "they were being captured now.\v"
		    "gantry replay capture.pcap -o what-it-was\n\n"
		    "Exit: 0 done, 2 wrong usage, or a file that is not whole.",
	    .run = replay_run,
	},
	{
	    .name = "sweep",
	    .as = FOR_SWEEP,
	    .arguments = "[SEGMENT...]",
	    .summary = "the configured segments: scan, keep, compare, tell",
	    .text = "Look at every segment of /etc/gantry/gantry.yaml, or at "
		    "those named, each within its window; keep what was found "
		    "in the inventory, hold it against the expected record, "
		    "and tell whoever is to be told what changed. A window "
		    "that closes ends the sweep politely, and the next one "
		    "goes on from there.\v"
		    "gantry sweep\n"
		    "gantry sweep mr-ward --wait\n\n"
		    "Exit: 0 done, or outside the window, 2 wrong usage or "
		    "environment, 4 interrupted or halted.",
	    .run = sweep_run,
	},
	{
	    .name = "notify",
	    .as = FOR_NOTIFY,
	    .arguments = "",
	    .summary = "deliver what is still to be told",
	    .text = "Tell the webhooks, mail addresses and logs of "
		    "/etc/gantry/gantry.yaml what the inventory holds for "
		    "them, in order, and write the metrics. A sweep does it at "
		    "its end; a timer does it in between.\v"
		    "gantry notify\n"
		    "gantry notify --now   do not wait for the next try\n\n"
		    "Exit: 0 nothing is left, 1 something could not be "
		    "delivered and is kept, 2 wrong usage or environment.",
	    .run = notify_run,
	},
	{
	    .name = "assets",
	    .as = FOR_ASSETS,
	    .arguments = "[list | show ID | merge ID ID | split ID]",
	    .summary = "what the inventory knows, and since when",
	    .text =
		"List the inventory's devices, show one with its history, or "
		"say that two are one (and take that back).\v"
		"gantry assets --site north\n"
		"gantry assets show 17\n"
		"gantry assets merge 17 203     203 is the same as 17\n\n"
		"Exit: 0 done, 2 wrong usage or environment.",
	    .run = assets_run,
	},
	{
	    .name = "diff",
	    .as = FOR_DIFF,
	    .arguments = "[RUN RUN]",
	    .summary = "what has changed",
	    .text =
		"Tell what the last run changed, what is different between "
		"two runs (by id or number, or last), or since a date. "
		"Changes that took themselves back are not told.\v"
		"gantry diff\n"
		"gantry diff 12 last\n"
		"gantry diff --since 7d --json -\n\n"
		"Exit: 0 the same, 1 different, 2 wrong usage or environment.",
	    .run = diff_run,
	},
	{
	    .name = "report",
	    .as = FOR_REPORT,
	    .arguments = "",
	    .summary = "what is known now, in any format",
	    .text = "Weigh the fingerprints over all that holds and report it, "
		    "as an audit of everything would.\v"
		    "gantry report -o today\n"
		    "gantry report --format html --json report.html\n\n"
		    "Exit: 0 done, 2 wrong usage or environment.",
	    .run = report_run,
	},
	{
	    .name = "prune",
	    .as = FOR_PRUNE,
	    .arguments = "",
	    .summary = "forget what is long over",
	    .text =
		"Forget facts that ended, events and runs of before a date "
		"(two years ago if --since is not given). What holds stays, "
		"however old, and so does what is still to be told.\v"
		"gantry prune --since 365d --dry-run\n\n"
		"Exit: 0 done, 2 wrong usage or environment.",
	    .run = prune_run,
	},
	{
	    .name = "import",
	    .as = FOR_IMPORT,
	    .arguments = "FILE...",
	    .summary = "take in what another gantry saw",
	    .text = "Take the facts of facts.ndjson files, or of directories "
		    "an audit left, into the inventory, each as one run. With "
		    "--trust a file whose signature does not hold is refused "
		    "before it is read.\v"
		    "gantry import audit-1 --site north\n"
		    "gantry import --trust laptops.pem ward.ndjson\n\n"
		    "Exit: 0 done, 2 wrong usage or environment.",
	    .run = import_run,
	},
	{
	    .name = "export",
	    .as = FOR_EXPORT,
	    .arguments = "",
	    .summary = "the inventory for other programs",
	    .text = "Write all facts that hold (--format facts), the devices "
		    "for a CMDB (csv) or with NetBox's own field names "
		    "(netbox), to standard output or the file -o names, "
		    "which --sign signs.\v"
		    "gantry export --format csv -o devices.csv\n"
		    "gantry export --sign laptop.key -o ward.ndjson\n\n"
		    "Exit: 0 done, 2 wrong usage or environment.",
	    .run = export_run,
	},
	{
	    .name = "config",
	    .as = FOR_CONFIG,
	    .arguments = "check [FILE]",
	    .summary = "what the configuration means, in words",
	    .text = "Read /etc/gantry/gantry.yaml (or FILE) and say what it "
		    "means: every network with its addresses, when and how "
		    "gently it is looked at, and who is told.\v"
		    "gantry config check ./gantry.yaml\n\n"
		    "Exit: 0 fine, 2 an error, in one line with file and "
		    "line.",
	    .run = config_run,
	},
	{
	    .name = "fingerprints",
	    .as = FOR_FINGERPRINTS,
	    .arguments =
		"list | show ID | explain FILE [HOST] ID | lint | test",
	    .summary = "what gantry knows devices by",
	    .text = "List the fingerprints, show one with every clue, explain "
		    "how a host of a report.json or facts.ndjson adds up "
		    "against one, check the files, or run their examples.\v"
		    "gantry fingerprints show ge-genesis-console\n"
		    "gantry fingerprints explain audit-1/report.json 10.1.2.4 "
		    "ge-genesis-console\n\n"
		    "Exit: 0 fine, 1 complaints or failed examples, 2 wrong "
		    "usage.",
	    .run = fingerprints_run,
	},
	{ .name = NULL },
};

const struct command *
command_find(const char *name)
{
	for (const struct command *c = commands; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}
