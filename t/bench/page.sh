# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# page - a table into a page of the documentation, between its marks
# "<!-- NAME: begin -->" and "<!-- NAME: end -->". To be read with ".".

# page_fill NAME TABLE PAGE: an empty PAGE is none.
page_fill() {
	[ -n "$3" ] || return 0
	{
		sed "/<!-- $1: begin -->/q" "$3"
		echo
		cat "$2"
		sed -n "/<!-- $1: end -->/,\$p" "$3"
	} >"$2.page" && cp "$2.page" "$3"
}
