#!/bin/sh
# SPDX-License-Identifier: ISC
# deps - install what packages.txt lists for "build", or for "build" and
# another class ("test", "package").  Silent and quick when everything is there.  No package that starts a
# daemon is in that list: real servers for the lab are unpacked into build/,
# never installed (t/lab/servers.sh).
set -eu
cd "$(dirname "$0")/.."
want=${1:-build}

missing=
for p in $(sed -nE "s/^(build|$want) //p" packages.txt); do
	dpkg-query -W -f '${db:Status-Abbrev}' "$p" 2>/dev/null |
	    grep -q '^.i' || missing="$missing $p"
done 2>/dev/null
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
	echo "deps: this is not Debian; install what these packages hold:" >&2
	echo "     $missing" >&2
	exit 2
fi
if [ "$(id -u)" != 0 ]; then
	echo "deps: packages are missing; as root, run:" >&2
	echo "     apt-get install --no-install-recommends$missing" >&2
	exit 2
fi
echo "deps: installing$missing"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
{ apt-get update -qq &&
	apt-get install -y -qq --no-install-recommends $missing; } \
	>build-deps.log 2>&1 || {
	tail -n 20 build-deps.log >&2
	echo "deps: apt-get failed; its whole output is in build-deps.log" >&2
	exit 2
}
rm -f build-deps.log
