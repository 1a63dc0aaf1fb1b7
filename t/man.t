#!/bin/bash
# SPDX-License-Identifier: ISC
# man: the pages are sound and say what the code says; completion offers it.
cd "$(dirname "$0")/.." || exit 1
B=${B:-build}
# shellcheck source=t/check.sh
. t/check.sh
# missing PAGE WORD...: those the page has not as the head of a paragraph
missing() {
	local page=$1 word
	shift
	for word; do
		sed 's/\\-/-/g; s/\\e/\\/g' "$page" |
		    grep -E '^(\.(B|BR|BI|IR) |\\fB)' |
		    grep -qE "(^|[^a-z_.-])$word([^a-z_.-]|\$)" ||
		    echo "${page##*/} lacks $word"
	done
}

for in in docs/*.[1-8].in; do
	page=$B/$(basename "${in%.in}")
	[ -e "$page" ] || { echo "Bail out! no $page: make all" && exit 1; }
	# "missing date": a page has the date of its release, set by its packager
	check "${page##*/}: mandoc has nothing to complain of" "$(
		mandoc -Tlint -W style "$page" 2>&1 |
		    grep -vE 'missing date|lacks a valid date|RCS id missing|input text line longer|referenced manual not found'
	)"
	check "${page##*/}: nothing was left to fill in" \
	    "$(grep -n '@[A-Z]*@' "$page")"
	check "${page##*/}: every page it points to, and is ours, is there" "$(
		sed 's/\\-/-/g' "$page" |
		    grep -oE '^\.BR gantry[a-z-]* \([1-8]\)' |
		    sed -E 's/\.BR ([a-z-]+) \(([1-8])\)/\1.\2/' | sort -u |
		    while read -r other; do
			    [ -e "docs/$other.in" ] || echo "$other"
		    done
	)"
done

# shellcheck disable=SC2046
check "gantry(1) has every command and option" "$(
	missing "$B/gantry.1" $("$B/gantry" --list-commands | awk '{ print $1 }') \
	    $("$B/gantry" --list-flags | cut -f 2)
)"
# shellcheck disable=SC2046
check "gantry(1) has every report and probe" "$(
	missing "$B/gantry.1" $("$B/gantry" --list-reports | awk '{ print $1 }') \
	    $("$B/gantry" --list-probes | awk '{ print $1 }')
)"
# shellcheck disable=SC2046
check "gantry-facts(7) has every key, and every type" "$(
	missing "$B/gantry-facts.7" \
	    $(sed -nE 's/^FACT\([A-Z0-9_]+, "([^"]+)".*/\1/p' scanner/facts.def) \
	    $("$B/gantry" --list-facts | awk '{ print $2 }' | sort -u)
)"
# The keys the loader reads, by its own schema.
keys=$(grep -v '^ \*' fingerprints/load.c | tr '\n' ' ' |
	grep -oE '[A-Z_]+\(\s*"[a-z_-]+"' | sed -E 's/.*"(.*)"/\1/' | sort -u)
# shellcheck disable=SC2086
check "gantry-fingerprint(5) has every key the loader reads" "$(
	[ "$(wc -w <<<"$keys")" -gt 20 ] || echo "the schema could not be read"
	missing "$B/gantry-fingerprint.5" $keys
)"

# --- completion ---------------------------------------------------------------

offers() { # offers WORD...: what bash would offer for the last word
	bash -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
		_gantry; printf "%s\n" "${COMPREPLY[@]}"' "$B/gantry.bash" "$@"
}
lacks() { # lacks OFFERED WANTED: those of WANTED, a line each, not offered
	comm -13 <(sort -u <<<"$1") <(sort -u <<<"$2")
}
check "bash completion is sound" "$(bash -n "$B/gantry.bash" 2>&1)"
check "bash offers every command" \
    "$(lacks "$(offers gantry "")" \
	"$("$B/gantry" --list-commands | awk '{ print $1 }')")"
flags_of() { # flags_of COMMAND
	"$B/gantry" --list-flags | awk -F '\t' -v of="$1" \
	    'index("," $5 ",", "," of ",") { print $2 }'
}
for command in $("$B/gantry" --list-commands | awk '{ print $1 }'); do
	check "bash offers every option of $command, and no other" "$(
		diff <(offers gantry "$command" -- | sort -u) \
		    <((flags_of "$command" && echo --help) | sort -u)
	)"
done
check "bash offers the levels of care" \
    "$(lacks "$(offers gantry audit --care "")" \
	"$("$B/gantry" --list-care | awk '{ print $1 }')")"
check "bash offers fingerprints by their ids" \
    "$(lacks "$(offers "$B/gantry" fingerprints show ge)" \
	"$(basename -s .yaml fingerprints/devices/ge*.yaml)")"
check "bash offers what begins as typed, and nothing else" \
    "$(offers gantry audit --exc | grep -v '^--exclude')"
if command -v zsh >/dev/null; then
	check "zsh completion is sound" "$(zsh -n "$B/gantry.zsh" 2>&1)"
else
	n=$((n + 1)) && echo "ok $n # SKIP no zsh here"
fi
check "zsh completion has every option" "$(
	"$B/gantry" --list-flags | cut -f 2 | while read -r flag; do
		grep -qF "'*${flag}[" "$B/gantry.zsh" || echo "$flag"
	done
)"
for list in $(grep -oE -- '--list-[a-z]+' "$B/gantry.bash" | sort -u); do
	"$B/gantry" "$list" >/dev/null || lost+="$list "
done
check "every list that completion offers is there" "$lost"
echo "1..$n"
