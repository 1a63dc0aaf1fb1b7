#!/bin/bash
# SPDX-License-Identifier: ISC
# builds: warnings are errors under gcc and clang; the unit tests are clean
# under AddressSanitizer and UndefinedBehaviorSanitizer.
cd "$(dirname "$0")/.." || exit 1
unset MAKEFLAGS MAKELEVEL MFLAGS
san='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all'
n=0
try() { # try NAME COMMAND...
	local name=$1 out
	shift
	n=$((n + 1))
	if out=$("$@" 2>&1); then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		echo "$out" | grep -E 'error|warning|not ok|Fail|ERROR|SUMMARY|Dubious|\*\*\*' |
		    head -n 30 | sed 's/^/#   /'
	fi
}
echo 1..4
try "gcc -Werror" make -j2 B=build/gcc CC=gcc WERROR=-Werror all ward unit
try "clang -Werror" make -j2 B=build/clang CC=clang WERROR=-Werror all ward unit
try "builds with the sanitizers" \
    make -j2 B=build/asan CC=gcc CFLAGS="$san" FORTIFY= all ward unit
# shellcheck disable=SC2046
try "unit tests under the sanitizers" prove -Q \
    $(for f in t/*.c; do [ "$f" = t/unit.c ] || echo "build/asan/${f%.c}"; done)
