# SPDX-License-Identifier: ISC
# hostile_text - words a host may say to attack whoever reads of it: the corpus,
# the ward that says them, and the judge of what became of them.
#
#	hostile_text.py ward >WARD.yaml
#	hostile_text.py judge DIR      DIR: reports, terminal.txt, log.txt
import csv, json, re, sys, xml.dom.minidom

CORPUS = [
    ("clear-screen", b"\x1b[2J\x1b[H\x1b[31mroot#"),
    ("window-title", b"\x1b]0;owned\x07\x1b]52;c;cm0gLXJm\x07"),
    ("eight-bit-csi", b"\x9b2J\x9b31m"),
    ("backspaces", b"safe\b\b\b\bevil\r10.0.0.1 confirmed"),
    ("script", b"<script>alert(1)</script><img src=x onerror=alert(2)>"),
    ("breaks-out", b"--></style></script></pre>]]><svg/onload=alert(3)>"),
    ("attribute", b"\"' onmouseover=alert(4) x=\"&quot;&#34;"),
    ("entities", b"&lt;b&gt;&amp;&nbsp;&#x3c;i&#x3e;"),
    ("bidi", "\u202egnp.exe\u202c\u2066\u200f".encode()),
    ("bad-utf8", b"\xc0\xaf\xfe\xff\xed\xa0\x80\xf8\x88\x80\x80\x80"),
    ("line-separators", "a\u2028b\u2029c\u0085d".encode()),
    ("formula", b"=cmd|' /C calc'!A0"),
    ("plus", b"+1+1"),
    ("minus", b"-2+3"),
    ("at", b"@SUM(1,1)"),
    ("tab", b"\t=1+1"),
    ("quotes", b"\",\"=1+1\",\""),
    ("newlines", b"one\ntwo\r\n<13>Nov 25 forged: line\n\n"),
    ("format", b"%s%n%x%p{0}${jndi:ldap://x}`id`$(id)"),
    ("nul", b"be\x00hind"),
    ("backslashes", b"\\x1b\\n\\\\"),
    ("prometheus", b"\"} 1\ngantry_assets{standing=\"answered\"} 9"),
    ("long", b"A" * 3000),
]
PORTS = { 21: (b"220 ", b"\r\n"), 23: (b"", b"\r\nlogin: "),
    25: (b"220 ", b" ESMTP\r\n"), 1024: (b"", b"\r\n") }


def address(i):
    return "10.16.12.%d" % (20 + i)


def ward():
    print("network: 10.16.12.0/23\nhosts:")
    for i, (name, text) in enumerate(CORPUS):
        print('  - address: %s\n    mac: "02:00:00:00:02:%02x"' %
            (address(i), i))
        print("    personality: plain-host\n    name: %s\n    services:" %
            name)
        for port, (before, after) in PORTS.items():
            print("      - { port: %d, service: banner, script: "
                "{ greeting_hex: %s } }" %
                (port, (before + text + after).hex()))
        version = text[:16].decode("ascii", "replace")
        if re.fullmatch(r"[ -~]+", version):
            print("      - { port: 104, service: dicom, dicom: "
                "{ mode: accept, implementation_version: '%s' } }" %
                version.replace("'", "''"))


def printable(data):
    return "".join(chr(b) if 32 <= b < 127 and b != 92 else "\\x%02x" % b
        for b in data)


def complain(what, bad):
    print("%s - %s" % ("not ok" if bad else "ok", what))
    for line in list(bad)[:10]:
        print("# %r" % (line,))


def judge(directory):
    files = {}
    for name in ("report.html", "report.json", "facts.ndjson", "assets.csv",
            "nmap.xml", "metrics.prom", "terminal.txt", "log.txt"):
        with open("%s/%s" % (directory, name), "rb") as f:
            files[name] = f.read()
    report = json.loads(files["report.json"])
    facts = [f for a in report["assets"] for f in a["facts"]]
    values = [f["value"] for f in facts]
    complain("every text of the corpus was heard, and is kept as it was said",
        [name for name, text in CORPUS if not any(
            printable(text.split(b"\n")[0].rstrip(b" \t\r\n\0"))[:40] in v
            for v in values)])
    page = files["report.html"].decode()
    page = re.sub(r"<(style|script)>.*?</\1>", "", page, count=2,
        flags=re.S)
    # The page has one sign of its own beyond ASCII, the minus.
    files["report.html"] = page.replace("\u2212", "-").encode()
    complain("no control byte, bidi mark or bad UTF-8 in any format",
        ["%s: %r" % (name, m.group(0)) for name, data in files.items()
            for m in [re.search(rb"[^ -~\r\n]" if name == "assets.csv" else
                rb"[^ -~\n]", data)] if m])
    complain("HTML: no markup of theirs, and all of it to be read",
        re.findall(r"<(?:script|img|svg/|i>)[^>]*", page) +
        re.findall(r"<[^<>]*\son[a-z]+=[^<>]*>", page) +
        [t for t in ("&lt;script&gt;alert(1)", "&lt;svg/onload=alert(3)",
            "&amp;lt;b&amp;gt;") if t not in page])
    rows = list(csv.reader(files["assets.csv"].decode().split("\r\n")))[:-1]
    complain("CSV: a line per asset, every cell text, none a formula",
        [r for r in rows if len(r) != len(rows[0])] +
        [c for r in rows for c in r if re.match(r"[=+\-@\t\r]", c)] +
        ([] if len(rows) == len(report["assets"]) + 1 else [len(rows)]))
    dom = xml.dom.minidom.parseString(files["nmap.xml"])
    complain("XML: well formed, a host per asset",
        [] if len(dom.getElementsByTagName("host")) == len(report["assets"])
        else ["another number of hosts"])
    answered = sum(a["standing"] == "answered" for a in report["assets"])
    complain("Prometheus: nobody adds a series",
        [l for l in files["metrics.prom"].decode().split("\n")
            if l.startswith('gantry_assets{standing="answered"}') and
            not l.endswith(" %d" % answered)] +
        [l for l in files["metrics.prom"].decode().split("\n")
            if l and not re.match(r"# |gantry_[a-z_]+(\{[^\n]*\})? [0-9.]+$",
                l)])
    complain("ndjson: a fact a line",
        [l for l in files["facts.ndjson"].split(b"\n")[:-1]
            if "value" not in json.loads(l)])
    complain("the log: every line begins with a module of ours",
        [l for l in files["log.txt"].decode().split("\n")
            if l and not re.match(r"[a-z]+: ", l)])


if sys.argv[1] == "ward":
    ward()
else:
    judge(sys.argv[2])
