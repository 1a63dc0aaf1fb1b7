#!/bin/bash
# SPDX-License-Identifier: ISC
# resume: audits of the demo ward, broken off at several moments and gone on
# with, come to what an undisturbed audit comes to, and ask nothing twice.
#
# Each runs against a ward of its own in namespaces of its own, all at once.
set -u
# shellcheck source=t/lab/netns.sh
. t/lab/netns.sh
# shellcheck source=t/lab/wardtap.sh
. t/lab/wardtap.sh
need "$py"

gantry=${GANTRY:-build/gantry}
[ -x "$gantry" ] || skip_all "gantry is not built"
work=$(mktemp -d /tmp/resume-XXXXXX) || bail "no scratch directory"
jobs=
# shellcheck disable=SC2086 # several
end_all() {
	[ -z "$jobs" ] || kill $jobs 2>/dev/null
	wait
	rm -rf "$work"
}
trap end_all EXIT
trap 'exit 130' INT TERM

echo "10.16.20.24/29  # behind the router" >"$work/list.txt"
# Slowly enough for each moment to be met: the sweep takes 5 s and 1,000 packets.
gentle=(10.16.12.0/23 "@$work/list.txt" --no-reserved --rate 200
    --ports "T:21,23,25,104,111,11112,U:111" --exclude 10.16.12.99)
# A sweep of 3 s and 1,000 packets, rounds of SYN of 5 s and more.
standard=(10.16.12.0/23 "@$work/list.txt" --no-reserved --care standard
    --rate 400 --ports "T:20-159,1024,11112,U:111")

# lab_one NAME CMD...: CMD in a lab of its own; results are in $work/NAME.
lab_one() {
	local name=$1
	shift
	lab_up "rs-$name" || exit 1
	trap 'exit 143' TERM
	lab_route 10.16.20.0/24 10.16.12.1
	lab_ward t/ward/demo.yaml -s 120 --seed 7 || exit 1
	mkdir "$work/$name"
	"$@" "$work/$name" >"$work/$name.out" 2>"$work/$name.err"
	lab_ward_stop
	cp "$LAB_HARM" "$work/$name/harm.json"
}

# undisturbed OPTION... DIR
undisturbed() {
	local out=${*: -1}
	lab_run timeout 120 "$gantry" audit "${@:1:$#-1}" -q -o "$out"
	echo "$?" >"$out/code"
}

# interrupted_after PACKETS CMD...: run it, SIGINT once it has sent so many.
# Packets and not seconds, so that a slow machine meets the same moment.
interrupted_after() {
	local until=$(($(sent) + $1)) pid
	shift
	ip netns exec "$LAB_SCAN_NS" "$@" & # no function: the pid is its own
	pid=$!
	while [ "$(sent)" -lt "$until" ] && kill -0 "$pid" 2>/dev/null; do
		sleep 0.05
	done
	kill -INT "$pid" 2>/dev/null
	wait "$pid"
}

sent() { # packets that left the scanner's end
	lab_run cat "/sys/class/net/$LAB_SCAN_IF/statistics/tx_packets"
}

# broken_off PACKETS[,PACKETS...] OPTION... DIR: SIGINT after so many, then
# --resume, as often as there are numbers; and once more to the end.
broken_off() {
	local out=${*: -1} first=1 after
	for after in ${1//,/ }; do
		if [ -n "$first" ]; then
			set -- "${@:1:$#-1}"
			interrupted_after "$after" \
			    "$gantry" audit "${@:2}" -o "$out"
		else
			interrupted_after "$after" "$gantry" audit --resume "$out"
		fi
		echo "$?" >>"$out/codes"
		first=
		cp "$out/run.json" "$out.run.json"
		cp "$out/report.json" "$out.report.json"
		sleep 0.3
	done
	lab_run timeout 120 "$gantry" audit --resume "$out"
	echo "$?" >"$out/code"
}

began() { # began NAME CMD...: start it
	lab_one "$@" &
	jobs="$jobs $!"
}
began whole undisturbed "${gentle[@]}"
began sweep broken_off 350 "${gentle[@]}"
began visits broken_off 1345 "${gentle[@]}"
began often broken_off 350,400,250,100 "${gentle[@]}"
began whole-syn undisturbed "${standard[@]}"
began syn broken_off 1800 "${standard[@]}"
began syn-often broken_off 600,1000,800,800 "${standard[@]}"
wait
jobs=

# state FILE EXPRESSION: something of a run.json
state() {
	"$py" -c '
import json, sys
d = json.load(open(sys.argv[1]))
print(eval(sys.argv[2]))' "$@"
}

for name in whole whole-syn; do
	is "$(cat "$work/$name/code")" 0 "$name: an undisturbed run is done"
	[ ! -e "$work/$name/run.json" ]
	ok $? "$name: and leaves nothing to go on with"
done

# Each was broken off when it was meant to be.
in_sweep='d["sweep"]["round"] < 2 and d["sweep"]["index"] > 0'
in_syn='d["shots"] is not None and not d["states_known"] and d["shots"]["done"] > 0'
in_visits='any("visit" in h for h in d["hosts"]) and any(h["over"] for h in d["hosts"])'
is "$(state "$work/sweep.run.json" "$in_sweep")" True "sweep: broken off in the sweep"
is "$(state "$work/visits.run.json" "$in_visits")" True \
    "visits: broken off in the visits, some over, some not"
is "$(state "$work/syn.run.json" "$in_syn")" True "syn: broken off in the rounds of SYN"

judge() { # judge NAME WHOLE INTERRUPTS
	local said
	is "$(sort -u "$work/$1/codes" | tr '\n' ' ')" "4 " "$1: interrupted $3 times, exit 4"
	is "$(wc -l <"$work/$1/codes")" "$3" "$1: each time it could go on"
	is "$(cat "$work/$1/code")" 0 "$1: gone on with and done"
	said=$("$py" t/lab/resume.py "$work/$2" "$work/$1" 2>&1)
	[ -z "$said" ]
	ok $? "$1: verdicts, ports, facts, evidence and connections as in one go; no harm"
	[ -z "$said" ] || echo "$said" | head -40 | sed 's/^/# /'
}
judge sweep whole 1
judge visits whole 1
judge often whole 4
judge syn whole-syn 1
judge syn-often whole-syn 4

run_of() { state "$1" 'd["run"]["'"$2"'"]'; }
for key in id started; do
	is "$(run_of "$work/visits/report.json" $key)" \
	    "$(run_of "$work/visits.report.json" $key)" "the run keeps its $key"
done
is "$(run_of "$work/visits.report.json" outcome)" interrupted \
    "the report in between says interrupted"
for key in packets_sent frames_read talks listened_s; do
	state "$work/visits/report.json" \
	    "d['run']['$key'] > $(run_of "$work/visits.report.json" $key)" |
	    grep -q True
	ok $? "$key goes on from what it was"
done

### What cannot be gone on with says so in one line, and sends nothing.
complaint() { # complaint DESCRIPTION PATTERN ARGS...
	local what=$1 want=$2 said rc
	shift 2
	said=$(timeout 20 "$gantry" audit "$@" 2>&1 >/dev/null)
	rc=$?
	[ "$rc" = 2 ] && [ "$(echo "$said" | wc -l)" = 1 ] &&
	    echo "$said" | grep -qE "$want"
	ok $? "$what"
	[ "$rc" = 2 ] && echo "$said" | grep -qE "$want" ||
	    echo "$said" | sed "s/^/# exit $rc: /"
}
complaint "a run that was done" "nothing to go on with" --resume "$work/visits"
mkdir "$work/empty"
complaint "a directory without a run" "no run was begun" --resume "$work/empty"
complaint "targets beside it" "10.0.0.1" --resume "$work/visits" 10.0.0.1
complaint "how to go about it beside it" "everything from the run" \
    --resume "$work/visits" --rate 5
complaint "another directory beside it" "everything from the run" \
    --resume "$work/visits" -o "$work/other"
timeout 5 "$gantry" replay --resume "$work/visits" >/dev/null 2>&1
is $? 2 "--resume is of no use to replay"

# again FILE...: the interrupted run once more, in a lab of this shell's own.
again=$work/again
mkdir "$again"
cp "$work/visits/evidence.pcapng" "$work/visits/facts.ndjson" "$again"
cp "$work/visits.run.json" "$again/run.json"
lab_up rs-again || bail "no lab"
trap 'lab_down; rm -rf "$work"' EXIT
lab_route 10.16.20.0/24 10.16.12.1
gantry_here=$gantry
gantry_in_lab() { lab_run "$gantry_here" "$@"; }
export -f gantry_in_lab lab_run
export gantry_here LAB_SCAN_NS
gantry=$work/gantry
printf '#!/bin/bash\ngantry_in_lab "$@"\n' >"$gantry"
chmod +x "$gantry"
before=$(sent)
echo "10.16.20.24/30" >"$work/list.txt"
complaint "a list of targets that has changed" "no longer those" --resume "$again"
echo "10.16.20.24/29" >"$work/list.txt"
echo '{"address": 5}' >>"$again/facts.ndjson"
complaint "a line that is no fact" \
    "facts.ndjson:$(wc -l <"$again/facts.ndjson"): not a fact" --resume "$again"
sed -i '$d' "$again/facts.ndjson"
sed -i 's/"key": "[0-9a-f]*"/"key": "12"/' "$again/run.json"
complaint "a run.json somebody edited" 'run.json: "key" is not' --resume "$again"
head -c 900 "$work/visits.run.json" >"$again/run.json"
complaint "half a run.json" "run.json:1: " --resume "$again"
cat >"$work/scope.yaml" <<YAML
owner: Ann Other
expires: 2001-01-01
networks: [10.0.0.0/8]
YAML
"$py" - "$work/visits.run.json" "$again/run.json" "$work/scope.yaml" <<'PY'
import json, sys
d = json.load(open(sys.argv[1]))
d["asked"]["scope_file"] = sys.argv[3]
json.dump(d, open(sys.argv[2], "w"))
PY
complaint "a scope file that has expired meanwhile" "authority ended" --resume "$again"
is "$(sent)" "$before" "none of these sent a packet"

### What a kill may leave is no obstacle.
lab_ward t/ward/demo.yaml -s 120 --seed 7 || bail "no ward"
cp "$work/visits.run.json" "$again/run.json"
printf '{"site":"","addr' >>"$again/facts.ndjson"
printf '\6\0\0\0\100\0\0\0half' >>"$again/evidence.pcapng"
said=$(timeout 60 "$gantry" audit --resume "$again" 2>&1 >/dev/null)
is $? 0 "a last line and a last frame cut off: gone on with"
echo "$said" | grep -q "cut off and is dropped"
ok $? "and a warning about the line"
capinfos=$(tool capinfos)
if [ -n "$capinfos" ]; then
	"$capinfos" -c "$again/evidence.pcapng" >/dev/null 2>&1
	ok $? "Wireshark reads the evidence"
else
	skip 1 "no capinfos"
fi
lab_down
echo "1..$n"
