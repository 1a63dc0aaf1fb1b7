# SPDX-License-Identifier: ISC
# table - one Markdown table per part and case; rows are tools.

function number(v) {
	if (v >= 100000)
		return sprintf("%.0f k", v / 1000)
	if (v == int(v))
		return sprintf("%d", v)
	if (v >= 100)
		return sprintf("%.0f", v)
	return sprintf(v >= 10 ? "%.1f" : v >= 1 ? "%.2f" : "%.3f", v)
}

# 99.996 is not 100.
function percent(v) {
	return v == 100 ? "100" : sprintf("%.2f", int(v * 100) / 100)
}

function cell(key, kind) {
	if (!(key in median))
		return "-"
	if (kind == "spread")
		return number(median[key]) " (" number(least[key]) "–" \
			number(most[key]) ")"
	if (kind == "MiB")
		return number(int(median[key] / 102.4 + 0.5) / 10)
	# The worst of the runs, where one bad run is one too many.
	if (kind == "least")
		return percent(median[key]) (least[key] < median[key] ? \
			" (" percent(least[key]) ")" : "")
	if (kind == "most")
		return number(most[key])
	return number(median[key])
}

function columns(part) {
	if (part == "a")
		return "packets/s:pps:spread,of bare:of_bare:spread,CPU s:cpu_seconds:,packets:packets:"
	if (part == "h")
		return "s:seconds:,hung:hosts_hung:,half open abandoned:" \
			"half_open_abandoned:,bare connections:" \
			"bare_connections:,unreleased associations:" \
			"unreleased_associations:,forbidden bytes:" \
			"forbidden_bytes:,foreign bytes:foreign_bytes:," \
			"forbidden calls:forbidden_calls:,malformed:" \
			"malformed:,pages printed:pages_printed:," \
			"inetd lockouts:lockouts:,harm in all:harm:," \
			"peak initiations/s:peak_initiations_per_second:"
	return "s:seconds:spread,found %:found_percent:least,false:false:most," \
		"CPU s:cpu_seconds:,MiB:memory_kib:MiB,packets:packets:" \
		(part == "e" ? ",peak initiations per host and s:" \
			"peak_host_initiations:most" : "")
}

function table(part, cas, n, c, f, i, t, line, rule) {
	n = split(columns(part), c, ",")
	line = "| tool |"
	rule = "|---|"
	for (i = 1; i <= n; i++) {
		split(c[i], f, ":")
		line = line " " f[1] " |"
		rule = rule "---:|"
	}
	printf "\n### (%s) %s\n\n%s\n%s\n", part, cas, line, rule
	for (t = 1; t <= tools[part, cas]; t++) {
		line = "| " tool[part, cas, t] \
			(late[part, cas, tool[part, cas, t]] ? " [^late]" : "") " |"
		for (i = 1; i <= n; i++) {
			split(c[i], f, ":")
			line = line " " cell(part SUBSEP cas SUBSEP \
				tool[part, cas, t] SUBSEP f[2], f[3]) " |"
		}
		print line
	}
}

{
	if (!(($1, $2) in tools))
		order[++cases] = $1 FS $2
	if (!(($1, $2, $3) in seen)) {
		seen[$1, $2, $3] = 1
		tool[$1, $2, ++tools[$1, $2]] = $3
	}
	key = $1 SUBSEP $2 SUBSEP $3 SUBSEP $4
	median[key] = $6
	least[key] = $7
	most[key] = $8
	if ($4 == "exit" && $8 == 124 && $1 != "a") {
		late[$1, $2, $3] = 1
		any_late = 1
	}
}

END {
	for (i = 1; i <= cases; i++) {
		split(order[i], part, FS)
		table(part[1], part[2])
	}
	if (any_late)
		print "\n[^late]: stopped in at least one run when its time was up."
}
