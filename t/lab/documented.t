#!/bin/bash
# SPDX-License-Identifier: ISC
# documented: every gantry command that README, the man pages and gantry help
# show is run as it stands there, in a ward with the addresses they use. Only
# the seconds of --listen are cut short.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=t/lab/netns.sh
. t/lab/netns.sh
# shellcheck source=t/lab/wardtap.sh
. t/lab/wardtap.sh

need timeout
B=$(realpath "${B:-build}")
[ -x "$B/gantry" ] || skip_all "gantry is not built"
PATH=$B:$PATH

# What stands there, a command a line. In help two blanks begin a remark.
documented() {
	sed -nE 's/^    (gantry .*)$/\1/p' README.md
	sed -nE '/^\.(nf|EX)/,/^\.(fi|EE)/s/^(gantry .*)$/\1/p' docs/*.[1-8].in |
		sed 's/\\-/-/g'
	for command in $(gantry --list-commands | awk '{ print $1 }'); do
		gantry help "$command" | sed -n 's/^\(gantry .*\)$/\1/p'
	done
}
mapfile -t commands < <(documented |
	sed -E 's/   +.*//; s/ +# .*//; s/ +$//' | sort -u)
[ "${#commands[@]}" -ge 12 ]
ok $? "there are commands to be tried: ${#commands[@]}"

lab_up documented || bail "no lab"
ip -n "$LAB_SCAN_NS" addr add 10.1.2.250/24 dev "$LAB_SCAN_IF"
cat >"$LAB_DIR/ward.yaml" <<'E2'
network: 10.1.2.0/24
hosts:
  - { address: 10.1.2.4, mac: "02:00:00:00:03:04", personality: plain-host, name: plain }
E2
lab_ward "$LAB_DIR/ward.yaml" -d 400 -P t/ward/personalities ||
    bail "no ward"

# One place for each, with the files they name.
place() { # place NUMBER
	mkdir -p "$LAB_DIR/$1"
	echo 10.1.2.4 >"$LAB_DIR/$1/ward.txt"
	printf 'address,name,expect\n10.1.2.4,ic0,ge-genesis-console\n' \
	    >"$LAB_DIR/$1/cmdb.csv"
	printf 'IP-Adresse;Name\n10.1.2.4;ic0\n' >"$LAB_DIR/$1/liste.csv"
	for name in capture 1999 console; do
		cp t/data/origin-datagrams.pcap "$LAB_DIR/$1/$name.pcap"
	done
}
# run NUMBER COMMAND: its exit status goes to a file
run() {
	local line=$2
	line=$(sed -E 's/--listen [0-9]+/--listen 1/' <<<"$line")
	# shellcheck disable=SC2086
	(cd "$LAB_DIR/$1" && lab_run timeout 240 $line >out.txt 2>err.txt)
	echo $? >"$LAB_DIR/$1/status"
}
# An audit that was interrupted, for --resume and for its evidence.
interrupted() {
	(cd "$LAB_DIR/$1" && lab_run timeout -s INT 3 \
	    gantry audit 10.1.2.4 -o audit-1 >/dev/null 2>&1)
}

runs=()
for i in "${!commands[@]}"; do
	case ${commands[i]} in
	"gantry audit "* | "gantry replay "* | "gantry fingerprints "* | \
	    "gantry verify "* | "gantry help "* | "gantry --"*) ;;
	*)
		# Those need an inventory or a service: their own tests run them.
		echo "# not run here: ${commands[i]}"
		continue
		;;
	esac
	place "$i"
	case ${commands[i]} in
	*"--resume audit-1"* | *audit-1/*) (interrupted "$i"; run "$i" "${commands[i]}") & ;;
	*) run "$i" "${commands[i]}" & ;;
	esac
	runs+=("$i")
done
for job in $(jobs -p); do
	[ "$job" = "$LAB_WARD_PID" ] || wait "$job"
done
for i in "${runs[@]}"; do
	want=0
	# A plain host is not the console the record says, or cannot be told.
	case ${commands[i]} in
	"gantry verify "*) want='[13]' ;;
	esac
	status=$(cat "$LAB_DIR/$i/status")
	# shellcheck disable=SC2254 # a pattern
	case $status in
	$want) ok 0 "${commands[i]}" ;;
	*)
		ok 1 "${commands[i]}: status $status, not $want"
		sed 's/^/#   /' "$LAB_DIR/$i/err.txt"
		;;
	esac
done
echo "1..$n"
