#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # "sh -c", and bats
#
# The command line: what is asked for wrongly is refused in one line that says
# what and where, with exit code 2 and nothing half written.
#
# No test here can send a packet to anybody: an audit is run by "alone", as a
# user without rights in a network namespace of its own, whose one cable has
# nobody at its other end and dies with it.

bats_require_minimum_version 1.5.0

setup_file() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	export data=t/data python=/usr/bin/python3
	# A user without rights must get in, and may not reach the checkout.
	chmod 711 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR"
	if [ -z "${GANTRY:-}" ]; then
		[ -x "${B:-build}/gantry" ] || skip "gantry is not built"
		env -u MAKEFLAGS -u MAKELEVEL make -s install B="${B:-build}" \
		    DESTDIR="$BATS_FILE_TMPDIR" PREFIX=/usr || return 1
		GANTRY=$BATS_FILE_TMPDIR/usr/bin/gantry
	fi
	export GANTRY
}

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return 1
	tmp=$BATS_TEST_TMPDIR
	out=$tmp/out
	chmod 711 "$BATS_FILE_TMPDIR"
	chmod 777 "$tmp"
}

# The inner half of alone: $1 is where to leave the count of sent packets.
alone_inside='
	left=$1
	shift
	for f in all default lo; do
		p=/proc/sys/net/ipv6/conf/$f/disable_ipv6
		[ ! -e "$p" ] || echo 1 >"$p"
	done
	ip link set lo up
	ip link add near type veth peer name far
	ip addr add 10.16.12.2/23 dev near
	ip link set near up
	ip link set far up
	ip route add 192.0.2.0/24 via 10.16.12.1
	setpriv --reuid=65534 --regid=65534 --clear-groups \
	    --no-new-privs "$@"
	status=$?
	awk "\$1 == \"near:\" { print \$11 }" /proc/self/net/dev >"$left"
	exit $status'

# alone COMMAND...: as run, by nobody with nobody; $sent packets left.
alone() {
	[ "$(id -u)" = 0 ] || skip "a network of its own needs root"
	run --separate-stderr timeout 20 unshare --net \
	    sh -c "$alone_inside" alone "$tmp/sent" "$@" </dev/null
	sent=$(cat "$tmp/sent")
}

gantry() {
	run --separate-stderr timeout 20 "$GANTRY" "$@" </dev/null
}

show() {
	echo "exit code $status"
	echo "stdout: ${output:0:1000}"
	echo "stderr: ${stderr:0:1000}"
}

# done_well: exit code 0, and not a word on standard error.
done_well() {
	show
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
}

# refused PART...: exit code 2, nothing on standard output, and one line on
# standard error that has every PART. A hint to --help after it is passed over
# here; "one line means one line" has it.
refused() {
	local part
	show
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[ "$(grep -vc '^Try ' <<<"$stderr")" -eq 1 ]
	for part; do
		echo "to be said: $part"
		[[ ${stderr_lines[0]} == *"$part"* ]]
	done
}

# refused_alone: the same of an audit, which sent nothing.
refused_alone() {
	refused "$@"
	echo "sent: $sent"
	[ "$sent" = 0 ]
}

is_json() {
	"$python" -c 'import json, sys; json.load(open(sys.argv[1]))' "$1"
}

### What it says of itself.

@test "--help names every command" {
	for word in --help -h help; do
		gantry $word
		done_well
		[[ $output == "Usage: gantry COMMAND"* ]]
		for command in audit verify listen sweep notify config replay fingerprints; do
			grep -Eq "^  $command +[a-z]" <<<"$output"
		done
	done
}

@test "without a command the same is an error" {
	gantry
	show
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[[ $stderr == "Usage: gantry COMMAND"* ]]
}

@test "each command has its own --help, with its options and no others" {
	gantry --list-flags
	done_well
	flags=$output
	[ "$(wc -l <<<"$flags")" -ge 20 ]
	for command in $("$GANTRY" --list-commands | awk '{ print $1 }'); do
		gantry $command --help
		done_well
		[[ $output == "Usage: gantry $command"* ]]
		while IFS=$'\t' read -r _ option _ _ commands; do
			echo "$command $option?"
			is_shown=no is_own=no
			grep -Eq -- "^ +(-., )?$option([= ]|$)" <<<"$output" &&
			    is_shown=yes
			[[ ,$commands, != *",$command,"* ]] || is_own=yes
			[ "$is_shown" = "$is_own" ]
		done <<<"$flags"
	done
}

@test "an option of another command is refused" {
	alone "$GANTRY" audit --expect ge-genesis-console 10.16.12.4
	refused_alone --expect
	gantry replay --care lab "$data/origin-datagrams.pcap"
	refused --care
	gantry assets --resume "$tmp"
	refused --resume
	gantry sweep --json -
	refused --json
}

@test "--version is the one of the file VERSION" {
	for word in --version -V; do
		gantry $word
		done_well
		[ "$output" = "gantry $(cat VERSION)" ]
	done
}

@test "--list-probes has every probe of probes/list.h" {
	gantry --list-probes
	done_well
	names=$(sed -n 's/^PROBE(\(.*\))$/\1/p' probes/list.h)
	[ "$(wc -w <<<"$names")" -ge 6 ]
	[ "$(awk '{ print $1 }' <<<"$output")" = "$names" ]
}

@test "--list-reports has every format of reports/list.h" {
	gantry --list-reports
	done_well
	names=$(sed -n 's/^REPORT(\(.*\))$/\1/p' reports/list.h)
	[ "$(wc -w <<<"$names")" -ge 4 ]
	[ "$(awk '{ print $1 }' <<<"$output" | sort)" = \
	    "$(sort <<<"$names")" ]
}

@test "--list-facts has every key of scanner/facts.def" {
	gantry --list-facts
	done_well
	keys=$(sed -n 's/^FACT([A-Z0-9_]*, "\([^"]*\)".*/\1/p' \
	    scanner/facts.def)
	[ "$(wc -w <<<"$keys")" -ge 60 ]
	[ "$(awk '{ print $1 }' <<<"$output")" = "$keys" ]
}

@test "--list-care: gentle is the default, and as careful as promised" {
	gantry --list-care
	done_well
	[ "$(awk '{ print $1 }' <<<"$output")" = $'gentle\nstandard\nlab' ]
	grep -q '^gentle .*at most 5 initiations and 12 packets' <<<"$output"
}

### Wrong words.

@test "one line means one line" {
	local many=
	for wrong in bogus --bogus "replay --bogus" "replay -o" \
	    "replay --care rough x" "replay --listen soon x" \
	    "replay --calling-ae 12345678901234567 x" "replay $tmp/none" \
	    "fingerprints" "fingerprints show nobody" \
	    "fingerprints list --fingerprints $tmp/none"; do
		# shellcheck disable=SC2086 # words
		gantry $wrong
		[ "$status" -eq 2 ]
		[ "${#stderr_lines[@]}" -eq 1 ] ||
		    many+="$wrong: ${#stderr_lines[@]} lines"$'\n'
	done
	echo "$many"
	[ -z "$many" ]
}

@test "an unknown command, and an unknown option instead of one" {
	for word in bogus --bogus; do
		gantry $word
		show
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[[ ${stderr_lines[0]} == *"'$word'"* ]]
	done
}

@test "an unknown option" {
	gantry replay --bogus "$data/origin-datagrams.pcap"
	refused --bogus
	alone "$GANTRY" audit --bogus 10.16.12.4
	refused_alone --bogus
}

@test "an option without its value" {
	alone "$GANTRY" audit 10.16.12.4 --ports
	refused_alone --ports
	alone "$GANTRY" audit 10.16.12.4 -i
	refused_alone "'i'"
}

@test "audit of nothing" {
	alone "$GANTRY" audit
	refused_alone audit
}

@test "targets that are none" {
	for target in 10.16.12.300 10.16.12 10.16.12.0/33 10.16.12.0/ \
	    10.16.12.0/-1 10.16.12.9-10.16.12.1 10.16.12.1- ward.example \
	    "10.16.12.1 10.16.12.2" 010.16.12.1 :: ""; do
		alone "$GANTRY" audit "$target"
		refused_alone "\"$target\""
	done
}

@test "targets that are no host's address" {
	for target in 0.0.0.0 255.255.255.255 224.0.0.1; do
		alone "$GANTRY" audit "$target"
		refused_alone
	done
}

@test "--care" {
	alone "$GANTRY" audit --care rough 10.16.12.4
	refused_alone --care rough gentle
}

@test "--rate" {
	for rate in -1 x "" nan inf 1e99 5x; do
		alone "$GANTRY" audit --rate "$rate" 10.16.12.4
		refused_alone --rate "'$rate'"
	done
}

@test "--host-rate" {
	for rate in -1 x 1.5 0.5 1e9; do
		alone "$GANTRY" audit --host-rate "$rate" 10.16.12.4
		refused_alone --host-rate "'$rate'"
	done
}

@test "--segment-rate" {
	for rate in -1 x nan inf 1e99; do
		alone "$GANTRY" audit --segment-rate "$rate" 10.16.12.4
		refused_alone --segment-rate "'$rate'"
	done
}

@test "--listen" {
	for seconds in -1 x 1e9 nan 30s; do
		alone "$GANTRY" audit --listen "$seconds" 10.16.12.4
		refused_alone --listen "'$seconds'"
	done
}

@test "--ports" {
	for ports in 0 65536 99999999999 x 5-1 '104,' ,104 U: T:x 1-2-3 ""; do
		alone "$GANTRY" audit --ports "$ports" 10.16.12.4
		refused_alone ports
	done
}

@test "-S: no address" {
	alone "$GANTRY" audit -S 10.16.12 10.16.12.4
	refused_alone -S "'10.16.12'"
}

@test "-S: an address that is not ours" {
	alone "$GANTRY" audit --dry-run -S 10.9.9.9 10.16.12.4
	refused_alone 10.9.9.9
}

@test "-i: no such interface" {
	alone "$GANTRY" audit -i nosuch0 10.16.12.4
	refused_alone nosuch0
	alone "$GANTRY" audit -i nosuch0 --dry-run 10.16.12.4
	refused_alone nosuch0
}

@test "AE titles" {
	for title in "" 12345678901234567 'A\B'; do
		alone "$GANTRY" audit --called-ae "$title" 10.16.12.4
		refused_alone "'$title'"
		alone "$GANTRY" audit --calling-ae "$title" 10.16.12.4
		refused_alone "'$title'"
	done
}

@test "--snmp and --nis-domain: a word that can be one" {
	for word in "" "two words" "$(printf 'a\tb')" "$(printf '%065d' 0)"; do
		alone "$GANTRY" audit --snmp "$word" 10.16.12.4
		refused_alone "--snmp"
		alone "$GANTRY" audit --nis-domain "$word" 10.16.12.4
		refused_alone "--nis-domain"
	done
}

@test "--snmp: port 161 is in the plan then, and only then" {
	alone "$GANTRY" audit --dry-run --ports default,U:161 10.16.12.4
	done_well
	[[ $output != *udp/161* ]]
	alone "$GANTRY" audit --dry-run --snmp ward --ports T:104 10.16.12.4
	done_well
	[[ $output == *"udp/161"*"snmp"*"040477617264"* ]]
	[ "$sent" = 0 ]
}

@test "--broadcast: the plan says what is asked of whom" {
	alone "$GANTRY" audit --dry-run 10.16.12.0/23
	done_well
	[[ $output != *portmapall* ]]
	alone "$GANTRY" audit --dry-run --broadcast 10.16.12.0/23
	done_well
	[[ $output == *"portmapall one datagram to 10.16.13.255"* ]]
	[[ $output == *"portmapall one datagram to 10.16.12.0"* ]]
	[[ $output == *"netbiosall one datagram to 10.16.13.255"* ]]
	[ "$sent" = 0 ]
}

@test "no way to the target" {
	alone "$GANTRY" audit 172.16.99.1
	refused_alone 172.16.99.1
}

### Files of addresses, and the authority.

@test "a file of targets that cannot be read" {
	alone "$GANTRY" audit "@$tmp/none.txt"
	refused_alone "$tmp/none.txt" "No such file"
	alone "$GANTRY" audit "@$tmp"
	refused_alone "$tmp" "directory"
	touch "$tmp/locked.txt"
	chmod 0 "$tmp/locked.txt"
	alone "$GANTRY" audit "@$tmp/locked.txt"
	refused_alone "$tmp/locked.txt" "Permission denied"
}

@test "a file of targets with a bad line" {
	printf '10.16.12.4\n\n# a comment\n10.16.12.400 # here\n' \
	    >"$tmp/ward.txt"
	alone "$GANTRY" audit "@$tmp/ward.txt"
	refused_alone "$tmp/ward.txt:4:" 10.16.12.400
}

@test "a file of targets of whatever bytes" {
	head -c 4096 /dev/zero >"$tmp/zeros.txt"
	alone "$GANTRY" audit "@$tmp/zeros.txt"
	refused_alone "$tmp/zeros.txt"
	printf '\033[2J10.16.12.4\n' >"$tmp/escape.txt"
	alone "$GANTRY" audit "@$tmp/escape.txt"
	refused_alone "$tmp/escape.txt:1:"
	[[ $stderr != *$'\033'* ]]
}

@test "--exclude and --exclude-file" {
	alone "$GANTRY" audit --exclude 10.16 10.16.12.4
	refused_alone '"10.16"'
	alone "$GANTRY" audit --exclude-file "$tmp/none" 10.16.12.4
	refused_alone "$tmp/none" "No such file"
	printf '10.16.12.9\n10.16.12.7-x\n' >"$tmp/except.txt"
	alone "$GANTRY" audit --exclude-file "$tmp/except.txt" 10.16.12.4
	refused_alone "$tmp/except.txt:2:" 10.16.12.7-x
}

@test "nothing left after exclusion" {
	alone "$GANTRY" audit --exclude 10.16.12.0/24 10.16.12.4 10.16.12.8/29
	refused_alone "nothing is left"
}

@test "excluded addresses are not in the plan" {
	printf '10.16.12.5\n' >"$tmp/except.txt"
	alone "$GANTRY" audit --dry-run --exclude 10.16.12.6 \
	    --exclude-file "$tmp/except.txt" 10.16.12.4-10.16.12.7
	done_well
	[ "$(grep -c '^10\.16\.12\.4 ' <<<"$output")" -eq 1 ]
	[ "$(grep -c '^10\.16\.12\.7 ' <<<"$output")" -eq 1 ]
	[[ $output != *10.16.12.5* ]]
	[[ $output != *10.16.12.6* ]]
}

@test "a public address without a scope file" {
	for target in 192.0.2.1 8.8.8.8 172.32.0.1 192.169.0.1 \
	    10.16.12.4-11.0.0.1; do
		alone "$GANTRY" audit "$target"
		refused_alone "scope file"
	done
}

scope_file() { # scope_file EXPIRES NETWORKS
	printf 'owner: A. Person\nexpires: %s\nnetworks: %s\n' "$1" "$2" \
	    >"$tmp/scope.yaml"
}

@test "a public address with one" {
	scope_file 2099-12-31 '[192.0.2.0/24]'
	alone "$GANTRY" audit --dry-run --scope "$tmp/scope.yaml" 192.0.2.1
	done_well
	[[ $output == *192.0.2.1* ]]
}

@test "a scope file that does not name the target" {
	scope_file 2099-12-31 '[192.0.2.0/25]'
	alone "$GANTRY" audit --scope "$tmp/scope.yaml" 192.0.2.128
	refused_alone 192.0.2.128 "scope file"
	# It bounds private addresses as well.
	alone "$GANTRY" audit --scope "$tmp/scope.yaml" 10.16.12.4
	refused_alone 10.16.12.4 "scope file"
}

@test "a scope file that is missing, expired, or not what it should be" {
	alone "$GANTRY" audit --scope "$tmp/none.yaml" 192.0.2.1
	refused_alone "$tmp/none.yaml" "No such file"
	scope_file 2020-02-29 '[192.0.2.0/24]'
	alone "$GANTRY" audit --scope "$tmp/scope.yaml" 192.0.2.1
	refused_alone "$tmp/scope.yaml:2:" 2020-02-29 "A. Person"
	scope_file 2099-02-29 '[192.0.2.0/24]'
	alone "$GANTRY" audit --scope "$tmp/scope.yaml" 192.0.2.1
	refused_alone "$tmp/scope.yaml:2:" 2099-02-29
	scope_file 2099-12-31 '[192.0.2.0/24'
	alone "$GANTRY" audit --scope "$tmp/scope.yaml" 192.0.2.1
	refused_alone "$tmp/scope.yaml:"
	scope_file 2099-12-31 '[192.0.2.0/240]'
	alone "$GANTRY" audit --scope "$tmp/scope.yaml" 192.0.2.1
	refused_alone "$tmp/scope.yaml:3:" 192.0.2.0/240
	printf 'expires: 2099-12-31\nnetworks: [192.0.2.0/24]\n' \
	    >"$tmp/scope.yaml"
	alone "$GANTRY" audit --scope "$tmp/scope.yaml" 192.0.2.1
	refused_alone "$tmp/scope.yaml" owner
	printf 'owner: me\nexpires: 2099-12-31\nnetwork: 192.0.2.0/24\n' \
	    >"$tmp/scope.yaml"
	alone "$GANTRY" audit --scope "$tmp/scope.yaml" 192.0.2.1
	refused_alone "$tmp/scope.yaml:3:" network
}

### No rights.

@test "no rights: one line that names the one that is needed" {
	alone "$GANTRY" audit 10.16.12.4
	refused_alone CAP_NET_RAW
}

@test "no rights: nothing half written" {
	alone "$GANTRY" audit -o "$out" 10.16.12.4
	refused_alone CAP_NET_RAW
	left=$(ls -A "$out" 2>/dev/null) || true
	echo "left behind: $left"
	[ -z "$left" ]
}

@test "no rights: --dry-run does without, and sends nothing" {
	alone "$GANTRY" audit --dry-run 10.16.12.4-10.16.12.6 192.168.0.1 \
	    --exclude 192.168.0.1 -o "$out"
	done_well
	[ "$sent" = 0 ]
	[ ! -e "$out" ]
}

@test "--dry-run says what would be sent, each once, and how many" {
	alone "$GANTRY" audit --dry-run 10.16.12.4-10.16.12.6
	done_well
	for host in 4 5 6; do
		grep -Eq "^10\.16\.12\.$host +ARP who-has" <<<"$output"
	done
	# DICOM is greeted as DICOM: A-ASSOCIATE-RQ, with gantry's own title
	grep -Eq '^ +tcp/104 +dicom .* says 01000000[0-9a-f]{4}0001' \
	    <<<"$output"
	[[ $output == *"$(printf GANTRY | od -An -tx1 | tr -d ' \n')"* ]]
	grep -Eq '^ +udp/111 +portmap ' <<<"$output"
	grep -Eq '^ +udp/1600 +listened to only' <<<"$output"
	grep -Eq 'at most [0-9]+ packets to 3 addresses' <<<"$output"
	twice=$(grep . <<<"$output" | sort | uniq -d)
	echo "twice: $twice"
	[ -z "$twice" ]
}

@test "--dry-run: ports that must not be touched, unless named" {
	alone "$GANTRY" audit --dry-run 10.16.12.4 --ports 500-700,9000-9200
	done_well
	for port in 512 514 515 631 9100 9107; do
		[ "$(grep -Ec "^ +tcp/$port .*connect" <<<"$output")" -eq 0 ]
	done
	grep -Eq "^ +tcp/516 .*connect" <<<"$output"
	alone "$GANTRY" audit --dry-run 10.16.12.4 --ports 9100
	done_well
	grep -Eq "^ +tcp/9100 .*connect" <<<"$output"
}

### Where results go.

@test "an output directory that cannot be made or written" {
	mkdir -m 755 "$tmp/locked"
	alone "$GANTRY" audit -o "$tmp/locked/out" 10.16.12.4
	refused_alone "$tmp/locked/out" "Permission denied"
	cp "$data/origin-datagrams.pcap" "$tmp"
	alone "$GANTRY" replay -o "$tmp/locked/out" \
	    "$tmp/origin-datagrams.pcap"
	refused "$tmp/locked/out" "Permission denied"
	alone "$GANTRY" replay -o "$tmp/locked" \
	    "$tmp/origin-datagrams.pcap"
	refused "$tmp/locked" "Permission denied"
	gantry replay -o "$tmp/none/out" "$data/origin-datagrams.pcap"
	refused "$tmp/none/out" "No such file"
	gantry replay -o VERSION "$data/origin-datagrams.pcap"
	refused VERSION
}

@test "-o leaves its files, whole" {
	gantry replay -o "$out" "$data/origin-datagrams.pcap"
	show
	[ "$status" -eq 0 ]
	[ "$(cd "$out" && echo *)" = \
	    "assets.csv evidence.pcapng facts.ndjson metrics.prom nmap.xml report.html report.json" ]
	is_json "$out/report.json"
	[[ $(tail -c 9 "$out/report.html") == *"</html>"* ]]
}

@test "--json FILE, and where it cannot be written" {
	gantry replay -q --json "$tmp/a.json" "$data/origin-datagrams.pcap"
	done_well
	is_json "$tmp/a.json"
	gantry replay -q --json "$tmp/none/a.json" \
	    "$data/origin-datagrams.pcap"
	refused "$tmp/none/a.json" "No such file"
}

@test "--json -: standard output is JSON and nothing else" {
	gantry replay --json - "$data/origin-datagrams.pcap"
	done_well
	echo "$output" >"$tmp/a.json"
	is_json "$tmp/a.json"
	gantry replay --json - -o "$out" "$data/origin-datagrams.pcap"
	[ "$status" -eq 0 ]
	echo "$output" >"$tmp/a.json"
	is_json "$tmp/a.json"
	gantry replay --json - "$data/bad-magic.pcap"
	refused "$data/bad-magic.pcap"
}

@test "a full disk is not taken for success" {
	[ -w /dev/full ] || skip "no /dev/full"
	run --separate-stderr sh -c \
	    '"$GANTRY" replay --json - "$1" >/dev/full' sh \
	    "$data/origin-datagrams.pcap"
	refused "standard output"
	run --separate-stderr sh -c '"$GANTRY" replay "$1" >/dev/full' sh \
	    "$data/origin-datagrams.pcap"
	show
	[ "$status" -eq 2 ]
	[ "${#stderr_lines[@]}" -eq 1 ]
}

@test "-q: nothing but errors" {
	gantry replay -q "$data/origin-datagrams.pcap"
	done_well
	[ -z "$output" ]
	gantry replay -q -o "$out" "$data/origin-datagrams.pcap"
	done_well
	[ -z "$output" ]
	gantry replay -q "$data/bad-magic.pcap"
	refused "$data/bad-magic.pcap"
}

@test "results on standard output, talk on standard error" {
	gantry replay "$data/origin-datagrams.pcap"
	done_well
	[[ $output == *128.231.213.4*NMR1/IC0* ]]
}

# On a terminal of its own.
on_terminal() {
	command -v script >/dev/null || skip "no script(1)"
	TERM=xterm run script -qefc "$GANTRY replay $data/origin-datagrams.pcap" \
	    /dev/null </dev/null
	[ "$status" -eq 0 ]
}

@test "colours: on a terminal, unless NO_COLOR is set; never in a pipe" {
	unset NO_COLOR
	on_terminal
	[[ $output == *$'\033['* ]]
	NO_COLOR=1 on_terminal
	[[ $output == *128.231.213.4* ]]
	[[ $output != *$'\033'* ]]
	gantry replay "$data/origin-datagrams.pcap"
	[[ $output == *128.231.213.4* ]]
	[[ $output != *$'\033'* ]]
}

### Captures that are none.

@test "replay of nothing, of what is missing, of a directory" {
	gantry replay
	refused replay
	gantry replay -o "$out" "$tmp/none.pcap"
	refused "$tmp/none.pcap" "No such file"
	gantry replay -o "$out" "$tmp"
	refused "$tmp:"
	# One bad file among good ones, wherever it stands.
	gantry replay -o "$out" "$data/origin-datagrams.pcap" "$tmp/none.pcap"
	refused "$tmp/none.pcap"
	[ ! -e "$out" ]
}

@test "replay of a file that may not be read" {
	cp "$data/origin-datagrams.pcap" "$tmp/locked.pcap"
	chmod 0 "$tmp/locked.pcap"
	alone "$GANTRY" replay "$tmp/locked.pcap"
	refused "$tmp/locked.pcap" "Permission denied"
}

@test "replay of what is no capture: one line, nothing written" {
	for bad in empty.pcap magic.pcap linktype.pcap; do
		gantry replay -o "$out" "$data/bad-$bad"
		refused "$data/bad-$bad"
		[ ! -e "$out" ]
	done
}

@test "replay of a capture cut short or spoilt: said, and the rest reported" {
	for bad in "truncated.pcap: frame 3" "truncated.pcapng: frame 1" \
	    "corrupt.pcap: frame 2"; do
		rm -rf "$out"
		gantry replay -q -o "$out" "$data/bad-${bad%%:*}"
		refused "$data/bad-$bad"
		is_json "$out/report.json"
		[ "$(grep -o '"outcome": *"[a-z]*"' "$out/report.json")" = \
		    '"outcome": "failed"' ]
		[[ $(tail -c 9 "$out/report.html") == *"</html>"* ]]
		[ -z "$(find "$out" -name '*.new' -o -name '*.tmp' \
		    -o -name '.*' -type f)" ]
		# And not told as if all were well.
		gantry replay "$data/bad-${bad%%:*}"
		[ "$status" -eq 2 ]
		[ "$(grep -c "bad-${bad%%:*}" <<<"$stderr")" -eq 1 ]
	done
}

@test "replay of every beginning of a capture: never more than one line" {
	size=$(stat -c %s "$data/origin-datagrams.pcap")
	for ((cut = 0; cut < size; cut += 7)); do
		head -c "$cut" "$data/origin-datagrams.pcap" >"$tmp/cut.pcap"
		gantry replay -q "$tmp/cut.pcap"
		# Between two packets a capture is whole.
		if [ "$cut" -ge 24 ] && [ $(((cut - 24) % 84)) -eq 0 ]; then
			done_well
		else
			echo "cut at $cut"
			refused "$tmp/cut.pcap"
		fi
	done
}

@test "replay of a capture without a packet is fine" {
	gantry replay -q --json - "$data/no-packets.pcap"
	done_well
	"$python" -c 'import json, sys
r = json.load(sys.stdin)
assert r["assets"] == [] and r["run"]["frames_read"] == 0' <<<"$output"
}

@test "replay from standard input" {
	run --separate-stderr sh -c '"$GANTRY" replay --json - - <"$1"' sh \
	    "$data/origin-datagrams.pcap"
	done_well
	[[ $output == *NMR1* ]]
}

@test "replayed twice, the same but for the run's id and times" {
	for turn in 1 2; do
		gantry replay -q -o "$tmp/$turn" "$data/origin-trace.pcapng"
		done_well
		"$python" - "$tmp/$turn/report.json" >"$tmp/$turn.json" <<-'PY'
		import json, sys
		r = json.load(open(sys.argv[1]))
		for key in ("id", "started", "finished"):
		    del r["run"][key]
		print(json.dumps(r, indent=1))
		PY
		id=$("$python" -c 'import json, sys
print(json.load(open(sys.argv[1]))["run"]["id"])' "$tmp/$turn/report.json")
		# The page of this run, without what is this run's.
		sed -E "s/$id//g; s/[0-9]+[.][0-9] s//g; s/20[2-9][0-9]-[0-9-]+[T ][0-9:.]+Z?//g" \
		    "$tmp/$turn/report.html" >"$tmp/$turn.html"
		sleep 1.1
	done
	[ -s "$tmp/1.json" ]
	diff "$tmp/1.json" "$tmp/2.json"
	diff "$tmp/1.html" "$tmp/2.html" | head -20
	cmp "$tmp/1.html" "$tmp/2.html"
	cmp "$tmp/1/facts.ndjson" "$tmp/2/facts.ndjson"
	cmp "$tmp/1/evidence.pcapng" "$tmp/2/evidence.pcapng"
}

### Fingerprints.

@test "fingerprints list: every file, by its name" {
	gantry fingerprints list
	done_well
	[ "$(awk '{ print $1 }' <<<"$output" | sort)" = \
	    "$(find fingerprints/devices -name '*.yaml' |
		sed 's,.*/,,; s,\.yaml$,,' | sort)" ]
}

@test "fingerprints show: every clue with weight, reason and source" {
	for id in ge-genesis-console printer; do
		file=fingerprints/devices/$id.yaml
		gantry fingerprints show $id
		done_well
		[[ $output == "$id: "* ]]
		clues=$(sed -n '/^clues:/,/^[a-bd-z]/s/^  - name: //p' $file)
		[ "$(wc -w <<<"$clues")" -ge 5 ]
		for clue in $clues; do
			echo "clue $clue"
			grep -Eq "^ +[+-][0-9]+ dB +$clue " <<<"$output"
		done
		[ "$(grep -c '^ *source: ' <<<"$output")" -eq \
		    "$(wc -w <<<"$clues")" ]
	done
}

@test "fingerprints show: of none, of an unknown one" {
	gantry fingerprints show
	refused show
	gantry fingerprints show nobody
	refused nobody
	gantry fingerprints show printer printer
	refused
}

@test "fingerprints explain: the sum, clue by clue, from both files" {
	gantry replay t/data/origin-datagrams.pcap -q -o "$tmp/origin"
	for file in report.json facts.ndjson; do
		gantry fingerprints explain "$tmp/origin/$file" \
		    128.231.213.4 ge-genesis-console
		show
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		[[ $output == "128.231.213.4, weighed as ge-genesis-console"* ]]
		[[ $output == *"What counted in favour:"*beacon-of-a-console* ]]
		[[ $output == *"advantagenet.role = independent-console (frame "* ]]
		[[ $output == *"What was not looked at, and would add:"* ]]
		[[ $output == *"What would have confirmed it "*"dB more"* ]]
	done
	# of one host only it need not be named
	gantry fingerprints explain "$tmp/origin/facts.ndjson" irix-host
	[ "$status" -eq 0 ]
	[[ $output == *"nothing that was not looked at"* ||
	    $output == *"dB more"* ]]
}

@test "fingerprints explain: what it cannot" {
	gantry replay t/data/origin-datagrams.pcap -q -o "$tmp/origin"
	for args in "$tmp/origin/report.json 10.0.0.1 irix-host" \
	    "$tmp/origin/report.json x irix-host" \
	    "$tmp/origin/report.json 128.231.213.4 nobody" \
	    "$tmp/none 128.231.213.4 irix-host" \
	    "$tmp/origin/evidence.pcapng 128.231.213.4 irix-host" \
	    "irix-host"; do
		# shellcheck disable=SC2086
		gantry fingerprints explain $args
		show
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[ "$(wc -l <<<"$stderr")" -eq 1 ]
	done
}

@test "fingerprints lint and test are content with ours" {
	gantry fingerprints lint
	done_well
	[[ $output == *" 0 complaints" ]]
	gantry fingerprints test
	done_well
	[[ $output =~ \ ([0-9]+)\ examples,\ 0\ failed$ ]]
	[ "${BASH_REMATCH[1]}" -ge 50 ]
}

@test "fingerprints: wrong words" {
	gantry fingerprints
	refused
	gantry fingerprints bogus
	refused
	gantry fingerprints list everything
	refused
}

devices() { # devices SED-EXPRESSION: a directory with one spoilt file
	mkdir -p "$tmp/devices"
	sed "$1" fingerprints/devices/printer.yaml \
	    >"$tmp/devices/printer.yaml"
}

@test "fingerprints: a directory that is missing or has none" {
	mkdir "$tmp/devices"
	for command in "fingerprints list" "fingerprints test" \
	    "replay $data/origin-datagrams.pcap"; do
		for where in none devices; do
			# shellcheck disable=SC2086 # words
			gantry $command --fingerprints "$tmp/$where"
			show
			[ "$status" -eq 2 ]
			[ -z "$output" ]
			[[ ${stderr_lines[0]} == *"$tmp/$where: "* ]]
		done
	done
}

# near NUMBER: the line that was named, or its neighbour: the parser reads
# one thing ahead or behind.
near() {
	[[ ${stderr_lines[0]} =~ line\ ([0-9]+): ]]
	echo "line ${BASH_REMATCH[1]}, should be near $1"
	[ "${BASH_REMATCH[1]}" -ge $(($1 - 1)) ]
	[ "${BASH_REMATCH[1]}" -le $(($1 + 1)) ]
}

# spoilt PART...: every verb fails with a line that names file and place.
spoilt() {
	local part verb
	for verb in lint test list; do
		gantry fingerprints $verb --fingerprints "$tmp/devices"
		show
		[ "$status" -eq 2 ]
		[[ ${stderr_lines[0]} == *"$tmp/devices/printer.yaml"* ]]
		for part; do
			echo "to be said: $part"
			[[ ${stderr_lines[0]} == *"$part"* ]]
		done
	done
}

@test "fingerprints: YAML with an error, by its line" {
	devices '3s/.*/kind: [unclosed/'
	spoilt
	near 3
	devices '3s/^/no_such_key: 1\n/'
	spoilt no_such_key
	near 3
	devices 's/^prior: .*/prior: many/'
	spoilt
	near "$(grep -n '^prior:' fingerprints/devices/printer.yaml |
	    cut -d: -f1)"
}

@test "fingerprints: a regular expression with an error, by its clue" {
	devices "0,/matches: '[^']*'/s//matches: '(unclosed'/"
	spoilt "$(sed -n "/matches: '/q; s/^  - name: //p" \
	    fingerprints/devices/printer.yaml | tail -1)" "(unclosed" \
	    "parenthesis"
}

@test "fingerprints: an unknown fact key" {
	devices '0,/key: [a-z.]*/s//key: no.such/'
	gantry fingerprints lint --fingerprints "$tmp/devices"
	show
	[ "$status" -ne 0 ]
	[[ $output$stderr == *printer.yaml*no.such* ]]
}

@test "fingerprints test: an example that does not hold" {
	devices 's/^prior: .*/prior: -90/'
	gantry fingerprints test --fingerprints "$tmp/devices"
	show
	[ "$status" -eq 1 ]
	[[ $output != *" 0 failed" ]]
	[[ $output == *printer* ]]
}

### Verify, sweep, config.

@test "verify: what must be said" {
	alone "$GANTRY" verify
	refused_alone "--expect ID" "--inventory FILE"
	alone "$GANTRY" verify 10.16.12.4
	refused_alone "--expect ID"
	alone "$GANTRY" verify --expect printer
	refused_alone "one host"
	alone "$GANTRY" verify 10.16.12.0/24 --expect printer
	refused_alone "one host"
	alone "$GANTRY" verify 10.16.12.4 --expect nobody
	refused_alone '"nobody"' "gantry fingerprints list"
	alone "$GANTRY" verify 8.8.8.8 --expect printer
	refused_alone "may be looked at"
}

@test "verify: a record that is none" {
	alone "$GANTRY" verify --inventory "$tmp/none.csv"
	refused_alone "$tmp/none.csv: No such file"
	printf 'colour,size\nred,9\n' >"$tmp/r.csv"
	alone "$GANTRY" verify --inventory "$tmp/r.csv"
	refused_alone "$tmp/r.csv:1: no column" "--columns address="
	alone "$GANTRY" verify --inventory "$tmp/r.csv" --columns address=Size
	refused_alone "none of the record's addresses"
	alone "$GANTRY" verify --inventory "$tmp/r.csv" --columns what=size
	refused_alone '"what"'
	printf 'ip\n10.16.12.4\n"10.16.12.5\n' >"$tmp/r.csv"
	alone "$GANTRY" verify --inventory "$tmp/r.csv"
	refused_alone "$tmp/r.csv:3: a quote"
}

@test "verify: --dry-run names the record's addresses, and sends nothing" {
	printf 'Name;IP-Adresse\nx;10.16.12.4/23\ny;10.16.12.5\nz;8.8.8.8\n' \
	    >"$tmp/r.csv"
	alone "$GANTRY" verify --inventory "$tmp/r.csv" --dry-run
	done_well
	[ "$sent" = 0 ]
	grep -q '^10\.16\.12\.4 ' <<<"$output"
	grep -q '^10\.16\.12\.5 ' <<<"$output"
	! grep -q '8\.8\.8\.8' <<<"$output"
}

@test "config check: the shipped example, and a file that is wrong" {
	gantry config check data/gantry.yaml
	done_well
	grep -q 'Segment mr-ward: 254 addresses are looked at, 2 left out' \
	    <<<"$output"
	grep -q '10\.1\.2\.0/24 (256 addresses)' <<<"$output"
	sed 's/Mon-Sat/Mon-Son/' data/gantry.yaml >"$tmp/g.yaml"
	gantry config check "$tmp/g.yaml"
	refused "$tmp/g.yaml:14: " "window"
	gantry config
	refused check
	gantry config check "$tmp/none.yaml"
	refused "$tmp/none.yaml: No such file"
}

@test "sweep: without a configuration, and of no segment of it" {
	alone "$GANTRY" sweep --config "$tmp/none.yaml"
	refused_alone "$tmp/none.yaml: No such file"
	alone "$GANTRY" sweep nobody --config data/gantry.yaml
	refused_alone "no segment is called nobody" mr-ward
}

@test "notify: a configuration that tells nobody" {
	gantry notify --config data/gantry.yaml
	show
	[ "$status" -eq 0 ]
	[[ $stderr == *"tells nobody"* ]]
}

@test "config check: the example holds with its comment signs taken off" {
	sed "1,3d; s/^#//; s|/etc/gantry/north.csv|$tmp/north.csv|" \
	    data/gantry.yaml >"$tmp/all.yaml"
	printf 'address,name\n10.1.2.4,MR1\n' >"$tmp/north.csv"
	gantry config check "$tmp/all.yaml"
	show
	[ "$status" -eq 0 ]
	[[ $output == *"expected     $tmp/north.csv (1 line)"* ]]
}
