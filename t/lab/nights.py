# SPDX-License-Identifier: ISC
"""nights - a hospital over many nights: who stands there, and what is changed.

    nights.py plan DIR DEVICES NIGHTS

writes DIR/gantry.yaml, DIR/truth.json and for each night N a ward, DIR/N.yaml,
with the options it is to run with in DIR/N.options.  Six segments: consoles
among others in the first, three more on the link, two behind a router.

The script is a list of changes; each says in which night which event is to be
told, if any.  t/lab/nights.sh has them swept and compares.
"""
import glob
import json
import os
import random
import re
import sqlite3
import sys

import claims

SEGMENTS = ["mri", "ct", "wards", "office", "north", "south"]
ROUTED = ("north", "south")
ROUTER = "10.16.32.254"
SPARE = 12  # addresses nobody has in the beginning, in each segment
OUI = {"console": "08:00:20", "solaris": "08:00:20", "printer": "00:60:b0",
       "dcmtk": "00:14:22", "archive": "00:0d:56", "imitation": "00:14:22"}
PERSONALITY = {"solaris": "solaris-workstation", "printer": "printer",
               "dcmtk": "linux-dcmtk", "archive": "dicom-called-ae",
               "imitation": "decoy-imitation"}
# Every reserved port of a console follows from the process ids of its boot.
PROGRAMS = [(100004, 655, "ypserv"), (100069, 658, None),
            (100007, 670, "ypbind"), (100005, 723, None),
            (100024, 725, None), (100021, 727, None), (100036, 733, None)]
FTP = ("{port: 21, service: banner, script: {greeting: \"220 %s\\r\\n\", "
       "answers: [{prefix: QUIT, send: \"221 Goodbye.\\r\\n\", close: yes}, "
       "{send: \"530 No.\\r\\n\"}]}}")
DCMTK = ("{port: 104, service: dicom, dicom: {mode: accept, "
         "implementation_class_uid: 1.2.276.0.7230010.3.0.3.6.7, "
         "implementation_version: %s, max_pdu: 16384, "
         "abstract_syntaxes: [1.2.840.10008.1.1]}}")


class Device:
    def __init__(self, number, segment, address, kind):
        self.number = number
        self.segment = segment
        self.address = address
        self.kind = kind
        self.card = 0    # how many it has had
        self.boot = 0
        self.is_on = True
        self.services = {}  # port: YAML, before the personality's own

    def mac(self):
        return "%s:%02x:%02x:%02x" % (OUI[self.kind], self.card,
                                      self.number >> 8, self.number & 255)

    def line(self):
        said = {"address": self.address, "mac": "'%s'" % self.mac(),
                "name": "d%d" % self.number,
                "personality": PERSONALITY.get(
                    self.kind, "console-%d" % self.number)}
        if self.kind == "console":
            said["first_beacon_s"] = "%.2f" % (0.5 + self.number % 40 / 20)
        if self.segment in ROUTED:
            said["behind"] = ROUTER
        if self.services:
            said["services"] = "[%s]" % ", ".join(self.services.values())
        return "  - {%s}" % ", ".join("%s: %s" % x for x in said.items())

    def console(self):
        """Its personality: its own suite, and the ports of this boot."""
        suite = ("M%03d" % (self.number % 1000)).encode().hex()
        up = 7 * self.boot
        rpc = ["  - {program: %d, versions: [1, 2], udp: %d, tcp: %d%s}" % (
            p, tcp - 1 + up, tcp + up,
            ", kind: " + kind if kind else ", null_only: yes")
            for p, tcp, kind in PROGRAMS]
        return "\n".join(
            ["base: genesis-console", "summary: console %d" % self.number,
             "rpc:"] + rpc +
            ["beacons:", "  - to: zeros", "    port: 1600",
             "    source_port: %d" % (1030 + 40 * self.boot),
             "    payload_hex: 0000007e 000005e8 %s 0000 49433000 0000 0000 "
             "0000" % suite, "    length: 46", "    period_s: 120.0103",
             "    first_s: 2", ""])


class Hospital:
    def __init__(self, devices, nights):
        self.chance = random.Random(5)
        self.nights = nights
        self.devices = []
        self.spare = {}
        self.touched = set()    # each has one change in its life, or a plan
        self.dark = set()       # (night, segment): one goes silent there
        self.script = []        # (night, what, function)
        self.events = []        # [night, kind, field, address, was, now]
        each = devices // len(SEGMENTS)
        self.last = each + SPARE
        kinds = ["console", "solaris", "printer", "dcmtk", "archive"]
        for s, segment in enumerate(SEGMENTS):
            for i in range(each):
                kind = kinds[i % 5]
                if segment != "mri" and kind == "console":
                    kind = kinds[1 + i // 5 % 4]
                self.devices.append(Device(len(self.devices), segment,
                                           self.at(s, i), kind))
            self.spare[segment] = [self.at(s, each + i)
                                   for i in range(SPARE)]

    @staticmethod
    def at(s, i):
        # Behind the router from 10.16.40.0 on; .0 and .255 are nobody's.
        return "10.16.%d.%d" % ((33 + s) if s < 4 else (36 + s), 1 + i)

    def network(self, s):
        return self.at(s, 0) + "-" + self.at(s, self.last - 1)

    # --- the script -------------------------------------------------------

    def pick(self, *kinds, routed=None, segment=None, night=None, silent=0):
        """A device nobody has touched; silent for so many nights alone in
        its segment, since several at once are a lossy network's mark."""
        free = [d for d in self.devices if d.number not in self.touched
                and (not kinds or d.kind in kinds)
                and routed in (None, d.segment in ROUTED)
                and segment in (None, d.segment)
                and not any((night + i, d.segment) in self.dark
                            for i in range(silent))]
        d = self.chance.choice(free)
        self.touched.add(d.number)
        if silent:
            self.dark |= {(night + i, d.segment) for i in range(silent)}
        return d

    def do(self, night, what, d, change):
        self.script.append((night, "d%d %s" % (d.number, what), change))

    def tell(self, night, kind, address, field="", was=None, now=None):
        if night <= self.nights:
            self.events.append([night, kind, field, address, was, now])

    def move(self, night, across):
        d = self.pick("solaris", "dcmtk", "archive", "printer", routed=False,
                      night=night, silent=1)
        others = [s for s in SEGMENTS if s not in ROUTED and s != d.segment]
        to = self.chance.choice(others) if across else d.segment
        new = self.spare[to].pop()
        self.tell(night, "moved", new, "address", d.address, new)

        def change():
            d.segment, d.address = to, new
        self.do(night, "moves to " + new, d, change)

    def trade_places(self, night):
        a = self.pick("dcmtk", routed=False)
        b = self.pick("printer", "solaris", segment=a.segment)
        self.tell(night, "moved", a.address, "address", b.address, a.address)
        self.tell(night, "moved", b.address, "address", a.address, b.address)

        def change():
            a.address, b.address = b.address, a.address
        self.do(night, "trades places", a, change)

    def new_card(self, night):
        d = self.pick("console")
        was = d.mac()

        def change():
            d.card += 1
        d.card += 1
        self.tell(night, "changed", d.address, "mac", was, d.mac())
        d.card -= 1
        self.do(night, "has a new card", d, change)

    def reboot(self, night):
        d = self.pick("console")

        def change():
            d.boot += 1
        self.do(night, "reboots", d, change)
        self.do(night + 2, "reboots", d, change)

    def replace(self, night):
        d = self.pick("console")
        new = Device(len(self.devices) + 1000 + night, d.segment, d.address,
                     "imitation")
        self.tell(night, "replaced", d.address)

        def change():
            d.is_on = False
            self.devices.append(new)
        self.do(night, "is replaced by a look-alike", d, change)
        # The old one turns up again at another place.
        place = self.spare[d.segment].pop()
        self.tell(night + 3, "back", place, "address", None, place)

        def again():
            d.address, d.is_on = place, True
        self.do(night + 3, "turns up at " + place, d, again)

    def power_off(self, night, nights):
        d = self.pick(night=night, silent=nights)

        def off():
            d.is_on = False

        def on():
            d.is_on = True
        self.do(night, "is off", d, off)
        self.do(night + nights, "is on", d, on)
        if nights >= 3:
            self.tell(night + 2, "gone", d.address)
            self.tell(night + nights, "back", d.address)

    def add(self, night):
        segment = self.chance.choice(SEGMENTS)
        d = Device(len(self.devices) + 2000 + night, segment,
                   self.spare[segment].pop(),
                   self.chance.choice(["dcmtk", "printer"]))
        self.touched.add(d.number)
        self.tell(night, "new", d.address)
        self.do(night, "is new at " + d.address, d,
                lambda: self.devices.append(d))

    def open_port(self, night, for_nights):
        d = self.pick("dcmtk", "archive")
        self.tell(night, "changed", d.address, "tcp/21", "closed", "open")
        self.tell(night + for_nights, "changed", d.address, "tcp/21", "open",
                  "closed")

        def shut():
            del d.services[21]
        self.do(night, "has FTP", d, lambda: d.services.update(
            {21: FTP % "files FTP server ready."}))
        self.do(night + for_nights, "has no FTP", d, shut)

    def upgrade(self, night):
        d = self.pick("dcmtk")
        self.tell(night, "changed", d.address,
                  "tcp/104 dicom.implementation_version", "OFFIS_DCMTK_367",
                  "OFFIS_DCMTK_368")
        self.do(night, "is upgraded", d, lambda: d.services.update(
            {104: DCMTK % "OFFIS_DCMTK_368"}))

    def greet(self, night):
        d = self.pick("solaris", "printer")
        self.tell(night, "changed", d.address, "tcp/21 ftp.greeting")
        if d.kind == "printer":  # by which alone it was known
            self.tell(night, "grade fallen", d.address, "grade",
                      "confirmed jetdirect")
        self.do(night, "greets otherwise", d, lambda: d.services.update(
            {21: FTP % "other FTP server ready."}))

    def write_script(self):
        kinds = [lambda n: self.move(n, False), lambda n: self.move(n, True),
                 self.trade_places, self.new_card, self.reboot, self.replace,
                 lambda n: self.power_off(n, 1),
                 lambda n: self.power_off(n, 2),
                 lambda n: self.power_off(n, 4), self.add,
                 lambda n: self.open_port(n, 2), self.upgrade, self.greet]
        # The first night is what all others are compared with; every fifth
        # is quiet.
        nights = [n for n in range(2, self.nights + 1) if n % 5 != 0]
        per_night = max(2, -(-len(kinds) // max(1, len(nights))))
        i = 0
        for night in nights:
            for _ in range(per_night):
                kinds[i % len(kinds)](night)
                i += 1

    # --- the files --------------------------------------------------------

    def options(self, night):
        if night == 1 or night % 5 == 0:
            return ""
        return ["", "--loss 0.5 --dup 2", "--loss 1 --dup 2 --reorder 2",
                "--dup 5 --reorder 5"][night % 4]

    def write_night(self, where, night):
        done = []
        for when, what, change in self.script:
            if when == night:
                change()
                done.append(what)
        lines = ["network: 10.16.32.0/21", "hosts:",
                 "  - {address: %s, mac: '00:00:0c:00:00:01', "
                 "personality: router, name: router}" % ROUTER]
        for d in self.devices:
            if not d.is_on:
                continue
            lines.append(d.line())
            if d.kind == "console":
                with open("%s/personalities/console-%d.yaml" % (
                        where, d.number), "w", encoding="ascii") as f:
                    f.write(d.console())
        with open("%s/%d.yaml" % (where, night), "w",
                  encoding="ascii") as f:
            f.write("\n".join(lines) + "\n")
        return done

    def plan(self, where, care):
        """As fast as it can be, or as another care has it."""
        lines = ["database: %s/inventory.db" % where,
                 "state: %s/state" % where, "timezone: UTC", "sites:",
                 "  - name: hospital", "    segments:"]
        for s, segment in enumerate(SEGMENTS):
            lines += ["      - name: " + segment,
                      "        networks: ['%s']" % self.network(s),
                      "        listen: %d" % (4 if segment == "mri" else 0),
                      "        windows: ['00:00-24:00']"]
            lines += ["        care: " + care] if care else [
                "        care: lab", "        rate: 5000",
                "        ports: T:21,T:104,T:111,U:111"]
        with open(where + "/gantry.yaml", "w", encoding="ascii") as f:
            f.write("\n".join(lines) + "\n")
        self.write_script()
        nights = []
        for night in range(1, self.nights + 1):
            nights.append({"done": self.write_night(where, night),
                           "options": self.options(night)})
            # Personalities are read when the ward begins: one set a night.
            os.rename(where + "/personalities",
                      "%s/%d.personalities" % (where, night))
            os.mkdir(where + "/personalities")
        with open(where + "/truth.json", "w", encoding="ascii") as f:
            json.dump({"events": self.events, "nights": nights}, f)



# --- nights as they were swept ----------------------------------------------

TABLES = ("runs", "pending", "assets", "identities", "facts", "verdicts",
          "events", "outbox")


def inventory(where):
    return sqlite3.connect("file:%s/inventory.db?mode=ro" % where, uri=True)


def harm_of(path):
    """By kind, of all hosts."""
    with open(path, encoding="ascii") as f:
        hosts = json.load(f)["hosts"]
    return {k: n for k in claims.LINES_OF_HARM
            if (n := sum(int(h[k]) for h in hosts))}


def note(where, name, status, ms, harm):
    """What the inventory holds after a night, as one line of notes.ndjson."""
    db = inventory(where)
    rows = {t: db.execute("SELECT count(*) FROM " + t).fetchone()[0]
            for t in TABLES}
    pages = [db.execute("PRAGMA " + p).fetchone()[0]
             for p in ("page_count", "page_size", "freelist_count")]
    last = db.execute("SELECT max(number) FROM runs").fetchone()[0]
    with open(where + "/notes.ndjson", "a", encoding="ascii") as f:
        json.dump({"night": name, "status": status, "ms": ms, "rows": rows,
                   "bytes": (pages[0] - pages[2]) * pages[1],
                   "last_run": last, "harm": harm_of(harm)}, f)
        f.write("\n")


def notes(where):
    with open(where + "/notes.ndjson", encoding="ascii") as f:
        return [json.loads(line) for line in f]


def events_of(db, first, last):
    for kind, field, address, was, now in db.execute(
            "SELECT kind, field, address, was, now FROM events "
            "WHERE run > ? AND run <= ? ORDER BY number", (first, last)):
        yield [kind, field, ".".join(str(address >> s & 255)
                                     for s in (24, 16, 8, 0)), was, now]


def is_that(told, wanted):
    return all(w is None or w == t for t, w in zip(told, wanted))


def spent_of(where):
    """For each run, the milliseconds of the inventory, and of the run."""
    found = []
    for path in glob.glob(where + "/*.err"):
        with open(path, encoding="utf-8") as f:
            found += re.findall(
                r"keeping took ([0-9.]+) ms of ([0-9.]+) ms", f.read())
    return [(float(s), float(a)) for s, a in found]


def judge(where, care, same, claim):
    """Claims about the nights of the script."""
    with open(where + "/truth.json", encoding="ascii") as f:
        truth = json.load(f)
    db, seen = inventory(where), notes(where)
    missing, false, before = [], [], 0
    for i, night in enumerate(seen):
        wanted = [e[1:] for e in truth["events"] if e[0] == i + 1]
        for told in events_of(db, before, night["last_run"]):
            found = [w for w in wanted if is_that(told, w)]
            if found:
                wanted.remove(found[0])
            else:
                false.append("night %d: %s" % (i + 1, told))
        missing += ["night %d: %s" % (i + 1, w) for w in wanted]
        before = night["last_run"]
    spent = spent_of(where)
    share = sum(s for s, _ in spent) / sum(a for _, a in spent)
    print("# the inventory took %.2f %% of the sweeps' time, %d runs"
          % (100 * share, len(spent)))
    if care:  # in a lab's care the network takes no time
        claim("the inventory takes less than 5 % of a sweep's time",
              share < 0.05 or "%.2f %%" % (100 * share))
    same("every night ended well", [n["status"] for n in seen],
         [0] * len(seen))
    claim("each of %d changes is told in its night" % len(truth["events"]),
          missing)
    claim("and nothing else is", false)
    if not care:
        middle = sorted(n["ms"] for n in seen)[len(seen) // 2]
        claim("half of the nights take less than 30 s each",
              middle < 30000 or "%d ms" % middle)
    # A question whose answer is lost is left half open.
    claim("the hospital suffered nothing", [
        "night %s: %s" % (n["night"], n["harm"]) for i, n in enumerate(seen)
        if set(n["harm"]) - ({"half_open_abandoned"}
                             if "loss" in truth["nights"][i]["options"]
                             else set())])
    print("# nights took %s ms" % [n["ms"] for n in seen])
    judge_growth(truth, seen, claim)


def judge_growth(truth, seen, claim):
    """By how much the inventory may grow: rows for what changed."""
    offending = []
    for i in range(1, len(seen)):
        changes = len(truth["nights"][i]["done"]) + sum(
            e[0] == i + 1 for e in truth["events"])
        options = truth["nights"][i]["options"]
        more = {t: seen[i]["rows"][t] - seen[i - 1]["rows"][t]
                for t in TABLES}
        size = seen[i]["bytes"] - seen[i - 1]["bytes"]
        print("# night %d: %d changes, %d bytes, rows %s" % (
            i + 1, changes, size, {t: x for t, x in more.items() if x}))
        if more["facts"] > 40 * changes + 100 * ("loss" in options):
            offending.append("night %d: %d facts" % (i + 1, more["facts"]))
        if not changes and not options:
            offending += ["night %d: %d rows of %s" % (i + 1, x, t)
                          for t, x in more.items() if t != "runs" and x]
            if size > max(16384, seen[i]["bytes"] // 100):
                offending.append("night %d: %d bytes" % (i + 1, size))
    claim("the inventory grows by what changed; a quiet night adds its runs",
          offending)


def judge_loss(where, same, claim):
    """Claims about the nights behind them, in which nothing changed."""
    with open(where + "/truth.json", encoding="ascii") as f:
        first = len(json.load(f)["nights"])
    db, seen = inventory(where), notes(where)
    print("# lossy nights: %s" % [(n["night"], n["status"], n["ms"])
                                  for n in seen[first:]])
    claim("lossy nights end well, or halt for the hosts' sake",
          [n["status"] for n in seen[first:] if n["status"] not in (0, 4)])
    claim("nothing is told of what was lost",
          list(events_of(db, seen[first - 1]["last_run"],
                         seen[-1]["last_run"])))
    same("and the night after is whole", seen[-1]["status"], 0)


def main(argv):
    if argv[1] == "plan":
        os.makedirs(argv[2] + "/personalities", exist_ok=True)
        Hospital(int(argv[3]), int(argv[4])).plan(argv[2], argv[5])
    elif argv[1] == "options":
        with open(argv[2] + "/truth.json", encoding="ascii") as f:
            print(json.load(f)["nights"][int(argv[3]) - 1]["options"])
    elif argv[1] == "note":
        note(argv[2], argv[3], int(argv[4]), int(argv[5]), argv[6])
    elif argv[1] == "segments":
        print(*SEGMENTS)


if __name__ == "__main__":
    main(sys.argv)
