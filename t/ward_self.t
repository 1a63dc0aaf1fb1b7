#!/bin/bash
# SPDX-License-Identifier: ISC
# ward_self: the simulated ward, driven by software that nobody here wrote.
#
# Polite tools must leave no harm behind, rude ones exactly the harm they did.
# Everything happens in namespaces; see t/lab/netns.sh.
set -u
# shellcheck source=t/lab/netns.sh
. t/lab/netns.sh
# shellcheck source=t/lab/wardtap.sh
. t/lab/wardtap.sh

bin=${LAB_WARD_BIN:-build/gantry-ward}
need nmap curl tcpdump tshark "$py"

console=10.16.13.4 twin=10.16.13.5 nis=10.16.12.10 linux=10.16.12.30
archive=10.16.12.31 printer=10.16.12.40 silent=10.16.12.60 routed=10.16.20.30

### A word in time: what cannot work says so in one line.
complaint() { # complaint DESCRIPTION PATTERN ARGS...
	what=$1 want=$2
	shift 2
	said=$(timeout 5 "$bin" "$@" 2>&1)
	rc=$?
	[ "$rc" = 2 ] && [ "$(echo "$said" | wc -l)" = 1 ] &&
	    echo "$said" | grep -q "$want"
	ok $? "$what"
	[ "$rc" = 2 ] || echo "# exit $rc: $said"
}
lab_up self || bail "no lab"
lab_route 10.16.20.0/24 10.16.12.1
bad=$LAB_DIR/bad.yaml
complaint "an unknown interface" "nosuch0" -i nosuch0 t/ward/demo.yaml
complaint "a file that is not there" "No such file" -i lo "$LAB_DIR/none.yaml"
printf 'network: 10.0.0.0/24\nhosts:\n  - adress: 10.0.0.1\n' >"$bad"
complaint "an unknown key" "bad.yaml.*adress" -i lo "$bad"
printf 'network: 10.0.0.0/24\nhosts:\n  - {address: 10.0.0.1, mac: "02:00:00:00:00:01", personality: nobody}\n' >"$bad"
complaint "an unknown personality" "nobody.yaml" -i lo "$bad"
timeout 5 "$bin" -i lo -s 0 t/ward/demo.yaml >/dev/null 2>&1
is $? 2 "a speed of zero"

### Polite company.  Everything that leaves or arrives is recorded.
lab_run tcpdump -i scan0 -U -s 0 -w "$LAB_DIR/all.pcap" >/dev/null 2>&1 &
lab_track $!
for _ in $(seq 100); do
	[ -s "$LAB_DIR/all.pcap" ] && break
	sleep 0.05
done
lab_ward t/ward/demo.yaml -s 60 --seed 1 || bail "no ward"
began=$(date +%s%N)
is "$("$py" -c 'import json,sys; print(json.load(open(sys.argv[1]))["hosts"])' "$LAB_DIR/ready")" \
    13 "the ready file counts the hosts"

if command -v ping >/dev/null; then
	ping_ttl() {
		lab_run ping -n -c 1 -W 2 "$1" | sed -n 's/.*ttl=\([0-9]*\).*/\1/p'
	}
	is "$(ping_ttl $console)" 255 "ping: the console answers with TTL 255"
	is "$(ping_ttl $routed)" 63 "ping: a router costs one hop"
	is "$(ping_ttl $silent)" "" "ping: the silent host is silent"
	lab_run ip neigh show "$silent" | grep -qi 00:80:a3:61:5f:30
	ok $? "ARP: the silent host has a MAC address"
else
	skip 4 "no ping"
fi

is "$(lab_run curl -s -m 5 http://$printer/ | grep -o JetDirect)" JetDirect \
    "curl: the printer's page"
lab_run curl -s -m 5 -v ftp://$nis/ 2>&1 | grep -q 'FTP server (SunOS 4.1) ready'
ok $? "curl: SunOS' FTP greeting"

echoscu=$(tool echoscu)
if [ -n "$echoscu" ]; then
	foreign "$echoscu" -v $console 104 2>&1 | grep -q 'Echo Response (Success)'
	ok $? "echoscu: C-ECHO with the console"
	foreign "$echoscu" -d $linux 11112 2>&1 |
	    grep -q 'Their Implementation Version Name:.*OFFIS_DCMTK_367'
	ok $? "echoscu: DCMTK's identity on the Linux host"
	foreign "$echoscu" $archive 104 2>&1 |
	    grep -q 'Called AE Title Not Recognized'
	ok $? "echoscu: the archive rejects a wrong name"
	foreign "$echoscu" -aec ARCHIVE $archive 104
	ok $? "echoscu: and accepts its own"
else
	skip 4 "no echoscu"
fi

rpcinfo=$(tool rpcinfo)
if [ -n "$rpcinfo" ]; then
	foreign "$rpcinfo" -p $console >"$LAB_DIR/dump" 2>&1
	is "$(awk '$3 == "tcp" { print $4 }' "$LAB_DIR/dump" | sort -nu | tr '\n' ' ')" \
	    "111 655 658 670 723 725 727 733 " \
	    "rpcinfo: the map, without what is not registered"
	foreign "$rpcinfo" -T tcp $console ypserv >"$LAB_DIR/null" 2>&1
	is "$(grep -c 'ready and waiting' "$LAB_DIR/null")" 2 \
	    "rpcinfo: ypserv answers NULL in two versions"
	foreign "$rpcinfo" -p 10.16.12.20 2>&1 | grep -q '100232 *10 *udp'
	ok $? "rpcinfo: sadmind on Solaris, through rpcbind 4"
else
	skip 3 "no rpcinfo"
fi

# Three beacons at least: the third comes 4.25 s after the start.
while [ $((($(date +%s%N) - began) / 1000000)) -lt 4600 ]; do sleep 0.1; done
lab_harm
is "$(harm total harm_total)" 0 "polite tools leave no harm at all"
is "$(harm total frames_lost_by_ward)" 0 "and the ward lost no frame"

beacons() { # beacons ADDRESS FIELD
	tshark -r "$LAB_DIR/all.pcap" -n -Y "ip.src == $1 && udp.dstport == 1600" \
	    -T fields -e "$2" 2>/dev/null
}
zeros=0000000000000000000000000000000000000000
# 26 bytes as the origin note prints them, 20 more that it does not show
want=0000007e000005e84e4d5231000049433000000000000000${zeros}0000
is "$(beacons $console udp.payload | sort -u)" "$want" \
    "beacon: the note's 46 bytes, every time"
is "$(beacons $console udp.srcport | head -3 | tr '\n' ' ')" \
    "4277 4278 4279 " "beacon: a new source port each time"
is "$(beacons $twin udp.srcport | head -2 | tr '\n' ' ')" \
    "1029 1030 " "beacon: the twin's began low after its reboot"
is "$(beacons $console ip.dst | sort -u)" 10.16.12.0 \
    "beacon: to the address of the network"
is "$(beacons $console eth.dst | sort -u)" ff:ff:ff:ff:ff:ff \
    "beacon: for every station"
is "$(beacons $console ip.ttl | sort -u)" 60 "beacon: TTL 60"
is "$(beacons $console udp.checksum | sort -u)" 0x0000 \
    "beacon: no checksum"
is "$(tshark -r "$LAB_DIR/all.pcap" -n -Y "ip.src == $console" -T fields \
    -e ip.id 2>/dev/null | head -1)" 0x60ee "the console's first IP ID"
beacons $console frame.time_epoch | "$py" -c '
import sys
t = [float(x) for x in sys.stdin]
gaps = [(b - a) * 60 for a, b in zip(t, t[1:])]
print("# periods:", *("%.2f" % g for g in gaps))
sys.exit(not gaps or max(abs(g - 120.0103) for g in gaps) > 3)'
ok $? "beacon: every 120 s of the ward's clock (within 50 real ms)"
is "$(tshark -r "$LAB_DIR/all.pcap" -n -o ip.check_checksum:TRUE \
    -o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE \
    -Y '_ws.malformed || ip.checksum.status == 0 || tcp.checksum.status == 0 || udp.checksum.status == 0 || icmp.checksum.status == 0' \
    2>/dev/null | wc -l)" 0 "tshark: no complaint about any packet"

### nmap, as it comes: what it sees, and what it does.
open_ports() {
	lab_run timeout 30 nmap -n "$@" -oG - 2>/dev/null |
	    grep -o '[0-9]*/open/tcp' | cut -d/ -f1 | tr '\n' ' '
}
is "$(open_ports -sT -p 1-1100,1600 $console)" \
    "104 111 655 658 670 723 725 727 728 733 736 1024 " \
    "nmap: the note's ports and the portmapper's, none else"
is "$(open_ports -sT -p 22,104,11112 $routed)" "22 104 11112 " \
    "nmap: the ports of a host behind the router"
is "$(open_ports -sT -p 7,99,5000,65535 10.16.12.50)" "7 99 5000 65535 " \
    "nmap: where every port is open"
is "$(lab_run timeout 30 nmap -n -sT -p 22,80 -oG - $silent 2>/dev/null |
    grep -o '[0-9]*/filtered/tcp' | wc -l)" 2 "nmap: the silent host filters"
lab_run timeout 30 nmap -n -Pn -sU -p 1600,161 $linux 2>/dev/null |
    grep -q '161/udp *closed'
ok $? "nmap: closed UDP ports say so"
lab_run timeout 30 nmap -n -sn -PR 10.16.12.0/23 2>/dev/null |
    grep -q '(13 hosts up)'
ok $? "nmap: an ARP sweep finds the twelve on the link, and itself"

### Rude company, and what it leaves.
lab_run timeout 20 "$py" - <<'PY' >"$LAB_DIR/rude.log" 2>&1
import socket, struct, time
def tcp(host, port, data=b"", read=True):
    s = socket.create_connection((host, port), 3)
    s.settimeout(3)
    if data:
        s.sendall(data)
    got = b""
    try:
        got = s.recv(4096) if read else b""
    except OSError:
        pass
    s.close()
    return got
def item(t, b):
    return struct.pack("!BBH", t, 0, len(b)) + b
ctx = b"\1\0\0\0" + item(0x30, b"1.2.840.10008.1.1") + item(0x40, b"1.2.840.10008.1.2")
body = (struct.pack("!HH16s16s32x", 1, 0, b"ANY".ljust(16), b"RUDE".ljust(16)) +
    item(0x10, b"1.2.840.10008.3.1.1.1") + item(0x20, ctx) +
    item(0x50, item(0x51, struct.pack("!I", 16384)) + item(0x52, b"1.2.3")))
got = tcp("10.16.12.30", 104, struct.pack("!BBI", 1, 0, len(body)) + body)
print("association:", got[:1].hex())
tcp("10.16.12.30", 11112, b"GET / HTTP/1.0\r\n\r\n")
tcp("10.16.12.40", 9100, b"hello, printer", read=False)
def call(port, prog, vers, proc, args=b""):
    m = struct.pack("!10I", 7, 0, 2, prog, vers, proc, 0, 0, 0, 0) + args
    u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    u.settimeout(2)
    u.sendto(m, ("10.16.12.10", port))
    try:
        return u.recv(4096)
    except OSError:
        return b""
dom = struct.pack("!I", 9) + b"radiology\0\0\0"
print("served:", call(652, 100004, 2, 1, dom)[-4:].hex())
call(652, 100004, 2, 3, dom)                    # match
call(111, 100000, 2, 1, struct.pack("!4I", 100099, 1, 17, 999))  # set
refused = 0
for i in range(41):
    try:
        tcp("10.16.12.10", 21)
    except ConnectionRefusedError:
        refused += 1
print("refused:", refused)
PY
is "$(tr '\n' ' ' <"$LAB_DIR/rude.log")" \
    "association: 02 served: 00000001 refused: 1 " "rude: what was answered"
lab_run nmap -n -Pn -sX -p 22 $linux >/dev/null 2>&1
lab_run nmap -n -Pn -sS --badsum -p 22 --max-retries 0 $archive >/dev/null 2>&1
# A decoy that is not there never answers a SYN-ACK; nmap's own are reset.
lab_run timeout 20 nmap -n -Pn -sS -e scan0 -D 10.16.12.199 --max-retries 0 \
    -p 104,111,662,1025 $twin >/dev/null 2>&1
sleep 1.5
lab_harm
is "$(harm $console bare_connections)" 11 \
    "harm: nmap's bare connections to ports that have a protocol"
is "$(harm $console harm)" 11 "harm: and nothing else on the console"
is "$(harm $linux unreleased_associations)" 1 "harm: an association not released"
# nmap's connect scan went to the routed host, not to this one
is "$(harm $linux foreign_bytes)" 18 "harm: HTTP sent to a DICOM port"
is "$(harm $printer pages_printed)" 1 "harm: a page printed"
is "$(harm $printer forbidden_bytes)" 14 "harm: and its bytes"
is "$(harm $nis forbidden_calls)" 2 "harm: a map read and one changed"
is "$(harm $nis lockouts)" 1 "harm: FTP shut by 40 connections"
is "$(harm $nis max_connections_per_port_per_minute)" 41 \
    "and as many counted, with the one of curl"
[ "$(harm $linux malformed)" -gt 0 ]
ok $? "harm: odd flags are malformed"
[ "$(harm $archive malformed)" -gt 0 ]
ok $? "harm: so is a wrong checksum"
is "$(harm $twin half_open_abandoned)" 4 "harm: four half-open entries left"
is "$(harm $twin service_hits.tcp/104)" none "which are no connections"

# Decoys: enough half-open entries at once to hang it.
decoys=$(seq -s, -f 10.16.12.%g 200 215)
lab_run timeout 20 nmap -n -Pn -sS -e scan0 -D "$decoys" --max-retries 0 \
    -p 104,111,662,665,678,741,743,746,747,752,1025 $twin >/dev/null 2>&1
lab_harm
is "$(harm $twin alive) $(harm $twin hung)" "False 1" "harm: the twin hangs"
[ "$(harm $twin half_open_peak)" -ge 30 ]
ok $? "with thirty half-open entries"
is "$(beacons $silent frame.number | wc -l)" 0 "the silent host sent no beacon"

### Peaks are exact: ten datagrams at once, and the ARP request before them.
lab_run ip neigh flush all
sleep 1.2
before=$(harm $silent packets)
lab_run "$py" - $silent <<'PY'
import socket, sys, time
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for burst in (10, 3):
    for i in range(burst):
        u.sendto(b"x", (sys.argv[1], 4000))
    time.sleep(1.3)
PY
lab_ward_stop
is "$(($(harm $silent packets) - before))" 14 "packets: 13 and one ARP request"
[ "$(harm $silent peak_initiations_per_second)" = 11 ]
ok $? "peak: eleven initiations in one second"
[ ! -s "$LAB_LOG" ]
ok $? "the ward said nothing"

### Offloaded checksums are not wrong ones.
lab_ward t/ward/demo.yaml -d 60
if command -v ethtool >/dev/null; then
	lab_run ethtool -K scan0 tx on >/dev/null 2>&1
	lab_run curl -s -m 5 -o /dev/null http://$printer/
	lab_harm
	is "$(harm $printer malformed) $(harm $printer service_hits.tcp/80)" \
	    "0 1" "checksums left to the card are not counted"
else
	skip 1 "no ethtool"
fi
lab_ward_stop

### A bad network.
lab_ward t/ward/demo.yaml -s 60 -l 15 --dup 10 --reorder 10 --delay 3 --seed 7
got=0
for _ in 1 2 3; do
	lab_run curl -s -m 15 http://$printer/ | grep -q JetDirect && got=$((got + 1))
done
is $got 3 "loss, doubles, delay: the page comes nevertheless"
if command -v ping >/dev/null; then
	lab_run ping -n -c 40 -i 0.02 -W 1 $console >"$LAB_DIR/ping" 2>/dev/null
	grep -q 'duplicates' "$LAB_DIR/ping"
	ok $? "some answers come twice"
	grep '% packet loss' "$LAB_DIR/ping" | grep -qv ' 0% packet loss'
	ok $? "some do not come"
else
	skip 2 "no ping"
fi
lab_ward_stop
lab_down

### Thousands.
lab_up many 10.20.15.254/20 || bail "no lab"
cat >"$LAB_DIR/many.yaml" <<'YAML'
network: 10.20.0.0/20
hosts:
  - address: 10.20.0.1
    mac: 08:00:20:00:00:01
    personality: genesis-console
    count: 3500
YAML
lab_ward "$LAB_DIR/many.yaml" -P t/ward/personalities
lab_run timeout 30 nmap -n -sn -PR --min-rate 4000 10.20.0.0/20 2>/dev/null |
    grep -q '(3501 hosts up)'
ok $? "nmap: 3500 consoles, and itself"
lab_ward_stop
is "$(harm total hosts_total) $(harm total harm_total)" "3500 0" \
    "their harm file"
lab_down
is "$(ip netns list | grep -c -- "-$$-[sw]")" 0 "no namespace is left"
echo "1..$n"
