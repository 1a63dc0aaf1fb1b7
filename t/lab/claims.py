# SPDX-License-Identifier: ISC
"""claims - a report of gantry, read for tests; says TAP without numbers.

A claim is a description and whatever offends against it; t/lab/judge.sh
numbers the lines.
"""
import json
import os
import re
import struct
import sys

LINES_SHOWN = 8  # of what offends

# What t/ward/README.md counts as harm.
LINES_OF_HARM = ("half_open_abandoned", "bare_connections",
                 "unreleased_associations", "forbidden_bytes",
                 "foreign_bytes", "forbidden_calls", "malformed",
                 "pages_printed", "lockouts", "hung")


def claim(what, offending):
    """True, None and empties are fine; False and what is listed offends."""
    if offending is True or offending is None:
        offending = []
    elif offending is False:
        offending = ["not so"]
    elif isinstance(offending, (str, bytes, dict)):
        offending = [offending] if offending else []
    offending = [str(o) for o in offending]
    print("%s - %s" % ("not ok" if offending else "ok", what))
    for line in offending[:LINES_SHOWN]:
        print("# " + line[:300])
    if len(offending) > LINES_SHOWN:
        print("# and %d more" % (len(offending) - LINES_SHOWN))


def same(what, got, want):
    claim(what, [] if got == want else ["got:  %r" % (got,),
                                        "want: %r" % (want,)])


class Asset:
    """One asset of a report; .json is the whole of it."""

    def __init__(self, asset):
        self.json = asset
        self.address = asset["address"]
        self.verdict = asset["verdict"]
        self.grade = self.verdict["grade"]
        self.fingerprint = self.verdict["fingerprint"]

    def facts(self, key, about=None):
        return [f for f in self.json["facts"] if f["key"] == key
                and about in (None, f["about"])]

    def values(self, key, about=None):
        return [f["value"] for f in self.facts(key, about)]

    def value(self, key, about=None):
        """The one value, or None; many are no value to rely on."""
        found = sorted(set(self.values(key, about)))
        return found[0] if len(found) == 1 else None

    def number(self, key, about=None):
        value = self.value(key, about)
        return float("nan") if value is None else float(value)

    def ports(self, transport="tcp", state="open"):
        return {p["port"]: p for p in self.json["ports"]
                if p["transport"] == transport and p["state"] == state}


class Report:
    """DIR/report.json, or a file."""

    def __init__(self, path):
        if os.path.isdir(path):
            path = os.path.join(path, "report.json")
        with open(path, encoding="ascii") as f:
            self.json = json.load(f)
        self.run = self.json["run"]
        self.assets = [Asset(a) for a in self.json["assets"]]

    def at(self, address):
        found = [a for a in self.assets
                 if address in a.json["addresses"]]
        if len(found) != 1:
            sys.exit("%d assets at %s" % (len(found), address))
        return found[0]


def rpc_programs(path):
    """A ward personality's programs: [{program, tcp, udp, unregistered}].

    Reads just that list, in the form these files have it.
    """
    with open(path, encoding="utf-8") as f:
        text = re.sub(r"(?m)#.*$", "", f.read())
    section = re.search(r"(?ms)^rpc:\n(.*?)(?=^\S|\Z)", text).group(1)
    programs = []
    for item in re.split(r"(?m)^  - ", section)[1:]:
        found = dict(re.findall(r"(\w+): *([\w]+)", item))
        programs.append({
            "program": int(found["program"]),
            "tcp": int(found.get("tcp", 0)),
            "udp": int(found.get("udp", 0)),
            "unregistered": found.get("unregistered") == "yes",
        })
    return programs


def pcapng_frames(path):
    """Its enhanced packet blocks: [(bytes, comment)], little-endian only.

    Reads the format by its specification, not by anybody's library, so that
    what gantry wrote is judged by a stranger.
    """
    with open(path, "rb") as f:
        data = f.read()
    frames, at = [], 0
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        if length % 4 or struct.unpack_from(
                "<I", data, at + length - 4)[0] != length:
            sys.exit("%s: a broken block at %d" % (path, at))
        if kind == 6:
            captured = struct.unpack_from("<I", data, at + 20)[0]
            body = data[at + 28:at + 28 + captured]
            options = data[at + 28 + (captured + 3) // 4 * 4:at + length - 4]
            frames.append((body, comment_of(options)))
        at += length
    return frames


def comment_of(options):
    while len(options) >= 4:
        code, length = struct.unpack_from("<HH", options)
        if code == 0:
            break
        if code == 1:
            return options[4:4 + length].decode("ascii")
        options = options[4 + (length + 3) // 4 * 4:]
    return ""
