#!/bin/sh
# SPDX-License-Identifier: ISC
# embed - text files as a C header: embed.sh NAME FILE [NAME FILE]... >HEADER
# Of each come the lines as `static const char *const NAME[]`, ended by NULL,
# without lines that are comments alone (but for the marks that make a script
# well-formed XML), and NAME_hash, the SHA-256 of what is
# left as a content security policy names it.
set -eu
kept() {
	sed -E '/<!\[CDATA\[|\]\]>/b
		/^[[:space:]]*\/\*.*\*\/[[:space:]]*$/d
		/^[[:space:]]*\/\//d; /^[[:space:]]*$/d' "$1"
}
echo "/* Made by tools/embed.sh. */"
while [ $# -ge 2 ]; do
	hash=$(kept "$2" | sha256sum | cut -d ' ' -f 1 | tr a-f A-F |
		basenc --base16 -d | base64 -w 0)
	printf 'static const char %s_hash[] = "sha256-%s";\n' "$1" "$hash"
	printf 'static const char *const %s[] = {\n' "$1"
	kept "$2" | sed -E 's/\\/\\\\/g; s/"/\\"/g; s/^(.*)$/"\1\\n",/'
	printf 'NULL };\n'
	shift 2
done
