#!/bin/bash
# SPDX-License-Identifier: ISC
# period: one console listened to for three whole periods of its beacon, in
# real time, so that gantry can measure it. Takes more than six minutes.
#
# A second lab beside the first has the same console and is left after its
# first beacon: what the rhythm adds to the verdict is the difference.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=t/lab/netns.sh
. t/lab/netns.sh
# shellcheck source=t/lab/wardtap.sh
. t/lab/wardtap.sh
# shellcheck source=t/lab/judge.sh
. t/lab/judge.sh

console=10.16.13.4
listen=370 # 3 s to the first beacon, 361 s to the fourth, and some to spare

need timeout "$py"
[ -x "$GANTRY" ] || skip_all "gantry is not built"

# listen_to NAME SECONDS: an audit of the console in a lab of its own, to its
# end, with the lab gone again; what came of it is in $tmp/NAME.
listen_to() {
	LAB_SCAN_NS=
	lab_up "$1" || return 1
	lab_ward t/lab/period.yaml -P t/ward/personalities || return 1
	lab_run timeout --kill-after=10 470 "$GANTRY" audit -q \
	    --listen "$2" -o "$tmp/$1" "$console" \
	    >"$tmp/$1.out" 2>"$tmp/$1.err" </dev/null &
	lab_track "$!"
	wait "$!" # a trap ends this at once, a foreground command not
	echo "$?" >"$tmp/$1.status"
	lab_ward_stop
	cp "$LAB_HARM" "$tmp/$1.harm"
}

tmp=$(mktemp -d) || exit 1
labs=()
# Each lab takes itself down when its shell is told to end.
end() {
	[ ${#labs[@]} -eq 0 ] || {
		kill -TERM "${labs[@]}" 2>/dev/null
		wait "${labs[@]}" 2>/dev/null
	}
	rm -rf "$tmp"
}
trap end EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

(listen_to pd4 "$listen") &
labs+=("$!")
(listen_to pd1 10) &
labs+=("$!")

began=$SECONDS
while [ ! -e "$tmp/pd4.status" ] && kill -0 "${labs[0]}" 2>/dev/null; do
	sleep 5
	gone=$((SECONDS - began))
	[ $((gone % 60)) -ge 5 ] ||
	    echo "# period: $gone s of about $listen, $(grep -c \
		advantagenet.beacon\" "$tmp/pd4/facts.ndjson" 2>/dev/null
	    ) beacons heard" >&2
done
wait "${labs[@]}"
labs=()

for lab in pd4 pd1; do
	is "$(cat "$tmp/$lab.status" 2>&1)" 0 "$lab: the audit ends well"
	fails "$lab: without a word" "$(cat "$tmp/$lab.err" 2>&1)"
	LAB_HARM=$tmp/$lab.harm
	is "$(harm total harm_total)" 0 "$lab: no harm is done"
done

judge "$tmp/pd4" "$tmp/pd1" "$console" <<'PY'
from claims import *
long, short = Report(sys.argv[1]), Report(sys.argv[2])
many, one = long.at(sys.argv[3]), short.at(sys.argv[3])

def near(what, got, want, by):
    claim("%s is %s within %s" % (what, want, by),
          [] if abs(got - want) <= by else "got %s" % got)

same("the short lab heard one beacon", one.value("advantagenet.beacons"), "1")
same("and could not tell a period",
     one.values("advantagenet.period_s"), [])
same("the long lab heard four beacons",
     many.value("advantagenet.beacons"), "4")
near("the period", many.number("advantagenet.period_s"), 120.01, 0.1)
same("the source port goes up by one",
     many.value("advantagenet.port_step"), "1")
same("the IP ID goes up by one", many.value("advantagenet.ipid_step"), "1")
for asset, name in ((many, "long"), (one, "short")):
    same("%s: confirmed as the console" % name,
         (asset.grade, asset.fingerprint), ("confirmed", "ge-genesis-console"))
    same("%s: named by its suite and station" % name,
         asset.json["names"], ["NMR1/IC0"])
more = [c["clue"] for c in many.verdict["clues"] if c["counted"]]
less = [c["clue"] for c in one.verdict["clues"] if c["counted"]]
claim("its rhythm counts",
      ["only %s" % more] if set(more) - set(less) != {"rhythm"} else [])
claim("it makes the verdict surer: the sum",
      many.verdict["sum"] > one.verdict["sum"] or
      "%s, %s" % (many.verdict["sum"], one.verdict["sum"]))
claim("it makes the verdict surer: the probability",
      many.verdict["probability"] > one.verdict["probability"] or
      "%s, %s" % (many.verdict["probability"], one.verdict["probability"]))
claim("the run says how long it listened",
      long.run["listened_s"] >= 364 or long.run["listened_s"])
PY
echo "1..$n"
