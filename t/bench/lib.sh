# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2034
# lib - the bench's cable: two namespaces, the responder on one end, and one
# line per measured number.  To be read with ".", after t/lab/netns.sh.
#
# Nothing leaves the namespaces: they have no other interface but lo, and no
# default route.  B is the build directory, OUT the results'.

PORTS=21,22,23,25,53,79,80,104,110,111,139,143,443,445,1521,2049,3306,3389,8080,11112
# What gantry never touches is open nowhere, so that it is nobody's miss.
SHUT=7,9,13,19,512-515,631,6000-6063,9100-9107
LIMIT=${BENCH_LIMIT:-60}
ROUTER=10.99.0.1
ROUTER_MAC=02:00:0a:63:00:01
RESPONDER=
RULE=

# bench_up [ADDRESS/LENGTH]: the far ranges are behind ROUTER.
bench_up() {
	lab_up bench "${1:-10.99.0.2/24}" || return 1
	SOURCE=${LAB_SCAN_ADDR%/*}
	ip -n "$LAB_WARD_NS" link set "$LAB_WARD_IF" arp off
	[ -n "${1:-}" ] && return 0
	ip -n "$LAB_SCAN_NS" neigh add "$ROUTER" lladdr "$ROUTER_MAC" \
		dev "$LAB_SCAN_IF" nud permanent &&
		ip -n "$LAB_SCAN_NS" route add 10.16.0.0/12 via "$ROUTER"
}

# responder_start OPTIONS: RULE says which range and what is open in it.
responder_start() {
	rm -f "$LAB_DIR/up" "$LAB_DIR/count.json"
	# shellcheck disable=SC2086 # RULE is a list of options
	ip netns exec "$LAB_WARD_NS" "$B/t/bench/responder" -i "$LAB_WARD_IF" \
		$RULE -y "$LAB_DIR/up" -c "$LAB_DIR/count.json" "$@" &
	RESPONDER=$!
	lab_track "$RESPONDER"
	tries=0
	until [ -e "$LAB_DIR/up" ]; do
		tries=$((tries + 1))
		if [ "$tries" -gt 200 ]; then
			lab_say "the responder does not start"
			return 1
		fi
		sleep 0.02
	done
}

responder_stop() {
	kill -TERM "$RESPONDER" 2>/dev/null || true
	wait "$RESPONDER" 2>/dev/null || true
	LAB_PIDS=
}

# note TOOL METRIC VALUE, of PART and CASE.
note() {
	printf '%s\t%s\t%s\t%s\t%s\n' "$PART" "$CASE" "$1" "$2" "$3" \
		>>"$OUT/measured.tsv"
}

# measured TOOL COMMAND...: in the scanner's namespace, bounded in time.
measured() {
	name=$1
	shift
	rm -f "$LAB_DIR/found"
	ip netns exec "$LAB_SCAN_NS" "$B/t/bench/measure" -t "$LIMIT" \
		-o "$LAB_DIR/cost" "$@" >"$LAB_DIR/stdout" \
		2>"$LAB_DIR/stderr" </dev/null || true
	read -r wall cpu memory status <"$LAB_DIR/cost"
	note "$name" seconds "$wall"
	note "$name" cpu_seconds "$cpu"
	note "$name" memory_kib "$memory"
	note "$name" exit "$status"
	echo "bench: ($PART) $CASE: $name: $wall s, exit $status" >&2
}

# counted TOOL: what the responder saw of the last run.
counted() {
	for key in packets syn syn_per_second arp bad_checksum ring_drops \
		peak_host_initiations peak_host_packets; do
		note "$1" "$key" \
			"$("$B/t/bench/pick" key "$key" "$LAB_DIR/count.json")"
	done
}

# truth PORTS: the open pairs of RULE; without PORTS the live addresses.
truth() {
	# shellcheck disable=SC2086
	"$B/t/bench/responder" -t $RULE ${1:+-p "$1"} |
		LC_ALL=C sort >"$LAB_DIR/truth"
}

# judged TOOL: $LAB_DIR/found against the truth.
judged() {
	LC_ALL=C sort -u "$LAB_DIR/found" >"$LAB_DIR/sorted"
	all=$(wc -l <"$LAB_DIR/truth")
	right=$(LC_ALL=C comm -12 "$LAB_DIR/sorted" "$LAB_DIR/truth" | wc -l)
	note "$1" true "$all"
	note "$1" found "$right"
	note "$1" false "$(LC_ALL=C comm -23 "$LAB_DIR/sorted" \
		"$LAB_DIR/truth" | wc -l)"
	note "$1" found_percent "$(awk -v r="$right" -v a="$all" \
		'BEGIN { printf "%.3f", (a > 0 ? 100 * r / a : 100) }')"
}

# What each tool says is open, as "address port".
found_gantry() {
	"$B/t/bench/pick" open "$LAB_DIR/report.json"
}
found_masscan() {
	awk '$1 == "open" && NF == 5 { print $4, $3 }' "$LAB_DIR/list"
}
found_zmap() {
	awk -v p="$1" '/^[0-9]/ { print $1, p }' "$LAB_DIR/list"
}
found_nmap() {
	awk '/Ports: / {
		n = split($0, part, /[ ,\t]+/)
		for (i = 1; i <= n; i++)
			if (split(part[i], f, "/") > 2 && f[2] == "open" &&
			    f[3] == "tcp")
				print $2, f[1]
	}' "$LAB_DIR/list"
}
found_bare() {
	cat "$LAB_DIR/stdout"
}
