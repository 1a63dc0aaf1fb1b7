#!/bin/bash
# SPDX-License-Identifier: ISC
# record: a hospital of 1,200 devices and a record of it with 60 errors planted,
# verified at the care of every day; no part of make check, for it takes three
# minutes.
#
#	t/lab/record.sh [build/gantry]
#
# TAP on standard output.
set -u
cd "$(dirname "$0")/../.." || exit 1
GANTRY=${1:-${GANTRY:-$PWD/${B:-build}/gantry}}
# shellcheck source=t/lab/netns.sh
. t/lab/netns.sh
# shellcheck source=t/lab/wardtap.sh
. t/lab/wardtap.sh
# shellcheck source=t/lab/judge.sh
. t/lab/judge.sh

need node timeout "$py"
lab_up record 10.16.32.1/20 || bail "no lab"
"$py" - "$LAB_DIR" <<'PY' || bail "no record"
import json
import sys

KINDS = [("genesis-console", "08:00:20", ""),
         ("solaris-workstation", "08:00:20", "solaris-host"),
         ("printer", "00:60:b0", "printer"),
         ("linux-dcmtk", "00:14:22", "dicom-dcmtk-node")]
PLANTS = ["mac", "fingerprint", "moved", "absent", "twice", "one address",
          "port", "unreadable", "unrecorded", "maker"]
ward = ["network: 10.16.32.0/20", "hosts:"]
rows = ["Name,Serial number,Manufacturer,Device Type,IP Address,MAC Address,"
        "Fingerprint,DICOM port"]
truth = {}


def at(i, net=33):
    return "10.16.%d.%d" % (net + i // 250, 2 + i % 250)


for i in range(1200):
    personality, oui, fingerprint = KINDS[i % 4]
    plant = None
    if i % 20 == i // 20 * 7 % 20:
        plant = PLANTS[i // 20 % 10]
        truth[i] = plant
    if plant in ("fingerprint", "maker"):
        personality, oui, fingerprint = KINDS[0]
    if plant == "port":
        personality, oui, fingerprint = KINDS[3]
    mac = "%s:01:%02x:%02x" % (oui, i >> 8, i & 255)
    if plant != "absent":
        real = "printer" if plant == "fingerprint" else personality
        host = ["address: " + ("10.16.40.%d" % (2 + i % 250)
                               if plant == "moved" else at(i)),
                "mac: '%s'" % (mac if plant != "mac" else
                               "00:11:43:01:%02x:%02x" % (i >> 8, i & 255)),
                "personality: " + real, "name: d%d" % i]
        if real == "genesis-console":
            host.append("first_beacon_s: %d" % (5 + i % 60))
        ward.append("  - {%s}" % ", ".join(host))
    if plant == "unrecorded":
        continue
    maker, model = "", ""
    if fingerprint == "":
        maker, model = "General Electric", "Signa 5.5"
    if plant == "maker":
        maker, model = "Siemens", ""
    address = at(i)
    if plant == "unreadable":
        address = "10.16.33.300"
    if plant == "one address":
        address = at(i - 1)
    row = ",".join(["d%d" % i, "S%d" % i, maker, model, address, mac,
                    fingerprint, "2761" if plant == "port" else ""])
    rows += [row, row] if plant == "twice" else [row]
open(sys.argv[1] + "/ward.yaml", "w").write("\n".join(ward) + "\n")
open(sys.argv[1] + "/record.csv", "w").write("\n".join(rows) + "\n")
json.dump(truth, open(sys.argv[1] + "/truth.json", "w"))
PY
cp -r t/ward/personalities "$LAB_DIR/"
lab_ward "$LAB_DIR/ward.yaml" -d 1500 || bail "no ward: $(cat "$LAB_LOG")"
lab_run timeout 1400 "$GANTRY" verify --inventory "$LAB_DIR/record.csv" \
    10.16.33.0-10.16.37.255 10.16.40.0/24 --listen 130 \
    --json "$LAB_DIR/verify.json" 2>"$LAB_DIR/stderr"
is $? 1 "a record with errors: exit code 1"
lab_ward_stop
is "$(harm total harm_total)" 0 "the ward suffered nothing"
is "$(harm total hosts_hung)" 0 "and nobody hung"
is "$(harm total frames_lost_by_ward)" 0 "the ward missed no frame"
fails "verify.json is valid by its schema" \
    "$(node t/lab/valid.js "$LAB_DIR/verify.json" 2>&1)"
judge "$LAB_DIR/verify.json" "$LAB_DIR/truth.json" <<'PY'
import json
import sys
from claims import *
report = json.load(open(sys.argv[1]))
truth = {int(k): v for k, v in json.load(open(sys.argv[2])).items()}
WANT = {None: ("match", []), "twice": ("match", []),
        "mac": ("mismatch", ["mac"]), "moved": ("mismatch", ["address"]),
        "one address": ("mismatch", ["address"]),
        "port": ("mismatch", ["port"]), "absent": ("absent", []),
        "maker": ("mismatch", ["manufacturer"]),
        "unreadable": ("cannot say", []),
        # what is another device is of another maker and model
        "fingerprint": ("mismatch", ["model"])}
offending = []
for line in report["lines"]:
    i = int(line["fields"]["name"]["recorded"][1:])
    plant = truth.get(i)
    differs = sorted(f for f, r in line["fields"].items()
                     if r["state"] == "differs")
    if (line["state"], differs) != WANT[plant]:
        offending.append("d%d (%s): %s %s: %s" % (
            i, plant, line["state"], differs, line["reason"]))
same("errors planted", len(truth), 60)
claim("every line is what it should be", offending)
same("what the record lacks", len(report["unrecorded"]),
     list(truth.values()).count("unrecorded"))
kinds = [c["kind"] for c in report["conflicts"]]
same("what it has twice", kinds.count("duplicate"),
     list(truth.values()).count("twice"))
same("and one address at two", kinds.count("address"),
     list(truth.values()).count("one address"))
same("and nothing else", len(kinds), 12)
PY
echo "1..$n"
