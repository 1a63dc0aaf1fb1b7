#!/bin/bash
# SPDX-License-Identifier: ISC
# replay: the origin note's captures read again. What the note's author had to
# find out in days is to stand in the report, with every clue and with what
# was not looked at; what the report rests on can itself be replayed.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=t/lab/wardtap.sh
. t/lab/wardtap.sh
# shellcheck source=t/lab/judge.sh
. t/lab/judge.sh

[ -x "$GANTRY" ] || skip_all "gantry is not built"
for tool in tshark node xmllint timeout "$py"; do
	command -v "$tool" >/dev/null || skip_all "no $tool"
done
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

replay() { # replay NAME FILE...: into $tmp/NAME
	local name=$1 status
	shift
	timeout 20 "$GANTRY" replay -o "$tmp/$name" "$@" \
	    >"$tmp/$name.out" 2>"$tmp/$name.err" </dev/null
	status=$?
	is "$status" 0 "$name: replayed"
	[ "$status" = 0 ] || sed 's/^/# /' "$tmp/$name.err"
}

replay datagrams t/data/origin-datagrams.pcap
replay datagrams-ng t/data/origin-datagrams.pcapng
replay trace t/data/origin-trace.pcap
replay trace-ng t/data/origin-trace.pcapng
replay again "$tmp/datagrams/evidence.pcapng"
replay trace-again "$tmp/trace/evidence.pcapng"
replay both t/data/origin-trace.pcap t/data/origin-datagrams.pcapng
all="datagrams datagrams-ng trace trace-ng again trace-again both"
for name in $all; do
	[ -s "$tmp/$name/report.json" ] || bail "$name: no report.json"
done

judge "$tmp" <<'PY'
from claims import *
import re
def report(name):
    return Report(os.path.join(sys.argv[1], name))
def essence(asset):
    return sorted((f["about"], f["key"], f["value"])
                  for f in asset.json["facts"])
def near(what, got, want, by):
    claim(what, [] if abs(got - want) <= by else "got %s" % got)

NOTE = "128.231.213.4"
for name, beacons in (("datagrams", "4"), ("trace", "9"), ("both", "13")):
    r = report(name)
    same(name + ": one asset, at the note's address",
         [a.address for a in r.assets], [NOTE])
    a = r.at(NOTE)
    same(name + ": its name", a.json["names"], ["NMR1/IC0"])
    same(name + ": it was only overheard", a.json["standing"], "heard")
    for key, want in (("advantagenet.suite", "NMR1"),
                      ("advantagenet.station", "IC0"),
                      ("advantagenet.role", "independent-console"),
                      ("advantagenet.words", "0000007e000005e8"),
                      ("advantagenet.destination", "host-zeros"),
                      ("advantagenet.beacons", beacons),
                      ("advantagenet.port_step", "1"),
                      ("advantagenet.ipid_step", "1"),
                      ("ip.ttl", "60"),
                      ("udp.checksum_off", "yes"),
                      ("port.speaks", "advantagenet")):
        same("%s: %s is %s" % (name, key, want), a.value(key), want)
    claim(name + ": TTL 60 may have begun as 60",
          "60" in (a.value("ip.ttl_initial") or "").split(",") or
          a.values("ip.ttl_initial"))
    same(name + ": the MAC's vendor by the name it had then",
         a.json["vendor_oui"], "Sun Microsystems")
    if name != "both":
        near(name + ": a period of 120.01 s, within 0.1",
             a.number("advantagenet.period_s"), 120.01, 0.1)
    claim(name + ": at least probable as an AdvantageNet station or console",
          (a.grade in ("probable", "confirmed") and a.fingerprint in
           ("ge-advantagenet-station", "ge-genesis-console")) or
          "%s %s" % (a.grade, a.fingerprint))
    v = a.verdict
    with open("fingerprints/devices/%s.yaml" % a.fingerprint) as f:
        text = re.search(r"(?ms)^clues:\n(.*?)(?=^\w|\Z)", f.read()).group(1)
    known = sorted(re.findall(r"(?m)^  - name: *(\S+)", text))
    claim(name + ": the fingerprint has clues", len(known) > 5 or known)
    same(name + ": every clue of it is told", known, sorted(
        c["clue"] for side in ("clues", "against", "not_looked_at")
        for c in v[side]))
    claim(name + ": what was not looked at is told, with how to look", [
        c["clue"] for c in v["not_looked_at"]
        if not c["needs"] or not c["settled_by"]]
        if v["not_looked_at"] else "nothing told")
    claim(name + ": nothing that needs an answer is held for or against", [
        "%s: %s %s" % (c["clue"], f["key"], f["value"])
        for side in ("clues", "against") for c in v[side]
        for f in c["facts"] if f["about"].startswith("tcp/")])
    same(name + ": the weights add up",
         v["prior"] + sum(c["weight"] for c in v["clues"] + v["against"]
                          if c["counted"]), v["sum"])
    claim(name + ": every clue for it rests on facts, reason and source", [
        c["clue"] for c in v["clues"]
        if not (c["facts"] and c["reason"] and c["source"])])
    same(name + ": nothing was sent, and all was read",
         [r.run[k] for k in ("packets_sent", "talks", "hosts_probed",
                             "frames_read", "frames_broken")],
         [0, 0, 0, int(beacons), 0])

    frames = pcapng_frames(os.path.join(sys.argv[1], name,
                                        "evidence.pcapng"))
    same(name + ": the evidence has every frame", len(frames), int(beacons))
    claim(name + ": each with its facts in a comment", [
        comment for _, comment in frames
        if "advantagenet.beacon=" not in comment])
    framed = [f for f in a.json["facts"]
              if f["evidence"] and "frame" in f["evidence"]]
    claim(name + ": facts rest on them", len(framed) >= 10 or len(framed))
    claim(name + ": with the bytes where the fact says", [
        "%s: %s" % (f["key"], f["evidence"]) for f in framed
        if not 1 <= f["evidence"]["frame"] <= len(frames) or
        not frames[f["evidence"]["frame"] - 1][0]
        [f["evidence"]["offset"]:].startswith(
            bytes.fromhex(f["evidence"]["hex"]))])

datagrams, trace = report("datagrams").at(NOTE), report("trace").at(NOTE)
for name, first in (("datagrams-ng", datagrams), ("again", datagrams),
                    ("trace-ng", trace), ("trace-again", trace)):
    a = report(name).at(NOTE)
    claim(name + ": the same facts as before",
          list(set(essence(a)) ^ set(essence(first))))
    same(name + ": and the same verdict",
         [a.verdict[k] for k in ("grade", "fingerprint", "probability")],
         [first.verdict[k] for k in ("grade", "fingerprint",
                                     "probability")])
PY

### Other people's eyes.
for name in $all; do
	fails "$name: report.json is valid by its schema" \
	    "$(node t/lab/valid.js "$tmp/$name/report.json" 2>&1)"
done
for name in datagrams trace both; do
	frames=$(tshark -n -r "$tmp/$name/evidence.pcapng" 2>/dev/null | wc -l)
	is "$(tshark -n -r "$tmp/$name/evidence.pcapng" -Y frame.comment \
	    2>/dev/null | wc -l)" "$frames" \
	    "$name: tshark sees a comment with every frame"
	is "$(tshark -n -r "$tmp/$name/evidence.pcapng" -Y 'udp.dstport == 1600 &&
	    frame.comment contains "advantagenet.suite=NMR1"' \
	    2>/dev/null | wc -l)" "$frames" "$name: and in it the suite"
	fails "$name: the page is well formed" \
	    "$(xmllint --noout --nonet "$tmp/$name/report.html" 2>&1)"
done
is "$(tshark -n -r "$tmp/datagrams/evidence.pcapng" -T fields \
    -e frame.time_epoch -e frame.len -e frame.cap_len 2>/dev/null)" \
    "$(tshark -n -r t/data/origin-datagrams.pcap -T fields \
	-e frame.time_epoch -e frame.len -e frame.cap_len 2>/dev/null)" \
    "the evidence keeps times and lengths"

judge "$tmp" <<'PY'
from claims import *
import base64, hashlib, re
for name in ("datagrams", "trace"):
    with open(os.path.join(sys.argv[1], name, "report.html")) as f:
        page = f.read()
    tags = re.findall(r"<[a-zA-Z][^>]*>", page)
    claim(name + ": the page has tags", len(tags) > 50 or len(tags))
    scripts = re.findall(r"(?is)<script([^>]*)>(.*?)</script>", page)
    digest = [base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
              for _, body in scripts]
    claim(name + ": its one script is the one its policy names, and none by "
          "attribute", [
        t for t in tags
        if re.search(r"(?i)\son\w+\s*=|javascript:", t)] +
        [d for d in digest if "script-src 'sha256-%s'" % d not in page] +
        ([] if len(scripts) == 1 and not scripts[0][0] else [len(scripts)]))
    claim(name + ": which asks for nothing", re.findall(
        r"\b(?:fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|import)"
        r"\s*\(|\.src\b|innerHTML", scripts[0][1]))
    page = re.sub(r"(?is)<script[^>]*>.*?</script>", "", page)
    claim(name + ": nothing in it is fetched from anywhere", [
        t for t in tags
        if re.search(r"(?i)\s(src|href|action|data|poster|srcset|background)"
                     r"\s*=\s*[\"']?\s*(?!#)[^\"' >]", t) or
        re.match(r"(?i)<(link|iframe|object|embed|img|base)\b", t)] +
        re.findall(r"(?i)url\([^)]*\)|@import[^;]*", page))
    report = Report(os.path.join(sys.argv[1], name))
    verdict = report.assets[0].verdict
    words = ["128.231.213.4", "NMR1/IC0", verdict["name"], verdict["grade"]]
    words += [c["clue"] for side in ("clues", "against", "not_looked_at")
              for c in verdict[side]]
    claim(name + ": it shows the asset, the verdict and every clue",
          [w for w in words if w not in page])
PY
echo "1..$n"
