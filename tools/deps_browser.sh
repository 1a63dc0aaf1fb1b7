#!/bin/sh
# SPDX-License-Identifier: ISC
# deps_browser - what the browser tests need from npm's registry, at the
# versions of t/browser/package-lock.json and with the sums it has, into
# build/browser.  npm itself is not needed, which Debian's would bring three
# hundred packages for.  Where it cannot be had (no network) this says so and
# fails nobody: those tests then skip.
set -eu
cd "$(dirname "$0")/.."
to=build/browser
lock=t/browser/package-lock.json
registry=${NPM_REGISTRY:-https://registry.npmjs.org}

[ -d "$to/node_modules" ] && cmp -s "$lock" "$to/package-lock.json" && exit 0
for need in curl node tar; do
	command -v $need >/dev/null 2>&1 || {
		echo "deps: no $need here: the browser tests will skip" >&2
		exit 0
	}
done
rm -rf "$to"
mkdir -p "$to"

# fetch NAME VERSION SUM: unpacked under node_modules.
fetch() {
	curl -fsSL --retry 2 --max-time 120 -o "$to/package.tgz" \
	    "$registry/$1/-/$1-$2.tgz" || return 1
	[ "$(node -p 'require("crypto").createHash("sha512").update(
	    require("fs").readFileSync(process.argv[1])).digest("base64")' \
	    "$to/package.tgz")" = "${3#sha512-}" ] || {
		echo "deps: $1 $2 is not what $lock says it is" >&2
		return 1
	}
	mkdir -p "$to/node_modules/$1"
	tar -xzf "$to/package.tgz" -C "$to/node_modules/$1" \
	    --strip-components=1 --no-same-owner
	rm "$to/package.tgz"
}

node -e 'for (const [path, p] of Object.entries(require(
    require("path").resolve(process.argv[1])).packages))
	if (path)
		console.log(path.replace("node_modules/", ""), p.version,
		    p.integrity)' "$lock" |
	while read -r name version sum; do
		fetch "$name" "$version" "$sum" || exit 1
	done || {
	rm -rf "$to"
	echo "deps: the browser tests will skip" >&2
	exit 0
}
cp "$lock" "$to/"
