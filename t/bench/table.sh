#!/bin/sh
# SPDX-License-Identifier: ISC
# table - medians and spread out of measured.tsv: results.json and tables.md
# beside it, and the tables into a page between its two markers.
#
#   t/bench/table.sh DIRECTORY [PAGE]
set -eu
dir=$1
page=${2:-}
tab=$(printf '\t')

# part, case, tool, metric, how often, median, least, most; in the order of
# their first appearance.
awk -F'\t' -v OFS='\t' '{
	key = $1 FS $2 FS $3 FS $4
	if (!(key in place))
		place[key] = ++n
	print place[key], $0
}' "$dir/measured.tsv" | sort -t "$tab" -k1,1n -k6,6g |
	awk -F'\t' -v OFS='\t' '
	function flush() {
		if (len == 0)
			return
		middle = value[int((len + 1) / 2)]
		if (len % 2 == 0)
			middle = (middle + value[len / 2 + 1]) / 2
		print name, len, middle, value[1], value[len]
		len = 0
	}
	$1 != last { flush(); last = $1 }
	{ name = $2 OFS $3 OFS $4 OFS $5; value[++len] = $6 }
	END { flush() }' >"$dir/results.tsv"

awk -F'\t' '
	function quoted(s) {
		gsub(/["\\]/, "\\\\&", s)
		return "\"" s "\""
	}
	FILENAME == ARGV[1] {
		about = about sep "    " quoted($1) ": " quoted($2)
		sep = ",\n"
		next
	}
	{
		rows = rows comma "    { \"part\": " quoted($1) \
			", \"case\": " quoted($2) ", \"tool\": " quoted($3) \
			", \"metric\": " quoted($4) ", \"n\": " $5 \
			", \"median\": " $6 ", \"min\": " $7 \
			", \"max\": " $8 " }"
		comma = ",\n"
	}
	END {
		printf "{\n  \"about\": {\n%s\n  },\n  \"results\": [\n%s\n  ]\n}\n",
			about, rows
	}' "$dir/about.tsv" "$dir/results.tsv" >"$dir/results.json"

awk -F'\t' -f t/bench/table.awk "$dir/results.tsv" >"$dir/tables.md"
[ -n "$page" ] || exit 0
{
	sed '/<!-- bench: begin -->/q' "$page"
	printf '\n'
	awk -F'\t' '{ print "- " $1 ": " $2 }' "$dir/about.tsv"
	cat "$dir/tables.md"
	sed -n '/<!-- bench: end -->/,$p' "$page"
} >"$page.new"
mv "$page.new" "$page"
echo "bench: $dir/results.json, and the tables in $page" >&2
