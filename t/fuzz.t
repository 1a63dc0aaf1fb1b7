#!/bin/bash
# SPDX-License-Identifier: ISC
# fuzz: every input in the corpus, and a short hunt that is the same each time,
# under the sanitizers. "make fuzz" hunts for as long as one likes.
set -u
cd "$(dirname "$0")/.." || exit 1

n=0
check() { # check DESCRIPTION OFFENDING
	n=$((n + 1))
	if [ -z "$2" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		tail -n 30 <<<"$2" | sed 's/^/#   /'
	fi
}

said=$(t/fuzz/run.sh -b 2>&1) || {
	check "the targets can be built" "${said:-without a word}"
	echo "1..$n"
	exit 1
}
check "the targets are built" ""

# Of every probe there is something in the corpus: its name begins with it.
check "the corpus knows every probe" "$(
	sed -n 's/^PROBE(\(.*\))$/\1/p' probes/list.h |
	    while IFS= read -r probe; do
		    ls "t/fuzz/corpus/$probe"-* >/dev/null 2>&1 ||
			echo "nothing of $probe"
	    done
)"

# And its first byte chooses that probe, which a new one on the list changes.
check "each input is for the probe it is named after" "$(t/fuzz/renumber.sh -n)"

for source in t/fuzz/*.c; do
	target=$(basename "$source" .c)
	[ "$target" != replay ] || continue
	corpus=t/fuzz/corpus-$target
	[ "$target" != probes ] || corpus=t/fuzz/corpus
	for input in "$corpus"/*; do
		said=$(timeout 20 "build/fuzz/replay-$target" "$input" 2>&1)
		status=$?
		check "$target: ${input##*/}" "$(
			[ $status -eq 0 ] || echo "exit $status: $said"
		)"
	done
done

# A hunt must not leave its finds in the way of the next one's sameness.
rm -rf build/fuzz/found-*
said=$(timeout 120 t/fuzz/run.sh -n 20000 2>&1)
status=$?
check "a hunt of 20000 inputs finds nothing" "$(
	[ $status -eq 0 ] || echo "exit $status: $said"
)"
check "and did run" "$(
	ran=$(sed -n 's/^stat::number_of_executed_units: *//p' <<<"$said")
	for target in t/fuzz/*.c; do
		[ "$target" != t/fuzz/replay.c ] || continue
		[ "${ran%%$'\n'*}" -ge 20000 ] || echo "$said"
		ran=${ran#*$'\n'}
	done
)"
echo "1..$n"
