/* SPDX-License-Identifier: ISC */
/*
 * cli_table - every option once, and which commands it is for: --help, the man
 * page, completion and the parser share it.
 */
#include <stddef.h>

#include "scanner/cli_parts.h"
#include "scanner/options.h"

enum {
	/* what looks at hosts by itself */
	FOR_RUNS = FOR_AUDIT | FOR_VERIFY,
	/* what asks the inventory */
	FOR_INVENTORY = FOR_ASSETS | FOR_DIFF | FOR_REPORT | FOR_PRUNE |
	    FOR_IMPORT | FOR_EXPORT
};

/* Groups order the help: 1 what to look at, 2 how, 3 results. */
static const struct cli_option table[] = {
	{ FOR_RUNS,
	    { "ports", OPT_PORTS, "LIST", 0,
		"TCP and UDP ports: default, numbers, ranges, T: and U: "
		"prefixes; for example default,T:600-760",
		1 } },
	{ FOR_RUNS | FOR_LISTEN,
	    { "exclude", OPT_EXCLUDE, "TARGET", 0,
		"leave out an address, CIDR or range; may be repeated", 1 } },
	{ FOR_RUNS | FOR_LISTEN,
	    { "exclude-file", OPT_EXCLUDE_FILE, "FILE", 0,
		"leave out every line of a file", 1 } },
	{ FOR_RUNS | FOR_LISTEN,
	    { "scope", OPT_SCOPE, "FILE", 0,
		"the authorised networks, their owner and expiry (YAML); "
		"needed for addresses that are not private",
		1 } },
	{ FOR_RUNS | FOR_LISTEN | FOR_REPLAY | FOR_ASSETS | FOR_DIFF |
		FOR_REPORT | FOR_IMPORT | FOR_EXPORT,
	    { "site", OPT_SITE, "NAME", 0, "the site the networks belong to",
		1 } },
	{ FOR_VERIFY,
	    { "expect", OPT_EXPECT, "ID", 0,
		"the fingerprint the host should have", 1 } },
	{ FOR_VERIFY,
	    { "inventory", OPT_INVENTORY, "FILE", 0,
		"a record to be held against the network, as CSV", 1 } },
	{ FOR_VERIFY,
	    { "columns", OPT_COLUMNS, "MAP", 0,
		"which column of the record is what, where its headers do "
		"not tell: address=IP-Adresse,site=Haus; fields are site, "
		"address, mac, name, hostname, manufacturer, model, kind, "
		"expected, serial, ae_title, port",
		1 } },
	{ FOR_RUNS,
	    { "assume-up", OPT_ASSUME_UP, NULL, 0,
		"take hosts behind a router to be there without asking", 1 } },
	{ FOR_RUNS,
	    { "bedside", OPT_BEDSIDE, NULL, 0,
		"do not leave bedside devices (by their MAC) alone", 1 } },
	{ FOR_RUNS,
	    { "care", OPT_CARE, "LEVEL", 0, "gentle (default), standard or lab",
		2 } },
	{ FOR_RUNS,
	    { "rate", OPT_RATE, "N", 0,
		"packets per second in all; 0 is no limit", 2 } },
	{ FOR_RUNS,
	    { "host-rate", OPT_HOST_RATE, "N", 0,
		"initiations per second and host", 2 } },
	{ FOR_RUNS,
	    { "segment-rate", OPT_SEGMENT_RATE, "N", 0,
		"packets per second into each segment: on the link of one "
		"interface, or behind one router; 0 (default) is no limit but "
		"--rate",
		2 } },
	{ FOR_RUNS | FOR_LISTEN,
	    { "listen", OPT_LISTEN, "SECONDS", 0,
		"go on listening for broadcasts at least so long; "
		"AdvantageNet beacons come every 120 s (gantry listen: so "
		"long, else until Ctrl-C)",
		2 } },
	{ FOR_RUNS,
	    { "no-reserved", OPT_NO_RESERVED, NULL, 0,
		"do not look at the reserved ports beside those a "
		"portmapper names",
		2 } },
	{ FOR_AUDIT,
	    { "states-only", OPT_STATES_ONLY, NULL, 0,
		"port states are enough: no conversations at standard and "
		"lab, short ones at gentle",
		2 } },
	{ FOR_RUNS,
	    { "called-ae", OPT_CALLED_AE, "TITLE", 0,
		"DICOM AE title to call; by default one no device has", 2 } },
	{ FOR_RUNS,
	    { "calling-ae", OPT_CALLING_AE, "TITLE", 0,
		"DICOM AE title to give as ours (default GANTRY)", 2 } },
	{ FOR_RUNS,
	    { "nis-domain", OPT_NIS_DOMAIN, "NAME", 0,
		"ask NIS servers whether they serve this domain; no other "
		"is ever named, and no map is read",
		2 } },
	{ FOR_RUNS,
	    { "snmp", OPT_SNMP, "COMMUNITY", 0,
		"ask SNMP agents (UDP 161) what they are, with this "
		"community; without it SNMP is not spoken",
		2 } },
	{ FOR_RUNS,
	    { "broadcast", OPT_BROADCAST, NULL, 0,
		"ask the segments of this link as a whole, by broadcast, "
		"for portmappers and NetBIOS nodes; only segments that are "
		"in the scope to the last address",
		2 } },
	{ FOR_RUNS | FOR_LISTEN,
	    { "interface", 'i', "NAME", 0,
		"use this interface; with listen it may be repeated", 2 } },
	{ FOR_RUNS,
	    { "source", 'S', "ADDRESS", 0, "use this source address", 2 } },
	{ FOR_RUNS | FOR_LISTEN | FOR_SWEEP | FOR_PRUNE,
	    { "dry-run", OPT_DRY_RUN, NULL, 0,
		"print every packet that would be sent, and how many; send "
		"none",
		2 } },
	{ FOR_RUNS | FOR_LISTEN | FOR_REPLAY | FOR_REPORT | FOR_EXPORT,
	    { "output", 'o', "DIR", 0,
		"write every report into DIR, and with them facts.ndjson "
		"and evidence.pcapng",
		3 } },
	{ FOR_AUDIT,
	    { "resume", OPT_RESUME, "DIR", 0,
		"go on with the audit that was interrupted or halted and "
		"left its results in DIR; what was asked is noted there",
		3 } },
	{ FOR_RUNS | FOR_SWEEP | FOR_NOTIFY | FOR_INVENTORY,
	    { "db", OPT_DB, "FILE", 0,
		"the inventory; audit keeps its run there, and nowhere "
		"without it; diff, assets, report, prune, import and export "
		"ask /var/lib/gantry/inventory.db otherwise",
		3 } },
	{ FOR_RUNS | FOR_SWEEP | FOR_IMPORT,
	    { "gone-after", OPT_GONE_AFTER, "N", 0,
		"runs in a row a device must have kept silent in to be told "
		"gone (default 3)",
		3 } },
	{ FOR_DIFF | FOR_PRUNE,
	    { "since", OPT_SINCE, "DATE", 0,
		"diff: what changed since then; prune: forget what ended "
		"before; 2026-11-01, with a time 2026-11-01T22:00:00Z, or "
		"30d",
		3 } },
	{ FOR_REPORT | FOR_EXPORT,
	    { "format", OPT_FORMAT, "NAME", 0,
		"report: one of gantry --list-reports; export: facts, csv "
		"or netbox",
		3 } },
	{ FOR_ASSETS | FOR_REPORT | FOR_EXPORT,
	    { "all", OPT_ALL, NULL, 0, "also what is gone", 3 } },
	{ FOR_RUNS | FOR_LISTEN | FOR_REPLAY | FOR_ASSETS | FOR_DIFF |
		FOR_REPORT,
	    { "json", OPT_JSON, "FILE", 0,
		"write report.json to FILE; - is standard output", 3 } },
	{ FOR_EXPORT,
	    { "sign", OPT_SIGN, "KEY", 0,
		"sign the file with this Ed25519 private key (PEM, of its "
		"owner's alone); the signature goes to FILE.sig",
		3 } },
	{ FOR_IMPORT,
	    { "trust", OPT_TRUST, "KEYS", 0,
		"take in only what one of these Ed25519 public keys (PEM) "
		"has signed, in FILE.sig",
		1 } },
	{ FOR_SWEEP | FOR_NOTIFY | FOR_CONFIG,
	    { "config", OPT_CONFIG, "FILE", 0,
		"the configuration, if not /etc/gantry/gantry.yaml", 1 } },
	{ FOR_SWEEP,
	    { "wait", OPT_WAIT, NULL, 0, "wait for a segment's window to open",
		2 } },
	{ FOR_SWEEP,
	    { "go-on", OPT_GO_ON, NULL, 0,
		"the hosts that halted the last run have been looked at; go "
		"on with it",
		2 } },
	{ FOR_NOTIFY,
	    { "now", OPT_NOW, NULL, 0,
		"try at once what could not be delivered before", 2 } },
	{ FOR_SWEEP,
	    { "in-turn", OPT_IN_TURN, NULL, OPTION_HIDDEN,
		"one segment in this process, and nobody is told", 2 } },
	{ FOR_RUNS | FOR_LISTEN | FOR_REPLAY,
	    { "csv", OPT_CSV, "FILE", 0,
		"write one line per asset to FILE, for spreadsheets; with "
		"verify --inventory the record with what was found behind "
		"each line; - is standard output",
		3 } },
	{ FOR_AUDIT | FOR_LISTEN | FOR_REPLAY,
	    { "nmap-xml", OPT_NMAP_XML, "FILE", 0,
		"write the assets as nmap's XML to FILE, for tools that "
		"import nmap; -oX FILE is the same; - is standard output",
		3 } },
	{ FOR_AUDIT | FOR_LISTEN | FOR_REPLAY,
	    { "prometheus", OPT_PROMETHEUS, "FILE", 0,
		"write the run's numbers for Prometheus to FILE; - is "
		"standard output",
		3 } },
	{ FOR_RUNS | FOR_LISTEN | FOR_REPLAY | FOR_SWEEP | FOR_REPORT |
		FOR_IMPORT | FOR_FINGERPRINTS,
	    { "fingerprints", OPT_FINGERPRINTS, "DIR", 0,
		"use the fingerprints of this directory", 3 } },
	{ CLI_EVERY,
	    { "verbose", 'v', NULL, 0, "say more on standard error", 3 } },
	{ CLI_EVERY, { "quiet", 'q', NULL, 0, "say nothing but errors", 3 } },
	{ 0, { 0 } },
};

const struct cli_option *
cli_options(void)
{
	return table;
}
