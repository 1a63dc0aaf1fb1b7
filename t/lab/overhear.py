# SPDX-License-Identifier: ISC
"""overhear - what overhear.t asks of two runs' results.

  overhear.py same AUDIT REPLAY     the replay of an audit's evidence agrees
  overhear.py evidence AUDIT        facts lie in the frames they name
  overhear.py has RUN ADDRESS ABOUT KEY [VALUE]
  overhear.py within PART WHOLE KEY...  every such fact of PART is WHOLE's
Prints what is wrong, a line each; nothing when all is well.
"""
import json
import struct
import sys

# What no frame shows: conclusions of the run itself, from what it did not
# hear, from its own sockets, or from how it was asked.  "heard" against "arp"
# under host.alive is among them.
# link.share is a part of all that was heard, not of what was kept.
# port.manner is told by time: how long a port kept silent or took no bytes.
NOT_IN_FRAMES = ("host.", "ports.", "mac.vendor", "listen.seconds",
                 "port.manner", "link.share")


def facts(directory):
    with open(directory + "/facts.ndjson") as lines:
        return [json.loads(line) for line in lines]


def known(directory):
    return {(f["address"], f["about"], f["key"], f["value"])
            for f in facts(directory)}


def is_in_frames(fact):
    _, about, key, value = fact
    if key.startswith(NOT_IN_FRAMES):
        return False
    # A UDP port's silence, or the ICMP error to our own datagram.
    return not (key == "port.state" and value != "open")


def verdicts(directory):
    with open(directory + "/report.json") as f:
        return {a["address"]: (a["verdict"]["grade"],
                               a["verdict"].get("fingerprint"))
                for a in json.load(f)["assets"]}


def standing(directory, which):
    with open(directory + "/report.json") as f:
        return {a["address"] for a in json.load(f)["assets"]
                if a["standing"] == which}


def same(audit, replay, own):
    a, b = known(audit), known(replay)
    for fact in sorted(filter(is_in_frames, a - b)):
        print("not in the replay:", *fact)
    for fact in sorted(filter(is_in_frames, b - a)):
        # Our own SYNs say how we build them: no news to the audit.
        if fact[0] == own and fact[2].startswith(("syn.", "stack.")):
            continue
        print("only in the replay:", *fact)
    tarpits = {f[0] for f in a if f[2] == "host.tarpit"}
    silent = standing(audit, "silent")
    was, now = verdicts(audit), verdicts(replay)
    for address in sorted(was):
        # A tarpit is known by bytes its kernel never took from us; ours to
        # ourselves go over lo, which is not captured.  Of a host that kept
        # silent only its ARP is there: a replay does not know it was asked.
        if address in tarpits | silent or address == own:
            continue
        if was[address] != now.get(address):
            print(address, "was", was[address], "is", now.get(address))


def frames(path):
    """The packets of a little-endian pcapng file, by number from 1."""
    with open(path, "rb") as f:
        data = f.read()
    at, found = 0, {}
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        if kind == 6:
            size = struct.unpack_from("<I", data, at + 20)[0]
            found[len(found) + 1] = data[at + 28:at + 28 + size]
        at += length
    return found


def evidence(audit):
    held = frames(audit + "/evidence.pcapng")
    seen = 0
    for f in facts(audit):
        e = f["evidence"]
        if not e or not e.get("hex"):
            continue
        if "frame" not in e:
            print("a talk's bytes in no frame:", f["about"], f["key"])
            continue
        want = bytes.fromhex(e["hex"])
        there = held.get(e["frame"], b"")[e["offset"]:]
        # A long one may go on in the next frame.
        if not there or there[:len(want)] != want[:len(there)]:
            print("frame", e["frame"], "offset", e["offset"],
                  "does not hold", f["key"], e["hex"])
        seen += f["key"].startswith(("dicom.", "rpc.", "ftp.", "telnet."))
    if seen < 50:
        print("only", seen, "facts of conversations have bytes")


def within(part, whole, keys):
    a = known(whole)
    hosts = {f[0] for f in a}
    for fact in sorted(known(part)):
        if fact[2] in keys and fact[0] in hosts and fact not in a:
            print("not what gantry found:", *fact)


def main(what, *args):
    if what == "same":
        same(*args)
    elif what == "evidence":
        evidence(*args)
    elif what == "within":
        within(args[0], args[1], args[2:])
    else:
        run, address, about, key, *value = args
        found = [f for f in known(run) if f[:3] == (address, about, key)]
        if not found or (value and value[0] not in [f[3] for f in found]):
            print(address, about, key, "is", found)


main(*sys.argv[1:])
