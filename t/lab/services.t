#!/bin/bash
# SPDX-License-Identifier: ISC
# services: web, VNC, MySQL, NTP, NetBIOS, SNMP and NIS servers of the ward,
# asked as --snmp, --nis-domain and --broadcast allow, and not asked otherwise.
# The ward judges every byte; a recorder on the scanner's side saw what left.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=t/lab/netns.sh
. t/lab/netns.sh
# shellcheck source=t/lab/wardtap.sh
. t/lab/wardtap.sh
# shellcheck source=t/lab/judge.sh
. t/lab/judge.sh

need tcpdump tshark timeout "$py"
[ -x "$GANTRY" ] || skip_all "gantry is not built"
lab_up services || bail "no lab"
all=$LAB_DIR/all.pcap
ip netns exec "$LAB_SCAN_NS" tcpdump -i scan0 -U -Z root -s 0 -B 16384 \
    -w "$all" >/dev/null 2>"$LAB_DIR/tcpdump.log" &
recorder=$!
lab_track "$recorder"
for _ in $(seq 100); do
	grep -q 'listening on' "$LAB_DIR/tcpdump.log" && break
	sleep 0.05
done
mac=$(lab_run cat /sys/class/net/scan0/address)

# audit NAME ARGS...: a run against a fresh ward; its exit code in $status.
audit() {
	local name=$1
	shift
	lab_ward t/lab/services.yaml -P t/ward/personalities -d 300 ||
	    bail "no ward"
	lab_run timeout --kill-after=5 120 "$GANTRY" audit \
	    -o "$LAB_DIR/$name" "$@" >"$LAB_DIR/$name.out" \
	    2>"$LAB_DIR/$name.err" </dev/null &
	lab_track $!
	wait $!
	status=$?
	lab_ward_stop
	cp "$LAB_HARM" "$LAB_DIR/$name.harm"
}

audit some 10.16.12.11 --broadcast
is "$status" 0 "an audit of one host ends well"
grep -q '10.16.12.0 to 10.16.13.255 is not asked as a whole' \
    "$LAB_DIR/some.err"
ok $? "and says that the segment is not asked as a whole"
judge "$LAB_DIR/some" "$LAB_DIR/some.harm" <<'PY'
from claims import *
asset = Report(sys.argv[1]).at("10.16.12.11")
with open(sys.argv[2]) as f:
    harm = json.load(f)
host = [h for h in harm["hosts"] if h["address"] == "10.16.12.11"][0]
same("nothing was broadcast", harm["broadcasts"], 0)
same("without --snmp no agent is asked", [
    asset.values("snmp.sysdescr"),
    host["service_hits"].get("udp/161")], [[], None])
same("the review station is known by its name",
     asset.value("netbios.name"), "REVIEW1")
PY

audit whole 10.16.12.0/23 --broadcast --snmp public --nis-domain radiology \
    --ports default,3306 --no-reserved
is "$status" 0 "an audit of the whole segment ends well"
sleep 0.5 # the last frames reach the recorder
lab_stop "$recorder"

judge "$LAB_DIR/whole" <<'PY'
from claims import *
report = Report(sys.argv[1])
web, review, nis, other = (report.at("10.16.12.%d" % n)
                           for n in (10, 11, 12, 13))

def has(asset, about, **want):
    for key, value in want.items():
        key = key.replace("__", ".")
        same("%s %s: %s" % (asset.address, about, key),
             asset.value(key, about), value)

has(web, "tcp/80", port__speaks="http", http__status="200",
    http__server="Ward/2.1", http__title="Ward archive",
    http__powered_by="steam", http__favicon_hash="1155597304")
has(web, "tcp/8042", http__status="401",
    http__realm='Basic realm="Orthanc Secure Area"')
has(web, "tcp/8080", http__status="302",
    http__location="http://10.16.13.250/elsewhere")
has(web, "udp/123", port__speaks="ntp", ntp__version="3", ntp__stratum="1",
    ntp__reference="GPS")
has(review, "udp/137", port__speaks="netbios", netbios__name="REVIEW1",
    netbios__workgroup="RADIOLOGY", netbios__user="RADTECH1",
    netbios__mac="00:02:b3:01:02:03")
has(review, "udp/161", port__speaks="snmp", snmp__sysdescr="Review n.1",
    snmp__sysobjectid="1.3.6.1.4.1.183", snmp__sysname="rv1")
has(review, "tcp/5900", port__speaks="vnc", vnc__greeting="RFB 003.003")
has(review, "tcp/3306", port__speaks="mysql", mysql__greeting="5.0.51")
same("NIS: the domain named is served",
     sorted(set(nis.values("nis.domain"))), ["radiology served"])
same("by broadcast: the portmapper",
     [f["value"] for f in nis.facts("rpc.answered", "udp/111")
      if f["probe"] == "portmapall"], ["100000 portmapper v2"])
same("by broadcast: the NetBIOS node",
     {f["probe"] for f in review.facts("port.speaks", "udp/137")} &
     {"netbiosall"}, {"netbiosall"})
claim("such a fact rests on a frame", [
    f for f in nis.facts("rpc.answered", "udp/111")
    if f["probe"] == "portmapall" and "frame" not in f["evidence"]])
same("a port says nothing of who sits there: what the others speak",
     {f["about"]: f["value"] for f in other.facts("port.speaks")}, {})
same("nobody was halted", report.run["halted"], [])
PY

judge "$LAB_DIR/whole.harm" <<'PY'
from claims import *
with open(sys.argv[1]) as f:
    harm = json.load(f)
same("the ward was fast enough to count", harm["frames_lost_by_ward"], 0)
same("there is no harm in all", harm["harm_total"], 0)
claim("nor in any line of any host", [
    "%s: %s %d" % (h["address"], key, h[key])
    for h in harm["hosts"] for key in LINES_OF_HARM if h[key] != 0])
same("three datagrams were broadcast", harm["broadcasts"], 3)
claim("no host saw more than 5 initiations in a second", [
    "%s: %d" % (h["address"], h["peak_initiations_per_second"])
    for h in harm["hosts"] if h["peak_initiations_per_second"] > 5])
claim("no host saw more than 12 packets in a second", [
    "%s: %d" % (h["address"], h["peak_packets_per_second"])
    for h in harm["hosts"] if h["peak_packets_per_second"] > 12])
PY

ours() { # ours FILTER: frames of the scanner, as somebody else reads them
	tshark -n -r "$all" -o ip.check_checksum:TRUE \
	    -o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE \
	    -Y "eth.src == $mac && ($1)" "${@:2}" 2>&1 |
	    grep -v '^Running as user'
}
fails "tshark finds none malformed" "$(ours _ws.malformed)"
fails "tshark finds no wrong checksum" "$(ours 'ip.checksum.status == 0 ||
    tcp.checksum.status == 0 || udp.checksum.status == 0')"
is "$(ours 'udp && eth.dst == ff:ff:ff:ff:ff:ff' -T fields -e ip.dst \
    -e udp.dstport | sort -u | tr '\t\n' ': ')" \
    "10.16.12.0:111 10.16.13.255:111 10.16.13.255:137 " \
    "what was broadcast: both addresses, two protocols"
is "$(ours http.request -T fields -e http.request.uri | sort -u | tr '\n' ' ')" \
    "/ /favicon.ico " "two pages were asked for, and no other"
is "$(ours snmp -T fields -e snmp.community | sort -u)" "public" \
    "the community is the operator's"
fails "NTP saw nothing but a client" "$(ours 'ntp && ntp.flags.mode != 3')"
echo "1..$n"
