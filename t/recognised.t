#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# recognised: Debian's own servers, all of them at once in namespaces of their
# own, audited as an operator would who allows what can be allowed. What each
# must be known by is the table below, a line each. What left the scanner is
# recorded, and the servers' logs tell what reached them.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=t/lab/servers.sh
. t/lab/servers.sh
# shellcheck source=t/lab/servers_more.sh
. t/lab/servers_more.sh
# shellcheck source=t/lab/servers_watch.sh
. t/lab/servers_watch.sh
# shellcheck source=t/lab/servers_tap.sh
. t/lab/servers_tap.sh
capture=$tmp/audit.pcap out=$tmp/audit

# server, address, about, key, and what its value must match
expected='
rpcbind		10 udp/111	rpc.portmapper		^udp$
rpcbind		10 tcp/111	rpc.portmapper		^tcp, version 4$
rpcbind		10 tcp/111	rpc.program		^100000 portmapper v2-4$
ypserv		10 .*		nis.ypserv		^yes$
ypserv		10 .*		nis.domain		^radiology served$
ypserv		10 tcp/.*	rpc.answered		^100004 ypserv v
mountd		10 tcp/635	rpc.answered		^100005 mountd v
mountd		10 udp/635	rpc.program		^100005 mountd v1-3$
storescp	11 tcp/104	dicom.implementation_version	^OFFIS_DCMTK_3[0-9]+$
storescp	11 tcp/104	dicom.released		^yes$
storetls	11 tcp/2762	tls.version		^TLSv1\.[23]$
storetls	11 tcp/2762	tls.certificate_name	^pacs\.lab$
storetls	11 tcp/2762	port.speaks		^dicom$
storetls	11 tcp/2762	dicom.implementation_version	^OFFIS_DCMTK_3[0-9]+$
storetls	11 tcp/2762	dicom.released		^yes$
dcmqrscp	12 tcp/11112	port.speaks		^dicom$
dcmqrscp	12 tcp/11112	dicom.reject		called-AE-title-not-recognized
orthanc		13 tcp/4242	dicom.implementation_version	^OFFIS_DCMTK_3[0-9]+$
orthanc		13 tcp/8042	port.speaks		^http$
orthanc		13 tcp/8042	http.location		explorer\.html
vsftpd		14 tcp/21	ftp.greeting		^220 \(vsFTPd [0-9.]+\)$
telnetd		14 tcp/23	telnet.options		fffd18
telnetd		14 tcp/23	telnet.greeting		.
nginx		14 tcp/80	http.server		^nginx/[0-9.]+$
nginx		14 tcp/80	http.status		^200$
nginxtls	14 tcp/443	tls.version		^TLSv1\.[23]$
nginxtls	14 tcp/443	tls.certificate_subject	^CN=pacs\.lab,O=Gantry lab$
nginxtls	14 tcp/443	tls.certificate_sha256	^[0-9a-f]{64}$
nginxtls	14 tcp/443	http.server		^nginx/[0-9.]+$
nginxtls	14 tcp/443	http.title		^Lab PACS$
nginxtls	14 tcp/443	http.favicon_hash	^1155597304$
snmpd		14 udp/161	snmp.sysdescr		^gantry lab host$
snmpd		14 udp/161	snmp.sysobjectid	^1\.3\.6\.1\.4\.1\.8072\.3\.2\.10$
snmpd		14 udp/161	snmp.sysname		^misc$
sshd		14 tcp/22	ssh.greeting		^SSH-2\.0-OpenSSH_[0-9]+\.[0-9]+
sshd		14 tcp/22	ssh.host_key		^ssh-ed25519 SHA256:[A-Za-z0-9+/]{43}$
exim		14 tcp/25	smtp.greeting		^220 misc\.lab ESMTP Exim [0-9]+\.[0-9]+
nmbd		14 udp/137	netbios.name		^REVIEW1$
nmbd		14 udp/137	netbios.workgroup	^RADIOLOGY$
chronyd		14 udp/123	ntp.version		^4$
chronyd		14 udp/123	ntp.stratum		^10$
vnc		14 tcp/5900	vnc.greeting		^RFB 003\.00[378]$
cupsd		14 tcp/631	port.state		^$
'

[ "$(id -u)" -eq 0 ] || skip_all "needs root for namespaces"
[ -x build/gantry ] || skip_all "build/gantry is not built"
[ -x /usr/bin/python3 ] || skip_all "no /usr/bin/python3 here"
command -v openssl >/dev/null || skip_all "no openssl here"
reason=$(servers_fetch 2>&1) || skip_all "${reason##*$'\n'}"
servers_up "$tmp/servers" || skip_all "cannot make namespaces here"

declare -A runs=()
missing= # after one package that cannot be had no other is tried
while read -r server packages where; do
	[ -n "$server" ] || continue
	# shellcheck disable=SC2086 # a list of words
	[ -n "$missing" ] ||
	    missing=$(servers_fetch ${packages//,/ } 2>&1)
	if [ -n "$missing" ]; then
		skip "$server starts" "${missing##*$'\n'}"
		continue
	fi
	netns=servers_$where
	servers_start "$server" "${!netns}" 2>"$tmp/start.err" &&
	    runs[$server]=yes
	check "$server starts" "$(cat "$tmp/start.err")"
done <<<"$servers_every"

capture_start || echo "# no capture: $(cat "$tmp/tcpdump.err")"
timeout 300 ip netns exec "$servers_scan" "$PWD/build/gantry" audit \
    10.77.0.0/24 --snmp public --nis-domain radiology --broadcast \
    -o "$out" >"$tmp/audit.out" 2>"$tmp/audit.err" </dev/null
status=$?
capture_stop
check "the audit ends well" "$([ "$status" -eq 0 ] || {
	echo "exit code $status"
	tail -n 20 "$tmp/audit.err"
})"

# found <address> <about> <key> <pattern>: a line where it is not so. An empty
# pattern: there is no such fact.
found() {
	/usr/bin/python3 - "$out/report.json" "$@" 2>&1 <<-'EOP'
	import json, re, sys
	path, address, about, key, pattern = sys.argv[1:]
	with open(path) as f:
	    assets = json.load(f)["assets"]
	values = [f["value"] for a in assets if a["address"] == address
	          for f in a["facts"] if f["key"] == key and
	          re.fullmatch(about, f["about"])]
	if pattern == "^$":
	    ok = not values
	else:
	    ok = any(re.search(pattern, str(v)) for v in values)
	if not ok:
	    print("%s %s %s: %r" % (address, about, key, values))
	EOP
}
while read -r server last about key pattern; do
	[ -n "$server" ] || continue
	if [ -z "${runs[$server]:-}" ]; then
		skip "$server: $about $key" "it does not run here"
		continue
	fi
	check "$server: $about $key is $pattern" \
	    "$(found "10.77.0.$last" "$about" "$key" "$pattern")"
done <<<"$expected"

# What the servers say of it.
log() {
	cat "$servers_dir/$1.log" "$servers_dir/$1/access.log" 2>/dev/null
}
if [ -n "${runs[storetls]:-}" ]; then
	check "storescp under TLS: a release, and nothing to complain of" "$(
		log storetls | grep '^[EFW]: '
		log storetls | grep -q '^I: Association Release$' ||
		    log storetls
	)"
fi
if [ -n "${runs[nginxtls]:-}" ]; then
	check "nginx under TLS: two requests, and no complaint" "$(
		[ "$(log nginxtls | grep -c ' HTTP/1.1" 200 ')" -eq 2 ] ||
		    log nginxtls
		log nginxtls | grep -E '\[(error|crit|alert|emerg)\]'
	)"
fi
if [ -n "${runs[ypserv]:-}" ]; then
	check "ypserv: nothing but NULL and DOMAIN was called" "$(
		log ypserv | grep ' to procedure ' |
		    grep -Ev ' ypproc_(null|domain) '
	)"
fi
if [ -s "$capture" ] && command -v tshark >/dev/null; then
	check "no complaint about the scanner's packets" "$(objections)"
	check "nobody got more in a second than is promised" "$(pace)"
	check "nothing went to cups, printers and the like" "$(
		tshark -n -r "$capture" -Y "eth.src == $scanner_mac &&
		    (tcp.dstport in {7,9,13,19,512..515,631,6000..6063,9100..9107}
		    || udp.dstport == 631)" 2>/dev/null
	)"
	check "broadcast were ARP requests, and three questions" "$(
		tshark -n -r "$capture" -Y "eth.src == $scanner_mac &&
		    eth.dst == ff:ff:ff:ff:ff:ff && udp" -T fields -e ip.dst \
		    -e udp.dstport 2>/dev/null |
		    diff - <(printf '%s\t%s\n' 10.77.0.255 111 10.77.0.0 111 \
			10.77.0.255 137)
	)"
else
	for what in "complaints" "pace" "forbidden ports" "broadcasts"; do
		skip "capture: $what" "no capture or no tshark here"
	done
fi

# What is never touched unless an operator names it.
if [ -n "${runs[cupsd]:-}" ]; then
	out=$tmp/named
	timeout 120 ip netns exec "$servers_scan" "$PWD/build/gantry" audit \
	    10.77.0.14 --ports T:631 -o "$out" >"$tmp/named.out" 2>&1 </dev/null
	check "cupsd, where port 631 was named: what it is" "$(
		found 10.77.0.14 tcp/631 http.server '^CUPS/[0-9.]+ IPP/'
		grep -q '"fingerprint": *"cups-server"' "$out/report.json" ||
		    cat "$tmp/named.out"
	)"
	check "and it has nothing to complain of" "$(
		log cupsd | grep -E '^[EX] '
	)"
else
	skip "cupsd, where port 631 was named: what it is" "it does not run here"
	skip "and it has nothing to complain of" "it does not run here"
fi

pids=("${servers_pids[@]}")
servers_down
check "every server has ended" "$(
	for pid in "${pids[@]}"; do
		[ ! -e "/proc/$pid" ] || cat "/proc/$pid/status"
	done
)"
echo "1..$n"
