#!/bin/bash
# SPDX-License-Identifier: ISC
# ward_services: each built-in service and each frailty of the ward, once.
set -u
# shellcheck source=t/lab/netns.sh
. t/lab/netns.sh
# shellcheck source=t/lab/wardtap.sh
. t/lab/wardtap.sh

need nmap curl "$py"
host=10.16.12.80 weak=10.16.12.81

lab_up services || bail "no lab"
mkdir "$LAB_DIR/personalities"
cat >"$LAB_DIR/personalities/odd.yaml" <<'YAML'
summary: one of everything
stack: &stack
  tcp_ttl: 64
  icmp_ttl: 64
  udp_ttl: 64
  window: 4096
  options: M5B4
  df: no
  udp_checksum: yes
icmp_echo: yes
services:
  - port: 1040
    service: dicom
    dicom: { mode: accept, split: 1, implementation_class_uid: 1.2.3 }
  - port: 1041
    service: dicom
    dicom: { mode: abort }
  - port: 1042
    service: dicom
    dicom: { mode: reject, reject_result: 2, reject_source: 3, reject_reason: 1 }
  - port: 1043
    service: dicom
    dicom: { mode: silent }
  - port: 1044
    service: dicom
    dicom: { mode: garbage }
  - port: 1045
    service: dicom
    dicom: { mode: accept, calling_ae: [FRIEND] }
  - port: 1046
    service: dicom
    dicom: { mode: accept, abstract_syntaxes: [1.2.840.10008.5.1.4.1.1.2] }
  - { port: 1050, transport: both, service: echo }
  - { port: 1051, service: drip }
  - { port: 1052, service: endless }
  - { port: 1053, service: tarpit }
  - { port: 1054, service: silent }
  - { port: 1055, service: filtered }
  - { port: 1056, service: unreachable }
  - port: 1057
    service: banner
    script: { greeting: "hello\r\n", close: yes }
  - port: 1058
    service: banner
    script:
      answers:
        - { match: "^a[0-9]+$", send: "digits\r\n" }
        - { prefix: bye, send: "so long\r\n", close: yes }
        - { send: "what?\r\n" }
  - { port: 1060, transport: udp, service: udp-other, reply_hex: "0102 ff" }
YAML
cat >"$LAB_DIR/personalities/weak.yaml" <<'YAML'
summary: breaks easily
stack:
  tcp_ttl: 60
  icmp_ttl: 255
  udp_ttl: 60
  window: 4096
  options: M5B4
  df: no
  udp_checksum: no
icmp_echo: yes
services:
  - port: 104
    service: dicom
    dicom: { mode: accept, implementation_class_uid: 1.2.3 }
  - { port: 111, transport: both, service: portmapper }
  - port: 21
    service: banner
    inetd: yes
    script: { greeting: "220 ready\r\n" }
frailty:
  inetd_limit: 5
  inetd_shut_s: 60
  association_slots: 2
  slot_leak_s: 60
  hang_bare_port: 111
  hang_bare_count: 3
YAML
cat >"$LAB_DIR/odd.yaml" <<'YAML'
network: 10.16.12.0/23
hosts:
  - { address: 10.16.12.80, mac: "02:00:00:00:00:80", personality: odd }
  - { address: 10.16.12.81, mac: "02:00:00:00:00:81", personality: weak }
  - address: 10.16.12.82
    mac: "02:00:00:00:00:82"
    personality: odd
    called_ae: [ONLYME]
    services:
      - { port: 1050, service: closed }
      - { port: 1070, service: echo }
  - address: 10.16.12.83
    mac: "02:00:00:00:00:83"
    personality: odd
    services:
      - { port: 123, transport: udp, service: ntp }
      - { port: 137, transport: udp, service: nbstat, reply_hex: "00 010203040506 0000" }
      - { port: 161, transport: udp, service: snmp, reply_hex: "3000" }
      - port: 80
        service: banner
        script: { only: yes, blank_line: yes, answers: [ { prefix: "GET /", send: "found" } ] }
      - port: 5900
        service: banner
        script: { only: yes, greeting: "RFB 003.008\n" }
YAML
lab_ward "$LAB_DIR/odd.yaml" -s 20 --seed 3 || bail "no ward"

### DICOM, in all moods.
echoscu=$(tool echoscu)
said() { # said PORT [ARGS]: what echoscu has to say
	port=$1
	shift
	foreign "$echoscu" -v -ta 2 -td 2 "$@" "$host" "$port" 2>&1
}
if [ -n "$echoscu" ]; then
	said 1040 | grep -q 'Echo Response (Success)'
	ok $? "dicom: an answer byte by byte is an answer"
	said 1041 | grep -q 'Peer aborted Association'
	ok $? "dicom: abort"
	said 1042 | grep -q 'Reason: Temporary Congestion'
	ok $? "dicom: rejection with reasons of its own"
	said 1043 | grep -qi 'timeout'
	ok $? "dicom: silence"
	said 1044 | grep -q 'Association Request Failed'
	ok $? "dicom: garbage"
	said 1045 | grep -q 'Calling AE Title Not Recognized'
	ok $? "dicom: a stranger is rejected"
	said 1045 -aet FRIEND | grep -q 'Echo Response (Success)'
	ok $? "dicom: a friend is not"
	said 1046 | grep -q 'No Acceptable Presentation Contexts'
	ok $? "dicom: accepted, but none of the contexts"
else
	skip 8 "no echoscu"
fi

### The rest, as sockets see it.
lab_run timeout 30 "$py" - $host >"$LAB_DIR/said" 2>&1 <<'PY'
import socket, sys, time
host = sys.argv[1]
def tcp(port, host=host):
    s = socket.create_connection((host, port), 3)
    s.settimeout(3)
    return s
def until_end(s):
    got = b""
    while True:
        b = s.recv(4096)
        if not b:
            return got
        got += b
s = tcp(1050)
text = bytes(i % 251 for i in range(12000))
s.sendall(text)
got = b""
while len(got) < len(text):
    got += s.recv(4096)
print("echo", got == text)
s.shutdown(socket.SHUT_WR)
print("echo-end", until_end(s) == b"")
s = tcp(1051)
t = time.time()
got = s.recv(1) + s.recv(1) + s.recv(1) + s.recv(1)
t = time.time() - t
print("drip", got, 0.05 < t < 1)          # three ward seconds at speed 20
s.close()
s = tcp(1052)
got = b""
while len(got) < 300000:
    got += s.recv(65536)
line = b"220-this line is one of very many"
chunk = (line * 200)[:4096]
print("endless", got == (chunk * 100)[:len(got)])
s.close()
s = tcp(1053)
s.settimeout(1)
try:
    s.sendall(b"x" * 5000000)
    print("tarpit took everything")
except socket.timeout:
    print("tarpit True")
s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
s.close()
s = tcp(1054)
s.settimeout(0.5)
s.sendall(b"anybody there?\r\n")
try:
    print("silent said", s.recv(1))
except socket.timeout:
    print("silent True")
s.close()
print("banner", until_end(tcp(1057)))
s = tcp(1058)
s.sendall(b"a12\r\nA12\r\nBYE now\r\n")
print("script", until_end(s))
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.settimeout(2)
u.sendto(b"?", (host, 1060))
print("udp-other", u.recv(100).hex())
u.sendto(b"twice", (host, 1050))
print("udp-echo", u.recv(100))
try:
    tcp(1050, "10.16.12.82")
    print("override: open")
except ConnectionRefusedError:
    print("override refused")
s = tcp(1070, "10.16.12.82")
s.sendall(b"new")
print("override", s.recv(3))
PY
line() {
	grep "^$1 " "$LAB_DIR/said" | cut -d' ' -f2-
}
is "$(line echo)" True "echo: 12000 bytes come back as they went"
is "$(line echo-end)" True "echo: ends when the peer does"
is "$(line drip)" "b'....' True" "drip: one byte each ward second"
is "$(line endless)" True "endless: 300000 bytes in order"
is "$(line tarpit)" True "tarpit: takes no more than its window"
is "$(line silent)" True "silent: says nothing"
is "$(line banner)" "b'hello\\r\\n'" "banner: greets and closes"
is "$(line script)" "b'digits\\r\\nwhat?\\r\\nso long\\r\\n'" \
    "banner: expressions, prefixes in any case, the rest"
is "$(line udp-other)" 0102ff "udp-other: its bytes"
is "$(line udp-echo)" "b'twice'" "echo over UDP"
is "$(grep override "$LAB_DIR/said" | tr '\n' ' ')" \
    "override refused override b'new' " "a host's own ports come first"
if [ -n "$echoscu" ]; then
	foreign "$echoscu" 10.16.12.82 1040 2>&1 |
	    grep -q 'Called AE Title Not Recognized'
	ok $? "a host's own AE title counts"
else
	skip 1 "no echoscu"
fi
lab_run timeout 20 nmap -n -Pn -sS --reason -p 1055-1056,1061 $host \
    >"$LAB_DIR/nmap" 2>/dev/null
is "$(awk '/^10/ { print $2, $4 }' "$LAB_DIR/nmap" | tr '\n' ' ')" \
    "filtered no-response filtered admin-prohibited closed reset " \
    "nmap: filtered, forbidden and closed are three things"

### What breaks, breaks.
lab_run timeout 30 "$py" - $weak >"$LAB_DIR/said" 2>&1 <<'PY'
import socket, struct, sys, time
host = sys.argv[1]
def tcp(port):
    s = socket.create_connection((host, port), 3)
    s.settimeout(3)
    return s
def item(t, b):
    return struct.pack("!BBH", t, 0, len(b)) + b
ctx = b"\1\0\0\0" + item(0x30, b"1.2.840.10008.1.1") + item(0x40, b"1.2.840.10008.1.2")
body = (struct.pack("!HH16s16s32x", 1, 0, b"ANY".ljust(16), b"RUDE".ljust(16)) +
    item(0x10, b"1.2.840.10008.3.1.1.1") + item(0x20, ctx) +
    item(0x50, item(0x51, struct.pack("!I", 16384)) + item(0x52, b"1.2.3")))
rq = struct.pack("!BBI", 1, 0, len(body)) + body
def associate():
    s = tcp(104)
    s.sendall(rq)
    return s, s.recv(4096)
for i in range(2):          # dropped without release: both slots leak
    s, got = associate()
    print("slot", got[0])
    s.close()
s, got = associate()
print("full", got.hex())
s.close()
time.sleep(3.2)             # sixty ward seconds and some
s, got = associate()
print("again", got[0])
s.sendall(b"\5\0\0\0\0\4\0\0\0\0")
print("release", s.recv(100)[0])
s.close()
for i in range(6):
    try:
        s = tcp(21)
        s.recv(100)
        s.close()
        print("ftp open")
    except ConnectionRefusedError:
        print("ftp shut")
time.sleep(3.2)
try:
    s = tcp(21)
    print("ftp back", s.recv(100))
    s.close()
except ConnectionRefusedError:
    print("ftp still shut")
for i in range(4):
    try:
        tcp(111).close()
        print("bare")
        time.sleep(0.05)
    except OSError:
        print("dead")
PY
is "$(line slot | tr '\n' ' ')" "2 2 " "slots: two associations are taken"
is "$(line full)" 03000000000400020302 "slots: the third is over the limit"
is "$(line again) $(line release)" "2 6" "slots: they come back in time"
is "$(line ftp | tr '\n' ' ')" "open open open open open shut back b'220 ready\\r\\n' " \
    "inetd: shut after five, back after its time"
is "$(grep -cx bare "$LAB_DIR/said") $(grep -cx dead "$LAB_DIR/said")" "3 1" \
    "bare connections: the third kills"
lab_ward_stop
is "$(harm $weak unreleased_associations)" 2 "harm: two unreleased associations"
is "$(harm $weak lockouts)" 1 "harm: one lockout"
is "$(harm $weak bare_connections) $(harm $weak alive)" "3 False" \
    "harm: three bare connections, dead"
[ "$(harm $weak packets_after_hang)" -gt 0 ]
ok $? "harm: packets to the dead are counted"
# echoscu leaves at once when no context was accepted, without a release.
want=0
[ -z "$echoscu" ] || want=1
is "$(harm $host unreleased_associations) $(harm $host malformed)" "$want 0" \
    "harm: echoscu leaves one association behind"
[ ! -s "$LAB_LOG" ]
ok $? "the ward said nothing"

### The same bytes over a bad network.
lab_ward "$LAB_DIR/odd.yaml" -s 20 -l 5 --dup 5 --reorder 5 --seed 11 ||
    bail "no ward"
lab_run timeout 30 "$py" - $host >"$LAB_DIR/said" 2>&1 <<'PY'
import socket, sys
def tcp(port):
    s = socket.create_connection((sys.argv[1], port), 10)
    s.settimeout(10)
    return s
s = tcp(1050)
text = bytes(i % 251 for i in range(12000))
s.sendall(text)
got = b""
while len(got) < len(text):
    got += s.recv(4096)
print("echo", got == text)
s.close()
s = tcp(1052)
got = b""
while len(got) < 60000:
    got += s.recv(65536)
chunk = (b"220-this line is one of very many" * 200)[:4096]
print("endless", got == (chunk * 100)[:len(got)])
PY
is "$(line echo)" True "loss, doubles, disorder: echo brings all back"
is "$(line endless)" True "loss, doubles, disorder: 60000 bytes in order"
lab_ward_stop

### Servers of one question, and those that judge what they hear.
judged=10.16.12.83
ask_them() { # ask_them good|bad|nosy
	lab_ward "$LAB_DIR/odd.yaml" || bail "no ward"
	lab_run timeout 30 "$py" - $judged "$1" >"$LAB_DIR/said" 2>&1 <<'PY'
import socket, sys
def udp(port, data, to=sys.argv[1]):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    s.settimeout(1)
    s.sendto(data, (to, port))
    try:
        return s.recvfrom(2000)
    except socket.timeout:
        return b"", None
def tcp(port, data):
    s = socket.create_connection((sys.argv[1], port), 5)
    s.settimeout(0.5)
    s.sendall(data)
    got = b""
    try:
        while (more := s.recv(2000)):
            got += more
    except OSError:
        pass
    s.close()
    return got
name = b"\0\1\0\0\0\0\0\0 CK" + b"A" * 30 + b"\0\0"
def snmp(community, kind):
    pdu = b"\2\1\7\2\1\0\2\1\0\x30\0"
    body = b"\2\1\0\4" + bytes([len(community)]) + community + \
        bytes([kind, len(pdu)]) + pdu
    return b"\x30" + bytes([len(body)]) + body
if sys.argv[2] == "good":
    r = udp(123, b"\x23" + b"\0" * 39 + b"stamp!!!")[0]
    print("ntp", len(r), r[24:32])
    r = udp(137, b"\1\2\0\0" + name + b"\x21\0\1")[0]
    print("status", r[:4].hex(), r[-9:].hex())
    r = udp(137, b"\1\2\0\x10" + name + b"\x20\0\1", "10.16.13.255")
    print("all", r[0][-4:].hex(), r[1])
    r = udp(161, snmp(b"public", 0xa0))[0]
    print("snmp", r.hex())
    print("page", tcp(80, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
    print("rfb", tcp(5900, b""))
elif sys.argv[2] == "bad":
    udp(123, b"\x16" + b"\0" * 11)
    udp(137, b"hello")
    udp(161, b"hello")
    tcp(80, b"\x16\3\1 no line")
    tcp(80, b"HELP me\r\n")
    tcp(5900, b"GET /\n")
else:
    print(udp(161, snmp(b"secret", 0xa0)), udp(161, snmp(b"public", 0xa3)))
PY
	lab_ward_stop
}
ask_them good
is "$(line ntp)" "48 b'stamp!!!'" "ntp: answers with the question's stamp"
is "$(line status)" "01028400 000102030405060000" "nbstat: a name table"
is "$(line all)" "0a100c53 ('10.16.12.83', 137)" \
    "nbstat: a broadcast is answered"
is "$(line snmp)" \
    "3082001e0201000406$(printf public | od -An -tx1 | tr -d ' ')a282000f020107020100020100308200023000" \
    "snmp: a GET is answered"
is "$(line page)" "b'found'" "banner: a page for who asks for one"
is "$(line rfb)" "b'RFB 003.008\\n'" "banner: a greeting for who listens"
is "$(harm $judged harm)" 0 "harm: none, when asked as is proper"
is "$(harm total broadcasts)" 1 "one broadcast is counted"
ask_them bad
is "$(harm $judged foreign_bytes)" $((12 + 5 + 5 + 11 + 7 + 5)) \
    "harm: what is no question, or no line that fits, is foreign"
ask_them nosy
is "$(harm $judged forbidden_calls) $(harm $judged foreign_bytes)" "2 0" \
    "harm: another community, and anything but a GET, are forbidden"
lab_down
echo "1..$n"
