#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Compare what a killed and resumed audit left with an undisturbed one.

killed.py WHOLE CUT CARE: two directories with report.json, facts.ndjson,
evidence.pcapng and the ward's harm.json, and facts.N of each moment it was
killed at.  One line per complaint.  --unknown CUT: how much is of unknown fate.
--confirmed WHOLE: how many devices it confirmed, traps apart.

In gentle care a port of unknown fate is not asked again: what the whole run
learnt of it, and of what it led to, may be missing, and nothing may be there
twice.  Otherwise all is the same, and connections may be held twice.
"""
import glob
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import resume  # noqa: E402


def unknown_of(report):
    out = {}
    for u in report["run"]["unknown"]:
        out.setdefault(u["address"], set()).add(u["what"])
    return out


def compare_assets(whole, cut, unknown):
    a = {x["address"]: x for x in whole["assets"]}
    b = {x["address"]: x for x in cut["assets"]}
    for ip in sorted(set(a) ^ set(b)):
        if "sweep" not in unknown.get(ip, ()):
            print(ip, "stands in one report alone")
    for ip in sorted(set(a) & set(b)):
        gone = unknown.get(ip)
        if ip in resume.TRAPS:
            continue
        if gone:
            compare_less(ip, a[ip], b[ip])
            continue
        if resume.verdict(a[ip]) != resume.verdict(b[ip]):
            print(ip, "verdict", resume.verdict(a[ip]),
                  resume.verdict(b[ip]))
        resume.differences("port", ip, resume.ports(a[ip]),
                           resume.ports(b[ip]))
        resume.differences("fact", ip, resume.facts(a[ip]),
                           resume.facts(b[ip]))


# Sums over what was asked: where something was not, these are others.
SUMS = {"ports.closed", "ports.filtered", "rpc.reserved_listeners",
        "host.every_port_open", "port.manner", "ip.ttl_initial"}


def compare_less(ip, a, b):
    """Less is known, and nothing else."""
    more = resume.facts(b) - resume.facts(a)
    for f in sorted(more):
        if f[1] not in SUMS:
            print(ip, "fact too much:", *f)


def compare_harm(whole, cut, care):
    a = {x["address"]: x["service_hits"] for x in whole["hosts"]}
    for host in cut["hosts"]:
        ip, hits = host["address"], host["service_hits"]
        if not host["alive"]:
            print(ip, "is dead")
        if ip in resume.TRAPS:
            continue
        for port in hits:
            if port not in a[ip]:
                print(ip, port, "connected to, and never in one go")
            if care == "gentle" and hits[port] > max(1, a[ip].get(port, 0)):
                print(ip, port, "connected to", hits[port], "times")
    # Not looked at: unreleased associations, bare and half-open connections.
    # What was open when gantry was killed the kernel ends, not gantry.
    for host in cut["hosts"]:
        for name in ("forbidden_bytes", "forbidden_calls", "malformed",
                     "pages_printed", "lockouts", "hung"):
            if host[name]:
                print(host["address"], name, host[name])


def check_kept(cut):
    """No fact that was seen is lost, but for sums made at the end."""
    def known(path):
        out = set()
        with open(path, encoding="ascii", errors="replace") as f:
            for line in f:
                if not line.endswith("\n"):
                    continue
                x = json.loads(line)
                if x["probe"] in ("derive", "listen", "visit"):
                    continue
                out.add((x["address"], x["about"], x["key"], x["value"],
                         x["time"]))
        return out

    end = known(os.path.join(cut, "facts.ndjson"))
    for path in sorted(glob.glob(os.path.join(cut, "facts.[0-9]*"))):
        for f in sorted(known(path) - end):
            print("lost:", *f)


def main():
    if sys.argv[1] == "--unknown":
        report = resume.load(sys.argv[2], "report.json")
        print(len(report["run"]["unknown"]))
        return
    if sys.argv[1] == "--confirmed":
        report = resume.load(sys.argv[2], "report.json")
        print(sum(a["verdict"]["grade"] == "confirmed" and
                  a["address"] not in resume.TRAPS
                  for a in report["assets"]))
        return
    whole, cut, care = sys.argv[1:4]
    report = resume.load(cut, "report.json")
    unknown = unknown_of(report)
    if care != "gentle" and unknown:
        print("unknown, and not asked again:", unknown)
    compare_assets(resume.load(whole, "report.json"), report, unknown)
    compare_harm(resume.load(whole, "harm.json"),
                 resume.load(cut, "harm.json"), care)
    resume.check_evidence(cut)
    check_kept(cut)
    if report["run"]["outcome"] != "done":
        print("outcome", report["run"]["outcome"])
    for name in ("run.json", "run.diary"):
        if os.path.exists(os.path.join(cut, name)):
            print(name, "is still there")


if __name__ == "__main__":
    main()
