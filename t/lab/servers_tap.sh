# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# servers_tap - what tests with real servers share: TAP, a scratch directory
# $tmp, and leaving nothing behind. To be read with ".", after servers.sh and
# servers_watch.sh, by the shell the test is.

# shellcheck disable=SC2154 # from servers_watch.sh
# shellcheck source=t/check.sh
. t/check.sh
tmp=$(mktemp -d) || exit 1
cleanup() {
	[ -z "$tcpdump_pid" ] || kill "$tcpdump_pid" 2>/dev/null
	servers_down
	rm -rf "$tmp"
}
trap cleanup EXIT
trap 'exit 1' HUP INT TERM

skip() { # skip <description> <reason>
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

skip_all() {
	echo "1..0 # SKIP $*"
	exit 0
}
