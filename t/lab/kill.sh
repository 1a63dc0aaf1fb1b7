#!/bin/bash
# SPDX-License-Identifier: ISC
# kill.sh [INSTANTS [SEED [CARE...]]]: audits of the demo ward killed by SIGKILL
# at so many random instants (200 if not said), each gone on with to its end;
# the result must be that of an undisturbed run.  Each run is killed several
# times, at moments drawn anew; seeds are said, so that a failure can be had
# again.  One line for each run; exit status 1 where any went wrong.
#
# t/lab/kill.t does a handful as part of the tests.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=t/lab/netns.sh
. t/lab/netns.sh
instants=${1:-200} seed=${2:-$RANDOM}
shift $(($# < 2 ? $# : 2))
cares=("$@")
[ ${#cares[@]} -gt 0 ] || cares=(gentle standard)
gantry=${GANTRY:-build/gantry}
py=${PYTHON:-python3}
lab_possible || {
	echo "kill: $LAB_WHY" >&2
	exit 2
}
work=$(mktemp -d /tmp/kill-XXXXXX) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
RANDOM=$seed
echo "10.16.20.24/29  # behind the router" >"$work/list.txt"
gentle=(10.16.12.0/23 "@$work/list.txt" --no-reserved --rate 400
    --ports "T:21,23,25,104,111,11112,U:111" --exclude 10.16.12.99)
standard=(10.16.12.0/23 "@$work/list.txt" --no-reserved --care standard
    --rate 800 --ports "T:20-159,1024,11112,U:111")

# lab_one NAME CMD...: CMD in a lab and with a ward of its own.
lab_one() {
	local name=$1
	shift
	lab_up "kl-$name" || exit 1
	trap 'exit 143' TERM
	lab_route 10.16.20.0/24 10.16.12.1
	lab_ward t/ward/demo.yaml -s 120 --seed 7 || exit 1
	mkdir "$work/$name"
	"$@" "$work/$name" >"$work/$name.out" 2>"$work/$name.err"
	lab_ward_stop
	cp "$LAB_HARM" "$work/$name/harm.json"
}

undisturbed() { # OPTION... DIR
	local out=${*: -1}
	lab_run timeout 120 "$gantry" audit "${@:1:$#-1}" -q -o "$out" >/dev/null
	echo "$?" >"$out/code"
}

# killed MS,MS,... OPTION... DIR: SIGKILL after so long, then --resume, as often
# as there are numbers, and once more to the end.  The facts of each moment are
# kept.
killed() {
	local out=${*: -1} ms n=0 options=("${@:2:$#-2}")
	for ms in ${1//,/ }; do
		n=$((n + 1))
		if [ -e "$out/run.json" ]; then
			options=(--resume "$out")
		elif [ $n -gt 1 ] && [ -e "$out/report.json" ]; then
			break # it was quicker
		else
			options=("${@:2:$#-2}" -o "$out")
		fi
		lab_run timeout -s KILL "$(printf '%d.%03d' $((ms / 1000)) $((ms % 1000)))" \
		    "$gantry" audit "${options[@]}" -q >/dev/null 2>>"$out/said"
		[ $? = 137 ] && echo "$ms" >>"$out/kills"
		cp "$out/facts.ndjson" "$out/facts.$n" 2>/dev/null
	done
	if [ -e "$out/run.json" ]; then
		options=(--resume "$out")
	elif [ ! -e "$out/report.json" ]; then
		options=("${@:2:$#-2}" -o "$out")
	else
		echo 0 >"$out/code"
		return
	fi
	lab_run timeout 120 "$gantry" audit "${options[@]}" -q >/dev/null 2>>"$out/said"
	echo "$?" >"$out/code"
}

options_of() { # fills $options
	if [ "$1" = gentle ]; then options=("${gentle[@]}"); else options=("${standard[@]}"); fi
}

bad=0 done=0 run=0
for care in "${cares[@]}"; do
	options_of "$care"
	# A machine that is too busy for the ward is no measure of anything.
	for try in 1 2 3; do
		rm -rf "$work/whole-$care"
		lab_one "whole-$care" undisturbed "${options[@]}"
		[ "$("$py" t/lab/killed.py --confirmed "$work/whole-$care")" -ge 7 ] && break
		echo "# the undisturbed $care run was too slow ($try)"
	done
	[ "$(cat "$work/whole-$care/code")" = 0 ] || {
		echo "kill: the undisturbed $care run failed" >&2
		exit 2
	}
done
at_once=${KILL_AT_ONCE:-3}
while [ $done -lt "$instants" ]; do
	batch=()
	for ((i = 0; i < at_once && done < instants; i++)); do
		care=${cares[run % ${#cares[@]}]}
		moments=
		for ((k = 2 + RANDOM % 4; k > 0 && done < instants; k--, done++)); do
			moments+=${moments:+,}$((20 + (RANDOM * 32768 + RANDOM) % (RANDOM % 3 ? 4000 : 15000)))
		done
		run=$((run + 1))
		options_of "$care"
		batch+=("r$run $care $moments")
		lab_one "r$run" killed "$moments" "${options[@]}" &
	done
	wait
	for b in "${batch[@]}"; do
		read -r name care moments <<<"$b"
		said=$("$py" t/lab/killed.py "$work/whole-$care" "$work/$name" "$care" 2>&1)
		if [ -z "$said" ] && [ "$(cat "$work/$name/code" 2>/dev/null)" = 0 ]; then
			echo "ok $care, killed after $moments ms: $("$py" t/lab/killed.py --unknown "$work/$name") unknown"
		else
			bad=$((bad + 1))
			echo "not ok $care, killed after $moments ms (seed $seed)"
			printf '%s\nexit %s\n' "$said" "$(cat "$work/$name/code" 2>/dev/null)" | head -30 | sed 's/^/# /'
			tail -5 "$work/$name/said" 2>/dev/null | sed 's/^/# /'
		fi
		[ -n "${KILL_KEEP:-}" ] || rm -rf "${work:?}/$name"
	done
done
echo "$done instants in $run runs, $bad runs wrong (seed $seed)"
[ $bad = 0 ]
