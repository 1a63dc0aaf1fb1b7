#!/bin/bash
# SPDX-License-Identifier: ISC
# sweep: segments by their configuration, night after night: locked, within
# their windows, gone on with; and what changed told once, in order, to a
# receiver that was down for three of them.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=t/lab/netns.sh
. t/lab/netns.sh
# shellcheck source=t/lab/wardtap.sh
. t/lab/wardtap.sh
# shellcheck source=t/lab/judge.sh
. t/lab/judge.sh

need node timeout openssl "$py"
[ -x "$GANTRY" ] || skip_all "gantry is not built"

lab_up sweep || bail "no lab"
state=$LAB_DIR/state
config=$LAB_DIR/gantry.yaml
hook=$LAB_DIR/hook
mkdir -p "$state" "$hook"
cp -r t/ward/personalities "$LAB_DIR/"
echo "a secret of nobody's business" >"$hook/secret"
chmod 600 "$hook/secret"

# A certificate authority of our own, and one nobody trusts.
for ca in ours theirs; do
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$ca" \
	    -keyout "$LAB_DIR/$ca.key" -out "$LAB_DIR/$ca.pem" 2>/dev/null
	openssl req -newkey rsa:2048 -nodes -subj "/CN=hook" \
	    -keyout "$LAB_DIR/$ca-hook.key" 2>/dev/null |
	    openssl x509 -req -days 2 -CA "$LAB_DIR/$ca.pem" \
		-CAkey "$LAB_DIR/$ca.key" -CAcreateserial \
		-extfile <(echo "subjectAltName=IP:127.0.0.1") \
		-out "$LAB_DIR/$ca-hook.pem" 2>/dev/null
done

# configure WINDOW RATE NETWORK...: the one segment there is.
configure() {
	cat >"$config" <<-YAML
		database: $LAB_DIR/inventory.db
		state: $state
		timezone: UTC
		sites:
		  - name: North
		    segments:
		      - name: ward
		        networks: [$3]
		        care: lab
		        ports: T:21,T:104,T:2762
		        listen: 0
		        rate: $2
		        windows: ['$1']
		        expected: $LAB_DIR/record.csv
		notify:
		  metrics: $LAB_DIR/gantry.prom
		  webhooks:
		    - name: hook
		      url: https://127.0.0.1:8443/events
		      secret_file: $hook/secret
		      ca_file: $LAB_DIR/ours.pem
	YAML
}

# ward ADDRESS...: who stands there tonight.
ward() {
	{
		printf 'network: 10.16.12.0/23\nhosts:\n'
		for last; do
			printf '  - address: 10.16.12.%d\n' "$last"
			printf '    mac: 00:14:22:00:00:%02x\n' "$last"
			printf '    personality: dicom-called-ae\n    name: h%d\n' \
			    "$last"
		done
	} >"$LAB_DIR/ward.yaml"
	lab_ward_stop
	lab_ward "$LAB_DIR/ward.yaml" -d 400 || bail "no ward: $(cat "$LAB_LOG")"
}

gantry() {
	lab_run timeout --kill-after=5 120 "$GANTRY" "$@" --config "$config" \
	    >"$LAB_DIR/stdout" 2>"$LAB_DIR/stderr" </dev/null
	status=$?
	sed 's/^/# /' "$LAB_DIR/stderr" | grep -v '^# audit: ' | head -20
}

receiver() { # receiver CA: listens with that one's certificate
	rm -f "$hook/ready"
	ip netns exec "$LAB_SCAN_NS" "$py" t/lab/receiver.py "$hook" 8443 \
	    "$LAB_DIR/$1-hook.pem" "$LAB_DIR/$1-hook.key" &
	receiving=$!
	lab_track "$receiving"
	for _ in $(seq 200); do
		[ -e "$hook/ready" ] && return
		sleep 0.05
	done
	bail "no receiver"
}

{
	echo "Name,IP Address,MAC Address,Role"
	for last in 10 11 12 13; do
		printf 'h%d,10.16.12.%d,00:14:22:00:00:%02x,archive\n' "$last" "$last" \
		    "$last"
	done
} >"$LAB_DIR/record.csv"

### Outside its window nothing is sent.
hour=$(date -u +%-H)
configure "$(printf '%02d:00-%02d:30' $(((hour + 3) % 24)) \
    $(((hour + 3) % 24)))" 200 10.16.12.10-10.16.12.20
ward 10 11 12
gantry sweep
is "$status" 0 "outside its window: exit code 0"
grep -q 'segment ward: outside its window, which opens ' "$LAB_DIR/stderr"
ok $? "and it says so"
lab_harm
is "$(harm total packets_total)" 0 "and nothing was sent"

### One at a time; a lock nobody holds is no lock.
configure 00:00-24:00 200 10.16.12.10-10.16.12.20
echo 999999 >"$state/segments/ward/lock"
flock -F "$state/segments/ward/lock" sleep 60 &
holder=$!
lab_track "$holder"
for _ in $(seq 100); do
	flock -n "$state/segments/ward/lock" true || break
	sleep 0.05
done
gantry sweep ward
is "$status" 2 "a segment that is being swept: exit code 2"
grep -q 'segment ward: process 999999 is at it' "$LAB_DIR/stderr"
ok $? "and it says by whom"
lab_stop "$holder"

### Three nights with nobody to tell.
gantry sweep
is "$status" 0 "the first night"
grep -q '^segment ward: done after .*: 3 of 11 addresses answered' \
    "$LAB_DIR/stdout"
ok $? "three hosts are there"
grep -q '3 match, 0 mismatch, 1 absent' "$LAB_DIR/stdout"
ok $? "the record was held against them"
grep -q '<t[dh][^>]*>archive<' \
    "$state"/segments/ward/*/report.html
ok $? "the page tells what the record expects at an address"
ward 10 11 13
gantry sweep
is "$status" 0 "the second night"
grep -q '10.16.12.13.*: new' "$LAB_DIR/stdout"
ok $? "13 is new, and is said to be"
page=$(cat "$state"/segments/ward/*/report.html)
[[ $page == *"The last 2 runs"* && $page == *"Last verified"* ]]
ok $? "the page has the trend, and when each was last verified"
grep -q 'webhook:hook: .*127.0.0.1' "$LAB_DIR/stderr"
ok $? "nobody listens, and that is said too"
ward 10 11 13 14
gantry sweep
is "$status" 0 "the third night"

### A certificate that does not hold.
receiver theirs
ward 10 11 13 14 15
gantry sweep
is "$status" 0 "the fourth night"
grep -qi 'webhook:hook: .*certificate' "$LAB_DIR/stderr"
ok $? "a wrong certificate is refused, and that is said"
[ ! -e "$hook/got" ]
ok $? "and not a word went there"
grep -q '^gantry_outbox{channel="webhook:hook"} [1-9]' "$LAB_DIR/gantry.prom"
ok $? "the metrics tell what waits"
lab_stop "$receiving"

### Then it is up.
receiver ours
gantry notify
is "$status" 1 "not before its time: exit code 1"
echo 503 >"$hook/answer"
gantry notify --now
is "$status" 1 "a receiver in trouble: exit code 1"
rm -f "$hook/answer"
gantry notify --now
is "$status" 0 "all is told: exit code 0"
gantry sweep
gantry notify --now
is "$status" 0 "nothing is left: exit code 0"
judge "$hook/got" "$LAB_DIR/gantry.prom" \
    "$state/segments/ward/last/verify.json" <<'PY'
import json
import sys
from claims import *
got = [json.loads(line) for line in open(sys.argv[1])]
told = [g for g in got if g["status"] == 204]
ids = [g["event"] for g in told]
claim("something was told", len(ids) >= 4)
same("each event once", len(ids), len(set(ids)))
numbers = [int(i.rsplit("-", 1)[1]) for i in ids]
runs = [g["body"]["run"] for g in told]
same("in order", [n for n, _ in sorted(enumerate(runs),
                                       key=lambda r: r[1])],
     list(range(len(runs))))
claim("every signature holds", all(g["signed"] for g in got))
same("the header names the event", [g["event"] for g in told],
     [g["body"]["id"] for g in told])
same("who is new, night by night",
     [g["body"]["address"] for g in told if g["body"]["kind"] == "new"],
     ["10.16.12.13", "10.16.12.14", "10.16.12.15"])
same("who is gone after three silent nights",
     [g["body"]["address"] for g in told if g["body"]["kind"] == "gone"],
     ["10.16.12.12"])
metrics = open(sys.argv[2]).read()
claim("the metrics tell the outbox is empty",
      'gantry_outbox{channel="webhook:hook"} 0\n' in metrics)
claim("and how the segment fared", 'gantry_segment_last_run_complete'
      '{site="North",segment="ward"} 1\n' in metrics)
lines = json.load(open(sys.argv[3]))["lines"]
same("how often in a row a line was absent, or matched",
     {x["address"]: (x["state"], x["in_a_row"]) for x in lines},
     {"10.16.12.10": ("match", 5), "10.16.12.11": ("match", 5),
      "10.16.12.12": ("absent", 4), "10.16.12.13": ("match", 4)})
claim("no secret is in them", "nobody" not in metrics)
PY
fails "the secret is in no log, report or database" \
    "$(grep -rl "nobody's business" "$state" "$LAB_DIR"/stdout \
	"$LAB_DIR"/stderr "$LAB_DIR"/inventory.db* 2>/dev/null)"
chmod 644 "$hook/secret"
ward 10 11 13 14 15 16
gantry sweep
grep -q 'webhook:hook: .*secret: can be read by others' "$LAB_DIR/stderr"
ok $? "a secret others can read is not used"
chmod 600 "$hook/secret"

### Mail, the journal and syslog.  They are seen in a mount namespace of their
### own, where /run and /dev are empty but for receivers that write down what
### they get.
mail=$LAB_DIR/mail.yaml
sed '/^notify:/,$d' "$config" >"$mail"
cat >>"$mail" <<-YAML
	notify:
	  journal: yes
	  syslog: yes
	  mail:
	    - name: it
	      url: smtps://127.0.0.1:8465
	      from: gantry@ward.example
	      to: [it@ward.example, mri@ward.example]
	      user: gantry
	      password_credential: mail
	      ca_file: $LAB_DIR/ours.pem
YAML
mkdir -p "$LAB_DIR/credentials"
cp "$hook/secret" "$LAB_DIR/credentials/mail"
chmod 400 "$LAB_DIR/credentials/mail"
rm -f "$hook/ready"
# shellcheck disable=SC2016 # the inner shell is to expand it
lab_run sh -c '
	mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/journal
	mkdir "$3/dev" && mount -t tmpfs tmpfs "$3/dev"
	for device in null urandom; do
		: >"$3/dev/$device"
		mount --bind "/dev/$device" "$3/dev/$device"
	done
	mount --rbind "$3/dev" /dev
	export CREDENTIALS_DIRECTORY="$3/credentials"
	timeout 60 "$4" notify --config "$3/mail.yaml" 2>"$3/nobody" && exit 9
	"$1" t/lab/mailbox.py "$2" 8465 "$3/ours-hook.pem" "$3/ours-hook.key" \
	    /run/systemd/journal/socket /dev/log &
	server=$!
	tries=0
	while [ ! -e "$2/ready" ] && [ "$tries" -lt 200 ]; do
		sleep 0.05
		tries=$((tries + 1))
	done
	timeout 60 "$4" notify --now --config "$3/mail.yaml" &&
	    timeout 60 "$4" notify --config "$3/mail.yaml"
	status=$?
	kill "$server"
	exit $status' sh "$py" "$hook" "$LAB_DIR" "$GANTRY" \
    >"$LAB_DIR/stdout" 2>"$LAB_DIR/stderr" </dev/null
is $? 0 "mail, journal and syslog are told, twice: exit code 0"
sed 's/^/# /' "$LAB_DIR/stderr"
is "$(grep -cE '(journal: /run/systemd/journal/socket|syslog: /dev/log): No such' \
    "$LAB_DIR/nobody")" 2 "where neither was there, that was said"
judge "$hook/mail" "$hook/journal" "$hook/syslog" <<'PY'
import re
import sys
from claims import *
mails = open(sys.argv[1]).read().split("--end--\n")[:-1]
same("one mail", len(mails), 1)
lines = mails[0].split("\n")
same("from and to whom it was said",
     lines[:3], ["MAIL FROM:<gantry@ward.example>",
                 "RCPT TO:<it@ward.example>", "RCPT TO:<mri@ward.example>"])
claim("its subject", "Subject: gantry: 1 change at North" in lines)
claim("and what changed",
      [] if any("10.16.12.16" in x and ": new" in x for x in lines)
      else lines)
journal = open(sys.argv[2], encoding="ascii").read().split("\n")
same("one line in the journal",
     len([x for x in journal if x.startswith("MESSAGE=")]), 1)
claim("with fields", [x for x in ("GANTRY_KIND=new", "GANTRY_SITE=North",
                                  "GANTRY_ADDRESS=10.16.12.16",
                                  "SYSLOG_IDENTIFIER=gantry")
                      if x not in journal])
syslog = open(sys.argv[3], encoding="ascii").read().split("\n")[:-1]
same("one line of syslog", len(syslog), 1)
claim("a notice of a daemon's, with who sent it and what changed", re.search(
    r'^<29>[A-Z][a-z]{2} [ \d]\d [\d:]{8} gantry\[\d+\]: event="\S+" '
    r'kind="new" site="North" address="10\.16\.12\.16" '
    r'mac="00:14:22:00:00:10" name="[^"]*" field="" was="" now="" run="\S+"',
    syslog[0]) is not None or syslog[0])
PY

### How many silent nights make somebody gone.
ward 10 11 13 14 16
gantry sweep --gone-after 1
grep -q '^  10.16.12.15.*: gone: silent in 1 run' "$LAB_DIR/stdout"
ok $? "--gone-after reaches the sweep of a segment"
ward 10 11 13 14 15 16

### What stops matching its record is told once, and once that it does again.
record=$LAB_DIR/record.csv
said_of_record() { # said_of_record LINE DESCRIPTION: of 13, by this sweep
	gantry sweep
	is "$(grep '^  10.16.12.13 h13: record ' "$LAB_DIR/stdout")" "$1" "$2"
}
said_of_record "" "a line that matches: nothing"
sed -i 's/00:14:22:00:00:0d/08:00:20:00:00:0d/' "$record"
said_of_record "  10.16.12.13 h13: record differs: mac: was mac \
08:00:20:00:00:0d, is mac 00:14:22:00:00:0d" "another card in the record: told"
said_of_record "" "the night after: not again"
sed -i 's/08:00:20:00:00:0d/00:14:22:00:00:0d/' "$record"
said_of_record "  10.16.12.13 h13: record agrees: mac" "put right: told"
said_of_record "" "and not again"
grep -q '^gantry_events{site="North",kind="record differs"} 1' \
    "$LAB_DIR/gantry.prom"
ok $? "the metrics count it"
judge "$hook/got" <<'PY'
import json
import sys
from claims import *
told = [g["body"] for g in map(json.loads, open(sys.argv[1]))
        if g["status"] == 204 and g["body"]["kind"].startswith("record")]
same("and the webhook was told",
     [(e["kind"], e["address"], e["name"], e["field"], e["asset"] > 0)
      for e in told],
     [("record differs", "10.16.12.13", "h13", "mac", True),
      ("record agrees", "10.16.12.13", "h13", "mac", True)])
PY

### A window that closes.
for _ in $(seq 40); do
	second=$(date -u +%-S)
	[ "$second" -lt 45 ] && [ "$second" -gt 5 ] && break
	sleep 1
done
configure "$(date -u +%H:%M)-$(date -u -d '+1 minute' +%H:%M)" 3 \
    10.16.12.10-10.16.12.110
gantry sweep -q
is "$status" 4 "a window that closes: exit code 4"
[ -s "$state/segments/ward/last/run.json" ]
ok $? "the run is noted"
began=$(json=$state/segments/ward/last/report.json "$py" -c \
    'import json, os; print(json.load(open(os.environ["json"]))["run"]["id"])')
configure 00:00-24:00 3 10.16.12.10-10.16.12.110
gantry sweep
is "$status" 0 "the next sweep: exit code 0"
grep -q "going on with run $began" "$LAB_DIR/stderr"
ok $? "it went on from there"
fails "and its report is valid" \
    "$(node t/lab/valid.js "$state/segments/ward/last/report.json" \
	"$state/segments/ward/last/verify.json" 2>&1)"

### Two segments, one after the other; and one that is asked to end.
sed "/expected:/d; /^notify:/,\$d; s,networks: .*,networks: [10.16.12.10],
    s,rate: .*,rate: 200," "$config" >"$LAB_DIR/two.yaml"
cat >>"$LAB_DIR/two.yaml" <<-YAML
	      - name: slow
	        networks: [10.16.12.0/24]
	        care: lab
	        listen: 0
	        rate: 2
YAML
lab_run "$GANTRY" sweep --config "$LAB_DIR/two.yaml" \
    >"$LAB_DIR/stdout" 2>"$LAB_DIR/stderr" </dev/null &
for _ in $(seq 400); do
	grep -q . "$state/segments/slow/lock" 2>/dev/null && break
	sleep 0.05
done
sleep 1
# The one that waits, not the one that sweeps.
parent=$(ip netns pids "$LAB_SCAN_NS" | while read -r pid; do
	tr '\0' ' ' <"/proc/$pid/cmdline" |
	    grep -q 'gantry sweep --config' && echo "$pid"
done)
kill -TERM "$parent"
wait $!
is $? 4 "a sweep that is asked to end: exit code 4"
grep -q '^segment ward: done ' "$LAB_DIR/stdout"
ok $? "the segment before was swept"
grep -q '^segment slow: interrupted ' "$LAB_DIR/stdout"
ok $? "the one under way ended politely"
[ -s "$state/segments/slow/last/run.json" ]
ok $? "and can be gone on with"

### As the service runs it: nobody in particular, with one right.
# An installed gantry, as the checkout may be closed to others.
chmod 711 "$LAB_DIR"
mkdir -p "$LAB_DIR/service"
env -u MAKEFLAGS -u MAKELEVEL make -s install DESTDIR="$LAB_DIR/installed" \
    PREFIX=/usr >/dev/null
sed "s,$LAB_DIR/inventory.db,$LAB_DIR/service/inventory.db,
    s,state: .*,state: $LAB_DIR/service,; /expected:/d; /^notify:/,\$d
    s,10.16.12.110,10.16.12.16,; s,rate: .*,rate: 200," "$config" \
    >"$LAB_DIR/service/gantry.yaml"
chown -R 65534:65534 "$LAB_DIR/service"
lab_run setpriv --reuid=65534 --regid=65534 --clear-groups \
    --bounding-set=-all,+net_raw --inh-caps=-all,+net_raw \
    --ambient-caps=-all,+net_raw timeout 60 \
    "$LAB_DIR/installed/usr/bin/gantry" sweep ward --config \
    "$LAB_DIR/service/gantry.yaml" >"$LAB_DIR/stdout" 2>"$LAB_DIR/stderr"
is $? 0 "with CAP_NET_RAW alone: exit code 0"
grep -q '^segment ward: done .*: 6 of 7 addresses' "$LAB_DIR/stdout"
ok $? "and it finds who is there"
sed 's/^/# /' "$LAB_DIR/stdout" "$LAB_DIR/stderr" | grep -v '^# audit: '
sleep 1 # the last resets are 0.4 s on their way
lab_ward_stop
is "$(harm total harm_total)" 0 "the ward suffered nothing"
echo "1..$n"
