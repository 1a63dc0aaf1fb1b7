#!/bin/bash
# SPDX-License-Identifier: ISC
# inventory: audits of a ward into one database: again and again while one
# packet in five is lost, two at a time with a reader between, killed and gone
# on with, on a disk that is full.
set -u
# shellcheck source=t/lab/netns.sh
. t/lab/netns.sh
# shellcheck source=t/lab/wardtap.sh
. t/lab/wardtap.sh
need "$py"

gantry=${GANTRY:-build/gantry}
[ -x "$gantry" ] || skip_all "gantry is not built"
work=$(mktemp -d /tmp/labinv-XXXXXX) || bail "no scratch directory"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# lab_one NAME CMD...: CMD in a lab of its own; its output is $work/NAME.out.
lab_one() {
	local name=$1
	shift
	lab_up "iv-$name" || exit 1
	trap 'exit 143' TERM
	"$@" >"$work/$name.out" 2>"$work/$name.err"
	lab_ward_stop
}
hosts=(10.16.12.10 10.16.12.20 10.16.12.30 10.16.12.31 10.16.12.40
    10.16.13.4 10.16.13.5 10.16.12.200-10.16.12.203)
ports=(--no-reserved --ports "T:21,104,111,U:111")

# Loss: seven nights.
lossy() {
	local i
	lab_ward t/ward/demo.yaml -s 120 --seed 11 --loss 20 || exit 1
	for i in 1 2 3 4 5 6 7; do
		lab_run timeout 100 "$gantry" audit "${hosts[@]}" "${ports[@]}" \
		    --rate 1000 -q --db "$work/lossy.db" >/dev/null
		echo "$?"
	done
}
# Two at a time, and somebody who reads.
together() {
	local a b i bad=0
	lab_ward t/ward/demo.yaml -s 120 --seed 11 || exit 1
	"$gantry" audit --dry-run 10.16.12.1 --db "$work/two.db" >/dev/null 2>&1
	lab_run timeout 100 "$gantry" audit 10.16.12.0/24 "${ports[@]}" -q \
	    --exclude 10.16.12.99 --rate 1000 --db "$work/two.db" >/dev/null &
	a=$!
	lab_run timeout 100 "$gantry" audit 10.16.13.0/24 "${ports[@]}" -q \
	    --rate 1000 --db "$work/two.db" >/dev/null &
	b=$!
	while kill -0 "$a" 2>/dev/null || kill -0 "$b" 2>/dev/null; do
		sleep 0.3
		[ ! -s "$work/two.db" ] ||
		    "$gantry" assets --db "$work/two.db" >/dev/null 2>"$work/reader" ||
		    { bad=1; cat "$work/reader"; }
	done
	wait "$a"
	i=$?
	wait "$b"
	echo "$i $? $bad"
}
# Killed, with nothing but the database, and gone on with.
killed() {
	local db=$work/killed.db run i
	lab_ward t/ward/demo.yaml -s 120 --seed 11 || exit 1
	lab_run timeout -s KILL 4 "$gantry" audit "${hosts[@]}" "${ports[@]}" \
	    -q --db "$db" >/dev/null 2>&1
	run=$(ls "$db.runs")
	echo "$run" | grep -qE '^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{4}$' && echo one
	cp "$db.runs/$run/facts.ndjson" "$work/killed.facts"
	lab_run timeout 100 "$gantry" audit --resume "$run" --db "$db" -q >/dev/null
	echo "exit $?"
	ls "$db.runs"
}
# A disk that fills while the audit goes on, in a mount namespace.
full() {
	mkdir "$work/small"
	lab_ward t/ward/demo.yaml -s 120 --seed 11 || exit 1
	# shellcheck disable=SC2016
	unshare -m --propagation private bash -c '
		mount -t tmpfs -o size=200k none "$1/small" || exit 9
		ns=$2 gantry=$3 work=$1
		shift 3
		head -c 40000 /dev/zero >"$work/small/other"
		ip netns exec "$ns" timeout 100 "$gantry" audit "$@" -q \
		    -o "$work/full" --db "$work/small/i.db" >/dev/null 2>"$work/full.said"
		echo "exit $?"
	' full "$work" "$LAB_SCAN_NS" "$gantry" "${hosts[@]}" "${ports[@]}"
}

# An archive that has another address the second time.
moved() {
	lab_ward t/ward/demo.yaml -s 120 --seed 11 || exit 1
	lab_run timeout 100 "$gantry" audit 10.16.12.28-10.16.12.34 --ports 104 \
	    -q --db "$work/moved.db" -o "$work/moved-1"
	lab_ward_stop
	sed 's/10\.16\.12\.31$/10.16.12.33/' t/ward/demo.yaml >"$work/moved.yaml"
	lab_ward "$work/moved.yaml" -P t/ward/personalities -s 120 --seed 11 ||
	    exit 1
	lab_run timeout 100 "$gantry" audit 10.16.12.28-10.16.12.34 --ports 104 \
	    -q --db "$work/moved.db" -o "$work/moved-2"
}

for job in lossy together killed full moved; do
	lab_one "$job" "$job" &
done
wait

ask() { "$gantry" "$@" --db "$work/$db.db"; }
db=lossy
# So much loss looks like dying hosts, and halts most runs: that is right, too.
is "$(grep -cvE '^[04]$' "$work/lossy.out")" 0 "seven audits while one packet in five is lost"
# Who was not heard in the first night is new when it is; nothing else is told.
said=$(ask diff 1 last)
is "$(grep . <<<"$said" | grep -cvE '^[0-9-]+ [0-9:]+ +new ')" 0 \
    "and no event but a device not heard before"
[ -z "$said" ] || echo "$said" | head -20 | sed 's/^/# /'
known=$(ask assets | grep -c present)
echo "# $known devices"
[ "$known" -ge 4 ]
ok $? "though the devices are known"
is "$(ask assets --json - | "$py" -c '
import json, sys
print(len({a["address"] for a in json.load(sys.stdin)["assets"]
           if a["grade"] == "confirmed" and a["device"] in (
               "GE Genesis master console", "GE HiSpeed Advantage console")}))
')" 2 "both consoles for what they are: the clock runs fast, so not by rhythm"
is "$(find "$work/lossy.db.runs" -mindepth 1 -maxdepth 1 | wc -l)" \
    "$(grep -c 4 "$work/lossy.out")" "runs that are done leave no place to work in, others do"

db=two
is "$(tail -1 "$work/together.out")" "0 0 0" "two audits and a reader on one database"
is "$(ask assets | awk '{print $3}' | sort | uniq -d | head -1)" "" "nothing is there twice"
[ "$(ask assets | grep -c present)" -ge 10 ]
ok $? "what both met is there"

grep -q "Changed since" "$work/moved-1/report.html"
is $? 1 "a first report has nothing to compare with"
grep -q "Changed since" "$work/moved-2/report.html" &&
    grep -q "moved, address: 10.16.12.31 -&gt; 10.16.12.33" \
	"$work/moved-2/report.html"
ok $? "a later one tells what changed"

db=killed
is "$(sed -n 1p "$work/killed.out")" one "a killed audit leaves its place beside the database"
is "$(sed -n 2p "$work/killed.out")" "exit 0" "it goes on by the run's name"
is "$(sed -n 3p "$work/killed.out")" "" "and leaves nothing when it is done"
is "$(ask assets | grep -c "confirmed")" 7 "every device is in the inventory"
sqlite=$(tool sqlite3)
if [ -n "$sqlite" ]; then
	is "$("$sqlite" "$work/killed.db" 'SELECT count(*), sum(folded) FROM runs')" "1|1" "as one run"
	is "$("$sqlite" "$work/killed.db" 'SELECT count(*) FROM pending')" 0 "with nothing left over"
else
	skip 2 "no sqlite3"
fi

if [ "$(cat "$work/full.out")" = "exit 9" ]; then
	skip 3 "no mount namespace here"
else
	is "$(cat "$work/full.out")" "exit 2" "a full disk: the audit says so at its end"
	is "$(grep -c "the disk is full" "$work/full.said")" 1 "once"
	[ -s "$work/full/report.json" ]
	ok $? "and its report is there"
fi
echo "1..$n"
