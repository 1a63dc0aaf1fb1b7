#!/bin/bash
# SPDX-License-Identifier: ISC
# hostile: two hundred ordinary hosts, and the same with hosts among them that
# want to waste a scanner's time and memory: endless banners, mute ports, every
# port open, tarpits, drips, echoes, broken DICOM and RPC, resets, SYN-ACKs
# from elsewhere.  The run must take no longer for them, stay small, keep its
# limits at every host, and name each for what it is.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=t/lab/netns.sh
. t/lab/netns.sh
# shellcheck source=t/lab/wardtap.sh
. t/lab/wardtap.sh

need "$py"
gantry=${GANTRY_BIN:-build/gantry}
[ -x "$gantry" ] || skip_all "gantry is not built"
both=$(mktemp -d "${TMPDIR:-/tmp}/lab-hostile-out-XXXXXX")
cat t/lab/normal-hosts.yaml t/lab/hostile-hosts.yaml >"$both/hostile.yaml"

# audit LEVEL NAME WARD: one run; its report, harm, time, memory under $both.
audit() (
	lab_up "hostile-$2" || exit 1
	lab_ward "$3" -d 600 --seed 5 -P t/ward/personalities || exit 1
	mkdir -p "$both/$1-$2"
	lab_run timeout 300 "$py" - "$both/$1-$2" "$gantry" audit \
	    10.16.12.0/23 --exclude 10.16.12.2 --care "$1" -q \
	    -o "$both/$1-$2" <<'PY'
import json, resource, subprocess, sys, time
out, command = sys.argv[1], sys.argv[2:]
began = time.monotonic()
p = subprocess.run(command, stdout=subprocess.DEVNULL)
took = time.monotonic() - began
r = resource.getrusage(resource.RUSAGE_CHILDREN)
json.dump({"status": p.returncode, "seconds": took,
    "kilobytes": r.ru_maxrss, "cpu": r.ru_utime + r.ru_stime},
    open(out + "/cost.json", "w"))
PY
	lab_ward_stop
	cp "$LAB_HARM" "$both/$1-$2/harm.json"
)
cost() { # cost RUN KEY
	"$py" -c 'import json, sys
print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$both/$1/cost.json" "$2"
}

# Two at a time: what they cost is waiting, not work.
for level in gentle standard; do
	audit $level normal t/lab/normal-hosts.yaml &
	audit $level hostile "$both/hostile.yaml" &
	wait
done

for level in gentle standard; do
	[ -e "$both/$level-normal/harm.json" ] &&
	    [ -e "$both/$level-hostile/harm.json" ] || bail "no $level run"
	is "$(cost $level-normal status) $(cost $level-hostile status)" "0 0" \
	    "$level: both runs end well"
	"$py" - "$both/$level-normal" "$both/$level-hostile" <<'PY'
import json, sys
n, h = (json.load(open(d + "/cost.json")) for d in sys.argv[1:])
for name, c in ("without", n), ("with", h):
    print("# %s: %.1f s, %.1f MiB, %.2f s of CPU"
        % (name, c["seconds"], c["kilobytes"] / 1024, c["cpu"]))
sys.exit(h["seconds"] > 1.2 * n["seconds"])
PY
	ok $? "$level: no more than 1.2 times as long with them"
	[ "$(cost $level-hostile kilobytes)" -lt 49152 ]
	ok $? "$level: under 48 MiB"
	"$py" - "$both/$level-hostile" $level <<'PY'
import json, sys
harm = json.load(open(sys.argv[1] + "/harm.json"))
# The level's own limit, and one that the kernel may have had to repeat.
limit = {"gentle": 11, "standard": 60}[sys.argv[2]] + 1
print("# at most %d packets in a second to any host, %d to any hostile one"
    % tuple(max(x["peak_packets_per_second"] for x in harm["hosts"]
        if x["address"].startswith(net)) for net in ("10.", "10.16.13.")))
bad = [(x["address"], x["peak_packets_per_second"]) for x in harm["hosts"]
    if x["peak_packets_per_second"] > limit]
bad += [(x["address"], "harm") for x in harm["hosts"] if x["harm"]]
if harm["frames_lost_by_ward"]:
    bad += [("the ward was too slow", harm["frames_lost_by_ward"])]
for b in bad:
    print("# %s: %s" % b)
sys.exit(bool(bad))
PY
	ok $? "$level: no harm, and no host got more packets than it may"
	"$py" - "$both/$level-hostile" <<'PY'
import json, sys
report = json.load(open(sys.argv[1] + "/report.json"))
want = {
    "10.16.13.1": "every-port-open-host", "10.16.13.2": "tarpit",
    "10.16.13.3": "endless-talker", "10.16.13.4": "silent-acceptor",
    "10.16.13.5": "slow-dripper", "10.16.13.6": "tarpit",
    "10.16.13.7": "echo-host", "10.16.13.9": "slow-dripper",
    "10.16.13.14": "hangs-up", "10.16.13.15": "hangs-up",
}
names = {a["address"]: (a["verdict"]["fingerprint"], a["verdict"]["grade"])
    for a in report["assets"]}
bad = 0
for address, name in want.items():
    got = names.get(address, (None, None))
    if got[0] != name or got[1] not in ("probable", "confirmed"):
        print("# %s: %s %s, not %s" % (address, *got, name))
        bad = 1
sys.exit(bad)
PY
	ok $? "$level: each is named for what it is"
	"$py" - "$both/$level-hostile" <<'PY'
import json, sys
report = json.load(open(sys.argv[1] + "/report.json"))
facts = {a["address"]: a["facts"] for a in report["assets"]}
def says(address, about, key, value=None):
    return any(f["about"] == about and f["key"] == key
        and value in (None, f["value"]) for f in facts[address])
bad = []
if says("10.16.13.8", "tcp/104", "port.speaks"):
    bad.append("garbage was taken for DICOM")
if not says("10.16.13.10", "tcp/104", "port.manner", "mute"):
    bad.append("the DICOM port that never answers is not told")
for a in "10.16.13.11", "10.16.13.12", "10.16.13.13":
    if any(f["key"] in ("dicom.outcome", "rpc.program") or
            f["key"] == "rpc.portmapper" and not says(a, "tcp/111",
                "rpc.broken") for f in facts[a]):
        bad.append(a + ": something was read from an answer without end")
for a in "10.16.13.16", "10.16.13.17":
    if any(f["key"] == "port.state" and f["value"] == "open"
            for f in facts[a]):
        bad.append(a + ": a SYN-ACK that answers no SYN opened a port")
for b in bad:
    print("# " + b)
sys.exit(bool(bad))
PY
	ok $? "$level: what is broken is not believed"
	"$py" - "$both/$level-normal" "$both/$level-hostile" <<'PY'
import json, sys
def names(d):
    return {a["address"]: (a["verdict"]["fingerprint"], a["verdict"]["grade"])
        for a in json.load(open(d + "/report.json"))["assets"]
        if a["address"].startswith("10.16.12.")}
n, h = map(names, sys.argv[1:])
for a in n:
    if n[a] != h.get(a):
        print("# %s: %s, among hostile ones %s" % (a, n[a], h.get(a)))
print("# %d ordinary hosts" % len(n))
sys.exit(n != h or len(n) != 200)
PY
	ok $? "$level: the others are what they were"
done
rm -rf "$both"
echo "1..$n"
