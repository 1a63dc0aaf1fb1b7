# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# wardtap - the few TAP producers and look-ups the ward's own tests share.
# To be read with ".", after netns.sh.

n=0
py=/usr/bin/python3

ok() { # ok STATUS DESCRIPTION
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
	fi
}
is() { # is GOT WANT DESCRIPTION
	[ "$1" = "$2" ]
	ok $? "$3"
	[ "$1" = "$2" ] || printf '#  got: %s\n# want: %s\n' "$1" "$2"
}
skip() { # skip COUNT WHY
	for _ in $(seq "$1"); do
		n=$((n + 1))
		echo "ok $n # SKIP $2"
	done
}
skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}
bail() {
	echo "Bail out! $1"
	exit 1
}

# tool NAME: where it is, in the system or unpacked by t/lab/servers.sh.
tool() {
	command -v "$1" && return
	for d in build/servers/root/usr/bin build/servers/root/usr/sbin; do
		if [ -x "$d/$1" ]; then
			echo "$d/$1"
			return
		fi
	done
}
# foreign CMD...: where the scanner stands; an unpacked program needs its own
# libraries and data, and nothing else is to have them.
foreign() {
	lab_run env \
	    LD_LIBRARY_PATH="$PWD/build/servers/root/usr/lib/x86_64-linux-gnu" \
	    DCMDICTPATH="$PWD/build/servers/root/usr/share/libdcmtk17/dicom.dic" \
	    timeout 10 "$@"
}
# harm ADDRESS KEY, or harm total KEY: one value of the harm file.
harm() {
	"$py" - "$LAB_HARM" "$@" <<'PY'
import json, sys
d = json.load(open(sys.argv[1]))
if sys.argv[2] != "total":
    d = [h for h in d["hosts"] if h["address"] == sys.argv[2]][0]
for key in sys.argv[3].split("."):
    d = d.get(key, "none")
print(d)
PY
}
# need TOOL...: the tests cannot do without.
need() {
	lab_possible || skip_all "$LAB_WHY"
	[ -x "${LAB_WARD_BIN:-build/gantry-ward}" ] ||
	    skip_all "the ward is not built"
	for t in "$@"; do
		command -v "$t" >/dev/null || skip_all "no $t"
	done
}
