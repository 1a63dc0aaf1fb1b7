#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# data: the captures in t/data are what make.sh makes of the texts beside
# them, and a foreign reader sees in them what the texts say.
set -u
cd "$(dirname "$0")/.." || exit 1
data=t/data
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# shellcheck source=t/check.sh
. t/check.sh

skip() { # skip <count> <reason>
	local i
	for ((i = 0; i < $1; i++)); do
		n=$((n + 1))
		echo "ok $n # SKIP $2"
	done
}

# What tshark has to complain of in a file, checksums included. Warnings and
# errors are its severities 0x600000 and 0x800000.
complaints() {
	tshark -n -r "$1" -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE \
	    -Y '_ws.malformed || _ws.expert.severity >= 0x600000' 2>&1 |
	    grep -v '^Running as user'
}

fields() { # fields <file> <field>...
	local file=$1 field args=()
	shift
	for field; do
		args+=(-e "$field")
	done
	TZ=UTC tshark -n -r "$file" -T fields -E separator=/s "${args[@]}" \
	    2>/dev/null
}

# The lines a text should give: epoch, source port, IP identification.
expected_datagrams() {
	grep -v '^#' $data/origin-datagrams.txt |
	    while read -r date time ip udp payload; do
		echo "$(date -u -d "$date $time" +%s.%N)" \
		    "$((16#${udp:0:4}))" "0x${ip:8:4}" "$ip$udp$payload"
	    done
}

expected_trace() {
	local id=$((0x632e))
	grep -v '^#' $data/origin-trace.txt | while read -r date time port; do
		printf '%s %d 0x%04x\n' \
		    "$(date -u -d "$date $time" +%s.%N)" "$port" "$id"
		id=$((id + 1))
	done
}

# The record's bytes as hex, without the Ethernet header.
bytes() {
	tshark -n -r "$1" -x 2>/dev/null | awk '
	    /^[0-9a-f]+  / {
		for (i = 2; i <= 17 && $i ~ /^[0-9a-f][0-9a-f]$/; i++)
			line = line $i
	    }
	    /^$/ { if (line) print substr(line, 29); line = "" }
	    END { if (line) print substr(line, 29) }'
}

reads_as_text() { # reads_as_text <kind> <file>
	local same='128.231.213.4 128.231.212.0 1600 60 0 54 0x0000 68 88'
	same="$same ff:ff:ff:ff:ff:ff 08:00:20:0a:12:04"
	check "$2: no complaint, checksums included" "$(complaints "$data/$2")"
	check "$2: times, ports and IP identifications" "$(
		diff <(fields "$data/$2" frame.time_epoch udp.srcport ip.id) \
		    <("expected_$1" | cut -d' ' -f1-3)
	)"
	check "$2: what all its frames have in common" "$(
		diff <(fields "$data/$2" ip.src ip.dst udp.dstport ip.ttl \
		    ip.flags.df udp.length udp.checksum frame.cap_len \
		    frame.len eth.dst eth.src | sort -u) \
		    <(echo "$same")
	)"
}

"$data/make.sh" "$tmp" 2>"$tmp.err"
check "make.sh runs without a word" "$(cat "$tmp.err"; rm -f "$tmp.err")"
for file in "$data"/*.pcap "$data"/*.pcapng; do
	check "make.sh makes the same ${file##*/}" \
	    "$(cmp "$file" "$tmp/${file##*/}" 2>&1)"
done
check "make.sh makes nothing else" "$(
	diff <(cd "$tmp" && ls) <(cd "$data" && ls -- *.pcap *.pcapng)
)"
check "README.md names every capture" "$(
	cd "$data" && for file in *.pcap *.pcapng; do
		grep -q "^| \`$file\` |" README.md || echo "$file"
	done
)"

if ! command -v tshark >/dev/null; then
	skip 16 "no tshark here"
	echo "1..$n"
	exit 0
fi
for kind in datagrams trace; do
	reads_as_text $kind origin-$kind.pcap
	reads_as_text $kind origin-$kind.pcapng
done
check "segment.pcap: no complaint, checksums included" \
    "$(complaints $data/segment.pcap)"
check "the four datagrams are the note's bytes" "$(
	diff <(bytes $data/origin-datagrams.pcap) \
	    <(expected_datagrams | cut -d' ' -f4)
)"
check "the trace's payload is that of the four datagrams" "$(
	diff <(bytes $data/origin-trace.pcap | cut -c57- | sort -u) \
	    <(expected_datagrams | cut -d' ' -f4 | cut -c57- | sort -u)
)"

# The complaint check must be able to fail: one bit of an IP header turned.
printf '\x3d' | dd of="$tmp/origin-trace.pcap" bs=1 seek=$((24 + 16 + 22)) \
    conv=notrunc 2>/dev/null
check "a wrong IP checksum would be complained of" "$(
	[ -n "$(complaints "$tmp/origin-trace.pcap")" ] || echo silence
)"

echo "1..$n"
