#!/bin/bash
# SPDX-License-Identifier: ISC
# cli: t/cli.bats, as prove wants it. What bats leaves when it is killed goes
# with the directory it was given.
TMPDIR=$(mktemp -d) || exit 1
export TMPDIR
chmod 711 "$TMPDIR"
set -m # a process group of its own, to be ended whole
trap 'kill -KILL -- "-$bats" 2>/dev/null; rm -rf "$TMPDIR"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
bats --formatter tap "$(dirname "$0")/cli.bats" &
bats=$!
wait "$bats"
