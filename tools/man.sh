#!/bin/sh
# SPDX-License-Identifier: ISC
# man - fill the tables of the man page from the program's own lists:
#	man.sh GANTRY PAGE.in >PAGE
# A line "@LIST@ probes|reports|facts|care" becomes that list, "@OPTIONS@" the
# options, "@COMMANDS@" the commands, "@VERSION@" the version.
set -eu
gantry=$1 page=$2

# "word   rest" -> a tagged paragraph
tagged() {
	sed -E 's/\\/\\e/g; s/-/\\-/g; s/^ *([^ ]+) +(.*)$/.TP\n\\fB\1\\fR\n\2/'
}
while IFS= read -r line; do
	case $line in
	'@LIST@ '*) "$gantry" "--list-${line#@LIST@ }" | tagged ;;
	@OPTIONS@) "$gantry" --list-options ;;
	@COMMANDS@) "$gantry" --help | sed -n '/^  [a-z]/p' | sed '/COMMAND/d' | tagged ;;
	*@VERSION@*) printf '%s\n' "$line" |
		sed "s/@VERSION@/$("$gantry" --version | sed 's/.* //')/" ;;
	*) printf '%s\n' "$line" ;;
	esac
done <"$page"
