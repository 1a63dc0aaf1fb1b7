#!/bin/bash
# SPDX-License-Identifier: ISC
# reset: what a raw SYN opens is closed by RST, also where our own kernel sends
# none: its neighbour table is full, or a packet filter drops it.  No host is
# left with an entry half open.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=t/lab/netns.sh
. t/lab/netns.sh
# shellcheck source=t/lab/wardtap.sh
. t/lab/wardtap.sh

need timeout "$py"
gantry=${GANTRY_BIN:-build/gantry}
[ -x "$gantry" ] || skip_all "gantry is not built"
command -v nft >/dev/null || skip_all "nft is not installed"
lab_up reset || bail "no lab"
lab_route 10.16.20.0/24 10.16.12.1
# Frames we craft pass no such filter; what the kernel says does.
lab_run nft -f - <<-'NFT' || bail "no packet filter"
	table ip filter {
		chain out {
			type filter hook output priority 0;
			tcp flags & (rst | ack) == rst counter drop
		}
	}
NFT
cat >"$LAB_DIR/ward.yaml" <<'YAML'
network: 10.16.12.0/23
hosts:
  - {address: 10.16.12.1, mac: "00:00:0c:3a:11:01", personality: router}
  - {address: 10.16.12.5, mac: "08:00:20:00:00:05",
     personality: solaris-workstation}
  - {address: 10.16.12.6, mac: "08:00:20:00:00:06", personality: linux-dcmtk}
  - {address: 10.16.20.7, mac: "08:00:20:00:00:07", behind: 10.16.12.1,
     personality: no-echo}
YAML
# Whether it lives behind the router a SYN has to find out, whatever the care.
mkdir "$LAB_DIR/personalities" || bail "no directory"
cp t/ward/personalities/*.yaml "$LAB_DIR/personalities/"
printf '%s\n' "base: solaris-workstation" "summary: answers no echo" \
    "icmp_echo: no" >"$LAB_DIR/personalities/no-echo.yaml"

for care in gentle standard lab; do
	lab_ward "$LAB_DIR/ward.yaml" -d 60 \
	    -P "$LAB_DIR/personalities" || bail "no ward: $(cat "$LAB_LOG")"
	lab_run timeout 120 "$gantry" audit 10.16.12.5-10.16.12.6 10.16.20.7 \
	    --care "$care" --states-only -q --json "$LAB_DIR/report.json" \
	    >"$LAB_DIR/out" 2>&1
	is "$?" 0 "$care: the audit ends well"
	# The ward counts what was answered three seconds ago and not reset.
	sleep 3.5
	lab_ward_stop
	said=$("$py" - "$LAB_DIR/report.json" "$LAB_HARM" <<'PY'
import json, sys
report, harm = (json.load(open(p)) for p in sys.argv[1:])
print(len(report["assets"]), *["%s:%s" % (a["address"],
    any(p["state"] == "open" for p in a["ports"])) for a in report["assets"]])
print(sum(h["half_open_abandoned"] for h in harm["hosts"]),
    harm["harm_total"])
print(max(h["peak_packets_per_second"] for h in harm["hosts"]))
PY
	)
	{ read -r found; read -r harm; read -r peak; } <<<"$said"
	is "$found" "3 10.16.12.5:True 10.16.12.6:True 10.16.20.7:True" \
	    "$care: all three have open ports"
	is "$harm" "0 0" "$care: and no entry is left half open"
	[ "$care" != gentle ] || [ "$peak" -le 12 ]
	ok $? "$care: $peak packets in a second at most"
done
lab_run nft list chain ip filter out | grep -q "packets 0 " && status=1 ||
    status=0
ok $status "the filter had something to drop"
echo "1..$n"
