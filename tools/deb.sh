#!/bin/sh
# SPDX-License-Identifier: ISC
# deb - Debian packages from this tree, into build/deb: a copy is built, so that
# nothing is left in the tree.  lintian must have nothing to say.
#	deb.sh [VERSION]
set -eu
cd "$(dirname "$0")/.."
version=${1:-$(cat VERSION)}
dir=build/deb
tree=$dir/gantry-$version

# What packages.txt says is needed to build, the package says too.
for p in $(sed -n 's/^build \(.*-dev\)$/\1/p' packages.txt); do
	grep -q "^ $p,\{0,1\}$" debian/control || {
		echo "deb: Build-Depends in debian/control lacks $p" >&2
		exit 1
	}
done

rm -rf "$tree" "$dir"/gantry*_"$version"_*
mkdir -p "$tree"
if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
	git ls-files -z --cached --others --exclude-standard
else
	find . -path ./build -prune -o -type f -print0
fi | xargs -0 cp -P --parents -t "$tree"
echo "$version" >"$tree/VERSION"
when=$(date -R -u -d "@${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}")
cat >"$tree/debian/changelog" <<END
gantry ($version) unstable; urgency=medium

  * See CHANGES beside this file.

 -- $(sed -n 's/^Maintainer: //p' debian/control)  $when
END
(cd "$tree" && dpkg-buildpackage -us -uc -b) >"$dir/build.log" 2>&1 || {
	tail -n 30 "$dir/build.log" >&2
	exit 1
}
rm -rf "$tree"
lintian --fail-on error,warning "$dir/gantry_${version}_"*.changes
ls "$dir"/*_"$version"_*.deb
