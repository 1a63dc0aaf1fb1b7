#!/bin/bash
# SPDX-License-Identifier: ISC
# renumber - the first byte of each input in t/fuzz/corpus chooses the probe
# the input is named after: set it by the list of today.
#
#   t/fuzz/renumber.sh       set it
#   t/fuzz/renumber.sh -n    only name the inputs whose byte is another
set -u
cd "$(dirname "$0")/../.." || exit 2
number=0
while IFS= read -r probe; do
	want=$(printf '%02x' $number)
	for input in "t/fuzz/corpus/$probe"-*; do
		[ -e "$input" ] || continue
		[ "$(od -An -tx1 -N1 "$input" | tr -d ' ')" != "$want" ] ||
		    continue
		if [ "${1:-}" = -n ]; then
			echo "${input##*/}"
		else
			printf '%b' "\\x$want" | dd of="$input" bs=1 count=1 \
			    conv=notrunc 2>/dev/null
		fi
	done
	number=$((number + 1))
done < <(sed -n 's/^PROBE(\(.*\))$/\1/p' probes/list.h)
