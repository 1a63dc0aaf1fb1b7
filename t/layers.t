#!/bin/bash
# SPDX-License-Identifier: ISC
# layers: the shape of the tree, checked like any other behaviour.
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=t/check.sh
. t/check.sh
ROOMS="scanner probes fingerprints reports"

# only HEADER FILES: no other file of the program includes it
only() {
	local header=$1
	shift
	# shellcheck disable=SC2086
	check "<$header> is included by $* alone" "$(
		grep -rlE "#include <$header>" $ROOMS |
		    grep -vxF "$(printf '%s\n' "$@")"
	)"
}

only libnet.h scanner/send.c
only 'pcap/pcap.h|pcap.h' scanner/capture.c
only 'libmnl/libmnl.h' scanner/route.c
only 'event2/.*' scanner/loop.c
only pthread.h scanner/hands.c
only 'cyaml/cyaml.h' fingerprints/identity_load.c fingerprints/load.c \
	scanner/config_schema.c scanner/scopefile.c scanner/verify/aliases.c \
	scanner/yamlfile.c
only 'pcre2.h' fingerprints/expression.c
only 'cap-ng.h' scanner/rights.c
# libcrypto: digests, signatures of letters and of bundles.  libssl: TLS.
only 'openssl/.*' scanner/digest.c scanner/inventory/seal.c \
	scanner/notify/sign.c scanner/tls.c
only 'openssl/ssl.h' scanner/tls.c
only 'jansson.h' reports/json.c reports/json_event.c \
	reports/json_inventory.c reports/json_read.c reports/json_run.c \
	reports/json_verify.c reports/ndjson.c
only 'yajl/.*' reports/emit.c
only 'libxml/.*' reports/markup.c
only csv.h scanner/verify/table.c
only 'curl/curl.h' scanner/notify/deliver.c
only 'systemd/.*' scanner/notify/journal.c
check "SQLite is included by the store alone" \
    "$(grep -rl '#include <sqlite3.h>' $ROOMS |
	grep -vxF scanner/inventory/store_sqlite.h
	grep -rl 'inventory/store_sqlite.h"' $ROOMS |
	grep -v '^scanner/inventory/store_sqlite')"
check "the clock is read in loop.c alone" \
    "$(grep -rnE '\b(clock_gettime|gettimeofday|time)\(' $ROOMS |
	grep -v '^scanner/loop.c' | grep -vE '^[^:]*:[0-9]*:( \*|/\*|.*")')"
only 'linux/if_xdp.h' scanner/xdp.c
check "sockets are opened by socket.c, sender.c, xdp.c and route.c alone" \
    "$(grep -rnE '\bsocket\(' $ROOMS |
	grep -vE '^scanner/(socket|sender|xdp|route)\.c:')"
check "probes include the contract, pure data and each other's helpers only" \
    "$(grep -nE '#include' probes/*.[ch] |
	grep -vE '"(scanner/(digest|probe|rpcnames|text|ttl|wire)\.h|probes/[a-z0-9]+\.h)"|<(string|stdlib|stdio|stddef|stdint|stdbool|inttypes|ctype)\.h>')"
check "no probe keeps state" \
    "$(grep -nE '^static [^(]*(;|=)' probes/*.c | grep -v 'const')"
check "every probe is on the list, and the list is sorted" "$(
	diff <(sed -n 's/^PROBE(\(.*\))$/\1/p' probes/list.h) \
	    <(grep -lE '^const struct probe probe_' probes/*.c |
		sed 's,.*/,,; s,\.c$,,' | LC_ALL=C sort)
)"
check "every report format is on the list, and the list is sorted" "$(
	diff <(sed -n 's/^REPORT(\(.*\))$/\1/p' reports/list.h) \
	    <(grep -lE '^const struct report_format report_' reports/*.c |
		sed 's,.*/,,; s,\.c$,,' | LC_ALL=C sort)
)"
check "a probe's name is its file's" "$(
	for f in $(grep -lE '^const struct probe probe_' probes/*.c); do
		b=$(basename "$f" .c)
		grep -q "^const struct probe probe_$b = {" "$f" &&
		    grep -q "\.name = \"$b\"" "$f" || echo "$f"
	done
)"
check "fact keys are declared once, sorted" "$(
	sed -n 's/^FACT([A-Z0-9_]*, "\([^"]*\)".*/\1/p' scanner/facts.def |
	    LC_ALL=C sort -cu 2>&1
)"
check "the data's stages know nothing of later ones" "$(
	grep -nE '#include "(reports|fingerprints)/' scanner/{net,text,fact,decode,capture,evidence,scope,target,pace,send,sender,xdp,route,loop,talk,reader,ledger,derive,dispatch,sweep,segment,wires,probe}*.[ch]
	grep -nE '#include "(reports/|scanner/(audit|talk|dispatch|send|capture|loop))' fingerprints/*.[ch]
	grep -nE '#include "scanner/(audit|talk|dispatch|send|capture|loop|visit)' reports/*.[ch]
)"
# Commands print what they were asked for; argp exits for --help.
check "nothing below main exits, and only commands and the log print" "$(
	grep -nE '\b(exit|abort|_exit)\(' $(ls scanner/*.c scanner/*/*.c probes/*.c fingerprints/*.c reports/*.c | grep -v main.c)
	grep -nE '\b(printf|puts|putchar)\(' $(ls scanner/*.c scanner/*/*.c probes/*.c fingerprints/*.c reports/*.c |
	    grep -vE 'scanner/(main|cli|cli_lists|plan|progress|log|explain|[a-z_/]*_command|schedule/segment_(record|run))\.c')
	grep -nE '\bfprintf\(std(err|out)' $(ls scanner/*.c scanner/*/*.c probes/*.c fingerprints/*.c reports/*.c |
	    grep -vE 'scanner/(main|progress|log)\.c')
)"
check "main.c stays under 200 lines" \
    "$([ "$(wc -l <scanner/main.c)" -lt 200 ] || wc -l scanner/main.c)"
check "every source file names its licence" \
    "$(grep -rLE 'SPDX-License-Identifier: ISC' --include='*.[ch]' --include='*.sh' --include='*.t' $ROOMS t tools)"
check "packet memory is never cast to a struct" \
    "$(grep -nE '\((const )?struct (ip|iphdr|tcphdr|udphdr|ethhdr|ether_header|arphdr|icmphdr) \*\)' $(ls scanner/*.c probes/*.c))"
echo "1..$n"
