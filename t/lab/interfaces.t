#!/bin/bash
# SPDX-License-Identifier: ISC
# interfaces: several at once, a VLAN's, loopback, point-to-point, and one that
# goes down in the middle of a run, which stops and can be gone on with.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=t/lab/netns.sh
. t/lab/netns.sh
# shellcheck source=t/lab/wardtap.sh
. t/lab/wardtap.sh

need timeout "$py"
gantry=${GANTRY_BIN:-build/gantry}
ward=${LAB_WARD_BIN:-build/gantry-ward}
[ -x "$gantry" ] && [ -x "$ward" ] || skip_all "gantry is not built"
lab_up if || bail "no lab"

# cable NAME ADDRESS: one more from the scanner to the ward's side.
cable() {
	ip -n "$LAB_SCAN_NS" link add "$1" type veth peer name "$1w" \
	    netns "$LAB_WARD_NS" &&
	    ip -n "$LAB_SCAN_NS" addr add "$2" brd + dev "$1" &&
	    ip -n "$LAB_WARD_NS" link set "$1w" up &&
	    ip -n "$LAB_SCAN_NS" link set "$1" up
}
# stand INTERFACE NETWORK ADDRESS: a ward of one host behind an interface.
stand() {
	printf 'network: %s\nhosts:\n  - { address: %s, mac: "%s", %s }\n' \
	    "$2" "$3" "08:00:20:00:00:${3##*.}" \
	    "personality: solaris-workstation" >"$LAB_DIR/$1.yaml"
	ip netns exec "$LAB_WARD_NS" "$ward" -i "$1" -r "$LAB_DIR/$1.up" \
	    -H "$LAB_DIR/$1.harm" -P t/ward/personalities \
	    "$LAB_DIR/$1.yaml" >"$LAB_DIR/$1.log" 2>&1 &
	lab_track $!
	for _ in $(seq 200); do
		[ -e "$LAB_DIR/$1.up" ] && return
		sleep 0.05
	done
	bail "the ward on $1 does not start: $(cat "$LAB_DIR/$1.log")"
}
audit() { # audit NAME ARGS...: its report, status and words
	local name=$1
	shift
	lab_run timeout 120 "$gantry" audit -q --json "$LAB_DIR/$name.json" \
	    "$@" >/dev/null 2>"$LAB_DIR/$name.err"
	status=$?
}
# told REPORT: each host with its MAC and its ports that are open or closed.
told() {
	"$py" - "$LAB_DIR/$1.json" <<'PY'
import json, sys
for a in sorted(json.load(open(sys.argv[1]))["assets"],
        key=lambda a: a["address"]):
    print(a["address"], a["mac"], *["%s:%s" % (p["port"], p["state"])
        for p in a["ports"]])
PY
}

# --- several at once, one of them a VLAN's where the kernel has those
cable scan1 10.17.1.2/24 || bail "no second cable"
stand ward0 10.16.12.0/23 10.16.12.9
stand scan1w 10.17.1.0/24 10.17.1.7
audit both 10.16.12.8/30 10.17.1.0/29 --care standard --states-only \
    --ports 23,104
is "$status" 0 "an audit over two interfaces ends well"
is "$(told both | grep -v ' None')" \
    "10.16.12.9 08:00:20:00:00:09 23:open 104:closed
10.17.1.7 08:00:20:00:00:07 23:open 104:closed" \
    "a host is found behind each"
audit one 10.16.12.8/30 10.17.1.0/29 -i scan1 --care standard --states-only \
    --ports 23,104
is "$(told one | cut -d' ' -f1 | grep -v 10.17.1.2)" 10.17.1.7 \
    "with -i only the one behind that"

# --- a ceiling for each, by what arrives at the far ends
# heard INTERFACE: has what comes there, at the far end, written down.
heard() {
	ip netns exec "$LAB_WARD_NS" tcpdump -i "$1" -U -w "$LAB_DIR/$1.pcap" \
	    "arp or ip src $2" 2>"$LAB_DIR/$1.dump" &
	lab_track $!
	for _ in $(seq 200); do
		grep -q '^tcpdump: listening' "$LAB_DIR/$1.dump" && return
		sleep 0.05
	done
	bail "no tcpdump: $(cat "$LAB_DIR/$1.dump")"
}
# busiest INTERFACE: the most ARP requests that came within any second.
busiest() {
	tcpdump -n -tt -r "$LAB_DIR/$1.pcap" 'arp[6:2] == 1' 2>/dev/null |
	    "$py" -c '
import sys
times, most, first = [float(l.split()[0]) for l in sys.stdin], 0, 0
for i, t in enumerate(times):
    while t - times[first] >= 1:
        first += 1
    most = max(most, i - first + 1)
print(len(times), most)'
}
if command -v tcpdump >/dev/null; then
	heard ward0 10.16.12.2
	heard scan1w 10.17.1.2
	began=$(date +%s%N)
	audit ceiling 10.16.12.0/24 10.17.1.0/28 --care lab --states-only \
	    --segment-rate 100 --ports 23
	took=$((($(date +%s%N) - began) / 1000000))
	sleep 0.5
	read -r asked most <<<"$(busiest ward0)"
	[ "$status" -eq 0 ] && [ "$asked" -ge 400 ] && [ "$most" -le 110 ]
	ok $? "a segment gets no more than its rate: $asked questions, $most a second"
	# 508 questions at 100 a second; the small segment does not add to it.
	[ "$took" -ge 4500 ]
	ok $? "which takes its time: $took ms"
	# Twelve that keep silent are asked twice, one that answers once; our
	# kernel may ask that one as well, to reset what it does not know.
	read -r asked most <<<"$(busiest scan1w)"
	[ "$asked" -ge 25 ] && [ "$most" -le 110 ]
	ok $? "and so does the other: $asked questions, $most a second"
else
	skip 3 "no tcpdump here"
fi

if ip -n "$LAB_SCAN_NS" link add link scan0 name scan0.5 type vlan id 5 \
    2>/dev/null; then
	ip -n "$LAB_WARD_NS" link add link ward0 name ward0.5 type vlan id 5
	ip -n "$LAB_WARD_NS" link set ward0.5 up
	ip -n "$LAB_SCAN_NS" addr add 10.18.5.2/24 dev scan0.5
	ip -n "$LAB_SCAN_NS" link set scan0.5 up
	stand ward0.5 10.18.5.0/24 10.18.5.6
	audit vlan 10.18.5.4/30 --care standard --states-only --ports 23,104
	is "$(told vlan | cut -d' ' -f1,3-)" "10.18.5.6 23:open 104:closed" \
	    "a host in a VLAN is found"
else
	skip 1 "this kernel has no VLAN interfaces"
fi

# --- this machine itself, and a line without ARP
cat >"$LAB_DIR/serve.py" <<'PY'
import socket, sys
s = socket.create_server(("0.0.0.0", 2323))
open(sys.argv[1], "w").close()
while True:
    c, _ = s.accept()
    c.sendall(b"hello from a line\r\n")
    c.close()
PY
serve() { # serve NAMESPACE
	ip netns exec "$1" "$py" "$LAB_DIR/serve.py" "$LAB_DIR/$1.serves" &
	lab_track $!
	for _ in $(seq 100); do
		[ -e "$LAB_DIR/$1.serves" ] && return
		sleep 0.05
	done
	bail "no server in $1"
}
serve "$LAB_SCAN_NS"
for care in gentle lab; do
	audit lo 127.0.0.1 --care $care --states-only --ports 2323,2324
	is "$(told lo)" "127.0.0.1 None 2323:open 2324:closed" \
	    "$care: loopback is looked at by connects"
done
cat >"$LAB_DIR/line.py" <<'PY'
# A line: what goes into one namespace's tun comes out of the other's.
import ctypes, fcntl, os, select, struct, sys
def end(namespace):
    net = os.open("/run/netns/" + namespace, os.O_RDONLY)
    if ctypes.CDLL(None).setns(net, 0) != 0:
        sys.exit("setns")
    fd = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(fd, 0x400454ca, struct.pack("16sH22x", b"line0", 0x1001))
    return fd
a, b = end(sys.argv[1]), end(sys.argv[2])
open(sys.argv[3], "w").close()
while True:
    for fd in select.select([a, b], [], [])[0]:
        try:
            os.write(b if fd == a else a, os.read(fd, 2048))
        except OSError:
            pass
PY
if "$py" -c 'import os; os.open("/dev/net/tun", os.O_RDWR)' 2>/dev/null
then
	"$py" "$LAB_DIR/line.py" "$LAB_SCAN_NS" "$LAB_WARD_NS" \
	    "$LAB_DIR/line.up" 2>"$LAB_DIR/line.err" &
	lab_track $!
	for _ in $(seq 100); do
		[ -e "$LAB_DIR/line.up" ] && break
		sleep 0.05
	done
	ip -n "$LAB_SCAN_NS" addr add 10.19.0.1 peer 10.19.0.2 dev line0
	ip -n "$LAB_WARD_NS" addr add 10.19.0.2 peer 10.19.0.1 dev line0
	ip -n "$LAB_SCAN_NS" link set line0 up
	ip -n "$LAB_WARD_NS" link set line0 up
	serve "$LAB_WARD_NS"
	for care in gentle standard; do
		audit line 10.19.0.2 --care $care --states-only \
		    --ports 2323,2324
		is "$(told line)" "10.19.0.2 None 2323:open 2324:closed" \
		    "$care: a host at the end of a line is looked at"
	done
else
	skip 2 "no tun here"
fi

# --- one goes down in the middle
cat >"$LAB_DIR/many.yaml" <<'YAML'
network: 10.17.1.0/24
hosts:
  - { address: 10.17.1.20, mac: "08:00:20:00:01:20", personality: solaris-workstation, count: 12 }
YAML
cable scan2 10.17.2.2/24 || bail "no third cable"
sed -i 's/10\.17\.1/10.17.2/' "$LAB_DIR/many.yaml"
ip netns exec "$LAB_WARD_NS" "$ward" -i scan2w -r "$LAB_DIR/many.up" \
    -H "$LAB_DIR/many.harm" -P t/ward/personalities "$LAB_DIR/many.yaml" \
    >"$LAB_DIR/many.log" 2>&1 &
many=$!
lab_track $many
for _ in $(seq 200); do
	[ -e "$LAB_DIR/many.up" ] && break
	sleep 0.05
done
out=$LAB_DIR/out
ip netns exec "$LAB_SCAN_NS" timeout 120 "$gantry" audit -q -o "$out" \
    10.17.2.16/28 --ports 21-40 --states-only >/dev/null \
    2>"$LAB_DIR/down.err" &
audit=$!
# Until conversations are under way.
for _ in $(seq 200); do
	grep -q port.state "$out/facts.ndjson" 2>/dev/null && break
	sleep 0.05
done
ip -n "$LAB_SCAN_NS" link set scan2 down
wait "$audit"
is $? 4 "a run whose interface goes down ends as one to go on with"
grep -q 'interface scan2 went down' "$LAB_DIR/down.err"
ok $? "and names the interface"
"$py" - "$out/report.json" <<'PY'
import json, sys
run = json.load(open(sys.argv[1]))["run"]
print("#", run["outcome"], [h["reason"] for h in run["halted"]])
sys.exit(run["outcome"] != "interrupted" or
    [(h["address"], h["reason"]) for h in run["halted"]]
    != [(None, "interface scan2 went down")])
PY
ok $? "the report says so, and no host is taken for dead"
ip -n "$LAB_SCAN_NS" link set scan2 up
lab_run timeout 120 "$gantry" audit -q --resume "$out" >/dev/null \
    2>"$LAB_DIR/up.err"
is $? 0 "with the interface up it is gone on with"
cp "$out/report.json" "$LAB_DIR/again.json"
is "$(told again | grep -c ' 23:open\| 21:open')" 12 \
    "and every host's ports are known then"
lab_stop $many
is "$("$py" -c 'import json, sys
print(*[h["address"] for h in json.load(open(sys.argv[1]))["hosts"]
    if h["harm"]])' "$LAB_DIR/many.harm" 2>&1)" "" "without harm to any"
echo "1..$n"
