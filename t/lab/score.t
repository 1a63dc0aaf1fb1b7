#!/bin/bash
# SPDX-License-Identifier: ISC
# score: a sixth of the ward's personalities and decoys, nothing lost; all of
# them, and with loss, is "make score".
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=t/lab/netns.sh
. t/lab/netns.sh
# shellcheck source=t/lab/wardtap.sh
. t/lab/wardtap.sh

need "$py"
[ -x build/gantry ] || skip_all "gantry is not built"
out=$(mktemp -d "${TMPDIR:-/tmp}/score-XXXXXX") || bail "no scratch"
trap 'rm -rf "$out"' EXIT

SCORE_PART=1/6 SCORE_LISTEN=10 SCORE_OUT=$out t/ward/score 0 >"$out/said" 2>&1
status=$?
sed 's/^/# /' "$out/said"
ok "$status" "as promised: no decoy confirmed, recall, calibration"
grep -Eq '^[0-9]+ hosts, [0-9]+ of them decoys$' "$out/said"
ok $? "there were hosts and decoys"
hosts=$(sed -n 's/ hosts, .*//p' "$out/said")
[ "${hosts:-0}" -ge 50 ]
ok $? "at least fifty hosts"

# What the bedside suffers: it is never asked anything but by ARP.
"$py" - "$out" <<'PY'
import json, sys
out = sys.argv[1]
census = {p["name"]: p for p in json.load(open(out + "/census.json"))}
bedside = ("infusion-pump", "patient-monitor", "ventilator", "defibrillator")
bad = []
for h in json.load(open(out + "/harm-0.json"))["hosts"]:
    if h["personality"].split(".")[0] in bedside and h["service_hits"]:
        bad.append(h["address"])
    if h["harm"] and not census[h["personality"]]["decoy"]:
        bad.append("%s %s: harm %d" % (
            h["address"], h["personality"], h["harm"]))
for line in bad:
    print("# " + line)
sys.exit(bool(bad))
PY
ok $? "no harm was done, and none at the bedside was connected to"

# A judge that cannot say no is worth nothing: the same report, untrue truth.
"$py" - "$out" <<'PY'
import json, sys
path = sys.argv[1] + "/census.json"
people = json.load(open(path))
for p in people:
    if "linux-host" in p["truth"]:
        p["truth"].remove("linux-host")
json.dump(people, open(path, "w"))
PY
"$py" t/ward/score.py judge "$out/census.json" "$out/ward.yaml" 0 \
    "$out/loss-0" >"$out/again"
is "$?" 1 "the judge says no where the report is wrong"
grep -q '^FAILED: confirmed and wrong: .* confirmed as linux-host$' "$out/again"
ok $? "and what is wrong"
echo "1..$n"
