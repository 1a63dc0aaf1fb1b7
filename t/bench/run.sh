#!/bin/sh
# SPDX-License-Identifier: ISC
# bench - gantry beside its peers, in namespaces of its own, by what the
# receiver counts.  docs/performance.md says what each part means.
#
#   t/bench/run.sh [BUILD-DIRECTORY]
#
# BENCH_ONLY=abc picks parts (default abcdefh), BENCH_REPEATS how often each is
# measured (default 5), BENCH_LIMIT how many seconds one run may take (60).
# BENCH_GANTRY is the program measured, BENCH_OUT where the results go;
# BENCH_DOC the page the tables are written into, empty for none.
set -eu
cd "$(dirname "$0")/../.."
B=${1:-build}
ONLY=${BENCH_ONLY:-abcdefh}
REPEATS=${BENCH_REPEATS:-5}
OUT=${BENCH_OUT:-$B/bench}
DOC=${BENCH_DOC-docs/performance.md}
LAB_WARD_BIN=$B/gantry-ward
. t/lab/netns.sh
. t/bench/lib.sh
. t/bench/tools.sh
. t/bench/parts.sh
. t/bench/harm.sh

# The peers; none of these packages starts a daemon.
install_peers() {
	missing=
	for pair in masscan:masscan zmap:zmap nmap:nmap arp-scan:arp-scan \
		fping:fping ethtool:ethtool; do
		have "${pair%:*}" || missing="$missing ${pair#*:}"
	done
	[ -n "$missing" ] && have apt-get && [ "$(id -u)" = 0 ] || return 0
	echo "bench: installing$missing" >&2
	# shellcheck disable=SC2086
	{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -qq --no-install-recommends $missing; } \
		>"$OUT/apt.log" 2>&1 ||
		echo "bench: not installed; see $OUT/apt.log" >&2
}

repeat() {
	for _ in $(seq "$REPEATS"); do
		"$1"
	done
}

wants() {
	case $ONLY in
	*"$1"*) return 0 ;;
	esac
	return 1
}

version_of() {
	case $1 in
	masscan) masscan --version 2>&1 | awk '/version/ { print $3; exit }' ;;
	zmap) zmap --version 2>&1 | awk '{ print $2; exit }' ;;
	nmap) nmap --version | awk '{ print $3; exit }' ;;
	arp-scan) arp-scan --version 2>&1 | awk '{ print $2; exit }' ;;
	fping) fping --version | awk '{ print $3; exit }' ;;
	gantry) "$GANTRY" --version | awk '{ print $NF; exit }' ;;
	esac
}

about() {
	printf 'date\t%s\n' "$(date -u +%Y-%m-%d)"
	printf 'cores\t%s\n' "$(nproc)"
	printf 'processor\t%s\n' "$(sed -n 's/^model name[^:]*: //p' \
		/proc/cpuinfo | head -n 1)"
	printf 'kernel\t%s\n' "$(uname -r | sed 's/-.*//')"
	printf 'repeats\t%s\n' "$REPEATS"
	for tool in gantry masscan zmap nmap arp-scan fping; do
		printf '%s\t%s\n' "$tool" "$(version_of "$tool")"
	done
}

lab_possible || {
	echo "bench: $LAB_WHY" >&2
	exit 2
}
mkdir -p "$OUT"
install_peers
GANTRY=${BENCH_GANTRY:-$B/gantry}
: >"$OUT/measured.tsv"
about >"$OUT/about.tsv"
for part in a b c d e f h; do
	wants "$part" || continue
	PART=$part
	"part_$part"
done
t/bench/table.sh "$OUT" "$DOC"
