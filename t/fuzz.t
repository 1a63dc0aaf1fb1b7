#!/bin/bash
# SPDX-License-Identifier: ISC
# fuzz: every input in the corpus, and a short hunt that is the same each time,
# under the sanitizers. "make fuzz" hunts for as long as one likes.
set -u
cd "$(dirname "$0")/.." || exit 1

# shellcheck source=t/check.sh
. t/check.sh

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

# Its first byte says which probe an input is for (t/fuzz/probes.c).
tag_of() {
	local tag=0 i
	for ((i = 0; i < ${#1}; i++)); do
		tag=$(((31 * tag + $(printf '%d' "'${1:i:1}")) % 256))
	done
	printf '%02x' "$tag"
}
check "each of its inputs reaches the probe it is named for" "$(
	for input in t/fuzz/corpus/*; do
		probe=${input##*/}
		[ "$(head -c 1 "$input" | od -An -tx1)" = \
		    " $(tag_of "${probe%%-*}")" ] ||
			echo "$input: should begin with $(tag_of "${probe%%-*}")"
	done
)"

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
said=$(timeout 300 t/fuzz/run.sh -n 10000 2>&1)
status=$?
check "a hunt of 10000 inputs finds nothing" "$(
	[ $status -eq 0 ] || echo "exit $status: $said"
)"
check "and did run" "$(
	ran=$(sed -n 's/^stat::number_of_executed_units: *//p' <<<"$said")
	for target in t/fuzz/*.c; do
		[ "$target" != t/fuzz/replay.c ] || continue
		[ "${ran%%$'\n'*}" -ge 10000 ] || echo "$said"
		ran=${ran#*$'\n'}
	done
)"
echo "1..$n"
