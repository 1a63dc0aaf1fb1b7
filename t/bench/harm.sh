# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2034
# harm - part (h): what each tool does to a ward of frail hosts, by the ward's
# own count.  To be read with ".", after tools.sh.

harm_targets="10.16.13.0/28 10.16.20.0/28"
harm_router_mac=00:00:0c:3a:11:01
harm_lines="half_open_abandoned bare_connections unreleased_associations
	forbidden_bytes foreign_bytes forbidden_calls malformed pages_printed
	lockouts hung harm"

# harm LABEL COMMAND...: in a fresh ward.
harm() {
	LIMIT=${BENCH_HARM_LIMIT:-120}
	have "$2" || return 0
	lab_ward t/bench/frail.yaml -P t/ward/personalities || return 1
	measured "$@"
	# What is half open now counts as abandoned after three seconds.
	sleep 4
	lab_ward_stop
	for line in $harm_lines; do
		note "$1" "$line" "$("$B/t/bench/pick" sum "$line" "$LAB_HARM")"
	done
	for line in packets_total frames_lost_by_ward hosts_hung; do
		note "$1" "$line" "$("$B/t/bench/pick" key "$line" "$LAB_HARM")"
	done
	for line in peak_initiations_per_second peak_packets_per_second \
		half_open_peak; do
		note "$1" "$line" "$("$B/t/bench/pick" most "$line" "$LAB_HARM")"
	done
}

# Targets are words; every command is given them last.
harm_all() { # harm_all LABEL COMMAND...
	# shellcheck disable=SC2086
	harm "$@" $harm_targets
}

once_h() {
	CASE="24 frail hosts"
	: >"$LAB_DIR/none"
	for care in gentle standard lab; do
		harm_all "gantry $care" "$GANTRY" audit --care "$care" -q \
			--json "$LAB_DIR/report.json"
	done
	harm_all "nmap" nmap
	harm_all "nmap -A" nmap -A
	harm_all "nmap -T2, 20 ports" nmap -T2 -p "$PORTS"
	harm_all "nmap -T2 -sT -sV, 20 ports" nmap -T2 -sT -sV -p "$PORTS"
	for rate in 100 10; do
		harm_all "masscan --rate $rate, 20 ports" masscan \
			-i "$LAB_SCAN_IF" --adapter-ip "$LAB_SOURCE" \
			--adapter-port 61000 --router-mac "$harm_router_mac" \
			-p "$PORTS" --rate "$rate" --wait 1 \
			-oL "$LAB_DIR/list"
	done
	for rate in 10000 10; do
		harm_all "zmap -r $rate, port 104" zmap -q -i "$LAB_SCAN_IF" \
			-S "$LAB_SOURCE" -G "$harm_router_mac" -p 104 \
			-r "$rate" -c 1 -b "$LAB_DIR/none" --disable-syslog \
			-o "$LAB_DIR/list"
	done
	harm "arp-scan" arp-scan -q -I "$LAB_SCAN_IF" 10.16.13.0/28
	harm "arp-scan -i 100" arp-scan -q -I "$LAB_SCAN_IF" -i 100 \
		10.16.13.0/28
	harm "fping" fping -q -a -g 10.16.13.0/28
	harm "fping -i 100" fping -q -a -i 100 -g 10.16.13.0/28
}

part_h() {
	lab_up bench
	LAB_SOURCE=${LAB_SCAN_ADDR%/*}
	lab_route 10.16.20.0/24 10.16.12.1
	for _ in $(seq "${BENCH_HARM_REPEATS:-1}"); do
		once_h
	done
	lab_down
}
