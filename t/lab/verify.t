#!/bin/bash
# SPDX-License-Identifier: ISC
# verify: single hosts against what they should be, and a record of a ward of
# some dozens of devices with errors planted in it: each is found, and the ward
# suffers nothing.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=t/lab/netns.sh
. t/lab/netns.sh
# shellcheck source=t/lab/wardtap.sh
. t/lab/wardtap.sh
# shellcheck source=t/lab/judge.sh
. t/lab/judge.sh

need node timeout "$py"
[ -x "$GANTRY" ] || skip_all "gantry is not built"

lab_up verify || bail "no lab"
out=$LAB_DIR/out

# The ward, and a record of it.  Six lines are wrong, each in its own way; one
# device is not in the record.
"$py" - "$LAB_DIR" <<'PY' || bail "no record"
import sys
ward = ["network: 10.16.12.0/23", "hosts:"]
rows = ["Name;Serial number;Manufacturer;Device Type;Primary IPv4;"
        "MAC Address;Fingerprint;AE-Title;DICOM-Port"]


def host(last, personality, mac, beacon=None):
    ward.append("  - address: 10.16.12.%d\n    mac: %s\n    personality: %s"
                "\n    name: device %d" % (last, mac, personality, last))
    if beacon:
        ward.append("    first_beacon_s: %d" % beacon)


def row(last, mac, fingerprint, maker="", model="", ae="", port="",
        name=None):
    rows.append(";".join([name or "device %d" % last, "S%d" % last, maker,
                          model, "10.16.12.%d/23" % last, mac, fingerprint,
                          ae, port]))


def mac(oui, last):
    return "%s:00:10:%02x" % (oui, last)


for i in range(30):
    last = 10 + i
    kind = ("genesis-console", "solaris-workstation", "printer",
            "linux-dcmtk", "dicom-called-ae")[i % 5]
    oui = {"genesis-console": "08:00:20", "solaris-workstation": "08:00:20",
           "printer": "00:60:b0"}.get(kind, "00:14:22")
    host(last, kind, mac(oui, last),
         2 + i % 7 if kind == "genesis-console" else None)
    said = {"fingerprint": {"genesis-console": "ge-genesis-console",
                            "solaris-workstation": "solaris-host",
                            "printer": "printer",
                            "linux-dcmtk": "dicom-dcmtk-node",
                            "dicom-called-ae": "dicom-node"}[kind]}
    if kind == "genesis-console":
        said = {"fingerprint": "", "maker": "GE Healthcare",
                "model": "Signa 5.6"}
    if kind == "dicom-called-ae":
        said["ae"] = "ARCHIVE"
    if last == 11:                      # not what it is
        said["fingerprint"] = "ge-genesis-console"
    if last == 13:                      # a port that refuses
        said["port"] = "2761"
    if last == 14:                      # not its title
        said["ae"] = "NOT-ITS-NAME"
    recorded = mac("08:00:20", 99) if last == 16 else mac(oui, last)
    if last == 17:                      # nobody wrote it down
        continue
    row(last, recorded, **said)
row(60, "", "printer")                  # nobody is there
row(12, mac("00:60:b0", 12), "printer")  # twice
rows.append("=cmd|'/C calc'!A0;;;;10.16.12.300;;;;")
open(sys.argv[1] + "/ward.yaml", "w").write("\n".join(ward) + "\n")
open(sys.argv[1] + "/record.csv", "w", newline="").write(
    "\r\n".join(rows) + "\r\n")
PY
cp -r t/ward/personalities "$LAB_DIR/"
lab_ward "$LAB_DIR/ward.yaml" -d 400 || bail "no ward: $(cat "$LAB_LOG")"

verify() {
	ip netns exec "$LAB_SCAN_NS" timeout --kill-after=5 200 "$GANTRY" \
	    verify "$@" >"$LAB_DIR/stdout" 2>"$LAB_DIR/stderr" </dev/null &
	lab_track $!
	wait $!
	status=$?
	grep -v '^audit: ' "$LAB_DIR/stderr" | sed 's/^/# /'
}

### A record.
verify --inventory "$LAB_DIR/record.csv" 10.16.12.10-10.16.12.39 \
    --listen 40 -o "$out" --csv "$LAB_DIR/again.csv"
is "$status" 1 "a record with errors: exit code 1"
fails "verify.json is valid by its schema" \
    "$(node t/lab/valid.js "$out/verify.json" "$out/report.json" 2>&1)"
grep -q '<th[^>]*>.*Expected' "$out/report.html" &&
    grep -q '>GE Healthcare Signa 5.6<' "$out/report.html"
ok $? "the page has a column for what the record expects"
judge "$out/verify.json" "$LAB_DIR/again.csv" "$LAB_DIR/stdout" <<'PY'
import csv
import json
import sys
from claims import *
report = json.load(open(sys.argv[1]))
lines = {line["address"]: line for line in report["lines"]}


def differing(line):
    return sorted(f for f, r in line["fields"].items()
                  if r["state"] == "differs")


wrong = {"10.16.12.11": ["expected"], "10.16.12.13": ["port"],
         "10.16.12.14": ["ae_title"], "10.16.12.16": ["mac"]}
same("every planted difference is found, and no other",
     {a: differing(x) for a, x in lines.items() if x["state"] == "mismatch"},
     wrong)
same("absent is who is not there",
     [a for a, x in lines.items() if x["state"] == "absent"],
     ["10.16.12.60"])
same("cannot say: only the line that cannot be read",
     [(x["address"], "not readable" in x["reason"])
      for x in report["lines"] if x["state"] == "cannot say"],
     [(None, True)])
same("what the record lacks", [a["address"] for a in report["unrecorded"]],
     ["10.16.12.17"])
same("what it has twice, and one title at five devices",
     sorted((c["kind"], c["first"], c["second"])
            for c in report["conflicts"]),
     [("ae_title", 10, n) for n in (15, 20, 25, 30)] +
     [("duplicate", 4, 32)])
same("consoles are known by their model",
     {lines["10.16.12.%d" % n]["fields"]["model"]["state"]
      for n in (10, 15, 20, 25, 30, 35)}, {"same"})
same("a title that is its own agrees",
     lines["10.16.12.19"]["fields"]["ae_title"]["state"], "agrees")
rows = list(csv.reader(open(sys.argv[2], newline=""), delimiter=";"))
same("the record's own columns are kept", rows[0][:9],
     "Name;Serial number;Manufacturer;Device Type;Primary IPv4;MAC Address;"
     "Fingerprint;AE-Title;DICOM-Port".split(";"))
same("and the state stands behind", rows[2][9:12],
     ["mismatch", lines["10.16.12.11"]["reason"], "expected"])
same("no cell is a formula", [c for r in rows for c in r
                              if c[:1] in ("=", "+", "-", "@", "\t", "\r")],
     [])
said = open(sys.argv[3]).read()
claim("the terminal tells each", [
    a for a in list(wrong) + ["10.16.12.60", "10.16.12.17"]
    if a not in said])
PY

### Single hosts.
verify 10.16.12.11 --expect solaris-host --json "$LAB_DIR/one.json"
is "$status" 0 "a host that is what it should be: exit code 0"
fails "its JSON is valid too" \
    "$(node t/lab/valid.js "$LAB_DIR/one.json" 2>&1)"
verify 10.16.12.11 --expect ge-genesis-console --listen 1
is "$status" 1 "a host that is something else: exit code 1"
grep -q '^10.16.12.11: mismatch: .*Solaris host$' "$LAB_DIR/stdout"
ok $? "and what it is instead"
verify 10.16.12.61 --expect printer
is "$status" 3 "nobody there: exit code 3"
grep -q '^10.16.12.61: absent: ' "$LAB_DIR/stdout"
ok $? "and it says so"

lab_ward_stop
judge "$LAB_HARM" <<'PY'
import json
import sys
from claims import *
harm = json.load(open(sys.argv[1]))
same("the ward suffered nothing", harm["harm_total"], 0)
same("and nobody hung", harm["hosts_hung"], 0)
PY
echo "1..$n"
