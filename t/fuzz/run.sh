#!/bin/bash
# SPDX-License-Identifier: ISC
# run - the fuzz targets, hunting from the stored corpus.
#
#   t/fuzz/run.sh [SECONDS]   hunt so long with each target (60)
#   t/fuzz/run.sh -n RUNS     hunt so many inputs, the same every time
#   t/fuzz/run.sh -b          only build; t/fuzz.t does
#
# Every t/fuzz/*.c but replay.c is a target; its corpus is t/fuzz/corpus-NAME,
# or t/fuzz/corpus for "probes". What a hunt finds goes into build/fuzz/: new
# inputs into found-NAME/, an input that fails into NAME-crash-* and the like.
# One that failed belongs into the corpus once it is mended.
#
# Exit status: 0, 1 when something failed, 2 when it cannot be built.
set -u
cd "$(dirname "$0")/../.." || exit 2
unset MAKEFLAGS MAKELEVEL MFLAGS

dir=build/fuzz
cc=clang
sane=-fsanitize=address,undefined
flags="-std=c11 -D_GNU_SOURCE -I. -include scanner/banned.h -O1 -g
    -Wall -Wextra -Werror -fno-omit-frame-pointer -fno-sanitize-recover=all"

targets() {
	local file
	for file in t/fuzz/*.c; do
		[ "$file" = t/fuzz/replay.c ] || basename "$file" .c
	done
}

corpus_of() {
	if [ "$1" = probes ]; then
		echo t/fuzz/corpus
	else
		echo "t/fuzz/corpus-$1"
	fi
}

# The library once, with the fuzzer's eyes in it; each target twice: replay-*
# runs what it is given and needs no fuzzer, hunt-* is the fuzzer.
build() {
	local target libs
	make -s -j2 B=$dir CC=$cc FORTIFY= \
	    CFLAGS="-O1 -g -fno-omit-frame-pointer $sane,fuzzer-no-link \
		-fno-sanitize-recover=all" $dir/libgantry.a || return 1
	libs=$(make -s --no-print-directory print-libs) || return 1
	for target in $(targets); do
		# shellcheck disable=SC2086 # words
		$cc $flags $sane -o "$dir/replay-$target" \
		    "t/fuzz/$target.c" t/fuzz/replay.c $dir/libgantry.a \
		    $libs &&
		    $cc $flags $sane,fuzzer -o "$dir/hunt-$target" \
			"t/fuzz/$target.c" $dir/libgantry.a \
			$libs || return 1
	done
}

hunt() { # hunt TARGET FUZZER-OPTION...
	local target=$1
	shift
	mkdir -p "$dir/found-$target"
	echo "fuzz: $target, from $(corpus_of "$target")"
	"$dir/hunt-$target" -artifact_prefix="$dir/$target-" -max_len=4096 \
	    -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 "$@" \
	    "$dir/found-$target" "$(corpus_of "$target")"
}

build || {
	echo "fuzz: cannot build (clang and its fuzzer are needed)" >&2
	exit 2
}
case ${1:-60} in
-b) exit 0 ;;
-n) set -- -runs="${2:?so many}" -seed=1 ;;
*[!0-9]*)
	echo "fuzz: '$1' is no number of seconds" >&2
	exit 2
	;;
*) set -- -max_total_time="${1:-60}" ;;
esac
failed=0
for target in $(targets); do
	hunt "$target" "$@" || failed=1
done
exit $failed
