#!/bin/bash
# SPDX-License-Identifier: ISC
# documented: every gantry command that README, the other documents, the man
# pages and gantry help show is run as it stands there, in a ward with the
# addresses they use, and with a configuration and an inventory where they are
# looked for. Only the seconds of --listen are cut short, "..." is the inventory
# named before, and eth1 the interface there is.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=t/lab/netns.sh
. t/lab/netns.sh
# shellcheck source=t/lab/wardtap.sh
. t/lab/wardtap.sh

need timeout openssl unshare
B=$(realpath "${B:-build}")
[ -x "$B/gantry" ] || skip_all "gantry is not built"
[ -x "$B/t/bench/history" ] || skip_all "no inventory can be made: make unit"
PATH=$B:$PATH

# What stands there, a command a line. In help two blanks begin a remark.
documented() {
	sed -nE 's/^    (gantry .*)$/\1/p' README.md docs/*.md
	sed -nE '/^\.(nf|EX)/,/^\.(fi|EE)/s/^(gantry .*)$/\1/p' docs/*.[1-8].in |
		sed 's/\\-/-/g'
	for command in $(gantry --list-commands | awk '{ print $1 }'); do
		gantry help "$command" | sed -n 's/^\(gantry .*\)$/\1/p'
	done
}
mapfile -t commands < <(documented |
	sed -E 's/   +.*//; s/ +# .*//; s/ +$//' |
	grep -vE ' (DIR|RUN|FILE)( |$)' | sort -u) # a word for others
[ "${#commands[@]}" -ge 40 ]
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

# What all of them find: runs and devices enough for the numbers they name; a
# configuration; keys, and a bundle signed with one.
"$B/t/bench/history" "$LAB_DIR/known.db" 20000 >/dev/null || bail "no history"
mkdir "$LAB_DIR/etc"
cp -a /etc/. "$LAB_DIR/etc/" 2>/dev/null
mkdir -p "$LAB_DIR/etc/gantry"
cat >"$LAB_DIR/etc/gantry/gantry.yaml" <<'YAML'
database: /var/lib/gantry/inventory.db
state: /var/lib/gantry
sites:
  - name: main
    segments:
      - name: mr-ward
        networks: [10.1.2.4]
        ports: T:23,T:104
        listen: 0
        windows: ['00:00-24:00']
notify:
  metrics: /var/lib/gantry/gantry.prom
YAML
openssl genpkey -algorithm ed25519 -out "$LAB_DIR/laptop.key" 2>/dev/null &&
    chmod 600 "$LAB_DIR/laptop.key" &&
    openssl pkey -in "$LAB_DIR/laptop.key" -pubout \
	-out "$LAB_DIR/laptops.pem" 2>/dev/null || bail "no keys"
gantry export --db "$LAB_DIR/known.db" --sign "$LAB_DIR/laptop.key" -q \
    -o "$LAB_DIR/ward.ndjson" || bail "no bundle"

# One place for each, with the files they name.
place() { # place NUMBER
	mkdir -p "$LAB_DIR/$1/var"
	echo 10.1.2.4 >"$LAB_DIR/$1/ward.txt"
	printf 'address,name,expect\n10.1.2.4,ic0,ge-genesis-console\n' \
	    >"$LAB_DIR/$1/cmdb.csv"
	printf 'IP-Adresse;Name\n10.1.2.4;ic0\n' >"$LAB_DIR/$1/liste.csv"
	for name in capture 1999 console; do
		cp t/data/origin-datagrams.pcap "$LAB_DIR/$1/$name.pcap"
	done
	cp "$LAB_DIR/known.db" "$LAB_DIR/$1/inventory.db"
	cp "$LAB_DIR/known.db" "$LAB_DIR/$1/var/inventory.db"
	cp "$LAB_DIR/etc/gantry/gantry.yaml" "$LAB_DIR/$1/"
	cp -a "$LAB_DIR"/laptop* "$LAB_DIR"/ward.ndjson* "$LAB_DIR/$1/"
}
# run NUMBER COMMAND: its exit status goes to a file. It finds its /etc and its
# /var/lib/gantry, and nobody else does.
run() {
	local line=$2 ends="timeout 240"
	line=$(sed -E "s/--listen [0-9]+/--listen 1/; s/--db \.\.\./--db inventory.db/
	    s/-i eth1/-i $LAB_SCAN_IF/" <<<"$line")
	# Until somebody says that it is enough.
	case $line in
	"gantry listen "*--listen*) ;;
	"gantry listen "*) ends="timeout --preserve-status -s INT 2" ;;
	esac
	# shellcheck disable=SC2016 # the inner shell's
	(cd "$LAB_DIR/$1" && lab_run unshare -m sh -c '
		mount --bind "$1/etc" /etc && mount -t tmpfs none /var/lib &&
		mkdir /var/lib/gantry && cp var/. /var/lib/gantry -r &&
		exec $2 $3' sh "$LAB_DIR" "$ends" "$line" >out.txt 2>err.txt)
	echo $? >"$LAB_DIR/$1/status"
}
# An audit that was interrupted, for --resume and for its evidence.
interrupted() {
	(cd "$LAB_DIR/$1" && lab_run timeout -s INT 3 \
	    gantry audit 10.1.2.4 -o audit-1 >/dev/null 2>&1)
}

runs=()
for i in "${!commands[@]}"; do
	place "$i"
	# What comes from elsewhere goes where it is not known yet.
	case ${commands[i]} in
	"gantry import "*) rm "$LAB_DIR/$i/var/inventory.db" ;;
	esac
	case ${commands[i]} in
	*"--resume audit-1"* | *audit-1/* | *"import audit-1"*) (interrupted "$i"; run "$i" "${commands[i]}") & ;;
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
	"gantry diff"*) want='[01]' ;;
	"gantry listen -i eth1") want=4 ;; # by Ctrl-C
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
