#!/bin/bash
# SPDX-License-Identifier: ISC
# cppcheck and shellcheck: no complaint.
cd "$(dirname "$0")/.." || exit 1
echo 1..2
report() { # report NUMBER NAME OUTPUT
	[ -z "$3" ] && echo "ok $1 - $2" && return
	echo "not ok $1 - $2"
	echo "$3" | sed 's/^/#   /' | head -n 40
}
report 1 "cppcheck" "$(cppcheck -q -j2 --std=c11 -I. -D_GNU_SOURCE \
    -DGANTRY_VERSION='"0"' --enable=warning,performance,portability \
    --inline-suppr --suppress=missingIncludeSystem \
    --suppress=normalCheckLevelMaxBranches \
    scanner probes fingerprints reports t/ward t/fuzz 2>&1 |
    grep -vE '^(cppcheck: error: unrecognized|$)')"
report 2 "shellcheck" "$(shellcheck -S warning -x tools/*.sh t/lab/*.sh 2>&1)"
