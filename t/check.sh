# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# check - the TAP producer of tests that look for offenders; the test prints
# the plan, "1..$n", itself.  To be read with ".", from the root of the tree.

n=0
check() { # check DESCRIPTION OFFENDING-LINES
	n=$((n + 1))
	if [ -z "$2" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		tail -n 40 <<<"$2" | sed 's/^/#   /'
	fi
}
