#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# real_servers: Debian's own servers in namespaces of their own (see
# t/lab/servers.sh), asked first by other people's clients, so that it is
# known what they answer, then by gantry, whose report and whose manners, as
# the servers' logs and a capture show them, must agree with that.
set -u
cd "$(dirname "$0")/.." || exit 1
. t/lab/servers.sh
. t/lab/servers_watch.sh

# shellcheck source=t/lab/servers_tap.sh
. t/lab/servers_tap.sh

# says <description> <regular expression> <command...>: the client says that.
says() {
	local what=$1 expect=$2 text
	shift 2
	text=$("$@" 2>&1 </dev/null)
	check "$what" "$(grep -Eq -- "$expect" <<<"$text" ||
		echo "no '$expect' in:"$'\n'"$text")"
}

ask() { # ask <command...>: a client on the scanner's side
	servers_in "$servers_scan" timeout 20 "$@"
}

# Lines a server has logged since mark() was called for it.
declare -A marks=()
mark() {
	marks[$1]=$(wc -l <"$servers_dir/$1.log")
}
logged() {
	tail -n "+$((marks[$1] + 1))" "$servers_dir/$1.log"
}
count() { # count <server> <regular expression>
	logged "$1" | grep -Ec -- "$2"
}

# A server may write a moment after its client has gone.
logs() { # logs <description> <server> <regular expression>
	local try
	for try in $(seq 30); do
		[ "$(count "$2" "$3")" -eq 0 ] || break
		sleep 0.1
	done
	check "$1" "$([ "$(count "$2" "$3")" -gt 0 ] || {
		echo "no '$3' after $((try / 10)) s in:"
		logged "$2"
	})"
}

# What of the machine a server would touch if it were not shut in.
host_state() {
	grep -E ' /(etc|mnt|run|var) ' /proc/mounts
	ls -d /var/yp /run/rpcbind.sock /run/rpcbind /run/vsftpd 2>&1
}

# Set up.

[ "$(id -u)" -eq 0 ] || skip_all "needs root for namespaces"
reason=$(servers_fetch 2>&1) || skip_all "${reason##*$'\n'}"
host_before=$(host_state)
servers_up "$tmp/servers" || skip_all "cannot make namespaces here"

for server in rpcbind:nis ypserv:nis storescp:dcm dcmqrscp:aet; do
	netns=servers_${server#*:}
	servers_start "${server%:*}" "${!netns}" 2>"$tmp/start.err"
	check "${server%:*} starts" "$(cat "$tmp/start.err")"
done

# The namespaces are closed.

check "no namespace has a way out" "$(
	for netns in "${servers_made[@]}"; do
		ip -n "$netns" route | grep -v '^10\.77\.0\.0/24 '
		ip -n "$netns" -o link |
		    grep -v ": lo: \|: br0: \| link-netns gsv-$$-[a-z]*\$"
	done
)"

# Other people's clients.

for name in rpcbind ypserv storescp dcmqrscp; do
	mark $name
done
says "rpcinfo: portmapper version 2 over TCP" \
    '^ +100000 +2 +tcp +111 ' ask rpcinfo -p 10.77.0.10
for transport in tcp udp; do
	says "rpcinfo: ypserv is listed for $transport on a reserved port" \
	    "^ +100004 +2 +$transport +([6-9]..|10[01].|102[0-3]) " \
	    ask rpcinfo -p 10.77.0.10
	says "rpcinfo: ypserv answers NULL over $transport" \
	    '^program 100004 version 2 ready' \
	    ask rpcinfo -T $transport 10.77.0.10 ypserv
done
logs "ypserv logs each call by name" ypserv \
    '^connect from 10\.77\.0\.1 port [0-9]+ to procedure ypproc_null '

# ypserv's listener for IPv6 takes IPv4 too, and no IPv4 list names it.
listed=$(ask rpcinfo -p 10.77.0.10 | awk '$1 == 100004 && $3 == "tcp" {
	print $4; exit }')
unlisted=$(ip netns exec "$servers_nis" ss -Hlnt |
    awk '$4 ~ /^\*:/ { sub(/.*:/, "", $4); print $4; exit }')
if [ -n "$unlisted" ]; then
	says "rpcinfo: ypserv answers on a port no list names" \
	    '^program 100004 version 2 ready' \
	    ask rpcinfo -n "$unlisted" -t 10.77.0.10 ypserv
else
	skip "rpcinfo: ypserv answers on a port no list names" "no IPv6 here"
fi

says "echoscu: storescp accepts" 'I: Association Accepted' \
    ask echoscu -v 10.77.0.11 104
logs "storescp logs a release" storescp '^I: Association Release$'
check "storescp logs no abort then" "$(logged storescp | grep -i abort)"
says "echoscu: storescp tells who made it" \
    'Their Implementation Class UID: +1\.2\.276\.0\.7230010\.3\.0\.' \
    ask echoscu -d 10.77.0.11 104
mark storescp
says "echoscu aborts" 'I: Aborting Association' \
    ask echoscu -v --abort 10.77.0.11 104
logs "storescp logs an abort" storescp '^I: Association Aborted$'
check "storescp logs no release then" "$(logged storescp | grep Release)"

says "echoscu: dcmqrscp refuses a wrong called title" \
    'Reason: Called AE Title Not Recognized' \
    ask echoscu -v -aec WRONG 10.77.0.12 11112
logs "dcmqrscp logs the refusal" dcmqrscp '^I: Refusing Association'
says "echoscu: dcmqrscp accepts the right called title" \
    'I: Association Accepted' ask echoscu -v -aec CONSOLE1 10.77.0.12 11112

if command -v nmap >/dev/null; then
	says "nmap: storescp is DICOM" 'DICOM Service Provider discovered' \
	    ask nmap -n -Pn -sT -p104 --script dicom-ping 10.77.0.11
	says "nmap: dcmqrscp checks titles" 'Called AET check enabled' \
	    ask nmap -n -Pn -sT -p11112 --script dicom-ping 10.77.0.12
else
	skip "nmap: storescp is DICOM" "no nmap here"
	skip "nmap: dcmqrscp checks titles" "no nmap here"
fi

# Servers that are good to have and may be missing.

# After one package that cannot be had no other is tried: each try takes long.
missing=

more() { # more <packages> <server> <namespace> <expected> <command...>
	local server=$2 expect=$4
	# shellcheck disable=SC2086 # may be two packages
	[ -n "$missing" ] || missing=$(servers_fetch $1 2>&1)
	if [ -n "$missing" ]; then
		skip "$server" "${missing##*$'\n'}"
		return
	fi
	servers_start "$server" "$3" 2>"$tmp/start.err" || {
		check "$server starts" "$(cat "$tmp/start.err")"
		return
	}
	shift 4
	says "$server answers" "$expect" ask "$@"
}

first_line() { # first_line <port>: what a server says by itself
	bash -c 'exec 3<>"/dev/tcp/10.77.0.14/$1" && head -c 20 <&3 | od -c' \
	    first_line "$1"
}

more orthanc orthanc "$servers_pacs" \
    'Their Implementation Version Name: +OFFIS_DCMTK_' \
    echoscu -d 10.77.0.13 4242
more vsftpd vsftpd "$servers_misc" '2   2   0' \
    bash -c "$(declare -f first_line); first_line 21"
more "inetutils-inetd inetutils-telnetd" telnetd "$servers_misc" '377 (373|375)' \
    bash -c "$(declare -f first_line); first_line 23"
more nginx nginx "$servers_misc" '^Server: nginx' \
    curl -si -m 5 http://10.77.0.14/
if command -v nmap >/dev/null; then
	more snmpd snmpd "$servers_misc" 'gantry lab host' \
	    nmap -n -Pn -sU -p161 --script snmp-sysdescr 10.77.0.14
else
	skip snmpd "no nmap here"
fi

# gantry. Below here its report and its manners are judged.

out=$tmp/audit
capture=$tmp/audit.pcap
# report <description> <address> <python expression>: true of the asset.
# any_fact(key, text, about) looks for text within values; "" is any.
report() {
	check "$1" "$(/usr/bin/python3 - "$out/report.json" "$2" "$3" 2>&1 <<-'EOP'
	import json, sys
	with open(sys.argv[1]) as f:
	    assets = json.load(f)["assets"]
	asset = [a for a in assets if a["address"] == sys.argv[2]]
	if len(asset) != 1:
	    sys.exit("%d assets at %s" % (len(asset), sys.argv[2]))
	asset = asset[0]
	verdict = asset["verdict"] or {}
	grade, name = verdict.get("grade"), verdict.get("fingerprint")
	facts = asset["facts"]
	def any_fact(key, text="", about=None):
	    return any(f["key"] == key and text in str(f["value"]) and
	        about in (None, f["about"]) for f in facts)
	if not eval("(" + sys.argv[3] + ")"):
	    print("not so: " + sys.argv[3])
	    print("verdict: %s %s" % (grade, name))
	    for f in facts:
	        print("%(about)s %(key)s %(value)s" % f)
	EOP
	)"
}

audited() {
	local port
	check "audit ends well" "$([ "$status" -eq 0 ] || {
		echo "exit code $status"
		tail -n 20 "$tmp/audit.err"
	})"

	report "NIS host: portmapper found" 10.77.0.10 \
	    'any_fact("rpc.portmapper")'
	report "NIS host: portmapper lists ypserv" 10.77.0.10 \
	    "any_fact('rpc.program', '100004', 'tcp/$listed')"
	report "NIS host: ypserv answers" 10.77.0.10 \
	    'any_fact("nis.ypserv", "yes")'
	for port in $listed $unlisted; do
		report "NIS host: port $port is open" 10.77.0.10 \
		    "any_fact('port.state', 'open', 'tcp/$port')"
	done
	[ -z "$unlisted" ] ||
	    report "NIS host: ypserv found behind the unlisted port" \
		10.77.0.10 "any_fact('rpc.answered', '100004', 'tcp/$unlisted')"
	report "NIS host: no console" 10.77.0.10 'name != "ge-genesis-console"'
	report "NIS host: no SunOS 4 either" 10.77.0.10 \
	    'not (name and name.startswith("sunos4") and
	    grade in ("confirmed", "probable"))'

	report "storescp: verdict is DCMTK" 10.77.0.11 \
	    'name == "dicom-dcmtk-node" and grade in ("confirmed", "probable")'
	report "storescp: class UID of DCMTK" 10.77.0.11 \
	    'any_fact("dicom.implementation_class_uid",
	    "1.2.276.0.7230010.3.0.", "tcp/104")'
	report "storescp: release was answered" 10.77.0.11 \
	    'any_fact("dicom.released", "yes", "tcp/104")'

	report "dcmqrscp: known as DICOM by its refusal" 10.77.0.12 \
	    'any_fact("dicom.outcome", "rejected", "tcp/11112") and
	    any_fact("dicom.reject", "", "tcp/11112")'
	report "dcmqrscp: the refusal's reason is the called title" \
	    10.77.0.12 'any("called" in f["value"].lower() for f in facts
	    if f["key"] == "dicom.reject")'
	report "dcmqrscp: a DICOM node of no known maker" 10.77.0.12 \
	    '"dicom-node" in [name] + [c["fingerprint"]
	    for c in asset["candidates"]] and name not in
	    ("dicom-dcmtk-node", "ge-genesis-console")'
}

manners() {
	logs "storescp saw a release" storescp '^I: Association Release$'
	check "storescp: every connection ended in a release" "$(
		logged storescp | grep '^[EFW]: '
		[ "$(count storescp '^I: Association Received')" -eq \
		    "$(count storescp '^I: Association Release$')" ] ||
		    logged storescp
	)"
	# Two lines each; "Cleaned up after child" may come at any time.
	check "dcmqrscp: every connection was a whole request" "$(
		refused=$(count dcmqrscp '^I: Refusing Association')
		[ "$refused" -gt 0 ] || echo "none"
		[ "$(count dcmqrscp '^[A-Z]: [^C]')" -eq $((2 * refused)) ] ||
		    logged dcmqrscp
	)"
	check "ypserv: nothing but NULL and DOMAIN was called" "$(
		[ "$(count ypserv ' to procedure ypproc_null ')" -gt 0 ] ||
		    echo "no NULL call"
		logged ypserv | grep ' to procedure ' |
		    grep -Ev ' ypproc_(null|domain) '
	)"
	if [ ! -s "$capture" ] || ! command -v tshark >/dev/null; then
		for what in "complaint" "pace" "forbidden ports"; do
			skip "capture: $what" "no capture or no tshark here"
		done
		return
	fi
	check "capture: no complaint about the scanner's packets" \
	    "$(objections)"
	check "capture: pace" "$(pace)"
	check "capture: no packet to a port of printers and the like" "$(
		tshark -n -r "$capture" -Y "eth.src == $scanner_mac &&
		    tcp.dstport in {7,9,13,19,512..515,631,6000..6063,9100..9107}
		    " 2>/dev/null
	)"
}

if [ -x build/gantry ] && [ ! -x /usr/bin/python3 ]; then
	skip "gantry audit of the servers" "no /usr/bin/python3 here"
elif [ -x build/gantry ]; then
	for name in storescp dcmqrscp ypserv; do
		mark $name
	done
	capture_start || echo "# no capture: $(cat "$tmp/tcpdump.err")"
	timeout 300 ip netns exec "$servers_scan" "$PWD/build/gantry" audit \
	    10.77.0.10-10.77.0.12 -o "$out" \
	    >"$tmp/audit.out" 2>"$tmp/audit.err" </dev/null
	status=$?
	capture_stop
	audited
	manners
else
	skip "gantry audit of the servers" "build/gantry is not built"
fi

# Nothing is left.

pids=("${servers_pids[@]}")
made=("${servers_made[@]}")
servers_down
check "every server has ended" "$(
	for pid in "${pids[@]}"; do
		[ ! -e "/proc/$pid" ] || cat "/proc/$pid/status"
	done
)"
check "every namespace is gone" "$(
	for netns in "${made[@]}"; do
		ip netns list | grep "^$netns"
	done
)"
check "the machine's mounts and directories are as before" "$(
	diff <(echo "$host_before") <(host_state)
)"
echo "1..$n"
