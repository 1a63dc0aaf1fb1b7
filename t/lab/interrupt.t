#!/bin/bash
# SPDX-License-Identifier: ISC
# interrupt: an audit that is told to stop, and one that stops for the sake of
# the hosts. Whoever is being talked with is taken leave of, what is known is
# reported, and a host that has died is left in peace.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=t/lab/netns.sh
. t/lab/netns.sh
# shellcheck source=t/lab/wardtap.sh
. t/lab/wardtap.sh
# shellcheck source=t/lab/judge.sh
. t/lab/judge.sh

need node timeout "$py"
[ -x "$GANTRY" ] || skip_all "gantry is not built"
lab_up stop || bail "no lab"

now_ms() {
	echo $(($(date +%s%N) / 1000000))
}

# audit_begin NAME ARGS...: in the background, its process in $audit. What a
# shell begins in the background has its interrupts ignored: not so here.
audit_begin() {
	name=$1 out=$LAB_DIR/$1
	shift
	ip netns exec "$LAB_SCAN_NS" env --default-signal=INT,TERM \
	    "$GANTRY" audit -o "$out" "$@" \
	    >"$out.out" 2>"$out.err" </dev/null &
	audit=$!
	lab_track "$audit"
}

# audit_end SECONDS: waits for it, no longer than that; $status, $took (ms).
audit_end() {
	local began tries=0
	began=$(now_ms)
	while kill -0 "$audit" 2>/dev/null && [ $tries -lt $(($1 * 50)) ]; do
		tries=$((tries + 1))
		sleep 0.02
	done
	took=$(($(now_ms) - began))
	if kill -KILL "$audit" 2>/dev/null; then
		echo "# $name: still there after $1 s, and killed"
	fi
	wait "$audit" 2>/dev/null
	status=$?
}

sound() { # sound OUTCOME: what was left is whole and says so
	local files="assets.csv evidence.pcapng facts.ndjson metrics.prom nmap.xml"
	files+=" report.html report.json"
	# What a run can be gone on from, while there is something to go on.
	[ "$1" = "done" ] || files+=" run.json"
	fails "$name: report.json is valid by its schema" \
	    "$(node t/lab/valid.js "$out/report.json" 2>&1)"
	is "$("$py" -c 'import json, sys
print(json.load(open(sys.argv[1]))["run"]["outcome"])' \
	    "$out/report.json" 2>&1)" "$1" "$name: its outcome is $1"
	is "$(cd "$out" && echo *)" \
	    "$files" "$name: its files are there, and nothing else"
	grep -q '</html>$' <<<"$(tail -c 9 "$out/report.html")"
	ok $? "$name: the page has its end"
}

### Told to stop, in the middle of the demo's ward.
lab_route 10.16.20.0/24 10.16.12.1
lab_ward t/ward/demo.yaml -d 120 || bail "no ward"
for signal in INT TERM; do
	audit_begin "sig$signal" 10.16.12.0/23 10.16.20.24/29 --listen 60
	sleep 6
	kill -0 "$audit" 2>/dev/null
	ok $? "$name: it is under way"
	kill -"$signal" "$audit"
	audit_end 20
	is "$status" 4 "$name: exit code 4"
	[ "$took" -lt 12000 ]
	ok $? "$name: conversations are ended, not waited out ($took ms)"
	sound interrupted
	judge "$out" "$name" <<-'PY'
	from claims import *
	report, name = Report(sys.argv[1]), sys.argv[2]
	claim(name + ": what was known is reported",
	      len(report.assets) >= 10 or len(report.assets))
	with open(os.path.join(sys.argv[1], "facts.ndjson")) as f:
	    lines = [json.loads(line) for line in f]
	same(name + ": and every fact of it is in facts.ndjson",
	     len(lines), sum(len(a.json["facts"]) for a in report.assets))
	claim(name + ": there are facts from conversations", any(
	    f["key"] == "port.state" and f["about"].startswith("tcp/")
	    for f in lines))
	claim(name + ": nobody is called halted", report.run["halted"])
	PY
	grep -qi interrupted "$out.err"
	ok $? "$name: it said so"
	lab_harm
	is "$(harm total harm_total)" 0 "$name: no harm was done"
	is "$(harm 10.16.13.4 unreleased_associations) $(harm 10.16.13.5 \
	    unreleased_associations) $(harm 10.16.12.30 \
	    unreleased_associations)" "0 0 0" "$name: no association is left"
	sleep 1 # another audit is another visitor; one at a time
done

audit_begin twice 10.16.12.0/23 --listen 60
sleep 6
kill -INT "$audit"
sleep 0.2
kill -INT "$audit" 2>/dev/null
audit_end 20
is "$status" 4 "$name: exit code 4"
[ "$took" -lt 5000 ]
ok $? "$name: it stopped at once ($took ms)"
sound interrupted
lab_ward_stop

### Told to stop in each stage of a slow association.
printf 'network: 10.16.12.0/23\nhosts:
  - {address: 10.16.13.4, mac: "08:00:20:0b:5c:e1", personality: genesis-console}
' >"$LAB_DIR/slow.yaml"
lab_ward "$LAB_DIR/slow.yaml" -P t/ward/personalities --delay 800 ||
    bail "no slow ward"
for wait_s in 1.5 2 2.5 3 3.5; do
	audit_begin "slow-$wait_s" 10.16.13.4 --ports 104 --listen 60
	sleep "$wait_s"
	kill -INT "$audit"
	audit_end 15
	is "$status" 4 "$name: exit code 4"
	sleep 2 # its last packets are on their way
done
lab_harm
hits=$(harm 10.16.13.4 service_hits.tcp/104)
echo "# $hits associations"
[ "$hits" != none ] && [ "$hits" -ge 3 ]
ok $? "slow: there were associations to leave"
is "$(harm 10.16.13.4 unreleased_associations)" 0 \
    "slow: none was left without release or abort"
is "$(harm total harm_total)" 0 "slow: no harm of another kind either"
lab_ward_stop

### A host that dies, and two.
mkdir "$LAB_DIR/personalities"
cp t/ward/personalities/*.yaml "$LAB_DIR/personalities/"
# At its first half-open connection: no host is so frail, but so it dies
# whatever gantry does, and gantry has to notice.
sed 's/^  hang_half_open: .*/  hang_half_open: 1/' \
    t/ward/personalities/genesis-console.yaml \
    >"$LAB_DIR/personalities/dying-console.yaml"
grep -q '^  hang_half_open: 1$' "$LAB_DIR/personalities/dying-console.yaml" ||
    bail "the console cannot be made to die"

dying() { # dying NAME COUNT: a ward of so many, and two in good health
	{
		printf 'network: 10.16.12.0/23\nhosts:\n'
		printf '  - {address: 10.16.12.%d, mac: "%s", personality: %s}\n' \
		    30 00:14:22:6e:08:c4 linux-dcmtk \
		    40 00:60:b0:5d:13:88 printer
		for ((i = 1; i <= $2; i++)); do
			printf '  - {address: 10.16.13.%d, mac: "%s:%02d", personality: %s}\n' \
			    "$i" 08:00:20:0b:5c "$i" dying-console
		done
	} >"$LAB_DIR/$1.yaml"
	lab_ward "$LAB_DIR/$1.yaml" || bail "no ward where hosts die"
}

dying one 1
audit_begin one-dies 10.16.12.30 10.16.12.40 10.16.13.1 --ports default
audit_end 60
is "$status" 0 "$name: exit code 0: the others were looked at"
sound "done"
grep -q '^audit: .*HALTED 10\.16\.13\.1' "$out.err"
ok $? "$name: it said so, loudly"
lab_ward_stop
is "$(harm 10.16.13.1 alive)" False "$name: the host did die"
judge "$out" "$LAB_HARM" "$name" <<'PY'
from claims import *
report, name = Report(sys.argv[1]), sys.argv[3]
with open(sys.argv[2]) as f:
    harm = json.load(f)["hosts"]
dead = [h for h in harm if h["address"] == "10.16.13.1"][0]
# The half-open connection that killed it stays half open.
claim(name + ": no other harm was done", [
    "%s: %d of %s" % (h["address"], h[key], key) for h in harm
    for key in LINES_OF_HARM
    if h[key] > (h is dead and key in ("hung", "half_open_abandoned"))])
claim(name + ": at most 2 packets reached it after it died",
      dead["packets_after_hang"] <= 2 or dead["packets_after_hang"])
same(name + ": the run has it as halted",
     [h["address"] for h in report.run["halted"]], ["10.16.13.1"])
claim(name + ": with a reason", all(h["reason"] for h in report.run["halted"])
      and len(report.run["halted"]) > 0)
asset = report.at("10.16.13.1")
claim(name + ": so has the asset", len(asset.values("host.halted")) == 1)
claim(name + ": and a person is told", any(
    "halt" in a.lower() or "silent" in a.lower() or "broken off" in a.lower()
    for a in asset.json["alerts"]) or asset.json["alerts"] or "no alert")
same(name + ": the DICOM node was looked at to the end",
     (report.at("10.16.12.30").grade, report.at("10.16.12.30").fingerprint),
     ("confirmed", "dicom-dcmtk-node"))
same(name + ": and the printer",
     sorted(report.at("10.16.12.40").ports()), [21, 80])
PY

dying two 2
audit_begin two-die 10.16.12.30 10.16.12.40 10.16.13.1-10.16.13.2 --listen 60
audit_end 40
is "$status" 4 "$name: exit code 4"
sound halted
lab_ward_stop
is "$(harm 10.16.13.1 alive) $(harm 10.16.13.2 alive)" "False False" \
    "$name: both died"
judge "$out" "$LAB_HARM" "$name" <<'PY'
from claims import *
report, name = Report(sys.argv[1]), sys.argv[3]
with open(sys.argv[2]) as f:
    harm = json.load(f)["hosts"]
dead = [h for h in harm if not h["alive"]]
claim(name + ": no other harm was done", [
    "%s: %d of %s" % (h["address"], h[key], key) for h in harm
    for key in LINES_OF_HARM
    if h[key] > (h in dead and key in ("hung", "half_open_abandoned"))])
claim(name + ": at most 2 packets reached each after it died", [
    "%s: %d" % (h["address"], h["packets_after_hang"])
    for h in dead if h["packets_after_hang"] > 2])
same(name + ": the run has both and itself as halted",
     sorted(str(h["address"]) for h in report.run["halted"]),
     ["10.16.13.1", "10.16.13.2", "None"])
claim(name + ": it did not go on listening",
      report.run["listened_s"] < 40 or report.run["listened_s"])
PY
grep -q 'run halted' "$out.err"
ok $? "$name: it said so"
echo "1..$n"
