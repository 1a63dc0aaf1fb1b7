# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# netns - two network namespaces joined by a cable: a scanner's and a ward's.
#
# A library for tests and the demo, to be read with ".".  Nothing leaves the
# namespaces: they have no other interface but lo, and no route to anywhere.
#
#   . t/lab/netns.sh
#   lab_possible || { echo "1..0 # SKIP $LAB_WHY"; exit 0; }
#   lab_up mytest                        # scanner is 10.16.12.2/23 on scan0
#   lab_route 10.16.20.0/24 10.16.12.1   # if something is behind a router
#   lab_ward t/ward/demo.yaml -s 60      # and any other option of the ward
#   lab_run ping -c 1 10.16.13.4
#   lab_ward_stop                        # the harm file is $LAB_HARM
#   lab_down                             # done by a trap as well
#
# After lab_up these are set: LAB_DIR (scratch, removed in the end unless
# LAB_KEEP is set), LAB_SCAN_NS and LAB_WARD_NS, LAB_SCAN_IF and LAB_WARD_IF,
# LAB_SCAN_ADDR, LAB_HARM, LAB_LOG (what the ward said).
#
# lab_up sets traps on EXIT, HUP, INT, PIPE and TERM.  Where they are in the way (bats has
# its own), set LAB_NO_TRAP=1 and call lab_down when all is over.
# LAB_WARD_BIN names the ward's program, build/gantry-ward if not set.

LAB_SCAN_IF=scan0
LAB_WARD_IF=ward0
LAB_PIDS=
LAB_WARD_PID=
LAB_WHY=

# Is there the right, and are there the tools, to build a lab?  LAB_WHY if not.
lab_possible() {
	LAB_WHY=
	if ! command -v ip >/dev/null 2>&1; then
		LAB_WHY="ip (iproute2) is not installed"
	elif [ "$(id -u)" != 0 ]; then
		LAB_WHY="network namespaces need root"
	elif ! ip netns add "lab-try-$$" 2>/dev/null; then
		LAB_WHY="no network namespace can be made here"
	else
		ip -n "lab-try-$$" link add name a0 type veth \
			peer name b0 2>/dev/null ||
			LAB_WHY="no veth pair can be made here"
		ip netns del "lab-try-$$"
	fi
	[ -z "$LAB_WHY" ]
}

lab_say() {
	echo "lab: $*" >&2
}

# One namespace: loopback up, no IPv6, so that nothing speaks unasked.
lab_ns_add() {
	ip netns add "$1" || return 1
	# shellcheck disable=SC2016 # the inner shell is to expand it
	ip netns exec "$1" sh -c '
		for f in all default lo; do
			p=/proc/sys/net/ipv6/conf/$f/disable_ipv6
			[ ! -e "$p" ] || echo 1 >"$p"
		done' || return 1
	ip -n "$1" link set lo up
}

# Checksums are to be in the packets, so that captures can be checked.
lab_offload_off() {
	command -v ethtool >/dev/null 2>&1 || return 0
	ip netns exec "$1" ethtool -K "$2" tx off rx off sg off tso off \
		gso off gro off >/dev/null 2>&1 || true
}

# lab_up NAME [ADDRESS/LENGTH]
lab_up() {
	[ -z "${LAB_SCAN_NS:-}" ] || lab_down
	LAB_SCAN_NS=lab-$1-$$-s
	LAB_WARD_NS=lab-$1-$$-w
	LAB_SCAN_ADDR=${2:-10.16.12.2/23}
	LAB_DIR=$(mktemp -d "${TMPDIR:-/tmp}/lab-$1-XXXXXX") || return 1
	LAB_HARM=$LAB_DIR/harm.json
	LAB_LOG=$LAB_DIR/ward.log
	if [ -z "${LAB_NO_TRAP:-}" ]; then
		trap lab_down EXIT
		trap 'exit 129' HUP
		trap 'exit 130' INT
		trap 'exit 143' TERM
		trap 'exit 141' PIPE # who reads our TAP is gone
	fi
	if lab_ns_add "$LAB_SCAN_NS" && lab_ns_add "$LAB_WARD_NS" &&
		ip -n "$LAB_SCAN_NS" link add "$LAB_SCAN_IF" type veth \
			peer name "$LAB_WARD_IF" netns "$LAB_WARD_NS" &&
		ip -n "$LAB_SCAN_NS" addr add "$LAB_SCAN_ADDR" brd + \
			dev "$LAB_SCAN_IF" &&
		lab_offload_off "$LAB_SCAN_NS" "$LAB_SCAN_IF" &&
		lab_offload_off "$LAB_WARD_NS" "$LAB_WARD_IF" &&
		ip -n "$LAB_WARD_NS" link set "$LAB_WARD_IF" up &&
		ip -n "$LAB_SCAN_NS" link set "$LAB_SCAN_IF" up; then
		return 0
	fi
	lab_say "cannot build the lab"
	lab_down
	return 1
}

# lab_route NETWORK ROUTER: the scanner's way to hosts behind a router.
lab_route() {
	ip -n "$LAB_SCAN_NS" route add "$1" via "$2"
}

# lab_ward WARD.yaml [ARGS]: start the ward, return when it answers.
lab_ward() {
	lab_yaml=$1
	shift
	rm -f "$LAB_DIR/ready"
	ip netns exec "$LAB_WARD_NS" "${LAB_WARD_BIN:-build/gantry-ward}" \
		-i "$LAB_WARD_IF" -r "$LAB_DIR/ready" -H "$LAB_HARM" "$@" \
		"$lab_yaml" >"$LAB_LOG" 2>&1 &
	LAB_WARD_PID=$!
	lab_tries=0
	while [ ! -e "$LAB_DIR/ready" ]; do
		lab_tries=$((lab_tries + 1))
		if [ "$lab_tries" -gt 200 ] ||
			! kill -0 "$LAB_WARD_PID" 2>/dev/null; then
			lab_say "the ward does not start: $(cat "$LAB_LOG")"
			lab_ward_stop
			return 1
		fi
		sleep 0.05
	done
}

# lab_run CMD...: run something where the scanner stands.
lab_run() {
	ip netns exec "$LAB_SCAN_NS" "$@"
}

# lab_track PID: stop this one too when all is over.
lab_track() {
	LAB_PIDS="$LAB_PIDS $1"
}

# Ends a child, gently, then not; waits for it.
lab_stop() {
	kill -TERM "$1" 2>/dev/null || true
	lab_tries=0
	while kill -0 "$1" 2>/dev/null && [ "$lab_tries" -lt 100 ]; do
		lab_tries=$((lab_tries + 1))
		sleep 0.05
	done
	kill -KILL "$1" 2>/dev/null || true
	wait "$1" 2>/dev/null || true
}

# The ward writes its harm file and ends.
lab_ward_stop() {
	[ -n "$LAB_WARD_PID" ] || return 0
	lab_stop "$LAB_WARD_PID"
	LAB_WARD_PID=
}

# lab_harm: have the ward write the harm file now, and wait until it has.
lab_harm() {
	rm -f "$LAB_HARM"
	kill -USR1 "$LAB_WARD_PID" || return 1
	lab_tries=0
	while [ ! -e "$LAB_HARM" ] && [ "$lab_tries" -lt 100 ]; do
		lab_tries=$((lab_tries + 1))
		sleep 0.05
	done
	[ -e "$LAB_HARM" ]
}

lab_ns_del() {
	ip netns pids "$1" 2>/dev/null | while read -r lab_pid; do
		kill -KILL "$lab_pid" 2>/dev/null || true
	done
	ip netns del "$1" 2>/dev/null || true
}

# Everything lab_up and lab_ward began comes to its end.  Safe to call twice.
lab_down() {
	[ -n "${LAB_SCAN_NS:-}" ] || return 0
	lab_ward_stop
	for lab_pid in $LAB_PIDS; do
		lab_stop "$lab_pid"
	done
	LAB_PIDS=
	lab_ns_del "$LAB_SCAN_NS"
	lab_ns_del "$LAB_WARD_NS"
	LAB_SCAN_NS=
	[ -n "${LAB_KEEP:-}" ] || rm -rf "$LAB_DIR"
}
