#!/bin/bash
# SPDX-License-Identifier: ISC
# arp: our kernel asks by ARP for whom it is to connect to, and again after a
# while.  Of a host that is visited it asks once: each answer is told to it.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=t/lab/netns.sh
. t/lab/netns.sh
# shellcheck source=t/lab/wardtap.sh
. t/lab/wardtap.sh

need timeout tcpdump "$py"
gantry=${GANTRY_BIN:-build/gantry}
[ -x "$gantry" ] || skip_all "gantry is not built"
lab_up arp || bail "no lab"
# What it has not heard of for a second or three it doubts, and a second after
# the next packet it asks.  At its own settings that takes half a minute.
lab_run sh -c "cd /proc/sys/net/ipv4/neigh/$LAB_SCAN_IF &&
	echo 2000 >base_reachable_time_ms && echo 1 >delay_first_probe_time" ||
    bail "no settings"
cat >"$LAB_DIR/ward.yaml" <<'YAML'
network: 10.16.12.0/23
hosts:
  - {address: 10.16.12.5, mac: "08:00:20:00:00:05",
     personality: solaris-workstation}
YAML
lab_ward "$LAB_DIR/ward.yaml" -d 60 -P t/ward/personalities ||
    bail "no ward: $(cat "$LAB_LOG")"
ip netns exec "$LAB_WARD_NS" tcpdump -i "$LAB_WARD_IF" -n -U --immediate-mode \
    -w "$LAB_DIR/arp.pcap" "arp[7] = 1 and arp[26] = 12 and arp[27] = 5" \
    2>"$LAB_DIR/tcpdump.log" &
tap=$!
lab_track "$tap"
until grep -q listening "$LAB_DIR/tcpdump.log"; do
	kill -0 "$tap" || bail "no tcpdump: $(cat "$LAB_DIR/tcpdump.log")"
	sleep 0.05
done

# Closed ports: no connection is made that would tell the kernel.
lab_run timeout 60 "$gantry" audit 10.16.12.5 --ports T:2000-2049 \
    --states-only -q --json "$LAB_DIR/report.json" >"$LAB_DIR/out" 2>&1
is "$?" 0 "the audit ends well"
sleep 0.2
kill "$tap"
wait "$tap" 2>/dev/null
lab_ward_stop
asked=$(tcpdump -n -r "$LAB_DIR/arp.pcap" 2>/dev/null | grep -c "who-has")
is "$asked" 2 "the host is asked for its MAC by us once, and by our kernel once"
"$py" - "$LAB_DIR/report.json" "$LAB_HARM" <<'PY'
import json, sys
report, harm = (json.load(open(p)) for p in sys.argv[1:])
closed = [f["value"] for a in report["assets"] for f in a["facts"]
    if f["key"] == "ports.closed"]
peak = max(h["peak_initiations_per_second"] for h in harm["hosts"])
print("# %s closed, %d initiations in a second" % (closed, peak))
sys.exit(closed != ["2000-2049"] or peak > 5)
PY
ok $? "all ports were asked, five initiations a second and no more"
echo "1..$n"
