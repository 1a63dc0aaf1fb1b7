#!/bin/bash
# SPDX-License-Identifier: ISC
# udp: what UDP ports of a real system are said to be, where its kernel sends
# one "port unreachable" a second and has none left when it is asked: closed is
# closed, whatever the level of care; who answers is open; who is dropped by a
# packet filter may be either.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=t/lab/netns.sh
. t/lab/netns.sh
# shellcheck source=t/lab/wardtap.sh
. t/lab/wardtap.sh

need timeout "$py"
gantry=${GANTRY_BIN:-build/gantry}
[ -x "$gantry" ] || skip_all "gantry is not built"
lab_up udp || bail "no lab"
ip -n "$LAB_WARD_NS" addr add 10.16.12.9/23 dev "$LAB_WARD_IF" ||
    bail "no address"
far() { ip netns exec "$LAB_WARD_NS" "$@"; }
# As Linux has it where nobody changed it: one a second to each host.
far sh -c 'cd /proc/sys/net/ipv4 && echo 1000 >icmp_ratelimit &&
    echo 6168 >icmp_ratemask' 2>/dev/null ||
    skip_all "the limit of ICMP cannot be set here"

# An NTP server as far as a client's question goes (RFC 5905).
cat >"$LAB_DIR/ntp.py" <<'PY'
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("10.16.12.9", 123))
open(sys.argv[1], "w").close()
while True:
    asked, who = s.recvfrom(1024)
    if len(asked) >= 48 and asked[0] & 7 == 3:
        s.sendto(bytes([asked[0] & 0x38 | 4, 2, 6, 0xec]) + bytes(8) +
            b"\x7f\x00\x00\x01" + b"\xe0" + bytes(7) + asked[40:48] +
            b"\xe0" + bytes(7) + b"\xe0" + bytes(7), who)
PY
far "$py" "$LAB_DIR/ntp.py" "$LAB_DIR/up" &
lab_track $!
for _ in $(seq 200); do
	[ -e "$LAB_DIR/up" ] && break
	sleep 0.05
done
[ -e "$LAB_DIR/up" ] || bail "no NTP server"

# burn: takes all it would send now.
burn() {
	lab_run "$py" - <<'PY'
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for port in range(40000, 40012):
    s.sendto(b"x", ("10.16.12.9", port))
PY
}
# audit CARE PORTS: status, and the states of the UDP ports into $told.
audit() {
	burn
	lab_run timeout 120 "$gantry" audit 10.16.12.9 --care "$1" \
	    --ports "$2" --snmp public -q --json "$LAB_DIR/report.json" \
	    >"$LAB_DIR/out" 2>&1
	status=$?
	told=$("$py" - "$LAB_DIR/report.json" <<'PY'
import json, sys
print(*["%s:%s" % (p["port"], p["state"])
    for a in json.load(open(sys.argv[1]))["assets"]
    for p in a["ports"] if p["transport"] == "udp"])
PY
	)
}
for care in gentle standard lab; do
	audit $care T:23,U:111,U:123,U:137,U:161
	is "$status" 0 "$care: the audit ends well"
	is "$told" "111:closed 123:open 137:closed 161:closed" \
	    "$care: few answers make no port filtered"
done
if command -v nft >/dev/null; then
	far nft -f - <<-'NFT' || bail "no packet filter"
	table ip filter {
		chain in {
			type filter hook input priority 0
			udp dport { 137, 161 } drop
		}
	}
	NFT
	audit standard T:23,U:111,U:123,U:137,U:161
	is "$told" "111:closed 123:open 137:open|filtered 161:open|filtered" \
	    "what a packet filter drops is open or filtered"
else
	skip 1 "no nft here"
fi
echo "1..$n"
