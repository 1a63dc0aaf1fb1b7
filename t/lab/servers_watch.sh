# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# servers_watch - what leaves the scanner for the real servers, recorded on the
# way and looked at by other people's programs. To be read with ".", after
# servers.sh; $capture is the file and $tmp a directory for logs.

# shellcheck disable=SC2034,SC2154 # from and for whoever sources this
scanner_mac=02:00:0a:4d:00:01
tcpdump_pid=

# What stands between the switch and the scanner sees every frame of it.
capture_start() {
	ip netns exec "$servers_switch" tcpdump -i p1 -U -Z root -s 0 \
	    -w "$capture" 2>"$tmp/tcpdump.err" >/dev/null &
	tcpdump_pid=$!
	disown "$tcpdump_pid"
	for _ in $(seq 50); do
		grep -q '^tcpdump: listening' "$tmp/tcpdump.err" && return 0
		sleep 0.1
	done
	tcpdump_pid=
	return 1
}

capture_stop() {
	[ -n "$tcpdump_pid" ] || return
	sleep 0.5
	kill "$tcpdump_pid" 2>/dev/null
	for _ in $(seq 30); do
		kill -0 "$tcpdump_pid" 2>/dev/null || break
		sleep 0.1
	done
	tcpdump_pid=
}

# Most packets and most initiations (ARP and ICMP requests, UDP, SYN) that one
# host got within a second; 50 ms are allowed for the capture's clock.
pace() {
	tshark -n -r "$capture" -Y "eth.src == $scanner_mac" -T fields \
	    -E separator=, -E occurrence=f -e frame.time_epoch \
	    -e arp.dst.proto_ipv4 -e ip.dst -e arp.opcode -e icmp.type \
	    -e udp.dstport -e tcp.flags 2>/dev/null |
	    /usr/bin/python3 -c '
import sys
packets, starts = {}, {}
for line in sys.stdin:
    at, arp_to, to, arp, icmp, udp, tcp = line.rstrip("\n").split(",")
    host = to or arp_to
    packets.setdefault(host, []).append(float(at))
    if arp == "1" or icmp == "8" or udp or (tcp and int(tcp, 16) & 18 == 2):
        starts.setdefault(host, []).append(float(at))
def peak(times):
    return max(sum(1 for u in times if t <= u < t + 0.95) for t in times)
if not packets:
    print("no packet of the scanner in the capture")
for host, times in packets.items():
    if peak(times) > 12:
        print("%s: %d packets in a second" % (host, peak(times)))
for host, times in starts.items():
    if peak(times) > 5:
        print("%s: %d initiations in a second" % (host, peak(times)))
'
}

# Frames of the scanner that a foreign reader objects to.  RPC on ports that are
# in no table it takes for RTCP now and then, by the first bits of a number.
objections() {
	tshark -n -r "$capture" --disable-protocol rtcp --disable-protocol rtp \
	    -o ip.check_checksum:TRUE \
	    -o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE \
	    -Y "eth.src == $scanner_mac && (_ws.malformed ||
		ip.checksum.status == 0 || tcp.checksum.status == 0 ||
		udp.checksum.status == 0 || icmp.checksum.status == 0)" 2>&1 |
	    grep -v '^Running as user'
}
