#!/bin/bash
# SPDX-License-Identifier: ISC
# audit: the demo's ward audited once as "make demo" does, and the whole of it
# judged: what the report says, what the ward suffered, and what a recorder on
# the scanner's side saw leave.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=t/lab/netns.sh
. t/lab/netns.sh
# shellcheck source=t/lab/wardtap.sh
. t/lab/wardtap.sh
# shellcheck source=t/lab/judge.sh
. t/lab/judge.sh

need tcpdump tshark node timeout "$py"
[ -x "$GANTRY" ] || skip_all "gantry is not built"

lab_up audit || bail "no lab"
lab_route 10.16.20.0/24 10.16.12.1
all=$LAB_DIR/all.pcap
out=$LAB_DIR/out
# Not through lab_run: its process would be a shell's, and not the one to end.
ip netns exec "$LAB_SCAN_NS" tcpdump -i scan0 -U -Z root -s 0 -B 16384 \
    -w "$all" >/dev/null 2>"$LAB_DIR/tcpdump.log" &
recorder=$!
lab_track "$recorder"
for _ in $(seq 100); do
	grep -q 'listening on' "$LAB_DIR/tcpdump.log" && break
	sleep 0.05
done
mac=$(lab_run cat /sys/class/net/scan0/address)
lab_ward t/ward/demo.yaml -d 300 || bail "no ward"

# In the background, so that a signal to the test is not kept waiting.
began=$(date +%s%N)
ip netns exec "$LAB_SCAN_NS" timeout --kill-after=5 150 "$GANTRY" audit \
    10.16.12.0/23 10.16.20.24/29 --listen 30 -o "$out" \
    >"$LAB_DIR/stdout" 2>"$LAB_DIR/stderr" </dev/null &
lab_track $!
wait $!
status=$?
took_ms=$((($(date +%s%N) - began) / 1000000))
lab_ward_stop
sleep 0.5 # the last frames reach the recorder
lab_stop "$recorder"
grep -v '^audit: ' "$LAB_DIR/stderr" | sed 's/^/# /'

is "$status" 0 "the audit ends well"
echo "# it took $took_ms ms"
[ "$took_ms" -lt 90000 ]
ok $? "within 90 s"
grep -q '^0 packets dropped by kernel' "$LAB_DIR/tcpdump.log"
ok $? "the recorder missed nothing"

[ -s "$out/report.json" ] || bail "no report.json"

### What the report says.
is "$(cd "$out" 2>/dev/null && echo *)" \
    "assets.csv evidence.pcapng facts.ndjson metrics.prom nmap.xml report.html report.json" \
    "the files are left, and nothing half written"
fails "report.json is valid by its schema" \
    "$(node t/lab/valid.js "$out/report.json" 2>&1)"
for address in 10.16.13.4 10.16.13.5; do
	grep -Eq "^$address +confirmed +.*Genesis.* NMR1/IC0 " \
	    "$LAB_DIR/stdout"
	ok $? "the summary has a line for $address"
done

judge "$out" <<'PY'
from claims import *
report = Report(sys.argv[1])
at, run = report.at, report.run

CONSOLE = "ge-genesis-console"
VERDICTS = {
    "10.16.13.4": CONSOLE,
    "10.16.13.5": CONSOLE,
    "10.16.12.10": "sunos4-nis-server",
    "10.16.12.20": "solaris-host",
    "10.16.12.30": "dicom-dcmtk-node",
    "10.16.12.31": "dicom-node",
    "10.16.12.40": "jetdirect",
    "10.16.12.50": "every-port-open-host",
    "10.16.12.51": "tarpit",
    "10.16.20.30": "dicom-dcmtk-node",
}
for address, want in VERDICTS.items():
    same("%s is confirmed as %s" % (address, want),
         (at(address).grade, at(address).fingerprint), ("confirmed", want))
claim("nobody else is a console, nor nearly", [
    "%s: %s %s" % (a.address, c["grade"], c["fingerprint"])
    for a in report.assets if VERDICTS.get(a.address) != CONSOLE
    for c in [a.verdict] + a.json["candidates"]
    if c["fingerprint"] == CONSOLE and c["grade"] in ("probable",
                                                      "confirmed")])
claim("every host of the ward is there", sorted(
    (set(VERDICTS) | {"10.16.12.1", "10.16.12.60", "10.16.12.70"}) -
    {a.address for a in report.assets}))
same("nobody was halted", run["halted"], [])
same("the run is done", run["outcome"], "done")

for address, file in (("10.16.13.4", "genesis-console"),
                      ("10.16.13.5", "genesis-console-rebooted"),
                      ("10.16.12.10", "sunos4-nis-server"),
                      ("10.16.12.20", "solaris-workstation")):
    asset, missing = at(address), []
    programs = rpc_programs("t/ward/personalities/%s.yaml" % file)
    for p in programs:
        for kind in ("tcp", "udp"):
            if not p[kind]:
                continue
            about = "%s/%d" % (kind, p[kind])
            number = "%d " % p["program"]
            listed = [v for v in asset.values("rpc.program", about)
                      if v.startswith(number)]
            answered = [v for v in asset.values("rpc.answered", about)
                        if v.startswith(number)]
            if not listed and not p["unregistered"]:
                missing.append("%s: %s is not listed" % (about, number))
            if kind == "tcp" and 600 <= p[kind] <= 1023 and not answered:
                missing.append("%s: %s did not answer" % (about, number))
            if kind == "tcp" and (listed or answered):
                name = (answered or listed)[0].split()[1]
                port = asset.ports().get(p[kind], {})
                if name not in port.get("product", ""):
                    missing.append("%s: port says %s, not %s" % (
                        about, port.get("product"), name))
    reserved = [p for p in programs if 600 <= p["tcp"] <= 1023]
    same("%s: all %d RPC programs are named" % (address, len(programs)),
         missing, [])
    same("%s: RPC listeners at reserved ports are counted" % address,
         asset.values("rpc.reserved_listeners"),
         [str(len(reserved))] if reserved else [])

for address in ("10.16.13.4", "10.16.13.5"):
    asset = at(address)
    same("%s: its name" % address, asset.json["names"], ["NMR1/IC0"])
    same("%s: its suite and station" % address,
         (asset.value("advantagenet.suite"),
          asset.value("advantagenet.station")), ("NMR1", "IC0"))
    same("%s: one beacon was enough" % address,
         asset.value("advantagenet.beacons"), "1")
    same("%s: ypserv answers" % address, asset.value("nis.ypserv"), "yes")
    same("%s: ypbind answers" % address, asset.value("nis.ypbind"), "yes")
    port = asset.ports().get(104, {})
    claim("%s: DICOM is shown" % address, port.get("service") == "dicom" and
          "1.2.840.113619.6.5" in port["product"] or str(port))
    same("%s: and was released" % address,
         asset.value("dicom.released", "tcp/104"), "yes")
    counted = {c["clue"] for c in asset.verdict["clues"] if c["counted"]}
    claim("%s: beacon, NIS, stack and DICOM count" % address, sorted(
        {"beacon-of-a-console", "serves-nis", "sunos4-on-sun",
         "dicom-as-genesis-zeus"} - counted))
    same("%s: the weights add up" % address,
         asset.verdict["prior"] +
         sum(c["weight"] for c in asset.verdict["clues"] +
             asset.verdict["against"] if c["counted"]),
         asset.verdict["sum"])
    claim("%s: every clue for it rests on facts" % address,
          [c["clue"] for c in asset.verdict["clues"] if not c["facts"]])
    claim("%s: that there are two such names is said" % address,
          any("10.16.13.4" in x and "10.16.13.5" in x
              for x in asset.json["alerts"]) or asset.json["alerts"])
claim("tcp/1024, which nothing explains, is pointed out",
      any("tcp/1024" in x for x in at("10.16.13.4").json["alerts"]) or
      at("10.16.13.4").json["alerts"])

silent = at("10.16.12.60")
same("the silent host stands silent", silent.json["standing"], "silent")
same("and is nothing", (silent.grade, silent.fingerprint,
                        silent.json["candidates"]), ("none", None, []))
same("its MAC is known", silent.json["mac"], "00:80:a3:61:5f:30")
same("the others answered", sorted(
    a.address for a in report.assets
    if a.json["standing"] != "answered" and a is not silent), [])
same("every port open: said", at("10.16.12.50").value(
    "host.every_port_open"), "yes")
same("tarpit: said", at("10.16.12.51").value("host.tarpit"), "yes")
claim("both: a person is told", [
    a for a in ("10.16.12.50", "10.16.12.51") if not at(a).json["alerts"]])
other = at("10.16.12.70")
same("not AdvantageNet on udp/1600: no suite, station, beacon",
     [f["value"] for key in ("suite", "station", "beacon", "beacons")
      for f in other.facts("advantagenet." + key)], [])
same("the routed host is one hop away and has no MAC",
     (at("10.16.20.30").value("host.hops"), at("10.16.20.30").json["mac"]),
     ("1", None))
same("a host on the link is none away",
     at("10.16.12.30").value("host.hops"), "0")
same("greetings: of FTP, telnet, SMTP", [
     at("10.16.12.10").ports()[p]["service"] for p in (21, 23, 25)],
     ["ftp", "telnet", "smtp"])
same("names: what the greetings call the host",
     [at(a).json["names"] for a in ("10.16.12.10", "10.16.12.20")],
     [["nishost"], ["ultra5"]])
claim("no DICOM node's toolkit is taken for its maker", [
    a for a in ("10.16.12.30", "10.16.20.30")
    if at(a).verdict["maker"] is not None])
claim("no more hosts were probed than there are addresses",
      run["hosts_probed"] <= run["addresses"] or
      "%d of %d" % (run["hosts_probed"], run["addresses"]))
same("nothing was dropped or broken", [run[k] for k in (
     "frames_dropped", "frames_broken", "facts_dropped")], [0, 0, 0])

### Evidence and facts.
frames = pcapng_frames(os.path.join(sys.argv[1], "evidence.pcapng"))
claim("the evidence has frames", len(frames) > 50 or len(frames))
claim("and each says what it is", [
    n + 1 for n, (_, comment) in enumerate(frames) if not comment])
framed = [f for a in report.assets for f in a.json["facts"]
          if f["evidence"] and "frame" in f["evidence"]]
claim("facts rest on frames", len(framed) > 200 or len(framed))
claim("each of those frames is in the file", [
    "%s %s: frame %d of %d" % (f["about"], f["key"], f["evidence"]["frame"],
                               len(frames))
    for f in framed if not 1 <= f["evidence"]["frame"] <= len(frames)])
framed = [(f, f["evidence"], frames[f["evidence"]["frame"] - 1])
          for f in framed if 1 <= f["evidence"]["frame"] <= len(frames)]
claim("has the fact's bytes where it says", [
    "%s %s: frame %d has not %s at %d" % (
        f["about"], f["key"], e["frame"], e["hex"], e["offset"])
    for f, e, (body, _) in framed
    if not body[e["offset"]:].startswith(bytes.fromhex(e["hex"]))])
claim("and names the fact in its comment", [
    "%s %s: frame %d: %s" % (f["about"], f["key"], e["frame"], comment)
    for f, e, (_, comment) in framed if f["key"] + "=" not in comment])
with open(os.path.join(sys.argv[1], "facts.ndjson"), encoding="ascii") as f:
    lines = [json.loads(line) for line in f]
def identity(address, f):
    return (address, f["about"], f["key"], f["value"], f["probe"], f["time"])
told = sorted(identity(f["address"], f) for f in lines)
held = sorted(identity(a.address, f)
              for a in report.assets for f in a.json["facts"])
same("facts.ndjson has as many facts as the report", len(told), len(held))
same("and as the run says", len(told), run["facts"])
claim("and the same ones", [x for x in set(told) ^ set(held)])
PY

### What the ward suffered.
judge "$LAB_HARM" <<'PY'
from claims import *
with open(sys.argv[1]) as f:
    harm = json.load(f)
same("the ward has thirteen hosts", harm["hosts_total"], 13)
same("the ward was fast enough to count", harm["frames_lost_by_ward"], 0)
same("there is no harm in all", harm["harm_total"], 0)
claim("nor in any line of any host", [
    "%s: %s %d" % (h["address"], key, h[key])
    for h in harm["hosts"]
    for key in LINES_OF_HARM + ("harm", "packets_after_hang")
    if h[key] != 0])
claim("every host lives", [h["address"] for h in harm["hosts"]
                           if h["alive"] is not True])
claim("no host saw more than 5 initiations in a second", [
    "%s: %d" % (h["address"], h["peak_initiations_per_second"])
    for h in harm["hosts"] if h["peak_initiations_per_second"] > 5])
claim("no host saw more than 12 packets in a second", [
    "%s: %d" % (h["address"], h["peak_packets_per_second"])
    for h in harm["hosts"] if h["peak_packets_per_second"] > 12])
claim("no port saw more than 5 connections in a minute", [
    "%s: %d" % (h["address"], h["max_connections_per_port_per_minute"])
    for h in harm["hosts"] if h["max_connections_per_port_per_minute"] > 5])
claim("no host had two conversations begun at a time", [
    "%s: %d" % (h["address"], h["half_open_peak"])
    for h in harm["hosts"] if h["half_open_peak"] > 1])
same("nothing was broadcast but ARP", harm["broadcasts"], 0)
claim("the hosts were looked at all the same", [
    h["address"] for h in harm["hosts"] if h["packets"] == 0])
PY

### What left, read by somebody else.
decode_as="-d tcp.port==2345,dicom -d tcp.port==4006,dicom -d tcp.port==4242,dicom
    -d tcp.port==5678,dicom -d tcp.port==11112,dicom
    -d tcp.port==600-1023,rpc -d udp.port==600-1023,rpc
    --disable-protocol rtcp --disable-protocol rtp"
ours() { # ours FILTER FIELDS...: frames of the scanner
	local filter=$1
	shift
	# 2345 is KNET in tshark's table of ports, and gantry speaks DICOM
	# there; consoles have RPC on ports that are others' by that table; the
	# rest is in none, and tshark guesses by what goes over them. It is
	# told instead.
	# shellcheck disable=SC2086 # a list of options
	tshark -n -r "$all" -o ip.check_checksum:TRUE \
	    -o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE \
	    $decode_as \
	    -Y "eth.src == $mac && ($filter)" "$@" 2>&1 |
	    grep -v '^Running as user'
}
sent=$(ours frame | wc -l)
echo "# $sent frames left"
[ "$sent" -gt 1000 ]
ok $? "the recorder saw the scanner's frames"
fails "tshark finds none malformed" "$(ours _ws.malformed)"
fails "tshark finds no wrong checksum" "$(ours 'ip.checksum.status == 0 ||
    tcp.checksum.status == 0 || udp.checksum.status == 0 ||
    icmp.checksum.status == 0')"
checked=$(ours 'ip.checksum.status == 1' | wc -l)
[ "$checked" -gt 500 ]
ok $? "and did look at checksums"
fails "tshark finds no error of another kind" \
    "$(ours '_ws.expert.severity == error')"
fails "no fragment left, no IP option, no odd flag" \
    "$(ours 'ip.flags.mf == 1 || ip.frag_offset > 0 || ip.hdr_len > 20 ||
    tcp.flags.urg == 1 || (tcp.flags.syn == 1 && tcp.flags.fin == 1) ||
    tcp.flags == 0')"
forbidden='{7,9,13,19,512..515,631,6000..6063,9100..9107}'
fails "nothing left for ports that must not be touched" \
    "$(ours "tcp.dstport in $forbidden || udp.dstport in $forbidden")"
fails "nothing left for UDP port 1600" "$(ours 'udp.dstport == 1600')"
fails "nothing left for an address outside the scope" \
    "$(ours 'ip && !(ip.dst == 10.16.12.0/23) && !(ip.dst == 10.16.20.24/29)')"
fails "nothing left for the network's broadcast addresses" \
    "$(ours 'ip.dst == 10.16.12.0 || ip.dst == 10.16.13.255 ||
    arp.dst.proto_ipv4 == 10.16.12.0 || arp.dst.proto_ipv4 == 10.16.13.255')"
fails "only ARP requests are broadcast" \
    "$(ours 'eth.dst == ff:ff:ff:ff:ff:ff && arp.opcode != 1')"
judge "$out" "$sent" <<'PY'
from claims import *
told, seen = Report(sys.argv[1]).run["packets_sent"], int(sys.argv[2])
# A scanner in its own scope also asks itself; that is counted, and does not
# leave. Kernel and recorder may differ by a retransmission.
claim("the report's count of packets is what left, and what it told itself",
      seen * 0.99 <= told <= seen * 1.1 or "told %d, left %d" % (told, seen))
PY
# shellcheck disable=SC2086 # a list of options
fails "tshark reads the evidence without a complaint" \
    "$(tshark -n -r "$out/evidence.pcapng" $decode_as -Y _ws.malformed 2>&1 |
	grep -v '^Running as user')"
commented=$(tshark -n -r "$out/evidence.pcapng" -Y frame.comment 2>/dev/null |
    wc -l)
is "$commented" "$(tshark -n -r "$out/evidence.pcapng" 2>/dev/null | wc -l)" \
    "and sees a comment with every frame"
echo "1..$n"
