#!/bin/bash
# SPDX-License-Identifier: ISC
# format: every C file is as clang-format would write it.
cd "$(dirname "$0")/.." || exit 1
echo 1..1
# Many files to a process: it takes longer to start than to read one.
said=$(find scanner probes fingerprints reports t -name '*.[ch]' -print0 |
	xargs -0 -n50 -P2 clang-format --dry-run -Werror 2>&1)
status=$?
bad=$(sed -n 's/^\([^ :]*\.[ch]\):[0-9].*error:.*/\1/p' <<<"$said" | sort -u)
[ $status -eq 0 ] || bad=${bad:-$said}
if [ -z "$bad" ]; then
	echo "ok 1 - clang-format has nothing to change"
else
	echo "not ok 1 - clang-format has nothing to change"
	printf '#   %s\n' $bad
fi
