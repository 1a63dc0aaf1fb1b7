# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2034
# tools - each scanner's command line, at settings as fast as it allows and,
# where its fastest loses hosts, at those its manual recommends as well.
# To be read with ".", after lib.sh.
#
# run_TOOL RANGE PORTS [OPTIONS] measures and leaves $LAB_DIR/found.

have() {
	command -v "$1" >/dev/null 2>&1
}

# try TOOL LABEL RANGE PORTS [OPTIONS]: one measured run with the responder,
# which loses what LOSS says.
try() {
	tool=$1 label=$2
	shift 2
	case $tool in
	bare | gantry) ;;
	*) have "$tool" || return 0 ;;
	esac
	rm -f "$LAB_DIR/list" "$LAB_DIR/report.json"
	# masscan looks at the clock only when a packet comes.
	case $tool in
	masscan) responder_start ${LOSS:+-l "$LOSS"} -k 20 ;;
	*) responder_start ${LOSS:+-l "$LOSS"} ;;
	esac || return 1
	"run_$tool" "$label" "$@"
	responder_stop
	counted "$label"
	touch "$LAB_DIR/list"
	"found_$tool" "$2" >"$LAB_DIR/found" 2>/dev/null || true
	judged "$label"
}

run_bare() {
	measured "$1" "$B/t/bench/bare" scan -i "$LAB_SCAN_IF" -S "$SOURCE" \
		-m "$ROUTER_MAC" -r "$2" -p "$3"
}

run_gantry() {
	label=$1 range=$2 ports=$3
	shift 3
	measured "$label" "$GANTRY" audit "$range" --ports "$ports" \
		--states-only -q --json "$LAB_DIR/report.json" "$@"
}

run_masscan() {
	label=$1 range=$2 ports=$3
	shift 3
	measured "$label" masscan -i "$LAB_SCAN_IF" --adapter-ip "$SOURCE" \
		--adapter-port 61000 --router-mac "$ROUTER_MAC" -p "$ports" \
		--rate 10000000 --wait 1 -oL "$LAB_DIR/list" "$@" "$range"
}

# Its own list of addresses it must not scan is one of the public Internet.
run_zmap() {
	label=$1 range=$2 ports=$3
	shift 3
	: >"$LAB_DIR/none"
	measured "$label" zmap -q -i "$LAB_SCAN_IF" -S "$SOURCE" \
		-G "$ROUTER_MAC" -p "$ports" -r 0 -c 1 -b "$LAB_DIR/none" \
		--disable-syslog -o "$LAB_DIR/list" "$@" "$range"
}

run_nmap() {
	label=$1 range=$2 ports=$3
	shift 3
	measured "$label" nmap -sS -n -p "$ports" -oG "$LAB_DIR/list" "$@" \
		"$range"
}
