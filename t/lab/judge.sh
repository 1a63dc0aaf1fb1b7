# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# judge - a run of gantry looked at by Python: claims numbered into the test's
# own TAP. To be read with ".", after wardtap.sh, whose counter it goes on.
#
#   judge ARGS... <<'PY'      the claims of a script, which begins with
#                             "from claims import *" (t/lab/claims.py)
#
# GANTRY is the program under test.

# shellcheck disable=SC2034 # for whoever reads this in
GANTRY=${GANTRY:-$PWD/${B:-build}/gantry}

judge() {
	local line said
	# shellcheck disable=SC2154 # wardtap.sh has it
	said=$(PYTHONPATH=t/lab PYTHONDONTWRITEBYTECODE=1 \
	    "$py" - "$@" 2>&1) || said+=$'\n'"not ok - the judge finished"
	while IFS= read -r line; do
		case $line in
		"ok - "*) n=$((n + 1)) && echo "ok $n ${line#ok }" ;;
		"not ok - "*) n=$((n + 1)) && echo "not ok $n ${line#not ok }" ;;
		*) echo "# ${line#\# }" ;;
		esac
	done <<<"$said"
}

# fails DESCRIPTION OFFENDING: ok if nothing offends.
fails() {
	[ -z "$2" ]
	ok $? "$1"
	[ -z "$2" ] || head -20 <<<"# ${2//$'\n'/$'\n'# }"
}
