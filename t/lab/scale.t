#!/bin/bash
# SPDX-License-Identifier: ISC
# scale: a /8 of twenty ports is planned and begun in little memory, what an
# address costs is the same in a /12 as in a /8, and --host-rate holds for raw
# SYN, retries included.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=t/lab/netns.sh
. t/lab/netns.sh
# shellcheck source=t/lab/wardtap.sh
. t/lab/wardtap.sh

need timeout "$py"
gantry=${GANTRY_BIN:-build/gantry}
responder=build/t/bench/responder
[ -x "$gantry" ] && [ -x "$responder" ] || skip_all "gantry is not built"
lab_up scale 172.20.0.2/24 || bail "no lab"
ip -n "$LAB_SCAN_NS" route add 10.0.0.0/8 via 172.20.0.1
ip -n "$LAB_SCAN_NS" neigh add 172.20.0.1 lladdr 02:00:ac:14:00:01 \
    dev "$LAB_SCAN_IF" nud permanent
ports=21,22,23,25,53,79,80,104,110,111,139,143,443,445,1521,2049,3306,3389
ports=$ports,8080,11112

# cost SECONDS ARGS...: an audit that is interrupted when it has been under way
# for so long, which it is from when it listens to interrupts.  Prints its
# status, KiB at most and CPU seconds.
cost() {
	lab_run "$py" - "$@" <<'PY'
import os, resource, signal, subprocess, sys, time
limit, command = float(sys.argv[1]), sys.argv[2:]
p = subprocess.Popen(command, stdout=subprocess.DEVNULL,
    stderr=subprocess.DEVNULL)
def listens():
    for line in open("/proc/%d/status" % p.pid):
        if line.startswith("SigCgt:"):
            return int(line.split()[1], 16) >> signal.SIGINT - 1 & 1
until = time.monotonic() + 100
while p.poll() is None and not listens() and time.monotonic() < until:
    time.sleep(0.05)
try:
    p.wait(limit)
except subprocess.TimeoutExpired:
    p.send_signal(signal.SIGINT)
    try:
        p.wait(60)
    except subprocess.TimeoutExpired:
        p.kill()
        p.wait()
r = resource.getrusage(resource.RUSAGE_CHILDREN)
print(p.returncode, r.ru_maxrss, round(r.ru_utime + r.ru_stime, 3))
PY
}

read -r status kib_12 cpu_12 < <(cost 100 "$gantry" audit 10.0.0.0/12 \
    --dry-run --ports "$ports")
is "$status" 0 "a /12 is planned"
read -r status kib_8 cpu_8 < <(cost 100 "$gantry" audit 10.0.0.0/8 --dry-run \
    --ports "$ports")
echo "# /12: $kib_12 KiB, $cpu_12 s of CPU; /8: $kib_8 KiB, $cpu_8 s"
is "$status" 0 "and a /8"
[ "$kib_8" -lt 65536 ]
ok $? "in less than 64 MiB"
# Sixteen times as many, and twice that for a busy machine.
"$py" -c 'import sys; a, b = map(float, sys.argv[1:]); sys.exit(b > 32 * a)' \
    "$cpu_12" "$cpu_8"
ok $? "an address costs no more in it"
for up in "" --assume-up; do
	# shellcheck disable=SC2086
	read -r status kib _ < <(cost 3 "$gantry" audit 10.0.0.0/8 -q \
	    --care lab --states-only --ports "$ports" $up \
	    --json "$LAB_DIR/report.json")
	echo "# begun: $kib KiB"
	is "$status" 4 "a /8 is begun${up:+, all taken to be up,} and broken off"
	[ "$kib" -lt 65536 ]
	ok $? "in less than 64 MiB"
done

# Of sixteen hosts two ports in five are silent, so that there are retries.
ip netns exec "$LAB_WARD_NS" "$responder" -i "$LAB_WARD_IF" -r 10.20.0.0/28 \
    -a 172.20.0.1 -o 10 -q 40 -y "$LAB_DIR/up" -c "$LAB_DIR/count.json" &
far=$!
lab_track $far
for _ in $(seq 100); do
	[ -e "$LAB_DIR/up" ] && break
	sleep 0.05
done
lab_run timeout 60 "$gantry" audit 10.20.0.0/28 -q --care lab --assume-up \
    --states-only --ports "$ports" --host-rate 20 --json "$LAB_DIR/report.json"
is $? 0 "hosts with silent ports are asked by raw SYN"
lab_stop $far
peak=$(sed -n 's/.*"peak_host_initiations": *\([0-9]*\).*/\1/p' \
    "$LAB_DIR/count.json")
echo "# $peak in a second at most"
[ "${peak:-999}" -le 20 ]
ok $? "none more often than --host-rate says"
echo "1..$n"
