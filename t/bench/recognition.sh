#!/bin/bash
# SPDX-License-Identifier: ISC
# recognition - the ward of the demo looked at by nmap, as its users would to
# learn what is there, and by gantry at its default care: who names what, how
# many packets each host got for it, and what harm was done, by the ward's own
# count.  Then the tools of one question: rpcinfo, echoscu, and p0f, which
# listens to gantry's own conversations.  Everything happens in two namespaces
# without a way out; what is not installed is unpacked under build/ and runs
# from there, or is left out.
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
. t/lab/wardtap.sh
. t/lab/servers.sh
. t/bench/page.sh
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
listen() { # listen COMMAND...: with all that passes written down
	tcpdump -i "$LAB_SCAN_IF" -U -w "$OUT/passed.pcap" 2>/dev/null &
	local pid=$!
	sleep 1
	"$@"
	kill "$pid"
	wait "$pid"
}
export -f listen
export OUT LAB_SCAN_IF
# shellcheck disable=SC2086
looked gantry bash -c 'listen "$@"' bash "$B/gantry" audit -q \
    --exclude 10.16.12.2 -o "$OUT/audit" $networks
servers_fetch rpcbind dcmtk p0f || true
each() { # each COMMAND...: once for every host, whose address comes last
	local last
	for last in $EACH; do
		echo "== $last"
		timeout 30 "$@" "$last" $AFTER 2>&1
	done
}
export -f each
EACH=$(sed -n 's/^ *- address: //p' t/ward/demo.yaml | tr '\n' ' ')
AFTER=
export EACH AFTER
rpcinfo=$(tool rpcinfo) echoscu=$(tool echoscu) p0f=$(tool p0f)
root=$PWD/build/servers/root
[ -z "$rpcinfo" ] || looked rpcinfo env \
    LD_LIBRARY_PATH="$root/usr/lib/x86_64-linux-gnu" \
    bash -c 'each "$@"' bash "$rpcinfo" -p
AFTER=104
[ -z "$echoscu" ] || looked echoscu env \
    LD_LIBRARY_PATH="$root/usr/lib/x86_64-linux-gnu" \
    DCMDICTPATH="$root/usr/share/libdcmtk17/dicom.dic" \
    bash -c 'each "$@"' bash "$echoscu" -v -to 10 -ta 10 -td 10
lab_down
fp=/etc/p0f/p0f.fp
[ -e "$fp" ] || fp=$root$fp
[ -z "$p0f" ] || LD_LIBRARY_PATH="$root/usr/lib/x86_64-linux-gnu" timeout 60 \
    "$p0f" -f "$fp" -r "$OUT/passed.pcap" >"$OUT/p0f.log" 2>&1 || true
python3 t/bench/recognition.py "$OUT" t/ward/demo.yaml >"$OUT/table.md"
page_fill recognition "$OUT/table.md" "$PAGE"
cat "$OUT/table.md"
