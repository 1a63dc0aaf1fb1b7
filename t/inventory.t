#!/bin/bash
# SPDX-License-Identifier: ISC
# inventory: the commands that ask it and fill it; and a database that is full,
# read-only, locked, damaged: one line, exit code 2, nothing half done.
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=t/lab/wardtap.sh
. t/lab/wardtap.sh
gantry=${GANTRY:-$PWD/${B:-build}/gantry}
[ -x "$gantry" ] || skip_all "gantry is not built"
work=$(mktemp -d /tmp/inventory-XXXXXX) || bail "no scratch directory"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
db=$work/i.db
facts() { "$py" t/inventory_facts.py "$@"; }
ask() { "$gantry" "$@" --db "$db"; }

facts north 5 1 >"$work/1"
facts north 5 2 10.0.0.2=ftp="220 host2 FTP server (SunOS 4.2) ready." >"$work/2"
facts north 5 3 10.0.0.3=mac=08:00:20:99:99:99 10.0.0.4=at=10.0.0.44 >"$work/3"

### In, and asked.
ask import "$work/1" 2>"$work/said"
is $? 0 "facts are imported, and the inventory made"
grep -q "5 met, 5 of them new" "$work/said"
ok $? "it says what came of it"
ask import "$work/1" 2>"$work/said"
grep -q "in the inventory already" "$work/said"
ok $? "the same file once more is the same run"
is "$(ask assets | grep -c "present")" 5 "assets lists what is there"
ask diff >/dev/null
is $? 1 "the last run changed something: exit 1"
ask import "$work/2" -q
said=$(ask diff)
is $? 1 "and so did the next"
echo "$said" | grep -q "changed .* 10.0.0.2 .*" &&
    echo "$said" | grep -q "ftp.greeting: .*4.1.* -> .*4.2"
ok $? "diff names host, field, and both values"
is "$(ask diff --json - | "$py" -c '
import json, sys
d = json.load(sys.stdin)
print([(c["kind"], c["address"], c["field"]) for c in d["changes"]])')" \
    "[('changed', '10.0.0.2', 'tcp/21 ftp.greeting')]" "as JSON too"
ask import "$work/3" -q
said=$(ask diff)
echo "$said" | grep -q "replaced .* 10.0.0.3 " &&
    echo "$said" | grep -q "moved .* 10.0.0.44 "
ok $? "a new card at an old address is another device, a moved one the same"
is "$(ask assets --json - | "$py" -c '
import json, sys
print(sum(a["address"] == "10.0.0.3" for a in json.load(sys.stdin)["assets"]))')" \
    1 "who was replaced is not listed as present"
is "$(ask assets --all | grep -c " gone ")" 1 "but with --all as gone"
ask diff 3 3 >/dev/null
is $? 0 "a run is the same as itself"
ask diff 2 last >"$work/forth"
ask diff last 2 >"$work/back"
is "$(wc -l <"$work/forth")" "$(wc -l <"$work/back")" "diff works backwards"
grep -q "10.0.0.44 -> 10.0.0.4$" "$work/back"
ok $? "with was and now exchanged"
ask diff --since 2027-01-01 >/dev/null
is $? 0 "nothing since a later date"
ask diff --since 2026-11-02 >/dev/null
is $? 1 "something since the second night"
for bad in "nonsense" "2026-13-01" "2026-11-01x" "d"; do
	ask diff --since "$bad" >/dev/null 2>&1
	is $? 2 "--since $bad is no date"
done
ask diff 1 99 2>"$work/said" >/dev/null
is "$? $(wc -l <"$work/said")" "2 1" "an unknown run: one line, exit 2"

### Behind a router: the host key of SSH is what it is known by.
key="ssh-ed25519 SHA256:LgZpRzWEAbVvBimxTv69"
router() { "$gantry" "$@" --db "$work/routed.db"; }
facts far 3 1 10.0.0.{1,2,3}=routed= 10.0.0.2=ssh="$key" >"$work/far1"
facts far 3 2 10.0.0.{1,2,3}=routed= 10.0.0.2=ssh="$key" 10.0.0.2=at=10.0.0.9 \
    >"$work/far2"
facts far 3 3 10.0.0.{1,2,3}=routed= 10.0.0.2=ssh="$key-other" \
    10.0.0.2=at=10.0.0.9 >"$work/far3"
router import -q "$work/far1"
router import -q "$work/far2"
is "$(router diff | grep -c "moved .* 10.0.0.9 ")" 1 \
    "with its SSH host key a device is found again at another address"
router import -q "$work/far3"
is "$(router diff | grep -c "replaced .* 10.0.0.9 ")" 1 \
    "with another key at its own it is another"
for night in 4 5; do
	facts near 3 $night 10.0.0.2=ssh="$key-$night" >"$work/near"
	router import -q "$work/near"
done
router diff | grep -q "tcp/22 ssh.host_key: .*-4 -> .*-5"
ok $? "where its card is seen, only its key has changed"

### Merged, and taken back.
ask assets merge 1 2 >/dev/null
is "$(ask assets | grep -c present)" 4 "merged: one device less"
ask assets merge 1 2 >/dev/null 2>&1
is $? 2 "what is merged is not merged again"
facts north 5 4 10.0.0.3=mac=08:00:20:99:99:99 10.0.0.4=at=10.0.0.44 >"$work/3b"
ask import "$work/3b" -q
is "$(ask assets | grep -c present)" 4 "and stay so in the next run"
ask diff >/dev/null
is $? 0 "which changes nothing"
ask assets split 2
is "$(ask assets | grep -c present)" 5 "split: as before"
ask assets show 2 | grep -q "SunOS 4.1.* ready"
ok $? "show tells an asset's history"

### Out.
ask export --format csv --site north >"$work/csv"
is "$(head -1 "$work/csv" | cut -d, -f1-4)" "id,site,address,mac" "CSV has a head"
facts north 1 5 '10.0.0.1=ftp==cmd|x!A1' >"$work/4"
ask import "$work/4" -q
ask export --format facts --site north >"$work/facts"
db2=$work/2.db
"$gantry" import "$work/facts" --db "$db2" -q
is "$("$gantry" assets --db "$db2" | grep -c present)" 5 "facts go out and in again"
"$gantry" export --db "$db2" --site north >"$work/named"
"$gantry" export --db "$db2" >"$work/unnamed"
[ -s "$work/named" ] && cmp -s "$work/named" "$work/unnamed"
ok $? "where there is one site, it need not be named"
ask export --format netbox --site north | "$py" -c '
import json, sys
d = json.load(sys.stdin)
names = [x["name"] for x in d["devices"]]
assert len(set(names)) == len(names) == 5
assert {x["device"] for x in d["ip_addresses"]} <= set(names)'
ok $? "NetBox gets devices of names of their own"
sqlite=$(tool sqlite3)
if [ -n "$sqlite" ]; then
	"$sqlite" "$db2" "UPDATE assets SET name = '=HYPERLINK(1)' WHERE id = 1"
	"$gantry" export --db "$db2" --format csv | grep -q "\"'=HYPERLINK"
	ok $? "a cell that would be a formula is none"
else
	skip 1 "no sqlite3"
fi

### Signed, and only taken in where the signature holds.
key() { # key NAME [ALGORITHM]
	openssl genpkey -algorithm "${2:-ed25519}" -out "$work/$1.key" &&
	    openssl pkey -in "$work/$1.key" -pubout -out "$work/$1.pem"
} 2>/dev/null
refused() { # refused WORDS DESCRIPTION CMD...
	local words=$1 what=$2
	shift 2
	"$@" >"$work/stdout" 2>"$work/said"
	is "$? $(wc -l <"$work/said") $(grep -c -- "$words" "$work/said")" \
	    "2 1 1" "$what: one line, exit 2"
}
if command -v openssl >/dev/null; then
	umask 077
	key laptop
	key other
	key curve x25519
	umask 022
	cat "$work/other.pem" "$work/laptop.pem" >"$work/both.pem"
	ask export --sign "$work/laptop.key" -o "$work/b" --site north
	is $? 0 "facts are exported and signed"
	cmp -s "$work/b" "$work/facts"
	ok $? "as they are without"
	openssl pkeyutl -verify -pubin -inkey "$work/laptop.pem" -rawin \
	    -in "$work/b" -sigfile "$work/b.sig" >/dev/null 2>&1
	ok $? "openssl says the signature holds"
	take() { "$gantry" import --db "$work/3.db" "$@"; }
	take --trust "$work/both.pem" "$work/b" -q
	is $? 0 "and so does gantry, whichever of two keys it was"
	is "$("$gantry" assets --db "$work/3.db" | grep -c present)" 5 \
	    "and takes it in"
	# The other way round: a directory an audit left, signed by hand.
	mkdir "$work/dir"
	facts north 5 7 >"$work/dir/facts.ndjson"
	openssl pkeyutl -sign -inkey "$work/laptop.key" -rawin \
	    -in "$work/dir/facts.ndjson" -out "$work/dir/facts.ndjson.sig"
	take --trust "$work/laptop.pem" "$work/dir" -q
	is $? 0 "what openssl signed is taken in"
	refused "is not signed by any of 1 trusted keys" "another's key" \
	    take --trust "$work/other.pem" "$work/b"
	cp "$work/dir/facts.ndjson" "$work/c"
	refused "is not signed: there is no .sig" "no signature" \
	    take --trust "$work/laptop.pem" "$work/c"
	cp "$work/dir/facts.ndjson.sig" "$work/c.sig"
	sed -i '1s/host/hose/' "$work/c"
	refused "or was altered since" "altered" \
	    take --trust "$work/laptop.pem" "$work/c"
	cp "$work/dir/facts.ndjson" "$work/c"
	tail -n +2 "$work/dir/facts.ndjson" >"$work/c"
	refused "or was altered since" "a line less" \
	    take --trust "$work/laptop.pem" "$work/c"
	head -c 63 "$work/b.sig" >"$work/c.sig"
	refused "is no Ed25519 signature" "half a signature" \
	    take --trust "$work/laptop.pem" "$work/c"
	refused "another kind than Ed25519" "a key of another kind" \
	    take --trust "$work/curve.pem" "$work/b"
	refused "has no public key" "a file of no keys" \
	    take --trust "$work/laptop.key" "$work/b"
	refused "No such file" "no file of keys" \
	    take --trust "$work/nowhere" "$work/b"
	chmod 666 "$work/other.pem"
	refused "can be written by others" "anybody's file of keys" \
	    take --trust "$work/other.pem" "$work/b"
	is "$("$gantry" diff 2 last --db "$work/3.db" | wc -l)" 0 \
	    "nothing of these was taken in"
	chmod 644 "$work/laptop.key"
	refused "can be read by others" "a key others can read" \
	    ask export --sign "$work/laptop.key" -o "$work/no" --site north
	refused "another kind than Ed25519" "a private key of another kind" \
	    ask export --sign "$work/curve.key" -o "$work/no" --site north
	chmod 600 "$work/both.pem"
	refused "is no private key" "no private key" \
	    ask export --sign "$work/both.pem" -o "$work/no" --site north
	openssl pkey -in "$work/other.key" -aes256 -passout pass:x \
	    -out "$work/locked.key" 2>/dev/null
	chmod 600 "$work/locked.key"
	refused "has a pass phrase" "a key with a pass phrase" \
	    ask export --sign "$work/locked.key" -o "$work/no" --site north
	refused "needs -o FILE" "to standard output" \
	    ask export --sign "$work/other.key" --site north
	[ ! -e "$work/no" ] && [ ! -e "$work/no.sig" ]
	ok $? "and nothing was written"
else
	skip 25 "no openssl"
fi

### Two sites are two networks.
facts south 5 6 >"$work/5"
ask import "$work/5" -q
is "$(ask assets --site south | grep -c present)" 5 "the same addresses at another site are others"
ask report >/dev/null 2>&1
is $? 2 "a report is of one site"
ask report --site north -o "$work/report" && [ -s "$work/report/report.json" ] &&
    [ -s "$work/report/report.html" ]
ok $? "which has every format"
"$py" -c '
import json, sys
d = json.load(open(sys.argv[1]))
assert d["run"]["command"] == "report"
# Of all its runs: from the first night to the fifth.
assert d["run"]["started"].startswith("2026-11-01T22:"), d["run"]
assert d["run"]["finished"].startswith("2026-11-05T22:"), d["run"]
assert len(d["assets"]) == 5' "$work/report/report.json"
ok $? "with all that is known"

### Older than what is known.
facts north 5 1 10.0.0.1=ftp=old >"$work/6"
ask import "$work/6" 2>"$work/said"
is "$? $(wc -l <"$work/said")" "2 1" "an older run is refused in one line"

### Forgotten.
before=$(ask diff 1 last | wc -l)
is "$(ask prune --since 2026-11-03 --dry-run | cut -d' ' -f1-2)" "would forget" "prune says what it would do"
is "$(ask diff 1 last | wc -l)" "$before" "and has not done it"
ask prune --since 2026-11-04 >/dev/null
is "$(ask assets --site north | grep -c present)" 5 "what holds stays"
[ "$(ask diff 1 last | wc -l)" -lt "$before" ]
ok $? "old events are gone"

### A history of a few years, in small (t/bench/inventory.sh has a million).
if [ -x "${B:-build}/t/bench/history" ]; then
	t/bench/inventory.sh 100000 4000 >"$work/said" 2>&1
	ok $? "100,000 facts: each answer within 4 s"
	sed 's/^/# /' "$work/said"
else
	skip 1 "no history is built"
fi

### What may be wrong with a database.
complaint() { # complaint WHAT PATTERN COMMAND...
	local what=$1 want=$2 rc
	shift 2
	timeout 30 "$@" >/dev/null 2>"$work/said"
	rc=$?
	[ "$rc" = 2 ] && [ "$(wc -l <"$work/said")" = 1 ] && grep -qE "$want" "$work/said"
	ok $? "$what"
	[ "$rc" = 2 ] && grep -qE "$want" "$work/said" || sed "s/^/# exit $rc: /" "$work/said"
}
complaint "none there" "there is no inventory" "$gantry" assets --db "$work/none.db"
head -c 20000 /dev/urandom >"$work/bad.db"
complaint "damaged: reading" "is damaged, or not an inventory" "$gantry" assets --db "$work/bad.db"
complaint "damaged: writing" "is damaged, or not an inventory" "$gantry" import "$work/1" --db "$work/bad.db"
cp "$db" "$work/torn.db"
dd if=/dev/urandom of="$work/torn.db" bs=4096 seek=4 count=30 conv=notrunc 2>/dev/null
complaint "damaged inside" "damaged" "$gantry" prune --since 1d --db "$work/torn.db"

# Another process writes: readers do not mind, writers wait, and then say so.
"$py" - "$db" "$work/locked" <<'PY' &
import sqlite3, sys, time
c = sqlite3.connect(sys.argv[1], isolation_level=None)
c.execute("BEGIN IMMEDIATE")
open(sys.argv[2], "w").close()
time.sleep(8)
PY
locker=$!
for _ in $(seq 100); do
	[ -e "$work/locked" ] && break
	sleep 0.1
done
is "$(ask assets --site north | grep -c present)" 5 "a reader reads while another writes"
facts north 5 7 >"$work/7"
complaint "locked for too long" "another process has been writing" \
    "$gantry" import "$work/7" --db "$db"
wait "$locker"
ask import "$work/7" -q
is $? 0 "and once it is free all is well"

# Small, and read-only, in a mount namespace of our own.
inside='
set -u
gantry=$1 work=$2
mount -t tmpfs -o size=400k none "$work/small" || exit 9
"$gantry" import "$work/1" -q --db "$work/small/i.db" || exit 8
"$gantry" assets --db "$work/small/i.db" >"$work/full.before"
"$gantry" import "$work/many" --db "$work/small/i.db" 2>"$work/full.said"
echo $? >"$work/full.rc"
"$gantry" assets --db "$work/small/i.db" >"$work/full.after"
echo $? >"$work/full.reads"
mount -o remount,ro "$work/small" || exit 7
"$gantry" import "$work/2" --db "$work/small/i.db" 2>"$work/ro.said"
echo $? >"$work/ro.rc"
"$gantry" assets --db "$work/small/i.db" >"$work/ro.assets" 2>"$work/ro.assets.said"
echo $? >"$work/ro.reads"
'
mkdir "$work/small"
facts north 4000 2 >"$work/many"
if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
	unshare -m --propagation private bash -c "$inside" inside "$gantry" "$work"
	is $? 0 "a disk of 400 KB"
	is "$(cat "$work/full.rc") $(wc -l <"$work/full.said")" "2 1" "full: exit 2, one line"
	grep -q "the disk is full" "$work/full.said"
	ok $? "that says so"
	is "$(cat "$work/full.reads")" 0 "it can still be read"
	cmp -s "$work/full.before" "$work/full.after"
	ok $? "and holds what it held, no half run"
	is "$(cat "$work/ro.rc") $(wc -l <"$work/ro.said")" "2 1" "read-only: exit 2, one line"
	grep -q "cannot be written" "$work/ro.said"
	ok $? "that says so"
	is "$(cat "$work/ro.reads")" 0 "and it can be read"
	[ "$(grep -c present "$work/ro.assets")" = 5 ]
	ok $? "all of it"
else
	skip 9 "no mount namespace here"
fi
echo "1..$n"
