#!/bin/bash
# SPDX-License-Identifier: ISC
# systemd: the units as they are installed: hardened, and with one right.
set -u
cd "$(dirname "$0")/.." || exit 1
n=0
ok() { # ok STATUS DESCRIPTION
	n=$((n + 1))
	[ "$1" = 0 ] && echo "ok $n - $2" || echo "not ok $n - $2"
}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
tools/units.sh "$dir/usr/lib/systemd/system" "$dir/usr/lib/sysusers.d" /usr/bin
ok $? "the units are installed"
units=$dir/usr/lib/systemd/system
for unit in gantry-sweep@.service gantry-sweep@.timer gantry-notify.service \
    gantry-notify.timer; do
	[ -s "$units/$unit" ] && ! grep -q '@BINDIR@' "$units/$unit"
	ok $? "$unit is there, and whole"
done
grep -q '^ExecStart=/usr/bin/gantry sweep %i$' "$units/gantry-sweep@.service"
ok $? "a sweep runs the program that was installed"
[ "$(grep -h '^AmbientCapabilities=' "$units"/*.service)" = \
    "AmbientCapabilities=CAP_NET_RAW" ]
ok $? "the one right of all is CAP_NET_RAW"
[ "$(grep -hc '^User=gantry$' "$units"/*.service | sort -u)" = 1 ]
ok $? "nothing runs as root"
grep -q '^u gantry ' "$dir/usr/lib/sysusers.d/gantry.conf"
ok $? "the user is declared"

for unit in gantry-sweep@ward gantry-notify; do
	if ! systemd-analyze --version >"$dir/version" 2>&1; then
		n=$((n + 1))
		echo "ok $n # SKIP systemd-analyze is not there"
		continue
	fi
	[ -e "$units/$unit.service" ] ||
	    cp "$units/gantry-sweep@.service" "$units/$unit.service"
	said=$(cd "$units" && systemd-analyze security --no-pager \
	    --offline=yes "./$unit.service" 2>&1)
	score=$(sed -n 's/.*Overall exposure level for .*: \([0-9.]*\) .*/\1/p' \
	    <<<"$said")
	echo "# $unit: exposure ${score:-not told}"
	awk -v s="${score:-9}" 'BEGIN { exit !(s <= 2.0) }'
	ok $? "$unit is exposed by 2.0 at most"
done
echo "1..$n"
