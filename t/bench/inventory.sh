#!/bin/bash
# SPDX-License-Identifier: ISC
# inventory.sh [FACTS [LIMIT_MS]]: an inventory with so many facts of history (a
# million if not said), and how long it takes to answer.  Exit status 1 where an
# answer takes longer than the limit (1000 ms), the best of three counting.
set -u
cd "$(dirname "$0")/../.." || exit 2
facts=${1:-1000000} limit=${2:-1000}
B=${B:-build}
gantry=${GANTRY:-$B/gantry}
[ -x "$B/t/bench/history" ] || {
	echo "inventory: make unit first" >&2
	exit 2
}
work=$(mktemp -d /tmp/bench-inventory-XXXXXX) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
"$B/t/bench/history" "$work/i.db" "$facts" || exit 2
printf '%s facts, %s MB\n' "$facts" "$(($(stat -c %s "$work/i.db") >> 20))"
slow=0
answer() { # answer NAME CMD...
	local name=$1 best=999999 ms start
	shift
	for _ in 1 2 3; do
		start=$(date +%s%N)
		"$@" >"$work/out" 2>&1
		ms=$((($(date +%s%N) - start) / 1000000))
		[ $ms -lt $best ] && best=$ms
	done
	printf '%-28s %5d ms  %s lines\n' "$name" "$best" "$(wc -l <"$work/out")"
	[ $best -le "$limit" ] || slow=1
}
db=(--db "$work/i.db")
answer "assets" "$gantry" assets "${db[@]}"
answer "assets --json -" "$gantry" assets --json - "${db[@]}"
answer "assets show 17" "$gantry" assets show 17 "${db[@]}"
answer "diff" "$gantry" diff "${db[@]}"
answer "diff 1000 last" "$gantry" diff 1000 last "${db[@]}"
answer "diff --since 2026-12-01" "$gantry" diff --since 2026-12-01 "${db[@]}"
answer "report" "$gantry" report "${db[@]}"
answer "report --json -" "$gantry" report --json - "${db[@]}"
[ $slow = 0 ]
