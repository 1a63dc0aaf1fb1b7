#!/bin/sh
# SPDX-License-Identifier: ISC
# units - install systemd's units and the user they run as:
# units.sh UNIT-DIRECTORY SYSUSERS-DIRECTORY BIN-DIRECTORY.
# The last is what the units will call, without a DESTDIR.
set -eu
mkdir -p "$1" "$2"
for unit in data/systemd/*.service data/systemd/*.timer; do
	sed "s,@BINDIR@,$3," "$unit" >"$1/${unit##*/}"
	chmod 644 "$1/${unit##*/}"
done
install -m 644 data/systemd/gantry.conf "$2/gantry.conf"
