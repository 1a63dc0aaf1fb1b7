#!/bin/bash
# SPDX-License-Identifier: ISC
# listen: an old hospital segment is played onto a cable; gantry listen finds
# everybody on it, and sends not one packet.  What it decodes is held against
# tshark's reading of the same frames.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=t/lab/netns.sh
. t/lab/netns.sh
# shellcheck source=t/lab/wardtap.sh
. t/lab/wardtap.sh

need tshark "$py"
[ -x build/gantry ] || skip_all "gantry is not built"
lab_up listen || bail "no lab"

sent() { # how many packets the listener's interface has sent
	ip -n "$LAB_SCAN_NS" -s -j link show "$LAB_SCAN_IF" | "$py" -c \
	    'import json, sys; print(json.load(sys.stdin)[0]["stats64"]["tx"]["packets"])'
}
ear() { # ear ARGS...: begin to listen, return when it does
	: >"$LAB_DIR/err"
	ip netns exec "$LAB_SCAN_NS" build/gantry listen "$@" \
	    >"$LAB_DIR/out" 2>"$LAB_DIR/err" &
	ear=$!
	lab_track "$ear"
	for _ in $(seq 200); do
		grep -q 'listening on' "$LAB_DIR/err" && return 0
		sleep 0.05
	done
	bail "gantry does not listen: $(cat "$LAB_DIR/err")"
}
told() { # told RUN KEY: wait until a fact of that key has come
	for _ in $(seq 400); do
		! grep -q "\"$2\"" "$1/facts.ndjson" 2>/dev/null || return 0
		sleep 0.05
	done
}
play() {
	ip netns exec "$LAB_WARD_NS" "$py" t/data/segment.py play \
	    "$LAB_WARD_IF" || bail "the segment cannot be played"
}
right() { # right DESCRIPTION ARGS...: listen.py finds nothing wrong
	local what=$1 wrong
	shift
	wrong=$("$py" t/lab/listen.py "$@" 2>&1)
	[ -z "$wrong" ]
	ok $? "$what"
	[ -z "$wrong" ] || printf '%s\n' "$wrong" | head -20 | sed 's/^/#  /'
}

# Its time is over.

ear -i "$LAB_SCAN_IF" --listen 1 -o "$LAB_DIR/short"
wait "$ear"
is $? 0 "the time is up: exit 0"

# The segment is played, up to its last frame; then an interruption.

before=$(sent)
ear -i "$LAB_SCAN_IF" --listen 120 -o "$LAB_DIR/heard"
play
told "$LAB_DIR/heard" hl7.sender
kill -INT "$ear"
wait "$ear"
is $? 4 "interrupted: exit 4"
is "$(sent)" "$before" "not one packet was sent"
for file in report.json report.html facts.ndjson evidence.pcapng; do
	[ -s "$LAB_DIR/heard/$file" ]
	ok $? "there is $file"
done
grep -q 'Who fills this segment' "$LAB_DIR/out"
ok $? "the terminal tells who fills the segment"
grep -q 'Who fills this segment' "$LAB_DIR/heard/report.html"
ok $? "so does the HTML report"
right "every station is there, as what it is" stations "$LAB_DIR/heard"
right "shares add up" shares "$LAB_DIR/heard"
right "everybody who said something is an asset that was heard" \
	heard "$LAB_DIR/heard"
right "of an HL7 message nothing behind its sender is kept" \
	private "$LAB_DIR/heard"
right "tshark counts the same frames of the same protocols" \
	tshark "$LAB_DIR/heard" t/data/segment.pcap

# The same from the capture, and from the evidence.

build/gantry replay t/data/segment.pcap -o "$LAB_DIR/replay" \
	>/dev/null 2>&1
ok $? "the capture is replayed"
fields() { # fields FILTER FIELD...: of the capture, as tshark reads it
	local filter=$1 field args=()
	shift
	for field; do
		args+=(-e "$field")
	done
	tshark -n -r t/data/segment.pcap -Y "$filter" -T fields \
	    -E separator='|' "${args[@]}" 2>/dev/null | sort -u
}
is "$(fields 'who' who.hostname)" ic1 "tshark: rwho"
is "$(fields 'dhcp' dhcp.option.hostname dhcp.option.vendor_class_id \
	dhcp.option.requested_ip_address)" \
	"MAGNETOM|MSFT 5.0|10.20.1.6" "tshark: DHCP"
is "$(fields 'browser' browser.server browser.os_major \
	browser.os_minor browser.comment)" "MAGNETOM|4|0|Vision console" \
	"tshark: NetBIOS browser"
is "$(fields 'lat' lat.node_name lat.node_description | grep MRVAX)" \
	"MRVAX|Radiology archive" "tshark: LAT"
is "$(fields 'cdp' cdp.deviceid cdp.platform)" \
	"sw-radiology-2|cisco WS-C2924-XL" "tshark: CDP"
is "$(fields 'lldp' lldp.tlv.system.name)" sw-core-1 "tshark: LLDP"
is "$(fields 'mdns' dns.srv.target)" osirix.local "tshark: mDNS"
is "$(fields 'hl7' hl7.field | wc -l)" 1 "tshark: HL7"
right "a replay comes to the same facts" same "$LAB_DIR/heard" \
	"$LAB_DIR/replay"
build/gantry replay "$LAB_DIR/heard/evidence.pcapng" -o "$LAB_DIR/again" \
	>/dev/null 2>&1
ok $? "the evidence is replayed"
right "and so does the evidence" same "$LAB_DIR/heard" "$LAB_DIR/again"

# During an audit: the census counts everybody; of those out of scope only
# beacons are told.

ip -n "$LAB_SCAN_NS" addr add 10.20.1.200/24 dev "$LAB_SCAN_IF"
ip netns exec "$LAB_SCAN_NS" build/gantry audit \
	10.20.1.5-10.20.1.6 --ports 104 --listen 120 -o "$LAB_DIR/audit" \
	>"$LAB_DIR/out" 2>"$LAB_DIR/err" &
audit=$!
lab_track "$audit"
for _ in $(seq 200); do
	[ ! -e "$LAB_DIR/audit/facts.ndjson" ] || break
	sleep 0.05
done
play
told "$LAB_DIR/audit" dhcp.host_name
sleep 1
kill -INT "$audit"
wait "$audit"
is $? 4 "an audit meanwhile, interrupted"
right "its census has every station" stations "$LAB_DIR/audit"
right "and of those out of scope only the beacons' sender is an asset" \
	scope "$LAB_DIR/audit" 10.20.1.4 10.20.1.5 10.20.1.6
ip -n "$LAB_SCAN_NS" addr del 10.20.1.200/24 dev "$LAB_SCAN_IF"

# A living stack: a connect across the cable, answer and SYN.

ip -n "$LAB_WARD_NS" addr add 10.16.12.9/23 dev "$LAB_WARD_IF"
ip netns exec "$LAB_WARD_NS" timeout 60 "$py" - "$LAB_DIR/bound" <<'PY' &
import socket, sys
s = socket.create_server(("10.16.12.9", 8104))
open(sys.argv[1], "w").close()
s.accept()[0].close()
PY
lab_track $!
for _ in $(seq 200); do
	[ ! -e "$LAB_DIR/bound" ] || break
	sleep 0.05
done
ear -i "$LAB_SCAN_IF" --listen 60 -o "$LAB_DIR/living"
lab_run timeout 30 "$py" -c 'import socket
socket.create_connection(("10.16.12.9", 8104), 20).close()'
told "$LAB_DIR/living" tcp.window
kill -INT "$ear"
wait "$ear"
right "the kernel's answer is Linux' by its shape" \
	value "$LAB_DIR/living" 10.16.12.9 stack.system "Linux 2.6 or later"
ear -i "$LAB_SCAN_IF" --listen 60 -o "$LAB_DIR/calling"
ip netns exec "$LAB_WARD_NS" timeout 30 "$py" -c 'import socket
try:
    socket.create_connection(("10.16.12.2", 8105), 20)
except OSError:
    pass'
told "$LAB_DIR/calling" syn.window
kill -INT "$ear"
wait "$ear"
right "and so is its SYN" \
	value "$LAB_DIR/calling" 10.16.12.9 stack.system "Linux 2.6 or later"
ip -n "$LAB_WARD_NS" addr flush dev "$LAB_WARD_IF"

# On all interfaces, and with somebody excluded.

before=$(sent)
ear -o "$LAB_DIR/cut" --listen 60 --exclude 10.20.1.4
play
told "$LAB_DIR/cut" hl7.sender
kill -INT "$ear"
wait "$ear"
is $? 4 "interrupted again: exit 4"
is "$(sent)" "$before" "not one packet was sent"
right "an excluded host is not spoken of" \
	excluded "$LAB_DIR/cut" 10.20.1.4 08:00:20:0a:12:04

# Wrong usage.

lab_run timeout 20 build/gantry listen -i nosuch0 >/dev/null 2>"$LAB_DIR/err"
is $? 2 "no such interface: exit 2"
lab_run timeout 20 build/gantry listen 10.0.0.1 >/dev/null 2>"$LAB_DIR/err"
is $? 2 "a target makes no sense: exit 2"
echo "1..$n"
