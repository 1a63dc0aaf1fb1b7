#!/bin/sh
# SPDX-License-Identifier: ISC
# units - install the systemd units: units.sh DESTDIR PREFIX, or units.sh PREFIX
# where there is no DESTDIR.
set -eu
[ $# = 2 ] || set -- "" "$1"
to=$1$2/lib
mkdir -p "$to/systemd/system" "$to/sysusers.d"
for unit in data/systemd/*.service data/systemd/*.timer; do
	sed "s,@BINDIR@,$2/bin," "$unit" >"$to/systemd/system/${unit##*/}"
	chmod 644 "$to/systemd/system/${unit##*/}"
done
install -m 644 data/systemd/gantry.conf "$to/sysusers.d/gantry.conf"
