#!/bin/bash
# SPDX-License-Identifier: ISC
# nights: a hospital of six segments swept night after night while it changes as
# a script says: what is told is what was changed, once, in its night, with its
# word; and the inventory grows by what changed alone.  Then nights in which one
# packet in five is lost and nothing changes: nothing is told.
#
#	t/lab/nights.sh [DEVICES [NIGHTS [LOSSY [together]]]]
#
# 1,200 devices, 30 nights and 5 lossy ones if not said: some ten minutes,
# and no part of make check; t/lab/nights.t is a small one.  Nights follow one
# another as fast as they can be swept: who is gone is counted in runs.  CARE=gentle
# or standard sweeps as that care does, at its default ports, and takes as long.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=t/lab/netns.sh
. t/lab/netns.sh
# shellcheck source=t/lab/wardtap.sh
. t/lab/wardtap.sh
# shellcheck source=t/lab/judge.sh
. t/lab/judge.sh

devices=${1:-1200} nights=${2:-30} lossy=${3:-5} together=${4:-}
need timeout "$py"
[ -x "$GANTRY" ] || skip_all "gantry is not built"
lab_up nights 10.16.32.1/21 || bail "no lab"
lab_route 10.16.40.0/22 10.16.32.254
plan=$LAB_DIR/plan
"$py" t/lab/nights.py plan "$plan" "$devices" "$nights" "${CARE:-}" ||
    bail "no plan"

# ward NIGHT OPTION...: the hospital as it stands in that night.
ward() {
	local night=$1
	shift
	cp t/ward/personalities/*.yaml "$plan/$night.personalities/"
	lab_ward "$plan/$night.yaml" -d 900 -P "$plan/$night.personalities" \
	    --seed "$night" "$@" || bail "no ward: $(cat "$LAB_LOG")"
}

gantry() {
	lab_run timeout --kill-after=5 600 "$GANTRY" sweep -v --config \
	    "$plan/gantry.yaml" "$@" >>"$plan/$name.out" 2>>"$plan/$name.err" \
	    </dev/null
}
# All segments: one after another, or, as timers do it, each by itself.
all_segments() {
	local one pids=() code=0 worst=0
	if [ -z "$together" ]; then
		gantry "$@"
		return
	fi
	for one in $segments; do
		gantry "$one" "$@" &
		pids+=($!)
	done
	for one in "${pids[@]}"; do
		wait "$one"
		code=$?
		[ "$code" = 0 ] || worst=$code
	done
	return "$worst"
}
# What halted for the hosts' sake waits for the word of a person, who says it.
go_on() {
	local one unfinished
	for _ in 1 2 3 4 5; do
		unfinished=
		for one in $segments; do
			[ ! -e "$plan/state/segments/$one/last/run.json" ] ||
			    unfinished="$unfinished $one"
		done
		[ -n "$unfinished" ] || return 0
		echo "# night $name: halted, gone on with:$unfinished"
		# shellcheck disable=SC2086 # several words
		gantry --go-on $unfinished && return
	done
	return 4
}

# night NAME OPTION...: what was said is in NAME.out and NAME.err.
night() {
	local name=$1 began
	shift
	began=$(date +%s%N)
	all_segments "$@"
	status=$?
	# The lossy ones may halt again and again.
	[[ $status != 4 || $name == lossy-* ]] || { go_on; status=$?; }
	lab_ward_stop
	"$py" t/lab/nights.py note "$plan" "$name" "$status" \
	    "$((($(date +%s%N) - began) / 1000000))" "$LAB_HARM"
}

segments=$("$py" t/lab/nights.py segments)
for i in $(seq "$nights"); do
	# shellcheck disable=SC2046 # several words
	ward "$i" $("$py" t/lab/nights.py options "$plan" "$i")
	night "$i"
done
judge "$plan" "${CARE:-}" <<'PY'
import nights
from claims import *
nights.judge(sys.argv[1], sys.argv[2], same, claim)
PY

# As it stood in the last night.  A sweep that loss made halt waits for a person,
# who says go on.
for i in $(seq "$lossy"); do
	ward "$nights" --loss 20
	night "lossy-$i" --go-on
done
ward "$nights"
night "after" --go-on
judge "$plan" <<'PY'
import nights
from claims import *
nights.judge_loss(sys.argv[1], same, claim)
PY
echo "1..$n"
