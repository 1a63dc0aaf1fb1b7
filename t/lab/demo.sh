#!/bin/sh
# SPDX-License-Identifier: ISC
# demo - the simulated ward in private namespaces, audited; the report is left
# in build/demo (or the directory named), with the ward's own count of harm.
set -eu
cd "$(dirname "$0")/../.."
out=${1:-build/demo}
. t/lab/netns.sh

if ! lab_possible; then
	echo "demo: $LAB_WHY; run it as root on a Linux that has them" >&2
	exit 2
fi
echo "demo: 13 simulated hosts on 10.16.12.0/23 and behind a router; nothing"
echo "demo: leaves the two network namespaces made for it. About a minute."
lab_up demo
lab_route 10.16.20.0/24 10.16.12.1
lab_ward t/ward/demo.yaml -d 300
mkdir -p "$out"
status=0
lab_run build/gantry audit 10.16.12.0/23 10.16.20.24/29 --listen 30 \
	-o "$out" || status=$?
lab_ward_stop
cp "$LAB_HARM" "$out/harm.json"
echo
echo "What the ward counted (what was done to it, by its own account):"
awk '/"(harm_total|hosts_hung|peak_[a-z]*_per_second)":/ && !seen[$1]++' \
	"$out/harm.json"
echo
echo "The report:  $PWD/$out/report.html" | sed "s,$PWD//,/,"
echo "As JSON:     $PWD/$out/report.json" | sed "s,$PWD//,/,"
echo "Facts, evidence and harm beside them: facts.ndjson, evidence.pcapng, harm.json"
exit "$status"
