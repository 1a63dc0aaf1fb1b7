#!/bin/bash
# SPDX-License-Identifier: ISC
# recognition_servers - Debian's own servers, all of them at once, looked at by
# nmap and by gantry in the same way as recognition.sh has the ward looked at.
# What each host got is counted on the wire; what the servers had to complain
# of, in their logs.  Everything happens in namespaces without a way out.
#
#   t/bench/recognition_servers.sh [BUILD-DIRECTORY] [PAGE]
#
# PAGE (docs/recognition.md; empty for none) gets the table between its marks.
set -u
cd "$(dirname "$0")/../.." || exit 2
B=${1:-build}
PAGE=${2-docs/recognition.md}
OUT=$B/recognition_servers
. t/lab/servers.sh
. t/lab/servers_more.sh
. t/lab/servers_watch.sh
. t/bench/page.sh
for need in nmap tshark tcpdump; do
	command -v "$need" >/dev/null || {
		echo "recognition: $need is not installed" >&2
		exit 2
	}
done
rm -rf "$OUT"
mkdir -p "$OUT"
tmp=$OUT
trap 'capture_stop; servers_down' EXIT
trap 'exit 130' HUP INT TERM

# looked NAME COMMAND...: by a tool these servers have not met yet.
looked() {
	local name=$1 began server packages where netns
	shift
	echo "recognition: $name, real servers" >&2
	servers_up "$OUT/$name" || exit 2
	: >"$OUT/servers"
	while read -r server packages where; do
		[ -n "$server" ] || continue
		netns=servers_$where
		# shellcheck disable=SC2086 # a list of words
		servers_fetch ${packages//,/ } &&
		    servers_start "$server" "${!netns}" &&
		    echo "$server" >>"$OUT/servers"
	done <<<"$servers_every"
	capture=$OUT/$name.pcap
	capture_start || exit 2
	began=$SECONDS
	timeout 900 ip netns exec "$servers_scan" "$@" \
	    >"$OUT/$name.log" 2>&1 </dev/null
	echo $((SECONDS - began)) >"$OUT/$name.seconds"
	capture_stop
	servers_down
	tshark -n -r "$capture" -Y "eth.src == $scanner_mac" -T fields \
	    -E separator=, -E occurrence=f -e frame.time_epoch \
	    -e arp.dst.proto_ipv4 -e ip.dst >"$OUT/$name.packets" 2>/dev/null
}

servers_fetch || exit 2
looked nmap nmap -n -sV -O --script dicom-ping,rpcinfo --host-timeout 120s \
    -oX "$PWD/$OUT/nmap.xml" 10.77.0.10-14
looked gantry "$PWD/$B/gantry" audit -q -o "$PWD/$OUT/audit" 10.77.0.10-14
python3 t/bench/recognition_servers.py "$OUT" >"$OUT/table.md" || exit 1
page_fill servers "$OUT/table.md" "$PAGE"
cat "$OUT/table.md"
