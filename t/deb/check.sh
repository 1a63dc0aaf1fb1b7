#!/bin/bash
# SPDX-License-Identifier: ISC
# check - the Debian package installed, upgraded, removed and purged in a chroot
# made by debootstrap. TAP; as root; fetches about 100 MB from Debian's mirror
# the first time. Not part of `make check`.
#	MIRROR=http://deb.debian.org/debian t/deb/check.sh
set -u
cd "$(dirname "$0")/../.." || exit 1
version=$(cat VERSION)
mirror=${MIRROR:-http://deb.debian.org/debian}
base=build/deb/base.tar
root=$PWD/build/deb/root
arch=$(dpkg --print-architecture)
deb=build/deb/gantry_${version}_$arch.deb
n=0

ok() { # ok STATUS DESCRIPTION
	n=$((n + 1))
	[ "$1" = 0 ] && echo "ok $n - $2" || echo "not ok $n - $2"
}
skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}
in_root() {
	chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
	    DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"
}
quiet() {
	"$@" >build/deb/check.log 2>&1 || {
		tail -n 15 build/deb/check.log | sed 's/^/# /'
		return 1
	}
}
gone() { # gone PATH...: none of these is left in the chroot
	local path left=0
	for path; do
		[ -e "$root$path" ] && echo "# left: $path" && left=1
	done
	return $left
}

[ "$(id -u)" = 0 ] || skip_all "a chroot needs root"
command -v debootstrap >/dev/null || skip_all "no debootstrap"
[ -e "$deb" ] || skip_all "no $deb: make deb"
if [ ! -e "$base" ]; then
	quiet timeout 600 debootstrap --variant=minbase \
	    --make-tarball="$base.new" bookworm build/deb/bootstrap "$mirror" &&
	    mv "$base.new" "$base" || skip_all "debootstrap failed"
fi
trap 'rm -rf "$root"' EXIT
rm -rf "$root"
quiet debootstrap --variant=minbase --unpack-tarball="$PWD/$base" \
    bookworm "$root" "$mirror" || skip_all "debootstrap failed"
# Nothing is started in a chroot.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"

cp "$deb" "$root/gantry.deb"
cp t/data/origin-datagrams.pcap "$root/capture.pcap"
quiet in_root apt-get update
quiet in_root apt-get install -y --no-install-recommends ./gantry.deb
ok $? "it installs, with what it depends on"
[ "$(in_root gantry --version)" = "gantry $version" ]
ok $? "gantry $version runs"
quiet in_root gantry fingerprints test
ok $? "it finds its fingerprints"
in_root gantry replay /capture.pcap | grep -q 'Sun Microsystems'
ok $? "and its table of makers: a capture is replayed"
in_root id gantry | grep -q 'gid=.*gantry'
ok $? "the user is there"
[ "$(in_root stat -c "%a %U" /var/lib/gantry)" = "750 gantry" ]
ok $? "and its directory, closed to others"
for file in /usr/share/man/man1/gantry.1.gz \
    /usr/share/bash-completion/completions/gantry; do
	in_root dpkg-query -L gantry | grep -qx "$file"
	ok $? "$file belongs to it"
done

# An upgrade keeps what the operator wrote.
mkdir -p build/deb/newer
dpkg-deb -R "$deb" build/deb/newer
sed -i "s/^Version: .*/&+1/" build/deb/newer/DEBIAN/control
dpkg-deb --root-owner-group -b build/deb/newer "$root/newer.deb" >/dev/null
rm -rf build/deb/newer
touch "$root/var/lib/gantry/kept"
conf=$root/etc/gantry/gantry.yaml
[ ! -e "$conf" ] || echo "# the operator's own" >>"$conf"
quiet in_root apt-get install -y ./newer.deb
ok $? "it can be upgraded"
[ -e "$root/var/lib/gantry/kept" ] &&
    { [ ! -e "$conf" ] || grep -q "operator's own" "$conf"; }
ok $? "which keeps data and configuration"
quiet in_root apt-get remove -y gantry
ok $? "it can be removed"
gone /usr/bin/gantry /usr/share/gantry && [ -e "$root/var/lib/gantry/kept" ]
ok $? "which takes the program and leaves the data"
quiet in_root apt-get purge -y gantry
ok $? "it can be purged"
gone /var/lib/gantry /etc/gantry /usr/share/gantry /usr/share/doc/gantry
ok $? "which leaves nothing"
echo "1..$n"
