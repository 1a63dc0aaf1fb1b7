#!/bin/bash
# SPDX-License-Identifier: ISC
# format: every C file is as clang-format would write it.
cd "$(dirname "$0")/.." || exit 1
echo 1..1
bad=$(find scanner probes fingerprints reports t -name '*.[ch]' -print0 |
	xargs -0 -n1 -P2 sh -c \
	    'clang-format "$0" | cmp -s - "$0" || echo "$0"' | sort)
if [ -z "$bad" ]; then
	echo "ok 1 - clang-format has nothing to change"
else
	echo "not ok 1 - clang-format has nothing to change"
	printf '#   %s\n' $bad
fi
