# SPDX-License-Identifier: ISC
"""score - what gantry makes of the ward, against what the ward is.

  score.py ward CENSUS OUT.yaml [PART]   a ward of every personality that is
                                         scored; PART "i/n" is each n-th
  score.py halted REPORT                 the addresses a run halted for
  score.py judge CENSUS OUT.yaml LOSS DIR...   tables, and exit status 1 where
                                         what is promised does not hold; what
                                         a later DIR says of a host stands

CENSUS is what gantry-ward --census writes.  Truth is closed under "implies":
what is a special case of something is that, too.
"""
import glob
import json
import re
import sys

GRADES = ("confirmed", "probable", "possible")
BANDS = ((0.5, 0.6), (0.6, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 0.95),
         (0.95, 0.99), (0.99, 1.01))
RECALL = {0: 0.98, 5: 0.95}  # promised, by loss in percent
BAND_MIN = 20                # fewer tell nothing
BAND_TOLERANCE = 0.10


def implied():
    """id -> set of all ids it implies, by the fingerprint files."""
    direct = {}
    for path in glob.glob("fingerprints/devices/*.yaml"):
        inside, ids = False, []
        for line in open(path, encoding="ascii"):
            if re.match(r"\S", line):
                inside = line.startswith("implies:")
            elif inside:
                ids.append(line.split("- ", 1)[1].strip())
        direct[re.sub(r".*/|\.yaml$", "", path)] = ids

    def follow(i, seen):
        for j in direct.get(i, ()):
            if j not in seen:
                seen.add(j)
                follow(j, seen)
        return seen
    return {i: follow(i, {i}) for i in direct}


def chosen(census, part):
    scored = [p for p in json.load(open(census)) if p["scored"]]
    first, step = (int(n) for n in (part or "0/1").split("/"))
    return scored[first::step]


def write_ward(census, out, part=None):
    lines = ["network: 10.16.12.0/22", "hosts:",
             "  - { address: 10.16.12.1, mac: 00:00:0c:3a:11:01, "
             "personality: router }"]
    near, far = 10, 10
    for i, p in enumerate(chosen(census, part)):
        if p["routed"]:
            address = "10.16.%d.%d" % (20 + far // 250, far % 250 + 1)
            far += 1
        else:
            address = "10.16.%d.%d" % (12 + near // 250, near % 250 + 1)
            near += 1
        oui = p["oui"] or "00:1c:42"
        lines.append("  - { address: %s, mac: %s:%02x:%02x:%02x, "
                     "personality: %s%s }" % (
                         address, oui, 0x40 + i // 256, i % 256, 0x11,
                         p["name"], ", behind: 10.16.12.1"
                         if p["routed"] else ""))
    open(out, "w").write("\n".join(lines) + "\n")
    print("%d hosts, %d of them decoys" % (
        i + 1, sum(p["decoy"] for p in chosen(census, part))))


def read_ward(path):
    for line in open(path, encoding="ascii"):
        m = re.search(r"address: ([0-9.]+),.*personality: ([^ ,}]+)", line)
        if m and m.group(2) != "router":
            yield m.group(1), m.group(2)


def verdicts(asset):
    """(id, grade, probability) of everything the report thinks possible."""
    for c in [asset["verdict"]] + asset["candidates"]:
        if c["fingerprint"] is not None:
            yield c["fingerprint"], c["grade"], c["probability"]


def ratio(part, whole):
    return "%d/%d %5.1f %%" % (part, whole, 100 * part / whole) \
        if whole else "0/0"


def judge(census, ward, loss, *dirs):
    loss = int(loss)
    closure = implied()
    people = {p["name"]: p for p in json.load(open(census))}
    for p in people.values():
        for t in p["truth"]:
            if t not in closure:
                print("unknown fingerprint in truth of %s: %s" % (
                    p["name"], t))
                return False
    assets, asked = {}, None
    for d in dirs:
        r = json.load(open(d + "/report.json"))
        # a later run hears others, whom it was not to ask
        assets.update({a["address"]: a for a in r["assets"]
                       if asked is None or a["address"] in asked})
        asked = {h["address"] for h in r["run"]["halted"]}
    first = {g: [0, 0] for g in GRADES}  # right, all: of first verdicts
    each = {g: [0, 0] for g in GRADES}   # of all verdicts
    bands = [[0, 0, 0.0] for _ in BANDS]
    found = [0, 0]
    confusion, wrong, missed = {}, [], []
    for address, name in read_ward(ward):
        p = people[name]
        truth = set().union(*(closure[t] for t in p["truth"]), ())
        best = p["truth"][0] if p["truth"] else None
        got = list(verdicts(assets[address])) if address in assets else []
        for n, (i, grade, q) in enumerate(got):
            right = i in truth
            for table in (first, each) if n == 0 else (each,):
                table[grade][0] += right
                table[grade][1] += 1
            for band, (low, high) in zip(bands, BANDS):
                if low <= q < high:
                    band[0] += right
                    band[1] += 1
                    band[2] += q
            if not right and grade == "confirmed":
                wrong.append("%s %s: confirmed as %s" % (address, name, i))
        top = got[0][0] if got else "(nothing)"
        if top not in truth and (got or best):
            confusion[(name, top, got[0][1] if got else "-")] = best
        if p["decoy"] or best is None:
            continue
        ok = any(i == best and g in ("confirmed", "probable")
                 for i, g, _ in got)
        found[0] += ok
        found[1] += 1
        if not ok:
            missed.append("%s %s: %s not found, %s" % (
                address, name, best, ", ".join(
                    "%s %.3f" % (i, q) for i, _, q in got[:3]) or "nothing"))
    print("\nloss %d %%" % loss)
    print("first verdict that is not true of the host (expected, found):")
    for (name, top, grade), best in sorted(confusion.items()):
        print("  %-44s %-26s %s %s" % (name, best or "-", grade, top))
    print("precision          first verdict        all verdicts")
    for g in GRADES:
        print("  %-12s %20s %20s" % (g, ratio(*first[g]), ratio(*each[g])))
    print("recall, confirmed or probable: %s" % ratio(*found))
    for line in missed:
        print("  missed: " + line)
    print("calibration: said, and how many were right")
    off = []
    for (right, n, total), (low, high) in zip(bands, BANDS):
        if n == 0:
            continue
        mean = total / n
        print("  %.2f-%.2f: said %.3f, right %s" % (
            low, min(high, 1), mean, ratio(right, n)))
        if n >= BAND_MIN and abs(right / n - mean) > BAND_TOLERANCE:
            off.append("band %.2f-%.2f: said %.3f, right %.3f of %d" % (
                low, high, mean, right / n, n))
    bad = ["confirmed and wrong: " + line for line in wrong]
    if found[1] and found[0] < RECALL.get(loss, 0) * found[1]:
        bad.append("recall below %.0f %%" % (100 * RECALL[loss]))
    bad += ["not calibrated: " + line for line in off]
    for line in bad:
        print("FAILED: " + line)
    print("score: %s" % ("as promised" if not bad else "not as promised"))
    return not bad


def halted(report):
    run = json.load(open(report))["run"]
    addresses = {h["address"] for h in run["halted"]}
    for a in sorted(filter(None, addresses)):
        print(a)


if sys.argv[1] == "halted":
    halted(sys.argv[2])
elif sys.argv[1] == "ward":
    write_ward(*sys.argv[2:])
elif not judge(*sys.argv[2:]):
    sys.exit(1)
