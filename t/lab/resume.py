#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Compare what an interrupted and resumed run left with an undisturbed one.

resume.py WHOLE CUT: two directories with report.json, facts.ndjson,
evidence.pcapng and the ward's harm.json.  One line per complaint.
"""
import json
import os
import struct
import sys

# What differs between any two runs: counters of the hosts' own, how long it
# took, what follows from those.
VOLATILE = {
    "ip.id", "tcp.isn", "tcp.isn_gcd", "tcp.isn_kind", "ip.id_kind",
    "advantagenet.beacon", "advantagenet.beacons", "advantagenet.period_s",
    "advantagenet.ipid_step", "advantagenet.port_step", "listen.seconds",
    "host.packets_peak", "host.packets_sent",
}
# How much was heard of what stations broadcast meanwhile.
HEARD = ("udp.ip_id", "link.")
# These two are left as soon as they are known for what they are, and which of
# their ports came first is the run's key's doing.
TRAPS = {"10.16.12.50", "10.16.12.51"}


def load(directory, name):
    with open(os.path.join(directory, name)) as f:
        return json.load(f)


def verdict(asset):
    v = asset["verdict"] or {}
    return v.get("grade"), v.get("fingerprint")


def ports(asset):
    return {(p["transport"], p["port"], p["state"], p["service"],
             p["product"]) for p in asset["ports"]}


def facts(asset):
    return {(f["about"], f["key"], f["value"]) for f in asset["facts"]
            if f["key"] not in VOLATILE and
            not f["key"].startswith(HEARD)}


def differences(what, ip, a, b):
    for x in sorted(a - b):
        print(ip, what, "missing:", *x)
    for x in sorted(b - a):
        print(ip, what, "too much:", *x)


def compare_assets(whole, cut):
    a = {x["address"]: x for x in whole["assets"]}
    b = {x["address"]: x for x in cut["assets"]}
    for ip in sorted(set(a) ^ set(b)):
        print(ip, "stands in one report alone")
    for ip in sorted(set(a) & set(b)):
        if verdict(a[ip]) != verdict(b[ip]):
            print(ip, "verdict", verdict(a[ip]), verdict(b[ip]))
        if ip not in TRAPS:
            differences("port", ip, ports(a[ip]), ports(b[ip]))
            differences("fact", ip, facts(a[ip]), facts(b[ip]))


def compare_harm(whole, cut):
    a = {x["address"]: x["service_hits"] for x in whole["hosts"]}
    for host in cut["hosts"]:
        ip, hits = host["address"], host["service_hits"]
        if ip not in TRAPS and hits != a[ip]:
            print(ip, "connected to", hits, "and not", a[ip])
        if not host["alive"]:
            print(ip, "is dead")
    if cut["harm_total"] != 0:
        print("harm", cut["harm_total"])


def frames(path):
    """The bytes of every frame of a little-endian pcapng file."""
    with open(path, "rb") as f:
        data = f.read()
    at, out, sections = 0, [], 0
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        if struct.unpack_from("<I", data, at + length - 4)[0] != length:
            print("evidence: a block at", at, "is broken")
            return out
        sections += kind == 0x0a0d0d0a
        if kind == 6:
            n = struct.unpack_from("<I", data, at + 20)[0]
            out.append(data[at + 28:at + 28 + n])
        at += length
    if sections != 1:
        print("evidence:", sections, "sections")
    return out


def check_evidence(directory):
    all_frames = frames(os.path.join(directory, "evidence.pcapng"))
    shown, seen = 0, {}
    with open(os.path.join(directory, "facts.ndjson")) as f:
        for line in f:
            fact = json.loads(line)
            e = fact["evidence"]
            known = (fact["address"], fact["about"], fact["key"],
                     fact["value"], fact["time"])
            if known in seen:
                print("fact twice:", *known)
            seen[known] = True
            if not e or "frame" not in e:
                continue
            if e["frame"] > len(all_frames):
                print("frame", e["frame"], "is not there:", *known)
                continue
            shown += 1
            address = bytes(map(int, fact["address"].split(".")))
            if address not in all_frames[e["frame"] - 1]:
                print("frame", e["frame"], "is somebody else's:", *known)
            # What a conversation said may go over several frames.
            if fact["about"] == "host" and e["hex"] and \
                    bytes.fromhex(e["hex"]) not in all_frames[e["frame"] - 1]:
                print("frame", e["frame"], "does not hold it:", *known)
    if shown < 20:
        print("only", shown, "facts have frames")


def main():
    whole, cut = sys.argv[1:3]
    report = load(cut, "report.json")
    compare_assets(load(whole, "report.json"), report)
    compare_harm(load(whole, "harm.json"), load(cut, "harm.json"))
    check_evidence(cut)
    if report["run"]["outcome"] != "done":
        print("outcome", report["run"]["outcome"])
    if os.path.exists(os.path.join(cut, "run.json")):
        print("run.json is still there")


if __name__ == "__main__":
    main()
