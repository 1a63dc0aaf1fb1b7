#!/bin/bash
# SPDX-License-Identifier: ISC
# ward_family: personalities made of a base, a family and its variants.
set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=t/lab/wardtap.sh
. t/lab/wardtap.sh

ward=${B:-build}/gantry-ward
[ -x "$ward" ] || skip_all "the ward is not built"
dir=$(mktemp -d "${TMPDIR:-/tmp}/family-XXXXXX") || bail "no scratch"
trap 'rm -rf "$dir"' EXIT

cat >"$dir/plain.yaml" <<'YAML'
summary: plain
oui: 02:00:00
truth: [linux-host]
stack: &stack { tcp_ttl: 64, icmp_ttl: 64, udp_ttl: 64, window: 4096, df: no, udp_checksum: yes }
icmp_echo: yes
services:
  - { port: 22, service: silent }
YAML
cat >"$dir/device.yaml" <<'YAML'
base: plain
summary: device
+truth: [orthanc]
stack: { window: 8192 }
variants:
  routed: { routed: yes }
  other:
    summary: another device
    truth: [conquest]
    decoy: yes
    +services:
      - { port: 104, service: silent }
YAML
cat >"$dir/child.yaml" <<'YAML'
base: device.other
oui: 02:00:01
YAML

census() { # census NAME KEY
	"$ward" --census "$dir" >"$dir/said" 2>"$dir/error"
	"$py" -c 'import json, sys
print([p[sys.argv[3]] for p in json.load(open(sys.argv[1]))
       if p["name"] == sys.argv[2]][0])' "$dir/said" "$1" "$2"
}
complains() { # complains ABOUT WHAT, of the file bad.yaml
	"$ward" --census "$dir" >/dev/null 2>"$dir/error"
	is "$?" 2 "$1: exit status"
	grep -q "$2" "$dir/error"
	ok $? "$1: said"
	rm "$dir/bad.yaml"
}

is "$(census plain truth)" "['linux-host']" "a personality by itself"
is "$(census device truth)" "['orthanc', 'linux-host']" \
    "a list put before the base's"
is "$(census device oui)" "02:00:00" "what is not said is the base's"
is "$(census device.routed routed)" "True" "a variant"
is "$(census device.routed truth)" "['orthanc', 'linux-host']" \
    "has what its family has"
is "$(census device.other truth)" "['conquest']" "or something else instead"
is "$(census device decoy)" "False" "and leaves the family alone"
is "$(census child summary)" "another device" "a variant as a base"
is "$(census child decoy) $(census child oui)" "True 02:00:01" \
    "with something on top"

echo 'base: nobody' >"$dir/bad.yaml"
complains "a base that is not there" "nobody.yaml"
echo 'base: device.nothing' >"$dir/bad.yaml"
complains "a variant that is not there" 'no variant "nothing"'
echo 'base: bad' >"$dir/bad.yaml"
complains "a circle" "bases without end"
printf 'base: plain\nstack: { widnow: 1 }\n' >"$dir/bad.yaml"
complains "an unknown key" "widnow"
printf 'base: plain\nservices:\n  - { port: 1, service: none }\n' \
    >"$dir/bad.yaml"
complains "a service that is not there" 'no service "none"'
printf 'base: [plain\n' >"$dir/bad.yaml"
complains "no YAML" "bad.yaml: line"
: >"$dir/bad.yaml"
complains "an empty file" "there is nothing in it"

"$ward" --census t/ward/personalities >"$dir/shipped" 2>"$dir/error"
ok $? "every personality of the ward can be read"
read -r all decoys < <("$py" -c 'import json, sys
p = [x for x in json.load(open(sys.argv[1])) if x["scored"]]
print(len(p), sum(x["decoy"] for x in p))' "$dir/shipped")
[ "$all" -ge 120 ] && [ "$decoys" -ge 50 ]
ok $? "at least 120, of them at least 50 decoys ($all, $decoys)"
echo "1..$n"
