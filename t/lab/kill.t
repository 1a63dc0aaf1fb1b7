#!/bin/bash
# SPDX-License-Identifier: ISC
# kill: a few audits killed by SIGKILL, of those t/lab/kill.sh does by the
# hundred: each goes on and ends with what an undisturbed one ends with.
set -u
. t/lab/netns.sh
lab_possible || {
	echo "1..0 # SKIP $LAB_WHY"
	exit 0
}
said=$(mktemp /tmp/killed-XXXXXX) || exit 1
trap 'rm -f "$said"' EXIT
trap 'exit 130' INT TERM
KILL_AT_ONCE=4 t/lab/kill.sh 10 "${SEED:-$RANDOM}" >"$said" 2>&1
n=0
while read -r line; do
	case $line in
	ok\ *)
		n=$((n + 1))
		echo "ok $n - ${line#ok }"
		;;
	not\ ok\ *)
		n=$((n + 1))
		echo "not ok $n - ${line#not ok }"
		;;
	*) echo "# ${line#\# }" ;;
	esac
done <"$said"
n=$((n + 1))
if [ "$n" -gt 1 ] && grep -q " 0 runs wrong" "$said"; then
	echo "ok $n - all of them"
else
	echo "not ok $n - all of them"
fi
echo "1..$n"
