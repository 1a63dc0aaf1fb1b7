#!/bin/bash
# SPDX-License-Identifier: ISC
# recognition - the ward of the demo looked at by nmap, as its users would to
# learn what is there, and by gantry at its default care: who names what, how
# many packets each host got for it, and what harm was done, by the ward's own
# count.  Everything happens in two namespaces without a way out.
#
#   t/bench/recognition.sh [BUILD-DIRECTORY] [PAGE]
#
# PAGE (docs/recognition.md; empty for none) gets the table between its marks.
set -eu
cd "$(dirname "$0")/../.."
B=${1:-build}
PAGE=${2-docs/recognition.md}
OUT=$B/recognition
LAB_WARD_BIN=$B/gantry-ward
. t/lab/netns.sh
lab_possible || {
	echo "recognition: $LAB_WHY" >&2
	exit 2
}
command -v nmap >/dev/null || {
	echo "recognition: nmap is not installed" >&2
	exit 2
}
mkdir -p "$OUT"
networks="10.16.12.0/23 10.16.20.24/29"

# looked NAME COMMAND...: in a ward nobody has looked at before.
looked() {
	local name=$1 began=$SECONDS
	shift
	echo "recognition: $name" >&2
	lab_ward t/ward/demo.yaml -s 120 --seed 7
	lab_run timeout 900 "$@" >"$OUT/$name.log" 2>&1 </dev/null || true
	echo $((SECONDS - began)) >"$OUT/$name.seconds"
	sleep 4 # what is half open now counts as abandoned after three seconds
	lab_ward_stop
	cp "$LAB_HARM" "$OUT/$name.harm.json"
}

lab_up recog
lab_route 10.16.20.0/24 10.16.12.1
# A host may take two minutes: with a tarpit among them nmap finds no end.
# shellcheck disable=SC2086
looked nmap nmap -n -sV -O --script dicom-ping,rpcinfo --host-timeout 120s \
    --exclude 10.16.12.2 -oX "$OUT/nmap.xml" $networks
# shellcheck disable=SC2086
looked gantry "$B/gantry" audit -q --exclude 10.16.12.2 -o "$OUT/audit" \
    $networks
lab_down
python3 t/bench/recognition.py "$OUT" t/ward/demo.yaml >"$OUT/table.md"
[ -z "$PAGE" ] || {
	sed "/<!-- recognition: begin -->/q" "$PAGE"
	echo
	cat "$OUT/table.md"
	sed -n "/<!-- recognition: end -->/,\$p" "$PAGE"
} >"$OUT/page.md"
[ -z "$PAGE" ] || cp "$OUT/page.md" "$PAGE"
cat "$OUT/table.md"
