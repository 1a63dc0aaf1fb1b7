#!/bin/bash
# SPDX-License-Identifier: ISC
# overhear: conversations are evidence.  The replay of an audit's own evidence
# comes to the audit's verdicts; the replay of a capture of other people's
# clients yields what they were told; a halted host's last frames are kept.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=t/lab/netns.sh
. t/lab/netns.sh
# shellcheck source=t/lab/wardtap.sh
. t/lab/wardtap.sh

need tshark tcpdump nmap "$py"
[ -x build/gantry ] || skip_all "gantry is not built"
lab_up overhear || bail "no lab"
lab_route 10.16.20.0/24 10.16.12.1

right() { # right DESCRIPTION ARGS...: overhear.py finds nothing wrong
	local what=$1 wrong
	shift
	wrong=$("$py" t/lab/overhear.py "$@" 2>&1)
	[ -z "$wrong" ]
	ok $? "$what"
	[ -z "$wrong" ] || printf '%s\n' "$wrong" | head -20 | sed 's/^/#  /'
}
gantry() {
	timeout 200 build/gantry "$@" >>"$LAB_DIR/gantry.out" 2>&1
}
frames() { # frames FILE FILTER: how many
	tshark -r "$1" -Y "$2" 2>/dev/null | wc -l
}

# An audit, and the replay of what it kept.

lab_ward t/ward/demo.yaml -d 280 || bail "no ward"
a=$LAB_DIR/audit
lab_run timeout 200 build/gantry audit 10.16.12.0/23 10.16.20.24/29 \
	--listen 25 -o "$a" >"$LAB_DIR/gantry.out" 2>&1
ok $? "the ward is audited"
gantry replay "$a/evidence.pcapng" -o "$LAB_DIR/replay"
ok $? "its evidence is replayed"
right "same facts, grades and fingerprints" \
	same "$a" "$LAB_DIR/replay" "${LAB_SCAN_ADDR%/*}"
gantry replay "$LAB_DIR/replay/evidence.pcapng" -o "$LAB_DIR/again"
right "and once more, from the replay's own evidence" \
	same "$LAB_DIR/replay" "$LAB_DIR/again" "${LAB_SCAN_ADDR%/*}"

right "facts lie in the frames they name" evidence "$a"
is "$(frames "$a/evidence.pcapng" tcp.analysis.lost_segment)" 0 \
	"no conversation has a gap"
is "$(frames "$a/evidence.pcapng" '!frame.comment')" 0 \
	"every frame has a comment"
is "$(frames "$a/evidence.pcapng" \
	'frame.comment contains "dicom.implementation_class_uid" && !dicom')" \
	0 "a comment stands at the PDU it speaks of"
is "$(frames "$a/evidence.pcapng" \
	'ip.addr == 10.16.13.4 && tcp.port == 104 && tcp.flags.fin == 1')" 2 \
	"the console's association is there with its goodbye"

# Other people's clients.

tap=$LAB_DIR/foreign.pcap
ip netns exec "$LAB_SCAN_NS" tcpdump -q -U --immediate-mode -i "$LAB_SCAN_IF" -w "$tap" \
	>/dev/null 2>"$LAB_DIR/tcpdump.err" &
lab_track $!
for _ in $(seq 50); do
	grep -q listening "$LAB_DIR/tcpdump.err" && break
	sleep 0.1
done
lab_run timeout 60 nmap -n -Pn -sT -p 111 --script rpcinfo 10.16.12.10 \
	>"$LAB_DIR/nmap.out" 2>&1
scu=$(tool echoscu)
[ -z "$scu" ] || foreign "$scu" -aet ANY -aec ANY 10.16.12.30 104
lab_run timeout 10 "$py" - 10.16.12.10 <<'PY'
import socket, sys
ftp = socket.create_connection((sys.argv[1], 21), 5)
ftp.recv(512)
ftp.sendall(b"QUIT\r\n")
ftp.recv(512)
ftp.close()
PY
sleep 0.5
lab_stop "${LAB_PIDS##* }"
f=$LAB_DIR/foreign
gantry replay "$tap" -o "$f"
ok $? "a foreign capture is replayed"
right "nmap's rpcinfo: the map" \
	has "$f" 10.16.12.10 tcp/111 rpc.portmapper
right "the greeting an FTP client got" \
	has "$f" 10.16.12.10 tcp/21 ftp.greeting
if [ -n "$scu" ]; then
	right "dcmtk's echoscu: who accepted it" has "$f" 10.16.12.30 \
		tcp/104 dicom.implementation_class_uid
	right "and that it was let go" \
		has "$f" 10.16.12.30 tcp/104 dicom.released yes
	right "and which context was accepted" has "$f" 10.16.12.30 tcp/104 \
		dicom.context "1.2.840.10008.1.1 accepted 1.2.840.10008.1.2"
else
	skip 3 "no echoscu; t/real_servers.t unpacks it"
fi
right "all of it as gantry found it by itself" within "$f" "$a" \
	rpc.program rpc.portmapper ftp.greeting dicom.implementation_class_uid \
	dicom.implementation_version dicom.max_pdu dicom.outcome port.speaks
lab_ward_stop

# A host that falls silent in the middle of being spoken to.

cat >"$LAB_DIR/mortal.yaml" <<'YAML'
network: 10.16.12.0/23
hosts:
  - { address: 10.16.13.9, mac: 08:00:20:0b:5c:e9, personality: genesis-console }
YAML
lab_ward "$LAB_DIR/mortal.yaml" -P t/ward/personalities -d 100 || bail "no ward"
h=$LAB_DIR/halted
lab_run timeout 90 build/gantry audit 10.16.13.9 \
	-o "$h" >>"$LAB_DIR/gantry.out" 2>&1 &
audit=$!
sleep 6
kill -STOP "$LAB_WARD_PID"
wait "$audit"
kill -CONT "$LAB_WARD_PID"
right "the host is halted" has "$h" 10.16.13.9 host host.halted
right "what it was told last is a fact" \
	has "$h" 10.16.13.9 host host.last_exchange
last='frame.comment contains "last exchange before the halt"'
[ "$(frames "$h/evidence.pcapng" "$last")" -gt 0 ]
ok $? "and its frames are named in the evidence"
echo "1..$n"
