#!/bin/sh
# SPDX-License-Identifier: ISC
# deps_browser - what the browser tests need from npm, at the versions of
# t/browser/package-lock.json, into build/browser.  Where that cannot be had
# (no npm, no network) it says so and fails nobody: those tests then skip.
set -eu
cd "$(dirname "$0")/.."
to=build/browser
lock=t/browser/package-lock.json

[ -d "$to/node_modules" ] && cmp -s "$lock" "$to/package-lock.json" && exit 0
if ! command -v npm >/dev/null 2>&1; then
	echo "deps: no npm here: the browser tests will skip" >&2
	exit 0
fi
rm -rf "$to"
mkdir -p "$to"
cp t/browser/package.json "$lock" "$to/"
timeout 300 npm ci --prefix "$to" --ignore-scripts --no-audit --no-fund \
	>"$to/npm.log" 2>&1 || {
	tail -n 3 "$to/npm.log" >&2
	rm -rf "$to"
	echo "deps: npm failed: the browser tests will skip" >&2
}
