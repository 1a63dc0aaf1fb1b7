# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2034
# parts - what is measured, part by part.  To be read with ".", after tools.sh.

# (a) Packets a second, by the receiving device's count; nobody answers.
blast() { # blast LABEL COMMAND...
	RULE=
	responder_start -d
	measured "$@"
	responder_stop
	for key in packets pps; do
		note "$1" "$key" \
			"$("$B/t/bench/pick" key "$key" "$LAB_DIR/count.json")"
	done
	pps=$("$B/t/bench/pick" key pps "$LAB_DIR/count.json")
	# The machine's mood changes; the bare loop just before is the measure.
	[ "$1" != bare ] || bare_pps=$pps
	note "$1" of_bare "$(awk -v a="$pps" -v b="$bare_pps" \
		'BEGIN { printf "%.3f", (b > 0 ? a / b : 0) }')"
}

send_with() { # send_with "PREFIX": on one core or on all
	pin=$1
	bare="$B/t/bench/bare blast -i $LAB_SCAN_IF -S $SOURCE \
		-m $ROUTER_MAC -r 10.20.0.0/16 -p $PORTS -n 3000000"
	if [ -n "$pin" ]; then
		# shellcheck disable=SC2086 # lists of words
		blast bare $pin $bare
	else
		blast bare sh -c "$bare & $bare & wait"
	fi
	# shellcheck disable=SC2086
	blast gantry $pin "$GANTRY" audit 10.20.0.0/16 --care lab --rate 0 \
		--ports "$PORTS" --states-only --assume-up -q \
		--json "$LAB_DIR/report.json"
	# shellcheck disable=SC2086
	! have masscan || LIMIT=5 blast masscan $pin masscan -i "$LAB_SCAN_IF" \
		--adapter-ip "$SOURCE" --adapter-port 61000 --router-mac \
		"$ROUTER_MAC" -p "$PORTS" --rate 100000000 --wait 1 \
		-oL "$LAB_DIR/list" 10.20.0.0/16
	: >"$LAB_DIR/none"
	# shellcheck disable=SC2086
	! have zmap || blast zmap $pin zmap -q -i "$LAB_SCAN_IF" -S "$SOURCE" \
		-G "$ROUTER_MAC" -p 104 -r 0 -c 1 -b "$LAB_DIR/none" \
		--disable-syslog -o "$LAB_DIR/list" ${pin:+-T 1} 10.16.0.0/12
}

once_a() {
	CASE="one core"
	send_with "taskset -c 0"
	CASE="all cores"
	send_with ""
}

part_a() {
	bench_up
	repeat once_a
	lab_down
}

# (b) (c) (d) All hosts answer, a tenth of the ports is open.
far() { # far RANGE PORTS
	RULE="-r $1 -a $ROUTER -o 10 -x $SHUT"
	truth "$2"
	try bare bare "$1" "$2"
	try gantry "gantry lab" "$1" "$2" --care lab --assume-up
	try masscan masscan "$1" "$2"
	try masscan "masscan 100 kpps" "$1" "$2" --rate 100000
	try nmap "nmap -T4" "$1" "$2" -Pn -T4
	try nmap "nmap best" "$1" "$2" -Pn -T5 --min-rate 100000 \
		--max-retries 2 --min-hostgroup 4096
}

once_b() {
	CASE="/16 x 1 port"
	far 10.20.0.0/16 104
	try zmap zmap 10.20.0.0/16 104
	CASE="/20 x 20 ports"
	far 10.20.0.0/20 "$PORTS"
	# One in fifty lives; liveness is the scanner's to find out.
	CASE="/16 x 20 ports, 2 % live"
	RULE="-r 10.20.0.0/16 -a $ROUTER -o 10 -n 1311 -E"
	truth "$PORTS"
	try gantry "gantry lab" 10.20.0.0/16 "$PORTS" --care lab
	try masscan masscan 10.20.0.0/16 "$PORTS"
	try nmap "nmap best" 10.20.0.0/16 "$PORTS" -T5 --min-rate 100000 \
		--max-retries 1 --min-hostgroup 4096
}

part_b() {
	bench_up
	repeat once_b
	lab_down
}

once_c() {
	CASE="/24 x 20 ports"
	far 10.20.0.0/24 "$PORTS"
}

part_c() {
	bench_up
	repeat once_c
	lab_down
}

once_d() {
	CASE="1 host x 65,535 ports"
	far 10.20.0.77 1-65535
}

part_d() {
	bench_up
	repeat once_d
	lab_down
}

# (e) On-link, mostly dark: ARP first.
near=10.30.0.0/22

alive() { # alive LABEL COMMAND...: found are the first words that are addresses
	responder_start
	measured "$@"
	responder_stop
	counted "$1"
	# Some list the scanner's own address too.
	awk -v own="$SOURCE" '$1 ~ /^10\.30\./ && $1 != own { print $1 }
		/^Host: 10\.30\..*Status: Up/ && $2 != own { print $2 }' \
		"$LAB_DIR/stdout" >"$LAB_DIR/found"
	judged "$1"
}

# ports_e CASE OPTIONS: what the hosts' ports are like.
ports_e() {
	CASE=$1
	RULE="-r $near -L -n 200 -o 10 -A $SOURCE ${2:-}"
	truth "$PORTS"
	for care in gentle standard lab; do
		try gantry "gantry $care" "$near" "$PORTS" --care "$care"
	done
	try nmap "nmap -T4" "$near" "$PORTS" -T4
	try nmap "nmap best" "$near" "$PORTS" -T5 --min-rate 100000 \
		--max-retries 1 --min-hostgroup 1024
	try masscan masscan "$near" "$PORTS"
	try zmap "zmap, port 104 alone" "$near" 104
}

once_e() {
	ports_e "/22, 200 live, x 20 ports"
	# Real hosts have packet filters: one port in ten says nothing.
	ports_e "/22, 200 live, x 20 ports, a tenth silent" "-q 10"
	RULE="-r $near -L -n 200 -o 10 -A $SOURCE"
	CASE="/22, 200 live, liveness alone"
	truth ""
	for care in gentle standard lab; do
		responder_start
		measured "gantry $care" "$GANTRY" audit "$near" --care "$care" \
			--states-only --ports U:1600 -q \
			--json "$LAB_DIR/report.json"
		responder_stop
		counted "gantry $care"
		: >"$LAB_DIR/found"
		"$B/t/bench/pick" up "$LAB_DIR/report.json" \
			>"$LAB_DIR/found" 2>/dev/null || true
		judged "gantry $care"
	done
	! have arp-scan || {
		alive arp-scan arp-scan -q -I "$LAB_SCAN_IF" "$near"
		alive "arp-scan hurried" arp-scan -q -I "$LAB_SCAN_IF" \
			-B 100M -r 1 -t 50 "$near"
	}
	! have fping || {
		alive fping fping -q -a -g "$near"
		alive "fping hurried" fping -q -a -g -r 1 -i 1 -t 100 "$near"
	}
	! have nmap || alive "nmap -sn" nmap -sn -n -T4 -oG - "$near"
}

part_e() {
	bench_up 10.30.0.2/22
	repeat once_e
	lab_down
}

# (f) Open ports found when each frame is lost with this chance, each way.
once_f() {
	for LOSS in 0 5 20; do
		CASE="/22 x 20 ports, $LOSS % lost"
		RULE="-r 10.20.0.0/22 -a $ROUTER -o 10"
		truth "$PORTS"
		for care in standard lab; do
			try gantry "gantry $care" 10.20.0.0/22 "$PORTS" \
				--care "$care" --assume-up
		done
		try masscan masscan 10.20.0.0/22 "$PORTS"
		# It has not been seen to end.
		LIMIT=10 try masscan "masscan 100 kpps, --retries 3" 10.20.0.0/22 \
			"$PORTS" --rate 100000 --retries 3
		try nmap "nmap -T4" 10.20.0.0/22 "$PORTS" -Pn -T4
		try nmap "nmap best" 10.20.0.0/22 "$PORTS" -Pn -T5 \
			--min-rate 100000 --max-retries 2 --min-hostgroup 4096
		CASE="/16 x 1 port, $LOSS % lost"
		RULE="-r 10.20.0.0/16 -a $ROUTER -o 10"
		truth 104
		try gantry "gantry lab" 10.20.0.0/16 104 --care lab --assume-up
		try zmap zmap 10.20.0.0/16 104
		try zmap "zmap -P 3" 10.20.0.0/16 104 -P 3
	done
	LOSS=
}

part_f() {
	bench_up
	LOSS=
	repeat once_f
	lab_down
}
